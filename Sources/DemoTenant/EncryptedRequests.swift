import Cryptography
import OpenID

/// Request objects that a client has signed, and then encrypted for the tenant.
///
/// RFC 9101, section 4; OpenID Connect Core 1.0, section 10.2.
extension TenantSettings {
  /// What discovery says of them; nothing without a key.
  var requestKeyMetadata: [JSONMember] {
    guard !requestKeys.isEmpty else { return [] }
    let types = Set(requestKeys.map(\.publicJWK.keyType))
    let algorithms = KeyManagementAlgorithm.allCases.filter {
      !$0.isSymmetric && types.contains($0.keyType)
    }
    return [
      JSONMember(
        "request_object_encryption_alg_values_supported", strings(algorithms.map(\.rawValue))),
      JSONMember(
        "request_object_encryption_enc_values_supported",
        strings(ContentEncryptionAlgorithm.allCases.map(\.rawValue))),
    ]
  }
}

extension DemoTenant {
  /// The signed request object inside an encrypted one; one that is only signed as it came.
  mutating func decrypted(
    _ text: String, _ call: Call, at endpoint: TenantEndpoint
  ) throws(OAuthError) -> String {
    guard CompactJWE.hasForm(text) else { return text }
    var found = "not one that can be read"
    var content: String?
    if let token = try? CompactJWE(text) {
      found = "encrypted with \(token.algorithmName)"
      content =
        settings.requestKeys.lazy.compactMap { key in
          guard let bytes = try? JWE.decrypt(token, with: key).get() else { return nil }
          return String(decoding: bytes, as: UTF8.self)
        }.first
    }
    let opens = record(
      Finding(
        "object-decrypts", "The request object is encrypted for a key of this tenant",
        expected: settings.requestKeys.isEmpty
          ? "one that is only signed; there is no key" : "a published key with use enc",
        found: shortened(found), passed: content != nil, .rfc(9101, "6.1")), at: endpoint, call)
    guard opens, let content else {
      throw OAuthError("invalid_request_object", "Invalid request object: object-decrypts")
    }
    return content
  }
}
