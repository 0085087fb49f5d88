import Cryptography
import DemoTenant
import Explorer
import HybridFlow
import Network
import OpenID
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
    _ arguments: [String] = [], people: ((String) -> [Person])? = nil
  ) throws {
    loop = try PollLoop()
    connection = try Connection.read(
      Invocation.parse(["run"] + arguments), secrets: ClientSecretSource(environment: [:]))
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
    return RunFace(
      session: session, configuration: connection.configuration, style: style, sink: sink,
      person: person
    ).run()
  }

  /// Sends a request and waits for its answer.
  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    var result: Result<HTTPExchange, TransportFault>?
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
