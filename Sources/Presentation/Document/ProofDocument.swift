import HybridFlow
import OpenID

/// The proof of possession of a request: what it says, and what that ties it to.
///
/// RFC 9449, sections 4.2 and 6.1.
struct ProofDocument: Sendable {
  /// A claim, and the part of the request to which it ties the proof.
  struct Row: Sendable {
    /// What it is tied to.
    let field: String
    /// The member of the proof.
    let claim: String
    /// Its value, not redacted.
    let value: String
    /// What it keeps from happening.
    let how: String
  }

  let rows: [Row]
  /// The algorithm of its signature.
  let algorithm: String
  /// The thumbprint of its key; nil in a run that does not know it.
  let thumbprint: String?
  /// How many requests of the stage carried a proof.
  let count: Int
  /// Whether the access token of the run says that it is bound to this key; nil when it says nothing.
  let isBound: Bool?

  /// Reads the last proof of a stage; nil when there is none, or none that can be read.
  init?(_ stage: Stage, _ transcript: Transcript) {
    let requests = transcript[stage].messages.compactMap(\.request)
    let proofs = requests.compactMap { $0.headers[DPoP.header] }
    guard let text = proofs.last, let jws = try? CompactJWS(text), let claims = try? jws.claims()
    else { return nil }
    count = proofs.count
    algorithm = jws.algorithmName
    let key = transcript.proofKey
    thumbprint = key?.thumbprint
    let bound = transcript.token(.accessToken, .back)?.claims.flatMap { DPoP.thumbprint(in: $0) }
    isBound = bound.flatMap { text in key.map { text.isIdentical(to: $0.thumbprint) } }
    let told: [(field: String, claim: String, how: String)] = [
      ("the method", "htm", "no other kind of request"),
      ("the address", "htu", "no other server, no other endpoint"),
      ("this moment", "iat", "not later"), ("this one time", "jti", "not twice"),
      ("the server\u{2019}s wish", "nonce", "not made in advance"),
      ("the access token", "ath", "no other token"),
    ]
    rows = told.compactMap { row in
      claims[row.claim].map {
        Row(field: row.field, claim: row.claim, value: $0.string ?? $0.compactText, how: row.how)
      }
    }
  }

  /// Whether a request of the stage carries a proof.
  static func exists(_ stage: Stage, _ transcript: Transcript) -> Bool {
    transcript[stage].messages.contains { $0.request?.headers[DPoP.header] != nil }
  }
}
