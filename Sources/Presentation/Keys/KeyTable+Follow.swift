import TextUI

// Following a value through the run.
extension KeyMap {
  static let following: [KeyBinding] = [
    KeyBinding(
      open: .followValue, keys: [.character("f")], keyText: "f", label: "follow",
      help:
        "Follow a value through the run: that at the marker \u{25B8}, or one of the list of all. "
        + "Everything that carries or compares it lights up.",
      contexts: KeyContext.walking, footer: 6, unavailable: { $0.followUnavailable }),
    KeyBinding(
      command: .nextPlace, keys: [.character("n")], keyText: "n", label: "next place",
      help: "To the next place of the followed value, over stages and views; after the last comes "
        + "the first.",
      contexts: [.following], footer: 1, unavailable: { $0.placesUnavailable }),
    KeyBinding(
      command: .previousPlace, keys: [.character("N")], keyText: "N", label: "before",
      help: "To the place of the followed value before.",
      contexts: [.following], footer: 1, unavailable: { $0.placesUnavailable }),
    KeyBinding(
      command: .stopFollowing, keys: [.escape], keyText: "esc", label: "stop",
      help: "Forget the value and its marks; stage and view stay.", contexts: [.following],
      footer: 1, unavailable: always),
    KeyBinding(
      "take-value", .accept, keys: [.enter, .character("f")], keyText: "enter", label: "follow it",
      help: "Follow the marked value, from its nearest place.", contexts: [.values], footer: 1),
    KeyBinding(
      "close-values", .close, keys: [.escape, .character("q")], keyText: "esc", label: "close",
      help: "Follow nothing else than before.", contexts: [.values], footer: 2),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the next value.", contexts: [.values], footer: 3),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the value before.", contexts: [.values], footer: 4),
  ]
}
