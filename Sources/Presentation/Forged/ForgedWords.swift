import HybridFlow
import Lab
import OpenID
import Redaction

/// What a fault has changed in a message, in the few words that stand on its arrow.
struct ForgedWords: Sendable, Equatable {
  /// `code A → code M`.
  let long: String
  /// `code A → M`, for a short arrow.
  let short: String

  private init(_ parts: [(long: String, short: String)]) {
    long = HarmlessText.line(parts.map(\.long).joined(separator: ", "))
    short = HarmlessText.line(parts.first?.short ?? "")
  }

  /// Nil where nothing is changed, or where the honest message is not known.
  init?(_ message: Message) {
    guard let fault = message.tamperedBy.flatMap(Lab.fault) else { return nil }
    if message.original == .nothing {
      self.init([("sent on top", "on top")])
      return
    }
    guard let difference = MessageDifference(message) else { return nil }
    let fields = difference.parts.filter(\.kind.isOfFault)
    if fault.attack?.takesFromAnotherRun == true, fields.count > 2 {
      self.init([("answer A \u{2192} answer M", "answer A \u{2192} M")])
      return
    }
    // A token that is another one is told by what is other in it.
    let tokens = fault.attack == nil ? difference.tokens : []
    let inside = tokens.flatMap(\.parts).filter(\.kind.isOfFault)
    let outside = fields.filter { part in !tokens.contains { $0.name.isIdentical(to: part.name) } }
    let told = (inside + outside).prefix(2)
    guard !told.isEmpty else { return nil }
    let letter = fault.culprit == .attacker ? "M" : "B"
    self.init(told.map { Self.words($0, letter) })
  }

  private static func words(_ part: DifferentPart, _ letter: String) -> (
    long: String, short: String
  ) {
    let name = part.name
    switch part.kind {
    case .missing: return ("\(name) missing", "no \(name)")
    case .added: return ("\(name) added", "+ \(name)")
    case .changed, .same, .follows, .otherRun: break
    }
    switch part.place {
    case .start, .header, .body: return ("\(name) changed", "\(name) changed")
    case .field, .joseHeader, .claim, .signature: break
    }
    let isPlain = SecretPolicy.kind(of: name) == nil && part.place != .signature
    if isPlain, let honest = part.honest, let found = part.found, !honest.isEmpty, !found.isEmpty,
      honest.utf8.count <= plainBytes, found.utf8.count <= plainBytes
    {
      let words = "\(name) \(honest) \u{2192} \(found)"
      return (words, words)
    }
    if part.found?.isEmpty == true { return ("\(name) emptied", "no \(name)") }
    return ("\(name) A \u{2192} \(name) \(letter)", "\(name) A \u{2192} \(letter)")
  }

  /// Longer values have letters in their place.
  private static let plainBytes = 14
}
