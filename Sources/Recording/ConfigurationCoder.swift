import HybridFlow
import OpenID

/// Writes the configuration of a run to a line of a recording, and reads it.
enum ConfigurationCoder {
  /// The properties of ``FlowConfiguration`` that are recorded; a test compares the names.
  static let properties: Set<String> = [
    "issuer", "explicitMetadata", "clientID", "clientSecret", "redirectURI", "awaitsPaste",
    "plainHTTPHosts",
    "responseType",
    "responseMode", "scope", "audience", "apiURL", "alsoUserinfo", "clientAuthentication",
    "clientKey", "appleTeam", "assertionAudience", "pushesRequest", "signsRequest",
    "requestEncryption", "resources",
    "extraParameters", "maxAgeSeconds", "usesPKCE", "signOnOnly", "idTokenAlgorithm",
    "clockSkewSeconds", "callbackWaitSeconds", "observesTenant", "userAgent", "checksOff",
    "mistakes", "tampering", "exchangesAtOnce", "triesWrongVerifier",
    "witness", "sessionCookie", "accounts", "decryption", "rules", "clientCertificate",
    "otherCertificate", "proofAlgorithm", "proofKey", "otherProofKey",
  ]

  static func json(_ configuration: FlowConfiguration) -> JSONValue {
    .line(
      ("issuer", .string(configuration.issuer.text)),
      ("metadata", configuration.explicitMetadata?.json),
      ("client_id", .string(configuration.clientID)),
      ("client_secret", .text(configuration.clientSecret?.reveal())),
      ("redirect_uri", .string(configuration.redirectURI.text)),
      ("awaits_paste", .flag(configuration.awaitsPaste)),
      ("plain_http", .texts(configuration.plainHTTPHosts.sorted())),
      ("response_type", .string(configuration.responseType.rawValue)),
      ("response_mode", .string(configuration.responseMode.rawValue)),
      ("scope", .texts(configuration.scope)), ("audience", .text(configuration.audience)),
      ("api", .text(configuration.apiURL?.text)),
      ("also_userinfo", .flag(configuration.alsoUserinfo)),
      ("client_authentication", .text(configuration.clientAuthentication?.rawValue)),
      ("client_key", configuration.clientKey.map(json)),
      ("decryption", configuration.decryption.map(json)),
      ("apple_team", .text(configuration.appleTeam)),
      ("assertion_audience", .text(audience(configuration.assertionAudience))),
      ("pushes_always", .flag(configuration.pushesRequest == .always)),
      ("pushes_never", .flag(configuration.pushesRequest == .never)),
      ("signs_request", .flag(configuration.signsRequest)),
      ("request_encryption", .text(configuration.requestEncryption?.text)),
      ("resources", .texts(configuration.resources)),
      ("parameters", .pairs(configuration.extraParameters.map { ($0.name, $0.value) })),
      ("max_age", .whole(configuration.maxAgeSeconds)),
      ("pkce", .flag(configuration.usesPKCE)),
      ("sign_on_only", .flag(configuration.signOnOnly)),
      ("exchange_at_once", .flag(configuration.exchangesAtOnce)),
      ("wrong_verifier", .flag(configuration.triesWrongVerifier)),
      ("id_token_algorithm", .string(configuration.idTokenAlgorithm.rawValue)),
      ("clock_skew", .whole(configuration.clockSkewSeconds)),
      ("callback_wait", .whole(configuration.callbackWaitSeconds)),
      ("demo_tenant", .flag(configuration.observesTenant)),
      ("real_browser", .flag(configuration.userAgent == .external)),
      ("checks_off", .texts(configuration.checksOff.map(\.rawValue).sorted())),
      ("mistakes", .texts(configuration.mistakes.map(\.rawValue).sorted())),
      ("tampering", configuration.tampering.map(json)),
      ("witness", configuration.witness.map(WitnessCoder.json)),
      ("session_cookie", configuration.sessionCookie.map(ApplicationCoder.json)),
      ("accounts", configuration.accounts.map(ApplicationCoder.json)),
      ("rules", .text(configuration.rules == .openID ? nil : configuration.rules.rawValue)),
      ("client_certificate", configuration.clientCertificate.map(CertificateCoder.json)),
      ("other_certificate", configuration.otherCertificate.map(CertificateCoder.json)),
      ("proof_algorithm", .text(configuration.proofAlgorithm?.rawValue)),
      ("proof_key", configuration.proofKey.map(ProofKeyCoder.json)),
      ("other_proof_key", configuration.otherProofKey.map(ProofKeyCoder.json)))
  }

  private static func json(_ key: FlowConfiguration.ClientKey) -> JSONValue {
    ["algorithm": .string(key.algorithm.rawValue), "kid": .string(key.keyID)]
  }

  private static func json(_ decryption: ClientDecryption) -> JSONValue {
    .line(
      ("id_token", .text(decryption.idTokens?.text)),
      ("response", .text(decryption.responses?.text)),
      ("keys", .array(decryption.keys.map(\.json))))
  }

  private static func decryption(_ row: FieldReader) throws(RecordingError) -> ClientDecryption {
    var output = ClientDecryption(keys: [])
    output.idTokens = try encryption(row, "id_token")
    output.responses = try encryption(row, "response")
    output.keys = try row.objects("keys").map(\.json).compactMap(JSONWebKey.init)
    return output
  }

  private static func encryption(
    _ row: FieldReader, _ name: String
  ) throws(RecordingError) -> TokenEncryption? {
    guard let text = try row.optionalText(name) else { return nil }
    guard let registered = TokenEncryption(text) else {
      throw RecordingError("there is no encryption \u{201C}\(text.prefix(scalars: 40))\u{201D}")
    }
    return registered
  }

  private static func json(_ tampering: Tampering) -> JSONValue {
    var place: JSONValue = [
      "fault": .string(tampering.faultID), "stage": .string(tampering.stage.id),
      "from": .string(tampering.from.rawValue), "to": .string(tampering.to.rawValue),
      "path": .string(tampering.pathSuffix),
    ]
    // Written only where the sender does not tell it.
    if tampering.culprit != Tampering.culprit(tampering.from) {
      place.set("culprit", .string(tampering.culprit.rawValue))
    }
    return place
  }

  /// The text for an audience; nil for the issuer, which is the default.
  private static func audience(_ audience: FlowConfiguration.AssertionAudience) -> String? {
    switch audience {
    case .issuer: nil
    case .tokenEndpoint: "token-endpoint"
    case .other(let text): text
    }
  }

  static func json(_ secrets: FlowSecrets) -> JSONValue {
    var json: JSONValue = [
      "state": .string(secrets.state), "nonce": .string(secrets.nonce),
      "code_verifier": .string(secrets.codeVerifier.reveal()),
      "code_challenge": .string(secrets.codeChallenge),
      "token_identifier": .string(secrets.tokenIdentifier),
      "logout_state": .string(secrets.logoutState),
    ]
    // Runs without a cookie have none, as all earlier ones.
    let session = secrets.session.reveal()
    if !session.isEmpty { json.set("session", .string(session)) }
    return json
  }

  static func configuration(_ row: FieldReader) throws(RecordingError) -> FlowConfiguration {
    var output = FlowConfiguration(
      issuer: try row.url("issuer"), clientID: try row.text("client_id"),
      clientSecret: try row.optionalText("client_secret").map(Secret.init),
      redirectURI: try row.url("redirect_uri"),
      responseType: try row.choice("response_type", ResponseType.self))
    if let metadata = row.json["metadata"] {
      guard let explicit = ProviderMetadata(metadata) else {
        throw RecordingError("\u{201C}configuration.metadata\u{201D} is no object")
      }
      output.explicitMetadata = explicit
    }
    output.awaitsPaste = try row.flag("awaits_paste")
    output.plainHTTPHosts = Set(try row.texts("plain_http"))
    output.responseMode = try row.choice("response_mode", ResponseMode.self)
    output.scope = try row.texts("scope")
    output.audience = try row.optionalText("audience")
    output.apiURL = try row.optionalURL("api")
    output.alsoUserinfo = try row.flag("also_userinfo")
    if try row.optionalText("client_authentication") != nil {
      output.clientAuthentication = try row.choice(
        "client_authentication", ClientAuthenticationMethod.self)
    }
    if row.json["client_key"] != nil {
      let key = try row.object("client_key")
      output.clientKey = FlowConfiguration.ClientKey(
        algorithm: try key.choice("algorithm", SignatureAlgorithm.self),
        keyID: try key.text("kid"))
    }
    if row.json["decryption"] != nil {
      output.decryption = try decryption(row.object("decryption"))
    }
    output.appleTeam = try row.optionalText("apple_team")
    switch try row.optionalText("assertion_audience") {
    case nil: output.assertionAudience = .issuer
    case "token-endpoint"?: output.assertionAudience = .tokenEndpoint
    case let text?: output.assertionAudience = .other(text)
    }
    output.pushesRequest = try row.flag("pushes_always") ? .always : .whereRequired
    if try row.flag("pushes_never") { output.pushesRequest = .never }
    output.requestEncryption = try row.optionalText("request_encryption").flatMap {
      TokenEncryption($0)
    }
    output.signsRequest = try row.flag("signs_request")
    output.exchangesAtOnce = try row.flag("exchange_at_once")
    output.triesWrongVerifier = try row.flag("wrong_verifier")
    output.resources = try row.texts("resources")
    output.extraParameters = try row.fields("parameters")
    return try limits(row, output)
  }

  private static func limits(
    _ row: FieldReader, _ configuration: FlowConfiguration
  ) throws(RecordingError) -> FlowConfiguration {
    var output = configuration
    output.maxAgeSeconds = try row.optionalNumber("max_age")
    output.usesPKCE = try row.flag("pkce")
    output.signOnOnly = try row.flag("sign_on_only")
    output.idTokenAlgorithm = try row.choice("id_token_algorithm", SignatureAlgorithm.self)
    output.clockSkewSeconds = try row.number("clock_skew", in: 0...1_000_000_000)
    output.callbackWaitSeconds = try row.number("callback_wait", in: 0...1_000_000_000)
    output.observesTenant = try row.flag("demo_tenant")
    output.userAgent = try row.flag("real_browser") ? .external : .builtIn
    output.checksOff = Set(try row.choices("checks_off", CheckID.self))
    output.mistakes = Set(try row.choices("mistakes", ApplicationMistake.self))
    if row.json["session_cookie"] != nil {
      output.sessionCookie = try ApplicationCoder.cookie(row.object("session_cookie"))
    }
    if row.json["rules"] != nil { output.rules = try row.choice("rules", SecurityRules.self) }
    if row.json["accounts"] != nil {
      output.accounts = try ApplicationCoder.accounts(row.object("accounts"))
    }
    output.clientCertificate = try CertificateCoder.certificate("client_certificate", in: row)
    output.otherCertificate = try CertificateCoder.certificate("other_certificate", in: row)
    output.proofAlgorithm = try row.optionalChoice("proof_algorithm", SignatureAlgorithm.self)
    output.proofKey = try ProofKeyCoder.key("proof_key", in: row)
    output.otherProofKey = try ProofKeyCoder.key("other_proof_key", in: row)
    if row.json["witness"] != nil {
      output.witness = try WitnessCoder.witness(row.object("witness"))
    }
    if row.json["tampering"] != nil {
      let place = try row.object("tampering")
      let id = try place.text("stage")
      guard let stage = Stage.allCases.first(where: { $0.id == id }) else {
        throw RecordingError("there is no stage \u{201C}\(id.prefix(scalars: 40))\u{201D}")
      }
      output.tampering = Tampering(
        faultID: try place.text("fault"), stage: stage,
        from: try place.choice("from", Actor.self), to: try place.choice("to", Actor.self),
        pathSuffix: try place.text("path"),
        culprit: try place.optionalText("culprit").flatMap(Blame.init))
    }
    return output
  }

  static func secrets(_ row: FieldReader) throws(RecordingError) -> FlowSecrets {
    FlowSecrets(
      state: try row.text("state"), nonce: try row.text("nonce"),
      codeVerifier: Secret(try row.text("code_verifier")),
      codeChallenge: try row.text("code_challenge"),
      tokenIdentifier: try row.text("token_identifier"),
      logoutState: try row.text("logout_state"),
      session: Secret(try row.optionalText("session") ?? ""))
  }
}
