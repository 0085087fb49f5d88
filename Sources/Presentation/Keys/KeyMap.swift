import HybridFlow
import TextUI

/// The one table of keys: dispatch, footer, help and documents read it.
public struct KeyMap: Sendable {
  /// The current bindings.
  public internal(set) var bindings: [KeyBinding] = Self.all
  /// The changes from the default keys, by the name of the action.
  public internal(set) var overrides: [String: [Key]] = [:]

  static let always: @Sendable (ExplorerModel) -> String? = { _ in nil }
  static let scrolling: Set<KeyContext> = [.stages, .sequence, .detail, .explain]

  static let moving: [KeyBinding] = [
    KeyBinding(
      command: .forward, keys: [.right, .character(" "), .character("l")], keyText: "\u{2192}",
      label: "next",
      help: "Run the next stage; when looking back, look one stage further. Space does the same.",
      contexts: KeyContext.walking.subtracting([.button]), footer: 2,
      unavailable: { $0.forwardUnavailable }),
    KeyBinding(
      command: .back, keys: [.left, .character("h")], keyText: "\u{2190}", label: "back",
      help: "Look one stage back; nothing is undone.",
      contexts: KeyContext.walking.subtracting([.button]), footer: 3,
      unavailable: { $0.shownStage == .login ? "this is the first stage" : nil }),
    KeyBinding(
      command: .jump, keys: "1234567890".map { .character($0) }, keyText: "1-0", label: "stage",
      help: "Look at a stage; 0 is stage 10.", contexts: KeyContext.walking, footer: 20,
      unavailable: always),
    KeyBinding(
      command: .follow, keys: [.escape], keyText: "esc", label: "to the run",
      help: "Go back to the stage at which the run stands.", contexts: [.away], footer: 0,
      unavailable: always),
    KeyBinding(
      command: .nextPane, keys: [.tab], keyText: "tab", label: "pane",
      help: "Move to the next pane.", contexts: scrolling, footer: 21, unavailable: always),
    KeyBinding(
      command: .previousPane, keys: [.backTab], keyText: "shift-tab", label: "pane before",
      help: "Move to the pane before.", contexts: scrolling, footer: nil, unavailable: always),
    KeyBinding(
      command: .nextView, keys: [.character("]")], keyText: "[ ]", label: "view",
      help: "Show the next view of the stage: "
        + DetailView.usualTitles.joined(separator: ", ") + ".",
      contexts: KeyContext.walking, footer: 4, unavailable: always),
    KeyBinding(
      command: .previousView, keys: [.character("[")], keyText: "[", label: "view before",
      help: "Show the view before.", contexts: KeyContext.walking, footer: nil,
      unavailable: always),
  ]

  static let looking: [KeyBinding] = [
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "One line down, or to the next thing that Enter opens.", contexts: scrolling,
      footer: nil),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "One line up, or to the thing before.", contexts: scrolling, footer: nil),
    KeyBinding(
      move: .pageDown, keys: [.pageDown, .control("d")], keyText: "PgDn", label: "page down",
      help: "One page down; Ctrl-D does the same.", contexts: scrolling.union(KeyContext.lists),
      footer: nil),
    KeyBinding(
      move: .pageUp, keys: [.pageUp, .control("u")], keyText: "PgUp", label: "page up",
      help: "One page up; Ctrl-U does the same.", contexts: scrolling.union(KeyContext.lists),
      footer: nil),
    KeyBinding(
      move: .top, keys: [.character("g"), .home], keyText: "g", label: "top",
      help: "To the first line.", contexts: scrolling.union(KeyContext.lists), footer: nil),
    KeyBinding(
      move: .bottom, keys: [.character("G"), .end], keyText: "G", label: "bottom",
      help: "To the last line.", contexts: scrolling.union(KeyContext.lists), footer: nil),
    KeyBinding(
      command: .open, keys: [.enter], keyText: "enter", label: "open",
      help: "Open or close what the marker \u{25B8} stands at: a long value, a check\u{2019}s "
        + "derivation, a message of the diagram.",
      contexts: scrolling, footer: 22, unavailable: { $0.openUnavailable }),
  ]

  static let doing: [KeyBinding] = [
    KeyBinding(
      command: .restart, keys: [.character("r")], keyText: "r", label: "restart",
      help: "Start over with a new run.", contexts: KeyContext.walking, footer: 9,
      unavailable: { $0.restartUnavailable }),
    KeyBinding(
      command: .runAgain, keys: [.character("a")], keyText: "a", label: "again to here",
      help: "Start over after a run, and go on by itself to the stage on the screen, with the same "
        + "sign-in and consent. Where a real browser signs in, it goes on once that has come back. "
        + "An edit of a request is not made again.",
      contexts: KeyContext.walking, footer: 2, unavailable: { $0.againUnavailable }),
    KeyBinding(
      command: .browser, keys: [.character("o")], keyText: "o", label: "browser",
      help: "Sign in with the real browser.", contexts: KeyContext.walking, footer: 9,
      unavailable: { $0.browserUnavailable }),
    KeyBinding(
      command: .secrets, keys: [.character("s")], keyText: "s", label: "secrets",
      help: "Show or mask codes, tokens and the client secret.", contexts: KeyContext.walking,
      footer: 23, unavailable: { $0.secretsUnavailable }),
    KeyBinding(
      command: .zoom, keys: [.character("z"), .character("+")], keyText: "z", label: "zoom",
      help: "Give the whole screen to the focused pane, and back.", contexts: KeyContext.walking,
      footer: 24, unavailable: always),
    KeyBinding(
      command: .bytes, keys: [.character("w")], keyText: "w", label: "bytes",
      help: "Show the messages byte by byte, as a hex dump, and back.",
      contexts: KeyContext.walking, footer: nil, unavailable: always),
    KeyBinding(
      open: .copy, keys: [.character("y")], keyText: "y", label: "copy",
      help:
        "Choose what to copy: what the marker \u{25B8} stands at, URL, body, tokens, the message "
        + "as curl. Masked values stay masked; y y takes the first.",
      contexts: KeyContext.walking, footer: 25, unavailable: always),
    KeyBinding(
      command: .copyAll, keys: [.character("Y")], keyText: "Y", label: "copy message",
      help: "Copy the whole message, as it is shown.", contexts: KeyContext.walking, footer: nil,
      unavailable: { $0.copyMessageUnavailable }),
    KeyBinding(
      open: .export, keys: [.character("E")], keyText: "E", label: "export",
      help: "Write the run to a file to hand it on, masked: HAR, report, diagram, commands, film.",
      contexts: KeyContext.walking, footer: nil, unavailable: { $0.exportUnavailable }),
    KeyBinding(
      command: .giveUp, keys: [.escape], keyText: "esc", label: "give up",
      help: "While the browser is away, give up waiting.",
      contexts: KeyContext.walking.subtracting([.button]), footer: 1,
      unavailable: { $0.giveUpUnavailable }),
    KeyBinding(
      command: .mouse, keys: [.character("m")], keyText: "m", label: "mouse",
      help: "Free the mouse for selecting text, and take it again.",
      contexts: KeyContext.walking, footer: nil, unavailable: always),
    KeyBinding(
      open: .themes, keys: [.character("t")], keyText: "t", label: "theme",
      help: "Choose a theme; each is shown at once.", contexts: KeyContext.walking, footer: nil,
      unavailable: always),
    KeyBinding(
      open: .help, keys: [.character("?"), .function(1)], keyText: "?", label: "help",
      help: "What is here, and the keys that matter for it.", contexts: KeyContext.walking,
      footer: 0,
      unavailable: always),
    KeyBinding(
      command: .quit, keys: [.character("q")], keyText: "q", label: "quit",
      help: "Leave.", contexts: KeyContext.walking.union([.workshopCard]), footer: 0,
      unavailable: always),
    KeyBinding(
      command: .quitNow, keys: [.control("c")], keyText: "ctrl-c", label: "quit now",
      help: "Leave at once, wherever you are.", contexts: Set(KeyContext.allCases), footer: nil,
      unavailable: always),
    KeyBinding(
      command: .redraw, keys: [.control("l")], keyText: "ctrl-l", label: "redraw",
      help: "Draw the screen again.", contexts: Set(KeyContext.allCases), footer: nil,
      unavailable: always),
    KeyBinding(
      command: .suspend, keys: [.control("z")], keyText: "ctrl-z", label: "suspend",
      help: "Go back to the shell; fg continues.", contexts: Set(KeyContext.allCases),
      footer: nil, unavailable: always),
  ]

  static let typing: [KeyBinding] = [
    KeyBinding(
      command: .press, keys: [.enter], keyText: "enter", label: "send",
      help: "Press the page\u{2019}s button.", contexts: [.field, .button], footer: 1,
      unavailable: always),
    KeyBinding(
      command: .nextField, keys: [.tab, .down], keyText: "tab", label: "next field",
      help: "To the next field or button.", contexts: [.field, .button], footer: 2,
      unavailable: always),
    KeyBinding(
      command: .previousField, keys: [.backTab, .up], keyText: "shift-tab",
      label: "field before", help: "To the field or button before.",
      contexts: [.field, .button], footer: nil, unavailable: always),
    KeyBinding(
      command: .nextField, keys: [.right], keyText: "\u{2192}", label: "next button",
      help: "To the next button.", contexts: [.button], footer: nil, unavailable: always),
    KeyBinding(
      command: .previousField, keys: [.left], keyText: "\u{2190}", label: "button before",
      help: "To the button before.", contexts: [.button], footer: nil, unavailable: always),
    KeyBinding(
      command: .toggleBox, keys: [.character(" ")], keyText: "space", label: "press",
      help: "Press the button, check the box, or take the next choice.", contexts: [.button],
      footer: nil, unavailable: always),
    KeyBinding(
      command: .leaveForm, keys: [.escape], keyText: "esc", label: "leave the page",
      help: "Stop typing and use the explorer\u{2019}s keys; Tab comes back to the page.",
      contexts: [.field, .button],
      footer: 3, unavailable: always),
    KeyBinding(
      open: .help, keys: [.function(1)], keyText: "F1", label: "help",
      help: "Show the keys that are valid here.", contexts: [.field], footer: 0,
      unavailable: always),
  ]

  static let choosing: [KeyBinding] = [
    KeyBinding(
      "keep-theme", .accept, keys: [.enter, .character("t")], keyText: "enter", label: "keep",
      help: "Keep the theme that is shown, in the settings too.", contexts: [.themes], footer: 1),
    KeyBinding(
      "leave-themes", .close, keys: [.escape, .character("q")], keyText: "esc",
      label: "as before", help: "Go back to the theme from before.", contexts: [.themes],
      footer: 2),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "next",
      help: "Show the next theme.", contexts: [.themes], footer: 3),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "before",
      help: "Show the theme before.", contexts: [.themes], footer: 4),
  ]
}
