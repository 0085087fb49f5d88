import HybridFlow
import OpenID

/// Writes events to lines of a recording, and reads them.
///
/// Every case is spelled out, so that a new event cannot be forgotten.
enum EventCoder {
  /// The name of an event, and its data.
  static func json(_ event: FlowEvent) -> (name: String, data: [(String, JSONValue?)]) {
    switch event {
    case .started(let configuration, let secrets):
      return (
        "started",
        [
          ("configuration", ConfigurationCoder.json(configuration)),
          ("secrets", ConfigurationCoder.json(secrets)),
        ]
      )
    case .advanced: return ("advanced", [])
    case .abandoned: return ("abandoned", [])
    case .browserRequested: return ("browser_requested", [])
    case .listenerReady(let url): return ("listener_ready", [("url", .string(url.text))])
    case .listenerFailed(let why): return ("listener_failed", [("why", .string(why))])
    case .fetched(let purpose, let request, let response):
      return (
        "fetched",
        [("purpose", .string(purpose.rawValue))] + MessageCoder.exchange(request, response)
      )
    case .fetchFailed(let purpose, let failure):
      return (
        "fetch_failed", [("purpose", .string(purpose.rawValue))] + MessageCoder.failure(failure)
      )
    case .browserOpened(let succeeded, let detail):
      return ("browser_opened", [("succeeded", .bool(succeeded)), ("detail", .string(detail))])
    case .browserExchanged(let request, let response):
      return ("browser_exchanged", MessageCoder.exchange(request, response))
    case .pageArrived(let page): return ("page_arrived", [("page", PageCoder.json(page))])
    case .pageFailed(let failure): return ("page_failed", MessageCoder.failure(failure))
    case .formFilled(let form): return ("form_filled", members(of: form))
    case .callbackArrived(let number, let request):
      return (
        "callback_arrived",
        [
          ("number", .whole(Int64(number.value))), ("request", MessageCoder.json(request)),
        ]
      )
    case .remarked(let text, let warns):
      return ("remarked", [("text", .string(text)), ("warns", .flag(warns))])
    case .authorizeRefused(let error):
      return ("authorize_refused", MessageCoder.error(error))
    case .examined(let findings):
      return ("examined", [("findings", .array(findings.map(json)))])
    case .signed(let purpose, let outcome):
      return ("signed", [("purpose", .string(purpose.rawValue)), member(of: outcome)])
    case .decrypted(let purpose, let outcome):
      return ("decrypted", [("purpose", .string(purpose.rawValue)), member(of: outcome)])
    case .ledgerRead(let checks): return ("ledger_read", [("checks", .array(checks.map(json)))])
    case .clockAdvanced: return ("clock_advanced", [])
    case .actionRequested(let action):
      return ("action_requested", [("action", .string(action.id))])
    case .loggedOut(let request): return ("logged_out", [("request", MessageCoder.json(request))])
    case .answerPasted(let answer): return ("answer_pasted", AnswerCoder.json(answer))
    case .answerMisplaced(let request):
      return ("answer_misplaced", [("request", MessageCoder.json(request))])
    case .loginOpened(let request):
      return ("login_opened", [("request", MessageCoder.json(request))])
    case .straysCounted(let strays): return ("strays_counted", members(of: strays))
    case .requestRefused(let refused): return ("request_refused", MessageCoder.refused(refused))
    case .requestEdited(let edit): return ("request_edited", EditCoder.json(edit))
    case .exchangeEdited(let edit): return ("exchange_edited", EditCoder.json(edit))
    case .exchangeRequested: return ("exchange_requested", [])
    case .originalKnown(let original): return ("original_known", MessageCoder.original(original))
    case .witnessed(let exchange): return ("witnessed", WitnessCoder.json(exchange))
    }
  }

  private static func member(of outcome: SigningOutcome) -> (String, JSONValue?) {
    switch outcome {
    case .token(let token): ("token", .string(token.reveal()))
    case .unusable(let why): ("unusable", .string(why))
    }
  }

  private static func member(of outcome: DecryptionOutcome) -> (String, JSONValue?) {
    switch outcome {
    case .content(let content): ("content", .string(content.reveal()))
    case .failed(let step): ("failed", .string(step.rawValue))
    case .unusable(let why): ("unusable", .string(why))
    }
  }

  private static func members(of form: FormSubmission) -> [(String, JSONValue?)] {
    [
      ("action", .string(form.action.text)), ("method", .string(form.method)),
      ("fields", .pairs(form.fields.map { ($0.name, $0.value) })),
    ]
  }

  private static func members(of strays: StrayRequests) -> [(String, JSONValue?)] {
    [
      ("kind", .string(strays.kind.rawValue)), ("count", .whole(Int64(strays.count))),
      ("reasons", .array(strays.reasons.map { .string($0.rawValue) })),
    ]
  }

  private static func json(_ finding: CryptoFinding) -> JSONValue {
    switch finding {
    case .signatureValid: "valid"
    case .signatureInvalid: "invalid"
    case .digest(let bytes): ["digest": .string(Base64URL.encode(bytes))]
    case .unusable(let why): ["unusable": .string(why)]
    }
  }

  private static func json(_ check: ServerCheck) -> JSONValue {
    .line(
      ("id", .string(check.id)), ("what", .string(check.what)),
      ("detail", .string(check.detail)), ("passed", check.passed.map(JSONValue.bool)),
      ("document", .string(check.spec.document)), ("section", .string(check.spec.section)),
      ("observed", .flag(check.observed)))
  }

  /// Reads an event.
  static func event(named name: String, _ line: FieldReader) throws(RecordingError) -> FlowEvent {
    switch name {
    case "started":
      return .started(
        try ConfigurationCoder.configuration(line.object("configuration")),
        try ConfigurationCoder.secrets(line.object("secrets")))
    case "advanced": return .advanced
    case "abandoned": return .abandoned
    case "browser_requested": return .browserRequested
    case "listener_ready": return .listenerReady(try line.url("url"))
    case "listener_failed": return .listenerFailed(try line.text("why"))
    case "fetched":
      return .fetched(
        try line.choice("purpose", FetchPurpose.self),
        try MessageCoder.request(line.object("request")),
        try MessageCoder.response(line.object("response")))
    case "fetch_failed":
      return .fetchFailed(
        try line.choice("purpose", FetchPurpose.self), try MessageCoder.failure(line))
    case "browser_opened":
      return .browserOpened(
        succeeded: try line.flag("succeeded"), detail: try line.text("detail"))
    case "browser_exchanged":
      return .browserExchanged(
        try MessageCoder.request(line.object("request")),
        try MessageCoder.response(line.object("response")))
    case "page_arrived": return .pageArrived(try PageCoder.page(line.object("page")))
    case "page_failed": return .pageFailed(try MessageCoder.failure(line))
    case "form_filled":
      return .formFilled(
        FormSubmission(
          action: try line.url("action"), method: try line.text("method"),
          fields: try line.fields("fields")))
    default: return try laterEvent(named: name, line)
    }
  }

  private static func laterEvent(
    named name: String, _ line: FieldReader
  ) throws(RecordingError) -> FlowEvent {
    switch name {
    case "remarked":
      return .remarked(try line.text("text"), warns: try line.flag("warns"))
    case "authorize_refused": return .authorizeRefused(try MessageCoder.error(line))
    case "callback_arrived":
      return .callbackArrived(
        CallbackNumber(Int(try line.number("number", in: 0...1_000_000_000))),
        try MessageCoder.request(line.object("request")))
    case "examined": return .examined(try findings(line))
    case "signed":
      let purpose = try line.choice("purpose", SigningTask.Purpose.self)
      if let why = try line.optionalText("unusable") { return .signed(purpose, .unusable(why)) }
      return .signed(purpose, .token(Secret(try line.text("token"))))
    case "decrypted": return try decrypted(line)
    case "ledger_read":
      var checks: [ServerCheck] = []
      for row in try line.objects("checks") { checks.append(try serverCheck(row)) }
      return .ledgerRead(checks)
    case "clock_advanced": return .clockAdvanced
    case "action_requested":
      let id = try line.text("action")
      guard let action = AfterAction(id: id) else {
        throw RecordingError("there is no action \u{201C}\(id.prefix(scalars: 40))\u{201D}")
      }
      return .actionRequested(action)
    case "logged_out": return .loggedOut(try MessageCoder.request(line.object("request")))
    case "answer_pasted": return .answerPasted(try AnswerCoder.answer(line))
    case "login_opened": return .loginOpened(try MessageCoder.request(line.object("request")))
    case "answer_misplaced":
      return .answerMisplaced(try MessageCoder.request(line.object("request")))
    case "strays_counted":
      let reasons = line.json["reasons"]?.strings ?? []
      return .straysCounted(
        StrayRequests(
          try line.choice("kind", StrayRequests.Kind.self),
          count: Int(try line.number("count", in: 1...1_000_000_000)),
          reasons: reasons.prefix(CheckID.allCases.count).compactMap(CheckID.init(rawValue:))))
    case "request_refused": return .requestRefused(try MessageCoder.refused(line))
    case "request_edited": return .requestEdited(try EditCoder.edit(line))
    case "exchange_edited": return .exchangeEdited(try EditCoder.edit(line))
    case "exchange_requested": return .exchangeRequested
    case "witnessed": return .witnessed(try WitnessCoder.exchange(line))
    case "original_known": return .originalKnown(try MessageCoder.original(line))
    default:
      throw RecordingError("there is no event \u{201C}\(name.prefix(scalars: 40))\u{201D}")
    }
  }

  private static func decrypted(_ line: FieldReader) throws(RecordingError) -> FlowEvent {
    let purpose = try line.choice("purpose", DecryptionTask.Purpose.self)
    if let why = try line.optionalText("unusable") { return .decrypted(purpose, .unusable(why)) }
    if try line.optionalText("failed") != nil {
      return .decrypted(purpose, .failed(try line.choice("failed", DecryptionStep.self)))
    }
    return .decrypted(purpose, .content(Secret(try line.text("content"))))
  }

  private static func findings(_ line: FieldReader) throws(RecordingError) -> [CryptoFinding] {
    guard let elements = line.json["findings"]?.elements else {
      throw RecordingError("\u{201C}findings\u{201D} is no list")
    }
    var findings: [CryptoFinding] = []
    for element in elements {
      switch element {
      case .string("valid"): findings.append(.signatureValid)
      case .string("invalid"): findings.append(.signatureInvalid)
      default:
        let row = try FieldReader(element, "findings")
        if let why = try row.optionalText("unusable") {
          findings.append(.unusable(why))
        } else if let bytes = try? Base64URL.decode(try row.text("digest")) {
          findings.append(.digest(bytes))
        } else {
          throw RecordingError("\u{201C}findings.digest\u{201D} is no base64url")
        }
      }
    }
    return findings
  }

  private static func serverCheck(_ row: FieldReader) throws(RecordingError) -> ServerCheck {
    ServerCheck(
      id: try row.text("id"), what: try row.text("what"), detail: try row.text("detail"),
      passed: row.json["passed"]?.bool,
      spec: SpecReference(try row.text("document"), try row.text("section")),
      observed: try row.flag("observed"))
  }
}
