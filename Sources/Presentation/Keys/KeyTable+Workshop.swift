import TextUI

// Giving a workshop with two keys.
extension KeyMap {
  private static let given: Set<KeyContext> = [.workshop, .workshopCard]

  static let teaching: [KeyBinding] = [
    KeyBinding(
      open: .workshop, keys: [.character("W")], keyText: "W", label: "workshop",
      help: "Give the workshop of 45 minutes, question by question; W again ends it.",
      contexts: KeyContext.walking.union([.workshopCard]), footer: nil,
      unavailable: { $0.labUnavailable }),
    KeyBinding(
      command: .workshopNext, keys: [.right, .character(" "), .pageDown, .enter],
      keyText: "\u{2192}", label: "next",
      help: "In a workshop: the question, then what answers it, then the next entry.",
      contexts: given, footer: nil,
      unavailable: { $0.workshop?.next == nil ? "this is the end of the workshop" : nil }),
    KeyBinding(
      command: .workshopBack, keys: [.left, .pageUp], keyText: "\u{2190}", label: "back",
      help: "In a workshop: the step before.", contexts: given, footer: nil,
      unavailable: { $0.workshop?.index == 0 ? "this is the beginning of the workshop" : nil }),
    KeyBinding(
      command: .workshopPause, keys: [.character("P")], keyText: "P", label: "pause",
      help: "In a workshop: stop its clock, and let it go on.", contexts: given, footer: nil,
      unavailable: always),
  ]
}
