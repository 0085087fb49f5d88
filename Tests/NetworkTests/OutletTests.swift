import Glibc
import Testing

@testable import Network

/// Writing to those who do not read.
@Suite(.timeLimit(.minutes(1))) struct OutletTests {
  /// Two ends of something that holds little, and what a reader does at the other end.
  enum Kind: String, CaseIterable, Sendable { case pipe, socket, terminal }

  private struct Ends {
    var writer: Int32
    var reader: Int32
    /// Held open so that a terminal does not end with its last writer.
    var spare: Int32 = -1
  }

  private func ends(_ kind: Kind) throws -> Ends {
    var pair: [Int32] = [-1, -1]
    switch kind {
    case .pipe:
      try #require(pipe(&pair) == 0)
      return Ends(writer: pair[1], reader: pair[0])
    case .socket:
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      return Ends(writer: pair[1], reader: pair[0])
    case .terminal:
      var (master, slave): (Int32, Int32) = (-1, -1)
      try #require(openpty(&master, &slave, nil, nil, nil) == 0)
      var modes = termios()
      try #require(tcgetattr(slave, &modes) == 0)
      cfmakeraw(&modes)
      tcsetattr(slave, TCSANOW, &modes)
      return Ends(writer: slave, reader: master, spare: dup(slave))
    }
  }

  private func close(_ ends: Ends) {
    for descriptor in [ends.writer, ends.reader, ends.spare] where descriptor >= 0 {
      Glibc.close(descriptor)
    }
  }

  @Test(arguments: Kind.allCases)
  func `what nobody takes is kept, the loop goes on, and everything arrives in order`(
    kind: Kind
  ) throws {
    let ends = try ends(kind)
    defer { close(ends) }
    let loop = PollLoop()
    let outlet = Outlet(ends.writer)
    outlet.attach(to: loop)
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
    let clock = ContinuousClock()
    let start = clock.now
    #expect(outlet.write(bytes[..<600_000]) && outlet.write(bytes[600_000...]))
    #expect(clock.now - start < .seconds(5))
    #expect(outlet.pendingBytes > 0)
    var ticks = 0
    loop.after(milliseconds: 1) { ticks += 1 }
    #expect(loop.run(withinMilliseconds: 5000) { ticks == 1 })
    // The open file is the shell's as well.
    #expect(fcntl(ends.writer, F_GETFL) & O_NONBLOCK == 0)
    var arrived: [UInt8] = []
    _ = fcntl(ends.reader, F_SETFL, fcntl(ends.reader, F_GETFL) | O_NONBLOCK)
    loop.watch(ends.reader, for: .readable) {
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = read(ends.reader, &buffer, buffer.count)
      if count > 0 { arrived += buffer[..<count] }
    }
    #expect(loop.run(withinMilliseconds: 30_000) { arrived.count == bytes.count })
    #expect(arrived == bytes)
    #expect(outlet.pendingBytes == 0 && outlet.failure == nil)
  }

  @Test(arguments: Kind.allCases)
  func `who is told to end waits no longer than that`(kind: Kind) throws {
    let ends = try ends(kind)
    defer { close(ends) }
    let loop = PollLoop()
    let outlet = Outlet(ends.writer)
    outlet.attach(to: loop)
    outlet.write([UInt8](repeating: 0x78, count: 1_000_000))
    let start = ContinuousClock.now
    outlet.drain(withinMilliseconds: 100)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(outlet.pendingBytes > 0 && outlet.failure == nil)
  }

  @Test func `a reader that has gone is told by its number`() throws {
    signal(SIGPIPE, SIG_IGN)
    let ends = try ends(.pipe)
    let loop = PollLoop()
    let outlet = Outlet(ends.writer)
    outlet.attach(to: loop)
    outlet.write([UInt8](repeating: 0x78, count: 1_000_000))
    #expect(outlet.pendingBytes > 0)
    Glibc.close(ends.reader)
    #expect(loop.run(withinMilliseconds: 5000) { outlet.failure == EPIPE })
    #expect(outlet.pendingBytes == 0 && !outlet.failureWasTold)
    #expect(!outlet.write([0x78]) && outlet.failureWasTold)
    Glibc.close(ends.writer)
  }

  @Test func `a full disk is told by its number, with a loop and without`() throws {
    for isAttached in [false, true] {
      let full = open("/dev/full", O_WRONLY)
      defer { Glibc.close(full) }
      let loop = PollLoop()
      let outlet = Outlet(full)
      if isAttached { outlet.attach(to: loop) }
      #expect(!outlet.write([0x78]))
      #expect(outlet.failure == ENOSPC)
    }
  }

  @Test func `the second signal to end ends the program at once`() async {
    await #expect(processExitsWith: .signal(SIGHUP)) {
      var signals = sigset_t()
      sigemptyset(&signals)
      for number in [SIGTERM, SIGHUP] { sigaddset(&signals, number) }
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      let loop = PollLoop()
      let source = try SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) { _ in }
      raise(SIGTERM)
      // Nobody turns the loop: the program is busy, or waits for something else.
      raise(SIGHUP)
      withExtendedLifetime(source) {}
    }
  }
}
