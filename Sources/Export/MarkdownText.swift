import OpenID

/// Builds Markdown in which text from outside stays text.
///
/// Such text stands in code spans and fenced blocks only: there neither emphasis, links, mentions
/// nor HTML mean anything. Nothing of it stands in a table, where code is split at upright lines.
struct MarkdownText {
  private(set) var lines: [String] = []

  /// A blank line, never two.
  mutating func gap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// A heading of our own words.
  mutating func heading(_ level: Int, _ words: String) {
    gap()
    lines += [String(repeating: "#", count: level) + " " + Self.plain(words), ""]
  }

  /// Markdown that is ready: made by this type, or of our own words.
  mutating func markdown(_ text: String) { lines.append(text) }

  /// A block of text from outside.
  ///
  /// CommonMark, section 4.5: the fence is longer than any row of backticks in the block.
  mutating func fenced(_ block: [String], as language: String = "text") {
    gap()
    let longest = block.map { Self.longestTicks($0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    lines += [fence + language] + block + [fence, ""]
  }

  /// Opens something that readers unfold.
  ///
  /// - Parameter summary: Text from outside.
  mutating func details(_ summary: String) {
    gap()
    lines += ["<details>", "<summary><code>\(Self.html(summary))</code></summary>", ""]
  }

  /// Ends what ``details(_:)`` opened.
  mutating func endDetails() {
    gap()
    lines += ["</details>", ""]
  }

  var text: String {
    var lines = lines
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text from outside inside a line.
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

  /// Words of our own, into which something from outside may have got, with every sign escaped
  /// that Markdown could read as its own.
  ///
  /// Trackers make links of bare addresses and call the people whose names follow an at sign, neither
  /// of which a backslash keeps them from everywhere.
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

  /// Text from outside inside HTML: signs as their numbers, so that neither HTML nor Markdown reads
  /// any of them.
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
