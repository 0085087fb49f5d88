import Foundation
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct PollLoopTests {
  @Test func `timers fire in order, once, and not when cancelled`() throws {
    let loop = PollLoop()
    // Before the first timer is set: a millisecond may begin between the two.
    let start = loop.monotonicMilliseconds
    var fired: [Int] = []
    loop.after(milliseconds: 30) { fired.append(30) }
    loop.after(milliseconds: 5) { fired.append(5) }
    let never = loop.after(milliseconds: 1) { fired.append(1) }
    never.cancel()
    loop.expect("both") { fired.count == 2 }
    #expect(fired == [5, 30])
    #expect(loop.monotonicMilliseconds - start >= 30)
    #expect(abs(Double(loop.now.milliseconds) / 1000 - Date().timeIntervalSince1970) < 5)
  }

  @Test func `what is posted runs in the next turn without a wait`() throws {
    let loop = PollLoop()
    var order: [String] = []
    loop.post {
      order.append("a")
      loop.post { order.append("b") }
    }
    loop.turn()
    #expect(order == ["a"])
    loop.turn()
    #expect(order == ["a", "b"])
  }

  @Test func `a turn lasts no longer than asked`() throws {
    let loop = PollLoop()
    let start = loop.monotonicMilliseconds
    loop.turn(maximumMilliseconds: 20)
    let spent = loop.monotonicMilliseconds - start
    #expect(spent >= 19 && spent < 5_000)
  }

  @Test func `a result from another thread wakes the loop`() throws {
    let loop = PollLoop()
    var received: [Int] = []
    let handover = try loop.handover(of: Int.self) { received.append($0) }
    let thread = Thread {
      for number in 1...100 { handover.send(number) }
    }
    thread.start()
    loop.expect("all values") { received.count == 100 }
    #expect(received == Array(1...100))
  }

  @Test func `a handover for one result closes its descriptors with it`() throws {
    let loop = PollLoop()
    for _ in 0..<3 {
      var received: [Int] = []
      weak var gone: Handover<Int>?
      do {
        let handover = try loop.handover(of: Int.self, once: true) { received.append($0) }
        gone = handover
        handover.send(1)
        handover.send(2)
      }
      #expect(gone != nil, "the loop keeps it until the result is there")
      loop.expect("the result") { !received.isEmpty }
      loop.turn(maximumMilliseconds: 0)
      #expect(received == [1])
      #expect(gone == nil)
    }
  }

  @Test func `watches see data and hang-up, and may end themselves`() throws {
    let loop = PollLoop()
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var seen: [String] = []
    var watch: Watch?
    watch = loop.watch(ends[0], for: .readable) {
      var byte: UInt8 = 0
      if read(ends[0], &byte, 1) == 1 {
        seen.append(String(UnicodeScalar(byte)))
      } else {
        seen.append("end")
        if let watch { loop.unwatch(watch) }
      }
    }
    var byte = UInt8(ascii: "x")
    #expect(write(ends[1], &byte, 1) == 1)
    loop.expect("data") { seen == ["x"] }
    close(ends[1])
    loop.expect("hang-up") { seen == ["x", "end"] }
    loop.turn(maximumMilliseconds: 1)
    #expect(seen.count == 2)
    #expect(watch?.isActive == false)
  }

  @Test func `signals become events until the source stops`() throws {
    let loop = PollLoop()
    var seen: [ProcessSignal] = []
    let source = try SignalSource(loop: loop, signals: [.windowChange, .resume]) { seen.append($0) }
    #expect(throws: NetworkError.self) { try SignalSource(loop: loop) { _ in } }
    kill(getpid(), SIGWINCH)
    loop.expect("first") { seen == [.windowChange] }
    kill(getpid(), SIGCONT)
    loop.expect("second") { seen == [.windowChange, .resume] }
    source.stop()
    kill(getpid(), SIGWINCH)
    loop.turn(maximumMilliseconds: 5)
    #expect(seen.count == 2)
    let again = try SignalSource(loop: loop) { seen.append($0) }
    again.stop()
  }
}
