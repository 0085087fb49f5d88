import OpenID
import TextUI

/// The form of a profile of the settings file.
public struct ProfileForm: Sendable, Equatable {
  /// The input of a row.
  public enum Kind: Sendable, Equatable {
    /// A line of text.
    case text
    /// A line of hidden text.
    case secret
    /// One of these; an empty text means no value.
    case choice([String])
  }

  /// One setting.
  public struct Row: Sendable, Equatable {
    /// The name in the settings file.
    public let id: String
    /// The heading above it.
    public let section: String
    /// Its input.
    public var kind: Kind
    /// What it does, in a sentence.
    public let help: String
    /// The value that applies while it is empty.
    public var placeholder: String
    /// Its current value; empty for none.
    public var value: String
    /// Whether it is shown: some rows only apply together with others.
    public var isShown = true
    /// Its value when the form was opened.
    public let before: String

    /// Makes a row; the texts are made harmless.
    public init(
      id: String, section: String, kind: Kind, help: String, placeholder: String = "",
      value: String, before: String? = nil
    ) {
      (self.id, self.section, self.kind, self.help) = (id, section, kind, help)
      self.placeholder = HarmlessText.line(placeholder)
      self.value = HarmlessText.line(value)
      self.before = before ?? self.value
    }

    /// Whether the person has changed it.
    public var isChanged: Bool { !value.isIdentical(to: before) }
  }

  /// An error in the form.
  public struct Fault: Sendable, Equatable {
    /// The row; nil if it concerns no single row.
    public var row: String?
    /// A sentence.
    public var message: String
    /// Whether the settings file itself would be invalid.
    public var isStrict: Bool

    /// Makes an error; the text is made harmless.
    public init(row: String?, message: String, isStrict: Bool) {
      self.row = row
      self.message = HarmlessText.line(message)
      self.isStrict = isStrict
    }
  }

  /// The most characters of a value; a longer one is edited in the file.
  public static let valueCharacters = 4000

  /// The profile's name in the file; nil for a new one.
  public let original: String?
  /// The settings in order.
  public var rows: [Row]
  /// What is wrong; nil if nothing is.
  public var fault: Fault?
  /// Notes about the provider, a sentence each.
  public var notes: [String] = []
  /// Whether the person has seen the error and saves nevertheless.
  public var insists = false
  /// Whether the focused field was changed, and its files are to be read when it is left.
  private var isFieldChanged = false
  /// Whether the form asks to discard changes.
  var asksToLeave = false
  /// The focused row; after the last one comes the button that saves.
  var index = 0
  private let opened: [String]
  var entry = TextEntry(limit: ProfileForm.valueCharacters)
  /// The result of saving.
  var message: String?

  /// Makes a form.
  public init(original: String?, rows: [Row]) {
    self.original = original
    self.rows = rows
    opened = rows.map(\.value)
    focus(original == nil ? 0 : rows.firstIndex { $0.id == "client_id" } ?? 0)
  }

  /// The value of a row; empty if there is no such row.
  public func value(_ id: String) -> String { rows.first { $0.id == id }?.value ?? "" }

  /// Whether anything was changed.
  public var isChanged: Bool {
    !zip(rows, opened).allSatisfy { $0.value.isIdentical(to: $1) }
  }

  var focused: Row? { rows.indices.contains(index) ? rows[index] : nil }
  var isAtButton: Bool { index == rows.count }

  mutating func focus(_ index: Int) {
    self.index = index
    entry = TextEntry(
      focused?.value ?? "", limit: Self.valueCharacters, isRaw: focused?.kind == .secret)
  }

  mutating func move(by step: Int) {
    let count = rows.count + 1
    var next = index
    for _ in 0..<count {
      next = (next + step + count) % count
      if next == rows.count || rows[next].isShown { break }
    }
    focus(next)
  }

  /// Handles an editing key in the focused line; false when the key means something else.
  mutating func edit(_ key: Key) -> Bool {
    guard let focused, !Self.isChoice(focused.kind), entry.edit(key) else { return false }
    rows[index].value = entry.text
    noteChange()
    return true
  }

  /// Selects the next choice of the focused row.
  mutating func change(by step: Int) {
    guard case .choice(let choices)? = focused?.kind, !choices.isEmpty else { return }
    let here = choices.firstIndex { $0.isIdentical(to: rows[index].value) }
    let next = here.map { ($0 + step + choices.count) % choices.count } ?? 0
    rows[index].value = choices[next]
    noteChange()
  }

  private mutating func noteChange() {
    insists = false
    message = nil
    isFieldChanged = true
  }

  static func isChoice(_ kind: Kind) -> Bool {
    if case .choice = kind { true } else { false }
  }
}

extension ExplorerModel {
  /// Opens the form of a profile; the answer to ``ConnectionOrder/edit(_:)``.
  public mutating func edit(_ form: ProfileForm) { overlays.push(form) }

  /// Shows the result of ``ConnectionOrder/judge(_:)``.
  public mutating func judge(_ form: ProfileForm) {
    guard overlays[ProfileForm.self] != nil else { return }
    overlays[ProfileForm.self] = form
    // A row that is no longer shown cannot have the focus.
    if form.focused?.isShown == false { overlays[ProfileForm.self]?.move(by: -1) }
  }

  /// Shows in the form why it was not saved.
  public mutating func refuseProfile(_ reason: String, insists: Bool = false) {
    overlays[ProfileForm.self]?.message = HarmlessText.line(reason)
    overlays[ProfileForm.self]?.insists = insists
  }

  /// Closes the form after it was saved.
  public mutating func closeProfile() { overlays[ProfileForm.self] = nil }
}

extension ProfileForm: Overlay {
  var context: KeyContext { asksToLeave ? .confirm : .profile }
  var hidesOthers: Bool { true }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      if asksToLeave { return .closes() }
      if isAtButton { return .stays([.connections(.save(self))]) }
      move(by: 1)
      return .stays(afterMove())
    case .nextChoice: return choose(by: 1)
    case .previousChoice: return choose(by: -1)
    case .save: return .stays([.connections(.save(self))])
    case .check: return .stays([.connections(.checkForm(self))])
    case .close:
      guard isChanged || asksToLeave else { return .closes() }
      asksToLeave.toggle()
    case .toggle, .filter, .add, .edit, .delete, .undo, .reset, .compare: return .notMine
    }
    return .stays()
  }

  private mutating func choose(by step: Int) -> OverlayOutcome {
    if isAtButton { return .stays([.connections(.save(self))]) }
    change(by: step)
    return .stays([.connections(.judge(self))])
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    guard command == .nextChoice || command == .previousChoice, let row = focused,
      !Self.isChoice(row.kind)
    else { return nil }
    return "this is a line to type in"
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    if asksToLeave { return }
    switch movement {
    case .down: move(by: 1)
    case .up: move(by: -1)
    case .pageDown, .pageUp, .top, .bottom:
      let next = movement.from(index, page: model.overlayPage / 2, last: rows.count)
      focus(next)
      if let row = focused, !row.isShown { move(by: next == 0 ? 1 : -1) }
    }
  }

  mutating func afterMove() -> [ExplorerAction] {
    guard isFieldChanged, !asksToLeave else { return [] }
    isFieldChanged = false
    return [.connections(.judgeFiles(self))]
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard !asksToLeave, edit(key) else { return .notMine }
    return .stays([.connections(.judge(self))])
  }

  /// Focuses a row; the button saves, a second click selects the next choice.
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    if asksToLeave { return .stays() }
    let isAgain = index == item
    focus(item)
    if isAtButton { return .stays([.connections(.save(self))]) }
    return isAgain ? choose(by: 1) : .stays(afterMove())
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  func paint(_ painter: inout Painter) { ProfileOverlay.paint(self, &painter) }
}
