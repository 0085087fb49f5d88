import OpenID

/// What an application can conclude about a tenant's checks in stage 7 from its answer.
///
/// Tokens show that the code was known, and no more: a tenant that compares neither secret, redirect
/// URI nor code verifier would answer the same. Only a wrong value that was sent tells.
struct ServerInference {
  private let answer: TokenAnswer
  private let usesPKCE: Bool
  private let isPublic: Bool
  /// Whether a verifier was sent that does not belong to the code challenge.
  private let triesWrongVerifier: Bool

  /// Reads an exchange; the verifier is the one that was sent, nil if none was.
  init(_ exchanged: Exchanged, sentVerifier: String?) {
    let requested = exchanged.trusted.requested
    answer = exchanged.answer
    usesPKCE = requested.usesPKCE
    isPublic = requested.prepared.clientAuthentication == .none
    let verifier = requested.prepared.secrets.codeVerifier.reveal()
    triesWrongVerifier = usesPKCE && sentVerifier?.isIdentical(to: verifier) != true
  }

  /// The checks that a tenant has to make, with what the answer shows of each.
  var checks: [ServerCheck] {
    var rows = [
      row(
        "client-authenticated",
        isPublic ? "the client is known" : "the client is known and proved who it is",
        refusal == "invalid_client" ? false : nil, .rfc(6749, "3.2.1")),
      row("code-known", "the code was issued here", isAnswered ? true : nil, .rfc(6749, "4.1.3")),
      row("code-unused", "the code was not used before", nil, .rfc(6749, "4.1.2")),
      row("code-client", "the code was issued to this client", nil, .rfc(6749, "4.1.3")),
      row("redirect-uri", "redirect_uri is the one of the request", nil, .rfc(6749, "4.1.3")),
    ]
    if usesPKCE { rows.append(pkce) }
    return rows
  }

  private var pkce: ServerCheck {
    let what = "the verifier fits the code challenge"
    let section = SpecReference.rfc(7636, "4.6")
    guard triesWrongVerifier else { return row("pkce", what, nil, section) }
    let passed: Bool? = isAnswered ? false : refusal == "invalid_grant" ? true : nil
    let detail =
      switch passed {
      case true?: "shown: it refused a wrong verifier"
      case false?: "shown: it gave tokens for a wrong verifier, so it ignores PKCE"
      case nil: basis
      }
    return ServerCheck(
      id: "pkce", what: what, detail: detail, passed: passed, spec: section, observed: false)
  }

  private var isAnswered: Bool { if case .tokens = answer { true } else { false } }

  private var refusal: String? { if case .refused(let error) = answer { error.code } else { nil } }

  private var basis: String {
    switch answer {
    case .tokens: "inferred: it issued tokens"
    case .refused(let error):
      error.code.isEmpty ? "it refused without a code" : "inferred from \(error.code)"
    case .unreadable: "the answer cannot be read"
    }
  }

  private func row(
    _ id: String, _ what: String, _ passed: Bool?, _ spec: SpecReference
  ) -> ServerCheck {
    // Tokens say nothing of a check that is not shown; an error code narrows it down.
    let detail = passed == nil && isAnswered ? "a tenant that skips it answers the same" : basis
    return ServerCheck(
      id: id, what: what, detail: detail, passed: passed, spec: spec, observed: false)
  }
}
