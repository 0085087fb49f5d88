import HybridFlow
import OpenID
import Redaction

/// Reading an authorization response from a text.
extension PastedAnswer {
  /// Reads a text of at most ``PastedReader/textBytes``; the response is limited as on the wire.
  ///
  /// - Throws: ``PastedError`` that says what the text is instead, and what to paste.
  public init(_ text: String) throws(PastedError) {
    self = try Self.read(text)
    let bytes = FormEncoding.encode(fields).utf8.count
    guard bytes <= Limit.requestBodyBytes else {
      throw PastedError(
        message: "This answer has \(bytes) bytes. The application takes \(Limit.requestBodyBytes), "
          + "and no provider sends more.")
    }
  }

  private static func read(_ text: String) throws(PastedError) -> PastedAnswer {
    let message: PastedMessage
    do {
      message = try PastedReader.read(text)
    } catch {
      throw error.message.begins(with: "Nothing is recognised") ? unknown(text) : error
    }
    if let fault = message.fault { throw PastedError(message: "This cannot be read. \(fault)") }
    guard message.isFrontAnswer else { throw PastedError(message: otherwise(message.kind)) }
    // Values without a carrier were collected from a text: they are taken as a form.
    let carrier = message.carrier.flatMap(Carrier.init) ?? .body
    guard message.fields.contains(where: { AuthorizationResponse.knownNames.contains($0.name) })
    else {
      throw PastedError(
        message: "None of its fields is part of an answer that can be read here. " + wanted)
    }
    return PastedAnswer(
      carrier: carrier, fields: message.fields,
      source: message.wrapping ?? name(carrier, hasAddress: message.address != nil),
      address: message.address)
  }

  private static let wanted =
    "Paste the body of the POST to the redirect URI, its \u{201C}Copy as cURL\u{201D}, or the "
    + "address at which the browser ended."

  private static func name(_ carrier: Carrier, hasAddress: Bool) -> String {
    switch carrier {
    case .body: "a form body"
    case .query: hasAddress ? "an address with a query" : "a query"
    case .fragment: hasAddress ? "an address with a fragment" : "a fragment"
    }
  }

  private static func unknown(_ text: String) -> PastedError {
    PastedError(
      message: "Nothing of an answer is recognised in \(text.utf8.count) bytes. " + wanted)
  }

  /// What a text is that is not an authorization response.
  private static func otherwise(_ kind: PastedMessage.Kind) -> String {
    let what =
      switch kind {
      case .signedToken, .encryptedToken, .opaqueToken: "This is a token alone; the answer has more"
      case .authorizeURL: "This is the request with which the browser left, not the answer"
      case .tokenRequest: "This is a request to the token endpoint, which comes after the answer"
      case .tokenResponse, .errorResponse:
        "This is JSON of a token endpoint, which comes after the answer"
      case .keySet, .metadata: "This is a document of the provider, not its answer"
      case .challenge, .setCookie: "This is a header of a response, not the answer"
      case .userinfo, .introspection, .pushedResponse, .registration:
        "This is an answer of another endpoint, not of the authorization endpoint"
      case .formBody, .callback, .values: "This is no answer that can be read here"
      }
    return what + ". " + wanted
  }

  /// The secrets in it, shown only on request.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    for field in fields { finder.read(field, guesses: true) }
    return finder.secrets
  }
}
