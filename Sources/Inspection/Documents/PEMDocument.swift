import OpenID

/// Public keys and certificates in PEM, read as keys; a private key is never read.
///
/// RFC 7468.
enum PEMDocument {
  /// The first block of a text as a key with what else is known of it; nil when there is none that
  /// can be read.
  static func read(_ text: String) -> PastedMessage? {
    guard let (label, der) = block(text) else { return nil }
    switch label {
    case "CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE":
      guard let certificate = KeyCertificate(der: der), let key = certificate.publicKey.key else {
        return nil
      }
      var message = PastedMessage(.keySet, wrapping: "a certificate in PEM", json: key.json)
      message.notes.append(words(certificate))
      return message
    case "PUBLIC KEY":
      return SubjectPublicKey(der: der)?.key.map {
        PastedMessage(.keySet, wrapping: "PEM", json: $0.json)
      }
    case "RSA PUBLIC KEY":
      return SubjectPublicKey.rsa(der: der).map {
        PastedMessage(.keySet, wrapping: "PEM", json: $0.json)
      }
    default: return nil
    }
  }

  private static func words(_ certificate: KeyCertificate) -> String {
    let owner = certificate.subject ?? "nobody"
    let issuer = certificate.issuer ?? "nobody"
    let period = certificate.period.map { ", valid from \($0.from) to \($0.to)" } ?? ""
    return "The certificate is of \(owner), "
      + (owner.isIdentical(to: issuer) ? "issued by itself" : "issued by \(issuer)")
      + "\(period). Its own signature is not verified here."
  }

  /// The label and the bytes of the first block.
  private static func block(_ text: String) -> (label: String, der: [UInt8])? {
    guard let (_, rest) = text.cut(at: "-----BEGIN "), let (label, body) = rest.cut(at: "-----"),
      label.utf8.count < 40, let (inside, _) = body.cut(at: "-----END ")
    else { return nil }
    // A program's text has the line breaks as escapes.
    let joined = String(inside).replacing(bytes: "\\n", with: "")
    let letters = joined.utf8.filter { $0 > 0x20 && $0 < 0x7F }
    guard let der = try? Base64.decode(String(decoding: letters, as: UTF8.self)) else { return nil }
    return (String(label), der)
  }
}
