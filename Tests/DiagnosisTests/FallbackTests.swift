import OpenID
import Testing

@testable import Diagnosis
@testable import HybridFlow

@Suite struct `Where no row fits` {
  @Test(arguments: CheckID.allCases)
  func `each check that fails says where to look next`(check: CheckID) throws {
    var evidence = DiagnosisEvidence()
    evidence.failure = .provider(.checksFailed([check]))
    evidence.brokenChecks = [Check(check, .fail, expected: "a", found: "b", why: "They differ.")]
    let advice = try #require(DiagnosisEngine.fallback(evidence: evidence))
    #expect(advice.id == "next-check-\(check.rawValue)")
    // What the application itself wrote is known for certain.
    #expect(advice.confidence == (RunBlame.isOurs(check) ? .high : .low))
    #expect(advice.cause.contains(check.rawValue) && advice.cause.contains("They differ."))
    #expect(advice.fix.last == ".")
    // The sentence for checks that nobody thought of.
    #expect(!advice.fix.hasPrefix("Look at the expected and the found value"))
  }

  @Test func `the lines of a page are read as sentences of their own`() throws {
    var transcript = Transcript()
    transcript[.authenticate].failure = .provider(
      .refused(
        OAuthError(
          endpoint: .page, code: "",
          description: "This sign-in cannot begin / Unknown client: client_id (invalid_request). / "
            + "Nothing was sent to the application, because the tenant cannot tell where to.",
          status: 400)))
    let configuration = FlowConfiguration(
      issuer: try WebURL("https://tenant.example/"), clientID: "web", clientSecret: nil,
      redirectURI: try WebURL("http://localhost:8910/callback"))
    let found = try #require(RunDiagnosis(transcript, configuration))
    #expect(found.match.id == "words-client-id-unknown" && found.blame == .settings)
  }

  @Test(arguments: TransportFailure.Kind.allCases)
  func `each kind of silence says where to look next`(kind: TransportFailure.Kind) throws {
    var evidence = DiagnosisEvidence()
    evidence.failure = .environment(
      .transport(TransportFailure(kind: kind, message: "No answer from a:1.")))
    let advice = try #require(DiagnosisEngine.fallback(evidence: evidence))
    #expect(advice.cause.contains("No answer from a:1.") && advice.fix.last == ".")
  }

  @Test(arguments: [
    FlowFailure.provider(.unreadable("It is a page.")), .environment(.listener("Port taken.")),
    .person(.abandoned), .person(.noCallback(seconds: 300)),
    .provider(.refused(OAuthError(endpoint: .token, code: "odd_code", status: 418))),
    .provider(.refused(OAuthError(endpoint: .page, code: "", description: "No.", status: 400))),
    .provider(.refused(OAuthError(endpoint: .api, code: "", status: 403))),
    .person(.declined(OAuthError(endpoint: .authorization, code: "odd_code"))),
  ])
  func `each failure says what is known and what to look at`(failure: FlowFailure) throws {
    var evidence = DiagnosisEvidence()
    evidence.failure = failure
    let advice = try #require(DiagnosisEngine.fallback(evidence: evidence))
    #expect(advice.confidence == .low && advice.cause.last == "." && advice.fix.last == ".")
    #expect(DiagnosisEngine.explanation(evidence: evidence) == advice)
  }

  @Test func `a text that nobody knows gets no answer at all`() {
    let evidence = DiagnosisEvidence(pasted: "it does not work")
    #expect(DiagnosisEngine.diagnose(evidence: evidence).isEmpty)
    #expect(DiagnosisEngine.explanation(evidence: evidence) == nil)
  }
}
