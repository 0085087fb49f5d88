import HybridFlow
import OpenID

/// The explanation of a stage in plain words.
public struct Lesson: Sendable, Hashable {
  /// A heading of a few words.
  public var title: String
  /// The question to ask before the lesson.
  public var question: String
  /// The lesson: 60 to 150 words altogether.
  public var paragraphs: [String]
  /// What goes wrong here in practice, and how it shows.
  public var couldGoWrong: String
  /// The attack that this stage stops.
  public var attackPrevented: String
  /// Further reading.
  public var sections: [SpecReference]
  /// Where Auth0's own tutorial is misleading; nil where it is not.
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

  /// What follows the paragraphs, each part with its title.
  var remarks: [(title: String, text: String)] {
    [("What could go wrong", couldGoWrong), ("What it prevents", attackPrevented)]
      + (auth0Note.map { [("Beside Auth0\u{2019}s tutorial", $0)] } ?? [])
  }

  /// The number of words in the paragraphs.
  public var words: Int {
    paragraphs.reduce(0) { $0 + $1.split(at: " ").count }
  }
}

/// One lesson for each stage, and one about the choice of the flow.
public enum Lessons {
  /// The lesson of a stage in a run with this response type.
  ///
  /// The front channel carries different values for each type, with different protection.
  ///
  /// - Parameter type: Nil if the request was edited to a type that is not hybrid.
  public static func lesson(for stage: Stage, _ type: ResponseType?) -> Lesson {
    let told = type ?? .codeIDToken
    var lesson =
      switch stage {
      case .login: login
      case .authorize: authorize(told)
      case .prompt: prompt
      case .authenticate: authenticate
      case .callback: callback(told)
      case .exchange: exchange
      case .verify: verify
      case .tokens: tokens(told)
      case .api: api(told)
      case .data: data
      }
    if type == nil, !untyped.contains(stage) {
      lesson.paragraphs[lesson.paragraphs.count - 1] +=
        " This request was edited and asks for something else: the lesson is about "
        + "\(told.rawValue)."
    }
    return lesson
  }

  /// Stages with the same lesson for every response type.
  static let untyped: Set<Stage> = [.login, .prompt, .authenticate, .exchange, .verify, .data]

  /// The hybrid flow compared with the authorization code flow with PKCE, and when not to use it.
  public static let comparison = Lesson(
    title: "Hybrid, or code with PKCE?",
    question: "What does the hybrid flow give you that code with PKCE does not?",
    paragraphs: [
      "The code flow with PKCE sends one thing of value through the browser: a code that is "
        + "worthless without the verifier. The tokens travel between servers. It is less to build "
        + "and to check, and the right choice for nearly every new application.",
      "With code id_token the hybrid flow adds an ID token to the browser's answer. The "
        + "application knows who signed in before it has called the token endpoint, and c_hash ties "
        + "the code to that token. That helps when the token endpoint is slow or out of reach, or "
        + "when an existing system expects it. The price is an ID token in the browser, often with "
        + "personal data, two tokens to compare, and more rules to get right. Both go together, "
        + "as in this program.",
      "Never ask for an access token in the browser: code token and code id_token token hand it to "
        + "everything that sees the page.",
    ],
    couldGoWrong:
      "Choosing hybrid for safety alone. With PKCE and a checked nonce, the code flow is "
      + "protected against the same injected codes, with fewer parts.",
    attackPrevented: "Code injection, by c_hash where an ID token comes along and by the verifier "
      + "everywhere; only the verifier also makes a stolen code useless.",
    sections: [
      .rfc(9700, "2.1.1"), .rfc(9700, "2.1.2"), .rfc(9700, "4.5.3"), .core("3.3"),
      .multipleResponseTypes("5"),
    ],
    auth0Note: "The page on the hybrid flow introduces itself as the Authorization Code Flow. They "
      + "are two flows: hybrid answers with tokens beside the code.")

  /// All lessons of a type, in their order.
  public static func all(_ type: ResponseType?) -> [Lesson] {
    Stage.allCases.map { lesson(for: $0, type) } + [comparison]
  }
}

extension ExplorerModel {
  /// The lesson of a stage of this run.
  func lesson(for stage: Stage) -> Lesson {
    Lessons.lesson(
      for: stage, transcript.askedType(ResponseType(words: summary.responseType)))
  }
}

extension Transcript {
  /// The requested response type; nil if the request was edited to a type that is not hybrid.
  ///
  /// - Parameter configured: The type while no request has been written.
  func askedType(_ configured: ResponseType?) -> ResponseType? {
    guard let fields = self[.authorize].draft?.fields else { return configured }
    return ResponseType(words: fields["response_type"] ?? "")
  }
}
