import HybridFlow

/// Where a name stands; the same name may mean something else elsewhere.
enum NamePlace: Sendable, Hashable {
  case authorizationRequest, callback, tokenRequest, tokenResponse
  case joseHeader, idToken, accessToken, header, query, api, value
}

/// What the views ask of the lessons.
enum Glossary {
  static func meaning(of name: String, in place: NamePlace) -> String? { nil }
  static func lesson(for stage: Stage) -> [String] { [] }
}
