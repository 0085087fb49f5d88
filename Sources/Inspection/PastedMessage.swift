import OpenID
import Redaction

/// A pasted text by its kind and parts, not yet judged.
public struct PastedMessage: Sendable, Equatable {
  /// The kinds of text that are known.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A signed token alone.
    case signedToken = "jws"
    /// An encrypted token alone.
    case encryptedToken = "jwe"
    /// A single token that only its issuer can read.
    case opaqueToken = "opaque-token"
    /// The form that a provider's page posts to the application.
    case formBody = "form"
    /// The response parameters in a redirect URI's query or fragment.
    case callback
    /// Values of an authorization response, collected from a longer text.
    case values
    /// The URL of an authorization request.
    case authorizeURL = "authorize-url"
    /// A token request.
    case tokenRequest = "token-request"
    /// A token response.
    case tokenResponse = "token-response"
    /// An OAuth error, as JSON.
    case errorResponse = "error-response"
    /// A set of keys, or one key.
    case keySet = "jwk-set"
    /// A provider's metadata.
    case metadata = "discovery"
    /// The claims of a person, from the userinfo endpoint.
    case userinfo
    /// What an authorization server says of a token; RFC 7662.
    case introspection
    /// The reference to a pushed request; RFC 9126, section 2.2.
    case pushedResponse = "par-response"
    /// What a provider has registered of a client; RFC 7591, section 3.2.
    case registration
    /// What a server wants before it answers; RFC 9110, section 11.6.1.
    case challenge = "www-authenticate"
    /// Cookies that a server sets; RFC 6265, section 4.1.
    case setCookie = "set-cookie"
  }

  /// What it is.
  public var kind: Kind
  /// The wrapping around it, such as `curl`; nil for none.
  public var wrapping: String?
  /// Where it was sent, up to the query, when the text says so.
  public var address: String?
  /// How the fields travelled: `query`, `fragment` or `body`; nil where there are none.
  public var carrier: String?
  /// The fields in their order, repeats kept.
  public var fields: [FormField]
  /// The JSON, when it was JSON.
  public var json: JSONValue?
  /// The token, when the text was a single one.
  public var token: String?
  /// Further tokens that stood in the text without a name.
  public var others: [String] = []
  /// Further messages of the same text, such as the request that this answers; none has its own.
  public var related: [PastedMessage] = []
  /// The cookies that a server sets, without their values.
  public var cookies: [SetCookie] = []
  /// What could not be decoded, in words.
  public var fault: String?
  /// What else the text holds, and what of it is not read, in sentences.
  public var notes: [String] = []

  init(
    _ kind: Kind, wrapping: String? = nil, address: String? = nil, carrier: String? = nil,
    fields: [FormField] = [],
    json: JSONValue? = nil, token: String? = nil, fault: String? = nil
  ) {
    self.kind = kind
    self.wrapping = wrapping
    self.address = address
    self.carrier = carrier
    self.fields = fields
    self.json = json
    self.token = token
    self.fault = fault
  }

  /// The value of a field, or of a member that is a string; an empty one counts as absent.
  public subscript(name: String) -> String? {
    let value = json.flatMap { $0[name]?.string } ?? fields[name]
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A value that stands in it or, if it has none, in another message of the same text.
  func nearby(_ name: String) -> String? {
    self[name] ?? related.lazy.compactMap { $0[name] }.first
  }

  /// The names of the login's values in it, in the order of the text.
  public var found: [String] {
    var names: [String] = []
    for message in [self] + related {
      let own = (message.json?.members ?? []).map(\.name) + message.fields.map(\.name)
      for name in own where LoginNames.all.contains(name) && message[name] != nil {
        if !names.contains(name) { names.append(name) }
      }
    }
    return names
  }

  /// Whether it has what only an answer through the browser has.
  public var isAnswer: Bool {
    fault != nil
      || ["code", "id_token", "access_token", "error", "response", "logout_token"].contains {
        self[$0] != nil
      }
  }

  /// Whether it is a response that came through the browser.
  public var isFrontAnswer: Bool { [.formBody, .callback, .values].contains(kind) }

  /// The secrets in it, shown only on request.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    // Published data and authorization requests are long and random without being secret.
    let guesses = kind != .keySet && kind != .metadata && kind != .authorizeURL
    for field in fields { finder.read(field, guesses: guesses) }
    if let json { finder.read(json: Array(json.compactText.utf8), guesses: guesses) }
    for token in [token].compactMap({ $0 }) + others { finder.read(token: token) }
    // A token beside other things may hold what stands there under a name of its own.
    if token == nil { for token in others { finder.read(FormField("jwt", token), guesses: true) } }
    return finder.secrets + related.flatMap(\.secrets)
  }

  /// The key set, if it is one; nil for a single key.
  public var keySet: JSONWebKeySet? {
    guard kind == .keySet, let json else { return nil }
    return try? JSONWebKeySet(json)
  }

  /// The keys of a set, or the single key.
  public var keys: [JSONWebKey] {
    guard kind == .keySet, let json else { return [] }
    return keySet?.keys ?? JSONWebKey(json).map { [$0] } ?? []
  }
}

/// Why a text was not recognised.
public struct PastedError: Error, Sendable, Equatable {
  /// What the text seems to be instead, and what can be read.
  public var message: String
  /// Whether it says what the text is, such as a cookie or a SAML response.
  public var isKnown = false
}
