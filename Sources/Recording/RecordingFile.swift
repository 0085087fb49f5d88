import Glibc
import OpenID
import Platform

/// A recording on the disk, written line by line as things happen.
///
/// A crash, or a kill signal that cannot be caught, loses at most the line being written.
final class RecordingFile {
  /// The file's path.
  let path: String
  private var descriptor: Int32
  /// Whether the file was made here and is still empty.
  private var isOursAndEmpty: Bool

  /// Makes a new file that only its owner can read.
  ///
  /// - Parameter overwrites: Whether a file of this name may be replaced.
  /// - Throws: ``UsageError`` that names the file and the reason.
  init(creating path: String, overwrites: Bool = false) throws(UsageError) {
    var status = stat()
    if overwrites, lstat(path, &status) == 0 {
      // Never a device, nor the target of another user's link.
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw UsageError("\(path) is no ordinary file and is not replaced. Choose another name.")
      }
      guard unlink(path) == 0 else {
        throw UsageError("\(path) cannot be replaced: \(SystemFiles.reason(errno)).")
      }
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? UsageError(
          "\(path) is there already and was not touched. Choose another name, or give "
            + "--overwrite.")
        : UsageError("\(path) cannot be written: \(SystemFiles.reason(errno)).", errno: errno)
    }
    self.path = path
    isOursAndEmpty = true
  }

  /// Takes a file that is already open.
  init(descriptor: Int32, path: String) {
    (self.descriptor, self.path) = (descriptor, path)
    isOursAndEmpty = false
  }

  deinit { close() }

  /// Writes a line and its line end at once.
  ///
  /// - Throws: ``UsageError`` with the system’s reason; after that nothing more is written.
  func write(_ line: String) throws(UsageError) {
    guard descriptor >= 0 else { return }
    let code = SystemFiles.write(Array(line.utf8), to: descriptor)
    if code == 0 || lseek(descriptor, 0, SEEK_CUR) != 0 { isOursAndEmpty = false }
    guard code == 0 else {
      close()
      throw UsageError("\(path) cannot be written to its end: \(SystemFiles.reason(code)).")
    }
  }

  /// The first free numbered name, starting with this number; nil when there is none.
  static func firstFree(of path: String, from number: Int) -> (path: String, number: Int)? {
    for number in number..<number + 99 {
      let name = number == 1 ? path : numbered(path, number)
      var status = stat()
      if lstat(name, &status) != 0, errno == ENOENT { return (name, number) }
    }
    return nil
  }

  /// Closes the file, and deletes it if it is empty.
  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
    if isOursAndEmpty { unlink(path) }
  }

  /// Makes a folder and its parents, readable by their owner only; an existing one is not changed.
  static func makeFolder(_ path: String) throws(UsageError) {
    guard let (part, code) = SystemFiles.makeFolder(path) else { return }
    throw UsageError("The folder \(part) cannot be made: \(SystemFiles.reason(code)).")
  }

  /// The name with a number before its ending, such as `run-2.jsonl`.
  static func numbered(_ path: String, _ number: Int) -> String {
    let name = path.cut(atLast: "/")?.after ?? path[...]
    guard let (stem, ending) = name.cut(atLast: "."), !stem.isEmpty else {
      return "\(path)-\(number)"
    }
    return "\(path[..<stem.endIndex])-\(number).\(ending)"
  }
}
