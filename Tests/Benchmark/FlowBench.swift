import Cryptography
import Glibc
import Network
import OpenID
import Session
import Synchronization
@testable import Recording
import HybridFlow

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
    let list = try requests(bench)
    let file = open(list, O_RDONLY | O_CLOEXEC)
    let log = bench.scratch + "/run.jsonl"
    let words = [bench.program, "run", "--json"]
    var (run, key1, bare, ratio) = (Samples(), Samples(), Samples(), Samples())
    let crypto = 2 * sign.median + 2 * verify.median
    for _ in 0..<bench.rounds(25) {
      let output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      defer { Glibc.close(output) }
      // Without a line of requests: what loading libcurl takes.
      lseek(file, 0, SEEK_END)
      guard let loading = Spawn.run([peer], input: file) else { continue }
      lseek(file, 0, SEEK_SET)
      guard let whole = Spawn.run(words, output: output),
        let requests = Spawn.run([peer], input: file), let first = firstStage(log)
      else { continue }
      run.values.append(whole)
      key1.values.append(first)
      bare.values.append(requests)
      // Stage 1 is the tenant's key, loading libcurl and two requests; only the key is left aside.
      ratio.values.append((whole - first + loading) / (requests + crypto))
    }
    rows += [
      Row("flow", "the process hybrid-flow run", "ms", run),
      Row("flow", "of it stage 1, where the tenant's key is made", "ms", key1),
      Row("flow", "the same requests by libcurl alone", "ms", bare),
      Row("flow", "cryptography of a flow", "ms", crypto),
      Row("flow", "run without the key / (libcurl + cryptography)", "x", ratio).atMost(2),
    ]
    return rows
  }

  /// Milliseconds of stage 1, from what `run --json` printed.
  private static func firstStage(_ path: String) -> Double? {
    let line = ProcessFile.read(path).split(separator: "\n").first ?? ""
    let words = line.split { $0 == "," || $0 == ":" }
    guard let mark = words.firstIndex(of: "\"seconds\""), mark + 1 < words.count else { return nil }
    return Double(words[mark + 1]).map { $0 * 1000 }
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
      let loop = PollLoop()
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
