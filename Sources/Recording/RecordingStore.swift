import Glibc
import OpenID
import Platform
import Recordings

/// The available recordings: those shipped with the program, and the person’s own.
public struct RecordingStore: Sendable {
  /// The folder of the person’s own recordings.
  public let folder: String
  /// The most files of a folder that are read.
  static let filesMaximum = 500

  /// Makes a store for this folder.
  public init(folder: String) { self.folder = folder }

  /// One recording of a list.
  public struct Item: Sendable, Equatable {
    /// The name that opens it.
    public var name: String
    /// The file; nil for a shipped recording.
    public var path: String?
    /// Its first line; nil when that cannot be read.
    public var header: RecordingHeader?
    /// Why it cannot be opened; nil if it can.
    public var fault: String?
  }

  /// The shipped recordings, in their order.
  public var shipped: [Item] {
    EmbeddedRecordings.all().map { file in
      Item(name: file.name, path: nil, header: Self.header(of: file.bytes).header, fault: nil)
    }
  }

  /// The person’s own recordings, newest first.
  public var own: [Item] {
    let names = SystemFiles.names(in: folder, most: Self.filesMaximum) {
      $0.ends(with: ".jsonl")
    }
    // The names begin with the time.
    return names.sorted(by: >).map { name in
      let path = folder + "/" + name
      let head = Self.head(of: path)
      let found = Self.header(of: head)
      return Item(name: name, path: path, header: found.header, fault: found.fault)
    }
  }

  private static func head(of path: String) -> [UInt8] {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    return Array(buffer.prefix(max(0, count)))
  }

  private static func header(
    of bytes: [UInt8]
  ) -> (header: RecordingHeader?, fault: String?) {
    let line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    do throws(RecordingError) {
      let json = try? JSONParser.parse(line)
      guard json?["format"]?.string == Recording.format, let json else {
        throw RecordingError("no recording")
      }
      guard let version = json["version"]?.integer, version <= Recording.version else {
        throw RecordingError("of a newer version")
      }
      return (try RecordingHeader(FieldReader(json)), nil)
    } catch {
      return (nil, error.message)
    }
  }

  /// Opens a recording by its file, or by the name of a shipped or an own recording.
  ///
  /// - Throws: ``UsageError`` that lists the names, or says what is wrong with the file.
  ///
  /// A HAR is opened too; of several logins the number says which.
  public func open(_ word: String, login: Int? = nil) throws(UsageError) -> Recording {
    if let book = try har(word) { return try book.recording(login: login) }
    var status = stat()
    let isFile = word.holds("/") || stat(word, &status) == 0
    if !isFile, let file = EmbeddedRecordings.all().first(where: { $0.name == word }) {
      return try Self.read(file.bytes, word)
    }
    let names = isFile ? [word] : ["\(folder)/\(word)", "\(folder)/\(word).jsonl"]
    guard let path = isFile ? word : names.first(where: { stat($0, &status) == 0 }) else {
      let known = shipped.map(\.name) + own.map(\.name)
      let hint = Spelling.nearest(to: word, among: known).map { " Did you mean \($0)?" } ?? ""
      throw UsageError(
        "There is no recording \"\(word)\".\(hint) See hybrid-flow replay --list.")
    }
    guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
      throw UsageError("\(path) is a folder. Name a recording.")
    }
    let bytes = try SystemFiles.read(
      path, option: "replay", limitBytes: Recording.fileBytesMaximum)
    return try Self.read(bytes, path)
  }

  /// Opens a HAR; nil for a word that names no file, or a file that is a recording.
  ///
  /// - Parameter server: The file of a second HAR.
  /// - Throws: ``UsageError`` for a HAR that cannot be read, or has no login.
  public func har(_ word: String, server: String? = nil) throws(UsageError) -> HARBook? {
    var status = stat()
    guard stat(word, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let bytes = try SystemFiles.read(
      word, option: "replay", limitBytes: HARFile.fileBytesMaximum)
    guard HARFile.isOne(bytes) else { return nil }
    var second: (bytes: [UInt8], name: String)?
    if let server {
      let log = try SystemFiles.read(
        server, option: "--server-log", limitBytes: HARFile.fileBytesMaximum)
      second = (log, server)
    }
    return try HARBook(bytes, named: word, server: second)
  }

  private static func read(_ bytes: [UInt8], _ name: String) throws(UsageError) -> Recording {
    do throws(RecordingError) {
      return try Recording.read(bytes)
    } catch {
      throw UsageError("\(name) cannot be replayed: \(error.message).")
    }
  }

  /// Deletes an own recording.
  ///
  /// - Throws: ``UsageError`` with the system’s reason.
  public func delete(_ name: String) throws(UsageError) {
    guard !name.holds("/"), name.ends(with: ".jsonl") else {
      throw UsageError("\(name) is none of your recordings.")
    }
    guard unlink(folder + "/" + name) == 0 else {
      throw UsageError("\(name) cannot be deleted: \(SystemFiles.reason(errno)).")
    }
  }

  /// The list as `replay --list` prints it.
  public var listing: String {
    var lines = ["Recordings that come along:"]
    for item in shipped {
      lines.append("  \(Self.padded(item.name, 31)) \(item.header?.title ?? "")")
    }
    lines += ["", "Your own, in \(folder):"]
    let own = own
    if own.isEmpty { lines.append("  none yet; R in the explorer writes one") }
    for item in own { lines.append("  \(Self.padded(item.name, 31)) \(Self.about(item))") }
    return lines.map(HarmlessText.line).joined(separator: "\n") + "\n"
  }

  /// A one-line description of an own recording.
  public static func about(_ item: Item) -> String {
    guard let header = item.header else { return "cannot be read: \(item.fault ?? "")" }
    let secrets = header.keepsSecrets ? ", WITH SECRETS" : ""
    let fault = header["fault"].map { ", fault \($0)" } ?? ""
    return "\(header["tenant"] ?? "?"), \(header["response_type"] ?? "?")\(fault)\(secrets)"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
