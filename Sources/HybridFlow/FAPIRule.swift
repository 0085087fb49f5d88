import OpenID

/// One line of the checklist of FAPI 1.0 Advanced, and the checks that judge it.
public struct FAPIRule: Sendable, Identifiable {
  /// Its number in the checklist: `F1` to `F22`.
  public let id: String
  /// The rule in a few words.
  public let text: String
  /// Where it stands.
  public let spec: SpecReference
  /// The names of the checks that judge it; empty when no check of a run does.
  let checks: [String]
  /// Why a run does not judge it; nil when checks do.
  let unjudged: String?

  /// How a rule fared in a run.
  public enum Standing: Sendable, Equatable {
    /// Every check of it that was judged passed.
    case held
    /// These checks failed or warned.
    case broken([CheckID])
    /// No check of it was judged; why, in a sentence.
    case notJudged(String)
  }

  private init(
    _ id: String, _ text: String, _ spec: SpecReference, _ checks: [CheckID]
  ) {
    (self.id, self.text, self.spec) = (id, text, spec)
    self.checks = checks.map(\.rawValue)
    unjudged = nil
  }

  /// A rule whose subject is not in every run.
  private init(
    _ id: String, _ text: String, _ spec: SpecReference, checks: [CheckID], unjudged: String
  ) {
    (self.id, self.text, self.spec) = (id, text, spec)
    (self.checks, self.unjudged) = (checks.map(\.rawValue), unjudged)
  }

  /// Why the rule does not apply to a run; nil when it does.
  ///
  /// A request goes one way only: by value or pushed.
  private func excuse(_ transcript: Transcript) -> String? {
    let isPushed = transcript[.authorize].values.contains { $0.name == "request_uri" }
    return switch id {
    case "F3" where isPushed: "The request was pushed."
    case "F4" where transcript[.authorize].endedAt != nil && !isPushed:
      "The request went by value."
    case "F8": stated(.redirectURIHTTPS, transcript)
    case "F21": stated(.tlsProfile, transcript)
    default: nil
    }
  }

  /// Why a check that makes the rule was not judged in a run; nil when it was anywhere.
  private func stated(_ id: CheckID, _ transcript: Transcript) -> String? {
    let own = transcript.checks.filter { $0.id == id }
    return own.allSatisfy { $0.verdict == .skip } ? own.first?.why : nil
  }

  /// How the rule fared.
  public func standing(in transcript: Transcript) -> Standing {
    if let excuse = excuse(transcript) { return .notJudged(excuse) }
    let own = transcript.checks.filter { checks.contains($0.id.rawValue) && !$0.isOfRefused }
    let broken = own.filter { $0.verdict == .fail || $0.verdict == .warn }.map(\.id)
    if !broken.isEmpty { return .broken(broken) }
    if own.contains(where: { $0.verdict == .pass }) { return .held }
    return .notJudged(unjudged ?? "The run did not come so far.")
  }

  private static func part1(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Baseline", section)
  }
  private static func part2(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", section)
  }

  /// The whole checklist, in its order.
  public static let all: [FAPIRule] = requests + answers + calls

  private static let requests: [FAPIRule] = [
    FAPIRule(
      "F1", "openid is asked for, and the response type is code id_token", part2("5.2.2 (2)"),
      [.requestOpenIDScope, .requestTypeProfile]),
    FAPIRule(
      "F2", "the request is a signed request object, by value or pushed", part2("5.2.2 (1)"),
      [.requestObjectSigned]),
    FAPIRule(
      "F3", "by value: client_id, response_type and scope outside are equal inside",
      part2("5.2.3 (9)"), [.requestObjectOutsideEqual]),
    FAPIRule(
      "F4", "pushed: outside there are client_id and request_uri alone", part2("5.2.3 (16)"),
      [.requestObjectOutsideEqual]),
    FAPIRule(
      "F5", "the request object is made out for the issuer", part2("5.2.2 (15)"),
      [.requestObjectAudience]),
    FAPIRule(
      "F6", "the request object is good for an hour at most", part2("5.2.2 (13), (17)"),
      [.requestObjectLifetime]),
    FAPIRule("F7", "PKCE with S256", part2("5.2.2 (18)"), [.requestPKCE]),
    FAPIRule(
      "F8", "the redirect URI is https, registered, and the same in both requests",
      part1("5.2.2 (20)"), [.redirectURIHTTPS, .redirectURISame]),
    FAPIRule("F9", "nonce and state are sent", part1("5.2.2.2"), [.requestNonce, .requestState]),
    FAPIRule(
      "F10", "the client proves itself with a key or a certificate", part2("5.2.2 (14)"),
      [.clientAuthProfile]),
  ]

  private static let answers: [FAPIRule] = [
    FAPIRule(
      "F11", "everything is signed with PS256 or ES256", part2("8.6"),
      [.idTokenAlgProfile, .requestObjectSigned]),
    FAPIRule(
      "F12", "nothing is encrypted with RSA1_5", part2("8.6.1"),
      checks: [.idTokenEncAllowlist],
      unjudged: "No ID token of this run is encrypted; --id-token-encryption registers that."),
    FAPIRule(
      "F13", "the first ID token is there and signed", part2("5.2.2.1"),
      [.responseTypeExact, .idTokenSignature]),
    FAPIRule(
      "F14", "s_hash is there and fits state", part2("5.2.3.1 (4)"), [.sHashPresent, .sHashMatch]),
    FAPIRule(
      "F15", "c_hash is there and fits the code", .core("3.3.2.11"), [.cHashPresent, .cHashMatch]),
    FAPIRule(
      "F16", "the first ID token says nothing about the person", part2("5.2.2.1 (6)"),
      [.frontTokenPersonalData]),
    FAPIRule(
      "F17", "ID tokens are taken signed, and signed and encrypted", part2("5.2.3.1 (5)"),
      checks: [.idTokenEncryptedAsRegistered, .idTokenDecrypts, .idTokenNested],
      unjudged: "The ID tokens of this run are only signed; --id-token-encryption shows the rest."),
  ]

  private static let calls: [FAPIRule] = [
    FAPIRule(
      "F18", "the access token is tied to the client\u{2019}s certificate", part2("5.2.2 (5)"),
      checks: [.accessTokenCnfCertificate],
      unjudged: "No client certificate was used in this run."),
    FAPIRule(
      "F19", "the token is in the header, and the API repeats x-fapi-interaction-id",
      part1("6.2.1"), [.bearerHeaderOnly, .fapiInteractionID]),
    FAPIRule(
      "F20", "the keys are long enough, public, and each token names one of them", part2("8.9"),
      [.keysProfile, .jwksNoPrivate, .idTokenKidKnown]),
    FAPIRule(
      "F21", "TLS 1.2 or newer, with four cipher suites for 1.2", part2("8.5"),
      checks: [.tlsProfile], unjudged: "No TLS connection was seen."),
    FAPIRule(
      "F22", "the answer does not come in a query", .multipleResponseTypes("5"),
      [.requestModeNotQuery, .callbackMethod]),
  ]
}
