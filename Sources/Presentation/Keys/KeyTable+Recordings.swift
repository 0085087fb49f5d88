import TextUI

// Recording runs, and replaying recordings.
extension KeyMap {
  static let recording: [KeyBinding] = [
    KeyBinding(
      command: .record, keys: [.character("R")], keyText: "R", label: "record",
      help:
        "Write this run to a file, from its beginning and with secrets masked; once more stops.",
      contexts: KeyContext.walking, footer: nil, unavailable: { $0.recordUnavailable }),
    KeyBinding(
      open: .recordings, keys: [.character("L")], keyText: "L", label: "recordings",
      help: "List recordings: those that come along and your own; open or delete one.",
      contexts: KeyContext.walking, footer: nil, unavailable: always),
    KeyBinding(
      command: .toEnd, keys: [.character(">")], keyText: ">", label: "to the end",
      help: "In a recording: go through all that is left of it at once.",
      contexts: KeyContext.walking, footer: 1, unavailable: { $0.endUnavailable }),
    KeyBinding(
      "open-recording", .accept, keys: [.enter], keyText: "enter", label: "open",
      help: "Go through the marked recording.", contexts: [.recordings], footer: 1),
    KeyBinding(
      "compare-recording", .compare, keys: [.character("c")], keyText: "c", label: "compare",
      help: "Lay the run on the screen beside the marked recording: verdicts, requests, tokens, "
        + "timing.",
      contexts: [.recordings], footer: 2),
    KeyBinding(
      "close-comparison", .close, keys: [.escape, .character("q"), .enter], keyText: "esc",
      label: "close", help: "Go back to the run.", contexts: [.comparison], footer: 1),
    KeyBinding(
      "delete-recording", .delete, keys: [.character("D")], keyText: "D", label: "delete",
      help: "Delete the marked recording; it asks for the key once more.",
      contexts: [.recordings], footer: 2),
    KeyBinding(
      "close-recordings", .close, keys: [.escape, .character("q"), .character("L")],
      keyText: "esc", label: "close", help: "Open none.", contexts: [.recordings], footer: 3),
    KeyBinding(
      move: .down, keys: [.down, .character("j")], keyText: "j", label: "down",
      help: "To the next recording, or row.",
      contexts: [.recordings, .comparison], footer: 4),
    KeyBinding(
      move: .up, keys: [.up, .character("k")], keyText: "k", label: "up",
      help: "To the recording before, or the row.",
      contexts: [.recordings, .comparison], footer: 5),
  ]
}
