import TextUI

// Editing a request before it is sent.
extension KeyMap {
  static let editing: [KeyBinding] = [
    KeyBinding(
      open: .edit, keys: [.character("e")], keyText: "e", label: "edit",
      help: "Change the request before it is sent, at stages 2 and 6: any parameter, more or "
        + "fewer of them. What has left already is sent anew in a new run.",
      contexts: KeyContext.walking, footer: 9, unavailable: { $0.editUnavailable }),
    KeyBinding(
      "edit-value", .accept, keys: [.enter], keyText: "enter", label: "type",
      help: "Type another value; on the last rows add a parameter, or apply the changes.",
      contexts: [.editor], footer: 2),
    KeyBinding(
      "apply-edit", .save, keys: [.control("s")], keyText: "ctrl-s", label: "apply",
      help: "Write the request as it stands now. Where a check will fail, the second time sends "
        + "it anyway.",
      contexts: [.editor, .value], footer: 1),
    KeyBinding(
      "take-choice", .nextChoice, keys: [.character(" ")], keyText: "space", label: "choose",
      help: "Take the next value that the parameter is known to have.", contexts: [.editor],
      footer: 3),
    KeyBinding(
      "take-choice", .nextChoice, keys: [.tab], keyText: "tab", label: "choose",
      help: "Take the next known value, or complete the name.", contexts: [.value], footer: 3),
    KeyBinding(
      "add-parameter", .add, keys: [.character("a")], keyText: "a", label: "add",
      help: "Add a parameter: first its name, then its value.", contexts: [.editor], footer: 4),
    KeyBinding(
      "remove-parameter", .delete, keys: [.character("d"), .delete], keyText: "d",
      label: "take out", help: "Do not send the marked parameter; u brings it back.",
      contexts: [.editor], footer: 5),
    KeyBinding(
      "reset-parameter", .undo, keys: [.character("u")], keyText: "u", label: "undo",
      help: "The marked parameter as the flow makes it.", contexts: [.editor], footer: 6),
    KeyBinding(
      "reset-request", .reset, keys: [.character("U")], keyText: "U", label: "undo all",
      help: "Every parameter as the flow makes it.", contexts: [.editor], footer: 8),
    KeyBinding(
      "toggle-p-k-c-e", .toggle, keys: [.character("p")], keyText: "p", label: "PKCE on/off",
      help: "Send both parameters of PKCE, or neither.", contexts: [.editor], footer: 7),
    KeyBinding(
      command: .secrets, keys: [.character("s")], keyText: "s", label: "secrets",
      help: "Show or mask the secrets of the request.", contexts: [.editor], footer: 9,
      unavailable: { $0.secretsUnavailable }),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the next parameter.", contexts: [.editor], footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the parameter before.", contexts: [.editor], footer: nil),
    KeyBinding(
      "close-editor", .close, keys: [.escape, .character("q")], keyText: "esc", label: "leave",
      help: "Leave the request as it is.", contexts: [.editor], footer: 2),
    KeyBinding(
      "keep-value", .accept, keys: [.enter], keyText: "enter", label: "keep",
      help: "Keep what was typed; after a name comes its value.", contexts: [.value], footer: 2),
    KeyBinding(
      "revert-value", .close, keys: [.escape], keyText: "esc", label: "as before",
      help: "Forget what was typed.", contexts: [.value], footer: 4),
    KeyBinding(
      move: .down, keys: [.down], keyText: "\u{2193}", label: "down",
      help: "Keep what was typed and go to the next parameter.", contexts: [.value], footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .backTab], keyText: "\u{2191}", label: "up",
      help: "Keep what was typed and go to the parameter before.", contexts: [.value],
      footer: nil),
    KeyBinding(
      open: .help, keys: [.character("?"), .function(1)], keyText: "?", label: "help",
      help: "Show the keys that are valid here.", contexts: [.editor], footer: 0,
      unavailable: always),
    KeyBinding(
      open: .help, keys: [.function(1)], keyText: "F1", label: "help",
      help: "Show the keys that are valid here.", contexts: [.value], footer: 0,
      unavailable: always),
  ]
}
