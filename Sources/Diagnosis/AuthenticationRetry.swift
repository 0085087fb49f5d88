import HybridFlow
import OpenID

/// The other way to send the client secret, after the token endpoint refused it.
///
/// RFC 6749, section 2.3.1. A code works once, so a retry needs a new run.
public struct AuthenticationRetry: Sendable, Equatable {
  /// How the secret was sent.
  public let used: ClientAuthenticationMethod
  /// How to send it next.
  public let other: ClientAuthenticationMethod
  /// Whether form encoding changes the secret, so that it differs in the header.
  public let secretIsChangedByEncoding: Bool
  /// Whether the provider's metadata list the other way; nil when they list none.
  public let isOffered: Bool?

  /// Reads a run; nil unless the token endpoint refused the client, which has a secret.
  public init?(_ transcript: Transcript, _ configuration: FlowConfiguration) {
    guard case .provider(.refused(let error))? = transcript.failure,
      Self.refusesClient(error), let secret = configuration.clientSecret?.reveal(),
      let request = transcript[.exchange].messages.lazy.compactMap(\.request).last
    else { return nil }
    let inHeader = request.headers["Authorization"]?.asciiLowercased.begins(with: "basic ") == true
    let inBody = (try? FormEncoding.decode(request.body))?["client_secret"] != nil
    guard inHeader || inBody else { return nil }
    used = inHeader ? .basic : .post
    other = inHeader ? .post : .basic
    secretIsChangedByEncoding = !FormEncoding.encode(secret).isIdentical(to: secret)
    let listed = Self.metadata(transcript, configuration)?.json[
      "token_endpoint_auth_methods_supported"]?.strings
    let wanted = other.rawValue
    isOffered = listed.map { $0.contains(wanted) }
  }

  /// Whether a token endpoint's error is about the client and not about the code.
  ///
  /// Auth0 answers a wrong secret with 401 `access_denied`, Keycloak with 401
  /// `unauthorized_client`; RFC 6749, section 5.2, has `invalid_client`.
  private static func refusesClient(_ error: OAuthError) -> Bool {
    guard error.endpoint == .token else { return false }
    return error.code == "invalid_client"
      || error.status == 401
        && ["", "401", "access_denied", "unauthorized_client"].contains(error.code)
  }

  /// What can be tried, in sentences.
  public var advice: String {
    "Run again with \(option) to \(offer)." + (trap.map { " " + $0 } ?? "")
  }

  private static func metadata(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) -> ProviderMetadata? {
    configuration.explicitMetadata
      ?? transcript[.login].messages.lazy.compactMap { message in
        message.response.flatMap { try? JSONParser.parse($0.body) }.flatMap(ProviderMetadata.init)
      }.first
  }

  /// The option that chooses the other way.
  public var option: String { "--client-auth \(other == .post ? "post" : "basic")" }

  /// What can be tried, as a sentence without a full stop.
  public var offer: String {
    let listed =
      switch isOffered {
      case true?: ", which the metadata list"
      case false?: ", which the metadata do not list"
      case nil: ""
      }
    return "try again with \(other.rawValue)\(listed)"
  }

  /// Why a correct secret may look wrong to the server; nil when that cannot be.
  public var trap: String? {
    guard secretIsChangedByEncoding else { return nil }
    switch used {
    case .basic:
      return "client_secret_basic encodes id and secret twice, as form values and then as base64. "
        + "This secret has characters that the first changes: a server that undoes only the second "
        + "compares an encoded secret with a plain one."
    case .post, .privateKeyJWT, .tlsClientAuth, .selfSignedTLSClientAuth, .none:
      return "This secret has characters that form encoding changes: look whether blanks or "
        + "quotation marks were copied along with it."
    }
  }
}
