import OpenID

/// One token of a pasted text, decoded as far as possible.
public struct PastedToken: Sendable, Equatable {
  /// The form of a token.
  public enum Form: Sendable, Equatable {
    /// Signed, and readable without a key.
    case signed(CompactJWS)
    /// Encrypted, with its header if that can be read.
    case encrypted(JSONValue?)
    /// It looks like a signed token, but cannot be decoded.
    case broken(TokenError)
    /// Only its issuer can read it, for this reason.
    case opaque(String)

    init(_ text: String) {
      let segments = text.split(at: ".", omittingEmptySubsequences: false)
      do throws(TokenError) {
        self = .signed(try CompactJWS(text))
        return
      } catch {
        let header = segments.first.flatMap { try? Base64URL.decode($0) }
          .flatMap { try? JSONParser.parse($0) }
        if segments.count == 5, text.begins(with: "eyJ") || header?["enc"] != nil {
          self = .encrypted(header)
        } else if DamagedToken.isOne(text) || segments.count > 1 && header?.members != nil {
          self = .broken(error)
        } else if TokenSlip.isEncodedAgain(text) {
          self = .broken(error)
        } else {
          let dots = segments.count - 1
          self = .opaque(
            dots == 0
              ? "it has no dots, so it is no JWT: only its issuer knows what it means"
              : "it has \(dots) \(dots == 1 ? "dot" : "dots"), but does not begin with a JSON "
                + "header: only its issuer knows what it means")
        }
      }
    }
  }

  /// The purpose of a token.
  public enum Use: String, Sendable, Hashable {
    /// Says who signed in.
    case idToken = "id_token"
    /// Gives access to an API.
    case accessToken = "access_token"
    /// Is exchanged for new tokens.
    case refreshToken = "refresh_token"
    /// Authenticates a client.
    case clientAssertion = "client_assertion"
    /// A signed authorization request.
    case requestObject = "request"
    /// A signed authorization response.
    case responseObject = "response"
    /// Tells the application about a logout.
    case logoutToken = "logout_token"
    /// Proves that the sender holds a key; RFC 9449.
    case dpopProof = "dpop_proof"
    /// The claims of a person, signed.
    case userinfo
    /// What an authorization server says of a token, signed; RFC 9701.
    case introspectionJWT = "introspection"
    /// Is exchanged for an access token; RFC 7523, section 2.1.
    case authorizationGrant = "authorization_grant"
    /// Says which build, cluster or machine a program runs in; its issuer signs nobody in.
    case workload = "workload_token"
    /// A credential whose claims are disclosed one by one; RFC 9901.
    case sdJWT = "sd_jwt"
    /// Proves that the holder of a credential has its key; RFC 9901, section 4.3.
    case keyBinding = "key_binding"
    /// Describes a client that is to be registered; RFC 7591, section 2.3.
    case softwareStatement = "software_statement"
    /// Describes a party of a federation.
    case entityStatement = "entity_statement"
    /// A provider's metadata, signed; RFC 8414, section 2.1.
    case signedMetadata = "signed_metadata"
    /// Tells about an event that is no logout; RFC 8417.
    case securityEvent = "security_event"
    /// Nothing tells what it is for.
    case unknown

    /// What people call it.
    public var title: String {
      switch self {
      case .idToken: "ID token"
      case .accessToken: "access token"
      case .refreshToken: "refresh token"
      case .clientAssertion: "client assertion"
      case .requestObject: "request object"
      case .responseObject: "signed response (JARM)"
      case .logoutToken: "logout token"
      case .dpopProof: "DPoP proof"
      case .userinfo: "signed userinfo"
      case .introspectionJWT: "signed introspection answer"
      case .authorizationGrant: "authorization grant (JWT bearer)"
      case .workload: "workload token"
      case .sdJWT: "SD-JWT credential"
      case .keyBinding: "key binding JWT"
      case .softwareStatement: "software statement"
      case .entityStatement: "entity statement"
      case .signedMetadata: "signed metadata"
      case .securityEvent: "security event token"
      case .unknown: "token of an unknown kind"
      }
    }
  }

  /// The field or member that contained it, or its presumed kind.
  public var name: String
  /// Its purpose.
  public var use: Use
  /// Whether the purpose was guessed from its claims.
  public var isGuess: Bool
  /// The token.
  public var text: String
  /// Its form.
  public var form: Form
  /// Its claims, if they can be read.
  public var claims: JSONValue?
  /// What an SD-JWT discloses beside its signed part.
  let disclosures: Disclosures?
  /// How it was written or copied wrongly, when that is all that is wrong with it.
  let slip: TokenSlip?

  init(_ name: String, use: Use?, _ text: String) {
    self.name = name
    self.text = text
    disclosures = Disclosures(text)
    let form = Form(disclosures?.signed ?? text)
    slip =
      switch form {
      case .broken, .opaque: TokenSlip.find(text)
      case .signed, .encrypted: nil
      }
    // What only shows how it was copied is mended; the rest stays a fault.
    self.form = slip.map { $0.isFault ? form : Form($0.right) } ?? form
    if case .signed(let jws) = form { claims = try? jws.claims() }
    let damaged: DamagedToken? = if case .broken = form { DamagedToken(text) } else { nil }
    // A damaged token shows what can still be read of it.
    if let whole = damaged?.claims, damaged?.isWhole == true { claims = whole }
    if let slip, let whole = try? CompactJWS(slip.right) {
      claims = try? whole.claims()
      self.use = use ?? TokenUse.guess(header: whole.header, claims: claims) ?? .unknown
    } else {
      self.use = use ?? Self.guess(form, claims, damaged)
    }
    isGuess = use == nil
  }

  /// Whether a client signs such tokens, and not the provider.
  public var isSignedByClient: Bool {
    [.clientAssertion, .requestObject, .dpopProof, .keyBinding].contains(use)
  }

  /// The header, if it can be read.
  public var header: JSONValue? {
    switch form {
    case .signed(let jws): jws.header
    case .encrypted(let header): header
    case .broken, .opaque: nil
    }
  }

  /// How it was written or copied wrongly, in a sentence; nil when nothing of the kind is seen.
  public var slipSentence: String? { slip?.sentence }

  /// The token, when it is signed.
  public var jws: CompactJWS? {
    if case .signed(let jws) = form { jws } else { nil }
  }

  /// By its own words; what cannot be read is taken for what people paste most.
  private static func guess(
    _ form: Form, _ claims: JSONValue?, _ damaged: DamagedToken?
  ) -> Use {
    switch form {
    case .signed(let jws):
      return TokenUse.guess(header: jws.header, claims: claims) ?? .unknown
    case .encrypted, .opaque: return .unknown
    // A text without alg is not a signed token.
    case .broken(.missingAlgorithm): return .unknown
    case .broken:
      return TokenUse.guess(
        header: damaged?.type.map { ["typ": .string($0)] }, claims: damaged?.claims) ?? .idToken
    }
  }
}

extension PastedMessage {
  /// Every token in it, in the order of the text.
  public var tokens: [PastedToken] {
    if let token {
      return [PastedToken("token", use: nil, token)]
        + others.enumerated().map { PastedToken("token (\($0 + 2))", use: nil, $1) }
    }
    let uses: [String: PastedToken.Use] = [
      "id_token": .idToken, "id_token_hint": .idToken, "access_token": .accessToken,
      "refresh_token": .refreshToken, "client_assertion": .clientAssertion,
      "request": .requestObject, "response": .responseObject, "logout_token": .logoutToken,
      "subject_token": .accessToken, "dpop": .dpopProof,
    ]
    let pairs =
      json.map { ($0.members ?? []).map { ($0.name, $0.value.string ?? "") } }
      ?? fields.map { ($0.name, $0.value) }
    guard ![.keySet, .metadata, .errorResponse, .registration].contains(kind) else { return [] }
    var seen: [String: Int] = [:]
    return pairs.compactMap { name, value in
      guard let use = uses[name], !value.isEmpty else { return nil }
      let count = seen[name, default: 0] + 1
      seen[name] = count
      // A repeated token is shown under a name that no check uses.
      return PastedToken(count == 1 ? name : "\(name) (\(count))", use: use, value)
    } + others.enumerated().map { PastedToken("token (\($0 + 1))", use: nil, $1) }
  }
}
