import Diagnosis
import HybridFlow
import OpenID

/// What a card says about a failure: what happened, who, why, where to change it, expected beside
/// found, and how sure that is.
///
/// Its texts are not yet redacted or harmless, except in one that ``shown(_:)`` made.
public struct CauseDocument: Sendable, Equatable {
  /// The most values that a card shows.
  static let valuesMaximum = 3
  /// The longest text of a value, in bytes; the messages show all of it.
  private static let valueBytesMaximum = 240
  /// In the place of a name, when nobody has to change anything.
  package static let nobody = "nobody has to change anything"

  /// Where the run stopped: the title.
  public let title: String
  /// What happened, in a sentence.
  public private(set) var what: String
  /// Who has to change something, in a few words.
  public let who: String
  /// Why, as far as ``what`` does not say it; nil when there is nothing to add.
  public private(set) var why: String?
  /// Where to change it.
  public private(set) var fix: String
  /// Values that should agree.
  public private(set) var values: [ComparedValue]
  /// How sure it is, and from what.
  public private(set) var sure: String
  /// What else can be tried; nil for nothing.
  public private(set) var retry: String?

  /// Makes the card of a diagnosis.
  public init(_ diagnosis: RunDiagnosis) {
    self.init(
      stage: diagnosis.stage, diagnosis.match, blame: diagnosis.blame,
      retry: diagnosis.retry?.advice)
  }

  /// Makes a card from its parts; a `stage` of nil is an action after the flow.
  public init(stage: Stage?, _ match: DiagnosisMatch, blame: Blame?, retry: String? = nil) {
    title = stage.map { "Stopped at stage \($0.number)" } ?? "Failed after the flow"
    let (first, rest) = Self.firstSentence(of: match.cause)
    what = Self.sentence(first)
    why = rest.isEmpty ? nil : rest
    who = blame?.short ?? Self.nobody
    fix = Self.sentence(match.fix)
    values = match.values.map { value in
      guard value.text.utf8.count > Self.valueBytesMaximum else { return value }
      return ComparedValue(
        value.name, value.text.prefix(bytes: Self.valueBytesMaximum) + "\u{2026}")
    }
    sure =
      switch match.confidence {
      case .high: "sure, because \(match.basis)"
      case .medium: "likely, because \(match.basis)"
      case .low: "not sure: \(match.basis)"
      }
    self.retry = retry
  }

  /// The same with every text passed through a filter: a redactor's.
  package func shown(_ filter: (String) -> String) -> CauseDocument {
    var copy = self
    (copy.what, copy.why, copy.fix) = (filter(what), why.map(filter), filter(fix))
    copy.values = values.map { ComparedValue(filter($0.name), filter($0.text)) }
    (copy.sure, copy.retry) = (filter(sure), retry.map(filter))
    return copy
  }

  /// The first sentence, and the others; a dot inside quotation marks or a name ends none.
  package static func firstSentence(of text: String) -> (first: String, rest: String) {
    let bytes = Array(text.utf8)
    var quotes = 0
    for (index, byte) in bytes.enumerated() {
      // The bytes of the two typographic quotation marks end with these.
      if index > 1, bytes[index - 2] == 0xE2, bytes[index - 1] == 0x80 {
        if byte == 0x9C { quotes += 1 }
        if byte == 0x9D { quotes -= 1 }
      }
      guard byte == UInt8(ascii: "."), quotes <= 0, index + 2 < bytes.count,
        bytes[index + 1] == UInt8(ascii: " ")
      else { continue }
      let next = bytes[index + 2]
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(next) || next >= 0x80 else { continue }
      return (
        String(decoding: bytes[...index], as: UTF8.self),
        String(decoding: bytes[(index + 2)...], as: UTF8.self)
      )
    }
    return (text, "")
  }

  private static func sentence(_ text: String) -> String {
    let start = text.capitalized
    return start.isEmpty || start.ends(with: ".") ? start : start + "."
  }
}
