import Foundation
import Testing

/// Which libraries a command loads, as the loader itself tells.
@Suite struct LazyLibraryTests {
  /// An ID token whose `c_hash` makes `decode` compute a digest.
  private static let token =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."
    + "eyJpc3MiOiJodHRwczovL3QuZXhhbXBsZS8iLCJzdWIiOiJzIiwiYXVkIjoiYyIsImV4cCI6MTgwMDAwMDAwMCwiaW"
    + "F0IjoxNzAwMDAwMDAwLCJub25jZSI6Im4iLCJjX2hhc2giOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIn0"
    + ".AAAA"

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [(["--version"], false), (["run", "--help"], false), (["decode"], true)])
  func `nothing but an https port loads libssl, and few commands libcrypto`(
    arguments: [String], needsDigests: Bool
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "token")
    try Data(Self.token.utf8).write(to: file)
    let more = needsDigests ? [file.path, "--code", "some-code"] : []
    _ = try await ProgramRunner.run(
      arguments + more,
      environment: ["LD_DEBUG": "libs", "LD_DEBUG_OUTPUT": folder.appending(path: "log").path])
    var told = ""
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasPrefix("log") {
      told += try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    #expect(told.contains("libncursesw"), "the loader told nothing")
    #expect(!told.contains("libssl") && !told.contains("libcurl"))
    #expect(told.contains("libcrypto") == needsDigests)
  }
}
