import OpenID

/// Which fault an answer commits: the one chosen for this request, else that of the login to which
/// the request belongs, else the one in the settings.
extension DemoTenant {
  /// The fault of the next answer to this call.
  func fault(of call: Call) -> Fault? {
    call.chosenFault ?? loginFault(of: call) ?? settings.fault
  }

  /// The fault that was chosen when the login of this request began; nil for any other request.
  ///
  /// Browser and application need not know of it: pages carry the transaction’s name, and back-channel
  /// requests a code or a token that came of it.
  private func loginFault(of call: Call) -> Fault? {
    switch call.path {
    case Path.resume, Path.login, Path.consent:
      transactions.find((try? call.parameters())?["state"], now: call.now)?.fault
    case Path.token: tokenRequestFault(of: call)
    case Path.userinfo: bearerFault(of: call)
    case let path?: resource(at: path) == nil ? nil : bearerFault(of: call)
    case nil: nil
    }
  }

  private func tokenRequestFault(of call: Call) -> Fault? {
    guard let form = try? call.formParameters() else { return nil }
    return codes.find(form["code"], now: call.now)?.grant.fault
      ?? refreshTokens.find(form["refresh_token"], now: call.now)?.grant.fault
  }

  /// The fault of the login from which an access token came, wherever the request carries it.
  private func bearerFault(of call: Call) -> Fault? {
    let header = call.request.headers["Authorization"]?.split(at: " ").last.map { String($0) }
    guard let token = header ?? (try? call.formParameters())?["access_token"] else { return nil }
    if let opaque = opaqueTokens.find(token, now: call.now) { return opaque.grant.fault }
    // A JWT begins its name with that of its grant. A forged one gains its sender nothing.
    let claims = (try? CompactJWS(token)).flatMap { try? $0.claims() }
    return grantFaults.find(claims?["jti"]?.string.map { String($0.before(".")) }, now: call.now)
  }

  /// Commits this fault from now on, except in logins that chose one; nil is honest again.
  ///
  /// Nobody is signed out, and no login under way is lost.
  public mutating func commit(_ fault: Fault?) { settings.fault = fault }

  /// The id of the fault that the last answer committed; nil when that answer was honest.
  public var committedFault: String? {
    spoilt.last.flatMap { $0.request == requestCount ? $0.fault : nil }
  }
}
