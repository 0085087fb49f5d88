/// What TLS did for a request: what was agreed on, and who the client showed itself to be.
public struct RequestSecurity: Sendable, Equatable {
  /// The protocol, such as `TLSv1.3`; empty where no connection was seen.
  public var version: String
  /// The cipher suite, such as `TLS_AES_256_GCM_SHA384`; empty where no connection was seen.
  public var cipher: String
  /// The certificate that the client has for this server; nil when it has none.
  public var certificate: ClientCertificate?
  /// Whether the server asked for a certificate; nil where no handshake was seen.
  ///
  /// Without being asked, no client shows one: RFC 8446, section 4.4.2.
  public var isAsked: Bool?

  /// Describes the security of a request.
  public init(
    version: String = "", cipher: String = "", certificate: ClientCertificate? = nil,
    isAsked: Bool? = nil
  ) {
    self.version = version
    self.cipher = cipher
    self.certificate = certificate
    self.isAsked = isAsked
  }

  /// The certificate that the server has seen, as far as is known here.
  ///
  /// Where no handshake was seen, as between parts of one program, it is handed over by value.
  public var shownCertificate: ClientCertificate? { isAsked == false ? nil : certificate }
}

/// An X.509 certificate of a client, as everybody may see it: without its private key.
///
/// RFC 8705, section 2.
public struct ClientCertificate: Sendable, Equatable {
  /// The certificate itself, in DER.
  public var der: [UInt8]
  /// The certificates above it that go along, in DER, one behind the other; may be empty.
  public var chain: [UInt8]
  /// base64url of the SHA-256 of the DER: what `cnf` has as `x5t#S256`.
  ///
  /// RFC 8705, section 3.1.
  public var thumbprint: String
  /// The subject, written as RFC 4514 has it.
  public var subject: String
  /// The issuer, written in the same way.
  public var issuer: String
  /// The time from which it holds.
  public var begins: UnixTime
  /// The time after which it holds no longer.
  public var ends: UnixTime

  /// The most bytes of one certificate with its chain.
  ///
  /// OpenSSL takes no more of a client either.
  public static let bytesMaximum = 100 * 1024

  /// Describes a certificate.
  public init(
    der: [UInt8], chain: [UInt8] = [], thumbprint: String, subject: String, issuer: String,
    begins: UnixTime, ends: UnixTime
  ) {
    self.der = der
    self.chain = chain
    self.thumbprint = thumbprint
    self.subject = subject
    self.issuer = issuer
    self.begins = begins
    self.ends = ends
  }

  /// The name of the thumbprint in `cnf`.
  public static let thumbprintMember = "x5t#S256"

  /// The thumbprint to which a token or an introspection answer is bound; nil without one.
  ///
  /// RFC 8705, sections 3.1 and 3.2.
  public static func thumbprint(in claims: JSONValue?) -> String? {
    claims?["cnf"]?[thumbprintMember]?.string
  }
}
