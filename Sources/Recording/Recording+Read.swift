import Glibc
import HybridFlow
import OpenID
import Platform

/// How recordings of older versions are read.
struct RecordingVersions: Sendable {
  /// Converts a line from one version to the next.
  typealias Step = @Sendable (JSONValue) throws -> JSONValue

  /// The version that is written and read.
  var current: Int64
  /// The first leads from version 1 to version 2, and so on: one fewer than there are versions.
  var steps: [Step]

  /// The versions of this program.
  static let known = RecordingVersions(current: Recording.version, steps: [])

  /// Converts a line to the current version.
  func migrate(_ line: JSONValue, from version: Int64) throws(RecordingError) -> JSONValue {
    var line = line
    do {
      for step in steps.dropFirst(Int(version) - 1) { line = try step(line) }
    } catch {
      throw error as? RecordingError ?? RecordingError("\(error)")
    }
    return line
  }
}

extension Recording {
  /// Reads a recording.
  ///
  /// An incomplete last line is left out, and ``warnings`` says so.
  ///
  /// - Throws: ``RecordingError`` that names the line and what is wrong with it.
  public static func read(_ bytes: [UInt8]) throws(RecordingError) -> Recording {
    try read(bytes, .known)
  }

  static func read(
    _ bytes: [UInt8], _ versions: RecordingVersions
  ) throws(RecordingError) -> Recording {
    guard bytes.count <= fileBytesMaximum else {
      throw RecordingError("it is larger than \(fileBytesMaximum / 1024 / 1024) MiB")
    }
    var lines = ByteLines(bytes)
    guard let first = lines.next(), !first.isEmpty else { throw RecordingError("it is empty") }
    let (header, version) = try header(Array(first), versions)
    var recording = Recording(header: header, events: [], verdicts: [])
    while let line = lines.next() {
      guard !line.isEmpty else { continue }
      do throws(RecordingError) {
        try recording.take(Array(line), version, versions)
      } catch {
        guard lines.isTorn else { throw RecordingError("line \(lines.count): \(error.message)") }
        recording.warnings.append(
          "The last line was not written to its end; it is left out. The run broke off there.")
      }
    }
    recording.keepLastVerdicts()
    guard !recording.events.isEmpty else { throw RecordingError("it holds no events") }
    return recording
  }

  /// Keeps the last verdicts of a stage, because a late event may add a verdict.
  ///
  /// Done once at the end: a look back from every line would be quadratic for a hostile file.
  private mutating func keepLastVerdicts() {
    var places: Set<String> = []
    verdicts = Array(verdicts.reversed().filter { places.insert($0.place).inserted }.reversed())
  }

  private static func parse(_ line: [UInt8]) throws(RecordingError) -> JSONValue {
    guard line.count <= lineBytesMaximum else {
      throw RecordingError("it is longer than \(lineBytesMaximum / 1024 / 1024) MiB")
    }
    do throws(JSONError) {
      return try JSONParser.parse(line, limitBytes: lineBytesMaximum)
    } catch {
      throw RecordingError("it is not JSON: \(error.explanation)")
    }
  }

  private static func header(
    _ line: [UInt8], _ versions: RecordingVersions
  ) throws(RecordingError) -> (RecordingHeader, Int64) {
    guard let json = try? parse(line), json["format"]?.string == format else {
      throw RecordingError("it is no recording of hybrid-flow: its first line says nothing of one")
    }
    guard let version = json["version"]?.integer, version >= 1 else {
      throw RecordingError("line 1: its version is no number from 1")
    }
    guard version <= versions.current else {
      throw RecordingError(
        "it is of version \(version), and this program (\(ProgramVersion.text)) reads versions up "
          + "to \(versions.current). Use a newer hybrid-flow")
    }
    do throws(RecordingError) {
      let current = try versions.migrate(json, from: version)
      return (try RecordingHeader(FieldReader(current)), version)
    } catch {
      throw RecordingError("line 1: \(error.message)")
    }
  }

  /// More actions than any real recording has.
  private static let leftOutMaximum = 1000

  private mutating func take(
    _ bytes: [UInt8], _ version: Int64, _ versions: RecordingVersions
  ) throws(RecordingError) {
    let line = try FieldReader(versions.migrate(Self.parse(bytes), from: version))
    guard let name = try line.optionalText("event") else {
      if let id = try line.optionalText("left_out") {
        guard let action = AfterAction(id: id) else {
          throw RecordingError("there is no action \u{201C}\(id.prefix(scalars: 40))\u{201D}")
        }
        guard leftOut.count < Self.leftOutMaximum else { return }
        return leftOut.append(
          LeftOut(action: action, why: try line.text("why"), position: events.count))
      }
      guard line.json["verdicts"] != nil else { return }
      verdicts.append(try StoredVerdicts(line))
      return
    }
    guard events.count < Self.eventsMaximum else {
      throw RecordingError("there are more than \(Self.eventsMaximum) events")
    }
    let at = UnixTime(milliseconds: try line.number("at"))
    let event = try EventCoder.event(named: name, line)
    if case .started = event {
      guard events.isEmpty else { throw RecordingError("a second run begins in the same file") }
    } else if events.isEmpty {
      throw RecordingError("the first event is not \u{201C}started\u{201D}")
    }
    events.append(Stamped(event, at: at))
  }
}

/// The lines of a file, one at a time: a hostile file may consist of line ends only.
private struct ByteLines {
  private let bytes: [UInt8]
  private var start = 0
  /// How many lines were returned.
  private(set) var count = 0
  /// Whether the last line has no line end.
  private(set) var isTorn = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Returns the next line without its end; text after the last line end is a line if it is not
  /// empty.
  mutating func next() -> ArraySlice<UInt8>? {
    guard start < bytes.count else { return nil }
    let end = bytes.withUnsafeBytes { all -> Int? in
      guard let from = all.baseAddress.map({ $0 + start }),
        let found = memchr(from, Int32(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return start + from.distance(to: UnsafeRawPointer(found))
    }
    isTorn = end == nil
    count += 1
    defer { start = (end ?? bytes.count) + 1 }
    return bytes[start..<(end ?? bytes.count)]
  }
}
