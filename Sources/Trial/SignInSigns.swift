import DemoTenant
import OpenID

/// What “signed in” looks like at one application, learnt from its honest logins.
///
/// A sign counts only if both honest logins show it and a declined login does not: then nothing is
/// guessed about how an application should look.
public struct SignInSigns: Sendable, Equatable {
  /// A sign by which a signed-in person is known, the surest first.
  public enum Sign: Sendable, Equatable {
    /// The text that the person gave.
    case text(String)
    /// The start address shows the application and asks for no login.
    case stays
    /// Words of the person’s profile stand in the page.
    case profile(Set<String>)
    /// The login ends at this address, with this status.
    case place(String)
    /// The browser keeps cookies of these names.
    case cookies(Set<String>)
  }

  /// What a visit shows of the signs.
  public enum Finding: Sendable, Equatable {
    case signedIn(String)
    case notSignedIn
    /// The signs contradict each other, or nothing can be seen; the text says which.
    case unclear(String)
  }

  /// The signs, the surest first; never empty.
  public let signs: [Sign]
  private let others: Set<String>

  /// Learns the signs; nil when the honest logins show nothing that a declined one lacks.
  init?(
    honest: [Visit], declined: Visit, text: String?, people: [Person]
  ) {
    guard let ada = people.first else { return nil }
    let pages = honest.compactMap(\.page)
    guard pages.count == honest.count, !pages.isEmpty else { return nil }
    others = Set(people.dropFirst().flatMap(Self.words))
    if let text {
      guard pages.allSatisfy({ $0.holds(text) }), declined.page?.holds(text) != true else {
        return nil
      }
      signs = [.text(text)]
      return
    }
    var signs: [Sign] = []
    if honest.allSatisfy({ $0.stays == true }), declined.stays == false { signs.append(.stays) }
    let words = Self.words(of: ada).filter { word in
      pages.allSatisfy { $0.holds(word) } && declined.page?.holds(word) != true
    }
    if !words.isEmpty { signs.append(.profile(Set(words))) }
    let place = pages[0].place
    if pages.allSatisfy({ $0.place == place }), declined.page?.place != place {
      signs.append(.place(place))
    }
    let cookies = pages.dropFirst().reduce(pages[0].cookieNames) { $0.intersection($1.cookieNames) }
      .subtracting(declined.page?.cookieNames ?? [])
    if !cookies.isEmpty { signs.append(.cookies(cookies)) }
    guard !signs.isEmpty else { return nil }
    self.signs = signs
  }

  /// The words of a profile that are long enough to stand in no page by chance.
  static func words(of person: Person) -> [String] {
    let names = ["name", "email"].compactMap { name in
      person.claims.first { $0.name == name }?.value.string
    }
    return (names + [person.subject]).filter { $0.utf8.count >= 8 }
  }

  /// Whether the session must be looked for with a second request.
  var asksAgain: Bool { signs.contains(.stays) }

  /// Whether a visit has signed somebody in.
  func judge(_ visit: Visit) -> Finding {
    guard let page = visit.page else { return Self.judge(end: visit.end) }
    if case .text(let text)? = signs.first {
      return page.holds(text)
        ? .signedIn("its page says “\(HarmlessText.line(text))”") : .notSignedIn
    }
    if signs.contains(.stays) {
      guard let stays = visit.stays else {
        return .unclear("the start address did not answer when it was asked again")
      }
      return stays ? .signedIn(who(visit) ?? "it has a session for this browser") : .notSignedIn
    }
    if let who = who(visit) { return .signedIn(who) }
    var held = 0
    for sign in signs {
      switch sign {
      case .place(let place) where page.place == place: held += 1
      case .cookies(let names) where names.isSubset(of: page.cookieNames): held += 1
      default: break
      }
    }
    if held == 0 { return .notSignedIn }
    if signs.contains(where: { if case .profile = $0 { true } else { false } }) {
      return .unclear(
        "it ends as after a good login, without the person’s name. --signed-in TEXT tells the two "
          + "apart")
    }
    let isWhole = held == signs.count
    return isWhole
      ? .signedIn("it ends as after a good login")
      : .unclear("it ends partly as after a good login. --signed-in TEXT tells the two apart")
  }

  private static func judge(end: Visit.End) -> Finding {
    switch end {
    case .page: .notSignedIn
    // The browser stands at the tenant, or was sent away from the application.
    case .refusedByTenant, .carriesSecret, .elsewhere: .notSignedIn
    case .noAnswer(_, let why): .unclear(HarmlessText.line(why))
    case .browserFailed(let why): .unclear("Chromium failed: \(HarmlessText.line(why))")
    case .circles: .unclear("it redirected the browser over and over")
    }
  }

  /// Whose profile the page shows; nil when it shows nobody’s.
  private func who(_ visit: Visit) -> String? {
    func isShown(_ word: String) -> Bool { visit.pages.contains { $0.holds(word) } }
    for case .profile(let words) in signs where words.contains(where: isShown) {
      return "its page shows the person’s profile"
    }
    if let word = others.first(where: isShown) {
      return "its page shows \(HarmlessText.line(word)), who is somebody else"
    }
    return nil
  }

  /// By what a signed-in person is known, in words.
  public var words: String {
    switch signs.first {
    case .text(let text)?: "its page says “\(HarmlessText.line(text))”"
    case .stays?: "the start address asks for no login any more"
    case .profile(let words)?:
      "its page shows \(words.sorted().map { HarmlessText.line($0) }.joined(separator: ", "))"
    case .place(let place)?: "it ends at \(HarmlessText.line(place))"
    case .cookies(let names)?:
      "it sets the cookie \(names.sorted().map { HarmlessText.line($0) }.joined(separator: ", "))"
    case nil: "nothing"
    }
  }
}
