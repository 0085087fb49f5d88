import HybridFlow
import OpenID

/// Writes what a file tells of another application's login to lines of a recording, and reads it.
enum WitnessCoder {
  static func json(_ witness: Witness) -> JSONValue {
    .line(
      ("source", witness.source == .file ? nil : .string(witness.source.rawValue)),
      ("endpoint", .string(witness.endpoint.text)),
      ("parameters", .pairs(witness.parameters.map { ($0.name, $0.value) })),
      ("reference", .flag(witness.isReference)), ("pushed", .flag(witness.isPushed)),
      ("metadata", .flag(witness.hasMetadata)),
      ("keys", .flag(witness.hasKeys)), ("call", .text(witness.call?.rawValue)))
  }

  static func witness(_ row: FieldReader) throws(RecordingError) -> Witness {
    var witness = Witness(
      endpoint: try row.url("endpoint"), parameters: try row.fields("parameters"))
    if row.json["source"] != nil {
      witness.source = try row.choice("source", Witness.Source.self)
    }
    witness.isReference = try row.flag("reference")
    witness.isPushed = try row.flag("pushed")
    witness.hasMetadata = try row.flag("metadata")
    witness.hasKeys = try row.flag("keys")
    if row.json["call"] != nil { witness.call = try row.choice("call", FetchPurpose.self) }
    return witness
  }

  static func json(_ exchange: WitnessedExchange) -> [(String, JSONValue?)] {
    MessageCoder.exchange(exchange.request, exchange.response)
      + [
        (
          "lost_cookies",
          exchange.lostCookies.map { cookies in
            .array(cookies.map { .array([.string($0.name), .string($0.reason.rawValue)]) })
          }
        )
      ]
  }

  static func exchange(_ row: FieldReader) throws(RecordingError) -> WitnessedExchange {
    var lost: [LostCookie]? = row.json["lost_cookies"].map { _ in [] }
    for (name, word) in try row.pairs("lost_cookies") {
      guard let reason = LostCookie.Reason(rawValue: word) else {
        throw RecordingError("\u{201C}lost_cookies\u{201D} names a reason that is not known")
      }
      lost?.append(LostCookie(name, reason))
    }
    return WitnessedExchange(
      try MessageCoder.request(row.object("request")),
      try MessageCoder.response(row.object("response")), lostCookies: lost)
  }
}
