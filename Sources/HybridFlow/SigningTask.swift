import OpenID

/// A JWT that the client's key is to sign.
public struct SigningTask: Sendable, Equatable {
  /// What it is for.
  public enum Purpose: String, Sendable, Hashable, CaseIterable {
    /// The request object.
    ///
    /// RFC 9101, section 4.
    case requestObject
    /// The client assertion of a pushed authorization request.
    case pushAssertion
    /// The client assertion of a token request.
    case tokenAssertion
    /// The client assertion of a request after the flow.
    case laterAssertion
    /// The proof of possession of one request.
    ///
    /// RFC 9449, section 4.2.
    case possession
  }
  /// What it is for.
  public var purpose: Purpose
  /// The header, complete.
  public var header: JSONValue
  /// The claims, complete.
  public var claims: JSONValue
  /// For whom the signed JWT is encrypted; nil for one that is only signed.
  public var recipient: Recipient?
  /// The access token whose digest becomes `ath`; nil for a JWT without one.
  public var boundToken: BoundToken?

  /// An access token that a proof goes with.
  ///
  /// RFC 9449, section 4.2.
  public struct BoundToken: Sendable, Equatable {
    /// The token.
    public var token: Secret
    /// Whether its digest is written as it should be: in base64url, and not in hexadecimal.
    public var isWellWritten: Bool
  }

  /// A provider's key, and how a JWT is encrypted for it.
  public struct Recipient: Sendable, Equatable {
    /// How.
    public var encryption: TokenEncryption
    /// The public key.
    public var key: JSONWebKey
  }

  /// Makes a task.
  public init(
    purpose: Purpose, header: JSONValue, claims: JSONValue, recipient: Recipient? = nil,
    boundToken: BoundToken? = nil
  ) {
    self.purpose = purpose
    self.header = header
    self.claims = claims
    self.recipient = recipient
    self.boundToken = boundToken
  }
}

/// The result of signing a JWT.
public enum SigningOutcome: Sendable, Equatable {
  /// The token in its compact form.
  case token(Secret)
  /// There is no key, or it cannot sign; the text says why.
  case unusable(String)
}
