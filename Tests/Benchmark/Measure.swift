import Glibc
import OpenID

/// Numbers of one kind, of which the middle one counts.
struct Samples {
  var values: [Double] = []

  var sorted: [Double] { values.sorted() }
  var least: Double { sorted.first ?? 0 }
  var most: Double { sorted.last ?? 0 }
  var median: Double { values.isEmpty ? 0 : sorted[values.count / 2] }
}

/// One line of the table.
struct Row {
  var group: String
  var name: String
  var unit: String
  var samples: Samples
  /// What is promised of the median; nil where nothing is.
  var bound: (text: String, holds: Bool)?

  init(_ group: String, _ name: String, _ unit: String, _ samples: Samples) {
    (self.group, self.name, self.unit, self.samples) = (group, name, unit, samples)
  }

  init(_ group: String, _ name: String, _ unit: String, _ value: Double) {
    self.init(group, name, unit, Samples(values: [value]))
  }

  func atMost(_ limit: Double) -> Row {
    var row = self
    row.bound = ("at most \(Self.text(limit))", samples.median <= limit)
    return row
  }

  func atLeast(_ limit: Double) -> Row {
    var row = self
    row.bound = ("at least \(Self.text(limit))", samples.median >= limit)
    return row
  }

  /// Three digits that count.
  static func text(_ value: Double) -> String {
    let digits = value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 2
    let scale = [1, 10, 100][digits]
    let whole = Int((value.magnitude * Double(scale)).rounded())
    guard digits > 0 else { return "\(whole)" }
    let fraction = String(scale + whole % scale).dropFirst()
    return "\(whole / scale).\(fraction)"
  }

  var line: String {
    let numbers = [samples.least, samples.median, samples.most].map { Self.text($0).padded(9) }
    let verdict = bound.map { "  \($0.text)\($0.holds ? "" : "  MISSED")" } ?? ""
    return "  \(name.filled(52))\(numbers.joined())  \(unit.filled(7))\(verdict)"
  }

  var json: JSONValue {
    var value: JSONValue = [
      "group": .string(group), "name": .string(name), "unit": .string(unit),
      "min": .string(Self.text(samples.least)), "median": .string(Self.text(samples.median)),
      "max": .string(Self.text(samples.most)), "rounds": .string("\(samples.values.count)"),
    ]
    if let bound {
      value.set("target", .string(bound.text))
      value.set("met", .bool(bound.holds))
    }
    return value
  }
}

extension String {
  func padded(_ width: Int) -> String {
    String(repeating: " ", count: max(1, width - count)) + self
  }

  func filled(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}

enum Clock {
  /// Milliseconds that only go forward.
  static var now: Double { read(CLOCK_MONOTONIC) }
  /// Milliseconds of processor time of this process.
  static var processor: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
  }

  /// Runs the work so often that it takes a while, and returns milliseconds of processor time each.
  static func each(rounds: Int = 7, milliseconds: Double = 40, _ work: () -> Void) -> Samples {
    work()
    var samples = Samples()
    for _ in 0..<rounds {
      var count = 0.0
      let start = processor
      repeat {
        work()
        count += 1
      } while processor - start < milliseconds
      samples.values.append((processor - start) / count)
    }
    return samples
  }
}

/// What the system tells of a process.
enum ProcessFile {
  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// A line of /proc/PID/status, in its own unit.
  static func status(_ name: String, of process: pid_t) -> Double {
    for line in read("/proc/\(process)/status").split(separator: "\n") where line.hasPrefix(name) {
      return line.split { !$0.isNumber }.first.flatMap { Double(String($0)) } ?? 0
    }
    return 0
  }

  /// Resident memory in MB.
  static func residentMegabytes(_ process: pid_t = getpid()) -> Double {
    status("VmRSS:", of: process) / 1024
  }

  /// Milliseconds of processor time of all its threads, also of those that have ended.
  static func processorMilliseconds(of process: pid_t) -> Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return 0
    }
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
  }

  /// How often its first thread has given the processor up to wait.
  static func waits(of process: pid_t) -> Double {
    status("voluntary_ctxt_switches:", of: process)
  }
}
