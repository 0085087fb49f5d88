import TextUI

// Runs whose verdicts are covered, to find the fault by oneself.
extension KeyMap {
  static let drilling: [KeyBinding] = [
    KeyBinding(
      open: .drill, keys: [.character("D")], keyText: "D", label: "drill",
      help: "Ten runs that hide one fault each, or none: find it by yourself, then name the check "
        + "that must stop it; the demo tenant only.",
      contexts: KeyContext.walking, footer: nil, unavailable: { $0.labUnavailable }),
    KeyBinding(
      open: .drillAnswer, keys: [.character("a")], keyText: "a", label: "answer",
      help: "In a drill: name the check that must stop this run, or say that nothing is wrong.",
      contexts: [.drilling], footer: 0, unavailable: always),
    KeyBinding(
      command: .drillHint, keys: [.character("h")], keyText: "h", label: "hint",
      help: "In a drill: the stage, then the message, then the field; each costs a point.",
      contexts: [.drilling], footer: 1, unavailable: { $0.hintUnavailable }),
    KeyBinding(
      command: .endDrill, keys: [.character("D")], keyText: "D", label: "end drill",
      help: "In a drill: end it here, and show the score.", contexts: [.drilling], footer: 9,
      unavailable: always),
    KeyBinding(
      "give-answer", .accept, keys: [.enter], keyText: "enter", label: "answer",
      help: "Answer with the marked check or family.", contexts: [.drillAnswer], footer: 1),
    KeyBinding(
      command: .drillHint, keys: [.tab], keyText: "tab", label: "hint",
      help: "The next hint; it costs a point.", contexts: [.drillAnswer], footer: 2,
      unavailable: { $0.hintUnavailable }),
    KeyBinding(
      "close-question", .close, keys: [.escape], keyText: "esc", label: "look again",
      help: "Forget what was typed; with nothing typed, go back to the run.",
      contexts: [.drillAnswer], footer: 3),
    KeyBinding(
      move: .down, keys: [.down], keyText: "\u{2193}", label: "down",
      help: "To the next check.", contexts: [.drillAnswer], footer: 4),
    KeyBinding(
      move: .up, keys: [.up], keyText: "\u{2191}", label: "up",
      help: "To the check before.", contexts: [.drillAnswer], footer: 5),
    KeyBinding(
      move: .pageDown, keys: [.pageDown, .control("d")], keyText: "PgDn", label: "page down",
      help: "One page of checks down.", contexts: [.drillAnswer], footer: nil),
    KeyBinding(
      move: .pageUp, keys: [.pageUp], keyText: "PgUp", label: "page up",
      help: "One page of checks up.", contexts: [.drillAnswer], footer: nil),
    KeyBinding(
      "next-round", .accept, keys: [.enter, .character(" "), .right], keyText: "enter",
      label: "go on", help: "The next round; at the end, back to the honest flow.",
      contexts: [.drillCard], footer: 1),
    KeyBinding(
      "close-round", .close, keys: [.escape, .character("q")], keyText: "esc",
      label: "look at it", help: "Look at the run with its verdicts; a shows this again.",
      contexts: [.drillCard], footer: 2),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "One line down.", contexts: [.drillCard], footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "One line up.", contexts: [.drillCard], footer: nil),
  ]
}
