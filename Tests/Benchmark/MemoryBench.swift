import Commands
import Cryptography
import Explorer
import Glibc
import Network
import OpenID
import Platform
import Session
import Settings

/// Resident memory, and what an idle explorer does.
enum MemoryBench {
  private static let right = "\u{1B}OC"

  static func rows(_ bench: Bench) throws -> [Row] {
    guard let terminal = BenchTerminal([bench.program]), terminal.wait(for: "help") else {
      throw BenchFault(description: "no explorer")
    }
    let atStart = ProcessFile.residentMegabytes(terminal.process)
    terminal.settle(quiet: 800)
    let after1 = ProcessFile.residentMegabytes(terminal.process)
    walk(terminal)
    let afterFlow = ProcessFile.residentMegabytes(terminal.process)
    let idle = idleCost(terminal)
    for _ in 0..<bench.rounds(20) {
      terminal.send("r")
      terminal.settle(quiet: 120)
      walk(terminal)
    }
    let later = ProcessFile.residentMegabytes(terminal.process)
    var rows = [
      Row("memory", "explorer with its first frame", "MB", atStart),
      Row("memory", "explorer after stage 1", "MB", after1),
      Row("memory", "explorer after a flow", "MB", afterFlow).atMost(20),
      Row("memory", "explorer after \(bench.rounds(20)) more", "MB", later).atMost(20),
      Row("memory", "idle: processor time", "ms/s", idle.processor).atMost(0.5),
      Row("memory", "idle: wake-ups", "/s", idle.waits).atMost(1.5),
      Row("memory", "idle: bytes sent", "B/s", idle.bytes).atMost(0),
    ]
    rows += try flows(bench)
    return rows
  }

  private static func walk(_ terminal: BenchTerminal) {
    for key in [right, right, right, "\r", "\r", right, right, right, right, right, right] {
      terminal.send(key)
      terminal.settle(quiet: 120)
    }
  }

  private static func idleCost(
    _ terminal: BenchTerminal
  ) -> (processor: Double, waits: Double, bytes: Double) {
    terminal.settle(quiet: 1500)
    terminal.forget()
    let process = terminal.process
    let before = (
      ProcessFile.processorMilliseconds(of: process), ProcessFile.waits(of: process), Clock.now
    )
    let deadline = Clock.now + 5000
    while Clock.now < deadline { terminal.pump(deadline - Clock.now) }
    let seconds = (Clock.now - before.2) / 1000
    return (
      (ProcessFile.processorMilliseconds(of: process) - before.0) / seconds,
      (ProcessFile.waits(of: process) - before.1) / seconds, Double(terminal.output.count) / seconds
    )
  }

  private final class NoSink: TextSink {
    func write(_ text: String) -> Bool { true }
    func complain(_ text: String) {}
  }

  /// Flows over real sockets in this process, one after the other in one loop.
  private static func flows(_ bench: Bench) throws -> [Row] {
    let key = try SigningKey.generate(.rs256, keyID: "bench")
    let loop = PollLoop()
    var connection = try Connection.read(
      Invocation.parse(["run"]), secrets: ClientSecretSource(environment: [:]))
    let tenant = try DemoSetup.start(&connection, loop: loop, keys: [key])
    let session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    func once() {
      var style = RunStyle()
      style.isJSON = true
      _ = RunCommand(
        session: session, configuration: connection.configuration, style: style, sink: NoSink()
      ).run()
    }
    var (times, processor) = (Samples(), Samples())
    once()
    let first = ProcessFile.residentMegabytes()
    let count = bench.isQuick ? 200 : 1000
    for _ in 1..<count {
      let (start, used) = (Clock.now, Clock.processor)
      once()
      times.values.append(Clock.now - start)
      processor.values.append(Clock.processor - used)
    }
    let part = times.values.count / 5
    let early = Samples(values: Array(processor.values.prefix(part))).median
    let late = Samples(values: Array(processor.values.suffix(part))).median
    return [
      Row("memory", "this process after one flow over sockets", "MB", first),
      Row("memory", "this process after \(count)", "MB", ProcessFile.residentMegabytes()),
      Row("memory", "a flow over sockets in process", "ms", times),
      Row("memory", "the last fifth of them / the first", "x", late / early).atMost(1.25),
    ]
  }
}
