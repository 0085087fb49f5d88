import CSystem
import Glibc
import OpenID

/// What a program printed, kept in memory up to a limit.
///
/// A browser may run for hours, longer than this program. So it writes into a file in memory that
/// cannot grow: no pipe that breaks when this program ends, and no disk that fills.
final class PrintedWords {
  /// The most bytes that are kept.
  static let bytesMaximum = 64 * 1024
  /// The most bytes of its end that are shown.
  static let shownBytes = 300

  /// Where the program writes; -1 when there is no such file.
  let descriptor = system_output_file(PrintedWords.bytesMaximum)

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The last lines, in one; empty when nothing was printed.
  var end: String {
    // The descriptor is the program's own, so its position is where the program stopped writing.
    let count = descriptor < 0 ? 0 : min(lseek(descriptor, 0, SEEK_CUR), off_t(Self.bytesMaximum))
    guard count > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    let read = pread(descriptor, &bytes, bytes.count, 0)
    guard read > 0 else { return "" }
    let text = String(decoding: bytes[..<read], as: UTF8.self)
    let line = text.lines.map(\.trimmingSpace).filter { !$0.isEmpty }.joined(separator: " / ")
    let end = line.suffix(bytes: Self.shownBytes)
    return end.utf8.count < line.utf8.count ? "\u{2026}" + end : String(end)
  }

  /// The end of a sentence about a failure.
  var remark: String {
    let end = end
    return end.isEmpty ? "" : ", and printed \u{201C}\(end)\u{201D}"
  }
}
