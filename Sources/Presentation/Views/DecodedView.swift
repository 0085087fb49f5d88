import HybridFlow
import OpenID

extension Reader {
  /// Tokens, values and ledgers of the stage, taken apart.
  func decoded() -> Document {
    var document = Document()
    if record.tokens.isEmpty, record.values.isEmpty, record.serverChecks.isEmpty, let absence {
      return nothing(absence)
    }
    for token in record.tokens { add(token, to: &document) }
    if stage == .verify { addLedger(to: &document) }
    if stage == .data { addData(to: &document) }
    addValues(to: &document)
    if document.blocks.isEmpty {
      switch stage {
      case .prompt, .authenticate:
        return nothing(
          "Nothing to decode: pages and cookies travel now, between browser and tenant. No token "
            + "has been issued yet.")
      case .api:
        return nothing(
          "The request carries the second access token. To this application it is opaque: only the "
            + "API reads what is in it. Stage 8 decodes it, to teach.")
      default: return nothing("No token and no new value appeared in this stage.")
      }
    }
    return document
  }

  private func add(_ token: TokenRecord, to document: inout Document) {
    let ordinal = token.channel == .front ? "first" : "second"
    let (title, place): (String, NamePlace) =
      switch token.use {
      case .idToken: ("ID token, the \(ordinal)", .idToken)
      case .accessToken: ("Access token, the \(ordinal)", .accessToken)
      case .refreshToken: ("Refresh token", .value)
      }
    document.heading(
      title,
      note: token.channel == .front ? "through the browser" : "past the browser")
    let shownToken = HarmlessText.line(
      masker.show(FormField(token.use.rawValue, token.text)))
    let id = "token:\(stage.id):\(token.use.rawValue)"
    document.add(
      .row(
        TableRow(
          name: token.use.rawValue, value: shownToken,
          valueRole: model.revealsSecrets ? .wireToken : .wireMasked, fold: id,
          isOpen: isOpen(id),
          meaning: [Span("\(token.text.utf8.count) characters", .textMuted)],
          copies: shownToken, isToken: true)))
    if let seconds = token.expiresIn {
      let expiry = token.receivedAt.adding(seconds: seconds)
      document.add(
        .row(
          TableRow(
            name: "expires_in", value: "\(seconds)  \(CivilTime(expiry).text)",
            meaning: distance(expiry, before: note(of: "expires_in", .tokenResponse)))))
    }
    if token.use == .accessToken {
      document.gap()
      document.paragraph(
        token.claims == nil
          ? "Opaque: \(token.opaqueBecause.map { shown($0) } ?? "it is no JWT"). Only the tenant "
            + "knows what it stands for, and the API asks there."
          : "Opaque to the client. It happens to be a JWT and is taken apart here to teach; it is "
            + "written for the API, and an application must not look inside.", .statusWarn)
    } else if let reason = token.opaqueBecause {
      document.gap()
      document.paragraph("Not decoded: \(shown(reason))", .statusWarn)
    }
    addMembers(token.header, "header", .joseHeader, to: &document)
    addMembers(token.claims, "claims", place, to: &document)
    addSignature(token, to: &document)
  }

  private func addMembers(
    _ value: JSONValue?, _ title: String, _ place: NamePlace, to document: inout Document
  ) {
    guard let members = value?.members else { return }
    document.gap()
    document.line(title, .textStrong, .bold)
    for member in members {
      let moment = ClaimTime.moment(member.name, member.value.integer)
      let id = "member:\(stage.id):\(title):\(member.name)"
      var text = shown(member.value.string ?? member.value.compactText)
      var meaning = verdict(ofMember: member.name, place)
      if let moment {
        text += "  " + CivilTime(moment).text
        meaning += distance(moment, before: note(of: member.name, place))
      } else {
        meaning += note(of: member.name, place)
      }
      document.add(
        .row(
          TableRow(
            name: HarmlessText.line(member.name), nameRole: .jsonKey, value: text,
            valueRole: role(of: member.value), fold: id, isOpen: isOpen(id), meaning: meaning,
            copies: text)))
    }
  }

  private func role(of value: JSONValue) -> Role {
    switch value {
    case .string: .jsonString
    case .number: .jsonNumber
    case .null, .bool: .jsonLiteral
    case .array, .object: .text
    }
  }

  /// How far away a moment is, before what else is to be said of it.
  func distance(_ moment: UnixTime, before note: [Span] = []) -> [Span] {
    let span = Span(Distance.text(from: now, to: moment), .textStrong, .bold)
    return note.isEmpty ? [span] : [span, Span(" \u{00B7} ", .textMuted)] + note
  }

  private func verdict(ofMember name: String, _ place: NamePlace) -> [Span] {
    switch (place, name) {
    case (.joseHeader, "alg"): mark(.idTokenAlgAllowlist)
    case (.joseHeader, "kid"): mark(.idTokenKidKnown)
    case (.idToken, "iss"): mark(.idTokenIss)
    case (.idToken, "aud"): mark(.idTokenAud, .idTokenAudExtra)
    case (.idToken, "azp"): mark(.idTokenAzp)
    case (.idToken, "sub"): mark(.secondIDTokenSub, .idTokenSubPresent)
    case (.idToken, "exp"): mark(.idTokenExp)
    case (.idToken, "iat"): mark(.idTokenIat)
    case (.idToken, "nbf"): mark(.idTokenNbf)
    case (.idToken, "nonce"): mark(.nonceMatch, .backNonceMatch)
    case (.idToken, "c_hash"): mark(.cHashMatch, .backCHash)
    case (.idToken, "at_hash"): mark(.atHashMatch, .backAtHash)
    case (.idToken, "s_hash"): mark(.sHashMatch)
    case (.idToken, "auth_time"): mark(.authTime)
    case (.accessToken, "aud"): mark(.accessTokenAud)
    default: []
    }
  }

  private func addSignature(_ token: TokenRecord, to document: inout Document) {
    guard let jws = token.jws else { return }
    document.gap()
    document.line("signature", .textStrong, .bold)
    let check = token.use == .idToken ? mark(.idTokenSignature) : []
    document.add(
      .row(
        TableRow(
          name: "algorithm", value: HarmlessText.line(jws.algorithmName),
          meaning: check
            + [
              Span(
                token.use == .idToken
                  ? check.isEmpty
                    ? "not verified in this stage" : "verified with the tenant\u{2019}s key"
                  : "for the API to verify, not for us", .textMuted)
            ])))
    document.add(
      .row(
        TableRow(
          name: "length", value: "\(jws.signature.count) bytes",
          meaning: [Span("over header and payload as they came", .textMuted)])))
  }

  /// The values of the stage and who holds them.
  func addValues(to document: inout Document) {
    let values = record.values.filter { value in
      !record.tokens.contains { $0.text.isIdentical(to: value.value) }
    }
    guard !values.isEmpty else { return }
    document.heading("Values, and who holds them from now on")
    for value in values {
      let id = "value:\(stage.id):\(value.name)"
      let text = HarmlessText.line(masker.show(value))
      let holders = value.holders.map(\.word).joined(separator: ", ")
      document.add(
        .row(
          TableRow(
            name: HarmlessText.line(value.name), value: text,
            valueRole: value.isSecret && !model.revealsSecrets ? .wireMasked : .text, fold: id,
            isOpen: isOpen(id),
            meaning: [Span(holders)]
              + (Glossary.meaning(of: value.name, in: .value).map {
                [Span(" \u{00B7} \($0)", .textMuted)]
              } ?? []),
            copies: text, isToken: value.isSecret)))
    }
  }

  /// What the tenant verified in stage 7.
  func addLedger(to document: inout Document) {
    guard !record.serverChecks.isEmpty else { return }
    let observed = record.serverChecks.contains(where: \.observed)
    document.heading(
      "The tenant\u{2019}s ledger",
      note: observed ? "observed: the tenant is ours" : "inferred from its answer")
    for check in record.serverChecks {
      let verdict: Span =
        switch check.passed {
        case true?: Verdicts.span(.pass)
        case false?: Verdicts.span(.fail)
        case nil: Span("?", .statusPending)
        }
      document.add(
        .line(
          Line(
            [verdict, Span(" "), Span(shown(check.what), .textStrong)],
            note: [
              Span((check.observed ? "" : "inferred \u{00B7} ") + check.spec.short, .textMuted)
            ])))
      if !check.detail.isEmpty {
        document.add(.paragraph([Span(shown(check.detail), .textMuted)], indent: 2))
      }
    }
  }

  private func addData(to document: inout Document) {
    for message in record.messages {
      guard let response = message.response, message.body.count <= Self.shownBodyBytes,
        let json = try? JSONParser.parse(message.body), let members = json.members
      else { continue }
      document.heading(
        "What \(HarmlessText.line(WebURLPath.of(message.url))) told",
        note: "HTTP \(response.status)")
      for member in members {
        if case .array(let elements) = member.value, !elements.allSatisfy(\.isScalar) {
          document.gap()
          document.line(HarmlessText.line(member.name), .jsonKey)
          document.blocks += JSONRows(self, owner: "data\(message.id)").blocks(member.value)
        } else {
          addDatum(member, message, to: &document)
        }
      }
    }
  }

  private func addDatum(
    _ member: JSONMember, _ message: Message, to document: inout Document
  ) {
    let id = "data:\(message.id):\(member.name)"
    var text = shown(member.value.string ?? member.value.compactText)
    var meaning = member.name == "sub" ? mark(.userinfoSub) : []
    if let moment = ClaimTime.moment(member.name, member.value.integer) {
      text += "  " + CivilTime(moment).text
      meaning += distance(moment, before: note(of: member.name, .api))
    } else {
      meaning += note(of: member.name, .api)
    }
    document.add(
      .row(
        TableRow(
          name: HarmlessText.line(member.name), nameRole: .jsonKey, value: text,
          valueRole: role(of: member.value), fold: id, isOpen: isOpen(id), meaning: meaning,
          copies: text)))
  }
}
