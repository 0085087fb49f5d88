import OpenID

extension String {
  /// Without the `>` before every line, as mails quote what they answer.
  var withoutQuoteMarks: String {
    var text = self
    for _ in 0..<3 {
      guard text.trimmed.begins(with: ">") else { break }
      let lines = text.trimmed.split(at: "\n", omittingEmptySubsequences: false)
      let bare = lines.compactMap { $0.dropping(prefix: ">") }
      guard bare.count == lines.count else { break }
      text = bare.map { $0.dropping(prefix: " ") ?? $0 }.joined(separator: "\n")
    }
    return text
  }

  /// Without the blanks that every line has at its start: specifications and mails indent examples.
  var withoutIndentation: String {
    let lines = split(at: "\n", omittingEmptySubsequences: false)
    // The text was trimmed: its first line has lost what the others still have.
    let indents = lines.dropFirst().filter { !String($0).trimmed.isEmpty }
      .map { $0.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }
    guard let least = indents.min(), least > 0 else { return self }
    let rest = lines.dropFirst().map { $0.dropFirst(bytes: min(least, $0.utf8.count)) }
    return ([lines[0]] + rest).joined(separator: "\n")
  }

  /// Without spaces and line breaks at both ends, and without a byte order mark.
  var trimmed: String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value <= 0x20 || scalar == "\u{FEFF}" || scalar == "\u{A0}"
    }
    var scalars = unicodeScalars[...]
    while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// Without line breaks and the spaces around them: terminals and mails wrap lines.
  var withoutLineBreaks: String {
    guard utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return self }
    var output: [UInt8] = []
    var skipsBlanks = false
    for byte in utf8 {
      switch byte {
      case 0x0A, 0x0D:
        while let last = output.last, last == 0x20 || last == 0x09 { output.removeLast() }
        skipsBlanks = true
      case 0x20, 0x09: if !skipsBlanks { output.append(byte) }
      default:
        skipsBlanks = false
        output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
