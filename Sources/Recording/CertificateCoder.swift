import HybridFlow
import OpenID

/// Writes client certificates and what TLS did to lines of a recording, and reads them.
///
/// A certificate is public; its key is never here.
enum CertificateCoder {
  static func json(_ security: RequestSecurity) -> JSONValue {
    .line(
      ("version", security.version.isEmpty ? nil : .string(security.version)),
      ("cipher", security.cipher.isEmpty ? nil : .string(security.cipher)),
      ("asked", security.isAsked.map { .bool($0) }),
      ("certificate", security.certificate.map(json)))
  }

  static func json(_ certificate: ClientCertificate) -> JSONValue {
    .line(
      ("thumbprint", .string(certificate.thumbprint)), ("subject", .string(certificate.subject)),
      ("issuer", .string(certificate.issuer)), ("begins", .whole(certificate.begins.seconds)),
      ("ends", .whole(certificate.ends.seconds)),
      ("der", .string(Base64URL.encode(certificate.der))),
      (
        "chain",
        certificate.chain.isEmpty ? nil : .string(Base64URL.encode(certificate.chain))
      ))
  }

  /// What TLS did for a request; nil where that is not told.
  static func security(_ row: FieldReader) throws(RecordingError) -> RequestSecurity? {
    guard row.json["tls"] != nil else { return nil }
    let tls = try row.object("tls")
    return RequestSecurity(
      version: try tls.optionalText("version") ?? "", cipher: try tls.optionalText("cipher") ?? "",
      certificate: try certificate("certificate", in: tls),
      isAsked: tls.json["asked"] == nil ? nil : try tls.flag("asked"))
  }

  /// A certificate; nil where there is none.
  static func certificate(
    _ name: String, in row: FieldReader
  ) throws(RecordingError) -> ClientCertificate? {
    guard row.json[name] != nil else { return nil }
    let fields = try row.object(name)
    return ClientCertificate(
      der: try bytes("der", in: fields),
      chain: fields.json["chain"] == nil ? [] : try bytes("chain", in: fields),
      thumbprint: try fields.text("thumbprint"), subject: try fields.text("subject"),
      issuer: try fields.text("issuer"), begins: UnixTime(seconds: try moment("begins", fields)),
      ends: UnixTime(seconds: try moment("ends", fields)))
  }

  /// A time that a certificate has, which may lie far away.
  private static func moment(_ name: String, _ row: FieldReader) throws(RecordingError) -> Int64 {
    try row.number(name, in: -62_135_596_800...253_402_300_799)
  }

  private static func bytes(
    _ name: String, in row: FieldReader
  ) throws(RecordingError) -> [UInt8] {
    let text = try row.text(name)
    guard text.utf8.count <= ClientCertificate.bytesMaximum * 2,
      let bytes = try? Base64URL.decode(text)
    else {
      throw RecordingError("\u{201C}\(name)\u{201D} is no base64url of a certificate")
    }
    return bytes
  }
}
