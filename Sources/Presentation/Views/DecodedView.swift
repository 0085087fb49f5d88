import HybridFlow
import Lab
import OpenID
import Redaction
import TextUI

extension DetailView {
  /// Tokens, values and ledgers, decoded.
  public static let decoded = DetailView(
    "decoded", "Decoded", changes: .withTime, isEmpty: { !hasDecoded($0) }
  ) { $0.decoded() }

  private static func hasDecoded(_ model: ExplorerModel) -> Bool {
    let record = model.seenTranscript[model.shownStage]
    if !record.tokens.isEmpty || !record.values.isEmpty { return true }
    let isTold = !model.conceals(record.stage)
    if record.isAbsent, record.serverChecks.isEmpty { return false }
    if record.failure != nil, isTold { return true }
    switch record.stage {
    case .login, .tokens, .data:
      if record.messages.contains(where: { $0.response != nil && !$0.body.isEmpty }) { return true }
    case .verify: if !record.serverChecks.isEmpty, isTold { return true }
    default: break
    }
    return record.messages.contains { $0.response?.headers["WWW-Authenticate"] != nil }
  }
}

extension StageRecord {
  /// Whether the stage was not reached, or was left out.
  var isAbsent: Bool { startedAt == nil || skippedBecause != nil }
}

extension Reader {
  /// Tokens, values and ledgers of the stage, decoded.
  func decoded() -> Document {
    var document = Document()
    addForged(.tokens, to: &document)
    addFailure(to: &document)
    if record.tokens.isEmpty, record.values.isEmpty, record.serverChecks.isEmpty, let absence {
      return nothing(absence)
    }
    if stage == .login { addProvider(to: &document) }
    if stage == .tokens { addTokenResponse(to: &document) }
    for token in record.tokens { add(token, to: &document) }
    if stage == .verify { addLedger(to: &document) }
    if stage == .data { addData(to: &document) }
    addChallenges(to: &document)
    addValues(to: &document)
    if document.blocks.isEmpty {
      // Each adds a note about what is missing.
      switch stage {
      case .prompt, .authenticate:
        return nothing(
          "Nothing to decode: pages and cookies travel now, between browser and tenant. No token "
            + "has been issued yet.")
      case .api:
        return nothing(
          "The request carries the access token of stage 8. To this application it is opaque: only the "
            + "API reads what is in it. Stage 8 decodes it, to teach.")
      default: return nothing("No token and no new value appeared in this stage.")
      }
    }
    return document
  }

  private func add(_ token: TokenRecord, to document: inout Document) {
    let told = TokenDocument(token, redactor)
    let way = token.channel == .front ? "through the browser" : "on the back channel"
    document.heading(
      told.kind.capitalized + (told.ordinal.map { ", the \($0)" } ?? ""),
      note: forgeryWords(of: token).map { $0 + ", " + way } ?? way)
    let id = "token:\(stage.id):\(token.use.rawValue)"
    document.add(
      .row(
        TableRow(
          name: token.use.rawValue, value: told.value,
          valueRole: model.revealsSecrets ? .wireToken : .wireMasked, fold: id,
          isOpen: isOpen(id),
          meaning: [Span("\(told.length) characters", .textMuted)],
          copies: told.value, isToken: true)))
    if let seconds = told.lifetime {
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
          ? "Opaque: \(told.opaque ?? "it is no JWT"). Only the tenant "
            + "knows what it stands for; who receives it asks there."
          : "Opaque to the client. It happens to be a JWT and is taken apart here to teach; it is "
            + "written for the API, and an application must not look inside.", .statusWarn)
    } else if let reason = told.opaque, token.envelope == nil || token.content != nil {
      document.gap()
      document.paragraph(
        token.use == .refreshToken
          ? "Opaque: only the tenant reads it, when it is sent back for new tokens."
          : "Not decoded: \(reason)", .statusWarn)
    }
    addEnvelope(of: token, to: &document)
    addMembers(token.header, "header", .joseHeader, of: token, to: &document)
    addMembers(token.claims, "claims", told.context, of: token, to: &document)
    addSignature(token, to: &document)
  }

  /// The sign and the word beside a token that a fault of the lab has changed.
  private func forgeryWords(of token: TokenRecord) -> String? {
    guard model.modes.verdictAsked == nil else { return nil }
    for message in record.messages {
      guard let culprit = message.tamperedBy.flatMap(Lab.fault)?.culprit,
        let difference = MessageDifference(message),
        difference.changes.contains(where: { $0.found?.isIdentical(to: token.text) == true })
      else { continue }
      return culprit.mark + (culprit == .attacker ? " forged" : " changed by the lab")
    }
    return nil
  }

  func addMembers(
    _ value: JSONValue?, _ title: String, _ place: Glossary.Context, of token: TokenRecord,
    to document: inout Document
  ) {
    guard let value, let members = value.members else { return }
    document.gap()
    document.line(title, .textStrong, .bold)
    for member in members {
      let moment = ClaimTime.moment(member.name, member.value.integer)
      let id = "member:\(stage.id):\(token.use.rawValue):\(title):\(member.name)"
      // The header of an access token is for the API to verify.
      let isJudged = token.use == .idToken || place == .accessTokenClaim
      var meaning =
        token.use == .response
        ? responseVerdict(ofMember: member.name, place)
        : isJudged ? verdict(ofMember: member.name, place) : []
      var text = inline(member.value)
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
            source: Glossary.entry(member.name, in: place)?.source,
            copies: shown(member.value.string ?? member.value.compactText))))
      addNested(member.value, id, to: &document)
    }
    addJSON(value, "\(stage.id):\(token.use.rawValue):\(title)", to: &document)
  }

  /// A value in one row; nested values are below it.
  func inline(_ value: JSONValue) -> String {
    switch value {
    case .object(let members) where !members.isEmpty: Self.count(members.count, "member")
    case .array(let elements) where !elements.allSatisfy(\.isScalar):
      Self.count(elements.count, "element")
    default: shown(value.string ?? value.compactText)
    }
  }

  private static func count(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  /// Adds objects and lists of objects below their row: short ones in full, long ones when they are
  /// opened.
  func addNested(
    _ value: JSONValue, _ id: String, atOnce: Int = 12, to document: inout Document
  ) {
    switch value {
    case .object(let members) where !members.isEmpty: break
    case .array(let elements) where !elements.allSatisfy(\.isScalar): break
    default: return
    }
    let blocks = JSONRows(self, owner: id).blocks(value, indent: 1)
    let nested = "nested:\(id)"
    let isShort = blocks.count <= atOnce
    let open = isOpen(nested, byItself: isShort)
    if !isShort || !open {
      document.add(
        .line(
          Line(
            [Span("  \(blocks.count) rows, \(open ? "open" : "closed")", .textMuted)],
            target: Target(id: nested, copies: shown(value.compactText)))))
    }
    if open { document.blocks += blocks }
  }

  /// Adds the whole value as JSON.
  private func addJSON(_ value: JSONValue, _ owner: String, to document: inout Document) {
    let id = "asjson:\(owner)"
    let open = isOpen(id)
    document.add(
      .line(
        Line(
          [Span(open ? "as JSON" : "as JSON, closed", .textMuted)],
          target: Target(id: id, copies: shown(value.compactText)))))
    if open { document.blocks += JSONRows(self, owner: id).blocks(value) }
  }

  func role(of value: JSONValue) -> Role {
    switch value {
    case .string: .jsonString
    case .number: .jsonNumber
    case .null, .bool: .jsonLiteral
    case .array, .object: .text
    }
  }

  /// The distance of a time from now, before the note.
  func distance(_ moment: UnixTime, before note: [Span] = []) -> [Span] {
    let span = Span(Distance.text(from: now, to: moment), .textStrong, .bold)
    return note.isEmpty ? [span] : [span, Span(" \u{00B7} ", .textMuted)] + note
  }

  private func verdict(ofMember name: String, _ place: Glossary.Context) -> [Span] {
    switch (place, name) {
    case (.joseHeader, "alg"): mark(.idTokenAlgAllowlist)
    case (.joseHeader, "kid"): mark(.idTokenKidKnown)
    case (.joseHeader, "typ"): mark(.idTokenTyp)
    case (.encryptedHeader, "alg"), (.encryptedHeader, "enc"), (.encryptedHeader, "zip"):
      mark(.idTokenEncAllowlist)
    case (.encryptedHeader, "kid"): mark(.idTokenDecrypts)
    case (.encryptedHeader, "cty"): mark(.idTokenNested)
    case (.idTokenClaim, "iss"): mark(.idTokenIss)
    case (.idTokenClaim, "aud"): mark(.idTokenAud, .idTokenAudExtra)
    case (.idTokenClaim, "azp"): mark(.idTokenAzp)
    case (.idTokenClaim, "sub"): mark(.secondIDTokenSub, .idTokenSubPresent)
    case (.idTokenClaim, "exp"): mark(.idTokenExp, .idTokenLifetime)
    case (.idTokenClaim, "iat"): mark(.idTokenIat)
    case (.idTokenClaim, "nbf"): mark(.idTokenNbf)
    case (.idTokenClaim, "nonce"): mark(.nonceMatch, .backNonceMatch)
    case (.idTokenClaim, "c_hash"): mark(.cHashMatch, .backCHash)
    case (.idTokenClaim, "at_hash"): mark(.atHashMatch, .backAtHash)
    case (.idTokenClaim, "s_hash"): mark(.sHashMatch)
    case (.idTokenClaim, "auth_time"): mark(.authTime)
    case (.accessTokenClaim, "aud"): mark(.accessTokenAud)
    default: []
    }
  }

  private func responseVerdict(ofMember name: String, _ place: Glossary.Context) -> [Span] {
    switch (place, name) {
    case (.joseHeader, "alg"): mark(.jarmAlg)
    case (.joseHeader, "kid"): mark(.jarmSignature)
    case (.joseHeader, _): []
    case (_, "iss"): mark(.jarmIss)
    case (_, "aud"): mark(.jarmAud)
    case (_, "exp"): mark(.jarmExp)
    case (_, "state"): mark(.jarmState)
    default: []
    }
  }

  private func addSignature(_ token: TokenRecord, to document: inout Document) {
    guard let jws = token.jws else { return }
    document.gap()
    document.line("signature", .textStrong, .bold)
    let check: [Span] =
      switch token.use {
      case .idToken: mark(.idTokenSignature)
      case .response: mark(.jarmSignature)
      case .accessToken, .refreshToken: []
      }
    document.add(
      .row(
        TableRow(
          name: "algorithm", value: HarmlessText.line(jws.algorithmName),
          meaning: check
            + [
              Span(
                token.use == .idToken || token.use == .response
                  ? check.isEmpty
                    ? "not verified in this stage" : "verified with the tenant\u{2019}s key"
                  : "for the API to verify, not for us", .textMuted)
            ])))
    document.add(
      .row(
        TableRow(
          name: "length", value: "\(jws.signature.count) bytes",
          meaning: [Span("over header and payload as they came", .textMuted)])))
    let hex = Hex.text(jws.signature)
    let id = "signature:\(stage.id):\(token.use.rawValue)"
    document.add(
      .row(
        TableRow(
          name: "value", value: redactor.shorten(hex),
          valueRole: redactor.isActive ? .wireMasked : .wireToken, fold: id, isOpen: isOpen(id),
          meaning: [Span("in hexadecimal", .textMuted)], isToken: true)))
  }

  /// Adds the values of the stage and their holders.
  func addValues(to document: inout Document) {
    let values = record.values.filter { value in
      !record.tokens.contains { $0.text.isIdentical(to: value.value) }
    }
    guard !values.isEmpty else { return }
    if answers(.values) { document.opensHere() }
    document.heading("Values, and who holds them from now on")
    for value in values {
      let id = "value:\(stage.id):\(value.name)"
      let text = HarmlessText.line(redactor.show(value))
      let holders = value.holders.map(\.word).joined(separator: ", ")
      let entry = entry(of: value)
      document.add(
        .row(
          TableRow(
            name: HarmlessText.line(value.name), value: text,
            valueRole: value.isSecret && !model.revealsSecrets ? .wireMasked : .text, fold: id,
            isOpen: isOpen(id),
            meaning: [Span(holders)]
              + (entry.map { [Span(" \u{00B7} \($0.meaning)", .textMuted)] } ?? []),
            source: entry?.source, copies: text, isToken: value.isSecret)))
    }
  }

  /// The glossary entry of a value that several messages carry: its origin tells the first token of
  /// a kind from the second.
  private func entry(of value: FlowValue) -> Glossary.Entry? {
    let token = transcript.tokens.first { $0.text.isIdentical(to: value.value) }
    let isFromFront = token.map { $0.channel == .front } ?? (stage <= .callback)
    let front: [Glossary.Context] = [.authorizationRequest, .authorizationResponse]
    let back: [Glossary.Context] = [.tokenRequest, .tokenResponse]
    return (isFromFront ? front + back : back + front).lazy
      .compactMap { Glossary.entry(value.name, in: $0) }.first
  }
}
