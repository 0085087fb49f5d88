import HybridFlow
import OpenID

/// What a stage is for, in plain words.
public struct Lesson: Sendable, Hashable {
  /// A heading of a few words.
  public var title: String
  /// To ask before the lesson is shown.
  public var question: String
  /// The lesson: 60 to 150 words altogether.
  public var paragraphs: [String]
  /// What goes wrong here in practice, and how it shows.
  public var couldGoWrong: String
  /// The attack that this stage stops.
  public var attackPrevented: String
  /// Where to read on.
  public var sections: [SpecReference]
  /// Where Auth0's own tutorial would lead somebody astray; nil where it does not.
  public var auth0Note: String?

  /// Makes a lesson.
  public init(
    title: String, question: String, paragraphs: [String], couldGoWrong: String,
    attackPrevented: String, sections: [SpecReference], auth0Note: String? = nil
  ) {
    (self.title, self.question, self.paragraphs) = (title, question, paragraphs)
    (self.couldGoWrong, self.attackPrevented) = (couldGoWrong, attackPrevented)
    (self.sections, self.auth0Note) = (sections, auth0Note)
  }

  /// The words of the paragraphs.
  public var words: Int {
    paragraphs.reduce(0) { $0 + $1.split(at: " ").count }
  }
}

/// One lesson for each stage, and one about the choice of the flow.
public enum Lessons {
  /// The lesson of a stage.
  public static func lesson(for stage: Stage) -> Lesson {
    switch stage {
    case .login: login
    case .authorize: authorize
    case .prompt: prompt
    case .authenticate: authenticate
    case .callback: callback
    case .exchange: exchange
    case .verify: verify
    case .tokens: tokens
    case .api: api
    case .data: data
    }
  }

  /// The hybrid flow beside the authorization code flow with PKCE, and when not to use it.
  public static let comparison = Lesson(
    title: "Hybrid, or code with PKCE?",
    question: "What does the hybrid flow give you that code with PKCE does not?",
    paragraphs: [
      "The code flow with PKCE sends one thing through the browser: a code that is worthless "
        + "without the verifier. Everything else travels between servers. It is less to build, less "
        + "to check, and the right choice for nearly every new application.",
      "The hybrid flow adds an ID token to the answer in the browser. The application knows who "
        + "signed in before it has talked to the tenant, and c_hash ties the code to that token. "
        + "That helps when the token endpoint is slow or out of reach, or when an "
        + "existing system expects it. The price is an ID token with personal data in the browser, "
        + "two tokens to compare, and more rules to get right. Both go together: this program "
        + "uses PKCE too.",
      "Never ask for an access token in the browser: code token and code id_token token hand it to "
        + "everything that sees the page.",
    ],
    couldGoWrong:
      "Choosing hybrid for safety alone. With PKCE and a checked nonce, the code flow is "
      + "protected against the same injected codes, with fewer parts.",
    attackPrevented: "Code injection, by c_hash here and by the verifier there; only the verifier "
      + "also makes a stolen code useless.",
    sections: [
      .rfc(9700, "2.1.1"), .rfc(9700, "2.1.2"), .rfc(9700, "4.5.3"), .core("3.3"),
      .multipleResponseTypes("5"),
    ],
    auth0Note: "The page on the hybrid flow introduces itself as the Authorization Code Flow. They "
      + "are two flows: hybrid answers with tokens beside the code.")

  /// Every lesson, in the order in which they are told.
  public static var all: [Lesson] { Stage.allCases.map(lesson(for:)) + [comparison] }
}
