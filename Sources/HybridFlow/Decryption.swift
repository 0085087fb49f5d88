import OpenID

/// What a client knows of its encrypted tokens: what it has registered, and its own keys.
///
/// The private halves and the client secret stay outside the machine.
public struct ClientDecryption: Sendable, Equatable {
  /// What was registered for ID tokens; nil when only keys are known, and either form may come.
  ///
  /// OpenID Connect Dynamic Client Registration 1.0, section 2.
  public var idTokens: TokenEncryption?
  /// What was registered for authorization responses that come as a JWT; nil when only keys are
  /// known, and either form may come.
  ///
  /// JARM, section 3.
  public var responses: TokenEncryption?
  /// The public halves of the client's keys.
  public var keys: [JSONWebKey]

  /// Collects what is known.
  public init(
    idTokens: TokenEncryption? = nil, responses: TokenEncryption? = nil, keys: [JSONWebKey] = []
  ) {
    (self.idTokens, self.responses, self.keys) = (idTokens, responses, keys)
  }

  /// What was registered, of either kind.
  public var registered: [TokenEncryption] { [idTokens, responses].compactMap { $0 } }
}

/// An encrypted token that is to be opened.
public struct DecryptionTask: Sendable, Equatable {
  /// What the token is.
  public enum Purpose: String, Sendable, Hashable, CaseIterable {
    /// The ID token of the authorization response.
    case frontIDToken = "front-id-token"
    /// The ID token of the token response.
    case backIDToken = "back-id-token"
    /// The ID token of a refresh.
    case refreshedIDToken = "refreshed-id-token"
    /// The JWT that carries the authorization response; JARM, section 2.2.
    case response
  }
  /// What the token is.
  public var purpose: Purpose
  /// The token.
  public var token: CompactJWE
  /// The keys to try, in order.
  public var keys: DecryptionKeySelection

  /// Makes a task.
  public init(purpose: Purpose, token: CompactJWE, keys: DecryptionKeySelection) {
    (self.purpose, self.token, self.keys) = (purpose, token, keys)
  }
}

/// The result of opening a token.
public enum DecryptionOutcome: Sendable, Equatable {
  /// What was inside.
  case content(Secret)
  /// The key does not open it. The step is for the owner of the key alone.
  case failed(DecryptionStep)
  /// There is no key, or it cannot be used; the text says why.
  case unusable(String)
}

/// Which of the client's keys a token is for.
///
/// RFC 7516, section 5.2; OpenID Connect Core 1.0, sections 10.2 and 10.2.1.
///
/// The steps: the key type of `alg`; `kid` when the token has one; `use`, `key_ops` and `alg` when
/// the key has them; the curve of `epk`.
public enum DecryptionKeySelection: Sendable, Equatable {
  /// These fit, one or several: each is tried.
  case own([JSONWebKey])
  /// The key that the client secret makes.
  case clientSecret(Secret)
  /// None fits, for this reason.
  case none(String)
  /// No search was made, because the token is refused.
  case notSought

  /// Whether there is something to try.
  var opens: Bool {
    switch self {
    case .own, .clientSecret: true
    case .none, .notSought: false
    }
  }

  /// Selects for a token.
  ///
  /// - Parameter signingKeyID: The `kid` of the key with which the client signs, if it has one.
  package static func select(
    for token: CompactJWE, from keys: [JSONWebKey], clientSecret: Secret?, signingKeyID: String?
  ) -> DecryptionKeySelection {
    guard let algorithm = token.algorithm else { return .notSought }
    let ofType = keys.filter { $0.keyType == algorithm.keyType }
    if algorithm.isSymmetric, ofType.isEmpty {
      guard let clientSecret, !clientSecret.isEmpty else {
        return .none("\(algorithm.rawValue) needs the client secret, and there is none")
      }
      return .clientSecret(clientSecret)
    }
    var named = ofType
    if let keyID = token.keyID {
      named = ofType.filter { $0.keyID?.isIdentical(to: keyID) == true }
      if named.isEmpty {
        if let signingKeyID, signingKeyID.isIdentical(to: keyID) {
          return .none("kid \(keyID) is the key with which this client signs")
        }
        let known = keys.compactMap(\.keyID)
        return .none(
          "no \(algorithm.keyType) key with kid \(keyID); the client\u{2019}s keys are "
            + (known.isEmpty ? "none" : known.joined(separator: ", ")))
      }
    }
    if token.keyID != nil, named.allSatisfy({ $0.use == "sig" }) {
      return .none("the key of that name is for signatures (use sig)")
    }
    let fitting = named.filter { $0.decrypts(token) }
    guard !fitting.isEmpty else {
      return .none(
        named.isEmpty
          ? "the client has no \(algorithm.keyType) key for decryption"
          : "the key is not for this (use, key_ops, alg or crv)")
    }
    return .own(Array(fitting.prefix(KeySelection.triedKeysMaximum)))
  }
}

extension JSONWebKey {
  /// Whether the key may open a token: what it says of itself, where it says something.
  ///
  /// With `dir` the key is the content key, so its `alg` is the token's `enc`.
  fileprivate func decrypts(_ token: CompactJWE) -> Bool {
    func states(_ name: String, _ fits: (JSONValue) -> Bool) -> Bool {
      json[name].map(fits) ?? true
    }
    let algorithm = token.algorithm == .direct ? token.contentName : token.algorithmName
    let operations = ["decrypt", "unwrapKey", "deriveKey", "deriveBits"]
    let isOnCurve =
      keyType != "EC" || token.header["epk"]?["crv"]?.string.map { $0 == curve } ?? true
    return states("use") { $0.string == "enc" } && states("alg") { $0.string == algorithm }
      && states("key_ops") { $0.strings?.contains(where: operations.contains) ?? false }
      && isOnCurve
  }
}

/// The outer form of an ID token that is encrypted, or ought to be.
struct TokenEnvelope: Sendable, Equatable {
  /// The encrypted token, or why it cannot be read; nil for a token that came without encryption.
  let token: Result<CompactJWE, EncryptedTokenError>?
  /// What the client knows; nil when it has registered no encryption.
  let registered: ClientDecryption?
  let selection: DecryptionKeySelection
  /// Whether it belongs to another application, whose registration and key are not known here.
  var isWitnessed = false
  /// What came of opening it.
  var outcome: DecryptionOutcome?

  /// Nil for a signed token where no encryption was registered, and for what has five parts and is
  /// no encrypted token.
  init?(_ text: String, _ configuration: FlowConfiguration) {
    self.init(
      text, registered: configuration.decryption, clientSecret: configuration.clientSecret,
      signingKeyID: configuration.clientKey?.keyID,
      opensAll: configuration.experiment.checksOff.contains(.idTokenEncAllowlist))
    isWitnessed = configuration.witness != nil && configuration.decryption == nil
  }

  /// Whether nothing can be said of the token: it is another application's, and encrypted.
  var isSealed: Bool { isWitnessed && jwe != nil }

  /// - Parameter opensAll: Whether a token is opened although its `alg` or `enc` is refused.
  init?(
    _ text: String, registered: ClientDecryption?, clientSecret: Secret?, signingKeyID: String?,
    opensAll: Bool = false
  ) {
    self.registered = registered
    guard CompactJWE.hasForm(text) else {
      guard registered != nil else { return nil }
      token = nil
      selection = .notSought
      return
    }
    do throws(EncryptedTokenError) {
      let jwe = try CompactJWE(text)
      token = .success(jwe)
      selection =
        registered == nil
          || EncryptionChecks.refusal(jwe, registered?.idTokens) != nil
            && !opensAll
        ? .notSought
        : .select(
          for: jwe, from: registered?.keys ?? [], clientSecret: clientSecret,
          signingKeyID: signingKeyID)
    } catch {
      guard registered != nil else { return nil }
      token = .failure(error)
      selection = .notSought
    }
  }

  /// The JWT of an authorization response that is encrypted, or ought to be; nil for one that is
  /// only signed where nothing else was registered, and where the client has no key.
  ///
  /// What was registered for ID tokens says nothing of it.
  init?(response text: String, _ configuration: FlowConfiguration) {
    guard let known = configuration.decryption, known.responses != nil || CompactJWE.hasForm(text)
    else { return nil }
    var own = configuration
    own.decryption?.idTokens = known.responses
    self.init(text, own)
  }

  var jwe: CompactJWE? { try? token?.get() }

  /// The token that was inside.
  var content: String? {
    if case .content(let text)? = outcome { text.reveal() } else { nil }
  }

  /// The work of opening it; nil when there is nothing to open, or nothing to open it with.
  func task(_ purpose: DecryptionTask.Purpose) -> DecryptionTask? {
    guard let jwe, selection.opens else { return nil }
    return DecryptionTask(purpose: purpose, token: jwe, keys: selection)
  }
}

/// A token that somebody has pasted, opened with a key of their own.
package struct TokenOpening {
  /// The token, if it can be read.
  package let token: CompactJWE?
  /// What was inside.
  package let content: String?
  /// What opening it showed; whether encryption was registered is not known.
  package let checks: [Check]

  /// Opens a token with one of these keys.
  package init(_ text: String, keys: [JSONWebKey], by open: (DecryptionTask) -> DecryptionOutcome) {
    var envelope = TokenEnvelope(
      text, registered: ClientDecryption(keys: keys), clientSecret: nil, signingKeyID: nil)
    if let task = envelope?.task(.frontIDToken) { envelope?.outcome = open(task) }
    token = envelope?.jwe
    content = envelope?.content
    checks = (envelope.map(EncryptionChecks.all) ?? []).filter {
      $0.id != .idTokenEncryptedAsRegistered
    }
  }
}
