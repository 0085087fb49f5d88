import OpenID
import Testing

@testable import HybridFlow

/// Answers behind the `#`, which the page at the redirect URI hands over.
@Suite struct FragmentTests {
  private static let path = FragmentRelay.path(token: "AAAAAAAAAAAAAAAAAAAAAA")

  /// A run whose answer is handed over by the page, asked for by this mode.
  private func run(
    asking mode: ResponseMode, takesEverything: Bool,
    _ type: ResponseType = .codeIDToken,
    edit: @escaping @Sendable ([FormField]) -> [FormField] = { $0 }
  ) throws -> Drive {
    var provider = try HonestProvider()
    provider.editCallback = { request in
      let all = (try? FormEncoding.decode(request.body)) ?? []
      let handed = FragmentRelay.fields(of: edit(all), takesEverything: takesEverything)
      request = HTTPRequest(
        method: "POST", target: Self.path, headers: request.headers,
        body: Array(FormEncoding.encode(handed).utf8))
    }
    var configuration = try Sample.configuration(type)
    configuration.responseMode = mode
    return try Drive.run(configuration, provider)
  }

  @Test(arguments: ResponseType.allCases)
  func `what was asked for in the fragment goes through all ten stages`(
    type: ResponseType
  ) throws {
    let drive = try run(asking: .fragment, takesEverything: true, type)
    #expect(drive.complaints == [])
    #expect(drive.transcript.failure == nil)
    let checks = drive.transcript[.callback].checks
    #expect(checks.first { $0.id == .responseModeExact }?.verdict == .pass)
    #expect(checks.first { $0.id == .callbackMethod }?.verdict == .skip)
  }

  @Test func `an answer that was not asked for there ends the run, and its values stay`() throws {
    let drive = try run(asking: .formPost, takesEverything: false)
    #expect(drive.complaints == [.callbackMethod, .responseModeExact])
    let exact = try #require(
      drive.transcript[.callback].checks.first { $0.id == .responseModeExact })
    #expect(exact.found?.hasPrefix("fragment, with code, id_token") == true)
    #expect(drive.tokenRequests == [])
    #expect(!drive.transcript[.callback].values.contains { $0.name == "code" })
  }

  @Test(arguments: [ResponseMode.formPost, .fragment])
  func `an error is handed over whole, whatever was asked for`(mode: ResponseMode) throws {
    let drive = try run(asking: mode, takesEverything: mode == .fragment) { fields in
      [FormField("error", "server_error"), FormField("state", fields["state"] ?? "")]
    }
    #expect(drive.transcript.failure?.code == "provider.authorization_error")
  }

  @Test func `a form post where the fragment was asked for is not what was asked for`() throws {
    var configuration = try Sample.configuration()
    configuration.responseMode = .fragment
    var provider = try HonestProvider()
    provider.editCallback = { request in
      request = HTTPRequest(
        method: "POST", target: "/callback", headers: request.headers, body: request.body)
    }
    let drive = try Drive.run(configuration, provider)
    #expect(drive.complaints == [.responseModeExact])
    #expect(drive.tokenRequests == [])
  }

  @Test func `a fragment with another state is refused, and the run waits`() throws {
    let drive = try run(asking: .fragment, takesEverything: true) { fields in
      fields.map { $0.name == "state" ? FormField("state", "of-somebody-else") : $0 }
    }
    #expect(drive.effects.contains(.answerCallback(CallbackNumber(1), .notOurs)))
    #expect(drive.tokenRequests == [])
  }

  @Test(arguments: [
    ("/fragment/AAAAAAAAAAAAAAAAAAAAAA", true), ("/fragment/AAAAAAAAAAAAAAAAAAAAA", false),
    ("/fragment/AAAAAAAAAAAAAAAAAAAA.A", false), ("/fragment/", false), ("/callback", false),
  ])
  func `only a path that a page was given is one`(path: String, isPath: Bool) {
    #expect(FragmentRelay.isPath(path) == isPath)
  }

  @Test(arguments: [
    ("http://localhost:1/cb#code=a%2Bb&state=c", ["code": "a+b", "state": "c"]),
    ("  code=a&state=c ", ["code": "a", "state": "c"]),
    ("#code=a", ["code": "a"]), ("http://localhost:1/cb?error=x", ["error": "x"]),
    ("http://localhost:1/cb?x=1#error=y", ["error": "y"]), ("#code=%zz", [:]), ("", [:]),
  ])
  func `an address is read as it was copied`(text: String, fields: [String: String]) {
    let read = FragmentRelay.fields(inAddress: text).filter { !$0.value.isEmpty }
    #expect(Dictionary(read.map { ($0.name, $0.value) }) { $1 } == fields)
  }

  @Test func `a pasted form without an address does not say how it travelled`() throws {
    var configuration = try Sample.configuration()
    configuration.responseMode = .fragment
    let bare = PastedAnswer(
      carrier: .body, fields: [FormField("code", "c")], source: "a form body")
    let request = bare.request(to: configuration.redirectURI)
    let answer = AuthorizationResponse(request, at: Sample.start, tellsCarrier: false)
    var evidence = AnswerEvidence(
      answer.fields, fault: nil, unknown: "is not known", judge: .application)
    evidence.askedCarrier = .known(.fragment)
    let check = CallbackChecks.delivery(answer, evidence).first { $0.id == .responseModeExact }
    #expect(check?.verdict == .skip)
  }
}
