import OpenID

/// A response that should be a JSON document.
enum JSONAnswer {
  /// Reads a 200 response; otherwise says what came instead.
  ///
  /// - Parameters:
  ///   - subject: What was asked for, at the start of a sentence.
  ///   - endpoint: Where an OAuth error in place of the document came from; nil to read none.
  static func read(
    _ response: HTTPResponse, _ subject: String, at address: String,
    _ endpoint: OAuthError.Endpoint?
  ) -> Result<JSONValue, ProviderFault> {
    guard response.status == 200 else {
      if let endpoint, let json = try? JSONParser.parse(response.body),
        json["error"]?.string?.isEmpty == false,
        let error = OAuthError(json, of: response, at: endpoint)
      {
        return .failure(.refused(error))
      }
      return .failure(
        .unreadable(ResponseWords(response).sentence(subject, at: address) + response.codingNote))
    }
    do throws(JSONError) {
      return .success(try JSONParser.parse(response.body))
    } catch {
      return .failure(.unreadable(response.unusable(subject, at: address, error)))
    }
  }
}

extension ProviderFault: Error {}

extension OAuthError {
  /// The error in a response: OAuth's own, or another one in JSON that comes with a status of
  /// failure; nil when it says nothing of the kind.
  ///
  /// RFC 6749, section 5.2.
  init?(_ json: JSONValue, of response: HTTPResponse, at endpoint: Endpoint) {
    let words = ResponseWords(response)
    let stated = json["error"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    guard stated != nil || response.status >= 400 && words.description != nil else { return nil }
    self.init(
      endpoint: endpoint, code: stated ?? words.code ?? "",
      description: json["error_description"]?.string ?? words.description,
      uri: json["error_uri"]?.string ?? words.uri, status: response.status)
  }
}

extension HTTPResponse {
  /// What came in place of JSON, and why it cannot be read, in a sentence or two.
  func unusable(_ subject: String, at address: String? = nil, _ error: JSONError) -> String {
    let words = ResponseWords(self)
    // A redirect or a page needs no place in the text.
    let isPlain = status < 300 && words.body != .page && words.body != .empty
    return words.sentence(subject, at: address)
      + " It is not JSON (\(headers.mediaType ?? "no content type"))"
      + (isPlain ? ": \(error.explanation(in: body))." : ".") + codingNote
  }
}
