import Cryptography
import Explorer
import Glibc
import HybridFlow
import Network
import OpenID
import Synchronization

/// A whole flow: in process, and as a process beside what it cannot do without.
enum FlowBench {
  static func rows(_ bench: Bench) throws -> [Row] {
    let key = try SigningKey.generate(.rs256, keyID: "bench")
    let input = [UInt8](repeating: 7, count: 700)
    let signature = try key.sign(input)
    let sign = Clock.each { _ = try? key.sign(input) }
    let verify = Clock.each {
      _ = try? Signature.verify(
        signature: signature, of: input, algorithm: .rs256, key: key.publicJWK)
    }
    let inProcess = Clock.each(milliseconds: 100) {
      guard var run = try? ScriptedRun() else { return }
      run.runToEnd()
    }
    var rows = [
      Row("flow", "RS256 signing", "ms", sign), Row("flow", "RS256 verifying", "ms", verify),
      Row("flow", "a flow in process, without sockets", "ms", inProcess),
    ]
    guard let peer = bench.peer("requests", ["curl"]) else { return rows }
    let tenant = try BenchTenant(bench)
    let list = try requests(bench)
    let file = open(list, O_RDONLY | O_CLOEXEC)
    let words = [
      bench.program, "run", "--json", "--issuer", tenant.issuer, "--client-id", "bench",
      "--client-secret-file", tenant.secretFile, "--redirect-uri", tenant.redirectURI,
    ]
    // Its first answer waits for the key.
    guard Spawn.run(words) != nil else { throw BenchFault(description: "run does not succeed") }
    var (run, bare, ratio) = (Samples(), Samples(), Samples())
    let crypto = 2 * sign.median + 2 * verify.median
    for _ in 0..<bench.rounds(25) {
      lseek(file, 0, SEEK_SET)
      guard let whole = Spawn.run(words), let requests = Spawn.run([peer], input: file) else {
        continue
      }
      run.values.append(whole)
      bare.values.append(requests)
      ratio.values.append(whole / (requests + crypto))
    }
    rows += [
      Row("flow", "the process hybrid-flow run, at a tenant elsewhere", "ms", run),
      Row("flow", "the same requests by libcurl alone", "ms", bare),
      Row("flow", "cryptography of a flow", "ms", crypto),
      Row("flow", "run / (libcurl + cryptography)", "x", ratio).atMost(2),
    ]
    return rows
  }

  /// The requests of a flow, for a server that answers with as many bytes as the real ones.
  private static func requests(_ bench: Bench) throws -> String {
    var run = try ScriptedRun()
    run.runToEnd()
    var sizes: [(method: String, sent: Int, received: Int)] = []
    for entry in run.tape {
      switch entry.event {
      case .fetched(_, let request, let response), .browserExchanged(let request, let response):
        sizes.append((request.method, request.body.count, response.body.count))
      case .callbackArrived(_, let request): sizes.append((request.method, request.body.count, 0))
      default: break
      }
    }
    let port = Mutex(0)
    let answers = sizes.map(\.received)
    Task.detached {
      guard let loop = try? PollLoop() else { return }
      let server = HTTPServer(loop: loop)
      server.handler = { request, _ in
        let index = Int(request.path.dropFirst()) ?? 0
        let text = String(
          repeating: "x", count: answers.indices.contains(index) ? answers[index] : 0)
        return HTTPResponse(status: 200, mediaType: "text/plain", text: text)
      }
      let found = (try? server.listen(host: "127.0.0.1", port: 0)) ?? -1
      port.withLock { $0 = found }
      while true { loop.turn() }
    }
    while port.withLock({ $0 }) == 0 { usleep(1000) }
    let number = port.withLock { $0 }
    let lines = sizes.enumerated().map { index, size in
      "\(size.method) http://127.0.0.1:\(number)/\(index) \(size.sent)\n"
    }
    let path = bench.scratch + "/requests.txt"
    guard let file = fopen(path, "w") else { throw BenchFault(description: path) }
    for line in lines { fputs(line, file) }
    fclose(file)
    return path
  }
}
