import OpenID

/// The response of the token endpoint.
///
/// RFC 6749, sections 5.1 and 5.2.
enum TokenAnswer: Sendable, Equatable {
  /// 200 and a JSON object.
  case tokens(TokenResponse)
  /// An OAuth error.
  case refused(OAuthError)
  /// Neither; the text says what was received instead.
  case unreadable(String)

  /// Reads a response.
  static func read(_ response: HTTPResponse) -> TokenAnswer {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(response.body)
    } catch {
      return .unreadable(response.unusable("The token endpoint", error))
    }
    if let error = OAuthError(json, of: response, at: .token) { return .refused(error) }
    guard case .object = json else {
      return .unreadable(
        "The token endpoint answered HTTP \(response.status) with a JSON \(json.typeName), "
          + "not an object.")
    }
    guard response.status == 200 else {
      return .unreadable(
        ResponseWords(response).sentence("The token endpoint") + " It gave no OAuth error.")
    }
    return .tokens(TokenResponse(json: json))
  }
}

/// A successful token response.
///
/// OpenID Connect Core 1.0, section 3.1.3.3.
package struct TokenResponse: Sendable, Equatable {
  let json: JSONValue

  package init(json: JSONValue) { self.json = json }

  var accessToken: String? { nonEmpty("access_token") }
  var idToken: String? { nonEmpty("id_token") }
  var refreshToken: String? { nonEmpty("refresh_token") }
  var tokenType: String? { json["token_type"]?.string }
  var scope: String? { json["scope"]?.string }
  /// Seconds; some servers write a string.
  var expiresIn: Int64? {
    json["expires_in"].flatMap { $0.integer ?? $0.string.flatMap { Int64($0) } }
  }

  /// Whether the access token can be put in a header: a line break in it would add lines to the
  /// request to the API.
  ///
  /// RFC 6749, appendix A.12.
  var accessTokenIsVisible: Bool {
    accessToken?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? false
  }

  private func nonEmpty(_ name: String) -> String? {
    json[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }
}
