import Foundation
import Glibc
import Network
import OpenID
import Testing

@testable import Recording
@testable import HybridFlow
@testable import Commands
@testable import Settings
@testable import Session

/// What comes to the application's real port and is refused there before it is a request.
@Suite(.serialized) struct RefusedArrivalTests {
  /// Bytes for the port, what they are refused for, with which status, and the row that explains it.
  struct Row: Sendable, CustomTestStringConvertible {
    var reason: RefusedRequest.Reason
    var status: Int?
    var diagnosis: String
    var bytes: @Sendable (String) -> String
    var testDescription: String { reason.rawValue }
  }

  static let rows: [Row] = [
    Row(reason: .tls, status: 400, diagnosis: "run-answer-was-https") { _ in
      "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\u{0}\u{1}\u{0}"
    },
    Row(reason: .bodyTooLarge, status: 413, diagnosis: "run-answer-too-large") {
      "POST /callback HTTP/1.1\r\nHost: \($0)\r\nContent-Length: 300000\r\n\r\ncode=canary&state="
    },
    Row(reason: .noLength, status: 411, diagnosis: "run-answer-without-length") {
      "POST /callback HTTP/1.1\r\nHost: \($0)\r\n\r\n"
    },
    Row(reason: .otherHost, status: 421, diagnosis: "run-answer-for-other-host") { _ in
      "POST /callback HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 6\r\n\r\ncode=c"
    },
    Row(reason: .cookies, status: 431, diagnosis: "run-answer-with-many-cookies") {
      "POST /callback HTTP/1.1\r\nHost: \($0)\r\nCookie: sid=canary; "
        + String(repeating: "a=b; ", count: 8000) + "\r\n\r\n"
    },
    Row(reason: .malformed, status: 505, diagnosis: "run-answer-not-http") {
      "POST /callback HTTP/1.2\r\nHost: \($0)\r\n\r\n"
    },
  ]

  /// Says something at the port and leaves it at that.
  private func say(_ text: String, to uri: WebURL) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(uri.port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    let bytes = Array(text.utf8)
    try #require(send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    return descriptor
  }

  @Test(.timeLimit(.minutes(1)), arguments: rows)
  func `it is shown at stage 5, and the true answer is still taken`(row: Row) throws {
    let (harness, uri) = try Harness.away()
    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    let descriptor = try say(row.bytes(uri.authority), to: uri)
    defer { Glibc.close(descriptor) }
    let session = harness.session
    try harness.wait { session.machine.transcript.refusedRequests.count == 1 }
    let transcript = session.machine.transcript
    #expect(transcript.refusedRequests.first?.reason == row.reason)
    let own = transcript[.callback].messages.filter { $0.from == .application }
    #expect(own.compactMap(\.response).map(\.status) == [row.status])
    let lines = transcript[.callback].messages.compactMap(\.request).map(\.description)
    #expect(lines == (row.reason == .tls ? [] : ["POST /callback"]))
    let shown = transcript[.callback].messages.map {
      "\($0.headers.lines) \(String(decoding: $0.body, as: UTF8.self))"
    }
    #expect(!shown.joined().contains("canary"))
    #expect(harness.isAway)
    let page = try harness.page(after: harness.post(form))
    #expect(page.bodyText.contains("The answer has arrived"))
    session.close()
  }

  @Test(.timeLimit(.minutes(1)), arguments: rows)
  func `when nothing else comes, the run ends with 5 and says why`(row: Row) throws {
    let harness = try Harness(["--browser", "--no-browser", "--wait", "3"])
    var descriptor: Int32 = -1
    defer { Glibc.close(descriptor) }
    let session = harness.session
    // Whoever comes while the run waits: the timer is the loop's own.
    func call() {
      guard case .browserAway = session.machine.situation, let uri = session.redirectURI else {
        harness.loop.after(milliseconds: 10) { call() }
        return
      }
      descriptor = (try? say(row.bytes(uri.authority), to: uri)) ?? -1
    }
    call()
    #expect(harness.run() == .exit(5))
    let result = try #require(try harness.sink.lines().last)
    #expect(result["exit"]?.integer == 5 && result["status"]?.string == "failed")
    #expect(result["code"]?.string == "environment.answer_refused")
    #expect(result["diagnosis"]?["id"]?.string == row.diagnosis)
    #expect(harness.sink.errors.contains("Still waiting for an answer."))
    #expect(!harness.sink.output.contains("canary") && !harness.sink.errors.contains("canary"))
  }

  @Test(.timeLimit(.minutes(1))) func `who leaves in the middle is told of as well`() throws {
    let (harness, uri) = try Harness.away()
    Glibc.close(try say("POST /callback HTTP/1.1\r\nHost: \(uri.authority)\r\nConte", to: uri))
    let session = harness.session
    try harness.wait { session.machine.transcript.refusedRequests.count == 1 }
    #expect(session.machine.transcript.refusedRequests.first?.reason == .brokenOff)
    // And who comes and says nothing is nobody.
    Glibc.close(try say("", to: uri))
    #expect(try harness.get("\(uri.origin)/favicon.ico").status == 404)
    #expect(session.machine.transcript.refusedRequests.count == 1)
    session.close()
  }

  @Test(.timeLimit(.minutes(1))) func `a recording has it, without what is secret`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (harness, uri) = try Harness.away()
    let recorder = Recorder(folder: folder)
    try recorder.record(to: "\(folder)/run.jsonl")
    harness.session.recorder = recorder
    try harness.session.start(harness.connection.configuration)
    try harness.wait { harness.isAway }
    let descriptor = try say(
      "POST /callback?code=canarycanarycanary HTTP/1.1\r\nHost: \(uri.authority)\r\nCookie: sid=canary"
        + "\r\n\r\n", to: uri)
    defer { Glibc.close(descriptor) }
    let session = harness.session
    try harness.wait { session.machine.transcript.refusedRequests.count == 1 }
    recorder.stop()
    session.close()
    let bytes = Array(try Data(contentsOf: URL(filePath: "\(folder)/run.jsonl")))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("canary"))
    let recording = try Recording.read(bytes)
    var replay = ReplayRun(recording)
    while !replay.isAtEnd { replay.step() }
    #expect(replay.machine.transcript.refusedRequests.map(\.reason) == [.noLength])
    #expect(replay.differences.isEmpty)
  }
}
