import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Testing

@testable import Commands
@testable import Platform
@testable import Session
@testable import Settings

/// `tenant --fault` and `--fault-header`, over real sockets in this process.
@Suite(.timeLimit(.minutes(1))) struct TenantFaultTests {
  private static let callback = "http://localhost:8910/callback"

  private func options(_ words: [String]) throws -> TenantOptions {
    let client = "id=app,redirect-uri=\(Self.callback),first-party=true"
    return try TenantOptions.read(
      Invocation.parse(["tenant", "--port", "0", "--client", client] + words),
      secrets: ClientSecretSource(environment: [:]))
  }

  private func serve(
    _ words: [String], _ requests: [(target: String, fault: String?)]
  ) throws -> (answers: [HTTPResponse], log: [String], notes: String) {
    let loop = PollLoop()
    let sink = ListSink()
    let command = try TenantCommand(options: options(words), loop: loop, sink: sink)
    let client = HTTPClient(loop: loop)
    var answers: [HTTPResponse] = []
    func next() {
      guard answers.count < requests.count else { return command.stop() }
      let (target, fault) = requests[answers.count]
      guard let url = try? WebURL("http://127.0.0.1:\(command.port)\(target)") else {
        return command.stop()
      }
      var headers: HTTPHeaders = ["Host": url.authority]
      if let fault { headers.add("X-Hybrid-Flow-Fault", fault) }
      client.send(HTTPRequest(method: "GET", url: url, headers: headers)) { result in
        guard let exchange = try? result.get() else { return command.stop() }
        answers.append(exchange.response)
        next()
      }
    }
    next()
    #expect(command.run() == 0)
    let log = sink.output.split(separator: "\n").map(String.init).dropFirst(2)
    return (answers, Array(log), sink.errors)
  }

  private static let discovery = "/.well-known/openid-configuration"

  @Test func `a standing fault is committed, said, and noted in the log`() throws {
    let fault = ["--fault", "metadata-of-another-issuer"]
    let (answers, log, notes) = try serve(
      fault, [(Self.discovery, nil), ("/.well-known/jwks.json", nil)])
    #expect(answers.first?.bodyText.contains("attacker.example") == true)
    #expect(
      log == [
        "GET \(Self.discovery) 200  fault metadata-of-another-issuer",
        "GET /.well-known/jwks.json 200",
      ])
    #expect(notes.contains("broken on purpose: metadata-of-another-issuer."))
  }

  @Test func `a header chooses a fault, and an unknown one is refused`() throws {
    let query = FormEncoding.encode([
      FormField("client_id", "app"), FormField("redirect_uri", Self.callback),
      FormField("response_type", "code id_token"), FormField("scope", "openid"),
      FormField("nonce", "a-nonce-of-this-test"),
      FormField("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
      FormField("code_challenge_method", "S256"),
    ])
    let (answers, log, notes) = try serve(
      ["--fault-header"],
      [
        (Self.discovery, "plain-http"), (Self.discovery, nil), ("/authorize?" + query, "alg-none"),
        (Self.discovery, "plain-htp"), (Self.discovery, "swapped-code"), (Self.discovery, ""),
      ])
    #expect(answers.map(\.status) == [200, 200, 302, 400, 400, 400])
    #expect(answers[0].bodyText.contains("http://tenant.example/token"))
    #expect(!answers[1].bodyText.contains("http://tenant.example/token"))
    #expect(answers[3].bodyText.contains("Did you mean plain-http?"))
    #expect(answers[4].bodyText.contains("test-app --only swapped-code"))
    #expect(
      log == [
        "GET \(Self.discovery) 200  fault plain-http", "GET \(Self.discovery) 200",
        "GET /authorize 302  fault alg-none chosen", "GET \(Self.discovery) 400",
        "GET \(Self.discovery) 400", "GET \(Self.discovery) 400",
      ])
    #expect(notes.contains("X-Hybrid-Flow-Fault"))
  }

  @Test func `without the option the header means nothing`() throws {
    let (answers, log, notes) = try serve(
      [], [(Self.discovery, "plain-http"), (Self.discovery, "nonsense")])
    #expect(answers.map(\.status) == [200, 200])
    #expect(answers.allSatisfy { !$0.bodyText.contains("http://tenant.example/token") })
    #expect(log.allSatisfy { $0 == "GET \(Self.discovery) 200" } && !notes.contains("Fault"))
  }

  @Test(arguments: [
    (["--fault", "nonce-altred"], "Did you mean nonce-altered?"),
    (["--fault", "login-csrf"], "test-app --only login-csrf"),
    (["--fault", "no-pkce"], "a careless application commits it"),
  ])
  func `a name that is no fault of the tenant is refused, with what to do`(
    words: [String], part: String
  ) throws {
    do throws(UsageError) {
      do { _ = try options(words) } catch let error as UsageError { throw error } catch {}
      Issue.record("\(words) was taken")
    } catch {
      #expect(error.message.contains(part), "\(error.message)")
    }
  }

  @Test func `a harmless oddity can be served too, and every deed of the tenant`() throws {
    for row in Lab.faults + Lab.harmless where row.tenantFault != nil {
      #expect(try options(["--fault", row.id]).fault?.id == row.id)
    }
  }

  @Test func `a fault that is committed without signing out leaves the tenant as it was`() throws {
    let harness = try Harness()
    #expect(harness.run() == .exit(0))
    let tokens = harness.session.machine.transcript.tokens
    let access = try #require(tokens.last { $0.use == .accessToken }).text
    func status() throws -> Int {
      var request = HTTPRequest(
        method: "GET", url: try WebURL(harness.tenant.issuer.origin + "/userinfo"))
      request.headers.add("Authorization", "Bearer " + access)
      return try harness.send(request).status
    }
    #expect(try status() == 200)
    let fault = try TenantFault.named("userinfo-as-text")
    harness.tenant.commit(fault, signsOut: false)
    #expect(try status() == 200)
    #expect(harness.tenant.committedFault == "userinfo-as-text")
  }
}
