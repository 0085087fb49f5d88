import OpenID

/// The JWT with which a client authenticates.
///
/// OpenID Connect Core 1.0, section 9; RFC 7523, section 3.
enum ClientAssertion {
  /// Its lifetime in seconds; short, because it is sent at once.
  static let lifetimeSeconds: Int64 = 60
  static let missingKey =
    "private_key_jwt needs the client\u{2019}s key. Give it with --client-key FILE."

  /// The JWT to sign; nil without a key.
  static func task(
    _ purpose: SigningTask.Purpose, _ prepared: Prepared, at now: UnixTime
  ) -> SigningTask? {
    let configuration = prepared.configuration
    guard let key = configuration.clientKey else { return nil }
    let audience =
      switch configuration.assertionAudience {
      case .issuer: configuration.issuer.text
      // An alias is another way to the same endpoint, and not another audience.
      case .tokenEndpoint: prepared.metadata.tokenEndpoint ?? prepared.tokenEndpoint.text
      case .other(let text): text
      }
    return SigningTask(
      purpose: purpose, header: JWTHeader.of(key, type: "JWT"),
      claims: [
        "iss": .string(configuration.clientID), "sub": .string(configuration.clientID),
        "aud": .string(audience), "jti": .string(JWTHeader.identifier(purpose, prepared)),
        "iat": .number(JSONNumber(now.seconds)),
        "exp": .number(JSONNumber(now.adding(seconds: lifetimeSeconds).seconds)),
      ])
  }
}

/// The authorization request as a JWT.
///
/// RFC 9101, sections 4 and 5; OpenID Connect Core 1.0, section 6.1.
enum SignedRequest {
  /// Its lifetime in seconds; longer, because the browser may start late.
  static let lifetimeSeconds: Int64 = 300

  /// How slow the clock of a careless application is, in seconds.
  static let slowSeconds: Int64 = 1800

  /// The JWT to sign.
  static func task(
    _ writing: Writing, key: FlowConfiguration.ClientKey, at now: UnixTime
  ) -> SigningTask {
    let prepared = writing.prepared
    let mistakes = prepared.configuration.experiment.mistakes
    let clock =
      mistakes.contains(.signsRequestByOldClock) ? now.adding(seconds: -slowSeconds) : now
    let life =
      mistakes.contains(.signsLongLivedRequest)
      ? FAPIAdvanced.requestObjectSecondsMax * 2 : lifetimeSeconds
    let audience =
      mistakes.contains(.signsRequestForAnother)
      ? "https://another.example/" : prepared.configuration.issuer.text
    var claims: JSONValue = [
      "iss": .string(prepared.configuration.clientID), "aud": .string(audience),
      "jti": .string(JWTHeader.identifier(.requestObject, prepared)),
      "iat": .number(JSONNumber(clock.seconds)), "nbf": .number(JSONNumber(clock.seconds)),
      "exp": .number(JSONNumber(clock.adding(seconds: life).seconds)),
    ]
    if mistakes.contains(.signsRequestWithoutBegin) { claims.remove("nbf") }
    var names: [String] = []
    for field in writing.request.parameters where !names.contains(field.name) {
      names.append(field.name)
      let all = writing.request.parameters.filter { $0.name == field.name }
      claims.set(
        field.name,
        all.count == 1
          ? value(field) : .array(all.map { .string($0.value) }))
    }
    return SigningTask(
      purpose: .requestObject, header: JWTHeader.of(key, type: "oauth-authz-req+jwt"),
      claims: claims)
  }

  /// A parameter as a claim: numbers and JSON keep their type, everything else becomes a string.
  ///
  /// OpenID Connect Core 1.0, section 6.1.
  private static func value(_ field: FormField) -> JSONValue {
    switch field.name {
    case "max_age": Int64(field.value).map { .number(JSONNumber($0)) } ?? .string(field.value)
    case "claims", "authorization_details", "registration":
      (try? JSONParser.parse(Array(field.value.utf8))) ?? .string(field.value)
    default: .string(field.value)
    }
  }

  /// The parameters beside the object: those that OpenID Connect requires in the URL as well.
  static func carrier(of request: AuthorizationRequest, object: Secret) -> [FormField] {
    let names = ["response_type", "client_id", "scope"]
    return request.parameters.filter { names.contains($0.name) }
      + [FormField("request", object.reveal())]
  }
}

/// What the client's JWTs have in common.
enum JWTHeader {
  static func of(_ key: FlowConfiguration.ClientKey, type: String) -> JSONValue {
    var header: JSONValue = ["alg": .string(key.algorithm.rawValue), "typ": .string(type)]
    if !key.keyID.isEmpty { header.set("kid", .string(key.keyID)) }
    return header
  }

  /// A `jti` that no other JWT has: a run signs at most one for each purpose.
  static func identifier(_ purpose: SigningTask.Purpose, _ prepared: Prepared) -> String {
    let suffix =
      switch purpose {
      case .requestObject: "r"
      case .pushAssertion: "p"
      case .tokenAssertion: "t"
      case .laterAssertion: "l"
      case .possession: "d"
      }
    return "\(prepared.secrets.tokenIdentifier)-\(suffix)"
  }
}

extension FlowStep {
  /// Records the client's credentials in a request.
  mutating func credentials(_ stage: Stage, _ request: TokenRequest) {
    switch request.method {
    case .basic, .post:
      guard let secret = request.clientSecret else { return }
      value(
        stage, "client_secret", secret.reveal(), secret: true, .application, .authorizationServer)
    case .privateKeyJWT:
      guard let assertion = request.assertion else { return }
      value(
        stage, "client_assertion", assertion.reveal(), secret: true, .application,
        .authorizationServer)
    case .tlsClientAuth, .selfSignedTLSClientAuth, .none: break
    }
  }
}
