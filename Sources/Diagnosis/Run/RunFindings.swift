import HybridFlow
import OpenID

// What a run shows by itself, more exactly than a row about a check or a code can.
extension RunFacts {
  /// The cause that the run itself shows; nil when only the kind of failure is known.
  var finding: DiagnosisMatch? {
    switch failure {
    case .provider(.checksFailed(let ids)): checkFinding(ids)
    case .provider(.refused(let error)), .person(.declined(let error)):
      issuerFinding ?? turnedAway(error) ?? errorFinding(error)
    case .provider(.unreadable): issuerFinding ?? unreadableFinding
    case .environment(.transport(let fault)):
      fault.cause.isEmpty ? silenceFinding(fault) : DiagnosisEngine.transport(fault, evidence)
    case .person(.noCallback): missingFinding
    case .application(let fault): refusedAnswerFinding(fault)
    case .environment, .person: nil
    }
  }

  // MARK: Errors

  private func errorFinding(_ error: OAuthError) -> DiagnosisMatch? {
    if RunBlame.silentCodes.contains(error.code), evidence.facts.contains(.promptNone) {
      return made(
        "run-not-signed-in", .high, nil,
        "Nobody is signed in at the tenant in this browser, or it would have to ask something, and"
          + " prompt=none forbids that. That is no error of the setup.",
        "Sign in there first in the same browser, or leave out --prompt none.",
        basis: "the tenant says so itself", source: "OpenID Connect Core 1.0, section 3.1.2.6")
    }
    if AuthenticationRetry(transcript, configuration) != nil, let secret = unevenSecret {
      return secret
    }
    if let known = redeemedElsewhere(error) ?? lateCode(error) ?? requestFinding(error)
      ?? clientFinding(error)
    {
      return known
    }
    guard let response, let status = error.status else { return nil }
    return byStatus(ResponseWords(response), status, error)
  }

  /// A secret with a blank or a line break at an end, which nobody sees.
  private var unevenSecret: DiagnosisMatch? {
    guard let secret = configuration.clientSecret?.reveal() else { return nil }
    let bare = secret.trimmingSpace
    guard !bare.isIdentical(to: secret) else { return nil }
    let count = secret.utf8.count - bare.utf8.count
    return made(
      "run-secret-with-blanks", .high, .settings,
      "The client secret has \(count == 1 ? "a blank or line break" : "\(count) blanks or line breaks")"
        + " at an end, and was sent with it.",
      "Take it away where the secret is kept: a file often ends with a line break.",
      basis: "the secret was looked at before it was sent")
  }

  /// The answer was pasted, and the site behind the redirect URI has perhaps used the code first.
  private func redeemedElsewhere(_ error: OAuthError) -> DiagnosisMatch? {
    guard configuration.awaitsPaste, error.endpoint == .token, error.code == "invalid_grant" else {
      return nil
    }
    return made(
      "run-code-redeemed-elsewhere", .medium, .person,
      "The answer went to \(configuration.redirectURI.origin) first, and the site there has perhaps"
        + " redeemed the code: a code is good only once. Or it took too long to paste.",
      "Sign in again, and keep the site from getting the answer: block its address in the"
        + " browser\u{2019}s developer tools before you sign in, then paste at once.",
      values: [ComparedValue("the tenant", error.summary)],
      basis: "the redirect URI is not on this machine", source: "RFC 6749, section 4.1.2")
  }

  private func lateCode(_ error: OAuthError) -> DiagnosisMatch? {
    guard error.endpoint == .token, error.code == "invalid_grant",
      evidence.facts.contains(.slowExchange),
      let came = transcript[.callback].startedAt, let sent = transcript[.exchange].startedAt
    else { return nil }
    let seconds = sent.seconds - came.seconds
    return made(
      "run-code-too-old", .medium, .person,
      "The code was sent \(seconds) s after it came, and it has expired by then, as it seems:"
        + " codes live for a minute at some providers, for ten at others.",
      "Exchange at once and look at the messages afterwards: the key !, or --exchange-at-once.",
      values: [
        ComparedValue("it took", "\(seconds) s from stage 5 to stage 6"),
        ComparedValue("the tenant", error.summary),
      ],
      basis: "so much time passed between the two stages", source: "RFC 6749, section 4.1.2")
  }

  /// What a status of HTTP means, whatever else came.
  private func byStatus(
    _ words: ResponseWords, _ status: Int, _ error: OAuthError
  ) -> DiagnosisMatch? {
    let subject = Self.subject(error.endpoint)
    let values = [ComparedValue("asked", address ?? ""), ComparedValue("the answer", words.words)]
      .filter { !$0.text.isEmpty }
    let blame = RunBlame.of(failure, evidence)
    switch status {
    case 300..<400:
      return made(
        "run-redirected", .medium, blame,
        "\(subject) answered with \(words.meaning ?? "a redirect"), not with data.",
        error.endpoint == .api
          ? "Give the API\u{2019}s own address with --api: this one leads to a page."
          : "Compare the address with the provider\u{2019}s documentation; look at proxies.",
        values: values, basis: "the status is HTTP \(status)")
    case 404:
      return made(
        "run-not-found", .medium, blame, "Nothing is at the address of \(subject.uncapitalized).",
        error.endpoint == .api
          ? "Correct the address of the API with --api."
          : "Compare the address with the provider\u{2019}s documentation.",
        values: values, basis: "the status is HTTP 404")
    case 429:
      return made(
        "run-too-many-requests", .high, .provider,
        "\(subject) refuses more requests for now (HTTP 429).",
        words.retryAfter.map { "Wait until then (Retry-After: \($0)) and run again." }
          ?? "Wait a few minutes and run again.",
        values: values, basis: "the status is HTTP 429", source: "RFC 6585, section 4")
    case 500...:
      return made(
        "run-server-error", .medium, .provider,
        "\(subject) failed by itself, or a proxy before it did (HTTP \(status)).",
        "Try again; if it stays, look into the provider\u{2019}s log at that time.",
        values: values, basis: "the status is HTTP \(status)", source: "RFC 9110, section 15.6")
    default: return error.endpoint == .api ? apiFinding(words, status, values) : nil
    }
  }

  private func apiFinding(
    _ words: ResponseWords, _ status: Int, _ values: [ComparedValue]
  ) -> DiagnosisMatch? {
    guard [401, 403].contains(status) else { return nil }
    let audience = configuration.audience.map { "; the token was asked for \($0)" } ?? ""
    return made(
      "run-api-refused", .medium, .settings,
      status == 401
        ? "The API does not accept the access token (HTTP 401)\(audience)."
        : "The API knows the access token, and does not let it do this (HTTP 403)\(audience).",
      scopeWanted.map {
        "The API wants the scope \u{201C}\($0)\u{201D}: ask for it with --scope, and let the provider"
          + " grant it to this client."
      }
        ?? (status == 401
          ? "Ask for a token for this API, with --audience or one of its scopes, and look whether"
            + " --api names the API that is meant."
          : "Ask for the scope that the API wants with --scope, and let the provider grant it; look"
            + " whether --api names the address that is meant."),
      values: values, basis: "the status is HTTP \(status)", source: "RFC 6750, section 3.1")
  }

  /// The scope that the API names in its challenge.
  private var scopeWanted: String? {
    guard let header = response?.headers["WWW-Authenticate"] else { return nil }
    let scope = AuthenticationChallenge.challenges(in: header).lazy.compactMap { $0["scope"] }.first
    return scope.flatMap { $0.isEmpty ? nil : $0 }
  }

  static func subject(_ endpoint: OAuthError.Endpoint) -> String {
    switch endpoint {
    case .discovery: "The discovery document"
    case .authorization: "The authorization endpoint"
    case .page: "The provider\u{2019}s page"
    case .pushed: "The endpoint for pushed requests"
    case .token: "The token endpoint"
    case .api: "The API"
    case .userinfo: "The userinfo endpoint"
    case .introspection: "The introspection endpoint"
    case .revocation: "The revocation endpoint"
    }
  }

  // MARK: Responses that cannot be read

  private var unreadableFinding: DiagnosisMatch? {
    guard let response, case .provider(.unreadable(let what)) = failure else { return nil }
    let words = ResponseWords(response)
    let blame: Blame? =
      stage == .login && response.status == 200 && words.body == .page && isOfDiscovery
      ? .settings : RunBlame.of(failure, evidence)
    let values = [ComparedValue("asked", address ?? ""), ComparedValue("the answer", words.words)]
      .filter { !$0.text.isEmpty }
    return made(
      "run-unreadable", .medium, blame, what, fix(words), values: values,
      basis: "this is what came")
  }

  /// Whether the address was made of the issuer; that of the keys is the document's.
  private var isOfDiscovery: Bool {
    address?.before(anyOf: "?#").ends(with: "/.well-known/openid-configuration") == true
  }

  private func fix(_ words: ResponseWords) -> String {
    switch words.status {
    case 300..<400:
      return stage == .login
        ? "Give the issuer that this leads to, if it is the provider\u{2019}s; redirects are not"
          + " followed."
        : "Compare the address with the discovery document; a proxy may send requests to a login."
    case 401:
      return "Compare client id, secret and --client-auth with the provider\u{2019}s console."
    case 403:
      return "Something before the provider keeps programs out, or this client may not ask there:"
        + " ask its operator, or run from another network."
    case 404:
      return stage == .login
        ? "Compare the issuer with the provider\u{2019}s console: tenant, realm and path belong to it."
        : "Compare the address with the provider\u{2019}s documentation: the metadata are wrong."
    case 429:
      return words.retryAfter.map { "Wait until then (Retry-After: \($0)) and run again." }
        ?? "Wait a few minutes and run again."
    case 500...: return "Try again; if it stays, look into the provider\u{2019}s log at that time."
    default:
      if words.body == .page, stage == .login, isOfDiscovery {
        return "Compare the issuer with the provider\u{2019}s console: at this address is a page."
      }
      return "Open the Wire view of this stage: a page in place of JSON comes from a proxy, a"
        + " firewall or a wrong address."
    }
  }
}

extension String {
  /// With a small first letter, inside a sentence; names that are all capitals stay.
  var uncapitalized: String {
    guard let the = dropping(prefix: "The ") else { return self }
    return "the \(the)"
  }
}
