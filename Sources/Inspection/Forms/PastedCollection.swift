import OpenID

/// The messages of one text: the one that it is about, and those that stand beside it.
enum PastedCollection {
  /// The most messages that are kept beside the first.
  private static let relatedMax = 6

  /// What a text is about, before all: the answer of a login, then what came before and after it.
  private static let order: [PastedMessage.Kind] = [
    .formBody, .callback, .values, .tokenResponse, .tokenRequest, .authorizeURL, .errorResponse,
    .metadata, .keySet, .userinfo, .introspection, .pushedResponse, .registration, .signedToken,
    .encryptedToken, .opaqueToken, .challenge, .setCookie,
  ]

  /// The first answer with those messages that belong to it; nil for no message.
  static func one(_ all: [PastedMessage]) -> PastedMessage? {
    let all = distinct(all)
    let answers = all.filter { $0.isFrontAnswer && $0.isAnswer }
    // An answer with a token says more than one without.
    guard
      var first = answers.first(where: { $0["id_token"] != nil }) ?? answers.first
        ?? order.lazy.compactMap({ kind in all.first { $0.kind == kind } }).first
    else { return nil }
    for kind in order where kind != first.kind && !isAnswer(kind) {
      let such = all.filter { $0.kind == kind }
      if let mate = such.first(where: { belongs($0, to: first) }) ?? such.only {
        first.related.append(mate)
      }
    }
    // What a program remembered of its request has no kind of its own.
    first.related += all.filter { $0.kind == .values && !$0.isAnswer && $0 != first }
    first.related = Array(first.related.prefix(relatedMax))
    let more = answers.count - 1
    if more > 0 {
      first.notes.append(
        "\(more) more \(more == 1 ? "answer stands" : "answers stand") in it; this is the "
          + (first.fields == answers.first?.fields ? "first." : "first with an ID token."))
    }
    return first
  }

  private static func isAnswer(_ kind: PastedMessage.Kind) -> Bool {
    [.formBody, .callback, .values].contains(kind)
  }

  /// Whether both are of one login: by `state`, or by the code.
  private static func belongs(_ mate: PastedMessage, to first: PastedMessage) -> Bool {
    for name in ["state", "code"] {
      if let one = mate[name], let other = first[name] { return one.isIdentical(to: other) }
    }
    return false
  }

  private static func distinct(_ all: [PastedMessage]) -> [PastedMessage] {
    var kept: [PastedMessage] = []
    for message in all.prefix(2000) {
      let isKnown = kept.contains { other in
        other.fields == message.fields && other.json == message.json
          && other.token == message.token
          && (!message.fields.isEmpty || other.fault == message.fault)
      }
      if !isKnown { kept.append(message) }
    }
    return kept
  }
}

extension Array {
  /// The only element; nil for none or several.
  fileprivate var only: Element? { count == 1 ? first : nil }
}
