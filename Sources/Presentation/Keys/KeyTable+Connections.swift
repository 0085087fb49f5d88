import TextUI

// Connections: choosing, editing and checking them.
extension KeyMap {
  static let connecting: [KeyBinding] = choosingConnections + fillingProfiles + readingFindings

  private static let choosingConnections: [KeyBinding] = [
    KeyBinding(
      open: .connections, keys: [.character("c")], keyText: "c", label: "connections",
      help: "Choose the tenant: list the connections, add, edit, test and use one.",
      contexts: KeyContext.walking, footer: 29, unavailable: { $0.connectionsUnavailable }),
    KeyBinding(
      open: .check, keys: [.character("C")], keyText: "C", label: "check",
      help: "Look for what keeps a login from working, as hybrid-flow check does; nobody is "
        + "logged in.",
      contexts: KeyContext.walking, footer: nil, unavailable: { $0.connectionsUnavailable }),
    KeyBinding(
      "use-connection", .accept, keys: [.enter], keyText: "enter", label: "use",
      help: "Start over at the marked connection.", contexts: [.connections], footer: 1),
    KeyBinding(
      open: .check, keys: [.character("t"), .character("C")], keyText: "t", label: "test",
      help: "Look for what keeps a login from working there; nobody is logged in.",
      contexts: [.connections], footer: 2, unavailable: always),
    KeyBinding(
      "add-profile", .add, keys: [.character("a")], keyText: "a", label: "add",
      help: "Add a connection to the settings.", contexts: [.connections], footer: 3),
    KeyBinding(
      "edit-profile", .edit, keys: [.character("e")], keyText: "e", label: "edit",
      help: "Change the marked connection.", contexts: [.connections], footer: 4),
    KeyBinding(
      "delete-profile", .delete, keys: [.character("d"), .delete], keyText: "d", label: "delete",
      help: "Delete the marked connection from the settings; it is asked again first.",
      contexts: [.connections], footer: 5),
    KeyBinding(
      "close-connections", .close, keys: [.escape, .character("q"), .character("c")],
      keyText: "esc", label: "close", help: "Leave the connection as it is.",
      contexts: [.connections], footer: 6),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the next one.", contexts: [.connections, .findings], footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the one before.", contexts: [.connections, .findings], footer: nil),
    KeyBinding(
      "confirm", .accept, keys: [.character("y")], keyText: "y", label: "yes",
      help: "Do what was asked about.", contexts: [.confirm], footer: 1),
    KeyBinding(
      "decline", .close, keys: [.escape, .character("n"), .character("q")], keyText: "esc",
      label: "no", help: "Leave everything as it is.", contexts: [.confirm], footer: 2),
    KeyBinding(
      "take-secret", .accept, keys: [.enter], keyText: "enter", label: "go on",
      help: "Use the secret that was typed; it is kept nowhere.", contexts: [.secret],
      footer: 1),
    KeyBinding(
      "leave-secret", .close, keys: [.escape], keyText: "esc", label: "give up",
      help: "Stay at the connection in use.", contexts: [.secret], footer: 2),
  ]

  private static let fillingProfiles: [KeyBinding] = [
    KeyBinding(
      "enter-setting", .accept, keys: [.enter], keyText: "enter", label: "next",
      help: "To the next setting; on Save it saves.", contexts: [.profile], footer: 4),
    KeyBinding(
      move: .down, action: "next-setting", keys: [.tab, .down], keyText: "tab", label: "next",
      help: "To the next setting.", contexts: [.profile], footer: nil),
    KeyBinding(
      move: .up, action: "previous-setting", keys: [.backTab, .up], keyText: "shift-tab",
      label: "before",
      help: "To the setting before.", contexts: [.profile], footer: nil),
    KeyBinding(
      "next-choice", .nextChoice, keys: [.character(" "), .right], keyText: "space",
      label: "change",
      help: "Take the next choice of a setting that has some.", contexts: [.profile], footer: 1),
    KeyBinding(
      "previous-choice", .previousChoice, keys: [.left], keyText: "\u{2190}",
      label: "choice before",
      help: "Take the choice before.", contexts: [.profile], footer: nil),
    KeyBinding(
      "save-profile", .save, keys: [.control("s")], keyText: "ctrl-s", label: "save",
      help: "Write the profile into the settings.", contexts: [.profile], footer: 2),
    KeyBinding(
      "check-profile", .check, keys: [.control("t")], keyText: "ctrl-t", label: "test",
      help: "Look for what keeps a login from working with what is filled in, saved or not.",
      contexts: [.profile], footer: 3),
    KeyBinding(
      "close-profile", .close, keys: [.escape], keyText: "esc", label: "leave",
      help: "Leave the form; changes that would be lost are asked about.", contexts: [.profile],
      footer: 5),
    KeyBinding(
      move: .pageDown, keys: [.pageDown], keyText: "PgDn", label: "page down",
      help: "Several settings down.", contexts: [.profile], footer: nil),
    KeyBinding(
      move: .pageUp, keys: [.pageUp], keyText: "PgUp", label: "page up",
      help: "Several settings up.", contexts: [.profile], footer: nil),
    KeyBinding(
      open: .help, keys: [.function(1)], keyText: "F1", label: "help",
      help: "Show the keys that are valid here.", contexts: [.profile], footer: 0,
      unavailable: always),
    KeyBinding(
      open: .help, keys: [.character("?"), .function(1)], keyText: "?", label: "help",
      help: "Show the keys that are valid here.", contexts: [.connections, .findings], footer: 0,
      unavailable: always),
  ]

  private static let readingFindings: [KeyBinding] = [
    KeyBinding(
      "open-finding", .accept, keys: [.enter, .character(" ")], keyText: "enter", label: "open",
      help: "Open or close the marked finding: what it was read from, and what to do.",
      contexts: [.findings], footer: 1),
    KeyBinding(
      "check-again", .check, keys: [.character("r")], keyText: "r", label: "again",
      help: "Look once more.", contexts: [.findings], footer: 2),
    KeyBinding(
      "close-findings", .close, keys: [.escape, .character("q")], keyText: "esc", label: "back",
      help: "Go back; a look that is not at its end is given up.", contexts: [.findings],
      footer: 3),
  ]
}
