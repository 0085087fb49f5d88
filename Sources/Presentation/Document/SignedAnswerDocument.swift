import HybridFlow
import OpenID

/// The authorization response as one signed message: what in it a claim of the ID token pins.
///
/// FAPI 1.0 Part 2, section 5.2.2.1, calls the ID token a detached signature.
struct SignedAnswerDocument: Sendable {
  /// What is pinned, and by which claim.
  struct Row: Sendable {
    /// The field of the answer, or what is said of it.
    let field: String
    /// The claim that pins it; nil when none does.
    let claim: String?
    /// How, in a few words.
    let how: String
    /// The verdict of the check that compared them; nil when none has.
    let verdict: Check.Verdict?
  }

  /// The rows, the fields of the answer first.
  let rows: [Row]
  /// Fields of the answer that no claim pins.
  let loose: [String]
  /// The algorithm of the signature.
  let algorithm: String
  /// The name of the key; nil for none.
  let keyID: String?
  /// Whether the signature was verified.
  let signature: Check.Verdict?

  /// Makes it; nil when no ID token came through the browser.
  init?(_ transcript: Transcript) {
    let record = transcript[.callback]
    guard let token = transcript.token(.idToken, .front), let claims = token.claims,
      let jws = token.jws
    else { return nil }
    func verdict(_ ids: CheckID...) -> Check.Verdict? {
      ids.lazy.compactMap { id in
        record.checks.first { $0.id == id && $0.verdict != .skip }?.verdict
      }.first
    }
    func has(_ name: String) -> Bool { record.values.contains { $0.name == name } }
    var rows: [Row] = []
    if has("code") {
      rows.append(
        Row(
          field: "code", claim: claims["c_hash"] == nil ? nil : "c_hash",
          how: claims["c_hash"] == nil
            ? "no claim covers it: it could be exchanged" : "the left half of its digest",
          verdict: verdict(.cHashMatch, .cHashPresent)))
    }
    if has("access_token") {
      rows.append(
        Row(
          field: "access_token", claim: claims["at_hash"] == nil ? nil : "at_hash",
          how: claims["at_hash"] == nil
            ? "no claim covers it: it could be exchanged" : "the left half of its digest",
          verdict: verdict(.atHashMatch, .atHashPresent)))
    }
    if has("state") {
      let isSigned = claims["s_hash"] != nil
      rows.append(
        Row(
          field: "state", claim: isSigned ? "s_hash" : nil,
          how: isSigned
            ? "the left half of its digest"
            : "no claim covers it: it is only compared",
          verdict: isSigned ? verdict(.sHashMatch) : verdict(.sHashPresent)))
    }
    rows += [
      Row(
        field: "this login", claim: claims["nonce"] == nil ? nil : "nonce",
        how: "the value that the application sent", verdict: verdict(.nonceMatch, .noncePresent)),
      Row(
        field: "the sender", claim: claims["iss"] == nil ? nil : "iss",
        how: "the issuer that was asked", verdict: verdict(.idTokenIss, .idTokenIssPresent)),
      Row(
        field: "the receiver", claim: claims["aud"] == nil ? nil : "aud",
        how: "the client id of this application", verdict: verdict(.idTokenAud)),
      Row(
        field: "its time", claim: claims["exp"] == nil ? nil : "iat, exp",
        how: "when it was made, and when it ends",
        verdict: verdict(.idTokenExp, .idTokenExpPresent)),
    ]
    self.rows = rows
    let pinned: Set<String> = ["code", "access_token", "state", "id_token", "iss"]
    loose = Self.fields(record).filter { !pinned.contains($0) }
    algorithm = jws.algorithmName
    keyID = jws.keyID
    signature = verdict(.idTokenSignature)
  }

  /// The names of the fields that came.
  private static func fields(_ record: StageRecord) -> [String] {
    guard
      let request = record.messages.last(where: { $0.to == .application && $0.request != nil })?
        .request, let fields = try? FormEncoding.decode(request.body)
    else { return [] }
    return fields.map(\.name)
  }

  /// Whether every field of the answer is pinned by a claim.
  var isWhole: Bool { loose.isEmpty && rows.allSatisfy { $0.claim != nil } }
}
