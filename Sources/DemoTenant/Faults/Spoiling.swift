import Cryptography
import OpenID

extension DemoTenant {
  /// An ID token, spoilt if the fault of the call says so.
  mutating func idToken(
    _ claims: JSONValue, _ channel: Channel, _ call: Call
  ) throws(CryptoError) -> String {
    try idToken(claims, as: channel == .front ? .firstIDToken : .secondIDToken, call)
  }

  /// An ID token for its audience: signed, and encrypted where the client has registered that.
  mutating func idToken(
    _ claims: JSONValue, as use: FaultyToken, _ call: Call
  ) throws(CryptoError) -> String {
    try sealed(
      signed(claims, type: "JWT", as: use, call), for: claims["aud"]?.string ?? "", as: use, call)
  }

  /// A signed token, spoilt if the fault of the call says so.
  mutating func signed(
    _ honest: JSONValue, type: String, as token: FaultyToken, _ call: Call
  ) throws(CryptoError) -> String {
    guard let fault = call.fault else { return try signed(honest, type: type) }
    var claims = honest
    var header = signingKey.header(type: type)
    var trick: SignatureTrick?
    var text: TextTrick?
    var rotates = false
    var own: SigningKey?
    for action in fault.actions {
      switch action {
      case .claims(token, let edits): edits.forEach { $0.apply(to: &claims, now: call.now) }
      case .header(token, let edits): edits.forEach { $0.apply(to: &header, now: call.now) }
      case .signature(token, let found): trick = found
      case .text(token, let found): text = found
      // The tenant’s own API still has to find the key of its access token.
      case .keys(.unnamedAmongSeveral) where token != .secondAccessToken: header.remove("kid")
      case .keys(.rotated) where token == .secondIDToken: rotates = true
      case .keys(let trick): own = try badKey(trick)
      default: break
      }
    }
    let isHonest =
      claims == honest && header == signingKey.header(type: type) && trick == nil && text == nil
      && own == nil
    if !isHonest || rotates, let message = message(answering: call) { admit(message, call) }
    var payload = claims.compactText
    if case .repeatClaim(let name, let value) = text {
      payload =
        "{\(JSONValue.string(name).compactText):\(JSONValue.string(value).compactText),"
        + payload.dropFirst(bytes: 1)
    }
    if text == .loose { payload = LooseJSON.written(claims) }
    if rotates {
      hasRotated = true
      let next = try StrangerKey.like(signingKey)
      header.set("kid", .string(StrangerKey.nextKeyID))
      return try next.compactJWS(header: header, payload: Array(payload.utf8))
    }
    let made = try Forgery(key: own ?? signingKey, now: call.now)
      .token(header, Array(payload.utf8), trick)
    switch text {
    case .append(let suffix): return made + suffix
    case .dropSignature: return made.split(at: ".").prefix(2).joined(separator: ".")
    case .repeatClaim, .loose, nil: return made
    }
  }

  /// An authorization response, spoilt if the fault of the call says so.
  mutating func spoilt(
    _ honest: AuthorizationResponse, _ call: Call
  ) -> AuthorizationResponse {
    var answer = honest
    for action in call.fault?.actions ?? [] {
      switch action {
      case .answer(let edits): edits.forEach { $0.apply(to: &answer.fields) }
      case .answerWhere(let name, let value) where answer.fields[name] != nil:
        FieldEdit.set(name, value).apply(to: &answer.fields)
      case .answerMode(let mode):
        answer.route = answer.route.by(mode)
      default: break
      }
    }
    if answer != honest { admit(.authorizationResponse, call) }
    return answer
  }

  /// A response of one of the endpoints, spoilt if the fault of the call says so.
  mutating func spoil(_ response: inout HTTPResponse, _ call: Call) throws(CryptoError) {
    guard let fault = call.fault, let path = call.path, response.status == 200 else { return }
    let honest = response
    for action in fault.actions {
      switch action {
      case .document(let document, let edits) where isAt(document, path):
        rewrite(&response) { json in edits.forEach { $0.apply(to: &json, now: call.now) } }
      case .response(let document, let edit) where isAt(document, path):
        apply(edit, to: &response)
      case .keys(let trick) where path == Path.jwks:
        let keys = try spoiltKeys(trick)
        rewrite(&response) { $0.set("keys", .array(keys)) }
      case .signedUserinfo(let trick, let edits) where path == Path.userinfo:
        guard var claims = try? JSONParser.parse(response.body) else { continue }
        claims.set("iss", .string(settings.issuer))
        claims.set("aud", .string(settings.clients.first?.id ?? ""))
        edits.forEach { $0.apply(to: &claims, now: call.now) }
        let token = try Forgery(key: signingKey, now: call.now)
          .token(signingKey.header(type: "JWT"), Array(claims.compactText.utf8), trick)
        response = HTTPResponse(status: 200, mediaType: "application/jwt", text: token)
      default: continue
      }
    }
    if response != honest, let message = message(answering: call) { admit(message, call) }
  }

  private func isAt(_ document: FaultyDocument, _ path: String) -> Bool {
    document.path.map { $0 == path } ?? (resource(at: path) != nil)
  }

  private func rewrite(_ response: inout HTTPResponse, _ change: (inout JSONValue) -> Void) {
    guard var json = try? JSONParser.parse(response.body) else { return }
    change(&json)
    response.body = Array(json.compactText.utf8)
  }

  private func apply(_ edit: ResponseEdit, to response: inout HTTPResponse) {
    switch edit {
    case .status(let status):
      response.status = status
      response.reason = HTTPResponse.standardReason(status)
    case .header(let name, let value): response.headers.set(name, value)
    case .body(let mediaType, let text):
      response.headers.set("Content-Type", mediaType)
      response.body = Array(text.utf8)
    case .repeatMember(let name, let value):
      guard response.body.first == UInt8(ascii: "{") else { return }
      let member = "{\(JSONValue.string(name).compactText):\(JSONValue.string(value).compactText),"
      response.body = Array(member.utf8) + response.body.dropFirst()
    case .loose:
      guard let json = try? JSONParser.parse(response.body) else { return }
      response.body = Array(LooseJSON.written(json).utf8)
    }
  }

  /// The public half of the key to which a fault changes.
  func nextPublicKey() throws(CryptoError) -> JSONValue {
    var next = try StrangerKey.like(signingKey).publicJWK.json
    next.set("kid", .string(StrangerKey.nextKeyID))
    return next
  }

  /// The key with which a tenant signs that publishes a bad one as its own; nil for its real key.
  ///
  /// What is published must verify what is signed: otherwise an application refuses the signature,
  /// and never notices the key.
  private func badKey(_ trick: KeyTrick) throws(CryptoError) -> SigningKey? {
    switch trick {
    case .weak: try StrangerKey.weak(like: signingKey)
    case .withPrivateMember: try StrangerKey.like(signingKey)
    case .none, .forEncryption, .otherAlgorithm, .unnamedAmongSeveral, .replaced, .sameNameTwice,
      .rotated, .amongStrangers:
      nil
    }
  }

  /// The attacker’s keys, while the tenant commits a fault: an application that asks for them has
  /// followed an address in a token.
  func strangersKeys(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard call.fault != nil else { return try notFound() }
    var key = try StrangerKey.like(signingKey).publicJWK.json
    key.set("kid", .string(signingKey.keyID))
    let keys: JSONValue = ["keys": [key]]
    return HTTPResponse(status: 200, mediaType: "application/json", text: keys.compactText)
  }

  private func spoiltKeys(_ trick: KeyTrick) throws(CryptoError) -> [JSONValue] {
    let own = signingKey.publicJWK.json
    var changed = own
    switch trick {
    case .withPrivateMember:
      changed = StrangerKey.json(like: signingKey)
      changed.set("kid", .string(signingKey.keyID))
    case .none: return []
    case .forEncryption: changed.set("use", "enc")
    case .weak:
      guard let weak = try StrangerKey.weak(like: signingKey) else { return [own] }
      changed = weak.publicJWK.json
      changed.set("kid", .string(signingKey.keyID))
    case .otherAlgorithm: changed.set("alg", "RS1")
    case .unnamedAmongSeveral: return [try StrangerKey.like(signingKey).publicJWK.json, own]
    case .amongStrangers:
      return [
        ["kty": "EC", "crv": "secp256k1", "kid": "a-curve-of-its-own", "x": "AQ", "y": "AQ"],
        ["kty": "AKP", "kid": "a-kind-of-its-own", "pub": "AQ", "alg": "ML-DSA-44"],
        ["kty": "oct", "kid": "an-empty-one", "use": "enc"], own,
      ]
    case .rotated:
      return hasRotated ? [own, try nextPublicKey()] : [own]
    case .sameNameTwice:
      changed = try StrangerKey.like(signingKey).publicJWK.json
      changed.set("kid", .string(signingKey.keyID))
      return [own, changed]
    case .replaced:
      changed = try StrangerKey.like(signingKey).publicJWK.json
      changed.set("kid", .string(signingKey.keyID))
    }
    return [changed]
  }
}
