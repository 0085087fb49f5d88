import OpenID

/// The key by which a client proves, request by request, that a token is its own.
///
/// RFC 9449; its private part is kept elsewhere.
public struct ProofKey: Sendable, Equatable {
  /// The algorithm of its signatures.
  public var algorithm: SignatureAlgorithm
  /// The public key, with the members that a key of its kind must have and no others.
  public var publicKey: JSONValue
  /// Its SHA-256 thumbprint in base64url, to which codes and tokens are bound.
  ///
  /// RFC 7638; RFC 9449, section 6.1.
  public var thumbprint: String

  /// Names a key.
  public init(algorithm: SignatureAlgorithm, publicKey: JSONValue, thumbprint: String) {
    self.algorithm = algorithm
    self.publicKey = publicKey
    self.thumbprint = thumbprint
  }
}

/// A request that waits for its proof, or for its answer.
struct ProvenRequest: Sendable, Equatable {
  let stage: Stage
  let purpose: FetchPurpose
  /// The request without a proof.
  var request: HTTPRequest
  let to: Actor
  let showsCertificate: Bool
  /// Counts from 1; a server that wants a nonce makes a second one necessary.
  var attempt = 1

  /// Who gives nonces for it: an authorization server and an API keep theirs apart, even at one
  /// address.
  ///
  /// RFC 9449, section 9.
  var server: NonceServer {
    NonceServer(origin: request.url?.origin ?? "", isResource: purpose.usesAccessToken)
  }
}

/// A server that gives nonces for proofs.
struct NonceServer: Sendable, Hashable {
  let origin: String
  /// Whether it takes access tokens; otherwise it issues them.
  let isResource: Bool
}

/// What a client with a key of its own remembers from request to request.
struct ProofLedger: Sendable, Equatable {
  let key: ProofKey
  let otherKey: ProofKey?
  /// The beginning of every `jti`: random, and of this run alone.
  let identifier: String
  let mistakes: Set<ApplicationMistake>
  /// The newest nonce of each server.
  private(set) var nonces: [NonceServer: String] = [:]
  /// How many proofs were made.
  private(set) var count = 0
  /// The request that waits for its proof, and then for its answer.
  private(set) var pending: ProvenRequest?
  /// The proof that is being signed for it; nil once it is sent.
  private(set) var proof: SigningTask?
  /// The client assertion that is being signed anew for it, before its proof; nil for none.
  private(set) var assertion: SigningTask?

  /// A ledger for a run; nil for a client without such a key.
  init?(_ configuration: FlowConfiguration, _ secrets: FlowSecrets) {
    guard let key = configuration.proofKey else { return nil }
    self.key = key
    otherKey = configuration.otherProofKey
    identifier = secrets.tokenIdentifier
    mistakes = configuration.experiment.mistakes
  }

  /// Remembers the nonce that came with an answer; the newest one counts.
  ///
  /// RFC 9449, section 8.2.
  mutating func learn(_ nonce: String, of server: NonceServer) { nonces[server] = nonce }

  /// The nonce for the proof of a request; nil without one.
  func nonce(for request: ProvenRequest) -> String? {
    if mistakes.contains(.ignoresProofNonce) { return nil }
    guard mistakes.contains(.mixesProofNonces), request.server.isResource else {
      return nonces[request.server]
    }
    return nonces.first { !$0.key.isResource }?.value
  }

  /// Lets a request wait for its proof, and returns what has to be signed.
  mutating func begin(_ request: ProvenRequest, at now: UnixTime) -> SigningTask {
    count += 1
    let task = task(request, at: now)
    pending = request
    proof = task
    return task
  }

  /// Lets a request that goes out once more wait for a new client assertion, and returns what has to
  /// be signed; nil for a request without one.
  mutating func renew(_ request: ProvenRequest, at now: UnixTime) -> SigningTask? {
    guard let task = request.renewedAssertion(at: now) else { return nil }
    pending = request
    assertion = task
    return task
  }

  /// Takes the request whose new assertion was signed; nil when none waits for that.
  mutating func renewed(_ purpose: SigningTask.Purpose) -> ProvenRequest? {
    guard assertion?.purpose == purpose else { return nil }
    assertion = nil
    return pending
  }

  /// Takes the request whose proof was signed; it waits for its answer from now on.
  mutating func leave() -> ProvenRequest? {
    guard proof != nil else { return nil }
    proof = nil
    return pending
  }

  /// Takes the request that was answered; nil for one without a proof.
  mutating func arrive(_ purpose: FetchPurpose) -> ProvenRequest? {
    guard let request = pending, proof == nil, request.purpose == purpose else { return nil }
    pending = nil
    return request
  }

  /// The proof of a request.
  ///
  /// RFC 9449, section 4.2.
  private func task(_ request: ProvenRequest, at now: UnixTime) -> SigningTask {
    let isCall = request.purpose.usesAccessToken
    let other = mistakes.contains(.swapsProofKey) && isCall ? otherKey : nil
    let key = other ?? key
    var publicKey = key.publicKey
    if mistakes.contains(.showsPrivateKey) { publicKey.set("d", .string(identifier)) }
    let number = mistakes.contains(.repeatsProof) ? 1 : count
    var target = request.request.url.map(DPoP.target) ?? request.request.target
    if mistakes.contains(.provesOtherAddress) { target += "/other" }
    let method =
      mistakes.contains(.provesOtherMethod)
      ? (isCall ? "POST" : "GET") : request.request.method
    var claims: JSONValue = [
      "jti": .string("\(identifier)-d\(number)"), "htm": .string(method),
      "htu": .string(target), "iat": .number(JSONNumber(now.seconds)),
    ]
    if let nonce = nonce(for: request) { claims.set("nonce", .string(nonce)) }
    var task = SigningTask(
      purpose: .possession,
      header: [
        "typ": .string(DPoP.type), "alg": .string(key.algorithm.rawValue), "jwk": publicKey,
      ], claims: claims)
    if isCall, !mistakes.contains(.leavesOutTokenHash), let token = request.request.boundToken {
      task.boundToken = .init(
        token: Secret(token), isWellWritten: !mistakes.contains(.writesHexTokenHash))
    }
    return task
  }
}

extension ProvenRequest {
  private static let assertionName = "client_assertion"

  /// Its client assertion with another `jti`, made just now; nil for a request without one.
  ///
  /// RFC 7523, section 3 (7): a server may take each assertion only once, and it may have looked at
  /// this one before it asked for a nonce.
  func renewedAssertion(at now: UnixTime) -> SigningTask? {
    guard let text = (try? FormEncoding.decode(request.body))?[Self.assertionName],
      let old = try? CompactJWS(text), var claims = try? old.claims(),
      let identifier = claims["jti"]?.string, let made = claims["iat"]?.integer,
      let end = claims["exp"]?.integer
    else { return nil }
    claims.set("jti", .string("\(identifier)-\(attempt)"))
    claims.set("iat", .number(JSONNumber(now.seconds)))
    claims.set("exp", .number(JSONNumber(now.adding(seconds: end - made).seconds)))
    let use: SigningTask.Purpose =
      switch purpose {
      case .pushedRequest: .pushAssertion
      case .token: .tokenAssertion
      default: .laterAssertion
      }
    return SigningTask(purpose: use, header: old.header, claims: claims)
  }

  /// The request with another client assertion.
  mutating func take(assertion: String) {
    guard var fields = try? FormEncoding.decode(request.body) else { return }
    for index in fields.indices where fields[index].name == Self.assertionName {
      fields[index].value = assertion
    }
    request.body = Array(FormEncoding.encode(fields).utf8)
    for index in request.headers.lines.indices
    where request.headers.lines[index].name.isIdentical(toIgnoringCase: "Content-Length") {
      request.headers.lines[index].value = String(request.body.count)
    }
  }
}

extension HTTPRequest {
  /// The access token of its `Authorization` header.
  var boundToken: String? {
    headers["Authorization"].flatMap { $0.parting(at: " ").1 }.map { String($0) }
  }
}
