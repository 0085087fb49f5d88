import Foundation

/// A program of another language that a test asks, such as Python.
public enum Script {
  /// It ended with a status other than 0.
  public struct Failure: Error {
    /// The status.
    public let status: Int32
  }

  /// Every `python3` of the search path, in its order.
  public static var pythons: [String] {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/python3" }.filter(FileManager.default.isExecutableFile)
  }

  /// Runs a program to its end and returns what it printed.
  ///
  /// Standard error goes nowhere unless the test wants to see it.
  ///
  /// - Throws: ``Failure``, and what the system says when it cannot be started.
  public static func run(
    _ path: String, _ words: [String], input: Data, showsErrors: Bool = false
  ) throws -> Data {
    // Files, because a pipe of this size would have to be read and written at once.
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "in")
    let target = folder.appending(path: "out")
    try input.write(to: source)
    try Data().write(to: target)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = words
    process.standardInput = try FileHandle(forReadingFrom: source)
    process.standardOutput = try FileHandle(forWritingTo: target)
    if !showsErrors { process.standardError = FileHandle.nullDevice }
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return try Data(contentsOf: target)
  }
}
