import HybridFlow
import Testing

@testable import Diagnosis

/// Who has to change something, for each row and each pair of the grammar.
@Suite struct `Who is to blame` {
  /// Every id that blames somebody else than the settings.
  static let others: [(Blame?, String)] = [
    (
      .person,
      """
      auth0-person-declined b2c-cancelled code-access-denied entra-account-locked
      entra-account-unknown entra-consent-declined entra-grant-revoked entra-password-expired
      entra-password-wrong keycloak-event-declined keycloak-event-password run-code-too-old
      run-state-unknown words-consent-not-allowed words-user-declined words-user-invalid
      """
    ),
    (
      nil,
      """
      auth0-confirmation-screen auth0-consent-required auth0-interaction-required
      auth0-login-required code-account-selection-required code-consent-required
      code-interaction-required code-login-required entra-mfa-required entra-no-session
      entra-select-account okta-no-session
      """
    ),
    (
      .provider,
      """
      auth0-too-many-requests code-server-error code-temporarily-unavailable entra-throttled
      google-issuer-without-scheme gravitee-empty-form idx-hash idx-userinfo-sub
      keycloak-basic-base64 keycloak-policy-misses-hybrid library-key-unknown library-nonce-absent
      node-hash node-token-claims run-empty-form run-error-by-query run-form-post-ignored
      run-token-endpoint-redirects spring-form-post-ignored words-algorithm-missing
      words-auth-time-missing words-expiry-missing words-hash-mismatch words-hash-missing
      words-issued-at-missing words-key-duplicate words-userinfo-subject-mismatch
      words-userinfo-subject-missing wso2-error-by-redirect
      """
    ),
    (
      .application,
      """
      b2c-forgot-password entra-loop entra-malformed entra-method-not-post
      entra-not-a-token-request google-code-malformed google-embedded-browser
      """
    ),
    (
      .environment,
      """
      appauth-clock go-expired go-keys idx-document keycloak-https-required library-clock
      library-metadata-unreachable lua-oidc-discovery mod-auth-time nimbus-expired
      nimbus-not-yet-valid nimbus-time node-expired
      run-answer-for-other-host run-answer-head-too-large run-answer-incomplete
      run-answer-certificate-refused run-answer-no-tls run-answer-old-tls
      run-answer-not-http run-answer-was-https run-answer-with-many-cookies
      run-answer-without-length run-name-unknown run-refused run-tls words-certificate-expired
      words-certificate-invalid words-certificate-mismatch words-clock-mismatch
      words-expiry-expired words-id-token-expired words-id-token-in-future
      words-issued-at-in-future words-signature-expired words-token-expired
      words-token-in-future words-issuer-unreachable words-key-unreachable
      words-proxy-failed
      words-userinfo-subject-unreachable
      """
    ),
  ]

  @Test func `of every row and every pair is the one in this table`() {
    var expected: [String: Blame?] = [:]
    for (blame, ids) in Self.others {
      for id in ids.split(whereSeparator: \.isWhitespace) { expected[String(id)] = blame }
    }
    let table =
      DiagnosisEngine.rows.map { ($0.id, $0.blame) } + GrammarAdvice.all.map { ($0.id, $0.blame) }
    var seen: Set<String> = []
    for (id, blame) in table.sorted(by: { $0.0 < $1.0 }) {
      print("\(blame?.rawValue ?? "nobody")\t\(id)")
      #expect(blame == (expected[id] ?? .settings), "\(id)")
      #expect(seen.insert(id).inserted, "\(id)")
    }
    #expect(Set(expected.keys).subtracting(seen) == [])
  }

  @Test func `of the attacker is never guessed from a text`() {
    #expect(DiagnosisEngine.rows.allSatisfy { $0.blame != .attacker })
    #expect(GrammarAdvice.all.allSatisfy { $0.blame != .attacker })
  }

  @Test func `has for each pair a cause and a fix`() {
    for advice in GrammarAdvice.all {
      #expect(advice.cause.last == "." && advice.fix.last == ".", "\(advice.id)")
      #expect(!advice.symptoms.isEmpty, "\(advice.id)")
    }
  }
}
