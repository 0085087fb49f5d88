import CSystem
import Glibc

/// Ways to the clipboard that work over SSH.
enum Clipboard {
  /// OSC 52 with the text in Base64, as xterm defines it.
  static func controlSequence(for text: String) -> [UInt8] {
    Array("\u{1B}]52;c;".utf8) + base64(Array(text.utf8)) + [0x07]
  }

  /// RFC 4648, section 4.
  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = 0
      for index in 0..<3 {
        bits = bits << 8 | (index < group.count ? Int(group[start + index]) : 0)
      }
      for index in 0..<4 {
        let isFilled = index <= group.count
        result.append(
          isFilled ? alphabet[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
      }
    }
    return result
  }

  /// Passes the text to tmux, which by default ignores OSC 52 from programs inside it.
  ///
  /// Returns the process to wait for, or nil if tmux cannot be started.
  static func giveToTmux(_ text: String, _ environment: [String: String]) -> pid_t? {
    let bytes = Array(text.utf8)
    let file = system_memory_file(bytes, bytes.count)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let words = ["tmux", "load-buffer", "-w", "-"].map { (word: String) in strdup(word) }
    let variables = environment.map { strdup($0.key + "=" + $0.value) }
    defer { (words + variables).forEach { free($0) } }
    var child: pid_t = 0
    let code = system_start_detached("tmux", words + [nil], variables + [nil], file, -1, -1, &child)
    return code == 0 ? child : nil
  }
}
