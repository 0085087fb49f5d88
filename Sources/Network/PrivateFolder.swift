import Glibc

/// A folder of this program alone, which is gone when this value is.
public final class PrivateFolder {
  /// How often it is tried to remove it: a program that is just ending may still write.
  private static let tries = 5

  /// Its path.
  public let path: String

  /// Makes a folder beside other temporary files; nil when there can be none.
  ///
  /// It lies in `TMPDIR`, or in `/tmp` where there is none or where its path would be too long.
  ///
  /// - Parameter mostBytes: The most bytes of its path.
  public init?(named name: String, environment: ChildEnvironment, mostBytes: Int = .max) {
    let end = "/\(name)-XXXXXX"
    var place = environment.variables["TMPDIR"] ?? ""
    if place.isEmpty || place.utf8.count + end.utf8.count > mostBytes { place = "/tmp" }
    var template = Array("\(place)\(end)".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { remove() }

  /// Removes it with everything in it; may be called twice.
  public func remove() {
    for _ in 0..<Self.tries where access(path, F_OK) == 0 { Self.remove(path) }
  }

  /// Follows no link.
  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in FolderNames.all(in: path, where: { ![".", ".."].contains($0) }) {
      remove("\(path)/\(name)")
    }
    rmdir(path)
  }
}
