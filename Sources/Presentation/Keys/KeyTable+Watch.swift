import TextUI

// Watching the logins of another application.
extension KeyMap {
  static let watching: [KeyBinding] = [
    KeyBinding(
      open: .logins, keys: [.character("I")], keyText: "I", label: "logins",
      help: "List the logins that were seen, the newest first; show one, or compare it.",
      contexts: [.watching], footer: 1, unavailable: always),
    KeyBinding(
      "show-login", .accept, keys: [.enter], keyText: "enter", label: "show",
      help: "Show the marked login; at the newest one, the next login takes its place.",
      contexts: [.logins], footer: 1),
    KeyBinding(
      "compare-login", .compare, keys: [.character("c")], keyText: "c", label: "compare",
      help: "Lay the login on the screen beside the marked one.", contexts: [.logins], footer: 2),
    KeyBinding(
      "close-logins", .close, keys: [.escape, .character("q"), .character("I")], keyText: "esc",
      label: "close", help: "Stay at the login on the screen.", contexts: [.logins], footer: 3),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the login before that one.", contexts: [.logins], footer: 4),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the login after it.", contexts: [.logins], footer: 5),
  ]
}
