import Glibc
import OpenID
import Platform

/// Writes exported files: readable by their owner only, and never incomplete.
public enum ExportFile {
  /// Reports early that a file cannot be made, before the person signs in for it.
  ///
  /// - Throws: ``UsageError`` that names the file, the reason and what to do.
  public static func check(_ path: String, replaces: Bool) throws(UsageError) {
    guard !path.isEmpty else { throw UsageError("A file needs a name.") }
    var status = stat()
    if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        throw UsageError("\(path) is a folder. Name a file in it.")
      }
      guard replaces else { throw taken(path) }
    }
    let folder = folder(of: path)
    guard access(folder, W_OK | X_OK) == 0 else {
      let place = folder == "." ? path : folder
      throw UsageError("\(place): \(SystemFiles.reason(errno)). Name another file.")
    }
  }

  /// Writes a file as a whole: a reader sees all of it or nothing.
  ///
  /// It is written under a temporary name with mode 0600, then moved. An existing file is
  /// replaced only if that is wanted, and a symbolic link is never followed.
  ///
  /// - Throws: ``UsageError`` that names the file, the reason and what to do.
  public static func write(
    _ text: String, to path: String, replaces: Bool = false
  ) throws(UsageError) {
    try check(path, replaces: replaces)
    let fresh = "\(path).\(getpid()).new"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw fault(path, errno) }
    let failure = fill(descriptor, with: Array(text.utf8))
    close(descriptor)
    if let failure {
      unlink(fresh)
      throw fault(path, failure)
    }
    if replaces {
      guard rename(fresh, path) == 0 else {
        let reason = errno
        unlink(fresh)
        throw fault(path, reason)
      }
      return
    }
    // A link is made only if the name is free: no other program can take it in between.
    var reason = link(fresh, path) == 0 ? 0 : errno
    if [EPERM, ENOTSUP, EMLINK, ENOSYS].contains(reason) {
      // Some file systems have no links; there the earlier check must be enough.
      try check(path, replaces: false)
      reason = rename(fresh, path) == 0 ? 0 : errno
    }
    unlink(fresh)
    if reason == EEXIST { throw taken(path) }
    guard reason == 0 else { throw fault(path, reason) }
  }

  private static func fill(_ descriptor: Int32, with bytes: [UInt8]) -> Int32? {
    // The umask may have removed bits, but never adds any.
    guard fchmod(descriptor, 0o600) == 0 else { return errno }
    let reason = SystemFiles.write(bytes, to: descriptor)
    return reason == 0 ? nil : reason
  }

  private static func folder(of path: String) -> String {
    guard let folder = path.cut(atLast: "/")?.before else { return "." }
    return folder.isEmpty ? "/" : String(folder)
  }

  private static func taken(_ path: String) -> UsageError {
    UsageError(
      "\(path) is there already, and stays as it is. Name another file, or say --force to replace "
        + "it.", .fileExists)
  }

  private static func fault(_ path: String, _ reason: Int32) -> UsageError {
    UsageError("\(path): \(SystemFiles.reason(reason)). Name another file.", errno: reason)
  }
}
