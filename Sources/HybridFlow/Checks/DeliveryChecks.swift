import OpenID

/// How the authorization response came; stage 5.
extension CallbackChecks {
  static func delivery(_ answer: AuthorizationResponse, _ evidence: AnswerEvidence) -> [Check] {
    [
      method(answer, evidence), modeExact(answer, evidence), contentType(answer),
      noDuplicates(evidence),
      Check(
        .callbackSingleUse, .pass, expected: "the first answer", found: "the first answer",
        why: "Further ones are answered, but not processed."),
      CredentialFields.check(answer), evidence.page.check(answer),
    ]
  }

  /// How an answer was delivered that a file tells.
  static func delivery(
    _ answer: AuthorizationResponse, _ evidence: AnswerEvidence, _ witness: Witness
  ) -> [Check] {
    let hasType = answer.request.headers["Content-Type"] != nil || answer.carrier != .body
    return [method(answer, evidence), modeExact(answer, evidence)]
      + (hasType ? [contentType(answer)] : [])
      + [
        noDuplicates(evidence),
        Check(
          .callbackSingleUse, .skip,
          why: "not run: how often the application took the answer \(witness.unseen)."),
        CredentialFields.check(answer),
      ]
  }

  /// The rule of form_post: a body, not an address.
  private static func method(_ answer: AuthorizationResponse, _ evidence: AnswerEvidence) -> Check {
    switch evidence.askedCarrier {
    case .unknown(let why):
      return .undecided(.callbackMethod, found: way(answer), "the response mode", why)
    case .known(.query), .known(.fragment):
      return Check(.callbackMethod, .skip, why: "not run: form_post was not asked for.")
    case .known(.body): break
    }
    let why =
      switch answer.carrier {
      case .body: "The answer came in a body, not in a URL."
      case .query: "The provider ignored form_post: histories and logs can keep what it sent."
      case .fragment:
        "The provider ignored form_post and used the fragment, which browsers keep to themselves: "
          + "no server sees it, and scripts of the page do."
      }
    return Check(
      .callbackMethod, answer.carrier == .body ? .pass : .fail, expected: "POST",
      found: way(answer), why: why)
  }

  /// The answer comes in the way that was asked for, whichever that was.
  private static func modeExact(
    _ answer: AuthorizationResponse, _ evidence: AnswerEvidence
  ) -> Check {
    let found = answer.carrier.mode
    let asked: PastedAnswer.Carrier
    switch evidence.askedCarrier {
    case .unknown(let why):
      return .undecided(.responseModeExact, found: found.rawValue, "the response mode", why)
    case .known(let carrier): asked = carrier
    }
    guard answer.tellsCarrier || answer.carrier == asked else {
      return Check(
        .responseModeExact, .skip,
        why: "not run: the pasted text does not say how the answer travelled.")
    }
    let isExact = answer.carrier == asked
    let suffix = answer.responseJWT == nil ? "" : ".jwt"
    let kept = answer.kept.joined(separator: ", ")
    return Check(
      .responseModeExact, isExact ? .pass : .fail, expected: asked.mode.rawValue + suffix,
      found: found.rawValue + suffix + (kept.isEmpty ? "" : ", with \(kept)"),
      why: isExact
        ? "It came in the way that was asked for."
        : "It came in another way than the one that was asked for."
          + (kept.isEmpty ? "" : " The page took none of the values: they stayed in the browser."))
  }

  private static func contentType(_ answer: AuthorizationResponse) -> Check {
    guard answer.carrier == .body else {
      return Check(.callbackContentType, .skip, why: "not run: there is no body.")
    }
    let type = answer.request.headers.mediaType
    let coding = answer.request.headers.contentCoding
    let isForm = type == "application/x-www-form-urlencoded" && coding == nil
    return Check(
      .callbackContentType, isForm ? .pass : .fail,
      expected: "application/x-www-form-urlencoded",
      found: (type ?? "absent") + (coding.map { ", compressed: \($0)" } ?? ""),
      why: isForm ? "It is what a browser\u{2019}s form sends." : "No browser form sends this.")
  }

  /// How the browser brought it, in words.
  private static func way(_ answer: AuthorizationResponse) -> String {
    answer.carrier == .fragment
      ? "GET, with the answer behind the #"
      : answer.carrier == .query && answer.request.method == "POST"
        ? "POST, with the answer in the address" : answer.request.method
  }
}

extension PastedAnswer.Carrier {
  /// The response mode that uses this place.
  var mode: ResponseMode {
    switch self {
    case .body: .formPost
    case .query: .query
    case .fragment: .fragment
    }
  }
}

extension ResponseMode {
  /// The mode that a request asks for; nil for one that is not known.
  ///
  /// Hybrid types come in the fragment where nothing is said. OAuth 2.0 Multiple Response Types,
  /// sections 2.1 and 5.
  init?(asked text: String?) {
    guard let text, !text.isEmpty else {
      self = .fragment
      return
    }
    self.init(rawValue: text)
  }

  /// Whether the answer stands behind the `#`.
  public var isInFragment: Bool { carrier == .fragment }

  /// The place of the answer.
  package var carrier: PastedAnswer.Carrier {
    switch self {
    case .formPost, .formPostJWT: .body
    case .query, .queryJWT: .query
    // Every type of this flow has a token, or leaves it to the provider to send one.
    case .fragment, .fragmentJWT, .jwt: .fragment
    }
  }
}

// The rules.
extension CheckID {
  package static let callbackMethod = CheckID(
    "callback-method", .error,
    rule: "the answer to form_post comes by POST",
    shows: "a provider that ignores form_post",
    next: "Look whether response_mode=form_post was sent and is supported.",
    spec: .formPost("2"))

  package static let responseModeExact = CheckID(
    "response-mode-exact", .error,
    rule: "the answer comes by the response mode that was asked for",
    shows: "a provider that ignores the mode, or a mode that was switched in the browser",
    next:
      "Compare response_mode as sent with response_modes_supported; ask for a mode in the list.",
    spec: .multipleResponseTypes("2.1"))

  package static let callbackContentType = CheckID(
    "callback-content-type", .error,
    rule: "the body is application/x-www-form-urlencoded",
    shows: "a sender that is no browser form",
    next: "Look what sent the answer: no browser form does it this way.",
    spec: .formPost("2"))
}
