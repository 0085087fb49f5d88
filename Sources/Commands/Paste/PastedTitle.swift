import Inspection
import OpenID

extension PastedMessage {
  /// What it is, as the beginning of a sentence.
  var title: String {
    switch kind {
    case .signedToken: "A signed token (JWS)"
    case .encryptedToken: "An encrypted token (JWE): only who has the key can read it"
    case .opaqueToken: "An opaque token"
    case .formBody where self["logout_token"] != nil: "A logout, posted to an application"
    case .formBody: "The body of a form post to an application"
    case .callback: "A callback URL, its answer in the \(carrier ?? "query")"
    case .authorizeURL: "An authorization request"
    case .tokenRequest: "A request to a token endpoint"
    case .tokenResponse: "The answer of a token endpoint"
    case .errorResponse: "An OAuth error; \"hybrid-flow explain\" says more about it"
    case .keySet: "\(keys.count) \(keys.count == 1 ? "key" : "keys") (JWK)"
    case .metadata: "A discovery document"
    case .values where self["code"] == nil && tokens.isEmpty && self["error"] == nil:
      "Values that a program keeps of a login"
    case .values: "Values of an authorization response"
    case .userinfo: "The claims of a person, as the userinfo endpoint gives them"
    case .introspection: "What an authorization server says of a token (introspection)"
    case .pushedResponse: "The answer to a pushed request"
    case .challenge: "What a server wants before it answers (WWW-Authenticate)"
    case .setCookie:
      cookies.count == 1
        ? "A cookie that a server sets (Set-Cookie)"
        : "\(cookies.count) cookies that a server sets (Set-Cookie)"
    case .registration: "What a provider has registered of a client"
    }
  }
}

extension String {
  /// With a small first letter, unless the second is a capital as well.
  var lowercasedFirst: String {
    let bytes = Array(utf8)
    guard let first = bytes.first, bytes.count > 1, !(0x41...0x5A).contains(bytes[1]) else {
      return self
    }
    return String(decoding: [first.asciiLowercased] + bytes.dropFirst(), as: UTF8.self)
  }
}
