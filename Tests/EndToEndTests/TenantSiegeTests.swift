import Foundation
import Testing

extension EndToEnd {
  /// The tenant's own process, where it may open few descriptors.
  @Suite(.serialized) struct TenantSiegeTests {
    /// A connection with something said on it; nil when it is refused.
    private static func connection(_ port: UInt16, saying text: String) -> Int32? {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
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
      guard result == 0 else {
        close(descriptor)
        return nil
      }
      let bytes = Array(text.utf8)
      _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      return descriptor
    }

    /// The status of the discovery document; nil when no answer comes.
    private static func status(_ port: UInt16) -> Int? {
      let request =
        "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        + "Connection: close\r\n\r\n"
      guard let descriptor = connection(port, saying: request) else { return nil }
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 12 else { return nil }
      return Int(String(decoding: buffer[9..<12], as: UTF8.self))
    }

    /// Seconds of work of a process so far.
    private static func work(_ process: pid_t) -> Double {
      let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      let fields = text.split(separator: ")").last?.split(separator: " ").compactMap { Double($0) }
      guard let fields, fields.count > 12 else { return -1 }
      return (fields[10] + fields[11]) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [18, 24, 40])
    func `out of descriptors it neither spins nor dies, and answers`(limit: Int) async throws {
      let tenant = try RunningProgram(
        "/bin/sh",
        ["-c", "ulimit -n \(limit); exec \"$0\" \"$@\"", Place.program, "tenant", "--port", "0"])
      let issuer = try await tenant.line(after: "issuer")
      let port = try #require(
        issuer.split(separator: ":").last.flatMap { UInt16($0.filter(\.isNumber)) })
      // The key is there: from now on it works only when it is asked.
      _ = try await waitFor("the first answer") { Self.status(port) == 200 ? true : nil }
      var crowd: [Int32] = []
      defer { for descriptor in crowd { close(descriptor) } }
      for _ in 0..<150 {
        if let foe = Self.connection(port, saying: "GET / HT") { crowd.append(foe) }
      }
      #expect(crowd.count == 150)
      let before = Self.work(tenant.processIdentifier)
      let clock = ContinuousClock.now
      try await Task.sleep(for: .milliseconds(1500))
      let spent = Self.work(tenant.processIdentifier) - before
      let passed = (ContinuousClock.now - clock).components
      let ratio = spent / (Double(passed.seconds) + Double(passed.attoseconds) / 1e18)
      let files = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(tenant.processIdentifier)/fd"
      ).count
      print("tenant | ulimit -n \(limit) | 150 half-said | work by time \(ratio) | \(files) files")
      #expect(ratio >= 0 && ratio < 0.3)
      #expect(Self.status(port) == 200)
      #expect(!tenant.isOver)
      tenant.signal(SIGTERM)
      #expect(try await tenant.end(within: 10) == .exit(0))
    }
  }
}
