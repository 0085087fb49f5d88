import Foundation
import Testing

extension EndToEnd {
  /// Standard output that nobody reads: a pipe that is full from the start.
  @Suite(.serialized) struct StalledTests {
    /// A named pipe with no room left.
    private final class FullPipe {
      let path: String
      private let descriptor: Int32
      private let folder: TemporaryFolder

      init() throws {
        folder = try TemporaryFolder()
        path = "\(folder.path)/pipe"
        guard mkfifo(path, 0o600) == 0 else { throw EndToEndFailure(description: "no pipe") }
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        let bytes = [UInt8](repeating: 0x2E, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
      }

      deinit { close(descriptor) }

      /// Takes everything that is there now, without the filling.
      func take() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
          let count = read(descriptor, &buffer, buffer.count)
          guard count > 0 else { break }
          bytes += buffer[..<count]
        }
        return String(decoding: bytes.drop { $0 == 0x2E }, as: UTF8.self)
      }
    }

    /// The status with which a port of this machine answers; nil when no answer comes.
    private static func status(_ port: UInt16, _ path: String) -> Int? {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      var wait = timeval(tv_sec: 5, tv_usec: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else { return nil }
      let request = Array(
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
      _ = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 12 else { return nil }
      return Int(String(decoding: buffer[9..<12], as: UTF8.self))
    }

    private static func discovery(_ port: UInt16) -> Int? {
      status(port, "/.well-known/openid-configuration")
    }

    @Test(.timeLimit(.minutes(1)))
    func `the tenant answers, drops lines of its log and says how many`() async throws {
      let pipe = try FullPipe()
      let port = try Place.freePort()
      let tenant = try RunningProgram(
        Place.program, ["tenant", "--port", "\(port)"], standardOutput: pipe.path)
      _ = try await waitFor("an answer of the tenant") { Self.discovery(port) == 200 ? true : nil }
      for _ in 0..<7 { #expect(Self.discovery(port) == 200) }
      var said = pipe.take()
      said += try await waitFor("word of the dropped lines") {
        let more = pipe.take()
        return more.isEmpty ? nil : more
      }
      let deadline = ContinuousClock.now + .seconds(10)
      while !said.contains("dropped"), ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(20))
        said += pipe.take()
      }
      #expect(said.hasPrefix("issuer "), "\(said)")
      let match = said.firstMatch(of: /(\d+) lines were dropped, because nobody read them\.\n/)
      #expect((match.flatMap { Int($0.output.1) } ?? 0) >= 7, "\(said)")
      // From now on it is read again.
      #expect(Self.discovery(port) == 200)
      let line = try await waitFor("a line of the log") {
        let more = pipe.take()
        return more.isEmpty ? nil : more
      }
      #expect(line == "GET /.well-known/openid-configuration 200\n")
      tenant.signal(SIGTERM)
      #expect(try await tenant.end(within: 10) == .exit(0))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT, SIGHUP])
    func `the tenant ends when it is told to`(number: Int32) async throws {
      let pipe = try FullPipe()
      let port = try Place.freePort()
      let tenant = try RunningProgram(
        Place.program, ["tenant", "--port", "\(port)"], standardOutput: pipe.path)
      _ = try await waitFor("an answer of the tenant") { Self.discovery(port) == 200 ? true : nil }
      tenant.signal(number)
      #expect(try await tenant.end(within: 2) == .exit(0))
    }

    static let waits: [[String]] = [["run"], ["run", "--json"], ["run", "--plain"]]

    @Test(.timeLimit(.minutes(1)), arguments: waits, [SIGTERM, SIGINT, SIGHUP])
    func `a run that waits for its browser ends by the signal`(
      arguments: [String], number: Int32
    ) async throws {
      let pipe = try FullPipe()
      let port = try Place.freePort()
      let run = try RunningProgram(
        Place.program,
        arguments + [
          "--browser", "--no-browser", "--wait", "60", "--redirect-uri",
          "http://127.0.0.1:\(port)/callback",
        ], standardOutput: pipe.path)
      // It listens, so it answers what it does not know.
      _ = try await waitFor("an answer of the run") {
        Self.status(port, "/nothing") == 404 ? true : nil
      }
      run.signal(number)
      #expect(try await run.end(within: 2) == .signal(number))
    }

    @Test(
      .timeLimit(.minutes(1)), arguments: [["help"], ["lab", "--list"], ["replay", "--list"]])
    func `what only prints ends by the signal as well`(arguments: [String]) async throws {
      let pipe = try FullPipe()
      let program = try RunningProgram(Place.program, arguments, standardOutput: pipe.path)
      _ = try await waitFor("a program that waits in its write") {
        let path = "/proc/\(program.processIdentifier)/wchan"
        let place = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return place.contains("pipe") || place.contains("poll") || place == "0" ? true : nil
      }
      program.signal(SIGTERM)
      #expect(try await program.end(within: 2) == .signal(SIGTERM))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a slow reader gets every byte`() async throws {
      let pipe = try FullPipe()
      let run = try RunningProgram(
        Place.program, ["run", "--json", "--reveal"], standardOutput: pipe.path)
      _ = try await waitFor("the end of the flow") { run.errors.isEmpty ? nil : true }
      var said = ""
      while !run.isOver {
        said += pipe.take()
        try await Task.sleep(for: .milliseconds(5))
      }
      said += pipe.take()
      #expect(try await run.end() == .exit(0))
      let lines = said.split(separator: "\n")
      #expect(lines.count == 11)
      #expect(lines.last?.hasPrefix("{\"type\":\"result\"") == true)
    }
  }

  /// Standard output on a disk that is full.
  @Suite(.serialized) struct FullOutputTests {
    static let commands: [[String]] = [
      ["--version"], ["--help"], ["help", "run"], ["paths"], ["theme", "list"],
      ["completion", "bash"], ["man"], ["replay", "--list"], ["lab", "--list"],
      ["lab", "swapped-code"], ["lab", "swapped-code", "--json"], ["run"], ["run", "--json"],
      ["run", "--plain"], ["check"], ["check", "--json"], ["tenant", "--port", "0"],
      ["explain", "invalid_grant"], ["export", "--lab", "swapped-code", "--format", "har"],
    ]

    @Test(.timeLimit(.minutes(1)), arguments: commands)
    func `it is a fault of the machine, with a word`(arguments: [String]) async throws {
      let program = try RunningProgram(
        Place.program, arguments, standardOutput: "/dev/full")
      #expect(try await program.end(within: 40) == .exit(1), "\(program.errors)")
      let word = "hybrid-flow: standard output cannot be written: No space left on device.\n"
      #expect(program.errors.hasSuffix(word), "\(program.errors)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [["--version"], ["run", "--json"], ["man"]])
    func `a reader that has gone is no error to speak of`(arguments: [String]) async throws {
      let script = "{ \"$0\" \"$@\"; echo \"ended $?\" >&2; } | :"
      let program = try RunningProgram("/bin/sh", ["-c", script, Place.program] + arguments)
      #expect(try await program.end(within: 40) == .exit(0))
      let lines = program.errors.split(separator: "\n")
      // Whoever is quicker: it may have written before the reader went.
      #expect(["ended 141", "ended 0"].contains(lines.last ?? ""), "\(program.errors)")
      #expect(!program.errors.contains("cannot be written"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is opened later does not become standard output`() async throws {
      let folder = try TemporaryFolder()
      let program = try RunningProgram(
        "/bin/sh",
        ["-c", "exec \"$0\" run --record \"$1\" >&-", Place.program, "\(folder.path)/run.jsonl"])
      #expect(try await program.end(within: 40) == .exit(1))
      #expect(program.errors.contains("standard output cannot be written"))
      let text = try String(contentsOfFile: "\(folder.path)/run.jsonl", encoding: .utf8)
      #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }
  }
}
