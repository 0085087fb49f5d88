import HybridFlow
import OpenID
import TextUI

extension RequestEditor: Overlay {
  var context: KeyContext { isTyping ? .value : .editor }
  var endsWithRun: Bool { true }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      guard isTyping else { return openRow(&model) }
      keepValue(&model)
    case .close:
      guard isTyping else { return close(&model) }
      revertTyping()
    case .save: return apply(&model)
    case .nextChoice:
      if case .name? = typing { completeName() } else { _ = takeChoice() }
    case .add: startAdding()
    case .delete: removeRow()
    case .undo: resetRow()
    case .reset: resetAll()
    case .toggle: togglePKCE()
    case .filter, .previousChoice, .edit, .check, .compare: return .notMine
    }
    return .stays()
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    switch command {
    case .nextChoice:
      if case .name? = typing { return nil }
      return choices.isEmpty ? "this value has no list to choose from; it is typed" : nil
    case .delete: return removeUnavailable
    case .toggle:
      return draft.kind == .authorization
        ? nil : "PKCE is switched in the authorization request; here the verifier can be taken out"
    case .accept, .close, .filter, .previousChoice, .add, .edit, .undo, .reset, .save, .check,
      .compare:
      return nil
    }
  }

  /// Why a parameter cannot be removed; nil if it can.
  private var removeUnavailable: String? {
    guard let row else { return "the marker stands at no parameter" }
    if row.isRemoved { return "it is not sent already" }
    guard draft.kind == .token else { return nil }
    return row.name == "client_id" || row.name == RequestDraft.methodName
      ? "the client must be named; empty its name, or choose another method" : nil
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    // The end of typing a new name may remove its row.
    move(to: movement.from(index, page: max(1, model.overlayPage / 2), last: count - 1))
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    if isTyping { return type(key) ? .stays() : .notMine }
    guard case .paste = key else { return .notMine }
    return paste(key) ? .stays() : .notMine
  }

  /// The first click on a row marks it, the second opens it.
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    let isButton = item >= addIndex
    guard index == item || isButton else {
      move(to: item)
      return .stays()
    }
    guard !isTyping || isButton else { return .stays() }
    // The end of typing a new name may remove its row.
    let isApply = item == applyIndex
    keepTyping()
    index = isButton ? rows.count + (isApply ? 1 : 0) : item
    return openRow(&model)
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  func paint(_ painter: inout Painter) {
    EditorOverlay(painter.model, self, painter.layout).paint(&painter)
  }

  /// Whether the value of a parameter must be hidden.
  func hides(_ name: String, _ model: ExplorerModel) -> Bool {
    !model.revealsSecrets && isSecret(name)
  }

  /// Handles Enter at the marked row.
  private mutating func openRow(_ model: inout ExplorerModel) -> OverlayOutcome {
    if index == applyIndex { return apply(&model) }
    if index == addIndex {
      startAdding()
    } else {
      startTyping(isHidden: row.map { hides($0.name, model) } ?? false)
    }
    return .stays()
  }

  /// Ends the typing; after the name of a new parameter comes its value.
  private mutating func keepValue(_ model: inout ExplorerModel) {
    guard case .name(let name)? = typing else { return keepTyping() }
    keepTyping()
    guard !name.text.trimmingBlanks.isEmpty, let row else {
      return model.say("A parameter needs a name.")
    }
    startTyping(isHidden: hides(row.name, model))
  }

  /// Applies the edit to the request, or starts a new run if it was already sent.
  private mutating func apply(_ model: inout ExplorerModel) -> OverlayOutcome {
    keepTyping()
    if let unusable {
      model.say("\(unusable.capitalized).")
      return .stays()
    }
    guard isChanged else {
      model.say("Nothing was changed.")
      return .closes()
    }
    let failing = failing
    if !failing.isEmpty, !isWarned {
      isWarned = true
      index = applyIndex
      let names = ExplorerModel.list(failing)
      model.say("\(names) will fail. Ctrl-S again sends it anyway; the run stays failed.")
      return .stays()
    }
    let edit = RequestEdit(from: draft.made, to: fields, goesAnyway: !failing.isEmpty)
    guard model.hasLeft(stage) else {
      let isAuthorization = draft.kind == .authorization
      model.say(
        isAuthorization
          ? "The request is written anew; \u{2192} sends it."
          : "The token request is changed; \u{2192} sends it.")
      return .closes([.post(isAuthorization ? .requestEdited(edit) : .exchangeEdited(edit))])
    }
    model.rerunReason = StaleRun.reason(
      RequestChange.all(from: draft.fields, to: fields), isSecret: isSecret)
    model.waitsForExchange = draft.kind == .token
    return .closes([.rerun(draft.kind, edit)])
  }

  /// Leaves the editor; asks before it drops changes.
  private mutating func close(_ model: inout ExplorerModel) -> OverlayOutcome {
    guard isChanged, !asksToLeave else { return .closes() }
    asksToLeave = true
    model.say("Esc again drops the changes; Ctrl-S applies them.")
    return .stays()
  }
}
