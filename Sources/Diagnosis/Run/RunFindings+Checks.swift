import HybridFlow
import OpenID

// Broken rules: the harmless reason first, then who else it can have been.
extension RunFacts {
  func checkFinding(_ ids: [CheckID]) -> DiagnosisMatch? {
    let failed = ids.compactMap { id in
      evidence.brokenChecks.first { $0.id == id && $0.verdict == .fail }
    }
    // A rule without a harmless reason weighs more than one with it.
    guard let check = failed.first(where: { $0.likeness == nil }) ?? failed.first else {
      return nil
    }
    if let likeness = check.likeness { return harmless(check, likeness) }
    if Self.times.contains(check.id), let clock = clockFinding(check) { return clock }
    if check.found == "absent", let absent = absentFinding(check) { return absent }
    return byRule(check)
  }

  private func harmless(_ check: Check, _ likeness: Likeness) -> DiagnosisMatch {
    let name = Self.claim(check.id)
    guard likeness.blame == .provider else {
      return made(
        "run-\(check.id)-of-document", .high, likeness.blame,
        "\(name.capitalized) fits the provider\u{2019}s own document, not the configured issuer.",
        "Give the issuer as the document has it: --issuer \(likeness.right).",
        values: Self.values(of: check), basis: "both names were compared")
    }
    return made(
      "run-\(check.id)-encoding", .high, .provider,
      "\(name.capitalized) is the right value, written wrongly: nobody has changed anything. "
        + likeness.sentence,
      "Tell the provider\u{2019}s operator, with the specification: \(check.spec). Nothing here"
        + " or in your settings can change it; other applications refuse it too.",
      values: [ComparedValue("right", likeness.right), ComparedValue("found", found(check))],
      basis: "it was read in another way, and then it fits", source: "\(check.spec)")
  }

  /// The value that came: a hash claim is what the check expects.
  private func found(_ check: Check) -> String {
    let isHash = [CheckID.cHashMatch, .atHashMatch, .sHashMatch, .backAtHash, .backCHash]
      .contains(check.id)
    return (isHash ? check.expected : check.found) ?? "absent"
  }

  private static func claim(_ id: CheckID) -> String {
    switch id {
    case .stateMatch: "the state"
    case .nonceMatch, .backNonceMatch: "the nonce of the ID token"
    case .cHashMatch, .backCHash: "the c_hash of the ID token"
    case .atHashMatch, .backAtHash: "the at_hash of the ID token"
    case .sHashMatch: "the s_hash of the ID token"
    case .responseIss, .jarmIss: "the iss of the answer"
    case .jarmState: "the state of the answer"
    case .jarmAud: "the aud of the answer"
    case .jarmNothingOutside: "what stands beside the signed answer"
    case .idTokenIss: "the iss of the ID token"
    case .idTokenAud: "the aud of the ID token"
    case .userinfoSub: "the sub of the userinfo"
    default: "the value of \(id.rawValue)"
    }
  }

  // MARK: Clocks

  private static let times: Set<CheckID> = [.idTokenExp, .idTokenNbf, .idTokenIat, .jarmExp]

  private func clockFinding(_ check: Check) -> DiagnosisMatch? {
    let dated = ProviderClock(transcript)
    guard let clock = dated ?? issueClock,
      let words = clock.sentence(leeway: configuration.clockSkewSeconds)
    else { return nil }
    let here = transcript.messages.last { $0.response != nil && $0.from == .authorizationServer }?
      .at
    var values = Self.values(of: check)
    if let here {
      values = [
        ComparedValue("this machine", CivilTime(here).text),
        ComparedValue("the tenant", CivilTime(here.adding(seconds: clock.secondsAhead)).text),
      ]
    }
    return made(
      "run-clock", .high, .environment,
      "\(words) That is why the token looks "
        + (check.id == .idTokenExp || check.id == .jarmExp
          ? "expired." : "as if it were of the future."),
      "Set this machine\u{2019}s clock, as with timedatectl set-ntp true. If it is right, the"
        + " provider\u{2019}s is wrong; --clock-skew SECONDS allows for it.",
      values: values,
      basis: dated == nil
        ? "the token was made for this login, and says when"
        : "the provider\u{2019}s Date header was compared",
      source: "RFC 9110, section 6.6.1")
  }

  /// The clock by the time at which the ID token of this very login was made.
  private var issueClock: ProviderClock? {
    guard transcript.checks.contains(where: { $0.id == .nonceMatch && $0.verdict == .pass }),
      let token = transcript.tokens.last(where: { $0.use == .idToken }),
      let made = token.claims?["iat"]?.integer
    else { return nil }
    return ProviderClock(issuedAt: made, receivedAt: token.receivedAt)
  }

  // MARK: Absent values

  private func absentFinding(_ check: Check) -> DiagnosisMatch? {
    switch check.id {
    case .stateMatch:
      return made(
        "run-state-absent", .medium, .provider,
        "The answer has no state, so that nothing says whose it is. The provider left it out, or the"
          + " answer is not the provider\u{2019}s.",
        "Look at the Wire view of stage 5 for who sent it; a provider must send state back as it"
          + " came.",
        values: Self.values(of: check), basis: "state was sent and is not there",
        source: "RFC 6749, section 4.1.2")
    case .responseIss:
      return made(
        "run-iss-absent", .high, .provider,
        "The provider breaks its promise: its metadata say that every answer has iss, and this one"
          + " has none.",
        "Tell its operator; until then it must take back"
          + " authorization_response_iss_parameter_supported.",
        values: Self.values(of: check), basis: "its own metadata promise it",
        source: "RFC 9207, section 2.3")
    case .noncePresent, .backNonceMatch:
      return made(
        "run-nonce-absent", .high, .provider,
        "The ID token has no nonce, although one was sent.",
        "Tell the provider\u{2019}s operator: what was sent as nonce must stand in the ID token.",
        values: Self.values(of: check), basis: "nonce was sent and is not there",
        source: "OpenID Connect Core 1.0, section 2")
    case .backIDTokenPresent:
      let asked = sent("scope").map { $0.split(at: " ").contains("openid") } ?? true
      return asked
        ? nil
        : made(
          "run-openid-missing", .high, .settings,
          "The token endpoint gave no ID token, because openid was not among the scopes.",
          "Add openid: --scope 'openid profile email'.",
          values: [ComparedValue("sent", "scope " + (sent("scope") ?? ""))],
          basis: "the request shows it", source: "OpenID Connect Core 1.0, section 3.1.2.1")
    default: return nil
    }
  }

  // MARK: The other rules

  private func byRule(_ check: Check) -> DiagnosisMatch? {
    let values = Self.values(of: check)
    switch check.id {
    case .discoveryIssuerMatch: return otherName(check)
    case .sessionCookieReturned: return sessionCookieFinding(check)
    case .accountKey, .accountLinkProof: return accountFinding(check)
    case .idTokenAlgAllowlist: return algorithm(check)
    case .idTokenKidKnown where hasEmptyKeySet:
      return made(
        "run-no-keys", .high, .provider,
        "The provider\u{2019}s key set is empty: no signature of it can be verified.",
        "Let the operator publish the keys at jwks_uri; look whether a cache or a proxy stands"
          + " before it.", values: values, basis: "the key set was fetched again",
        source: "RFC 7517, section 5")
    case .idTokenKidKnown where configuration.witness != nil:
      return made(
        "run-key-unknown", .medium, nil,
        "The key that signed the ID token is not among the keys in this file: they may be older than "
          + "the token, or the token is from somebody else.",
        "Compare kid with the keys that the provider publishes now.", values: values,
        basis: "the keys in the file were compared",
        source: "OpenID Connect Core 1.0, section 10.1.1")
    case .idTokenKidKnown:
      return made(
        "run-key-unknown", .high, .provider,
        "The key that signed the ID token is not in the provider\u{2019}s key set, and was not"
          + " there either when the set was fetched again: the keys were rotated and the set is old.",
        "Look whether a cache stands before jwks_uri; let the operator publish the new key before"
          + " it signs.", values: values, basis: "the key set was fetched again",
        source: "OpenID Connect Core 1.0, section 10.1.1")
    case .idTokenSignature:
      return made(
        "run-signature", .medium, .provider,
        "No key of the provider\u{2019}s set verifies the signature: the set is not the one that"
          + " belongs to this token, or the token was changed on the way.",
        "Start again; if it stays, compare kid and the keys of jwks_uri with the provider\u{2019}s"
          + " console.", values: values, basis: "every key was tried")
    case .callbackMethod, .responseModeExact: return modeIgnored(check)
    case .jarmModeExact: return answerUnsigned(check)
    case .jarmSignature, .jarmAlg, .jarmStructure: return responseJWT(check)
    case .callbackNoCredentials:
      return made(
        "run-login-repeated", .high, .provider,
        "The browser sent the provider\u{2019}s login form on to the application: the provider answers "
          + "it with a redirect of status 307, which repeats the form at the new address.",
        "Tell the provider\u{2019}s operator to answer its forms with 303, and change the password: "
          + "the application must not have it.",
        values: values, basis: "fields of a login form came with the answer",
        source: "\(check.spec)")
    case .responseTypeExact where broken(.discoveryResponseType) != nil:
      return made(
        "run-no-hybrid-flow", .medium, .provider,
        "The provider has no hybrid flow: its metadata do not list"
          + " \(configuration.responseType.rawValue), and its answer lacks a part of it.",
        "Ask the operator to switch it on; a provider with the code flow alone cannot be used here.",
        values: values, basis: "its metadata and its answer agree")
    default: return stranger(check)
    }
  }

  /// The answer came in another way than the one that was asked for.
  private func modeIgnored(_ check: Check) -> DiagnosisMatch {
    let listed = metadata?.responseModes ?? []
    let list = listed.isEmpty ? "" : " Its metadata list: \(listed.joined(separator: ", "))."
    let isJWT = sent("response_mode")?.ends(with: ".jwt") == true
    guard asksForFormPost, !isJWT else {
      return made(
        "run-mode-ignored", .high, .provider,
        "The application asked for response_mode=\(sent("response_mode") ?? "fragment, the default"), "
          + "and the answer came another way: \(check.found ?? "unknown").",
        "Look whether the mode is listed under response_modes_supported, and ask for one that is."
          + list,
        values: Self.values(of: check), basis: "the request shows it",
        source: "OAuth 2.0 Multiple Response Types, section 2.1")
    }
    guard broken(.responseModeExact)?.found?.begins(with: "fragment") == true else {
      return made(
        "run-form-post-ignored", .high, .provider,
        "The provider ignored form_post and sent its answer by \(check.found ?? "GET").",
        "Look whether form_post is listed under response_modes_supported; ask the operator for it,"
          + " or use another provider." + list, values: Self.values(of: check),
        basis: "the request shows it", source: "OAuth 2.0 Form Post Response Mode, section 2")
    }
    return made(
      "run-answers-by-fragment", .high, .provider,
      "The provider ignored form_post and answers by fragment: behind the # of the address, which"
        + " browsers never send to a server.",
      "Add --response-mode fragment: then the page at the redirect URI hands the answer over. Or ask"
        + " the operator for form_post." + list, values: Self.values(of: check),
      basis: "the page at the redirect URI saw it",
      source: "OAuth 2.0 Form Post Response Mode, section 2")
  }

  /// The document names the issuer in another way, and it is the same place.
  private func otherName(_ check: Check) -> DiagnosisMatch? {
    guard let asked = check.expected, let named = check.found,
      let difference = IssuerDifference(expected: asked, found: named)
    else { return nil }
    let cause: String
    switch difference {
    case .slash:
      cause =
        named.ends(with: "/")
        ? "The issuer was given without the slash at its end, which the provider\u{2019}s name has."
        : "The issuer was given with a slash at its end, which the provider\u{2019}s name has not."
    case .localHost:
      guard let one = try? WebURL(asked), let two = try? WebURL(named), one.isLoopback,
        two.isLoopback
      else { return nil }
      cause =
        "The issuer was given by another name of this machine: \(one.host) is not \(two.host)."
    case .scheme, .template, .spelling, .path, .port, .localPort, .host: return nil
    }
    return made(
      "run-issuer-name", .high, .settings,
      cause + " Issuers are compared letter by letter.",
      "Use --issuer \(named), as the document names it.", values: Self.values(of: check),
      basis: "both names were compared", source: "OpenID Connect Discovery 1.0, section 4.3")
  }

  /// Whether the newest key set that came has no key.
  private var hasEmptyKeySet: Bool {
    let sets = (transcript[.login].messages + transcript[.callback].messages).lazy
      .compactMap { message in message.response.flatMap { try? JSONParser.parse($0.body) } }
      .compactMap { $0["keys"]?.elements }
    return Array(sets).last?.isEmpty == true
  }

  private func algorithm(_ check: Check) -> DiagnosisMatch? {
    guard let found = check.found, SignatureAlgorithm(rawValue: found) != nil else { return nil }
    let listed = metadata?.idTokenSigningAlgorithms ?? []
    let isListed = listed.contains(found)
    return made(
      isListed ? "run-algorithm" : "run-algorithm-unlisted", .high,
      isListed ? .settings : .provider,
      isListed
        ? "The provider signs this client\u{2019}s ID tokens with \(found), and its metadata list"
          + " that; here \(configuration.idTokenAlgorithm.rawValue) is configured."
        : "The provider signs with \(found), but its metadata list only"
          + " \(listed.joined(separator: ", ")): the metadata are wrong.",
      "--id-token-alg \(found) accepts it here, or choose"
        + " \(configuration.idTokenAlgorithm.rawValue) for this client at the provider.",
      values: Self.values(of: check), basis: "the header of the token says so",
      source: "OpenID Connect Core 1.0, section 3.1.3.7 (7)")
  }

  /// A value of somebody else, after every harmless reason was tried.
  private func stranger(_ check: Check) -> DiagnosisMatch? {
    guard RunBlame.of(check) == .attacker else { return nil }
    let cause: String
    switch check.id {
    case .stateMatch:
      cause =
        "The answer belongs to another login: an old tab, a reload, or a link that somebody sent."
    case .nonceMatch, .backNonceMatch:
      cause = "The ID token has another nonce than the one that was sent: it is from another login."
    case .jarmState:
      cause =
        "The signed answer belongs to another login: an old tab, a reload, or a link that somebody "
        + "sent."
    case .jarmAud: cause = "The signed answer was made for another client of this provider."
    case .responseIss, .responseIssVsIDToken, .jarmIss:
      cause = "The answer names another provider than the one that was asked: a mix-up."
    default: cause = "\(Self.claim(check.id).capitalized) does not belong to what came with it."
    }
    // A forgotten tab is by far the most common reason.
    guard check.id != .stateMatch, check.id != .jarmState else {
      return made(
        "run-state-of-another-login", .medium, .person, cause,
        "Do not use the answer. Close old tabs of the tenant and start again.",
        values: Self.values(of: check), basis: "the state is not the one that was sent",
        source: "\(check.spec)")
    }
    guard check.id != .jarmNothingOutside else {
      return made(
        "run-beside-the-answer", .low, .attacker,
        "Beside the signed answer stand fields that nobody has signed: the provider writes them twice,"
          + " or somebody has added them on the way.",
        "Use nothing of them. If every answer has them, ask the operator to send response alone.",
        values: Self.values(of: check), basis: "the names of the fields", source: "\(check.spec)")
    }
    return made(
      "run-stranger-\(check.id)", .low, .attacker,
      cause
        + " No other spelling, hash or encoding of the value fits: something was swapped in on the"
        + " way, or the provider makes the value wrongly.",
      "Do not use the answer. Close old tabs of the tenant and start again; if it stays, look who"
        + " stands between browser and application.",
      values: Self.values(of: check), basis: "every harmless reason was tried",
      source: "\(check.spec)")
  }
}
