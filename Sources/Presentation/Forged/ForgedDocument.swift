import HybridFlow
import Lab
import OpenID
import Redaction
import TextUI

/// A changed message beside the honest one, as rows.
package struct ForgedDocument {
  /// How much of the comparison is told.
  package enum Extent: Sendable {
    /// The message: what is changed in full, the rest by name.
    case message
    /// Its tokens: what is changed in full, the rest by name.
    case tokens
    /// Every part of both.
    case whole
  }

  let message: Message
  let transcript: Transcript
  let redactor: Redactor
  let extent: Extent
  /// Whether a row is opened by the person.
  var isOpen: (String) -> Bool = { _ in false }
  private let difference: MessageDifference?
  private let fault: LabFault?

  package init(
    _ message: Message, in transcript: Transcript, _ redactor: Redactor, _ extent: Extent
  ) {
    (self.message, self.transcript, self.redactor) = (message, transcript, redactor)
    self.extent = extent
    difference = MessageDifference(message)
    fault = message.tamperedBy.flatMap(Lab.fault)
  }

  /// Whether there is anything to tell to this extent.
  package var isEmpty: Bool {
    if case .tokens = extent { return difference?.tokens.isEmpty ?? true }
    return fault == nil
  }

  /// The role of what is forged or wrong.
  private var role: Role { fault?.culprit == .attacker ? .attacker : .statusWarn }

  /// Adds the comparison to a document.
  package func add(to document: inout Document) {
    guard let fault, !isEmpty else { return }
    document.gap()
    document.add(
      .heading(
        [Span(fault.culprit.mark + " ", role, .bold), Span(title, .title, .bold)],
        note: [
          Span(
            "stage \(message.stage.number), " + MessageDocument(message, redactor).way(), .textMuted
          )
        ]
      ))
    guard let difference else {
      return document.add(.paragraph([Span(sentence(fault))], indent: 0))
    }
    var rows: [(part: DifferentPart, owner: String)] = []
    if case .tokens = extent {} else { rows += difference.parts.map { ($0, "") } }
    for token in difference.tokens { rows += token.parts.map { ($0, token.name) } }
    let told = rows.filter { isTold($0.part, inToken: !$0.owner.isEmpty) }
    // What is changed comes first, then the claims that hold it, then the rest.
    let full = told.filter(\.part.kind.isOfFault)
    let rest = told.filter { !$0.part.kind.isOfFault }
    let pins = PinnedValue.all(in: difference, transcript)
    let names = told.map { name($0.part, $0.owner) } + pins.flatMap { [$0.claim, $0.title] }
    let width = min(22, max(6, names.map { CellWidth.width(of: $0) }.max() ?? 0))
    addHead(width, to: &document)
    for row in full { document.add(.beside(self.row(row.part, row.owner, width))) }
    for pin in pins { add(pin, width, to: &document) }
    for row in rest { document.add(.beside(self.row(row.part, row.owner, width))) }
    addOthers(
      rows.filter { !isTold($0.part, inToken: !$0.owner.isEmpty) }.map(\.part), to: &document)
  }

  /// The comparison as plain lines.
  package func lines(width: Int, glyphs: GlyphSet = .unicode) -> [String] {
    var document = Document()
    add(to: &document)
    return document.laid(width).enumerated().map { index, line in
      var text = line.text.trimmingBlanksAtEnd
      // The rule of the heading gives way to what stands at its end.
      if index == 0 {
        let heading = line.spans.filter { $0.role != .border }.map(\.text).joined()
        text = heading + "   " + line.note.map(\.text).joined()
      }
      return glyphs == .unicode ? text : text.map { Self.ascii($0) }.joined()
    }
  }

  private static func ascii(_ character: Character) -> String {
    character.isASCII ? String(character) : GlyphSet.ascii(String(character))
  }

  private var title: String {
    guard let fault else { return "" }
    let isCompared = difference != nil
    return switch fault.culprit {
    case .attacker: isCompared ? "Honest beside forged" : "What the attacker did"
    case .party(let actor, let how):
      isCompared
        ? "Honest beside what the \(how) \(actor.word) sent" : "What the \(how) \(actor.word) did"
    }
  }

  /// What is said where there are no two messages to compare.
  private func sentence(_ fault: LabFault) -> String {
    switch message.original {
    case .nothing?: "Without the fault this message is not sent at all. " + fault.does
    case .content?: "This message is as it must be, to the byte. " + fault.does
    case nil:
      fault.changesNoMessage
        ? "No byte of this message is changed. " + fault.does
        : "This recording does not hold what the message was before. " + fault.does
    }
  }

  /// Whether a part has a row of its own.
  private func isTold(_ part: DifferentPart, inToken: Bool) -> Bool {
    if part.kind.isOfFault { return true }
    if case .whole = extent { return part.place != .header && part.place != .start }
    if case .message = extent, inToken { return false }
    return part.kind != .same
  }

  private func name(_ part: DifferentPart, _ owner: String) -> String {
    let name = HarmlessText.line(part.name)
    return owner.isEmpty ? name : "\u{203A} " + name
  }

  private func addHead(_ names: Int, to document: inout Document) {
    let found = message.from == .application ? "as it was sent" : "as it arrived"
    document.add(
      .beside(
        BesideRow(
          name: "", nameWidth: names, left: BesideRow.Value([("honest", false)], .textMuted),
          right: BesideRow.Value([(found, false)], role), word: Span(""))))
  }

  private func row(_ part: DifferentPart, _ owner: String, _ names: Int) -> BesideRow {
    let (left, right) = values(part)
    let id = "forged:\(message.id):\(owner):\(part.name)"
    let word: Span =
      switch part.kind {
      case .same, .otherRun: Span(part.kind.rawValue, .textMuted)
      case .follows: Span("follows from it", .textMuted)
      case .changed, .missing, .added: Span(part.kind.rawValue, role, .bold)
      }
    return BesideRow(
      name: name(part, owner), nameWidth: names, left: left, right: right, word: word,
      markRole: role, isOpen: isOpen(id),
      target: Target(id: id, copies: right.map { text(of: $0) }))
  }

  private func text(of value: BesideRow.Value) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: value.scalars)
    return String(view)
  }

  private func addOthers(_ parts: [DifferentPart], to document: inout Document) {
    let quiet: [DifferentPart.Place] =
      if case .message = extent { [.header, .start, .joseHeader, .claim, .signature] } else {
        [.header, .start]
      }
    let same = parts.filter { $0.kind == .same && !quiet.contains($0.place) }.map {
      HarmlessText.line($0.name)
    }
    let headers = parts.count { $0.kind == .same && $0.place == .header }
    var words = same
    if headers > 0 { words.append(headers == 1 ? "1 header line" : "\(headers) header lines") }
    guard !words.isEmpty else { return }
    document.add(
      .paragraph(
        [Span("same  ", .textMuted, .bold), Span(words.joined(separator: ", "), .textMuted)],
        indent: 0, hanging: 6))
  }

  private func add(_ pin: PinnedValue, _ names: Int, to document: inout Document) {
    func row(_ name: String, _ left: String?, _ right: String?, _ marks: (Bool?, Bool?)) {
      func value(_ text: String?, _ fits: Bool?) -> BesideRow.Value? {
        guard let text else { return nil }
        let mark = fits.map { $0 ? "\u{2713} " : "\u{2717} " } ?? ""
        let shown = HarmlessText.line(redactor.mask(text))
        return BesideRow.Value(
          [(mark + shown, false)], fits == nil ? .text : fits == true ? .statusPass : .statusFail)
      }
      document.add(
        .beside(
          BesideRow(
            name: name, nameWidth: names, left: value(left, marks.0), right: value(right, marks.1),
            word: Span(""))))
    }
    row(pin.claim, pin.honestClaim, pin.foundClaim, (nil, nil))
    row(pin.title, pin.honestValue, pin.foundValue, (pin.honestFits, pin.foundFits))
  }

  // MARK: - Values

  /// Both values as they may be shown, with what differs marked.
  private func values(_ part: DifferentPart) -> (BesideRow.Value?, BesideRow.Value?) {
    let (left, right) = (part.honest.map { shown($0, part) }, part.found.map { shown($0, part) })
    guard part.kind.isOfFault else {
      return (
        left.map { BesideRow.Value([($0, false)], .textMuted) },
        right.map { BesideRow.Value([($0, false)], .textMuted) }
      )
    }
    let ranges = part.ranges
    guard let honest = part.honest, let found = part.found, let left, let right else {
      return (
        left.map { BesideRow.Value([($0, true)]) },
        right.map { BesideRow.Value([($0, true)], role) }
      )
    }
    if let one = Self.pieces(honest, left, ranges.honest),
      let two = Self.pieces(found, right, ranges.found)
    {
      return (BesideRow.Value(one), BesideRow.Value(two, role))
    }
    // Masked in several places: what is shown is compared.
    let told = DifferentPart("", left, right, part.place)
    let whole = told.kind == .same
    let (one, two) = told.ranges
    return (
      BesideRow.Value(whole ? [(left, true)] : Self.marked(left, one)),
      BesideRow.Value(whole ? [(right, true)] : Self.marked(right, two), role)
    )
  }

  private func shown(_ text: String, _ part: DifferentPart) -> String {
    switch part.place {
    case .start: return redactor.line(redactor.maskAddress(text))
    case .header: return HarmlessText.line(redactor.show(HTTPHeader(part.name, text)))
    case .signature: return text.isEmpty ? "(empty)" : redactor.shorten(text)
    case .body:
      let isForm = message.headers.mediaType == "application/x-www-form-urlencoded"
      return HarmlessText.line(redactor.mask(isForm ? redactor.maskForm(text) : text))
    case .field, .joseHeader, .claim:
      let name = String(part.name.cut(atLast: ".")?.after ?? part.name[...])
      return HarmlessText.line(redactor.show(FormField(name, text)))
    }
  }

  /// The pieces of a shown value, by the ranges of bytes that differ in the real one; nil where
  /// they cannot be found in it.
  private static func pieces(
    _ raw: String, _ shown: String, _ ranges: [Range<Int>]
  ) -> [(text: String, isMarked: Bool)]? {
    if raw.isIdentical(to: shown) { return marked(raw, ranges) }
    guard let (head, tail) = shown.cut(at: "\u{2026}"), !head.isEmpty, raw.begins(with: head),
      raw.ends(with: tail)
    else { return nil }
    let (first, count) = (head.utf8.count, raw.utf8.count)
    let last = count - tail.utf8.count
    guard first <= last else { return nil }
    let hides = ranges.contains { $0.lowerBound < last && $0.upperBound > first }
    let end = ranges.compactMap { range -> Range<Int>? in
      let (from, to) = (max(range.lowerBound, last), max(range.upperBound, last))
      return from < to ? (from - last)..<(to - last) : nil
    }
    return marked(String(head), ranges) + [("\u{2026}", hides)] + marked(String(tail), end)
  }

  /// A text cut where marked bytes begin and end.
  private static func marked(
    _ text: String, _ ranges: [Range<Int>]
  ) -> [(text: String, isMarked: Bool)] {
    var pieces: [(text: String, isMarked: Bool)] = []
    var place = 0
    for scalar in text.unicodeScalars {
      let length = UTF8.width(scalar)
      let isMarked = ranges.contains { $0.lowerBound < place + length && $0.upperBound > place }
      place += length
      if pieces.last?.isMarked == isMarked {
        pieces[pieces.count - 1].text.unicodeScalars.append(scalar)
      } else {
        pieces.append((String(scalar), isMarked))
      }
    }
    return pieces
  }
}

extension Culprit {
  /// The sign before what they forged or spoilt.
  var mark: String { self == .attacker ? "\u{2620}" : "\u{2717}" }
}
