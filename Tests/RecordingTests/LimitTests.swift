import Foundation
import OpenID
import Testing

@testable import Recording
@testable import HybridFlow
@testable import Session

/// What a recording may hold at most: at the limit it is read, one more is refused by name.
@Suite(.serialized) struct LimitTests {
  private static let advanced = #"{"at":1,"event":"advanced"}"# + "\n"

  private func honest() throws -> (text: String, events: Int) {
    let run = try scriptedRun()
    return (String(decoding: Recording.file(of: run.tape), as: UTF8.self), run.tape.count)
  }

  private func fault(_ text: String) -> String { fault(Array(text.utf8)) }

  private func fault(_ bytes: [UInt8]) -> String {
    do throws(RecordingError) {
      _ = try Recording.read(bytes)
      return ""
    } catch { return error.message }
  }

  @Test func `events`() throws {
    let (text, events) = try honest()
    let most = text + String(repeating: Self.advanced, count: Recording.eventsMaximum - events)
    #expect(try Recording.read(Array(most.utf8)).events.count == Recording.eventsMaximum)
    #expect(fault(most + Self.advanced).hasSuffix("there are more than 20000 events"))
  }

  @Test func `bytes of a line`() throws {
    let (text, _) = try honest()
    // What is no JSON is told from what is too long to be looked at.
    let most = String(repeating: "!", count: Recording.lineBytesMaximum)
    #expect(fault(text + most + "\n").contains("it is not JSON"))
    #expect(fault(text + most + "!\n").contains("longer than 32 MiB"))
  }

  @Test func `bytes of a file`() {
    var bytes = [UInt8](repeating: 0x0A, count: Recording.fileBytesMaximum)
    bytes[0] = UInt8(ascii: "!")
    #expect(fault(bytes).contains("it is no recording"))
    bytes.append(0x0A)
    #expect(fault(bytes).contains("larger than 100 MiB"))
  }

  @Test func `bytes of a message`() throws {
    let (text, events) = try honest()
    func message(_ count: Int) -> String {
      let body = String(repeating: "a", count: count)
      return text + #"{"at":1,"event":"logged_out","request":{"method":"GET","target":"/","#
        + #""body":"\#(body)"}}"# + "\n"
    }
    let most = Limit.responseBodyBytes
    #expect(try Recording.read(Array(message(most).utf8)).events.count == events + 1)
    #expect(fault(message(most + 1)).contains("a message is larger than"))
  }

  @Test func `a file of line ends takes the memory of its bytes`() throws {
    let (text, events) = try honest()
    let ends = [UInt8](repeating: 0x0A, count: 4 * 1024 * 1024)
    let bytes = Array(text.utf8) + ends
    let before = try Self.mostKilobytes(anew: true)
    #expect(try Recording.read(bytes).events.count == events)
    // A list of all lines took 32 bytes for each of them, 128 MiB.
    #expect(try Self.mostKilobytes() - before < 32 * 1024)
  }

  /// The most memory this process held, perhaps only from now on: proc(5), `clear_refs`.
  private static func mostKilobytes(anew: Bool = false) throws -> Int {
    if anew { try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
  }

  @Test func `events of a run that is kept in memory`() throws {
    let run = try scriptedRun()
    let recorder = Recorder(folder: "/nonexistent")
    let first = try #require(run.tape.first)
    recorder.take(first.event, at: first.at, in: .idle)
    for _ in 1..<Recording.eventsMaximum { recorder.take(.advanced, at: first.at, in: .idle) }
    #expect(recorder.kept == Recording.eventsMaximum)
    recorder.take(.advanced, at: first.at, in: .idle)
    #expect(recorder.kept == Recording.eventsMaximum)
    // Another run begins anew.
    recorder.take(first.event, at: first.at, in: .idle)
    #expect(recorder.kept == 1)
  }

  @Test func `bytes of a run that is kept in memory`() throws {
    let run = try scriptedRun()
    let recorder = Recorder(folder: "/nonexistent")
    let first = try #require(run.tape.first)
    recorder.take(first.event, at: first.at, in: .idle)
    let body = [UInt8](repeating: 0x61, count: 4 * 1024 * 1024)
    let request = HTTPRequest(method: "POST", target: "/", body: body)
    let times = Recorder.bodyBytesMaximum / body.count
    for _ in 0..<times { recorder.take(.loggedOut(request), at: first.at, in: .idle) }
    #expect(recorder.kept == times + 1)
    recorder.take(.advanced, at: first.at, in: .idle)
    #expect(recorder.kept == times + 2)
    let one = HTTPRequest(method: "POST", target: "/", body: [0x61])
    recorder.take(.loggedOut(one), at: first.at, in: .idle)
    #expect(recorder.kept == times + 2)
  }
}
