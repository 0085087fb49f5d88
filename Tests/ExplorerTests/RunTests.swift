import Commands
import DemoTenant
import HybridFlow
import Network
import OpenID
import Session
import Testing
@testable import Settings

@Suite struct RunTests {
  @Test(.timeLimit(.minutes(1)), arguments: ResponseType.allCases)
  func `every response type comes to its end, and the lines keep the contract`(
    type: ResponseType
  ) throws {
    let harness = try Harness(["--response-type", type.rawValue])
    #expect(harness.run() == .exit(0))
    let lines = try harness.sink.lines()
    #expect(lines.count == 11)
    let stages = lines.dropLast()
    #expect(stages.map { $0["stage"]?.integer } == (1...10).map { Int64($0) })
    #expect(stages.map { $0["id"]?.string } == Stage.allCases.map(\.id))
    #expect(stages.allSatisfy { $0["status"] == "passed" && $0["observed"] == true })
    for line in stages { checkContract(line) }
    let result = try #require(lines.last)
    #expect(result["type"] == "result")
    #expect(result["status"] == "passed")
    #expect(result["exit"]?.integer == 0)
    #expect(result["failed"] == [])
    for name in ["blame", "code", "diagnosis"] { #expect(result[name] == .null, "\(name)") }
    let front = (stages[4]["tokens"]?.elements ?? []).compactMap { $0["use"]?.string }
    #expect(front.contains("id_token") == type.hasIDToken)
    #expect(front.contains("access_token") == type.hasAccessToken)
    let back = (stages[7]["tokens"]?.elements ?? []).compactMap { $0["use"]?.string }
    #expect(Set(back) == ["id_token", "access_token", "refresh_token"])
    #expect(harness.sink.errors == "")
  }

  private func checkContract(_ line: JSONValue) {
    #expect(line["type"] == "stage")
    #expect(line["at"]?.number != nil)
    #expect(line["seconds"]?.number != nil)
    for message in line["messages"]?.elements ?? [] {
      #expect(
        ["sent", "received", "observed"].contains(message["direction"]?.string ?? ""))
      #expect(Actor(rawValue: message["from"]?.string ?? "") != nil)
      #expect(Actor(rawValue: message["to"]?.string ?? "") != nil)
      #expect(message["method"]?.string?.isEmpty == false)
      #expect(message["url"]?.string?.hasPrefix("http") == true)
      #expect(message["status"] != nil)
      #expect(message["body"]?.string != nil)
      for header in message["headers"]?.elements ?? [] { #expect(header.strings?.count == 2) }
    }
    for value in line["values"]?.elements ?? [] {
      #expect(value["name"]?.string != nil && value["value"]?.string != nil)
      #expect(value["length"]?.integer != nil && value["holders"]?.strings != nil)
    }
    for token in line["tokens"]?.elements ?? [] {
      #expect(["front", "back"].contains(token["channel"]?.string ?? ""))
      #expect(token["header"] != nil && token["claims"] != nil)
    }
    for check in line["checks"]?.elements ?? [] {
      #expect(CheckID(rawValue: check["id"]?.string ?? "") != nil)
      #expect(["pass", "fail", "warn", "skip"].contains(check["status"]?.string ?? ""))
      #expect(check["why"]?.string != nil && check["spec"]?.string?.isEmpty == false)
      #expect(check["expected"] != nil && check["found"] != nil)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a run that only signs on skips the back channel`() throws {
    let harness = try Harness(["--sign-on-only"])
    #expect(harness.run() == .exit(0))
    let statuses = try harness.sink.lines().compactMap { $0["status"]?.string }
    let wanted = Array(repeating: "passed", count: 5) + Array(repeating: "skipped", count: 5)
    #expect(statuses == wanted + ["passed"])
  }

  private func failure(
    _ harness: Harness, person: PersonAtKeyboard = PersonAtKeyboard()
  ) throws -> (outcome: RunOutcome, result: JSONValue, lines: Int) {
    let outcome = harness.run(person: person)
    let lines = try harness.sink.lines()
    return (outcome, try #require(lines.last), lines.count)
  }

  @Test(.timeLimit(.minutes(1)))
  func `who declines is the one to blame`() throws {
    let (outcome, result, lines) = try failure(
      Harness(), person: PersonAtKeyboard(consents: false))
    #expect(outcome == .exit(6))
    #expect(lines == 11)
    #expect(result["blame"] == "person")
    #expect(result["code"] == "person.declined")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a wrong password is not tried again`() throws {
    let harness = try Harness()
    let (outcome, result, lines) = try failure(
      harness, person: PersonAtKeyboard(password: Secret("not-the-password")))
    #expect(outcome == .exit(6))
    #expect(lines == 11)
    #expect(result["code"] == "person.abandoned")
    #expect(harness.sink.errors.contains("not the right name and password"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a wrong client secret is refused by the tenant`() throws {
    var harness = try Harness()
    harness.connection.configuration.clientSecret = Secret("quite-another-client-secret")
    let (outcome, result, lines) = try failure(harness)
    #expect(outcome == .exit(4))
    #expect(lines == 11)
    #expect(result["blame"] == "settings")
    #expect(result["message"]?.string?.contains("invalid_client") == true)
    #expect(result["diagnosis"]?["fix"]?.string?.contains("secret") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a stopped provider is the environment's fault`() throws {
    let harness = try Harness()
    harness.tenant.stop()
    let (outcome, result, lines) = try failure(harness)
    #expect(outcome == .exit(5))
    #expect(lines == 11)
    #expect(result["code"] == "environment.cannot_connect")
    #expect(result["message"]?.string?.contains("\(harness.tenant.port)") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a busy port is said by number`() throws {
    let loop = PollLoop()
    let other = HTTPServer(loop: loop)
    let port = try other.listen(host: "localhost", port: 0)
    defer { other.stop() }
    let harness = try Harness(["--redirect-uri", "http://localhost:\(port)/callback"])
    let (outcome, result, lines) = try failure(harness)
    #expect(outcome == .exit(1))
    #expect(lines == 11)
    #expect(result["message"]?.string?.contains("port \(port) is in use") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func `nobody comes back within the wait`() throws {
    let harness = try Harness(["--browser", "--no-browser", "--wait", "1"])
    let (outcome, result, _) = try failure(harness)
    #expect(outcome == .exit(6))
    #expect(result["code"] == "person.no_callback")
    #expect(harness.sink.errors.contains("/login?run="))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a signal gives the run up, with every line told`() throws {
    let harness = try Harness(["--browser", "--no-browser"])
    let face = RunCommand(
      session: harness.session, configuration: harness.connection.configuration,
      style: {
        var style = RunStyle(); style.isJSON = true; return style
      }(), sink: harness.sink)
    harness.loop.after(milliseconds: 300) { face.stop(bySignal: 15) }
    #expect(face.run() == .signal(15))
    let lines = try harness.sink.lines()
    #expect(lines.count == 11)
    #expect(lines.last?["code"] == "person.abandoned")
  }

  @Test(.timeLimit(.minutes(1)), arguments: [true, false], [true, false])
  func `no secret is printed`(json: Bool, succeeds: Bool) throws {
    let password = "canary-password-7261"
    var harness = try Harness(["--response-type", "code id_token token"]) { issuer in
      [
        Person(
          subject: "auth0|canary", signInName: "ada@demo.example", password: Secret(password),
          claims: [])
      ]
    }
    if !succeeds { harness.connection.configuration.clientSecret = Secret("canary-secret-19284") }
    _ = harness.run(json: json, person: PersonAtKeyboard(password: Secret(password)))
    let transcript = harness.session.machine.transcript
    var canaries = [password]
    if let secret = harness.connection.configuration.clientSecret?.reveal() {
      canaries.append(secret)
    }
    canaries += transcript.tokens.map(\.text)
    for value in transcript.stages.flatMap(\.values) where value.isSecret {
      canaries.append(value.value)
    }
    for line in transcript.messages.flatMap({ $0.headers.all("Set-Cookie") }) {
      canaries.append(String(line.prefix { $0 != ";" }.drop { $0 != "=" }.dropFirst()))
    }
    #expect(canaries.count >= (succeeds ? 8 : 6))
    let printed = harness.sink.output + harness.sink.errors
    #expect(printed.contains("Demo tenant") || printed.contains("Tenant"))
    for canary in canaries {
      #expect(canary.utf8.count >= 16, "a canary too short to tell")
      #expect(!printed.contains(canary), "\(canary.prefix(6))")
      #expect(!printed.contains(FormEncoding.encode(canary)), "\(canary.prefix(6))")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `secrets are shown to who asks, with a word about it`() throws {
    let harness = try Harness()
    var style = RunStyle()
    (style.isJSON, style.reveals) = (true, true)
    _ = RunCommand(
      session: harness.session, configuration: harness.connection.configuration, style: style,
      sink: harness.sink
    ).run()
    let token = try #require(harness.session.machine.transcript.token(.idToken, .back))
    #expect(harness.sink.output.contains(token.text))
    #expect(harness.sink.errors.contains("--reveal"))
  }
}
