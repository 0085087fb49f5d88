import HybridFlow
import Lab
import OpenID
import TextUI

extension DetailView {
  /// The message that a fault of the lab changed, beside the honest one.
  public static let forged = DetailView("forged", "Forged", applies: { $0.tellsForgery }) {
    $0.forged()
  }
}

extension ExplorerModel {
  /// Whether the shown stage tells of the fault: it has the changed message, or it notices it.
  var tellsForgery: Bool { !forgedMessages.isEmpty || stopsForgery }

  /// Whether the fault was noticed in the shown stage before its message was sent at all.
  var stopsForgery: Bool {
    guard modes.verdictAsked == nil else { return false }
    let transcript = seenTranscript
    return transcript.changedMessages.isEmpty && transcript.notices(transcript[shownStage])
  }

  /// The changed messages of the shown stage, or those that are noticed in it; none while a verdict
  /// is still to be guessed.
  var forgedMessages: [Message] {
    guard modes.verdictAsked == nil else { return [] }
    let transcript = seenTranscript
    var records = [transcript[shownStage]]
    if shownStage == .data { records += transcript.afterwards.map(\.record) }
    let here = records.flatMap(\.messages).filter { $0.tamperedBy != nil }
    guard here.isEmpty, transcript.notices(transcript[shownStage]) else { return here }
    return transcript.changedMessages.filter { $0.stage < shownStage }
  }
}

extension Transcript {
  /// Whether the fault of the run is noticed in a stage.
  fileprivate func notices(_ record: StageRecord) -> Bool {
    guard let fault = tampering.flatMap({ Lab.fault($0.faultID) }) else { return false }
    return record.checks.contains {
      $0.id == fault.check && ($0.verdict == .fail || $0.verdict == .warn)
    } || record.serverChecks.contains { $0.id == fault.caughtBy && $0.passed == false }
  }
}

extension Reader {
  /// The changed messages of the stage, every part beside the honest one.
  func forged() -> Document {
    var document = Document()
    for message in model.forgedMessages { addForged(message, .whole, to: &document) }
    if model.stopsForgery { addUnsent(to: &document) }
    return document
  }

  /// Adds the comparisons of the stage above its messages or tokens.
  func addForged(_ extent: ForgedDocument.Extent, to document: inout Document) {
    guard !isConcealed else { return }
    let count = document.blocks.count
    let messages =
      isAction ? record.messages.filter { $0.tamperedBy != nil } : model.forgedMessages
    for message in messages { addForged(message, extent, to: &document) }
    if !isAction, model.stopsForgery { addUnsent(to: &document) }
    if document.blocks.count > count { document.gap() }
  }

  /// Says what would have been sent, where a check has kept the message back.
  private func addUnsent(to document: inout Document) {
    guard let fault = transcript.tampering.flatMap({ Lab.fault($0.faultID) }) else { return }
    document.heading("Nothing was sent", role: .title)
    document.add(
      .paragraph(
        [
          Span(fault.culprit.mark + " ", .statusWarn, .bold),
          Span(
            "\(fault.does) \(fault.caughtBy) noticed it before a byte was sent, so there is no "
              + "message to compare."),
        ], indent: 0, hanging: 2))
  }

  private func addForged(
    _ message: Message, _ extent: ForgedDocument.Extent, to document: inout Document
  ) {
    var forged = ForgedDocument(message, in: transcript, redactor, extent)
    guard !forged.isEmpty else { return }
    forged.isOpen = { isOpen($0) }
    document.opensHere()
    forged.add(to: &document)
  }
}
