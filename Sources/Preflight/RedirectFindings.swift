import Diagnosis
import HybridFlow
import OpenID

/// Findings about the redirect URI, by the provider's rules.
///
/// RFC 8252, section 7.3, lets native applications use http on the loopback interface; providers
/// that want https there compare the scheme as well.
enum RedirectFindings {
  /// Other forms of a redirect URI that people mix up with it, likely ones first.
  ///
  /// To a provider that compares letter by letter, each is another one.
  static func near(_ redirectURI: WebURL) -> [WebURL] {
    let port = redirectURI.explicitPort.map { ":\($0)" } ?? ""
    var texts = ["localhost", "127.0.0.1", "[::1]"].map {
      "\(redirectURI.scheme)://\($0)\(port)\(redirectURI.path)"
    }
    let bare = String(redirectURI.text.before(anyOf: "?#"))
    if redirectURI.isLoopback {
      let rest = bare.dropFirst(bytes: redirectURI.scheme.utf8.count)
      texts.append((redirectURI.isHTTPS ? "http" : "https") + rest)
    }
    texts.append(bare.dropping(suffix: "/").map { String($0) } ?? bare + "/")
    return texts.compactMap { try? WebURL($0) }.filter { $0 != redirectURI }
  }

  static func all(_ redirectURI: WebURL, issuer: WebURL) -> [CheckFinding] {
    let isLocalhost = redirectURI.host == "localhost"
    let text = redirectURI.text
    func finding(
      _ severity: CheckFinding.Severity, _ message: String, fix: String? = nil
    ) -> [CheckFinding] {
      [CheckFinding("redirect-uri", severity, message, evidence: text, fix: fix)]
    }
    if ProviderPreset(issuer: issuer) == .apple {
      guard let fault = AppleRedirect.fault(redirectURI) else {
        return finding(.info, "It must be one of the Return URLs of the Services ID, as it stands.")
      }
      return finding(.error, fault, fix: AppleRedirect.ways)
    }
    if !redirectURI.isLoopback {
      return redirectURI.isHTTPS
        ? finding(
          .info,
          "It is elsewhere: sign in with a browser and paste the answer. The site there may "
            + "redeem the code first.")
        : finding(
          .warning, "Plain http to another machine: everybody on the way can read the answer.",
          fix: "Use https.")
    }
    if issuer.isLoopback {
      return finding(.info, "Issuer and redirect URI are both on this machine.")
    }
    if redirectURI.isHTTPS, ProviderPreset(issuer: issuer) != .auth0 {
      return finding(
        .info, "It must be registered letter by letter, its scheme, port and path included.")
    }
    switch ProviderPreset(issuer: issuer) {
    case .entra where !isLocalhost:
      return finding(
        .warning, "Entra\u{2019}s console refuses http with an address; it takes localhost.",
        fix: "Use --redirect-uri http://localhost:\(redirectURI.port)\(redirectURI.path), or write "
          + "the address into the application\u{2019}s manifest.")
    case .entra:
      return finding(.info, "Entra takes http://localhost and does not look at its port.")
    case .auth0:
      return finding(
        .warning,
        "Auth0 shows a confirmation page before it sends an answer to this machine, and refuses "
          + "prompt=none.",
        fix: "Press the button there; or switch on "
          + "skip_non_verifiable_callback_uri_confirmation_prompt for the application.")
    case .google where !isLocalhost && redirectURI.host.holds(":"):
      return finding(
        .warning, "Google\u{2019}s console takes localhost and 127.0.0.1, but not [::1].",
        fix: "Use --redirect-uri http://localhost:\(redirectURI.port)\(redirectURI.path).")
    case .apple, .google, .keycloak, .okta, .oktaOrg, .auth0FAPI, .auth0FAPIMutualTLS,
      .openFinanceBrazil, .openBankingUK, .authentik, .adfs, .pingFederate,
      .wso2,
      .zitadel, .cognito, .gitlab, .salesforce:
      return finding(
        .info, "It must be registered letter by letter, its port and path included.")
    case nil:
      return finding(
        .info, "http on this machine: most providers take it; it must be registered as it stands.")
    }
  }
}
