import Commands
import Foundation
import HybridFlow
import Network
import OpenID
import Session
import Settings
import Testing

/// The end of `run` with a program of `$BROWSER`: over when that is, and not before.
///
/// The wait for the last page is set to an hour, so that a run which waits it out is never over.
@Suite struct BrowserEndTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func holds(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
  }

  /// A run whose browser keeps its address in a file, and does what the script says then.
  private func harness(_ script: String) throws -> Harness {
    try write(
      "browser", "#!/bin/sh\necho \"$1\" >\"$OUT/a\"\nmv \"$OUT/a\" \"$OUT/url\"\n\(script)\n")
    let program = folder.appending(path: "browser").path
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    return try Harness(
      ["--browser"],
      environment: ["BROWSER": program, "OUT": folder.path, "PATH": "/usr/bin:/bin"])
  }

  private func run(_ harness: Harness) -> RunOutcome {
    RunCommand(
      session: harness.session, configuration: harness.connection.configuration,
      style: RunStyle(), sink: harness.sink, farewellMilliseconds: 3_600_000
    ).run()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a browser that ends with the answer is not waited for`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let harness = try harness("while [ ! -e \"$OUT/go\" ]; do sleep 0.05; done")
    let person = Walker(harness.loop, at: folder.appending(path: "url"))
    person.onAnswered = { _ in try? write("go", "") }
    person.start()
    #expect(run(harness) == .exit(0))
    #expect(person.fault == nil && holds("go"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a program that only hands the address to a browser is no end`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let harness = try harness("exit 0")
    let person = Walker(harness.loop, at: folder.appending(path: "url"))
    var last: HTTPResponse?
    // The page is asked for once everything else is at its end.
    person.onAnswered = { answer in
      harness.loop.when({ harness.session.isOver }) {
        guard let path = answer.headers["Location"],
          let origin = harness.session.redirectURI?.origin
        else { return }
        person.get(origin + path) { last = $0 }
      }
    }
    person.start()
    #expect(run(harness) == .exit(0))
    #expect(person.fault == nil)
    // The answer may still be on its way to who asked.
    try harness.wait { last != nil }
    #expect(last?.status == 200)
  }
}

/// A person at a browser, on the loop of the run itself.
private final class Walker {
  /// Called with the response to the authorization response.
  var onAnswered: ((HTTPResponse) -> Void)?
  /// What went wrong, if something did.
  private(set) var fault: String?
  private let loop: PollLoop
  private let client: HTTPClient
  private let file: URL
  private var browser = HeadlessBrowser()
  private var person = PersonAtKeyboard()

  init(_ loop: PollLoop, at file: URL) {
    (self.loop, self.file) = (loop, file)
    client = HTTPClient(loop: loop)
  }

  /// Begins as soon as the file has an address.
  func start() {
    loop.when({ FileManager.default.fileExists(atPath: self.file.path) }) {
      guard let text = try? String(contentsOf: self.file, encoding: .utf8),
        let url = try? WebURL(String(text.dropLast()))
      else { return self.fault = "no address" }
      self.go(self.browser.navigate(to: url))
    }
  }

  func get(_ address: String, _ then: @escaping (HTTPResponse) -> Void) {
    guard let url = try? WebURL(address) else { return fault = address }
    send(HTTPRequest(method: "GET", url: url, headers: ["Host": url.authority]), then)
  }

  private func send(_ request: HTTPRequest, _ then: @escaping (HTTPResponse) -> Void) {
    client.send(request) { result in
      switch result {
      case .success(let exchange): then(exchange.response)
      case .failure(let error): self.fault = "\(error)"
      }
    }
  }

  private func go(_ request: HTTPRequest) {
    send(request) { response in
      switch self.browser.receive(response) {
      case .follow(let next): self.go(next)
      case .fail(let failure): self.fault = failure.message
      case .rest(let page):
        do {
          if let form = page.page.automaticForm {
            let target = try page.page.target(of: form)
            let body = FormEncoding.encode(form.submission(values: [], pressing: nil))
            self.send(
              HTTPRequest(
                method: "POST", url: target,
                headers: [
                  "Host": target.authority, "Origin": "null",
                  "Content-Type": "application/x-www-form-urlencoded",
                ], body: Array(body.utf8))
            ) { self.onAnswered?($0) }
          } else if let form = self.person.fill(page) {
            self.go(self.browser.submit(form))
          } else {
            self.fault = "nobody can go on from \(page.url.text)"
          }
        } catch { self.fault = "\(error)" }
      }
    }
  }
}

extension PollLoop {
  /// Does something once a condition holds; asked again and again.
  fileprivate func when(_ condition: @escaping () -> Bool, _ action: @escaping () -> Void) {
    guard !condition() else { return action() }
    after(milliseconds: 10) { [weak self] in self?.when(condition, action) }
  }
}
