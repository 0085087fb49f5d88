import Foundation
import Network
import OpenID
import Testing
@testable import Session
@testable import HybridFlow

/// The application's own port under attack, over real sockets, while somebody signs in.
///
/// `HYBRID_FLOW_SIEGE=10` makes ten times as many tries of each attack.
@Suite(.serialized) struct ServerSiegeTests {
  static let factor =
    ProcessInfo.processInfo.environment["HYBRID_FLOW_SIEGE"].flatMap { Int($0) } ?? 1

  private static func post(
    _ body: String, _ port: Int, host: String? = nil, more: String = ""
  ) -> String {
    "POST /callback HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n"
      + "Content-Type: application/x-www-form-urlencoded\r\n"
      + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\(more)\r\n\(body)"
  }

  private static func get(
    _ path: String, _ port: Int, host: String? = nil, method: String = "GET", more: String = ""
  ) -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n"
      + "Connection: close\r\n\(more)\r\n"
  }

  static let attacks: [Attack] = [
    Attack("slow heads", tries: 400, .held(60)) { _, _ in "P" },
    Attack("slow bodies", tries: 400, .held(60)) { _, port in
      "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 9999\r\n\r\ncode="
    },
    Attack("idle connections", tries: 6000, .held(700)) { _, _ in "" },
    Attack("pipelining", tries: 8, .answered([404])) { _, port in
      String(repeating: "GET /x HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n", count: 1000)
        + get("/last", port)
    },
    Attack("huge heads", tries: 100, .answered([431])) { _, port in
      get("/callback", port, more: "X: " + String(repeating: "x", count: 300_000) + "\r\n")
    },
    Attack("many header lines", tries: 100, .answered([431])) { _, port in
      get("/callback", port, more: String(repeating: "X: y\r\n", count: 5000))
    },
    Attack("huge bodies", tries: 60, .answered([413])) { _, port in
      post(String(repeating: "x", count: 2_000_000), port)
    },
    Attack("huge bodies in small chunks", tries: 24, .answered([413])) { _, port in
      get("/callback", port, method: "POST", more: "Transfer-Encoding: chunked\r\n")
        + String(repeating: "4\r\ncode\r\n", count: 70_000)
    },
    Attack("Content-Length and Transfer-Encoding", tries: 300, .answered([400])) { _, port in
      post("0\r\n\r\n", port, more: "Transfer-Encoding: chunked\r\n")
    },
    Attack("bad chunks", tries: 300, .answered([400, 413, 431])) { number, port in
      let bad = ["zz\r\n", "-1\r\n", "5\r\nabcdefg\r\n", "ffffffff\r\n", "1\nx\n", "0;\u{1}\r\n"]
      return get("/callback", port, method: "POST", more: "Transfer-Encoding: chunked\r\n")
        + bad[number % bad.count]
    },
    Attack("TLS hellos", tries: 300, .answered([400])) { _, _ in
      "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{7c}\u{3}\u{3}"
        + String(repeating: "h", count: 500)
    },
    Attack("wrong Host", tries: 300, .answered([421])) { number, port in
      post("code=c&state=s", port, host: "evil\(number).example:\(port)")
    },
    Attack("wrong method", tries: 300, .answered([200, 400, 404])) { number, port in
      let methods = ["DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"]
      return get("/callback", port, method: methods[number % methods.count])
    },
    Attack("wrong path", tries: 300, .answered([404])) { number, port in
      let paths = ["/", "/callback/", "/callback/../x", "/CALLBACK", "/%63allback", "//callback"]
      return get(paths[number % paths.count], port)
    },
    Attack("cross-origin posts with a guessed state", tries: 400, .answered([200, 400])) {
      number, port in
      post(
        "code=guess&id_token=a.b.c&state=guess\(number)", port,
        more: "Origin: https://evil.example\r\n")
    },
    Attack("a flood of callbacks", tries: 1000, .answered([200, 400])) { number, port in
      switch number % 3 {
      case 0: get("/callback?code=c&state=s", port)
      case 1: post("", port)
      default: post("error=access_denied&state=s", port)
      }
    },
    Attack("misplaced answers", tries: 400, .answered([404])) { _, port in
      get("/other?code=c&state=s", port)
    },
    Attack("resets", tries: 600, .reset) { _, port in
      post(String(repeating: "x", count: 4000), port)
    },
  ]

  @Test(.timeLimit(.minutes(2)), arguments: attacks)
  func `the loop stays awake, and the true callback gets through`(attack: Attack) throws {
    var attack = attack
    attack.tries *= Self.factor
    let (harness, uri) = try Harness.away()
    let memory = Holdings.memoryKilobytes
    let descriptors = Holdings.descriptors
    let metronome = Metronome(harness.loop)
    let siege = Siege(attack, port: uri.port)
    siege.begin()
    defer { siege.end() }
    try harness.wait { siege.tries >= attack.tries / 4 }
    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    #expect(try harness.post(form).status == 303)
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    // The attack went on all the time.
    #expect(!siege.isOver)
    siege.end()
    let isOver = harness.loop.run(withinMilliseconds: 60_000) { siege.isOver }
    #expect(isOver)
    let growth = Holdings.memoryKilobytes - memory
    metronome.stop()
    print(
      "siege | \(attack.name) | \(siege.tries) tries | \(siege.answers) answered | longest pause "
        + "\(Int(metronome.longestMilliseconds)) ms, of it at work "
        + "\(Int(metronome.longestWorkMilliseconds)) ms | memory \(growth) KB | held at once "
        + "\(siege.mostAtOnce)")
    if case .held(let most) = attack.end { #expect(siege.mostAtOnce >= min(most, 60) * 4) }
    #expect(siege.surprises.isEmpty)
    if case .answered = attack.end { #expect(siege.answers > attack.tries / 4) }
    // A person feels a tenth of a second; a debug build under load gets more.
    #expect(metronome.longestWorkMilliseconds < 250)
    #expect(metronome.beats > 10)
    #expect(growth < 96 * 1024)
    harness.session.close()
    harness.tenant.stop()
    #expect(Holdings.descriptors <= descriptors)
  }
}
