import Anatomy
import HybridFlow
import OpenID
import Redaction
import TextUI

// Messages byte by byte; secrets are masked as everywhere.
extension Reader {
  /// The messages of the stage, with what each of their bytes is.
  func bytes() -> Document {
    var document = Document()
    addFailure(to: &document)
    for message in record.messages {
      document.gap()
      document.anchors[message.id] = document.blocks.count
      document.add(heading(of: message))
      let head = MessageBytes.head(of: message, redactor)
      let isAlone = message.body.isEmpty
      let id = "head:\(message.id)"
      let open = isOpen(id, byItself: isAlone)
      document.add(
        .line(
          Line(
            [Span(open ? "head, written out" : "head, closed", .textMuted)],
            note: [Span("\(head.bytes.count) bytes", .textMuted)], target: Target(id: id))))
      if open { addDump(head, "head\(message.id)", to: &document) }
      guard !isAlone else { continue }
      document.gap()
      // A page is mostly how it looks; what it posts stands in the next message.
      let bodyID = "bytes:\(message.id)"
      let isBodyOpen = isOpen(bodyID, byItself: message.headers.mediaType != "text/html")
      document.add(
        .line(
          Line(
            [Span(isBodyOpen ? "body, as it came" : "body, closed: a page", .textMuted)],
            note: [Span("\(message.body.count) bytes", .textMuted)],
            target: Target(id: bodyID))))
      guard isBodyOpen else { continue }
      addDump(MessageBytes.body(of: message, redactor), "body\(message.id)", to: &document)
    }
    if record.messages.isEmpty {
      document.paragraph(absence ?? "No message travelled in this stage: there are no bytes.")
    }
    for token in record.tokens { addAnatomy(of: token, to: &document) }
    addRecipes(to: &document)
    return document
  }

  /// Adds units until enough bytes are shown; the last one may be cut.
  private func addDump(_ dump: MessageBytes, _ owner: String, to document: inout Document) {
    let count = dump.bytes.count
    let limit = openedLength(of: count, first: 2048, owner)
    var shown = 0
    for unit in dump.units {
      guard shown < limit else { break }
      let end = min(unit.range.upperBound, max(limit, unit.range.lowerBound + HexRow.length))
      addRows(of: unit, to: end, dump, to: &document)
      shown = end
    }
    addRest(count - shown, "bytes", owner, after: min(shown, limit), to: &document)
  }

  private func addRows(
    of unit: ByteUnit, to end: Int, _ dump: MessageBytes, to document: inout Document
  ) {
    var start = unit.range.lowerBound
    while start < end {
      let stop = min(start + HexRow.length, end)
      // Rows with masked bytes only are skipped.
      var next = stop
      if dump.isHidden(start..<stop) {
        while next < end, dump.isHidden(next..<min(next + HexRow.length, end)) {
          next = min(next + HexRow.length, end)
        }
      }
      if next - start > 2 * HexRow.length {
        document.line("*     \(next - start) bytes, masked; s shows them", .wireMasked)
        start = next
        continue
      }
      document.add(.hex(dump.row(start..<stop, of: unit, redactor)))
      start = stop
    }
  }

  /// A token: characters, bytes, JSON, claims.
  private func addAnatomy(of token: TokenRecord, to document: inout Document) {
    if let outer = token.envelope, !isConcealed {
      document.heading(
        "\(token.use.rawValue), five parts", note: "the fourth hides another token",
        role: .textStrong)
      addParts(of: outer, to: &document)
    }
    guard let anatomy = TokenAnatomy(token.content ?? token.text), !isConcealed else { return }
    document.heading(
      token.content == nil
        ? "\(token.use.rawValue), from characters to claims"
        : "the token inside, from characters to claims",
      note: "4 characters are 3 bytes", role: .textStrong)
    let place: Glossary.Context =
      token.use == .response
      ? .responseObject : token.use == .idToken ? .idTokenClaim : .accessTokenClaim
    for segment in anatomy.segments {
      document.gap()
      let kind = segment.name == "signature" ? SignatureForm.words(token.jws) : "JSON"
      document.line(
        "\(segment.name): \(segment.characters.count) characters, \(segment.bytes.count) bytes, "
          + kind, .textStrong, .bold)
      for member in segment.members {
        let json = String(decoding: segment.bytes[member.bytes], as: UTF8.self)
        let characters = String(decoding: segment.characters[member.characters], as: UTF8.self)
        document.add(
          .row(
            TableRow(
              name: HarmlessText.line(member.name), nameRole: .jsonKey, value: shown(json),
              meaning: [
                Span(
                  "bytes \(Self.range(member.bytes)), characters \(Self.range(member.characters))"
                    + (model.revealsSecrets ? ": \(HarmlessText.line(characters))" : ""),
                  .textMuted)
              ],
              source: Glossary.entry(
                member.name, in: segment.name == "header" ? .joseHeader : place)?.source)))
      }
    }
  }

  private static func range(_ range: Range<Int>) -> String {
    "\(range.lowerBound)\u{2013}\(range.upperBound - 1)"
  }

  /// Lines for a shell that give the values of this stage.
  private func addRecipes(to document: inout Document) {
    let recipes = ShellRecipe.all(for: record, of: transcript)
    guard !recipes.isEmpty, !isConcealed else { return }
    document.heading("The same from a shell", note: "coreutils and openssl", role: .textStrong)
    for recipe in recipes {
      document.gap()
      document.paragraph(recipe.what, .textMuted)
      document.add(.bytes(recipe.line, .wireToken, indent: 2))
    }
  }

  /// How much of a long text is open: each Enter doubles it.
  func openedLength(of count: Int, first: Int, _ owner: String) -> Int {
    var shown = first
    while shown < count, isOpen("more:\(owner):\(shown)") { shown += 2 * shown }
    return shown
  }

  /// Adds the target that opens more of a long text.
  func addRest(
    _ rest: Int, _ unit: String, _ owner: String, after shown: Int, to document: inout Document
  ) {
    guard rest > 0 else { return }
    document.add(
      .line(
        Line(
          [Span("\u{2026} \(rest) more \(unit): Enter goes on", .textMuted)],
          target: Target(id: "more:\(owner):\(shown)"))))
  }
}
