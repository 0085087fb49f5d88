/// Words of a POSIX shell.
enum ShellWord {
  /// A word that a POSIX shell reads back byte for byte; nil for a text with a NUL, which no word
  /// can contain.
  ///
  /// Only `printf` makes bytes that control a terminal or are invisible, so that the script shows
  /// all of them. POSIX.1-2017, Shell Command Language, section 2.2.
  static func quoted(_ bytes: [UInt8]) -> String? {
    guard !bytes.contains(0) else { return nil }
    if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
    var output = ""
    var quoted = "'"
    var hidden = ""
    func flushQuoted() {
      if quoted != "'" { output += quoted + "'" }
      quoted = "'"
    }
    func flushHidden() {
      // Never a newline: the shell would remove it at the end.
      if !hidden.isEmpty { output += "\"$(printf '\(hidden)')\"" }
      hidden = ""
    }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "'"):
        flushHidden()
        flushQuoted()
        output += "\\'"
      case 0x20...0x7E, 0x0A:
        flushHidden()
        quoted += String(UnicodeScalar(byte))
      default:
        flushQuoted()
        let digits = String(byte, radix: 8)
        hidden += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    flushHidden()
    flushQuoted()
    return output.isEmpty ? "''" : output
  }

  /// A text as a word; NULs are left out.
  static func quoted(_ text: String) -> String {
    quoted(text.utf8.filter { $0 != 0 }) ?? "''"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="),
      UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: ","):
      true
    default: false
    }
  }
}
