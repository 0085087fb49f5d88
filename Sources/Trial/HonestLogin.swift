import DemoTenant
import HybridFlow
import OpenID

/// The honest logins of an application, and what was learnt from them.
public struct HonestLogin: Sendable {
  /// The two logins.
  public let visits: [Visit]
  /// What the application does.
  public let traits: ApplicationTraits
  /// What “signed in” looks like.
  public let signs: SignInSigns
  /// The `User-Agent` of its requests to the tenant; nil when it sends none.
  public let userAgent: String?

  /// The address of the page at which a login ends.
  public var address: String {
    visits.first?.page.map { HarmlessText.line(String($0.url.text.before(anyOf: "?#"))) } ?? ""
  }
}

/// Why there is no honest login to start from.
public struct HonestLoginError: Error, Sendable, Equatable {
  /// What happened, in a sentence.
  public var cause: String
  /// What to do, in a sentence.
  public var fix: String
  /// What was seen, each in a line.
  public var seen: [String]

  /// Finds the cause in a visit that was to be an honest login; nil when it may be one.
  init?(_ visit: Visit, subject: TrialSubject, issuer: WebURL, person: Person?) {
    let seen = visit.honestlySeen
    func error(_ cause: String, _ fix: String) -> HonestLoginError {
      HonestLoginError(cause: cause, fix: fix, seen: seen)
    }
    let start = HarmlessText.line(subject.start.text)
    if case .browserFailed(let why) = visit.end {
      self = error(
        "Chromium failed: \(HarmlessText.line(why)).",
        "See whether Chromium starts on this machine, or leave --browser out.")
      return
    }
    guard !visit.tenant.authorizations.isEmpty else {
      self = Self.neverCame(visit, start, issuer, person, seen)
      return
    }
    if let refused = visit.refusedExchange {
      self = error(
        "The tenant refused the application’s token request.",
        "\(refused). Compare client id, secret and redirect URI with --client."
      )
      return
    }
    switch visit.end {
    case .browserFailed: return nil
    case .refusedByTenant:
      self = error(
        "The tenant refused the authorization request of the application.",
        "Compare client id and redirect URI of the application with those of --client.")
    case .noAnswer(let url, let why):
      self = error(
        "There was no answer from \(HarmlessText.line(url.origin)): \(HarmlessText.line(why)).",
        "See the application’s own log.")
    case .elsewhere(let url):
      self = error(
        "The application sends the browser to \(HarmlessText.line(url.host)), and the test goes to this machine only.",
        "If that host is your own, add --i-own-this \(HarmlessText.line(url.host)).")
    case .carriesSecret:
      self = error(
        "The application sends the browser on with a code or token in the request.",
        "A code or token belongs to the redirect URI only: look at the address to which it redirects."
      )
    case .circles:
      self = error(
        "The application redirects the browser over and over.",
        visit.lostCookieWords ?? "See where it redirects, in its own log.")
    case .page(let page):
      guard visit.deliveredAnswer else {
        self = error(
          "The answer of the tenant did not arrive at the redirect URI.",
          visit.tenant.authorizations.last?["response_mode"] == "form_post"
            ? "See what the tenant’s page says, below."
            : "The application asks for no form post. A fragment needs a browser with scripts: add --browser, which uses Chromium."
        )
        return
      }
      guard page.status >= 400 else { return nil }
      self = error(
        "The application refused an honest login with status \(page.status).",
        visit.lostCookieWords ?? "See the application’s own log for its reason.")
    }
  }

  init(cause: String, fix: String, seen: [String]) {
    (self.cause, self.fix, self.seen) = (cause, fix, seen)
  }

  private static func neverCame(
    _ visit: Visit, _ start: String, _ issuer: WebURL, _ person: Person?, _ seen: [String]
  ) -> HonestLoginError {
    switch visit.end {
    case .noAnswer(_, let why):
      return HonestLoginError(
        cause: "The application did not answer at \(start): \(HarmlessText.line(why)).",
        fix: "Start it, and give the address that begins a login as --start.", seen: seen)
    case .page(let page) where page.status >= 400:
      return HonestLoginError(
        cause: "The application answered \(start) with status \(page.status).",
        fix: visit.tenant.discoveries == 0
          ? "It has not asked the tenant for anything. Is its issuer \(issuer)? See its own log."
          : "It has read the tenant’s discovery document. See its own log for what it did not like.",
        seen: seen)
    case .elsewhere(let url):
      return HonestLoginError(
        cause:
          "The application sends the browser to \(HarmlessText.line(url.origin)), not to this tenant.",
        fix: "Configure it for the issuer \(issuer).", seen: seen)
    case .circles:
      return HonestLoginError(
        cause: "The application redirects the browser over and over, and never to the tenant.",
        fix: "See where it redirects, in its own log.", seen: seen)
    case .page(let page) where person.map(SignInSigns.words)?.contains(where: page.holds) == true:
      return HonestLoginError(
        cause: "The application shows a signed-in person to a fresh browser, without a login at "
          + "this tenant.",
        fix: "It may keep one session for everybody: sign out, and give --sign-out URL.",
        seen: seen)
    default:
      return HonestLoginError(
        cause: "The application never sent the browser to this tenant.",
        fix:
          "Configure it for the issuer \(issuer), and give the address that begins a login as --start. It must redirect by itself: nobody presses a button there.",
        seen: seen)
    }
  }

  /// The logins end as a declined one does.
  static func indistinguishable(_ visits: [Visit], text: String?) -> HonestLoginError {
    let visit = visits.first
    if let words = visit?.lostCookieWords {
      return HonestLoginError(
        cause: "The application does not sign in: it ends as after a declined login.", fix: words,
        seen: visit?.honestlySeen ?? [])
    }
    if let text {
      return HonestLoginError(
        cause: "“\(HarmlessText.line(text))” does not tell a good login from a declined one.",
        fix: "Give as --signed-in a text that stands on the page of a signed-in person only.",
        seen: visit?.honestlySeen ?? [])
    }
    return HonestLoginError(
      cause: "After a good login the application shows the same as after a declined one.",
      fix:
        "If it did sign in, give --signed-in TEXT with words that only a signed-in person sees. If it keeps one session for everybody, give --sign-out URL. If it did not sign in, see its own log.",
      seen: visit?.honestlySeen ?? [])
  }

  /// It asks for another response type than the person said.
  static func otherType(_ asked: String, _ wanted: ResponseType) -> HonestLoginError {
    HonestLoginError(
      cause:
        "The application asks for “\(HarmlessText.line(asked))”, not for “\(wanted.rawValue)”.",
      fix: "Configure the application, or leave --response-type out.", seen: [])
  }
}

extension Visit {
  /// What the tenant refused in the last token request; nil when it refused none.
  fileprivate var refusedExchange: String? {
    guard let last = tenant.codeExchanges.last, last.status >= 400 else { return nil }
    let refusal = tenant.refusals.last { $0.endpoint == .token }
    return refusal.map {
      HarmlessText.line(
        "The rule is: “\($0.statement)”. Expected: \($0.expected); found: \($0.found)")
    }
      ?? HarmlessText.line(last.error ?? "status \(last.status)")
  }

  /// What an honest login showed, with what the tenant refused.
  fileprivate var honestlySeen: [String] {
    tenant.refusals.suffix(3).map {
      HarmlessText.line(
        "the tenant: “\($0.statement)”: expected \($0.expected), found \($0.found)")
    } + (page == nil && tenant.authorizations.isEmpty ? [] : [endWords])
  }

  /// Why a cookie did not come back with the answer, and what to do; nil when none was lost.
  fileprivate var lostCookieWords: String? {
    guard let lost = lostCookies.first else { return nil }
    let cause =
      "Its cookie \(HarmlessText.line(lost.name)) did not come back with the answer: "
      + lost.reason.cause
    guard lost.reason == .host else {
      return cause + " The cookie of a login needs SameSite=None and Secure for a form post."
    }
    return cause + " Begin the login at the host of the redirect URI."
  }
}
