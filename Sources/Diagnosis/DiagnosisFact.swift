import HybridFlow
import OpenID

/// Something a run showed that is no text of the provider.
public enum DiagnosisFact: Sendable, Hashable {
  /// A check failed or warned.
  case broken(CheckID)
  /// Two issuers differ by one slash at the end.
  case issuerDiffersBySlash
  /// Two issuers differ by scheme alone, or one has none.
  case issuerDiffersByScheme
  /// The issuer is a template with a placeholder in braces.
  case issuerIsTemplate
  /// Two issuers share a host, not a path.
  case issuerOfOtherPath
  /// Two issuers have different hosts.
  case issuerOfOtherHost
  /// One of two issuers is on this machine, the other is not, or has another name or port.
  case issuerIsLocal
  /// The ID token came with HS256 where another algorithm was expected.
  case signedWithHS256
  /// HS256 was expected, and the ID token came with another algorithm.
  case expectedHS256
  /// The second access token is no JWT.
  case opaqueAccessToken
  /// No audience was asked for.
  case noAudience
  /// A GET came to the redirect URI with nothing in it.
  case emptyGET
  /// The answer stood behind the `#`, as the person pasted it.
  case answerInFragment
  /// A POST came to the redirect URI with nothing in it.
  case emptyPOST
  /// A GET brought a code.
  case codeByGET
  /// A GET brought an error.
  case errorByGET
  /// The code was sent more than 55 seconds after it came.
  case slowExchange
  /// The secret has characters that form encoding changes, and went in the Authorization header.
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
  /// The redirect URI names an address where a name is wanted.
  case redirectToAddress
  /// `offline_access` was asked for.
  case wantsOfflineAccess
  /// The client id is one that Auth0 gives to third-party applications.
  case thirdPartyClient
  /// No code challenge was sent.
  case noPKCE
  /// Nothing came to the redirect URI in time.
  case noCallback
  /// No answer was taken, and a request at the redirect URI was refused for this reason.
  case answerRefused(RefusedRequest.Reason)
  /// The listener could not be opened.
  case listenerFailed
  /// A request got no usable answer.
  case transport(TransportFailure.Kind)
  /// The failed request was for discovery or keys.
  case unreadableMetadata
  /// The token endpoint's answer was not JSON.
  case unreadableTokens
  /// A redirect in place of an answer.
  case redirected
  /// An access token was asked for in the front channel.
  case frontAccessToken
}
