import HybridFlow
import OpenID

/// What a text tells of the request that its answer belongs to: the request itself, or what a
/// program remembered of it.
struct PastedRequest {
  private let sources: [PastedMessage]
  /// Said in the place of the state's check when the only request in the text is of another login.
  let ofAnotherLogin: Check?

  init(_ message: PastedMessage) {
    let all = ([message] + message.related).filter { part in
      part.kind == .authorizeURL || part.kind == .values && !part.isAnswer
    }
    let nonce = message.tokens.first { $0.name.isIdentical(to: "id_token") }?.claims?["nonce"]?
      .string
    func isOther(_ part: PastedMessage) -> Bool {
      guard message.isFrontAnswer, let sent = part["state"], let came = message["state"],
        !sent.isIdentical(to: came)
      else { return false }
      // The same nonce shows that it is the same login, with another state.
      return nonce == nil || part["nonce"] != nonce
    }
    let own = all.filter { !isOther($0) }
    sources = own
    ofAnotherLogin = all.first(where: isOther).map { other in
      Check(
        .stateMatch, own.isEmpty ? .warn : .skip, expected: other["state"],
        found: message["state"],
        why: "The request in this text has another state: it may be of another login, so the two "
          + "are not compared further.")
    }
  }

  /// A parameter that was sent; nil when the text does not tell.
  func value(_ name: String) -> String? { sources.lazy.compactMap { $0[name] }.first }
}
