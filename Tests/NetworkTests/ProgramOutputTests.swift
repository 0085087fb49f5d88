import Foundation
import Glibc
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct ProgramOutputTests {
  private func run(
    _ words: [String], bytesMax: Int = 1000, timeoutMilliseconds: Int = patienceMilliseconds
  ) throws -> ProgramOutput.Ending? {
    let loop = PollLoop()
    var ending: ProgramOutput.Ending?
    let program = ProgramOutput(
      words, environment: .ofSecretCommand(["PATH": "/usr/bin:/bin"]), loop: loop,
      bytesMax: bytesMax,
      timeoutMilliseconds: timeoutMilliseconds
    ) { ending = $0 }
    loop.expect("an ending of \(words)") { ending != nil }
    withExtendedLifetime(program) {}
    return ending
  }

  @Test func `what it prints is collected, without a shell`() throws {
    #expect(try run(["printf", "%s", "$HOME; `id`"]) == .printed(Array("$HOME; `id`".utf8)))
    #expect(try run(["true"]) == .printed([]))
  }

  @Test(arguments: [
    (["false"], "it ended with a failure"), (["no-such-program-here"], "there is no such program"),
    (["sh", "-c", "yes"], "it printed over 1000 bytes"),
  ])
  func `what goes wrong is said`(words: [String], reason: String) throws {
    #expect(try run(words) == .failed(reason))
  }

  @Test func `a program that takes too long is ended`() throws {
    #expect(
      try run(["sleep", "60"], timeoutMilliseconds: 1000) == .failed("it took longer than 1 s"))
  }

  @Test func `it has no terminal to ask at`() throws {
    let script = "(: </dev/tty) 2>/dev/null && echo terminal || echo none"
    #expect(try run(["sh", "-c", script]) == .printed(Array("none\n".utf8)))
  }

  @Test func `giving up ends it with everything it has started, and the loop went on`() throws {
    let folder = try TemporaryFolder()
    let loop = PollLoop()
    var ending: ProgramOutput.Ending?
    let program = ProgramOutput(
      [
        "sh", "-c",
        "sleep 60 & echo $! >\(folder.path)/part; mv \(folder.path)/part "
          + "\(folder.path)/child; wait",
      ],
      environment: .ofSecretCommand(["PATH": "/usr/bin:/bin"]), loop: loop, bytesMax: 100,
      timeoutMilliseconds: 60_000
    ) { ending = $0 }
    var ticks = 0
    func tick() {
      ticks += 1
      loop.after(milliseconds: 5) { tick() }
    }
    tick()
    loop.expect("the child") { folder.read("child") != nil && ticks > 3 }
    let text = folder.read("child")?.trimmingCharacters(in: .whitespacesAndNewlines)
    let child = try #require(text.flatMap { pid_t($0) })
    #expect(kill(child, 0) == 0)
    program.cancel()
    // It is gone, or waits for whoever adopts it to take its status.
    loop.expect("the end of the child") { kill(child, 0) != 0 || Self.isDead(child) }
    #expect(ending == nil)
  }

  private static func isDead(_ process: pid_t) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { $0.contains(") Z ") } ?? true
  }
}
