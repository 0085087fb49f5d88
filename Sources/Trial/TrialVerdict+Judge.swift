import DemoTenant
import HybridFlow
import Lab
import OpenID

/// What the judgement of a fault stands on.
struct TrialEvidence {
  var fault: LabFault
  var visit: Visit
  var signs: SignInSigns
  var traits: ApplicationTraits

  /// Where it must be caught: what is wrong with keys shows when the first ID token is verified.
  private var stage: Stage {
    let stage = fault.stage(for: traits.type)
    let isOfKeys = fault.spoiltMessages(traits.type) == [.keys]
    return isOfKeys && !traits.type.hasIDToken ? max(stage, .tokens) : stage
  }
  private var tenant: TenantSighting { visit.tenant }

  /// The verdict: from what was seen, and from nothing else.
  var verdict: TrialVerdict {
    if let why = missed { return .notApplicable(why) }
    if fault.catcher == .nothing { return ofOddity }
    let verdict =
      fault.spoiltMessages(traits.type).contains(.userinfoResponse)
      ? ofUserinfo : ofLogin
    guard case .letThrough(let why) = verdict else { return verdict }
    if fault.isWarningOnly {
      return .notApplicable("a warning only, and an application may go on. Here: \(why)")
    }
    return Allowance.of(fault, visit).map(TrialVerdict.notApplicable) ?? verdict
  }

  /// Why the fault never reached the application; nil when it did.
  private var missed: String? {
    switch fault.deed {
    case .attacker:
      return visit.wasAttacked ? nil : "the login brought nothing that an attacker could change"
    case .tenant:
      let messages = fault.spoiltMessages(traits.type).subtracting([.refreshResponse])
      guard !messages.isEmpty, messages.isDisjoint(with: tenant.spoilt) else { return nil }
      return "your application did not ask for the message that is wrong here"
    case .application: return nil
    }
  }

  private var ofLogin: TrialVerdict {
    if fault.check == .callbackSingleUse {
      return tenant.sendsCodeTwice
        ? .letThrough("it sent the code of the second answer as well")
        : .caught("the second answer was not used")
    }
    if tenant.strangersKeyFetches > 0 {
      return .letThrough("it fetched the attacker’s keys from the address in the token")
    }
    if case .elsewhere(let url) = visit.end {
      return .letThrough("it sends the browser to \(HarmlessText.line(url.origin))")
    }
    if fault.check == .errorPageClean, let url = visit.page?.url,
      tenant.issued.contains(where: { url.text.holds($0) })
    {
      return .letThrough("its page keeps the refused answer in the address")
    }
    let finding = signs.judge(visit)
    if case .signedIn(let how) = finding {
      if fault.spoilsAccessToken, usesFrontTokenOnly {
        return .notApplicable("your application uses the access token of the browser’s answer")
      }
      return .letThrough("it signed in: \(how)")
    }
    // A request without a code sends nothing on.
    if stage < .exchange,
      let sent = tenant.codeExchanges.last(where: { $0.fields["code"]?.isEmpty == false })
    {
      return .letThrough(
        "it signed nobody in, but sent the code on"
          + (sent.status < 400 ? " and got tokens" : ", and the tenant refused it"))
    }
    if !tenant.calls.isEmpty, stage < .exchange || fault.spoilsAccessToken, !usesFrontTokenOnly {
      return .letThrough("it signed nobody in, but used an access token that it had to refuse")
    }
    if case .unclear(let why) = finding { return .unclear(why) }
    return .caught(refusal)
  }

  /// What is allowed must sign the person in.
  private var ofOddity: TrialVerdict {
    switch signs.judge(visit) {
    case .signedIn: .caught("it signed in, and nothing is wrong here")
    case .notSignedIn: .letThrough("it refused what it has to accept: \(refusal)")
    case .unclear(let why): .unclear(why)
    }
  }

  private var ofUserinfo: TrialVerdict {
    if visit.pages.contains(where: UserinfoMark.isShown) {
      return .letThrough("its page shows what the wrong answer of userinfo says")
    }
    if case .noAnswer = visit.end, traits.breaksWithoutUserinfo {
      return .caught("it ends as it does when userinfo says nothing: without a page")
    }
    switch signs.judge(visit) {
    case .notSignedIn: return .caught(refusal)
    case .unclear(let why) where visit.page == nil || !traits.showsUserinfo:
      return .unclear(why)
    case .signedIn, .unclear:
      return traits.showsUserinfo
        ? .caught("it shows nothing of the wrong answer")
        : .notApplicable(
          "its pages show nothing that comes from userinfo, so what became of the answer cannot be seen"
        )
    }
  }

  /// Whether every call took the access token of the answer in the browser.
  private var usesFrontTokenOnly: Bool {
    guard let token = visit.frontAccessToken, stage >= .tokens else { return false }
    return !tenant.calls.isEmpty && tenant.calls.allSatisfy { $0.token == token }
  }

  private var refusal: String {
    switch visit.end {
    case .page(let page) where page.status >= 400: "it refused with status \(page.status)"
    case .page: "nobody was signed in"
    case .refusedByTenant, .carriesSecret, .elsewhere, .noAnswer, .circles, .browserFailed:
      "nobody was signed in"
    }
  }

  /// What was seen, each in a line.
  var seen: [String] {
    var lines: [String] = []
    if tenant.authorizations.isEmpty { lines.append("it did not send the browser to the tenant") }
    for exchange in tenant.exchanges.suffix(4) {
      let what = exchange.redeemsCode ? "code sent to the token endpoint" : "token request"
      lines.append("\(what): \(exchange.status), \(exchange.outcome)")
    }
    for call in tenant.calls.suffix(4) {
      lines.append("\(call.service == .userinfo ? "userinfo" : "API") asked: \(call.status)")
    }
    lines.append(visit.endWords)
    return lines
  }
}

extension LabFault {
  /// Whether it is about the access token of the token endpoint.
  var spoilsAccessToken: Bool {
    ["token-type-other", "no-access-token", "header-in-token", "second-at-hash-wrong"].contains(id)
  }
}

extension Visit {
  /// Where it ended, in a line without its full stop.
  public var endWords: String {
    switch end {
    case .page(let page):
      let text = page.excerpt()
      return "ended at \(HarmlessText.line(page.url.text.before(anyOf: "?#").description)), "
        + "status \(page.status)" + (text.isEmpty ? "" : ": “\(text)”")
    case .refusedByTenant(let page):
      let text = page.page.lines.joined(separator: " ").prefix(scalars: 160)
      return "ended at a page of the tenant: “\(HarmlessText.line(String(text)))”"
    case .noAnswer(let url, let why):
      return "no answer from \(HarmlessText.line(url.origin)): \(HarmlessText.line(why))"
    case .elsewhere(let url):
      return "was sent to \(HarmlessText.line(url.origin)), and did not go there"
    case .carriesSecret(let url):
      return "was to carry a code or token to \(HarmlessText.line(url.origin)), and did not"
    case .browserFailed(let why): return "Chromium failed: \(HarmlessText.line(why))"
    case .circles(let url):
      return
        "went in circles, last at \(HarmlessText.line(url.text.before(anyOf: "?#").description))"
    }
  }
}

/// What marks an answer of the userinfo endpoint, so that a page which uses it can be told.
enum UserinfoMark {
  private static let name = "Ada of the Userinfo Answer"
  private static let email = "ada.of.userinfo@demo.example"

  /// The change that marks it.
  static let action = TenantAction.document(
    .userinfo,
    [
      .set("name", .string(name)), .set("given_name", .string(name)),
      .set("nickname", .string(name)), .set("preferred_username", .string(email)),
      .set("email", .string(email)),
    ])

  /// A fault with its answers marked.
  static func marked(_ fault: Fault) -> Fault { Fault(fault.id, [action] + fault.actions) }

  /// Whether a page shows it.
  static func isShown(_ page: EndPage) -> Bool { page.holds(name) || page.holds(email) }
}
