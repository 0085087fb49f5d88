import OpenID
import TextUI

/// A profile of the settings file, being filled in.
public struct ProfileForm: Sendable, Equatable {
  /// What a row is filled in with.
  public enum Kind: Sendable, Equatable {
    /// A line of text.
    case text
    /// A line of text that is not shown.
    case secret
    /// One of these; an empty text is the one that stands for nothing.
    case choice([String])
  }

  /// One setting.
  public struct Row: Sendable, Equatable {
    /// The name in the settings file.
    public let id: String
    /// The heading under which it stands.
    public let section: String
    /// What it is filled in with.
    public var kind: Kind
    /// What it does, in a sentence.
    public let help: String
    /// What counts while it is empty.
    public var placeholder: String
    /// What it says now; empty where it says nothing.
    public var value: String
    /// Whether it is on the screen: some count only beside others.
    public var isShown = true
    /// What it said when the form was opened.
    public let before: String

    /// Describes a row; the texts are made harmless.
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

  /// What is wrong with the form as it stands.
  public struct Fault: Sendable, Equatable {
    /// The row; nil when it is about none of them alone.
    public var row: String?
    /// A sentence.
    public var message: String
    /// Whether the settings file itself would not take it.
    public var isStrict: Bool

    /// Describes a fault; the text is made harmless.
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
  /// What is wrong; nil when nothing is.
  public var fault: Fault?
  /// What is worth knowing about the provider, a sentence each.
  public var notes: [String] = []
  /// Whether the person was told what is wrong and saves nevertheless.
  public var insists = false
  /// Whether it is asked if changes are to be thrown away.
  var asksToLeave = false
  /// The row that is filled in; behind the last one, the button that saves.
  var index = 0
  private let opened: [String]
  var entry = TextEntry(limit: ProfileForm.valueCharacters)
  /// What came of saving.
  var message: String?

  /// Opens a form.
  public init(original: String?, rows: [Row]) {
    self.original = original
    self.rows = rows
    opened = rows.map(\.value)
    focus(original == nil ? 0 : rows.firstIndex { $0.id == "client_id" } ?? 0)
  }

  /// What a row says; empty where there is no such row.
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

  /// Takes an editing key into the focused line; false when the key means something else.
  mutating func edit(_ key: Key) -> Bool {
    guard let focused, !Self.isChoice(focused.kind), entry.edit(key) else { return false }
    rows[index].value = entry.text
    insists = false
    message = nil
    return true
  }

  /// Takes the next choice of the focused row.
  mutating func change(by step: Int) {
    guard case .choice(let choices)? = focused?.kind, !choices.isEmpty else { return }
    let here = choices.firstIndex { $0.isIdentical(to: rows[index].value) }
    let next = here.map { ($0 + step + choices.count) % choices.count } ?? 0
    rows[index].value = choices[next]
    insists = false
    message = nil
  }

  static func isChoice(_ kind: Kind) -> Bool {
    if case .choice = kind { true } else { false }
  }
}

extension ExplorerModel {
  /// Opens the form of a profile; ``ConnectionOrder/edit(_:)`` asks for it.
  public mutating func edit(_ form: ProfileForm) { modes.profile = form }

  /// Takes what ``ConnectionOrder/judge(_:)`` found out.
  public mutating func judge(_ form: ProfileForm) {
    guard modes.profile != nil else { return }
    modes.profile = form
    // A row that has gone cannot be filled in any more.
    if form.focused?.isShown == false { modes.profile?.move(by: -1) }
  }

  /// Says in the form why it was not saved.
  public mutating func refuseProfile(_ reason: String, insists: Bool = false) {
    modes.profile?.message = HarmlessText.line(reason)
    modes.profile?.insists = insists
  }

  /// Closes the form: it was saved.
  public mutating func closeProfile() { modes.profile = nil }

  var changeUnavailable: String? {
    guard let row = modes.profile?.focused, !ProfileForm.isChoice(row.kind) else { return nil }
    return "this is a line to type in"
  }

  /// What the keys of the form do.
  mutating func performProfile(_ command: KeyCommand) -> [ExplorerAction] {
    guard var form = modes.profile else { return performFindings(command) }
    switch command {
    case .nextSetting: form.move(by: 1)
    case .previousSetting: form.move(by: -1)
    case .nextChoice, .previousChoice:
      if form.isAtButton { return [.connections(.save(form))] }
      form.change(by: command == .nextChoice ? 1 : -1)
      modes.profile = form
      return [.connections(.judge(form))]
    case .enterSetting:
      if form.isAtButton { return [.connections(.save(form))] }
      form.move(by: 1)
    case .saveProfile: return [.connections(.save(form))]
    case .checkProfile: return [.connections(.checkForm(form))]
    case .closeProfile:
      guard form.isChanged else { return close() }
      form.asksToLeave = true
    default: return performFindings(command)
    }
    modes.profile = form
    return []
  }

  private mutating func close() -> [ExplorerAction] {
    modes.profile = nil
    return []
  }

  /// Goes to a row that was clicked; the button saves, a second click takes the next choice.
  mutating func click(setting index: Int) -> [ExplorerAction] {
    guard var form = modes.profile else { return [] }
    let isAgain = form.index == index
    form.focus(index)
    modes.profile = form
    if form.isAtButton { return [.connections(.save(form))] }
    return isAgain ? performProfile(.nextChoice) : []
  }

  /// Moves in the form by a page or to its ends.
  mutating func scrollProfile(_ command: KeyCommand, page: Int) {
    guard var form = modes.profile else { return }
    switch command {
    case .down: form.move(by: 1)
    case .up: form.move(by: -1)
    default:
      let next = Self.moved(form.index, command, page: page, last: form.rows.count)
      form.focus(next)
      if let row = form.focused, !row.isShown { form.move(by: next == 0 ? 1 : -1) }
    }
    modes.profile = form
  }

  /// Takes a key into the form; false when it is none of typing.
  mutating func type(intoProfile key: Key) -> Bool { modes.profile?.edit(key) == true }

  /// What is to be found out after a key was typed.
  var judgement: [ExplorerAction] {
    overlay == .profile ? modes.profile.map { [.connections(.judge($0))] } ?? [] : []
  }
}
