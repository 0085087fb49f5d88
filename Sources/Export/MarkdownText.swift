import OpenID

/// Builds Markdown in which text from outside stays text.
///
/// Outside text is only in code spans and fenced blocks: there emphasis, links, mentions and HTML
/// have no effect. It is never in a table, where a vertical bar splits code.
struct MarkdownText {
  private(set) var lines: [String] = []

  /// Adds a blank line, never two in a row.
  mutating func gap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// Adds a heading of our own words.
  mutating func heading(_ level: Int, _ words: String) {
    gap()
    lines += [String(repeating: "#", count: level) + " " + Self.plain(words), ""]
  }

  /// Adds finished Markdown: made by this type, or our own words.
  mutating func markdown(_ text: String) { lines.append(text) }

  /// Adds a block of text from outside.
  ///
  /// CommonMark, section 4.5: the fence is longer than any row of backticks in the block.
  mutating func fenced(_ block: [String], as language: String = "text") {
    gap()
    let longest = block.map { Self.longestTicks($0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    lines += [fence + language] + block + [fence, ""]
  }

  /// Opens a section that readers unfold.
  ///
  /// - Parameter summary: Text from outside.
  mutating func details(_ summary: String) {
    gap()
    lines += ["<details>", "<summary><code>\(Self.html(summary))</code></summary>", ""]
  }

  /// Closes the section of ``details(_:)``.
  mutating func endDetails() {
    gap()
    lines += ["</details>", ""]
  }

  var text: String {
    var lines = lines
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text from outside as a code span.
  ///
  /// CommonMark, section 6.1.
  static func code(_ text: String) -> String {
    let text = HarmlessText.line(text)
    let ticks = String(repeating: "`", count: longestTicks(text) + 1)
    let needsRoom =
      text.isEmpty || text.begins(with: "`") || text.ends(with: "`")
      || text.begins(with: " ") || text.ends(with: " ")
    return needsRoom ? "\(ticks) \(text) \(ticks)" : ticks + text + ticks
  }

  /// Our own words, which may contain outside text, with every character escaped that has a meaning
  /// in Markdown.
  ///
  /// Trackers turn bare addresses into links and names after an at sign into mentions; a backslash
  /// does not prevent that everywhere.
  static func plain(_ words: String) -> String {
    var output = ""
    for scalar in HarmlessText.line(words).unicodeScalars {
      switch scalar {
      case "@": output += "`@`"
      case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~", "&", "!", "$":
        output += "\\\(scalar)"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output.replacing(bytes: "://", with: "\\://").replacing(bytes: "www.", with: "www\\.")
  }

  /// Text from outside for HTML: as numeric character references, so that neither HTML nor Markdown
  /// interprets it.
  static func html(_ text: String) -> String {
    var output = ""
    for scalar in HarmlessText.line(text).unicodeScalars {
      let isPlain =
        !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || " /.-()".unicodeScalars.contains(scalar)
      output += isPlain ? String(scalar) : "&#\(scalar.value);"
    }
    return output
  }

  private static func longestTicks(_ text: String) -> Int {
    var longest = 0
    var here = 0
    for byte in text.utf8 {
      here = byte == UInt8(ascii: "`") ? here + 1 : 0
      longest = max(longest, here)
    }
    return longest
  }
}
