import HybridFlow
import OpenID
import Redaction
import TextUI

/// Something that can be copied.
struct CopyEntry: Sendable, Equatable {
  /// Its word on the command line.
  var id: String
  var title: String
  var text: String
  /// Whether it contains values that are masked on the screen.
  var isReal = false
  /// The export form of the whole run; then the text is only a description.
  var export: ExportFormat?
}

extension ExplorerModel {
  /// What `y` offers: the visible texts, the real values of masked ones, and the whole run.
  var copyEntries: [CopyEntry] {
    let shown = copyTexts
    let exports = exportUnavailable == nil ? Self.exports : []
    if revealsSecrets { return shown + exports }
    var revealing = self
    revealing.revealsSecrets = true
    let real = revealing.copyTexts.compactMap { entry -> CopyEntry? in
      guard entry.id != "view", let masked = shown.first(where: { $0.id == entry.id }),
        !masked.text.isIdentical(to: entry.text)
      else { return nil }
      return CopyEntry(
        id: entry.id + "-real", title: entry.title + ", the real value", text: entry.text,
        isReal: true)
    }
    return shown + real + exports
  }

  var exportUnavailable: String? {
    transcript.messages.isEmpty ? "nothing has happened that could be handed on" : nil
  }

  var copyMessageUnavailable: String? {
    seenTranscript[shownStage].messages.isEmpty ? "no message travelled in this stage" : nil
  }

  /// The message at the marker, or the first one of the stage.
  var messageUnderMarker: Message? {
    let messages = seenTranscript[shownStage].messages
    let first = messages.first { $0.request != nil } ?? messages.first
    let layout = layout
    guard shownView(layout) == .wire, let content = layout.content(of: .detail) else {
      return first
    }
    let anchors = Reader(self).document(.wire).anchors
    let lines = lines(of: .detail, layout)
    let top = top(of: .detail, lines, height: content.height, layout)
    let row = selectedLine(lines, top: top, height: content.height, layout) ?? top
    guard lines.indices.contains(row) else { return first }
    let block = lines[row].block
    let under = anchors.filter { $0.value <= block }.max { $0.value < $1.value }?.key
    return messages.first { $0.id == under } ?? first
  }

  /// The export forms that can be pasted; the others are written to files.
  private static let exports: [CopyEntry] = [
    ("report", "The run as a report", ExportFormat.markdown),
    ("script", "The run as a curl script", .curl), ("diagram", "The run as a diagram", .mermaid),
  ].map { CopyEntry(id: $0.0, title: $0.1, text: $0.2.help, export: $0.2) }

  private var copyTexts: [CopyEntry] {
    var entries: [CopyEntry] = []
    func add(_ id: String, _ title: String, _ text: String?) {
      guard let text, !text.isEmpty, !entries.contains(where: { $0.id == id }) else { return }
      entries.append(CopyEntry(id: id, title: title, text: text))
    }
    let reader = Reader(self)
    if focus == .detail { add("value", "What the marker stands at", selectedTarget?.copies) }
    if shownStage == .authorize || isWaitingForBrowser {
      add("authorize-url", "Authorize URL", reader.authorizeURL.map { reader.shown($0.text) })
    }
    if let message = messageUnderMarker {
      let copies = MessageCopies(message, redactor)
      if message.request != nil {
        add("url", "URL of the request", copies.url)
        add("curl", "Message as curl", copies.curl)
      }
      add("body", "Body", copies.body)
      add("message", "Whole message", copies.whole)
    }
    for token in seenTranscript[shownStage].tokens {
      let words = token.use.rawValue.split(at: "_").joined(separator: " ")
      add(
        token.use.rawValue, words.capitalized, HarmlessText.line(redactor.mask(token.text)))
    }
    for value in seenTranscript[shownStage].values {
      let name = HarmlessText.line(value.name)
      add(name, name, HarmlessText.line(redactor.show(value)))
    }
    let lines = lines(of: .detail, layout).map(\.text)
    add("view", "The view as text", lines.joined(separator: "\n"))
    return entries
  }

  mutating func copy(id: String) -> [ExplorerAction] {
    copyEntries.first { $0.id == id }.flatMap { copy($0) }.map { [$0] } ?? []
  }

  /// The action that copies an entry; nil, with a notice, if it must not be copied now.
  fileprivate mutating func copy(_ entry: CopyEntry) -> ExplorerAction? {
    if entry.isReal, modes.presenter != nil {
      say("Presenter mode keeps secrets masked; p leaves it.")
      return nil
    }
    return entry.export.map(ExplorerAction.copyExport) ?? .copy(entry.text)
  }
}

/// The list of what can be copied, over the panes.
struct CopyMenu: Overlay {
  /// The marked row.
  var index = 0

  var context: KeyContext { .copy }
  var endsWithRun: Bool { true }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: take(index, &model)
    case .close: .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      .notMine
    }
  }

  private func take(_ index: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    let entries = model.copyEntries
    guard entries.indices.contains(index), let action = model.copy(entries[index]) else {
      return .stays()
    }
    return .closes([action])
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let last = max(0, model.copyEntries.count - 1)
    index = movement.from(index, page: model.overlayPage, last: last)
  }

  /// A digit selects its row.
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard case .character(let digit) = key, let number = digit.wholeNumberValue else {
      return .notMine
    }
    return take(number - 1, &model)
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    take(item, &model)
  }

  func paint(_ painter: inout Painter) { CopyOverlay.paint(self, &painter) }
}

/// The texts that can be copied from a message, masked as on the screen.
struct MessageCopies {
  let message: Message
  let redactor: Redactor

  init(_ message: Message, _ redactor: Redactor) {
    (self.message, self.redactor) = (message, redactor)
  }

  private func shown(_ text: String) -> String { HarmlessText.line(redactor.mask(text)) }

  var url: String { shown(message.url) }

  var body: String {
    let text = String(decoding: message.body, as: UTF8.self)
    let isForm = message.headers.mediaType == "application/x-www-form-urlencoded"
    return HarmlessText.lines(isForm ? redactor.maskForm(text) : redactor.mask(text))
      .joined(separator: "\n")
  }

  var whole: String {
    var lines: [String] = []
    switch message.content {
    case .request(let request):
      lines.append("\(HarmlessText.line(request.method)) \(shown(request.target)) HTTP/1.1")
    case .response(let response):
      lines.append("HTTP/1.1 \(response.status) \(HarmlessText.line(response.reason))")
    }
    for header in message.headers.lines {
      lines.append(HarmlessText.line("\(header.name): \(redactor.show(header))"))
    }
    return lines.joined(separator: "\n") + "\n\n" + body
  }

  /// The request as a curl command, with shell variables for secrets; nil if there is no request.
  var curl: String? { message.request.map { ShellCommand($0, message.url, redactor).text } }
}

/// Draws the list.
enum CopyOverlay {
  static func paint(_ menu: CopyMenu, _ painter: inout Painter) {
    let entries = painter.model.copyEntries
    let size = painter.layout.size
    let longest = entries.map { CellWidth.width(of: $0.title) }.max() ?? 0
    let locked = painter.model.modes.presenter != nil
    var box = ListBox("Copy", size: size, columnsMax: 96) { width in
      entries.enumerated().map { number, entry in
        let key = number < 9 ? "\(number + 1)" : " "
        let preview =
          entry.isReal
          ? (locked ? "not while presenting" : "not masked: mind who sees where it is pasted")
          : entry.text.split(at: "\n").first.map(String.init) ?? ""
        return Line(
          [
            Span("\(key)  ", .footerKey, .bold),
            Span(TextFitting.pad(entry.title, longest + 2), .text),
            Span(preview, entry.isReal ? .statusWarn : .textMuted),
          ].fitted(width))
      }
    }
    box.item = { $0 }
    let marked = min(menu.index, max(0, entries.count - 1))
    box.reveal(marked..<(marked + 1))
    box.paint(&painter)
  }
}
