import OpenID

/// What a person changed in a request before it was sent.
///
/// It lists every parameter in order, either kept as the flow makes it or given. So it also fits
/// another run, which has other random values.
public struct RequestEdit: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// One parameter of the edited request.
  public enum Row: Sendable, Equatable {
    /// As the flow makes it: its name, and its index among those of this name, counted from 0.
    case kept(String, Int)
    /// Given by the person.
    case given(FormField)
  }
  /// The parameters in the order in which they are sent; others are not sent.
  public var rows: [Row]
  /// Whether the request is sent although an error-level rule is broken; the check stays failed.
  public var goesAnyway: Bool

  /// Makes an edit.
  public init(rows: [Row], goesAnyway: Bool = false) {
    self.rows = rows
    self.goesAnyway = goesAnyway
  }

  /// The edit that turns the parameters of the flow into these.
  public init(from made: [FormField], to wanted: [FormField], goesAnyway: Bool = false) {
    var seen: [String: Int] = [:]
    rows = wanted.map { field in
      let index = seen[field.name, default: 0]
      seen[field.name] = index + 1
      let isMade = made.value(field.name, index)?.isIdentical(to: field.value) == true
      return isMade ? .kept(field.name, index) : .given(field)
    }
    self.goesAnyway = goesAnyway
  }

  /// The edited request of a run that makes these parameters.
  public func applied(to made: [FormField]) -> [FormField] {
    rows.compactMap { row in
      switch row {
      case .kept(let name, let index): made.value(name, index).map { FormField(name, $0) }
      case .given(let field): field
      }
    }
  }

  /// The number of parameters; none of their values.
  public var description: String { "an edited request of \(rows.count) parameters" }
  /// Nothing: `dump` would print a code or a client secret otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A request that a person can edit before it is sent, in stage 2 or stage 6.
public struct RequestDraft: Sendable, Equatable {
  /// Which request it is.
  public enum Kind: Sendable, Equatable {
    /// The authorization request, which the browser carries; stage 2.
    case authorization
    /// The token request, over the back channel; stage 6.
    case token
  }
  /// Which request it is.
  public let kind: Kind
  /// Where it goes.
  public let endpoint: WebURL
  /// The parameters as the flow makes them.
  ///
  /// Those of a token request end with its ``credentialNames``, even if the method does not send
  /// them; they may hold secrets.
  public let made: [FormField]
  /// The redirect URI that a response must come to: where the application listens, or, in a token
  /// request, that of the authorization request.
  public let redirectURI: String
  /// The two parameters of PKCE, whether they are sent or not.
  public let challenge: [FormField]
  /// Whether the parameters are sent in a signed JWT (RFC 9101) or pushed (RFC 9126), so that the
  /// browser carries only a reference.
  public let isWrapped: Bool
  /// What was changed; nil while nothing was.
  public internal(set) var edit: RequestEdit?

  /// The parameter for the client authentication method, named as in client registration.
  ///
  /// RFC 7591, section 2.
  public static let methodName = "token_endpoint_auth_method"
  /// The names that form the authentication of a token request.
  public static let credentialNames = [methodName, "client_id", "client_secret"]

  /// The parameters as they are sent, or will be.
  public var fields: [FormField] { edit?.applied(to: made) ?? made }

  /// The same request without the edit.
  public var asMade: RequestDraft {
    var draft = self
    draft.edit = nil
    return draft
  }

  /// Whether anything differs from what the flow makes.
  public var isEdited: Bool { fields != made }

  /// The verdicts on these parameters, by the same rules that judge them when they are sent.
  public func checks(on fields: [FormField]) -> [Check] {
    switch kind {
    case .authorization: RequestChecks.all(.known(fields), .application)
    case .token:
      [
        ExchangeChecks.redirectURI(
          asked: .known(redirectURI), sent: fields["redirect_uri"] ?? "")
      ]
    }
  }

  /// The differences between these parameters and those of the flow.
  public func changes(to fields: [FormField]) -> [RequestChange] {
    RequestChange.all(from: made, to: fields)
  }
}

/// One difference between two versions of a request.
public struct RequestChange: Sendable, Equatable {
  /// The parameter.
  public var name: String
  /// Its value before; nil for one that was added.
  public var before: String?
  /// Its value now; nil for one that was removed.
  public var after: String?

  /// The differences: first those of parameters now sent, then the removed ones.
  public static func all(from made: [FormField], to fields: [FormField]) -> [RequestChange] {
    var changes: [RequestChange] = []
    var seen: [String: Int] = [:]
    for field in fields {
      let index = seen[field.name, default: 0]
      seen[field.name] = index + 1
      let before = made.value(field.name, index)
      if before?.isIdentical(to: field.value) != true {
        changes.append(RequestChange(name: field.name, before: before, after: field.value))
      }
    }
    var counted: [String: Int] = [:]
    for field in made {
      let index = counted[field.name, default: 0]
      counted[field.name] = index + 1
      if index >= seen[field.name, default: 0] {
        changes.append(RequestChange(name: field.name, before: field.value, after: nil))
      }
    }
    return changes
  }
}

extension RequestChange {
  /// What was done, in two words and without a value, which may be secret.
  public var summary: String {
    switch (before, after) {
    case (nil, _): "\(name) added"
    case (_, nil): "\(name) removed"
    default: "\(name) changed"
    }
  }
}

extension [FormField] {
  /// The value of a name's occurrence, counted from 0.
  func value(_ name: String, _ index: Int) -> String? {
    let all = filter { $0.name.isIdentical(to: name) }
    return all.indices.contains(index) ? all[index].value : nil
  }
}

extension FlowStep {
  /// Removes a stage's request that is written but not sent: the only entry of a transcript that is
  /// ever replaced, because no other party has seen it.
  mutating func takeBackRequest(_ stage: Stage) {
    let kept = transcript[stage].messages.filter { $0.to != .browser }
    transcript.messageCount -= transcript[stage].messages.count - kept.count
    transcript[stage].messages = kept
    transcript[stage].values = []
    transcript[stage].checks = []
    transcript[stage].endedAt = nil
  }

  /// Records that a request was edited by hand.
  mutating func noteEdit(_ stage: Stage, _ draft: RequestDraft, _ edit: RequestEdit) {
    let changes = draft.changes(to: edit.applied(to: draft.made)).map(\.summary)
    note(
      stage,
      changes.isEmpty
        ? "The request is again as the flow makes it."
        : "The request was edited by hand: \(changes.joined(separator: ", ")).")
  }
}
