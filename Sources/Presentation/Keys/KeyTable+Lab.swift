import TextUI

// Breaking the flow on purpose.
extension KeyMap {
  static let breaking: [KeyBinding] = [
    KeyBinding(
      open: .lab, keys: [.character("x")], keyText: "x", label: "lab",
      help: "Break the flow on purpose, and see which check catches it; the demo tenant only.",
      contexts: KeyContext.walking, footer: 5, unavailable: { $0.labUnavailable }),
    KeyBinding(
      "commit-fault", .accept, keys: [.enter], keyText: "enter", label: "break it",
      help: "Start over with the marked fault, sign in, and go on to where it is caught.",
      contexts: [.lab], footer: 1),
    KeyBinding(
      "switch-check", .toggle, keys: [.character(" ")], keyText: "space", label: "check on/off",
      help: "Switch off the check that catches it, for one run, to see what it is for.",
      contexts: [.lab], footer: 2),
    KeyBinding(
      "filter-lab", .filter, keys: [.character("/")], keyText: "/", label: "find anew",
      help: "Forget what was typed. Letters find a fault by any part of its name, kind, check or "
        + "deed.",
      contexts: [.lab], footer: 4),
    KeyBinding(
      "close-lab", .close, keys: [.escape], keyText: "esc", label: "close",
      help: "Forget what was typed; with nothing typed, leave the run as it is.",
      contexts: [.lab], footer: 3),
    KeyBinding(
      move: .down, keys: [.down], keyText: "\u{2193}", label: "down",
      help: "To the next fault.", contexts: [.lab], footer: 5),
    KeyBinding(
      move: .up, keys: [.up], keyText: "\u{2191}", label: "up",
      help: "To the fault before.", contexts: [.lab], footer: 6),
    KeyBinding(
      move: .pageDown, keys: [.pageDown, .control("d")], keyText: "PgDn", label: "page down",
      help: "One page of faults down.", contexts: [.lab], footer: nil),
    KeyBinding(
      move: .pageUp, keys: [.pageUp, .control("u")], keyText: "PgUp", label: "page up",
      help: "One page of faults up.", contexts: [.lab], footer: nil),
    KeyBinding(
      move: .top, keys: [.home], keyText: "home", label: "top",
      help: "To the honest flow.", contexts: [.lab], footer: nil),
    KeyBinding(
      move: .bottom, keys: [.end], keyText: "end", label: "bottom",
      help: "To the last fault.", contexts: [.lab], footer: nil),
    KeyBinding(
      command: .nextFault, keys: [.character("n")], keyText: "n", label: "next fault",
      help: "After a catch: the next fault of the list, to where it is caught.",
      contexts: [.caught], footer: 1, unavailable: { $0.nextFaultUnavailable }),
    KeyBinding(
      command: .dropCheck, keys: [.character(" ")], keyText: "space", label: "without this check",
      help: "After a catch: the same fault once more, with the check that caught it switched off.",
      contexts: [.held], footer: 1, unavailable: { $0.dropUnavailable }),
  ]
}
