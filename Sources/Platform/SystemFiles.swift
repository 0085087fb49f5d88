import CSystem
import Glibc
import Network
import OpenID

/// The few functions of the operating system that the commands need.
public enum SystemFiles: Sendable {
  /// Reads a whole file.
  ///
  /// - Parameter option: What names the file, for messages.
  /// - Throws: ``UsageError`` that names the option, the file and the reason.
  public static func read(
    _ path: String, option: UsageError.Place, limitBytes: Int
  ) throws(UsageError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw UsageError(at: option, " \(path): \(reason(errno)). Give a readable file.")
    }
    defer { close(descriptor) }
    var all: [UInt8] = []
    // A large file is read without moving what was read already.
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      all.reserveCapacity(min(Int(status.st_size), limitBytes) + 1)
    }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return all }
      guard count > 0 else {
        throw UsageError(at: option, " \(path): \(reason(errno)). Give a readable file.")
      }
      all += buffer[..<count]
      guard all.count <= limitBytes else {
        throw UsageError(at: option, " \(path): the file is larger than \(limitBytes) bytes.")
      }
    }
  }

  /// Writes everything; returns 0 or the system's error number.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    system_write_all(descriptor, bytes, bytes.count)
  }

  /// The names in a folder that are wanted, in no order; none when it cannot be read.
  public static func names(
    in folder: String, most: Int = .max, where isWanted: (String) -> Bool
  ) -> [String] {
    FolderNames.all(in: folder, most: most, where: isWanted)
  }

  /// The system's message for an error number.
  public static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

/// The environment of the process.
public enum ProcessEnvironment {
  /// The current variables.
  public static func current() -> [String: String] {
    var values: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let (name, value) = pair.cut(at: "=") { values[String(name)] = String(value) }
      entry += 1
    }
    return values
  }
}

extension SystemFiles {
  /// Makes a folder and its parents, readable by their owner only; an existing one is not changed.
  ///
  /// - Parameter path: An absolute path.
  /// - Returns: The part that could not be made and the error number; nil when the folder is there.
  public static func makeFolder(_ path: String) -> (folder: String, code: Int32)? {
    var made = ""
    for part in path.split(at: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0 else { continue }
      let code = errno
      if code != EEXIST, access(made, F_OK) != 0 { return (made, code) }
    }
    return nil
  }
}

/// Writes files into a folder.
public enum OutputFolder {
  /// Writes a file and makes the folder if it does not exist.
  ///
  /// - Throws: ``UsageError`` that names the file and the reason.
  ///
  /// - Parameter isPrivate: Whether only its owner may read it.
  public static func write(
    _ text: String, to name: String, in folder: String, isPrivate: Bool = false
  ) throws(UsageError) {
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw UsageError(
        "\(folder): \(SystemFiles.reason(errno)). Name a folder to write to.", errno: errno)
    }
    try write(Array(text.utf8), to: folder + "/" + name, isPrivate: isPrivate)
  }

  /// Writes a file as a whole: if the disk is full, the old content stays.
  ///
  /// A symbolic link, a device or a pipe of that name is neither written to nor replaced.
  ///
  /// - Throws: ``UsageError`` that names the file and the reason.
  public static func write(
    _ bytes: [UInt8], to path: String, isPrivate: Bool = false
  ) throws(UsageError) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw UsageError("\(path) is no ordinary file and is not replaced. Name another place.")
    }
    let fresh = "\(path).\(getpid()).new"
    let descriptor = open(
      fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
      isPrivate ? 0o600 : 0o666)
    guard descriptor >= 0 else {
      throw UsageError("\(path): \(SystemFiles.reason(errno)).", errno: errno)
    }
    var failure = SystemFiles.write(bytes, to: descriptor)
    close(descriptor)
    if failure == 0, rename(fresh, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(fresh)
      throw UsageError("\(path): \(SystemFiles.reason(failure)).", errno: failure)
    }
  }
}
