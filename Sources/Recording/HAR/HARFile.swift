import OpenID

/// Why a file is no HAR that can be read.
public struct HARError: Error, Sendable, Equatable {
  /// What is wrong and where, and what to do, in sentences.
  public var message: String
}

/// A HAR file: the requests that a browser or a proxy has saved.
///
/// Only what every entry needs is read at once; bodies and headers are read when somebody asks.
///
/// HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/
public struct HARFile: Sendable {
  /// The largest file that is read.
  public static let fileBytesMaximum = 256 * 1024 * 1024
  /// The most entries of one file.
  static let entriesMaximum = 200_000

  let bytes: [UInt8]
  /// The entries, by the time at which they began.
  private(set) var entries: [HAREntry] = []
  /// The program that wrote the file, such as `WebInspector`; empty when it does not say.
  private(set) var creator = ""
  /// Whether any entry has a cookie: an export may leave all of them out, and nothing says so.
  private(set) var hasCookies = false
  /// What is wrong with the file although it can be read, in sentences.
  public private(set) var warnings: [String] = []

  /// Whether a text looks like a HAR rather than like a recording.
  public static func isOne(_ bytes: [UInt8]) -> Bool {
    let slices = JSONSlices(bytes)
    guard slices.next == UInt8(ascii: "{") || slices.next == UInt8(ascii: "[") else { return false }
    // The first line of a recording is an object of its own.
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
    return !head.holds("\"" + Recording.format + "\"")
  }

  /// Reads a file.
  ///
  /// - Throws: ``HARError`` when it is not JSON from the start, or has no entries.
  public init(_ bytes: [UInt8]) throws(HARError) {
    self.bytes = bytes
    guard bytes.count <= Self.fileBytesMaximum else {
      throw HARError(
        message: "it is larger than \(Self.fileBytesMaximum / 1024 / 1024) MiB")
    }
    var slices = JSONSlices(bytes)
    var found = false
    do throws(JSONSlices.Fault) {
      switch slices.next {
      case UInt8(ascii: "{"): try readTop(&slices, &found)
      case UInt8(ascii: "["):
        found = true
        try readEntries(&slices)
      default: throw JSONSlices.Fault(offset: slices.offset, isEnd: false)
      }
    } catch {
      let place = "at byte \(error.offset) of \(bytes.count)"
      guard !entries.isEmpty else {
        throw HARError(
          message: error.isEnd
            ? "it is cut off before its first entry ends, \(place)"
            : "it is not JSON, \(place)")
      }
      warnings.append(
        (error.isEnd ? "The file is cut off \(place)" : "The file stops being JSON \(place)")
          + ": the \(entries.count) entries before that are read.")
    }
    guard found else {
      throw HARError(message: "it is JSON, but has no log.entries, as a HAR has")
    }
    guard !entries.isEmpty else { throw HARError(message: "it is a HAR without entries") }
    sort()
  }

  private mutating func readTop(
    _ slices: inout JSONSlices, _ found: inout Bool
  ) throws(JSONSlices.Fault) {
    var isFirst = true
    while let name = try slices.member(&isFirst) {
      switch name {
      case "log" where slices.next == UInt8(ascii: "{"): try readTop(&slices, &found)
      case "entries" where slices.next == UInt8(ascii: "["):
        found = true
        try readEntries(&slices)
      case "creator":
        let range = try slices.value()
        creator =
          JSONSlices.parse(bytes, range, limitBytes: 4096)?["name"]?.string ?? ""
      default: _ = try slices.value()
      }
    }
  }

  private mutating func readEntries(_ slices: inout JSONSlices) throws(JSONSlices.Fault) {
    var isFirst = true
    while try slices.element(&isFirst) {
      let range = try slices.value()
      guard entries.count < Self.entriesMaximum else { continue }
      guard bytes[range.lowerBound] == UInt8(ascii: "{"),
        let entry = HAREntry(bytes, range, index: entries.count)
      else { continue }
      if !hasCookies { hasCookies = entry.hasCookies(in: bytes) }
      entries.append(entry)
    }
  }

  /// Sorts by time: two tabs mix their entries, and some writers sort by the end.
  ///
  /// Entries without a time stay behind the entry before them.
  private mutating func sort() {
    var last = UnixTime(seconds: 0)
    for index in entries.indices {
      if let at = entries[index].startedAt { last = at }
      entries[index].at = last
    }
    entries.sort { ($0.at, $0.index) < ($1.at, $1.index) }
  }
}
