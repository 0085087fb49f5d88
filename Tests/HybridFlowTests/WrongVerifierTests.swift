import OpenID
import Testing

@testable import HybridFlow

/// The exchange with a wrong verifier, which a tenant must refuse.
@Suite struct WrongVerifierTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var answer: (status: Int, body: String)?
    var verdict: Check.Verdict?
    var failure: String?
    var shown: Bool?
    var testDescription: String { answer?.body ?? "tokens" }
  }

  @Test(arguments: [
    Case(answer: nil, verdict: .fail, failure: "provider.check_failed", shown: false),
    Case(
      answer: (400, #"{"error":"invalid_grant","error_description":"PKCE failed"}"#),
      verdict: .pass, failure: nil, shown: true),
    Case(
      answer: (401, #"{"error":"invalid_client"}"#), verdict: nil,
      failure: "provider.token_error", shown: nil),
  ])
  func `only the answer to a wrong verifier shows whether PKCE is enforced`(
    _ item: Case
  ) throws {
    var configuration = try Sample.configuration(.codeIDToken, observes: false)
    configuration.triesWrongVerifier = true
    var provider = try HonestProvider(configuration.idTokenAlgorithm)
    if let answer = item.answer {
      provider.editTokenResponse = { response in
        response = HTTPResponse(
          status: answer.status, headers: ["Content-Type": "application/json"],
          body: Array(answer.body.utf8))
      }
    }
    let drive = try Drive.run(configuration, provider)
    let sent = try FormEncoding.decode(try #require(drive.tokenRequests.first).body)
    #expect(sent["code_verifier"] == String(Sample.secrets.codeVerifier.reveal().reversed()))
    let record = drive.transcript[.verify]
    #expect(record.checks.first { $0.id == .pkceEnforced }?.verdict == item.verdict)
    #expect(record.serverChecks.first { $0.id == "pkce" }?.passed == item.shown)
    #expect(drive.transcript.failure?.code == item.failure)
    if item.failure == nil {
      #expect(drive.transcript[.tokens].status == .skipped)
      #expect(drive.machine.situation == .finished)
    }
  }
}
