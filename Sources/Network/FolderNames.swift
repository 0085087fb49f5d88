import Glibc

/// The names in a folder.
public enum FolderNames {
  /// The names that are wanted, in no order; none when the folder cannot be read.
  public static func all(
    in folder: String, most: Int = .max, where isWanted: (String) -> Bool
  ) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < most, let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isWanted(name) { names.append(name) }
    }
    return names
  }
}
