import OpenID

/// A client secret that the client makes itself: a JWT signed with the key of its team.
///
/// Apple wants it so. Its issuer is a team of developers, its subject the client, its audience the
/// provider.
enum SignedSecret {
  /// Its lifetime in seconds: each request has one of its own, and it is sent at once.
  static let lifetimeSeconds: Int64 = 300
  /// The longest lifetime that Apple takes, in seconds: about six months.
  static let longestSeconds: Int64 = 15_777_000
  static let missingKey =
    "A client secret that is signed needs the key of the team. Give it with --apple-key FILE."

  /// The JWT to sign; nil without a team or a key.
  static func task(
    _ purpose: SigningTask.Purpose, _ prepared: Prepared, at now: UnixTime
  ) -> SigningTask? {
    let configuration = prepared.configuration
    guard let team = configuration.appleTeam, let key = configuration.clientKey else { return nil }
    let mistakes = configuration.experiment.mistakes
    let seconds =
      mistakes.contains(.signsLongLivedSecret) ? longestSeconds + 86_400 : lifetimeSeconds
    let subject =
      mistakes.contains(.signsSecretForAnother)
      ? "app." + configuration.clientID : configuration.clientID
    var header: JSONValue = ["alg": .string(key.algorithm.rawValue)]
    if !key.keyID.isEmpty { header.set("kid", .string(key.keyID)) }
    return SigningTask(
      purpose: purpose, header: header,
      claims: [
        "iss": .string(team), "iat": .number(JSONNumber(now.seconds)),
        "exp": .number(JSONNumber(now.adding(seconds: seconds).seconds)),
        "aud": .string(configuration.issuer.text), "sub": .string(subject),
      ])
  }
}

extension TokenRequest {
  /// Whether the client still has to sign what proves it: an assertion, or a secret that is a JWT.
  func lacksSignature(_ configuration: FlowConfiguration) -> Bool {
    switch method {
    case .privateKeyJWT: assertion == nil
    case .basic, .post: clientSecret == nil && configuration.appleTeam != nil
    case .tlsClientAuth, .selfSignedTLSClientAuth, .none: false
    }
  }

  /// The JWT that the client has to sign for it; nil without a key.
  func proof(
    _ purpose: SigningTask.Purpose, _ prepared: Prepared, at now: UnixTime
  ) -> SigningTask? {
    method == .privateKeyJWT
      ? ClientAssertion.task(purpose, prepared, at: now)
      : SignedSecret.task(purpose, prepared, at: now)
  }

  /// Why there is nothing to sign with.
  var missingKey: String {
    method == .privateKeyJWT ? ClientAssertion.missingKey : SignedSecret.missingKey
  }

  /// Puts what was signed where the method of authentication has it.
  mutating func take(_ proof: Secret) {
    if method == .privateKeyJWT { assertion = proof } else { clientSecret = proof }
  }
}

extension FlowConfiguration {
  /// Asks as an application for Sign in with Apple does: its scopes, no API, a signed secret.
  public mutating func askAsAtApple(team: String) {
    appleTeam = team
    clientSecret = nil
    clientAuthentication = .post
    scope = ["openid", "name", "email"]
    audience = nil
    apiURL = nil
    alsoUserinfo = false
  }
}
