import OpenID

/// A line of text being typed, with its caret.
public struct TextEntry: Sendable, Equatable {
  /// The most characters, unless another limit is given.
  public static let charactersMax = 200

  private let limit: Int
  /// Whether the text is stored unchanged: for text that is never shown.
  private let isRaw: Bool

  package private(set) var text: String
  /// Counted in characters.
  public private(set) var caret: Int

  package init(_ text: String = "", limit: Int = Self.charactersMax, isRaw: Bool = false) {
    self.text = text
    self.limit = limit
    self.isRaw = isRaw
    caret = text.count
  }

  /// Makes an entry with text in it.
  public init(_ text: String, caret: Int, limit: Int) {
    self.init(text, limit: limit)
    self.caret = min(max(0, caret), self.caret)
  }

  package mutating func replace(with text: String) {
    self.text = String(text.prefix(limit))
    caret = self.text.count
  }

  package mutating func insert(_ added: String) {
    var characters = Array(text)
    // A line end that was copied with the text is dropped.
    var line = added[...]
    while let shorter = line.dropping(suffix: "\n") ?? line.dropping(suffix: "\r") {
      line = shorter
    }
    let text = isRaw ? String(line) : HarmlessText.line(String(line))
    let clean = text.prefix(max(0, limit - characters.count))
    caret = min(caret, characters.count)
    characters.insert(contentsOf: clean, at: caret)
    self.text = String(characters)
    caret = min(caret + clean.count, characters.count)
  }

  /// Handles an editing key; false when the key means something else.
  public mutating func edit(_ key: Key) -> Bool {
    var characters = Array(text)
    caret = min(caret, characters.count)
    switch key {
    case .character(let character):
      insert(String(character))
      return true
    case .paste(let pasted):
      insert(pasted)
      return true
    case .backspace:
      if caret > 0 {
        characters.remove(at: caret - 1)
        caret -= 1
      }
    case .delete: if caret < characters.count { characters.remove(at: caret) }
    case .left: caret = max(0, caret - 1)
    case .right: caret = min(characters.count, caret + 1)
    case .home, .control("a"): caret = 0
    case .end, .control("e"): caret = characters.count
    case .control("u"):
      characters = []
      caret = 0
    case .control("w"):
      let kept = Self.wordStart(characters, before: caret)
      characters.removeSubrange(kept..<caret)
      caret = kept
    default: return false
    }
    text = String(characters)
    return true
  }

  private static func wordStart(_ characters: [Character], before caret: Int) -> Int {
    var start = caret
    while start > 0, characters[start - 1] == " " { start -= 1 }
    while start > 0, characters[start - 1] != " " { start -= 1 }
    return start
  }

  /// The width of the text before the caret, in cells.
  public var caretWidth: Int { CellWidth.width(of: String(text.prefix(caret))) }
}
