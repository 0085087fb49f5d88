import Explorer
import Foundation
import Network
import OpenID
import Session
import Settings
import Testing

/// What a tenant that makes its own key leaves behind.
@Suite struct TenantHostTests {
  @Test(.timeLimit(.minutes(1)))
  func `one tenant after the other leaves no descriptor open`() async {
    // In a process of its own, because other tests open descriptors at the same time.
    await #expect(processExitsWith: .success) {
      func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      }
      let loop = PollLoop()
      var counts: [Int] = []
      for _ in 0..<6 {
        var connection = try Connection.read(
          Invocation.parse(["run"]), secrets: ClientSecretSource(environment: [:]))
        var tenant: TenantHost? = try DemoSetup.start(&connection, loop: loop)
        let isReady = loop.run(withinMilliseconds: 20_000) { tenant?.isReady == true }
        try #require(isReady)
        tenant?.stop()
        tenant = nil
        // The first may load a library. What is being closed is waited for.
        if let first = counts.dropFirst().min() {
          _ = loop.run(withinMilliseconds: 5000) { (try? descriptors()) ?? 0 <= first }
        } else {
          loop.turn(maximumMilliseconds: 0)
        }
        counts.append(try descriptors())
      }
      #expect(counts.last ?? 0 <= counts.dropFirst().min() ?? 0, "\(counts)")
    }
  }
}
