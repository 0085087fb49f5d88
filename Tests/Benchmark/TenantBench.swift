import Cryptography
import Glibc
import HybridFlow
import Network
import OpenID
import Session

/// A tenant in a process of its own, for a client named `bench`.
final class BenchTenant {
  static let secret = "a-secret-of-the-benchmark-only-0123456789"
  let issuer: String
  let secretFile: String
  let redirectURI: String
  let process: pid_t
  private let reader: Int32

  init(_ bench: Bench) throws {
    secretFile = bench.scratch + "/secret"
    if let file = fopen(secretFile, "w") {
      fputs(Self.secret, file)
      fclose(file)
    }
    // A port that was free a moment ago.
    let loop = PollLoop()
    let probe = HTTPServer(loop: loop)
    redirectURI = "http://localhost:\(try probe.listen(host: "localhost", port: 0))/callback"
    probe.stop()
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw BenchFault(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reader = ends[0]
    let client = "id=bench,secret-file=\(secretFile),first-party=true,redirect-uri=\(redirectURI)"
    let started = Spawn.start(
      [bench.program, "tenant", "--port", "0", "--client", client], output: ends[1])
    Glibc.close(ends[1])
    guard let started else { throw BenchFault(description: "no tenant") }
    process = started
    var text = ""
    var byte: UInt8 = 0
    while !text.contains("discovery"), read(reader, &byte, 1) == 1 {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    }
    guard let word = text.split(separator: "\n").first?.split(separator: " ").last else {
      kill(process, SIGKILL)
      throw BenchFault(description: "the tenant does not start: \(text)")
    }
    issuer = String(word)
    let sink = reader
    // What it logs has to be read, or it waits.
    Task.detached {
      var buffer = [UInt8](repeating: 0, count: 65536)
      while read(sink, &buffer, buffer.count) > 0 {}
    }
  }

  deinit {
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }
}

/// Somebody who is signed in and gets tokens over and over.
final class BenchVisitor {
  private(set) var flows = 0
  var isStopped = false
  private(set) var fault: String?
  private var browser = HeadlessBrowser()
  private var person = PersonAtKeyboard()
  private let client: HTTPClient
  private let tenant: BenchTenant
  private let credentials: String

  init(_ loop: PollLoop, _ tenant: BenchTenant) {
    client = HTTPClient(loop: loop)
    self.tenant = tenant
    credentials = Base64.encode(Array("bench:\(BenchTenant.secret)".utf8))
  }

  func begin() {
    guard !isStopped else { return }
    let query = FormEncoding.encode([
      FormField("client_id", "bench"), FormField("response_type", "code id_token"),
      FormField("response_mode", "form_post"), FormField("scope", "openid"),
      FormField("redirect_uri", tenant.redirectURI), FormField("state", "\(flows)"),
      FormField("nonce", "nonce-\(flows)"),
    ])
    guard let url = try? WebURL(tenant.issuer + "authorize?" + query) else { return }
    send(browser.navigate(to: url))
  }

  private func send(_ request: HTTPRequest) {
    client.send(request) { [weak self] result in
      guard let self else { return }
      guard let response = try? result.get().response else { return self.give(up: "\(result)") }
      switch self.browser.receive(response) {
      case .follow(let next): self.send(next)
      case .fail(let failure): self.give(up: failure.message)
      case .rest(let page): self.arrive(page)
      }
    }
  }

  private func give(up why: String) {
    fault = why
    isStopped = true
  }

  private func arrive(_ shown: BrowserPage) {
    guard let form = shown.page.automaticForm else {
      guard let form = person.fill(shown) else { return give(up: "a page that is not expected") }
      return send(browser.submit(form))
    }
    let fields = form.submission(values: [], pressing: nil)
    guard let code = fields.first(where: { $0.name == "code" })?.value,
      let url = try? WebURL(tenant.issuer + "oauth/token")
    else { return give(up: "no code") }
    let body = FormEncoding.encode([
      FormField("grant_type", "authorization_code"), FormField("code", code),
      FormField("redirect_uri", tenant.redirectURI),
    ])
    let request = HTTPRequest(
      method: "POST", url: url,
      headers: [
        "Host": url.authority, "Authorization": "Basic \(credentials)",
        "Content-Type": "application/x-www-form-urlencoded",
      ], body: Array(body.utf8))
    client.send(request) { [weak self] result in
      guard let self else { return }
      guard let response = try? result.get().response, response.status == 200 else {
        return self.give(up: "no tokens")
      }
      self.flows += 1
      self.begin()
    }
  }
}

/// How much the tenant bears, beside what its signatures cost.
enum TenantBench {
  static func rows(_ bench: Bench) throws -> [Row] {
    let key = try SigningKey.generate(.rs256, keyID: "bench")
    let tenant = try BenchTenant(bench)
    let loop = PollLoop()
    let visitors = (0..<4).map { _ in BenchVisitor(loop, tenant) }
    for visitor in visitors { visitor.begin() }
    let warm = loop.run(withinMilliseconds: 20_000) { visitors.allSatisfy { $0.flows > 3 } }
    guard warm else {
      throw BenchFault(description: visitors.compactMap(\.fault).first ?? "no flow ends")
    }
    var (flows, share, signing) = (Samples(), Samples(), Samples())
    let input = [UInt8](repeating: 7, count: 700)
    for _ in 0..<bench.rounds(7) {
      // Both by the processor time they take: others use this machine as well.
      let sign = Clock.each(rounds: 3) { _ = try? key.sign(input) }.median
      let before = visitors.reduce(0) { $0 + $1.flows }
      let (start, used) = (Clock.now, ProcessFile.processorMilliseconds(of: tenant.process))
      _ = loop.run(withinMilliseconds: 1000) { false }
      let count = Double(visitors.reduce(0) { $0 + $1.flows } - before)
      guard count > 0 else { continue }
      let each = (ProcessFile.processorMilliseconds(of: tenant.process) - used) / count
      flows.values.append(count / (Clock.now - start) * 1000)
      share.values.append(100 * 2 * sign / each)
      signing.values.append(1000 / sign)
    }
    return [
      Row("tenant", "flows at a tenant process, 4 visitors at once", "/s", flows),
      Row("tenant", "RSA-2048 signatures of this machine, one processor", "/s", signing),
      Row("tenant", "two signatures, of the tenant's time for a flow", "%", share).atLeast(70),
    ]
  }
}
