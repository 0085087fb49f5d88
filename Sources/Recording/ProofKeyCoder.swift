import HybridFlow
import OpenID

/// Writes the public part of a key for proofs of possession to a line of a recording, and reads it.
enum ProofKeyCoder {
  static func json(_ key: ProofKey) -> JSONValue {
    .line(
      ("algorithm", .string(key.algorithm.rawValue)), ("key", key.publicKey),
      ("thumbprint", .string(key.thumbprint)))
  }

  /// The key of this name; nil where there is none.
  static func key(_ name: String, in row: FieldReader) throws(RecordingError) -> ProofKey? {
    guard row.json[name] != nil else { return nil }
    let fields = try row.object(name)
    return ProofKey(
      algorithm: try fields.choice("algorithm", SignatureAlgorithm.self),
      publicKey: try fields.object("key").json, thumbprint: try fields.text("thumbprint"))
  }
}
