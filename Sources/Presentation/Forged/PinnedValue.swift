import Cryptography
import HybridFlow
import OpenID

/// A claim that holds a value of the run fast, honest beside as it arrived: `c_hash` and the hash of
/// the code, `nonce` and the nonce that was sent.
package struct PinnedValue: Sendable, Equatable {
  /// The name of the claim.
  package var claim: String
  /// What stands below it: the hash of the value, or the value itself.
  package var title: String
  /// The claims.
  package var honestClaim: String?, foundClaim: String?
  /// What they must be.
  package var honestValue: String?, foundValue: String?

  /// Whether the honest claim is what it must be; nil where one of them is missing.
  package var honestFits: Bool? { Self.fits(honestClaim, honestValue) }
  /// Whether the claim that arrived is what it must be.
  package var foundFits: Bool? { Self.fits(foundClaim, foundValue) }

  private static func fits(_ claim: String?, _ value: String?) -> Bool? {
    value.map { claim?.isIdentical(to: $0) ?? false }
  }

  /// Claims that are hashes, and of what.
  static let hashes = [
    ("c_hash", "code"), ("at_hash", "access_token"), ("s_hash", "state"),
  ]

  /// The claims that hold what the fault has changed, or that it has changed themselves.
  package static func all(
    in difference: MessageDifference, _ transcript: Transcript
  ) -> [PinnedValue] {
    let (honest, found) = (Side(difference, \.honest), Side(difference, \.found))
    let changed = Set(difference.changes.map(\.name))
    var pins = hashes.compactMap { claim, name -> PinnedValue? in
      guard changed.contains(name) || changed.contains(claim),
        honest.claims?[claim] != nil || found.claims?[claim] != nil
      else { return nil }
      let other = transcript.value(name)
      return PinnedValue(
        claim: claim, title: "hash of \(name)", honestClaim: honest.text(claim),
        foundClaim: found.text(claim),
        honestValue: honest.hash(of: honest.fields[name] ?? other),
        foundValue: found.hash(of: found.fields[name] ?? other))
    }
    if changed.contains("nonce"), honest.claims != nil, let nonce = transcript.value("nonce") {
      pins.append(
        PinnedValue(
          claim: "nonce", title: "nonce we sent", honestClaim: honest.text("nonce"),
          foundClaim: found.text("nonce"), honestValue: nonce, foundValue: nonce))
    }
    return pins
  }

  /// One of the two messages: its fields, and its ID token.
  private struct Side {
    var fields: [String: String] = [:]
    var claims: JSONValue?
    var algorithm: SignatureAlgorithm?

    init(_ difference: MessageDifference, _ side: KeyPath<DifferentPart, String?>) {
      for part in difference.parts where part.place == .field {
        if fields[part.name] == nil { fields[part.name] = part[keyPath: side] }
      }
      guard let jws = fields["id_token"].flatMap({ try? CompactJWS($0) }) else { return }
      claims = try? jws.claims()
      algorithm = SignatureAlgorithm(rawValue: jws.algorithmName)
    }

    func text(_ claim: String) -> String? {
      claims?[claim].map { $0.string ?? $0.compactText }
    }

    /// The left half of the hash, as OpenID Connect Core 1.0, section 3.3.2.11, says.
    func hash(of value: String?) -> String? {
      guard let value, let algorithm,
        let digest = try? Digest.hash(Array(value.utf8), algorithm.hashClaimDigest(curve: nil))
      else { return nil }
      return Base64URL.encode(digest.prefix(digest.count / 2))
    }
  }
}

extension Transcript {
  /// The value of this name that appeared first.
  fileprivate func value(_ name: String) -> String? {
    stages.lazy.flatMap(\.values).first { $0.name.isIdentical(to: name) }?.value
  }
}
