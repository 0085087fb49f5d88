import HybridFlow
import OpenID

/// Where each parameter of the authorization request stands: in the browser's address, inside the
/// signed request object, or in the pushed request.
struct RequestCarriageDocument: Sendable {
  /// One parameter.
  struct Row: Sendable {
    let name: String
    /// Whether it stands in the address that the browser gets.
    let isOutside: Bool
    /// Whether it stands inside what the client has signed.
    let isInside: Bool
    /// Whether it reached the tenant over the back channel.
    let isPushed: Bool
  }

  /// The parameters: first those of the request, then what only carries it.
  let rows: [Row]
  /// The algorithm of the request object; nil without one.
  let algorithm: String?
  /// The name of the client's key; nil for none.
  let keyID: String?
  /// Whether the request was pushed.
  let isPushed: Bool

  /// Reads the messages of stage 2; nil for a request that stands in the address as it is.
  init?(_ transcript: Transcript) {
    let messages = transcript[.authorize].messages
    let pushed =
      messages.first { $0.to == .authorizationServer && $0.request != nil }
      .flatMap { try? FormEncoding.decode($0.body) } ?? []
    let outside = transcript.authorizeURL.flatMap { try? $0.queryFields() } ?? []
    guard let object = (pushed + outside)["request"] ?? nil, let jws = try? CompactJWS(object)
    else {
      guard !pushed.isEmpty else { return nil }
      (algorithm, keyID, isPushed) = (nil, nil, true)
      rows = Self.rows(outside: outside, inside: [], pushed: pushed)
      return
    }
    (algorithm, keyID, isPushed) = (jws.algorithmName, jws.keyID, !pushed.isEmpty)
    let inside = (try? jws.claims())?.members?.map(\.name) ?? []
    rows = Self.rows(outside: outside, inside: inside, pushed: pushed)
  }

  private static func rows(
    outside: [FormField], inside: [String], pushed: [FormField]
  ) -> [Row] {
    let carriers = ["request", "request_uri", "client_assertion", "client_assertion_type"]
    let hidden = ["client_secret"]
    var names: [String] = []
    for name in inside + pushed.map(\.name) + outside.map(\.name)
    where !names.contains(name) && !hidden.contains(name) {
      names.append(name)
    }
    // The parameters first, then what the JWT says of itself, then what only carries them.
    let own: Set<String> = ["iss", "aud", "jti", "iat", "nbf", "exp"]
    func rank(_ name: String) -> Int { carriers.contains(name) ? 2 : own.contains(name) ? 1 : 0 }
    let ordered = (0...2).flatMap { wanted in names.filter { rank($0) == wanted } }
    let isPushedWithObject = pushed.contains { $0.name == "request" }
    return ordered.map { name in
      Row(
        name: name, isOutside: outside.contains { $0.name == name },
        isInside: inside.contains(name),
        isPushed: pushed.contains { $0.name == name }
          || isPushedWithObject && inside.contains(name))
    }
  }
}
