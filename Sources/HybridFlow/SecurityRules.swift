import OpenID

/// The rules by which a run is judged, and by which it asks.
public enum SecurityRules: String, Sendable, Hashable, CaseIterable {
  /// OpenID Connect Core 1.0, and what every application should heed.
  case openID = "openid"
  /// Financial-grade API Security Profile 1.0, Part 2: Advanced.
  case fapi1Advanced = "fapi1-advanced"

  /// The name as people say it.
  public var title: String {
    switch self {
    case .openID: "OpenID Connect"
    case .fapi1Advanced: "FAPI 1.0 Advanced"
    }
  }

  /// What a broken rule does to the flow under these rules.
  public func severity(of id: CheckID) -> Severity {
    switch self {
    case .openID: id.severity
    case .fapi1Advanced: Self.raised.contains(id) ? .error : id.severity
    }
  }

  /// Advice elsewhere, a demand here.
  private static let raised: Set<CheckID> = [
    .requestPKCE, .requestState, .idTokenIat, .assertionAudience,
  ]

  /// The verdict with the severity that these rules give to its check.
  func judged(_ check: Check) -> Check {
    guard check.verdict == .warn, severity(of: check.id) == .error,
      check.id.severity == .warning
    else { return check }
    var check = check
    check.verdict = .fail
    return check
  }

  /// The algorithms of every signature; nil where the rules name none.
  ///
  /// FAPI 1.0 Part 2, section 8.6.
  public var algorithms: [SignatureAlgorithm]? {
    switch self {
    case .openID: nil
    case .fapi1Advanced: FAPIAdvanced.algorithms
    }
  }

  /// The ways in which a client may prove itself; nil where the rules name none.
  ///
  /// FAPI 1.0 Part 2, section 5.2.2 (14): a key of its own, or a certificate.
  public var clientAuthentication: [ClientAuthenticationMethod]? {
    switch self {
    case .openID: nil
    case .fapi1Advanced: FAPIAdvanced.clientAuthentication
    }
  }
}

extension FlowConfiguration {
  /// Asks as FAPI 1.0 Advanced demands: `code id_token`, signed and pushed, with PKCE, PS256 and the
  /// client's own key or certificate.
  public mutating func askAsFAPI() {
    rules = .fapi1Advanced
    responseType = .codeIDToken
    signsRequest = true
    usesPKCE = true
    idTokenAlgorithm = .ps256
    if clientAuthentication?.usesCertificate != true { clientAuthentication = .privateKeyJWT }
    clientSecret = nil
  }

  /// Whether the built-in tenant tells by which rule it has refused a request.
  var readsRefusals: Bool { observesTenant && (rules == .fapi1Advanced || proofKey != nil) }

  /// Whether the request is pushed to a provider with these metadata.
  func pushes(to metadata: ProviderMetadata) -> Bool {
    guard !experiment.mistakes.contains(.leavesOutPush) else { return false }
    return pushesRequest == .always || metadata.requiresPushedRequests
      || (rules == .fapi1Advanced && pushesRequest != .never
        && metadata.pushedRequestEndpoint != nil)
  }
}

/// The value of `x-fapi-interaction-id`, another one for each call of a run.
///
/// RFC 4122, section 4.4.
enum InteractionID {
  static func text(_ secrets: FlowSecrets, _ purpose: FetchPurpose) -> String {
    let seed = Array((secrets.tokenIdentifier + purpose.rawValue).utf8)
    var bytes = (try? Base64URL.decode(secrets.tokenIdentifier)).map { Array($0.prefix(16)) } ?? []
    // A short identifier, as in tests, is filled up.
    for index in 0..<16 where bytes.count <= index { bytes.append(seed[index % seed.count]) }
    for (index, byte) in purpose.rawValue.utf8.enumerated() { bytes[index % 16] ^= byte }
    return FAPIAdvanced.interactionID(bytes)
  }
}
