import TextUI

// Pasting an authorization response, and what follows at once.
extension KeyMap {
  static let answering: [KeyBinding] = [
    KeyBinding(
      open: .paste, keys: [.character("v")], keyText: "v", label: "paste answer",
      help: "While the browser is away, paste its answer: the form body, "
        + "\u{201C}Copy as cURL\u{201D} of the POST, or the address it ended at.",
      contexts: KeyContext.walking, footer: 1, unavailable: { $0.pasteUnavailable }),
    KeyBinding(
      command: .copyAddress, keys: [.character("u")], keyText: "u", label: "copy address",
      help: "Copy the address that the browser is to open.", contexts: KeyContext.walking,
      footer: 1, unavailable: { $0.addressUnavailable }),
    KeyBinding(
      command: .exchangeNow, keys: [.character("!")], keyText: "!", label: "exchange now",
      help: "Run stages 6 to 8 at once, or as soon as the answer is trusted, and stay where you "
        + "are: the code cannot run out while you explain.",
      contexts: KeyContext.walking, footer: 9, unavailable: { $0.exchangeUnavailable }),
    KeyBinding(
      command: .otherAuthentication, keys: [.character("A")], keyText: "A", label: "other method",
      help: "Where the tenant refused the client: start over with client_secret_post in place of "
        + "client_secret_basic, or the reverse.",
      contexts: KeyContext.walking, footer: 1, unavailable: { $0.authenticationUnavailable }),
    KeyBinding(
      "take-paste", .accept, keys: [.enter], keyText: "enter", label: "take it",
      help: "Go on with the answer that was pasted.", contexts: [.paste], footer: 1),
    KeyBinding(
      "close-paste", .close, keys: [.escape], keyText: "esc", label: "close",
      help: "Forget what was pasted and go on waiting.", contexts: [.paste], footer: 2),
    KeyBinding(
      "empty-paste", .reset, keys: [.control("u")], keyText: "ctrl-u", label: "empty",
      help: "Empty the box.", contexts: [.paste], footer: 3),
  ]
}
