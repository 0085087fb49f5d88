/// What a check needs: a value, or why it is not known.
///
/// A check that lacks a value does not guess: it is skipped, and says what it lacks. That nothing
/// was sent is knowledge too: then the value is an optional, known to be nil.
public enum Known<Value> {
  /// The value.
  case known(Value)
  /// It is not known. The text says why, as the rest of a sentence about it: `is not in this text`.
  case unknown(String)

  /// The value, if it is known.
  public var value: Value? { if case .known(let value) = self { value } else { nil } }
}

extension Known: Sendable where Value: Sendable {}
extension Known: Equatable where Value: Equatable {}

extension Check {
  /// A check that could not be made: `lacking` names the value that is not known.
  package static func undecided(
    _ id: CheckID, found: String? = nil, _ lacking: String, _ why: String
  ) -> Check {
    Check(id, .skip, found: found, why: "not run: \(lacking) \(why).")
  }
}

/// For whom a check judges.
public enum Judge: Sendable, Equatable {
  /// The application of a run: it asked, and acts on the verdict.
  case application
  /// A reader of a text that was copied from somewhere, and may be cut.
  case reader
}
