/// A message of a run that an action of the tenant can spoil.
public enum SpoiltMessage: String, Sendable, Hashable, CaseIterable {
  /// The discovery document.
  case metadata
  /// The published keys.
  case keys
  /// The authorization response.
  case authorizationResponse
  /// The token request, which arrives late.
  case tokenRequest
  /// The token response.
  case tokenResponse
  /// The response to a refresh.
  case refreshResponse
  case userinfoResponse
  /// The response to a question about a token.
  case introspectionResponse
  case apiResponse
  /// The redirect back to the application after a logout.
  case logoutResponse
}

/// A message that the tenant has actually spoilt.
public struct SpoiltEntry: Sendable, Equatable {
  /// The number of the request, as in the ledger.
  public var request: Int
  /// The spoilt message: the response to that request, or the request itself.
  public var message: SpoiltMessage
  /// The id of the fault.
  public var fault: String
}

extension TenantAction {
  /// The message that this action is meant to spoil; nil when there is none.
  ///
  /// - Parameter hasFirstIDToken: Whether the front channel carries an ID token in this run.
  public func spoils(hasFirstIDToken: Bool) -> SpoiltMessage? {
    switch self {
    case .claims(let token, _), .header(let token, _), .signature(let token, _),
      .text(let token, _), .encryption(let token, _):
      switch token {
      case .firstIDToken: hasFirstIDToken ? .authorizationResponse : nil
      case .response: .authorizationResponse
      case .secondIDToken, .secondAccessToken: .tokenResponse
      case .refreshedIDToken: .refreshResponse
      }
    case .answer, .answerWhere, .answerMode: .authorizationResponse
    case .document(let document, _), .response(let document, _):
      switch document {
      case .metadata: .metadata
      case .keys: .keys
      case .tokens: .tokenResponse
      case .userinfo: .userinfoResponse
      case .introspection: .introspectionResponse
      case .api: .apiResponse
      }
    case .keys: .keys
    case .signedUserinfo: .userinfoResponse
    case .logoutAnswer: .logoutResponse
    case .sameAccessToken: .tokenResponse
    case .codeDelay: .tokenRequest
    case .loginRepeated: .authorizationResponse
    }
  }
}

extension DemoTenant {
  /// Records that a message was spoilt, once for each message.
  mutating func admit(_ message: SpoiltMessage, _ call: Call) {
    let entry = SpoiltEntry(
      request: call.number, message: message, fault: call.fault?.id ?? "")
    guard spoilt.last != entry else { return }
    if spoilt.count >= TenantLimit.ledgerEntries {
      spoilt.removeFirst(TenantLimit.ledgerEntries / 10)
    }
    spoilt.append(entry)
  }

  /// The message that is the response to this call.
  func message(answering call: Call) -> SpoiltMessage? {
    switch call.path {
    case Path.discovery: .metadata
    case Path.jwks: .keys
    case Path.token:
      (try? call.formParameters())?["grant_type"] == "refresh_token"
        ? .refreshResponse : .tokenResponse
    case Path.userinfo: .userinfoResponse
    case Path.introspect: .introspectionResponse
    case Path.authorize, Path.resume, Path.login, Path.consent: .authorizationResponse
    case Path.logout, Path.confirmLogout: .logoutResponse
    case let path?: resource(at: path) == nil ? nil : .apiResponse
    case nil: nil
    }
  }
}
