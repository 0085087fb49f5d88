import Export
import Glibc
import OpenID
import Platform
import Presentation

/// Where a workshop stands: what its notes in a second terminal need, and nothing else.
public struct WorkshopPosition: Sendable, Equatable {
  /// Of which list.
  public var fingerprint: String
  /// The step, counted from 0.
  public var step: Int
  /// The clock.
  public var clock: WorkshopClock
  /// The process that gives it.
  public var process: Int32

  /// Makes a position of this process.
  public init(fingerprint: String, step: Int, clock: WorkshopClock, process: Int32 = getpid()) {
    (self.fingerprint, self.step) = (fingerprint, step)
    (self.clock, self.process) = (clock, process)
  }
}

/// The file by which the notes follow a workshop: position and clock, readable by its owner only.
public struct WorkshopStatusFile: Sendable {
  private static let bytesMax = 4096
  private let path: String

  /// Names the file.
  public init(path: String) { self.path = path }

  /// Writes the position as a whole.
  ///
  /// - Throws: ``UsageError`` when it cannot be written.
  public func write(_ position: WorkshopPosition) throws(UsageError) {
    func number(_ value: Int64) -> JSONValue { .number(JSONNumber(value)) }
    let json: JSONValue = [
      "version": 1, "process": number(Int64(position.process)),
      "script": .string(position.fingerprint), "step": number(Int64(position.step)),
      "passed": number(position.clock.passedMilliseconds),
      "since": position.clock.since.map { number($0.milliseconds) } ?? .null,
    ]
    if let folder = path.cut(atLast: "/")?.before { try Self.makeFolder(String(folder)) }
    try ExportFile.write(json.compactText + "\n", to: path, replaces: true)
  }

  /// The position; nil when no workshop is given now.
  public func read() -> WorkshopPosition? {
    guard let bytes = try? SystemFiles.read(path, option: "workshop", limitBytes: Self.bytesMax),
      let json = try? JSONParser.parse(bytes), let process = json["process"]?.integer,
      let id = Int32(exactly: process), id > 0, kill(id, 0) == 0 || errno == EPERM,
      let step = json["step"]?.integer.flatMap({ Int(exactly: $0) }),
      let passed = json["passed"]?.integer, let script = json["script"]?.string
    else { return nil }
    let since = json["since"]?.integer.map { UnixTime(milliseconds: $0) }
    return WorkshopPosition(
      fingerprint: script, step: step,
      clock: WorkshopClock(passedMilliseconds: passed, since: since), process: id)
  }

  /// Removes it, if it is of this process.
  public func remove() {
    if read()?.process == getpid() { unlink(path) }
  }

  private static func makeFolder(_ folder: String) throws(UsageError) {
    guard let (part, code) = SystemFiles.makeFolder(folder) else { return }
    throw UsageError("\(part): the folder cannot be made: \(SystemFiles.reason(code)).")
  }
}
