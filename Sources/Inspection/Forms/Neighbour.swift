import OpenID

/// What people paste that looks like a part of this flow and is none.
enum Neighbour {
  /// Says what a text is instead, in a sentence; nil when it is no known neighbour.
  static func name(_ text: String) -> String? {
    let low = String(text.prefix(bytes: 4096)).asciiLowercased
    if let pem = pem(text) { return pem }
    if low.holds("samlresponse=") || low.holds("samlrequest=") || low.holds("<saml")
      || low.begins(with: "phnhbw")
    {
      return "This is SAML, not OpenID Connect: the provider is asked by another protocol here."
    }
    if low.holds("wa=wsignin1.0") || low.holds("wresult=") {
      return "This is WS-Federation, not OpenID Connect: the provider is asked by another protocol "
        + "here."
    }
    if low.begins(with: "cookie:") || low.begins(with: "set-cookie:") {
      return "This is a cookie, not a token: it belongs to one browser and one host, and only the "
        + "host that set it knows what it means."
    }
    for (scheme, what) in schemes where low.begins(with: "authorization: " + scheme) {
      return what
    }
    for (prefix, what) in keys where text.begins(with: prefix) {
      return "This is \(what), not a token of OpenID Connect. It is a secret: replace it if others "
        + "have seen it."
    }
    return nil
  }

  /// The same of a copied request: its body, or its address.
  static func name(_ request: CopiedRequest) -> String? {
    [request.body, request.url].compactMap { $0 }.lazy.compactMap(name).first
  }

  private static func pem(_ text: String) -> String? {
    guard let (_, rest) = text.cut(at: "-----BEGIN "), let (label, _) = rest.cut(at: "-----") else {
      return nil
    }
    if label.ends(with: "PRIVATE KEY") {
      return "This is a private key (PEM), not a token. It is a secret: replace it if others have "
        + "seen it."
    }
    if label.ends(with: "CERTIFICATE") {
      return "This is a certificate (PEM), not a token. \u{201C}--ca FILE\u{201D} trusts it as an "
        + "authority."
    }
    return "This is a key (PEM), not a token. \u{201C}decode --key FILE\u{201D} verifies a "
      + "signature with it."
  }

  private static let schemes = [
    (
      "basic ",
      "This is HTTP Basic: base64 of a name and a password, not a token. At a token endpoint it is "
        + "the client id and the client secret; replace the secret if others have seen it."
    ),
    ("negotiate ", "This is Kerberos (Negotiate), not OpenID Connect."),
    ("ntlm ", "This is NTLM, not OpenID Connect."),
    ("digest ", "This is HTTP Digest, not OpenID Connect."),
    ("ssws ", "This is an API token of Okta, not a token of OpenID Connect. It is a secret."),
  ]

  /// Prefixes that issuers have fixed for their keys.
  private static let keys = [
    ("sk_live_", "a secret key of Stripe"), ("sk_test_", "a test key of Stripe"),
    ("ghp_", "a token of GitHub"), ("gho_", "a token of GitHub"),
    ("github_pat_", "a token of GitHub"),
    ("glpat-", "a token of GitLab"), ("xoxb-", "a token of Slack"), ("xoxp-", "a token of Slack"),
    ("AKIA", "an access key id of AWS"), ("AIza", "an API key of Google"),
    ("SG.", "an API key of SendGrid"), ("sk-", "an API key"), ("hvs.", "a token of Vault"),
    ("npm_", "a token of npm"), ("pypi-", "a token of PyPI"), ("shpat_", "a token of Shopify"),
  ]
}
