import Foundation
import Testing

/// Runs the built program as a shell would.
struct ProgramRunner {
  struct Result {
    var status: Int32
    var wasSignalled: Bool
    var output: String
    var errors: String
  }

  /// The program, beside the test bundle.
  static let executable: URL = {
    var folder = Bundle.main.bundleURL
    for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
      folder = bundle.bundleURL.deletingLastPathComponent()
    }
    let candidates = [
      folder, URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
      URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/debug"),
    ]
    let names = candidates.map { $0.appending(path: "hybrid-flow") }
    return names.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? names[0]
  }()

  /// Runs it to its end; every run has one, because every wait of the program has a limit.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], piping input: String? = nil
  ) async throws -> Result {
    // Whoever stops reading must not end the tests.
    Foundation.signal(SIGPIPE, SIG_IGN)
    let process = try start(arguments, environment: environment, piping: input)
    return try await process.finish()
  }

  /// Starts it; a text for its standard input comes through a pipe.
  static func start(
    _ arguments: [String], environment: [String: String] = [:], piping input: String? = nil
  ) throws -> RunningProgram {
    try RunningProgram(executable, arguments, environment, input)
  }

  /// A file in a folder of its own, for as long as the test runs.
  static func withFile<T>(
    _ text: String, _ body: (String) async throws -> T
  ) async throws -> T {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await body(file.path)
  }
}

/// A program that was started.
final class RunningProgram: @unchecked Sendable {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private let lock = NSLock()
  private var collected = Data()
  private var complaints = Data()
  private let readers = DispatchGroup()

  init(
    _ executable: URL, _ arguments: [String], _ environment: [String: String],
    _ input: String? = nil
  ) throws {
    process.executableURL = executable
    process.arguments = arguments
    var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    variables.merge(environment) { _, new in new }
    process.environment = variables
    let entry = input.map { _ in Pipe() }
    process.standardInput = entry ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    if let entry, let input {
      DispatchQueue.global().async {
        // A program that reads no further is no fault of the test.
        try? entry.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? entry.fileHandleForWriting.close()
      }
    }
    read(output.fileHandleForReading) { self.collected.append($0) }
    read(errors.fileHandleForReading) { self.complaints.append($0) }
  }

  private func read(_ handle: FileHandle, _ take: @escaping @Sendable (Data) -> Void) {
    let group = readers
    let lock = lock
    group.enter()
    DispatchQueue.global().async {
      while true {
        let data = handle.availableData
        if data.isEmpty { break }
        lock.withLock { take(data) }
      }
      group.leave()
    }
  }

  var processIdentifier: Int32 { process.processIdentifier }
  /// What was printed so far.
  var soFar: String { lock.withLock { String(decoding: collected, as: UTF8.self) } }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits until the output holds a text; false when the program ends or time is up first.
  func waitForOutput(_ text: String, withinSeconds limit: Double = 20) async -> Bool {
    let deadline = Date().addingTimeInterval(limit)
    while Date() < deadline {
      if soFar.contains(text) { return true }
      if !process.isRunning { return soFar.contains(text) }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  func finish() async throws -> ProgramRunner.Result {
    await withCheckedContinuation { continuation in
      readers.notify(queue: .global()) { continuation.resume() }
    }
    process.waitUntilExit()
    return lock.withLock {
      ProgramRunner.Result(
        status: process.terminationStatus,
        wasSignalled: process.terminationReason == .uncaughtSignal,
        output: String(decoding: collected, as: UTF8.self),
        errors: String(decoding: complaints, as: UTF8.self))
    }
  }
}
