import HybridFlow
import Inspection
import OpenID
import Redaction
import TextUI

/// The box for an authorization response that the person pastes.
///
/// The pasted text is never shown: it contains a code and tokens.
struct PasteBox: Sendable, Equatable {
  /// Text up to this size is parsed while it is typed; longer text when it is complete.
  static let typedBytesMax = 1 << 14
  /// An Enter this soon after a character is not a person's: a terminal without paste marks sends a
  /// paste as keys.
  static let pastedEnterMilliseconds: Int64 = 25

  private(set) var text = ""
  /// The recognized response; nil for none yet.
  private(set) var answer: PastedAnswer?
  /// Why nothing was recognized.
  private(set) var fault: String?
  /// The time of the last character.
  private var typedAt: UnixTime?

  /// Takes a paste, which replaces the old text.
  mutating func take(paste: String) {
    text = paste
    typedAt = nil
    // The last character of a longer text may be incomplete.
    guard paste.utf8.count < Key.pasteBytesMax - 3 else {
      (answer, fault) = (nil, "The text is longer than 1 MiB and was cut: paste the answer alone.")
      return
    }
    read()
  }

  /// Handles an editing key; false when the key means something else.
  mutating func edit(_ key: Key, at now: UnixTime) -> Bool {
    switch key {
    case .paste(let pasted):
      take(paste: pasted)
      return true
    case .character(let character):
      guard text.utf8.count < PastedReader.textBytes else { return true }
      text.append(character)
      typedAt = now
    case .enter:
      guard let typedAt, now.milliseconds - typedAt.milliseconds < Self.pastedEnterMilliseconds
      else { return false }
      text.append("\n")
    case .backspace:
      if !text.isEmpty { text.removeLast() }
    default: return false
    }
    if text.utf8.count <= Self.typedBytesMax { read() } else { (answer, fault) = (nil, nil) }
    return true
  }

  /// Parses the text.
  mutating func read() {
    (answer, fault) = (nil, nil)
    guard text.utf8.contains(where: { $0 > 0x20 }) else { return }
    do {
      answer = try PastedAnswer(text)
    } catch {
      fault = error.message
    }
  }
}

extension ExplorerModel {
  var pasteUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    switch situation {
    case .browserAway: return nil
    case .pageShown: return "the page is here in the terminal; o takes it to a browser"
    case .idle, .ready, .busy, .finished, .failed: return "no answer of a browser is waited for now"
    }
  }

  var addressUnavailable: String? {
    isWaitingForBrowser && Reader(self).authorizeURL != nil
      ? nil : "no browser is to open an address now"
  }

  /// Copies the whole authorize URL for the browser: it contains no secret.
  func copyAddress() -> [ExplorerAction] {
    Reader(self).authorizeURL.map { [.copy($0.text)] } ?? []
  }

  /// Opens the box, with the pasted text if there is one.
  mutating func openPasteBox(_ text: String? = nil) {
    var box = PasteBox()
    if let text { box.take(paste: text) }
    overlays.push(box)
  }

  /// The `state` that this run sent.
  var sentState: String? {
    let url = Reader(self).authorizeURL
    return (try? url?.queryFields())?["state"]
      ?? transcript[.login].values.first { $0.name == "state" }?.value
  }
}

extension PasteBox: Overlay {
  var context: KeyContext { .paste }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: return accept(&model)
    case .close: return .closes()
    case .reset: self = PasteBox()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .save, .check,
      .compare:
      return .notMine
    }
    return .stays()
  }

  /// Continues with the pasted response.
  private mutating func accept(_ model: inout ExplorerModel) -> OverlayOutcome {
    if fault == nil { read() }
    if let answer { return .closes([.post(.answerPasted(answer))]) }
    model.say(
      fault == nil ? "Nothing was pasted yet." : "This is no answer; the box says why.")
    return .stays()
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    edit(key, at: model.now) ? .stays() : .notMine
  }

  /// A click beside the box does not discard the pasted text.
  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  func reasonToClose(in model: ExplorerModel) -> String? {
    model.isWaitingForBrowser
      ? nil : "The box was closed: nobody waits for an answer any more."
  }

  func paint(_ painter: inout Painter) { PasteOverlay.paint(self, &painter) }
}

/// Draws the box.
enum PasteOverlay {
  static func paint(_ box: PasteBox, _ painter: inout Painter) {
    let document = story(box, painter.model)
    var list = ListBox("Paste the answer", size: painter.layout.size, columnsMax: 92) {
      document.laid($0)
    }
    // The recognized response, or the error, is at the end.
    list.top = max(0, list.lines.count - list.page)
    list.paint(&painter)
  }

  static func story(_ box: PasteBox, _ model: ExplorerModel) -> Document {
    var document = Document()
    document.paragraph(
      "In the browser\u{2019}s developer tools, under Network, take the POST to the redirect URI: "
        + "its form data, or \u{201C}Copy as cURL\u{201D}. The address at which the browser ended is "
        + "understood as well, and lines such as code: \u{2026}", .textMuted)
    document.gap()
    guard !box.text.isEmpty else {
      document.line("Paste now. It is not shown: it holds a code and tokens.", .textStrong, .bold)
      return document
    }
    let bytes = box.text.utf8.count
    let lines = box.text.utf8.count { $0 == 0x0A } + 1
    document.line(
      "\(bytes) \(bytes == 1 ? "byte" : "bytes") in \(lines) \(lines == 1 ? "line" : "lines"), "
        + "not shown.", .textMuted)
    if let fault = box.fault {
      document.gap()
      document.add(
        .paragraph(
          [Verdicts.span(.fail), Span(" " + HarmlessText.line(fault), .statusFail, .bold)],
          indent: 0, hanging: 2))
    }
    if let answer = box.answer { add(answer, model, to: &document) }
    return document
  }

  private static func add(
    _ answer: PastedAnswer, _ model: ExplorerModel, to document: inout Document
  ) {
    let redactor =
      model.revealsSecrets
      ? Redactor.revealing : Redactor(secrets: model.transcript.secrets + answer.secrets)
    document.gap()
    document.add(
      .paragraph(
        [
          Verdicts.span(.pass), Span(" Recognised: \(answer.source). ", .statusPass, .bold),
          Span("Enter goes on with it."),
        ], indent: 0, hanging: 2))
    document.gap()
    for field in answer.fields.prefix(12) {
      document.add(
        .row(
          TableRow(
            name: HarmlessText.line(field.name), value: HarmlessText.line(redactor.show(field)),
            meaning: [Span("\(field.value.utf8.count) bytes", .textMuted)], isToken: true)))
    }
    for warning in warnings(answer, model) {
      document.gap()
      document.add(
        .paragraph(
          [Verdicts.span(.warn), Span(" " + HarmlessText.line(warning), .statusWarn)], indent: 0,
          hanging: 2))
    }
  }

  /// Warnings about what will fail.
  private static func warnings(_ answer: PastedAnswer, _ model: ExplorerModel) -> [String] {
    var warnings: [String] = []
    let tells = answer.carrier != .body || answer.address != nil
    if tells, let asked = ResponseMode(rawValue: model.summary.responseMode),
      answer.carrier != asked.carrier
    {
      warnings.append(
        "It came in the \(answer.carrier.rawValue), and \(model.summary.responseMode) was asked "
          + "for: the check response-mode-exact will fail, as it would on the wire.")
    }
    if let state = model.sentState, !state.isEmpty, !answer.isSealed, !answer.belongs(to: state) {
      let check = answer.fields["response"] == nil ? "state-match" : "jarm-state"
      warnings.append(
        answer.state == nil
          ? "There is no state in it: the check \(check) will fail. Paste the whole answer."
          : "Its state is not this run\u{2019}s: it belongs to another sign-in, and the check "
            + "\(check) will fail.")
    }
    if let redirectURI = try? WebURL(model.summary.redirectURI),
      let elsewhere = answer.misdirection(from: redirectURI)
    {
      warnings.append(elsewhere)
    }
    return warnings
  }
}
