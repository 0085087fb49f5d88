import Foundation
import Glibc
import OpenID
import TestSupport
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct DebuggingPipeTests {
  @Test(arguments: [
    ([], [], 0), (["{}\0"], ["{}"], 0), (["{}"], [], 2), (["{", "}\0{"], ["{}"], 1),
    (["a\0b\0c", "d\0"], ["a", "b", "cd"], 0), (["\0\0"], ["", ""], 0),
    (["12345678\0"], ["12345678"], 0),
  ])
  func `messages come whole, however they arrive`(
    pieces: [String], messages: [String], left: Int
  ) throws {
    var frames = DebuggingFrames(bytesMax: 8)
    var read: [String] = []
    for piece in pieces {
      read += try frames.take(Array(piece.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(read == messages)
    // What is left belongs to the next message.
    let last = try frames.take([0]).map(\.count)
    #expect(last == [left])
  }

  @Test(arguments: [["123456789"], ["12345", "6789"], ["1\0", "123456789\0"]])
  func `a message that is too large is refused before it is whole`(pieces: [String]) {
    var frames = DebuggingFrames(bytesMax: 8)
    #expect(throws: DebuggingFrames.TooLarge.self) {
      for piece in pieces { _ = try frames.take(Array(piece.utf8)) }
    }
  }

  @Test func `a command is one line of JSON, ended by a zero byte`() throws {
    let bytes = DebuggingFrames.command(7, "Page.navigate", ["url": "a\0b"], session: "S")
    #expect(bytes.filter { $0 == 0 }.count == 1 && bytes.last == 0)
    let command = try JSONParser.parse(Array(bytes.dropLast()))
    #expect(command["id"]?.integer == 7)
    #expect(command["params"]?["url"]?.string == "a\0b")
    #expect(command["sessionId"]?.string == "S")
  }

  private func pipe(_ script: String, _ loop: PollLoop) throws -> DebuggingPipe {
    try DebuggingPipe(
      "/bin/sh", ["-c", script], environment: .ofSecretCommand(["PATH": "/usr/bin:/bin"]),
      loop: loop)
  }

  @Test func `it asks on descriptor 3 and is answered on 4, with events in between`() throws {
    let loop = PollLoop()
    // It answers the first command, reads the second, and ends with the third, which is its end.
    let browser = try pipe(
      #"line=$(head -zn1 <&3 | tr -d '\0'); "#
        + #"printf '{"method":"E","params":{"was":%s}}\0no JSON\0' "$line" >&4; "#
        + #"printf '{"id":1,"result":{"a":1}}\0{"id":2,"error":{"message":"no"}}\0' >&4; "#
        + "head -zn1 <&3 >/dev/null; head -zn1 <&3 >/dev/null", loop)
    var events: [String] = []
    browser.onEvent = { method, about, _ in
      events.append("\(method) \(about["was"]?["method"]?.string ?? "?")")
    }
    #expect(try browser.ask("A.b")["a"]?.integer == 1)
    #expect(events == ["E A.b"])
    #expect(throws: DebuggingError(reason: "it did not reply to C.d in time")) {
      // Its reply came before it was asked: it is nobody's.
      try browser.ask("C.d", withinMilliseconds: 50)
    }
    browser.end()
    #expect(browser.ending == "it ended")
  }

  @Test func `one that ends says why, and no command waits for it`() throws {
    let loop = PollLoop()
    let browser = try pipe("echo first >&2; echo no display >&2; exit 1", loop)
    #expect(throws: DebuggingError(reason: "it ended (no display)")) { try browser.ask("A.b") }
    #expect(throws: DebuggingError(reason: "it ended (no display)")) { try browser.ask("A.b") }
  }

  @Test func `one that cannot be started is an error`() {
    #expect(throws: DebuggingError.self) {
      try DebuggingPipe(
        "/no/such/program", [], environment: .ofSecretCommand([:]), loop: PollLoop())
    }
  }

  @Test func `a folder of its own goes with everything in it, and nothing outside`() throws {
    let outside = try TemporaryFolder()
    let kept = "\(outside.path)/kept"
    _ = FileManager.default.createFile(atPath: kept, contents: Data())
    let environment = ChildEnvironment.ofSecretCommand(["TMPDIR": outside.path])
    let short = try #require(
      PrivateFolder(named: "test", environment: environment, mostBytes: 20))
    #expect(short.path.hasPrefix("/tmp/test-"))
    let folder = try #require(PrivateFolder(named: "test", environment: environment))
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/a/b", withIntermediateDirectories: true)
    _ = FileManager.default.createFile(atPath: "\(folder.path)/a/b/c", contents: Data())
    symlink(outside.path, "\(folder.path)/a/link")
    folder.remove()
    #expect(access(folder.path, F_OK) != 0)
    #expect(access(kept, F_OK) == 0)
  }
}
