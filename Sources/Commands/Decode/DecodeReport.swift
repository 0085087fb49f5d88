import HybridFlow
import Inspection
import OpenID
import Redaction

/// All results about a pasted text.
struct DecodeReport {
  let message: PastedMessage
  /// Its tokens, and those of the messages beside it.
  let tokens: [PastedToken]
  let checks: [PastedCheck]
  let redactor: Redactor
  let now: UnixTime

  /// What is known of the signatures of a text, in the words of `--json`.
  enum Signature: String {
    case valid, invalid, none
    case notVerified = "not_verified"
  }

  /// Of all signed tokens together: one that is wrong outweighs all, then one that is not verified.
  var signature: Signature {
    let all = tokens.map(signature)
    return [.invalid, .notVerified, .valid].first(where: all.contains) ?? .none
  }

  /// The signature of one token.
  func signature(_ token: PastedToken) -> Signature {
    // What stands inside may be signed; nobody here can see it.
    if case .encrypted = token.form { return .notVerified }
    guard token.jws != nil, !isUnsigned(token) else { return .none }
    switch signatureCheck(token)?.verdict {
    case .pass: return .valid
    case .fail: return .invalid
    case .warn, .skip, nil: return .notVerified
    }
  }

  /// The check of its signature.
  func signatureCheck(_ token: PastedToken) -> PastedCheck? {
    check(token, [CheckID.idTokenSignature.rawValue, "token-signature"])
  }

  /// Whether its header says that nobody signed it.
  func isUnsigned(_ token: PastedToken) -> Bool {
    token.jws?.algorithmName.isIdentical(toIgnoringCase: "none") == true
  }

  /// The first of these checks that was made of the token.
  func check(_ token: PastedToken, _ ids: [String]) -> PastedCheck? {
    checks.first { $0.part == token.name && ids.contains($0.id) }
  }
}
