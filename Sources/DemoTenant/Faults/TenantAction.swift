import OpenID

/// What a tenant really does wrong on purpose in its own messages.
///
/// The lab's table says what each fault means and which check must catch it; this type only says
/// what is done.
public struct Fault: Sendable, Equatable {
  /// The id in the lab's table.
  public var id: String
  /// The actions, in this order.
  public var actions: [TenantAction]

  /// Describes a fault.
  public init(_ id: String, _ actions: [TenantAction]) {
    self.id = id
    self.actions = actions
  }

  /// By how many seconds a code is delayed; nil when it is not.
  var codeDelaySeconds: Int64? {
    for case .codeDelay(let seconds) in actions { return seconds }
    return nil
  }
}

/// One action that is wrong on purpose.
public enum TenantAction: Sendable, Equatable {
  /// Wrong claims, correctly signed.
  case claims(FaultyToken, [JSONEdit])
  /// A wrong header, correctly signed.
  case header(FaultyToken, [JSONEdit])
  /// A signature that is not the tenant's.
  case signature(FaultyToken, SignatureTrick)
  /// A token that is not well-formed.
  case text(FaultyToken, TextTrick)
  /// A wrong encryption of a token that is right inside.
  case encryption(FaultyToken, EncryptionTrick)
  /// Wrong fields in the authorization response.
  case answer([FieldEdit])
  /// Another value of a field in the authorization response, where it has that field.
  case answerWhere(String, String)
  /// An authorization response in another mode than requested.
  case answerMode(ResponseMode)
  /// Wrong members in a JSON document.
  case document(FaultyDocument, [JSONEdit])
  /// A wrong HTTP response.
  case response(FaultyDocument, ResponseEdit)
  /// Wrong published keys.
  case keys(KeyTrick)
  /// Userinfo as a signed token, with claims changed.
  case signedUserinfo(SignatureTrick?, [JSONEdit])
  /// Wrong fields in the redirect back from a logout.
  case logoutAnswer([FieldEdit])
  /// The token endpoint returns the access token that was sent through the front channel.
  case sameAccessToken
  /// The code reaches the token endpoint this much later than it was sent.
  case codeDelay(seconds: Int64)
  /// The login form is answered with a 307 to the redirect URI, with the answer in its query.
  case loginRepeated
}

/// The tokens that a fault can spoil.
public enum FaultyToken: Sendable, Hashable, CaseIterable {
  /// The ID token from the front channel.
  case firstIDToken
  /// The ID token of the token endpoint.
  case secondIDToken
  /// The ID token of a refresh.
  case refreshedIDToken
  /// The access token of the token endpoint, when it is a JWT.
  case secondAccessToken
  /// The JWT that carries the authorization response, when one was asked for; JARM.
  case response

  /// The ID tokens of a run and of a refresh after it.
  public static let idTokens: [FaultyToken] = [.firstIDToken, .secondIDToken, .refreshedIDToken]
}

/// The documents that a fault can spoil.
public enum FaultyDocument: Sendable, Hashable, CaseIterable {
  case metadata, keys, tokens, userinfo, introspection, api

  var path: String? {
    switch self {
    case .metadata: Path.discovery
    case .keys: Path.jwks
    case .tokens: Path.token
    case .userinfo: Path.userinfo
    case .introspection: Path.introspect
    case .api: nil
    }
  }
}

/// A change of a JSON object.
public enum JSONEdit: Sendable, Equatable {
  /// Sets a member.
  case set(String, JSONValue)
  /// Removes a member.
  case drop(String)
  /// Adds characters to a string.
  case append(String, String)
  /// Sets a member to a time, this many seconds from now.
  case moment(String, seconds: Int64)
  /// Turns a string into an array of it and one more.
  case join(String, String)
  /// Turns a value into an array of it alone.
  case wrap(String)
  /// Adds half a second to a time.
  case fraction(String)
  /// Writes a whole number with an exponent.
  case exponent(String)

  func apply(to json: inout JSONValue, now: UnixTime) {
    switch self {
    case .set(let name, let value): json.set(name, value)
    case .drop(let name): json.remove(name)
    case .append(let name, let suffix):
      json.set(name, .string((json[name]?.string ?? "") + suffix))
    case .moment(let name, let seconds): json.set(name, number(now.seconds + seconds))
    case .join(let name, let other):
      json.set(name, .array([json[name] ?? .string(""), .string(other)]))
    case .wrap(let name):
      if let value = json[name] { json.set(name, .array([value])) }
    case .fraction(let name):
      guard let whole = json[name]?.integer else { return }
      json.set(name, .number(JSONNumber(literal: "\(whole).5")))
    case .exponent(let name):
      guard let whole = json[name]?.integer else { return }
      json.set(name, .number(JSONNumber(literal: "\(whole).0E+0")))
    }
  }
}

/// A change of the authorization response's fields.
public enum FieldEdit: Sendable, Equatable {
  /// Sets a field; a new one is added at the end.
  case set(String, String)
  /// Removes a field.
  case drop(String)
  /// Adds characters to a field.
  case append(String, String)
  /// Adds a field at the end, even if it exists already.
  case add(String, String)

  /// Makes the change; dropping or appending to a missing field does nothing.
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
  /// By an attacker's key, under the tenant's `kid`.
  case stranger
  /// By an attacker's key, under a `kid` that is not published.
  case unknownKey
  /// By an attacker's key that is in the token's header.
  case embeddedKey
  /// By an attacker's key that is the `kid` itself.
  case keyAsName
  /// By an attacker's key, under a `kid` that is meant to be opened: an address, a path.
  case name(String)
  /// One bit of it is wrong.
  case flippedBit
  /// It is empty, and the header is unchanged.
  case empty
  /// It is empty, and `alg` is `none` in this spelling.
  case unsigned(String)
  /// HMAC with the tenant's public key as the secret.
  case publicKeyAsSecret
  /// By the tenant's own key, with another algorithm of its family.
  case otherAlgorithm
  /// It was valid until the claims were changed afterwards.
  case editedAfterwards([JSONEdit])
}

/// How the text of a token is spoilt.
public enum TextTrick: Sendable, Equatable {
  /// Characters are added at the end.
  case append(String)
  /// The last segment is missing.
  case dropSignature
  /// A claim occurs twice, correctly signed.
  case repeatClaim(String, String)
  /// The claims are written with blanks and escaped slashes.
  case loose
}

/// How the encryption of a token is spoilt, whose content is right.
public enum EncryptionTrick: Sendable, Equatable {
  /// It is not encrypted at all.
  case none
  /// A wrong header, over which the tag is right.
  case header([JSONEdit])
  /// The header was changed after the tag was made.
  case headerAfterwards([JSONEdit])
  /// The claims are inside, without any signature.
  case bareClaims
  /// The content key is carried by `RSA1_5`; for a client with an RSA key.
  case rsa15
  /// The content key is wrapped by a key that the client secret makes as a password, in so many
  /// rounds; for a client with a secret.
  case password(rounds: Int)
  /// What is inside was packed before it was locked, and zip says so; RFC 7516, section 4.1.3.
  case packed
  /// For the key with which the client signs.
  case signingKey
  /// The sender's point is on no curve.
  case pointOffCurve
  /// One bit of the tag is wrong.
  case flippedTag
  /// An encrypted key stands where none belongs.
  case keyPart
}

/// How the published keys are spoilt.
public enum KeyTrick: Sendable, Equatable {
  /// The key is published with its private members.
  case withPrivateMember
  /// Nothing is published.
  case none
  /// The key is published for encryption.
  case forEncryption
  /// The key has 1024 bits.
  case weak
  /// The key is published with another `alg`.
  case otherAlgorithm
  /// A second key of the same kind is published, and tokens do not name theirs.
  case unnamedAmongSeveral
  /// An attacker's key is published under the `kid` of the tenant's own.
  case replaced
  /// An attacker's key is published beside the tenant's own, under the same `kid`.
  case sameNameTwice
  /// The second ID token is signed with a new key, which is published from then on.
  case rotated
  /// The key is published among others that do not fit.
  case amongStrangers
}

/// How a response is spoilt.
public enum ResponseEdit: Sendable, Equatable {
  /// Its status.
  case status(Int)
  /// A header line; an empty value removes it.
  case header(String, String)
  /// Its body and media type.
  case body(mediaType: String, text: String)
  /// A member occurs twice in its JSON: first with this value.
  case repeatMember(String, String)
  /// Its JSON is written with blanks and escaped slashes.
  case loose
}
