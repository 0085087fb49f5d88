import Commands
import Cryptography
import DemoTenant
import Explorer
import HybridFlow
import Network
import OpenID
import Platform
import Recording
import Session
import Settings
import Testing

/// Keeps what a face writes.
final class ListSink: TextSink {
  private(set) var output = ""
  private(set) var errors = ""

  func write(_ text: String) -> Bool {
    output += text
    return true
  }

  func complain(_ text: String) { errors += text }

  /// The JSON lines.
  func lines() throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
  }
}

/// One run over real sockets of this machine, in this process.
struct Harness {
  /// Making an RSA key takes a while; one is enough for all tests.
  static let key = Result { try SigningKey.generate(.rs256, keyID: "test-key") }

  let loop: PollLoop
  let tenant: TenantHost
  let session: FlowSession
  var connection: Connection
  let sink = ListSink()

  init(
    _ arguments: [String] = [], environment: [String: String] = [:],
    people: ((String) -> [Person])? = nil
  ) throws {
    loop = PollLoop()
    connection = try Connection.read(
      Invocation.parse(["run"] + arguments), secrets: ClientSecretSource(environment: environment))
    tenant = try DemoSetup.start(
      &connection, loop: loop, keys: [Self.key.get()], people: people)
    session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
  }

  /// Runs to the end.
  func run(
    json: Bool = true, person: PersonAtKeyboard = PersonAtKeyboard()
  ) -> RunOutcome {
    var style = RunStyle()
    style.isJSON = json
    return RunCommand(
      session: session, configuration: connection.configuration, style: style, sink: sink,
      person: person
    ).run()
  }

  /// Sends a request and waits for its answer.
  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    var result: Result<HTTPExchange, TransportError>?
    let client = HTTPClient(loop: loop)
    client.send(request) { result = $0 }
    try #require(loop.run(withinMilliseconds: 10_000) { result != nil })
    return try #require(result).get().response
  }

  /// Turns the loop until the condition holds.
  func wait(until condition: () -> Bool) throws {
    let holds = loop.run(withinMilliseconds: 10_000, until: condition)
    try #require(holds)
  }
}

/// A browser that runs elsewhere, at a run that waits for it.
extension Harness {
  /// A run whose browser is away, and the redirect URI that it is to come back to.
  static func away(
    _ arguments: [String] = [], recorder: Recorder? = nil
  ) throws -> (Harness, WebURL) {
    let harness = try Harness(["--browser", "--no-browser"] + arguments)
    harness.session.recorder = recorder
    harness.session.onChange = { [session = harness.session] in
      if case .ready = session.machine.situation { session.post(.advanced) }
    }
    try harness.session.start(harness.connection.configuration)
    try harness.wait { harness.isAway }
    return (harness, try #require(harness.session.redirectURI))
  }

  /// Whether the run waits for its browser, and nothing is under way.
  var isAway: Bool {
    if case .browserAway = session.machine.situation { session.isIdle } else { false }
  }

  /// Where the run has sent its browser: nobody but its person is told.
  var authorizationURL: String? {
    session.machine.transcript[.authorize].messages.lazy
      .filter { $0.from == .application && $0.to == .browser }
      .compactMap(\.response).compactMap { $0.headers["Location"] }.first
  }

  func get(_ text: String, host: String? = nil) throws -> HTTPResponse {
    let url = try WebURL(text)
    return try send(
      HTTPRequest(method: "GET", url: url, headers: ["Host": host ?? url.authority]))
  }

  /// A browser of its own walks through the tenant's pages up to the one with the answer.
  func signIn(at address: String) throws -> FormSubmission {
    var browser = HeadlessBrowser()
    var person = PersonAtKeyboard()
    var request = browser.navigate(to: try WebURL(address))
    for _ in 0..<30 {
      switch browser.receive(try send(request)) {
      case .follow(let next): request = next
      case .fail(let failure): throw UsageError(failure.message)
      case .rest(let page):
        if let form = page.page.automaticForm {
          return FormSubmission(
            action: try page.page.target(of: form), method: form.method,
            fields: form.submission(values: [], pressing: nil))
        }
        let form = person.fill(page)
        request = browser.submit(try #require(form))
      }
    }
    throw UsageError("the sign-in does not end")
  }

  func post(_ form: FormSubmission) throws -> HTTPResponse {
    let body = Array(FormEncoding.encode(form.fields).utf8)
    return try send(
      HTTPRequest(
        method: "POST", url: form.action,
        headers: [
          "Host": form.action.authority, "Content-Type": "application/x-www-form-urlencoded",
          "Origin": "null",
        ], body: body))
  }

  /// The page on which the browser ends.
  func page(after response: HTTPResponse) throws -> HTTPResponse {
    guard response.status == 303, let path = response.headers["Location"],
      let origin = session.redirectURI?.origin
    else { return response }
    return try get(origin + path)
  }
}
