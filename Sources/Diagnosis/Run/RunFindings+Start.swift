import HybridFlow
import OpenID

// What ends a run before anybody has signed in.
extension RunFacts {
  /// The issuer was given as the address of its document, so the document is not where it is sought.
  var issuerFinding: DiagnosisMatch? {
    guard stage == .login, let right = ProviderMetadata.issuer(ofDocument: configuration.issuer)
    else { return nil }
    return made(
      "run-issuer-is-document", .high, .settings,
      "The issuer was given as the address of its discovery document.",
      "Use --issuer \(right): the rest of the address is added here.",
      values: [
        ComparedValue("given", configuration.issuer.text), ComparedValue("right", right.text),
      ],
      basis: "the issuer ends like such an address",
      source: "OpenID Connect Discovery 1.0, section 4")
  }

  /// The authorization endpoint refuses the request without a word about why.
  func turnedAway(_ error: OAuthError) -> DiagnosisMatch? {
    guard error.endpoint == .page, error.code.isEmpty, (error.description ?? "").isEmpty,
      let status = error.status, (400..<500).contains(status)
    else { return nil }
    let uri = sent("redirect_uri")
    return made(
      "run-refused-silently", .medium, .settings,
      "The provider refuses the authorization request (HTTP \(status)) and does not say why; most "
        + "often the redirect URI is not registered for this client.",
      "Register the redirect URI letter by letter, host, port and path included, and compare the "
        + "client id; check tries other forms of it.",
      values: [uri.map { ComparedValue("sent", $0) }, ComparedValue("the tenant", error.summary)]
        .compactMap { $0 },
      basis: "nothing else is refused without a word as often", source: "RFC 6749, section 4.1.2.1")
  }

  /// No answer came, and the run shows what the person did not do.
  var missingFinding: DiagnosisMatch? {
    if configuration.awaitsPaste {
      return made(
        "run-nothing-pasted", .high, .person,
        "No answer was pasted. It goes to \(configuration.redirectURI.origin), not to this machine.",
        "Sign in with the address of stage 2, copy the answer from the browser, and paste it; --wait"
          + " gives more time.",
        basis: "the redirect URI is not on this machine", source: "this run")
    }
    if !asksForFormPost, evidence.facts.contains(.emptyGET) {
      return made(
        "run-fragment-not-handed-over", .high, .person,
        "The browser came to the redirect URI, and its page handed nothing over: the browser runs no"
          + " scripts there, or nothing stood behind the #.",
        "Copy the whole address from the address bar into the form of that page; or allow its script.",
        basis: "a GET without anything came, and no answer after it",
        source: "OAuth 2.0 Multiple Response Types, section 2.1")
    }
    return unopenedFinding
  }

  /// No browser was opened, and no answer came: nobody has seen the login page.
  private var unopenedFinding: DiagnosisMatch? {
    guard configuration.userAgent == .external,
      let note = transcript[.prompt].notes.first(where: \.warns), !note.text.holds("as asked")
    else { return nil }
    return made(
      "run-browser-not-opened", .medium, .environment,
      "No browser was opened, so nobody could sign in. \(note.text)",
      "Open the address of stage 2 yourself, on this machine or by the tunnel that is shown; or set "
        + "BROWSER to a command that opens it.",
      basis: "the browser could not be started", source: "this run")
  }
}
