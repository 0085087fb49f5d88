import HybridFlow
import OpenID
import TextUI

/// The editor of a request before it is sent: its parameters as rows, and the text being typed.
struct RequestEditor: Sendable, Equatable {
  /// A parameter.
  struct Row: Sendable, Equatable {
    /// The origin of a parameter.
    enum Origin: Sendable, Equatable {
      /// The flow sends it with this value.
      case made(String)
      /// The flow does not send it; the editor offers it with this value.
      case offered(String)
      /// The person added it.
      case added
    }
    var name: String
    var value: String
    var origin: Origin
    var isRemoved = false

  }

  /// How a parameter differs from the flow's own.
  enum Change: Sendable, Equatable {
    case none, changed, added, removed, notSent
  }

  /// The text being typed into the marked row.
  enum Typing: Sendable, Equatable {
    /// The name of a parameter that is being added.
    case name(TextEntry)
    /// A value; a masked one is not shown, so that the typed text replaces it as a whole.
    case value(TextEntry, replacesUnseen: Bool)
  }

  /// The most characters of a value.
  static let valueCharacters = 4000
  /// The most characters of a name.
  static let nameCharacters = 80

  let draft: RequestDraft
  /// The stage of the request.
  let stage: Stage
  var rows: [Row]
  /// The marked row; after the parameters come ``addIndex`` and ``applyIndex``.
  var index = 0
  var typing: Typing?
  /// The marked row before a parameter was added.
  private var indexBeforeAdding = 0
  /// Whether the person was warned that a check will fail, and may continue nevertheless.
  var isWarned = false
  /// Whether the person was warned that leaving drops the changes.
  var asksToLeave = false

  init(_ draft: RequestDraft, stage: Stage) {
    self.draft = draft
    self.stage = stage
    rows = Self.rows(of: draft)
  }

  var addIndex: Int { rows.count }
  var applyIndex: Int { rows.count + 1 }
  var count: Int { rows.count + 2 }
  var row: Row? { rows.indices.contains(index) ? rows[index] : nil }
  var isTyping: Bool { typing != nil }

  /// The parameters as they would be sent now, with the text being typed.
  var fields: [FormField] {
    rows.indices.filter { !rows[$0].isRemoved && !isNaming($0) }
      .map { FormField(rows[$0].name, value(at: $0)) }
  }

  var isChanged: Bool { fields != draft.fields }

  private func isNaming(_ row: Int) -> Bool {
    if case .name? = typing { row == index } else { false }
  }

  /// The value of a row, with the text being typed.
  func value(at row: Int) -> String {
    guard row == index, case .value(let entry, let replaces)? = typing else {
      return rows[row].value
    }
    return replaces && entry.text.isEmpty ? rows[row].value : entry.text
  }

  /// How a row differs from the flow's own, with the text being typed.
  func change(at index: Int) -> Change {
    let row = rows[index]
    switch row.origin {
    case .made(let made):
      return row.isRemoved
        ? .removed : made.isIdentical(to: value(at: index)) ? .none : .changed
    case .offered: return row.isRemoved ? .notSent : .added
    case .added: return .added
    }
  }

  /// The rows of the flow's parameters, with the changes of an earlier edit.
  private static func rows(of draft: RequestDraft) -> [Row] {
    let sent = draft.fields
    var used: Set<Int> = []
    var counts: [String: Int] = [:]
    var rows: [Row] = []
    for field in draft.made {
      let wanted = counts[field.name, default: 0]
      counts[field.name] = wanted + 1
      let places = sent.indices.filter { sent[$0].name.isIdentical(to: field.name) }
      var row = Row(name: field.name, value: field.value, origin: .made(field.value))
      if places.indices.contains(wanted) {
        row.value = sent[places[wanted]].value
        used.insert(places[wanted])
      } else {
        row.isRemoved = true
      }
      rows.append(row)
    }
    for index in sent.indices where !used.contains(index) {
      rows.append(Row(name: sent[index].name, value: sent[index].value, origin: .added))
    }
    for field in offers(draft) {
      if let index = rows.firstIndex(where: { $0.name == field.name }) {
        if rows[index].origin == .added { rows[index].origin = .offered(field.value) }
      } else {
        rows.append(
          Row(
            name: field.name, value: field.value, origin: .offered(field.value), isRemoved: true))
      }
    }
    return rows
  }

  /// The parameters in the list that the flow does not send.
  private static func offers(_ draft: RequestDraft) -> [FormField] {
    switch draft.kind {
    case .authorization: draft.challenge + [FormField("prompt", "login")]
    case .token: []
    }
  }

  // MARK: Changing

  /// Drops the confirmations, because the request has changed.
  private mutating func changed() {
    isWarned = false
    asksToLeave = false
  }

  mutating func move(to wanted: Int) {
    keepTyping()
    index = max(0, min(count - 1, wanted))
    asksToLeave = false
  }

  mutating func startTyping(isHidden: Bool) {
    guard let row else { return }
    rows[index].isRemoved = false
    typing = .value(
      TextEntry(isHidden ? "" : row.value, limit: Self.valueCharacters),
      replacesUnseen: isHidden)
    changed()
  }

  mutating func startAdding() {
    keepTyping()
    indexBeforeAdding = index
    rows.append(Row(name: "", value: "", origin: .added))
    index = rows.count - 1
    typing = .name(TextEntry(limit: Self.nameCharacters))
    changed()
  }

  /// Handles a key in the text entry; false when it means something else.
  mutating func type(_ key: Key) -> Bool {
    switch typing {
    case .name(var entry)?:
      guard entry.edit(key) else { return false }
      typing = .name(entry)
    case .value(var entry, let replaces)?:
      guard entry.edit(key) else { return false }
      typing = .value(entry, replacesUnseen: replaces)
    case nil: return false
    }
    changed()
    return true
  }

  /// Takes pasted text as the whole value of the marked parameter; false if none is marked.
  mutating func paste(_ key: Key) -> Bool {
    guard row != nil else { return false }
    startTyping(isHidden: true)
    return type(key)
  }

  /// Ends the typing and keeps the text; a new parameter continues with its value.
  mutating func keepTyping() {
    switch typing {
    case .name(let entry)?:
      typing = nil
      let name = entry.text.trimmingBlanks
      guard !name.isEmpty else { return forgetAdding() }
      guard let here = rows.firstIndex(where: { $0.name == name && $0.isRemoved }) else {
        rows[index].name = name
        return
      }
      // The name is already in the list, but is not sent: use that row.
      dropRow()
      index = here
      rows[index].isRemoved = false
    case .value?:
      rows[index].value = value(at: index)
      typing = nil
    case nil: return
    }
  }

  /// Ends the typing and restores the old value.
  mutating func revertTyping() {
    switch typing {
    case .name?:
      typing = nil
      forgetAdding()
    case .value?, nil: typing = nil
    }
    changed()
  }

  private mutating func forgetAdding() {
    dropRow()
    index = min(indexBeforeAdding, count - 1)
  }

  private mutating func dropRow() {
    rows.remove(at: index)
    index = min(index, count - 1)
  }

  /// Removes the marked parameter; one that the person added is deleted.
  mutating func removeRow() {
    guard let row else { return }
    if row.origin == .added { dropRow() } else { rows[index].isRemoved = true }
    changed()
  }

  /// Resets the marked parameter to the flow's own.
  mutating func resetRow() {
    guard let row else { return }
    switch row.origin {
    case .made(let value): rows[index] = Row(name: row.name, value: value, origin: row.origin)
    case .offered(let value):
      rows[index] = Row(name: row.name, value: value, origin: row.origin, isRemoved: true)
    case .added: dropRow()
    }
    changed()
  }

  /// Resets all parameters to the flow's own.
  mutating func resetAll() {
    rows = Self.rows(of: draft.asMade)
    index = min(index, count - 1)
    changed()
  }

  /// Selects the next known value of a parameter.
  mutating func takeChoice() -> Bool {
    guard let row else { return false }
    let choices = choices
    guard !choices.isEmpty else { return false }
    let here = rows[index].isRemoved ? nil : choices.firstIndex(of: value(at: index))
    let next = choices[here.map { ($0 + 1) % choices.count } ?? 0]
    rows[index] = Row(name: row.name, value: next, origin: row.origin)
    if case .value? = typing {
      typing = .value(
        TextEntry(next, limit: Self.valueCharacters), replacesUnseen: false)
    }
    changed()
    return true
  }

  /// Whether both parameters of PKCE are sent.
  var usesPKCE: Bool { fields["code_challenge"] != nil }

  /// Sends both parameters of PKCE, or neither.
  mutating func togglePKCE() {
    let isOn = usesPKCE
    for index in rows.indices where rows[index].name.begins(with: "code_challenge") {
      rows[index].isRemoved = isOn
    }
    changed()
  }
}
