import OpenID
import Redaction

/// What a pasted text turned out to be, taken apart but not judged.
public struct PastedMessage: Sendable, Equatable {
  /// The kinds of text that are known.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A signed token alone.
    case signedToken = "jws"
    /// An encrypted token alone.
    case encryptedToken = "jwe"
    /// One word that only its issuer can read.
    case opaqueToken = "opaque-token"
    /// What a provider's page posts to the application.
    case formBody = "form"
    /// What a provider sends in a redirect URI's query or fragment.
    case callback
    /// The address with which a login begins.
    case authorizeURL = "authorize-url"
    /// What an application sends to the token endpoint.
    case tokenRequest = "token-request"
    /// What the token endpoint answers.
    case tokenResponse = "token-response"
    /// An error in the words of OAuth, as JSON.
    case errorResponse = "error-response"
    /// A set of keys, or one key.
    case keySet = "jwk-set"
    /// What a provider says of itself.
    case metadata = "discovery"
  }

  /// What it is.
  public var kind: Kind
  /// What it was wrapped in, such as `curl`; nil for nothing.
  public var wrapping: String?
  /// Where it was sent, up to the query, when the text says so.
  public var address: String?
  /// How the fields travelled: `query`, `fragment` or `body`; nil where there are none.
  public var carrier: String?
  /// The fields in their order, repeats kept.
  public var fields: [FormField]
  /// The JSON, when it was JSON.
  public var json: JSONValue?
  /// The token, when it was one alone.
  public var token: String?
  /// What cannot be decoded of it, in words.
  public var fault: String?

  init(
    _ kind: Kind, address: String? = nil, carrier: String? = nil, fields: [FormField] = [],
    json: JSONValue? = nil, token: String? = nil, fault: String? = nil
  ) {
    self.kind = kind
    self.address = address
    self.carrier = carrier
    self.fields = fields
    self.json = json
    self.token = token
    self.fault = fault
  }

  /// A value of a field or of a member that is a text; an empty one counts as absent.
  public subscript(name: String) -> String? {
    let value = json.flatMap { $0[name]?.string } ?? fields[name]
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether it is an answer that came through the browser.
  var isFrontAnswer: Bool { kind == .formBody || kind == .callback }

  /// What must not be seen of it, unless the person asks.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    // What a provider publishes, and what the person asks for, is long and random without harm.
    let guesses = kind != .keySet && kind != .metadata && kind != .authorizeURL
    for field in fields { finder.read(field, guesses: guesses) }
    if let json { finder.read(json: Array(json.compactText.utf8), guesses: guesses) }
    if let token { finder.read(token: token) }
    var secrets = finder.secrets
    for key in keys {
      for name in key.privateMembers {
        if let value = key.json[name]?.string {
          secrets.append(KnownSecret(value, keepsEnds: false))
        }
      }
    }
    return secrets
  }

  /// The set of keys, when it is one and no single key.
  public var keySet: JSONWebKeySet? {
    guard kind == .keySet, let json else { return nil }
    return try? JSONWebKeySet(json)
  }

  /// The keys of a set, or the one key.
  public var keys: [JSONWebKey] {
    guard kind == .keySet, let json else { return [] }
    return keySet?.keys ?? JSONWebKey(json).map { [$0] } ?? []
  }
}

/// Why nothing was recognised in a text.
public struct PastedError: Error, Sendable, Equatable {
  /// What was seen instead, and what would be understood.
  public var message: String
}
