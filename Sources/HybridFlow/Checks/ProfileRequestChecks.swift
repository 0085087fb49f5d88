import OpenID

/// What FAPI 1.0 Advanced wants of the application's own request; stage 2.
///
/// They are judged only under ``SecurityRules/fapi1Advanced``.
enum ProfileRequestChecks {
  /// The request before it is signed.
  static func request(_ request: AuthorizationRequest, _ prepared: Prepared) -> [Check] {
    let configuration = prepared.configuration
    guard configuration.rules == .fapi1Advanced else { return [] }
    return [
      type(request.parameters["response_type"]),
      redirect(request.parameters["redirect_uri"], configuration), authentication(prepared),
      signed(configuration),
    ]
  }

  /// Plain http is excused only while nothing leaves this machine: neither the answer, nor what the
  /// provider is asked.
  private static func redirect(_ text: String?, _ configuration: FlowConfiguration) -> Check {
    let uri = text.flatMap { try? WebURL($0) }
    let isHTTPS = uri?.isHTTPS == true
    let issuer = configuration.issuer
    if !isHTTPS, uri?.isLoopback == true, issuer.isLoopback {
      return Check(
        .redirectURIHTTPS, .skip, expected: "https", found: text,
        why: "The redirect URI is http on this machine, as the provider is: that is excused here "
          + "alone. Elsewhere it is https: --redirect-uri https://localhost:PORT/callback.")
    }
    return Check(
      .redirectURIHTTPS, isHTTPS ? .pass : uri?.isLoopback == true ? .warn : .fail,
      expected: "https", found: text ?? "absent",
      why: isHTTPS
        ? "Nobody on the way reads the code or the ID token."
        : uri?.isLoopback == true
          ? "These rules take no plain http, on this machine either; for development they name "
            + "https://localhost."
          : "Whoever is on the way reads the code and the ID token, and can change them.")
  }

  private static func type(_ text: String?) -> Check {
    let asked = AskedAnswer(text ?? "")
    let isSigned = asked.hasCode && asked.hasIDToken && !asked.hasAccessToken
    return Check(
      .requestTypeProfile, isSigned ? .pass : .fail,
      expected: ResponseType.codeIDToken.rawValue, found: text ?? "absent",
      why: isSigned
        ? "The ID token that comes along signs the whole answer."
        : "Only code id_token brings an answer that is signed as a whole, and no access token.")
  }

  private static func authentication(_ prepared: Prepared) -> Check {
    let method = prepared.clientAuthentication
    let methods = FAPIAdvanced.clientAuthentication
    let isKey = methods.contains(method)
    return Check(
      .clientAuthProfile, isKey ? .pass : .fail,
      expected: methods.map(\.rawValue).joined(separator: " or "), found: method.rawValue,
      why: isKey
        ? method.usesCertificate
          ? "The client shows a certificate, and its key never leaves it."
          : "The client signs its proof, and the key never leaves it."
        : "A secret is known to both sides, and whoever reads it can use it.")
  }

  private static func signed(_ configuration: FlowConfiguration) -> Check {
    let names = FAPIAdvanced.algorithms.map(\.rawValue)
    let algorithm = configuration.signsRequest ? configuration.clientKey?.algorithm.rawValue : nil
    let isGood = algorithm.map(names.contains) ?? false
    return Check(
      .requestObjectSigned, isGood ? .pass : .fail,
      expected: "a request object signed with " + names.joined(separator: " or "),
      found: algorithm ?? "plain parameters",
      why: isGood
        ? "What was signed cannot be changed on its way."
        : algorithm == nil
          ? "Anyone who hands the browser the address can change what is asked for."
          : "This algorithm is not allowed for signatures.")
  }

  /// The request object before it is signed.
  static func object(
    _ task: SigningTask, _ configuration: FlowConfiguration, at now: UnixTime
  ) -> [Check] {
    guard configuration.rules == .fapi1Advanced else { return [] }
    return [audience(task.claims["aud"], configuration.issuer.text), lifetime(task.claims, now)]
  }

  private static func audience(_ claim: JSONValue?, _ issuer: String) -> Check {
    let audiences = claim.flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    let isIssuer = audiences.contains { $0.isIdentical(to: issuer) }
    return Check(
      .requestObjectAudience, isIssuer ? .pass : .fail, expected: issuer,
      found: audiences.isEmpty ? "absent" : audiences.joined(separator: ", "),
      why: isIssuer
        ? "The request is good at the provider that is asked, and nowhere else."
        : "The request is made out for somebody else, who could use it.")
  }

  private static func lifetime(_ claims: JSONValue, _ now: UnixTime) -> Check {
    let limit = FAPIAdvanced.requestObjectSecondsMax
    let expected = "nbf, and exp at most \(limit) s later"
    guard let start = claims["nbf"]?.integer, let end = claims["exp"]?.integer else {
      let missing = ["nbf", "exp"].filter { claims[$0]?.integer == nil }
      return Check(
        .requestObjectLifetime, .fail, expected: expected,
        found: "no " + missing.joined(separator: ", no "),
        why: "Nothing says for how long the request is good.")
    }
    let life = TimeChecks.saturatingSubtract(end, start)
    let age = TimeChecks.saturatingSubtract(now.seconds, start)
    let isGood = (0...limit).contains(life) && age <= limit
    return Check(
      .requestObjectLifetime, isGood ? .pass : .fail, expected: expected,
      found: "good for \(life) s, since \(age) s",
      why: isGood
        ? "Whoever finds it later can do nothing with it."
        : "Whoever finds it, in a history or a log, can send it for longer than an hour.")
  }

  /// What the browser carries beside the object, and what is inside it.
  static func carriage(_ writing: Writing) -> [Check] {
    guard writing.prepared.configuration.rules == .fapi1Advanced else { return [] }
    let carried = writing.carried
    let names = carried.map(\.name)
    let isPushed = names.contains("request_uri")
    let wanted =
      isPushed
      ? ["client_id", "request_uri"] : ["response_type", "client_id", "scope", "request"]
    let extra = names.filter { !wanted.contains($0) }
    let missing = wanted.filter { !names.contains($0) }
    let different = carried.filter { field in
      field.name != "request" && field.name != "request_uri"
        && writing.request.parameters[field.name]?.isIdentical(to: field.value) != true
    }.map(\.name)
    let isGood = different.isEmpty && missing.isEmpty && (!isPushed || extra.isEmpty)
    return [
      Check(
        .requestObjectOutsideEqual, isGood ? .pass : .fail,
        expected: isPushed
          ? "client_id and request_uri alone"
          : "response_type, client_id and scope, equal to those inside",
        found: names.joined(separator: ", "),
        why: isGood
          ? "Nothing outside says anything else than what was signed."
          : !missing.isEmpty
            ? "Outside there is no \(missing.joined(separator: ", no "))."
            : "What stands outside is not signed: a provider that reads it can be misled.")
    ]
  }
}

// The rules.
extension CheckID {
  package static let requestTypeProfile = CheckID(
    "request-type-profile", .error,
    rule: "under FAPI 1.0 Advanced the response type is code id_token",
    shows: "an answer that is not signed as a whole",
    next: "Leave --response-type out, or say code id_token.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2 (2)"))

  package static let redirectURIHTTPS = CheckID(
    "redirect-uri-https", .error,
    rule: "under FAPI 1.0 Advanced the redirect URI is https; to test, https://localhost as well",
    shows: "an answer that others on the way can read",
    next: "Register https://localhost:PORT/callback, and give it with --redirect-uri.",
    spec: SpecReference("FAPI 1.0 Baseline", "5.2.2 (20)"))

  package static let clientAuthProfile = CheckID(
    "client-auth-profile", .error,
    rule: "under FAPI 1.0 Advanced the client proves itself with a key of its own",
    shows: "a client secret that somebody else can read and use",
    next: "Register a public key at the provider, and give the key with --client-key FILE.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2 (14)"))

  package static let requestObjectSigned = CheckID(
    "request-object-signed", .error,
    rule: "under FAPI 1.0 Advanced the request is signed, with PS256 or ES256",
    shows: "a request that can be changed in the browser",
    next: "Sign the request with --request-object, and with a key for PS256 or ES256.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2 (1)"))

  package static let requestObjectAudience = CheckID(
    "request-object-audience", .error,
    rule: "aud of the request object is the issuer",
    shows: "a signed request that another provider can use",
    next: "Compare aud of the request object with the issuer.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2 (15)"))

  package static let requestObjectLifetime = CheckID(
    "request-object-lifetime", .error,
    rule: "the request object has nbf, an hour old at most, and exp, an hour later at most",
    shows: "a signed request that is good long after it was meant",
    next: "Compare nbf and exp of the request object with the clock of this machine.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2 (13)"))

  package static let requestObjectOutsideEqual = CheckID(
    "request-object-outside-equal", .error,
    rule: "what stands outside the request object is what the rules want there, and equal inside",
    shows: "parameters that nobody signed beside the signed ones",
    next: "Leave everything else out of the address that the browser gets.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.3 (9)"))
}

extension ProfileRequestChecks {
  static let rules: [CheckID] = [
    .requestTypeProfile, .redirectURIHTTPS, .clientAuthProfile, .requestObjectSigned,
    .requestObjectAudience,
    .requestObjectLifetime, .requestObjectOutsideEqual,
  ]
}
