import HybridFlow

// Breaking the flow on purpose.
extension KeyMap {
  static let breaking: [KeyBinding] = [
    KeyBinding(
      command: .lab, keys: [.character("x")], keyText: "x", label: "lab",
      help: "Break the flow on purpose and see which check catches it; the demo tenant only.",
      contexts: KeyContext.walking, footer: 7, unavailable: { $0.labUnavailable }),
    KeyBinding(
      command: .commitFault, keys: [.enter], keyText: "enter", label: "break it",
      help: "Start over with the marked fault.", contexts: [.lab], footer: 1,
      unavailable: always),
    KeyBinding(
      command: .switchCheck, keys: [.character(" "), .character("c")], keyText: "space",
      label: "check on/off",
      help: "Switch off the check that catches it, for one run, to see what it is for.",
      contexts: [.lab], footer: 2, unavailable: { $0.switchUnavailable }),
    KeyBinding(
      command: .closeLab, keys: [.escape, .character("q"), .character("x")], keyText: "esc",
      label: "close", help: "Leave the run as it is.", contexts: [.lab], footer: 3,
      unavailable: always),
    KeyBinding(
      command: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the next fault.", contexts: [.lab], footer: 4, unavailable: always),
    KeyBinding(
      command: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the fault before.", contexts: [.lab], footer: 5, unavailable: always),
  ]
}
