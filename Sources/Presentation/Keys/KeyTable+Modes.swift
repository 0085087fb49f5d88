import TextUI

// Overlays, and modes beside the panes.
extension KeyMap {
  static let finding: [KeyBinding] = [
    KeyBinding(
      open: .search, keys: [.character("/")], keyText: "/", label: "find",
      help:
        "Search the views of the stage, or the pane that has the focus; capitals make it exact.",
      contexts: scrolling,
      footer: 7, unavailable: always),
    KeyBinding(
      command: .nextMatch, keys: [.character("n")], keyText: "n", label: "next match",
      help: "To the next place that was searched for, in the next view if need be; after the last "
        + "comes the first.",
      contexts: scrolling, footer: nil, unavailable: { $0.matchUnavailable }),
    KeyBinding(
      command: .previousMatch, keys: [.character("N")], keyText: "N", label: "match before",
      help: "To the place before.", contexts: scrolling, footer: nil,
      unavailable: { $0.matchUnavailable }),
    KeyBinding(
      command: .clearSearch, keys: [.escape], keyText: "esc", label: "end search",
      help: "Forget the search and its marks.", contexts: [.found], footer: 1,
      unavailable: always),
    KeyBinding(
      open: .commandLine, keys: [.character(":"), .control("p")], keyText: ":", label: "palette",
      help: "Find anything by a part of its name: actions, stages, views, values, checks, faults, "
        + "recordings, terms. A whole line such as stage 5 or view checks works too.",
      contexts: KeyContext.walking, footer: 8, unavailable: always),
    KeyBinding(
      open: .commandLine, keys: [.control("p")], keyText: "ctrl-p", label: "palette",
      help: "Find anything by a part of its name.", contexts: [.field], footer: 5,
      unavailable: always),
  ]

  static let presenting: [KeyBinding] = [
    KeyBinding(
      command: .play, keys: [.character("P")], keyText: "P", label: "play",
      help: "Let the flow go on by itself, a stage every few seconds; any key pauses.",
      contexts: KeyContext.walking, footer: 26, unavailable: { $0.playUnavailable }),
    KeyBinding(
      command: .present, keys: [.character("p")], keyText: "p", label: "present",
      help: "Presenter mode on or off: secrets stay masked, more room between lines, and each "
        + "stage is asked about before it is shown.",
      contexts: KeyContext.walking, footer: 27, unavailable: always),
    KeyBinding(
      open: .notes, keys: [.character("i")], keyText: "i", label: "notes",
      help: "Notes on the stage: what could go wrong, and the attack it prevents.",
      contexts: KeyContext.walking, footer: 28, unavailable: always),
    KeyBinding(
      command: .future, keys: [.character("F")], keyText: "F", label: "future",
      help: "Hide or show what comes after the stage in the diagram.",
      contexts: KeyContext.walking, footer: nil, unavailable: always),
    KeyBinding(
      command: .forward, keys: [.right], keyText: "\u{2192}", label: "next",
      help: "The next stage; on a page that is filled in, its button.", contexts: [.presenting],
      footer: nil, unavailable: { $0.forwardUnavailable }),
    KeyBinding(
      open: .blank, keys: [.character("."), .character("b")], keyText: "b", label: "blank",
      help: "Blank the screen; any key brings it back.", contexts: [.presenting, .card],
      footer: 9, unavailable: always),
    KeyBinding(
      "unblank", .accept, keys: [.character("."), .character("b"), .escape], keyText: "b",
      label: "show", help: "Show the screen again; so does any other key.", contexts: [.blank],
      footer: nil),
    KeyBinding(
      "reveal", .accept, keys: [.right, .character(" "), .character("l"), .pageDown, .enter],
      keyText: "\u{2192}", label: "show the answer",
      help: "Run the stage that was asked about; so does any other key.", contexts: [.card],
      footer: 1),
    KeyBinding(
      "close-card", .close, keys: [.left, .character("h"), .pageUp, .escape, .character("q")],
      keyText: "esc", label: "not yet", help: "Stay at the stage before the question.",
      contexts: [.card], footer: 2),
    KeyBinding(
      "close-notes", .close, keys: [.escape, .character("q"), .character("i"), .enter],
      keyText: "esc", label: "close", help: "Close the notes.", contexts: [.notes], footer: 1),
  ]

  static let helping: [KeyBinding] = [
    KeyBinding(
      "run-help", .accept, keys: [.enter], keyText: "enter", label: "do it",
      help: "Do what is marked.", contexts: [.help], footer: 1),
    KeyBinding(
      "filter-help", .filter, keys: [.character("/")], keyText: "/", label: "find",
      help: "Find anything else by a part of its name.", contexts: [.help], footer: 2),
    KeyBinding(
      "close-help", .close,
      keys: [.character("q"), .character("?"), .escape, .function(1)], keyText: "esc",
      label: "close", help: "Close this help.", contexts: [.help], footer: 3),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "One line down.", contexts: [.help, .copy, .notes], footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "One line up.", contexts: [.help, .copy, .notes], footer: nil),
  ]

  static let entering: [KeyBinding] = [
    KeyBinding(
      "keep-search", .accept, keys: [.enter], keyText: "enter", label: "keep",
      help: "Keep the marks; n and N go on.", contexts: [.search], footer: 1),
    KeyBinding(
      command: .nextMatch, keys: [.down], keyText: "\u{2193}", label: "next",
      help: "To the next place.", contexts: [.search], footer: 2, unavailable: always),
    KeyBinding(
      command: .previousMatch, keys: [.up], keyText: "\u{2191}", label: "before",
      help: "To the place before.", contexts: [.search], footer: 3, unavailable: always),
    KeyBinding(
      command: .clearSearch, keys: [.escape], keyText: "esc", label: "end search",
      help: "Go back to where the search began.", contexts: [.search], footer: 4,
      unavailable: always),
    KeyBinding(
      "run-line", .accept, keys: [.enter], keyText: "enter", label: "do it",
      help: "Do what is marked, or what was typed.", contexts: [.command], footer: 1),
    KeyBinding(
      "complete-line", .nextChoice, keys: [.tab], keyText: "tab", label: "complete",
      help: "Take the next name that fits.", contexts: [.command], footer: 2),
    KeyBinding(
      "complete-back", .previousChoice, keys: [.backTab], keyText: "shift-tab",
      label: "the one before",
      help: "Take the name before.", contexts: [.command], footer: nil),
    KeyBinding(
      move: .down, keys: [.down], keyText: "\u{2193}", label: "next row",
      help: "Mark the next row.", contexts: [.command], footer: 3),
    KeyBinding(
      move: .up, keys: [.up], keyText: "\u{2191}", label: "row before",
      help: "Mark the row before.", contexts: [.command], footer: nil),
    KeyBinding(
      move: .pageDown, keys: [.pageDown, .control("d")], keyText: "PgDn", label: "page down",
      help: "One page of rows down.", contexts: [.command], footer: nil),
    KeyBinding(
      move: .pageUp, keys: [.pageUp], keyText: "PgUp", label: "page up",
      help: "One page of rows up.", contexts: [.command], footer: nil),
    KeyBinding(
      "close-line", .close, keys: [.escape, .control("p")], keyText: "esc",
      label: "close", help: "Close the palette.", contexts: [.command], footer: 3),
    KeyBinding(
      "take-copy", .accept, keys: [.enter, .character("y")], keyText: "enter", label: "copy",
      help: "Copy what is marked; a digit takes its row.", contexts: [.copy], footer: 1),
    KeyBinding(
      "close-copy", .close, keys: [.escape, .character("q")], keyText: "esc", label: "close",
      help: "Copy nothing.", contexts: [.copy], footer: 2),
  ]
}
