import Glibc
import Platform

/// The file of `--junit`, written once, at the end.
public struct JUnitFile: Sendable {
  /// Where it is.
  public let path: String

  /// Names the file; an ordinary file that is there is replaced when the report is written.
  ///
  /// - Throws: ``UsageError`` at once for a place where no file can be made.
  public init(_ path: String) throws(UsageError) {
    try ExportFile.check(path, replaces: true)
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw UsageError("\(path) is no ordinary file and is not replaced. Name another file.")
    }
    self.path = path
  }

  /// Writes the report as a whole; others may read it, as far as the umask lets them.
  ///
  /// - Throws: ``UsageError`` that names the file and the reason.
  public func write(_ report: JUnitReport) throws(UsageError) {
    try OutputFolder.write(Array(report.text.utf8), to: path)
  }
}
