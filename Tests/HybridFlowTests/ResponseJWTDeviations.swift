import Cryptography
import HybridFlow
import OpenID

/// One deviation for each rule of an answer that comes as one JWT.
enum ResponseJWTDeviations {
  /// A flaw of an answer that was asked for by form_post.jwt.
  private static func stop(
    _ name: String, _ complaints: Set<CheckID>,
    _ change: @escaping @Sendable (inout HonestProvider) throws -> Void
  ) -> Deviation {
    .stop(name, .callback, complaints) { own, provider in
      own.responseMode = .formPostJWT
      try change(&provider)
    }
  }

  private static func claims(
    _ name: String, _ complaints: Set<CheckID>,
    _ edit: @escaping @Sendable (inout JSONValue) -> Void
  ) -> Deviation {
    stop(name, complaints) { $0.editResponseClaims = edit }
  }

  static let all: [Deviation] = [
    .warn("the mode is not listed", [.discoveryFormPost]) { own, _ in
      own.responseMode = .fragmentJWT
    },
    stop("a JWT was asked for, and the answer is plain", [.discoveryFormPost, .jarmModeExact]) {
      $0.editSealed = { fields in
        let claims = ResponseJWT.claims(in: fields["response"] ?? "") ?? .null
        fields = ResponseJWT.fields(of: claims)
      }
    },
    stop("a code stands beside the JWT", [.discoveryFormPost, .jarmNothingOutside]) {
      $0.editSealed = { $0.append(FormField("code", Sample.code)) }
    },
    stop("the JWT stands twice", [.discoveryFormPost, .callbackNoDuplicates]) {
      $0.editSealed = { $0.append($0[0]) }
    },
    .stop(
      "it is only signed, and encryption is registered", .callback,
      [.discoveryFormPost, .jarmEncryptedAsRegistered]
    ) { own, _ in
      own.responseMode = .formPostJWT
      own.decryption = ClientDecryption(
        responses: Encrypted.registered, keys: [try Encrypted.key().publicJWK])
    },
    stop("a claim stands twice", [.discoveryFormPost, .jarmStructure]) { provider in
      let key = provider.responseKey
      provider.editResponseJWT = { token in
        let claims = ResponseJWT.claims(in: token) ?? .null
        let text = #"{"code":"of-another","# + claims.compactText.dropFirst()
        token = try key.compactJWS(header: key.header(type: "JWT"), payload: Array(text.utf8))
      }
    },
    claims("the code is a number", [.discoveryFormPost, .jarmStructure]) { $0.set("code", 17) },
    stop("it has an extension that must be understood", [.discoveryFormPost, .jarmStructure]) {
      $0.editResponseHeader = { $0.set("crit", ["exp"]) }
    },
    stop("it is not signed", [.discoveryFormPost, .jarmAlg]) {
      $0.editResponseJWT = { token in
        let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        token = header + "." + token.split(separator: ".")[1] + "."
      }
    },
    stop("somebody else signed it", [.discoveryFormPost, .jarmSignature]) { provider in
      let kid = provider.responseKey.keyID
      provider.responseKey = try TestKeys.other()
      provider.editResponseHeader = { $0.set("kid", .string(kid)) }
    },
    stop("its key is not published", [.discoveryFormPost, .jarmSignature]) {
      $0.responseKey = try TestKeys.other()
    },
    claims("its iss has a slash less", [.discoveryFormPost, .jarmIss]) {
      $0.set("iss", .string(String(Sample.issuer.dropLast())))
    },
    claims("it has no iss", [.discoveryFormPost, .jarmIss]) { $0.remove("iss") },
    claims("its iss is a list", [.discoveryFormPost, .jarmIss]) {
      $0.set("iss", [.string(Sample.issuer)])
    },
    claims("it is for another client", [.discoveryFormPost, .jarmAud]) { $0.set("aud", "other") },
    claims("it has no aud", [.discoveryFormPost, .jarmAud]) { $0.remove("aud") },
    claims("its aud is an empty list", [.discoveryFormPost, .jarmAud]) { $0.set("aud", []) },
    claims("it is over", [.discoveryFormPost, .jarmExp]) {
      $0.set("exp", .number(JSONNumber(Sample.start.seconds - 3600)))
    },
    claims("it has no exp", [.discoveryFormPost, .jarmExp]) { $0.remove("exp") },
    claims("its exp is a text", [.discoveryFormPost, .jarmExp]) { $0.set("exp", "2030") },
    claims("its state is another one", [.discoveryFormPost, .jarmState]) {
      $0.set("state", "of-another-run")
    },
    claims("it has no state", [.discoveryFormPost, .jarmState]) { $0.remove("state") },
    claims(
      "its state is a number",
      [.discoveryFormPost, .jarmState]
    ) { $0.set("state", 5) },
    .warn("it lives for a day", [.discoveryFormPost, .jarmExp]) { own, provider in
      own.responseMode = .formPostJWT
      provider.editResponseClaims = {
        $0.set("exp", .number(JSONNumber(Sample.start.seconds + 86_400)))
      }
    },
    .warn("it is for others as well", [.discoveryFormPost, .jarmAud]) { own, provider in
      own.responseMode = .formPostJWT
      provider.editResponseClaims = { $0.set("aud", [.string(Sample.clientID), "other"]) }
    },
    .stop("a JWT comes that was not asked for", .callback, [.jarmModeExact]) { _, provider in
      let key = provider.responseKey
      provider.editFields = { fields in
        var claims: JSONValue = [
          "iss": .string(Sample.issuer), "aud": .string(Sample.clientID),
          "exp": .number(JSONNumber(Sample.start.seconds + 300)),
        ]
        for field in fields { claims.set(field.name, .string(field.value)) }
        let token = try key.compactJWS(
          header: key.header(type: "JWT"), payload: Array(claims.compactText.utf8))
        fields = [FormField("response", token)]
      }
    },
  ]
}
