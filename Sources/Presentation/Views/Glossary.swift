import HybridFlow
import OpenID

/// Where a name stands; the same name may mean something else elsewhere.
enum NamePlace: Sendable, Hashable {
  case authorizationRequest, callback, tokenRequest, tokenResponse
  case joseHeader, idToken, accessToken, header, query, api, value

  /// Where the lexicon is to look, in this order.
  fileprivate var contexts: [Lexicon.Context] {
    switch self {
    case .authorizationRequest: [.authorizationRequest, .pageField]
    case .callback: [.authorizationResponse]
    case .tokenRequest: [.tokenRequest, .pageField, .authorizationRequest]
    case .tokenResponse: [.tokenResponse]
    case .joseHeader: [.joseHeader]
    case .idToken: [.idTokenClaim]
    case .accessToken: [.accessTokenClaim]
    case .header: [.httpRequestHeader, .httpResponseHeader]
    case .query: [.authorizationRequest, .pageField, .logout]
    case .api: [.apiBody, .userinfo]
    case .value:
      [.authorizationRequest, .tokenRequest, .authorizationResponse, .tokenResponse]
    }
  }
}

/// What the views ask of the lessons.
enum Glossary {
  static func meaning(of name: String, in place: NamePlace) -> String? {
    place.contexts.lazy.compactMap { Lexicon.entry(name, in: $0) }.first?.meaning
  }

  static func lesson(for stage: Stage) -> [String] {
    let lesson = Lessons.lesson(for: stage)
    var paragraphs = lesson.paragraphs
    paragraphs.append("What goes wrong here: " + lesson.couldGoWrong)
    paragraphs.append("What this stops: " + lesson.attackPrevented)
    if let note = lesson.auth0Note { paragraphs.append("In Auth0\u{2019}s tutorial: " + note) }
    let sections = lesson.sections.map(\.short).joined(separator: " \u{00B7} ")
    return paragraphs + ["To read on: " + sections]
  }
}
