import OpenID

/// What a tenant does wrong on purpose, in its own messages, for real.
///
/// The laboratory's table says what each fault means and which check must catch it; here stands
/// only what is done.
public struct Fault: Sendable, Equatable {
  /// The name in the laboratory's table.
  public var id: String
  /// What is done, in this order.
  public var misdeeds: [TenantAction]

  /// Describes a fault.
  public init(_ id: String, _ misdeeds: [TenantAction]) {
    self.id = id
    self.misdeeds = misdeeds
  }

  /// How much later than it was sent a code arrives; nil where nothing holds it up.
  var codeDelaySeconds: Int64? {
    for case .codeDelay(let seconds) in misdeeds { return seconds }
    return nil
  }
}

/// One thing that is done wrong.
public enum TenantAction: Sendable, Equatable {
  /// Claims that are not what they should be, properly signed.
  case claims(FaultyToken, [JSONEdit])
  /// A header that is not what it should be, properly signed.
  case header(FaultyToken, [JSONEdit])
  /// A signature that is none of the tenant's.
  case signature(FaultyToken, SignatureTrick)
  /// A token whose text is not well-formed.
  case text(FaultyToken, TextTrick)
  /// Fields of the authorization answer that are not what they should be.
  case answer([FieldEdit])
  /// An answer that travels otherwise than it was asked for.
  case answerMode(ResponseMode)
  /// Members of a JSON document that are not what they should be.
  case document(FaultyDocument, [JSONEdit])
  /// A response that is not what it should be.
  case response(FaultyDocument, ResponseEdit)
  /// Published keys that are not what they should be.
  case keys(KeyTrick)
  /// Userinfo as a signed token, with claims changed.
  case signedUserinfo(SignatureTrick?, [JSONEdit])
  /// What the browser brings back from a logout is not what it should be.
  case logoutAnswer([FieldEdit])
  /// The token endpoint gives out the access token that went through the browser before.
  case sameAccessToken
  /// The code reaches the token endpoint so much later than it was sent.
  case codeDelay(seconds: Int64)
}

/// The tokens that a fault can spoil.
public enum FaultyToken: Sendable, Hashable, CaseIterable {
  /// The ID token through the browser.
  case firstIDToken
  /// The ID token of the token endpoint.
  case secondIDToken
  /// The ID token of a refresh.
  case refreshedIDToken
  /// The access token of the token endpoint, when it is a JWT.
  case secondAccessToken
}

/// The documents that a fault can spoil.
public enum FaultyDocument: Sendable, Hashable, CaseIterable {
  case metadata, keys, tokens, userinfo, api

  var path: String? {
    switch self {
    case .metadata: Path.discovery
    case .keys: Path.jwks
    case .tokens: Path.token
    case .userinfo: Path.userinfo
    case .api: nil
    }
  }
}

/// A change of a JSON object.
public enum JSONEdit: Sendable, Equatable {
  /// Sets a member.
  case set(String, JSONValue)
  /// Leaves a member out.
  case drop(String)
  /// Adds characters to a string.
  case append(String, String)
  /// Sets a member to a moment, so many seconds from now.
  case moment(String, seconds: Int64)
  /// Makes an array of a string and one more.
  case join(String, String)

  func apply(to json: inout JSONValue, now: UnixTime) {
    switch self {
    case .set(let name, let value): json.set(name, value)
    case .drop(let name): json.remove(name)
    case .append(let name, let suffix):
      json.set(name, .string((json[name]?.string ?? "") + suffix))
    case .moment(let name, let seconds): json.set(name, number(now.seconds + seconds))
    case .join(let name, let other):
      json.set(name, .array([json[name] ?? .string(""), .string(other)]))
    }
  }
}

/// A change of the authorization answer's fields.
public enum FieldEdit: Sendable, Equatable {
  /// Sets a field, at the end when it was not there.
  case set(String, String)
  /// Leaves a field out.
  case drop(String)
  /// Adds characters to a field.
  case append(String, String)
  /// Adds a field behind all others, whether or not it is there already.
  case add(String, String)

  /// Makes the change; a field that is not there is neither dropped nor lengthened.
  public func apply(to fields: inout [FormField]) {
    switch self {
    case .set(let name, let value):
      if let index = fields.firstIndex(where: { $0.name == name }) {
        fields[index].value = value
      } else {
        fields.append(FormField(name, value))
      }
    case .drop(let name): fields.removeAll { $0.name == name }
    case .append(let name, let suffix):
      if let index = fields.firstIndex(where: { $0.name == name }) { fields[index].value += suffix }
    case .add(let name, let value): fields.append(FormField(name, value))
    }
  }
}

/// How a signature is forged.
public enum SignatureTrick: Sendable, Equatable {
  /// By a key of a stranger, under the tenant's `kid`.
  case stranger
  /// By a key of a stranger, under a `kid` that nobody has published.
  case unknownKey
  /// By a key of a stranger that the header brings along.
  case embeddedKey
  /// One bit of it is wrong.
  case flippedBit
  /// It is left empty, and the header stays.
  case empty
  /// It is left empty, and `alg` says so in this spelling.
  case unsigned(String)
  /// HMAC with the tenant's public key as the secret.
  case publicKeyAsSecret
  /// By the tenant's own key, with another algorithm of its family.
  case otherAlgorithm
  /// It was right until the claims were changed behind it.
  case editedAfterwards([JSONEdit])
}

/// How the text of a token is spoilt.
public enum TextTrick: Sendable, Equatable {
  /// Characters behind it.
  case append(String)
  /// The last segment is missing.
  case dropSignature
  /// A claim stands twice, properly signed.
  case repeatClaim(String, String)
}

/// How the published keys are spoilt.
public enum KeyTrick: Sendable, Equatable {
  /// A private member is published with the key.
  case withPrivateMember
  /// Nothing is published.
  case none
  /// The key is published for encryption.
  case forEncryption
  /// The key is published with 1024 bits.
  case weak
  /// The key is published under another algorithm.
  case otherAlgorithm
  /// A second key of the same kind is published, and tokens do not say which was used.
  case unnamedAmongSeveral
  /// A stranger's key is published under the name of the tenant's own.
  case replaced
}

/// How a response is spoilt.
public enum ResponseEdit: Sendable, Equatable {
  /// Its status.
  case status(Int)
  /// A header line; an empty value leaves it out.
  case header(String, String)
  /// Its body and media type.
  case body(mediaType: String, text: String)
}
