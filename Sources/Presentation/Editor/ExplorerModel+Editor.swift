import HybridFlow
import OpenID
import TextUI

extension ExplorerModel {
  /// The stage whose request `e` opens: that of the stage on the screen, and after stage 5 the one
  /// that is about to leave.
  var editableStage: Stage? {
    switch shownStage {
    case .authorize: return .authorize
    case .exchange: return .exchange
    case .callback where situation == .ready(next: .exchange): return .exchange
    case .login, .prompt, .authenticate, .callback, .verify, .tokens, .api, .data: return nil
    }
  }

  /// Why no request can be edited now; nil when one can.
  var editUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    guard let stage = editableStage else {
      return "nothing to edit at this stage; stages 2 and 6 have requests"
    }
    guard transcript[stage].draft == nil else { return nil }
    return stage == .authorize
      ? "the request has not been written yet"
      : "the token request is known when stage 5 is done"
  }

  /// What the keys of the editor do.
  mutating func performEditor(_ command: KeyCommand) -> [ExplorerAction] {
    switch command {
    case .edit: openEditor()
    case .editValue: return editRow()
    case .applyEdit: return applyEdit()
    case .takeChoice: takeChoice()
    case .addParameter: modes.editor?.startAdding()
    case .removeParameter: modes.editor?.removeRow()
    case .resetParameter: modes.editor?.resetRow()
    case .resetRequest: modes.editor?.resetAll()
    case .togglePKCE: modes.editor?.togglePKCE()
    case .closeEditor: closeEditor()
    case .keepValue: keepValue()
    case .revertValue: modes.editor?.revertTyping()
    default: return performConnections(command)
    }
    return []
  }

  /// Whether the request of a stage has left, so that only another run can send it otherwise.
  func hasLeft(_ stage: Stage) -> Bool {
    situation != .ready(next: stage == .authorize ? .prompt : .exchange)
  }

  mutating func openEditor() {
    guard let stage = editableStage, let draft = transcript[stage].draft else { return }
    modes.editor = RequestEditor(draft, stage: stage)
  }

  /// Whether the value of a parameter must not be seen.
  func hides(_ name: String) -> Bool {
    !revealsSecrets && modes.editor?.isSecret(name) == true
  }

  mutating func moveEditor(_ command: KeyCommand, page: Int) {
    guard let editor = modes.editor else { return }
    // Ending the typing of a new name may take its row away.
    modes.editor?.move(
      to: Self.moved(editor.index, command, page: max(1, page / 2), last: editor.count - 1))
  }

  /// What Enter does at the marked row.
  mutating func editRow() -> [ExplorerAction] {
    guard let editor = modes.editor else { return [] }
    switch editor.index {
    case editor.addIndex: modes.editor?.startAdding()
    case editor.applyIndex: return applyEdit()
    default:
      let isHidden = editor.row.map { hides($0.name) } ?? false
      modes.editor?.startTyping(isHidden: isHidden)
    }
    return []
  }

  /// Ends the typing; the name of a new parameter is followed by its value.
  mutating func keepValue() {
    guard case .name(let name)? = modes.editor?.typing else {
      modes.editor?.keepTyping()
      return
    }
    modes.editor?.keepTyping()
    guard !name.text.trimmingBlanks.isEmpty, let row = modes.editor?.row else {
      return say("A parameter needs a name.")
    }
    let isHidden = hides(row.name)
    modes.editor?.startTyping(isHidden: isHidden)
  }

  mutating func takeChoice() {
    if case .name? = modes.editor?.typing {
      modes.editor?.completeName()
    } else {
      _ = modes.editor?.takeChoice()
    }
  }

  /// Why there is nothing to choose; nil when there is.
  var choiceUnavailable: String? {
    if case .name? = modes.editor?.typing { return nil }
    return modes.editor?.choices.isEmpty == false
      ? nil : "this value has no list to choose from; it is typed"
  }

  /// Why a parameter cannot be taken out; nil when it can.
  var removeUnavailable: String? {
    guard let row = modes.editor?.row else { return "the marker stands at no parameter" }
    if row.isRemoved { return "it is not sent already" }
    guard modes.editor?.draft.kind == .token else { return nil }
    return row.name == "client_id" || row.name == RequestDraft.methodName
      ? "the client must be named; empty its name, or choose another method" : nil
  }

  var pkceUnavailable: String? {
    modes.editor?.draft.kind == .authorization
      ? nil : "PKCE is switched in the authorization request; here the verifier can be taken out"
  }

  /// Writes the request anew, or starts over with it where it has left.
  mutating func applyEdit() -> [ExplorerAction] {
    modes.editor?.keepTyping()
    guard let editor = modes.editor else { return [] }
    if let reason = editor.unusable {
      say("\(reason.capitalized).")
      return []
    }
    guard editor.isChanged else {
      modes.editor = nil
      say("Nothing was changed.")
      return []
    }
    let failing = editor.failing
    if !failing.isEmpty, !editor.isWarned {
      modes.editor?.isWarned = true
      modes.editor?.index = editor.applyIndex
      say("\(Self.list(failing)) will fail. Ctrl-S again sends it anyway; the run stays failed.")
      return []
    }
    let draft = editor.draft
    let edit = RequestEdit(
      from: draft.made, to: editor.fields, goesAnyway: !failing.isEmpty)
    modes.editor = nil
    guard hasLeft(editor.stage) else {
      say(
        draft.kind == .authorization
          ? "The request is written anew; \u{2192} sends it."
          : "The token request is changed; \u{2192} sends it.")
      return [.post(draft.kind == .authorization ? .requestEdited(edit) : .exchangeEdited(edit))]
    }
    rerunReason = StaleRun.reason(
      RequestChange.all(from: draft.fields, to: editor.fields), isSecret: editor.isSecret)
    waitsForExchange = draft.kind == .token
    return [.rerun(draft.kind, edit)]
  }

  static func list(_ checks: [CheckID]) -> String {
    checks.map(\.rawValue).joined(separator: " and ")
  }

  /// Leaves the editor; what was changed is dropped only when that was said.
  mutating func closeEditor() {
    guard let editor = modes.editor else { return }
    if editor.isChanged, !editor.asksToLeave {
      modes.editor?.asksToLeave = true
      say("Esc again drops the changes; Ctrl-S applies them.")
    } else {
      modes.editor = nil
    }
  }

  /// A click on a row of the editor: the first marks it, the second opens it.
  mutating func click(editorRow index: Int) -> [ExplorerAction] {
    guard let editor = modes.editor else { return [] }
    let isButton = index >= editor.addIndex
    guard editor.index == index || isButton else {
      modes.editor?.move(to: index)
      return []
    }
    guard !editor.isTyping || isButton else { return [] }
    // Ending the typing of a new name may take its row away.
    let isApply = index == editor.applyIndex
    modes.editor?.keepTyping()
    guard let count = modes.editor?.rows.count else { return [] }
    modes.editor?.index = isButton ? count + (isApply ? 1 : 0) : index
    return editRow()
  }
}

// What the header says of a request that was changed by hand: never to be overlooked.
extension ExplorerModel {
  var editSpans: [Span] {
    var spans: [Span] = []
    let overruled = transcript.checks.filter(\.isOverruled).map(\.id.rawValue)
    if let first = overruled.first {
      let more = overruled.count == 1 ? "" : " and \(overruled.count - 1) more"
      return [
        Span(" \(first)\(more) FAILED, SENT ANYWAY ", .statusFail, [.bold, .reverse]), Span("  "),
      ]
    }
    if waitsForExchange {
      return [Span(" EDIT WAITS FOR STAGE 6 ", .statusInfo, [.bold, .reverse]), Span("  ")]
    }
    let edited = [Stage.authorize, .exchange].filter { transcript[$0].draft?.isEdited == true }
    if let first = edited.first {
      let which = edited.count == 2 ? "BOTH REQUESTS" : "STAGE \(first.number)"
      spans += [Span(" \(which) EDITED ", .statusInfo, [.bold, .reverse]), Span("  ")]
    }
    return spans
  }

  /// The response type as it was asked for.
  var shownResponseType: String {
    guard let fields = transcript[.authorize].draft?.fields else { return summary.responseType }
    return HarmlessText.line(fields["response_type"] ?? "no response type")
  }
}
