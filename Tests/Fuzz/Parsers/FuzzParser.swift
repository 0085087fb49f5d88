/// What a parser did that it must never do.
struct PropertyFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Demands something of a parser.
func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(PropertyFault) {
  if !holds { throw PropertyFault(what()) }
}

/// One reader of foreign bytes, and what holds of it for every input.
struct FuzzParser: Sendable {
  /// The name on the command line and of the folder in the corpus.
  let name: String
  /// Pieces of the language, for the mutator: whole inputs come from the corpus.
  let words: [String]
  /// Reads the bytes; throws when a property does not hold, and traps when the parser does.
  let check: @Sendable (_ bytes: [UInt8]) throws -> Void

  /// Every parser of the program that reads what others wrote.
  static let all: [FuzzParser] = wire + security + documents + people + pastes

  static func named(_ name: String) -> FuzzParser? { all.first { $0.name == name } }
}
