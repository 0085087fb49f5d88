import HybridFlow
import OpenID

/// A fact that a run showed, apart from the provider's texts.
public enum DiagnosisFact: Sendable, Hashable {
  /// A check failed or warned.
  case broken(CheckID)
  /// Two issuers differ by one slash at the end.
  case issuerDiffersBySlash
  /// Two issuers differ only in the scheme, or one has none.
  case issuerDiffersByScheme
  /// The issuer is a template with a placeholder in braces.
  case issuerIsTemplate
  /// Two issuers have the same host but different paths.
  case issuerOfOtherPath
  /// Two issuers have different hosts.
  case issuerOfOtherHost
  /// One of two issuers is on this machine, the other is not, or has another name.
  case issuerIsLocal
  /// Two issuers have the same name of this machine, and another port.
  case issuerOfOtherLocalPort
  /// The ID token came with HS256 where another algorithm was expected.
  case signedWithHS256
  /// HS256 was expected, and the ID token came with another algorithm.
  case expectedHS256
  /// The second access token is not a JWT.
  case opaqueAccessToken
  /// No audience was asked for.
  case noAudience
  /// A GET came to the redirect URI without parameters.
  case emptyGET
  /// The pasted response was in the fragment.
  case answerInFragment
  /// A POST came to the redirect URI without fields.
  case emptyPOST
  /// A GET brought a code.
  case codeByGET
  /// A GET brought an error.
  case errorByGET
  /// The code was sent more than 55 seconds after it arrived.
  case slowExchange
  /// Form encoding changes the secret, which was sent in the Authorization header.
  case secretWithReservedCharacters
  /// The client authenticated in the Authorization header.
  case basicAuthentication
  /// The client authenticated in the body.
  case postAuthentication
  /// The client had no secret.
  case noSecret
  /// `prompt=none` was sent.
  case promptNone
  /// The redirect URI is on this machine.
  case loopbackRedirect
  /// The redirect URI contains an IP address where a host name is required.
  case redirectToAddress
  /// `offline_access` was asked for.
  case wantsOfflineAccess
  /// The client id is one that Auth0 gives to third-party applications.
  case thirdPartyClient
  /// No code challenge was sent.
  case noPKCE
  /// No request came to the redirect URI in time.
  case noCallback
  /// No response was accepted, and a request at the redirect URI was refused for this reason.
  case answerRefused(RefusedRequest.Reason)
  /// The listener could not be opened.
  case listenerFailed
  /// A request got no usable response.
  case transport(TransportFailure.Kind)
  /// The failed request was for discovery or keys.
  case unreadableMetadata
  /// The token endpoint's response was not JSON.
  case unreadableTokens
  /// A redirect came instead of a response.
  case redirected
  /// An access token was requested in the front channel.
  case frontAccessToken
}
