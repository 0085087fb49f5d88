/// Blocks in a frame with a title at its left and a word at its right.
public struct BoxBlock: Sendable {
  /// The title, in the upper edge.
  package var title: [Span]
  /// Further words at the right end of the upper edge; dropped where there is no room.
  package var corner: [Span]
  /// The role of the frame.
  package var edge: Role
  /// What stands in it.
  package var content: Document

  package init(title: [Span], corner: [Span], edge: Role = .border, content: Document) {
    (self.title, self.corner, self.edge, self.content) = (title, corner, edge, content)
  }

  /// The rows; where there is too little room for a frame, the content without one.
  func laid(_ width: Int) -> [Line] {
    guard width >= 24 else { return [Line(title.fitted(width))] + content.laid(width) }
    let room = width - 4
    let body = content.laid(room).map { line in
      var framed = line
      let note = line.note.isEmpty || line.spans.width + line.note.width + 2 > room ? [] : line.note
      let blank = room - line.spans.width - note.width
      framed.spans =
        [Span("\u{2502} ", edge)] + line.spans
        + [Span(String(repeating: " ", count: max(0, blank)))] + note + [Span(" \u{2502}", edge)]
      framed.note = []
      framed.cutsMiddleOf = nil
      return framed
    }
    let bottom = "\u{2514}" + String(repeating: "\u{2500}", count: width - 2) + "\u{2518}"
    return [top(width)] + body + [Line([Span(bottom, edge)])]
  }

  private func top(_ width: Int) -> Line {
    var spans = [Span("\u{250C}\u{2500} ", edge)] + title.fitted(width - 6) + [Span(" ", edge)]
    let end = corner.isEmpty ? [] : [Span(" ", edge)] + corner + [Span(" \u{2500}", edge)]
    let rest = width - 1 - spans.width
    let isWide = !end.isEmpty && rest - end.width >= 2
    let rule = isWide ? rest - end.width : rest
    spans.append(Span(String(repeating: "\u{2500}", count: max(0, rule)), edge))
    return Line(spans + (isWide ? end : []) + [Span("\u{2510}", edge)])
  }
}
