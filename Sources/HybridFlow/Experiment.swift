import OpenID

/// What the lab changes in a run, to show what a check is for.
///
/// A run with a real tenant never has one: see ``FlowConfiguration/observesTenant``.
struct Experiment: Sendable, Equatable {
  var checksOff: Set<CheckID> = []
  var mistakes: Set<ApplicationMistake> = []
  var tampering: Tampering?
}

extension FlowConfiguration {
  /// The only access to the lab's switches: empty unless the tenant is the built-in one.
  var experiment: Experiment {
    guard observesTenant else { return Experiment() }
    return Experiment(checksOff: checksOff, mistakes: mistakes, tampering: tampering)
  }
}

extension FlowConfiguration {
  /// Whether the application of this run speaks no TLS newer than 1.2.
  public var speaksOldTLS: Bool { experiment.mistakes.contains(.speaksOldTLS) }

  /// The certificate that goes along with requests to the provider and the API; nil without one.
  var shownCertificate: ClientCertificate? {
    experiment.mistakes.contains(.showsOtherCertificate) ? otherCertificate : clientCertificate
  }
}

/// A mistake of a careless application; a careful one checks before it acts.
public enum ApplicationMistake: String, Sendable, Hashable, CaseIterable {
  /// Sends the code although a check of the response has failed.
  case exchangesAnyway
  /// Sends the code a second time after the token endpoint has answered.
  case sendsCodeTwice
  /// Builds the redirect URI again for the token request, with one more slash.
  case changesRedirectURI
  /// Uses the token endpoint of another issuer.
  case mixesEndpoints
  /// Puts the access token into the URL of the API.
  case tokenInQuery
  /// Calls the API with the access token from the front channel.
  case usesFirstAccessToken
  /// Keeps using a refresh token that a refresh has replaced.
  case keepsOldRefreshToken
  /// Waits for the answers of two issuers at one redirect URI.
  case sharesRedirectURI
  /// Shows the page at the redirect URI with the answer in its address, and with scripts of others.
  case leavesAnswerInAddress
  /// Signs a client secret that lives longer than the provider takes.
  case signsLongLivedSecret
  /// Signs a client secret whose subject is another client.
  case signsSecretForAnother
  /// Sends the signed request through the browser, to a provider that wants it pushed.
  case leavesOutPush
  /// Writes parameters beside the reference to a pushed request.
  case repeatsOutside
  /// Asks for the answer at a redirect URI of plain http.
  case asksForPlainRedirect
  /// Encrypts the signed request for a key that is not the provider's.
  case encryptsForAnotherKey
  /// Leaves the signed request readable, although it ought to be encrypted.
  case leavesRequestReadable
  /// Speaks no TLS newer than 1.2.
  case speaksOldTLS
  /// Signs requests by a clock that is hours slow.
  case signsRequestByOldClock
  /// Signs requests that are good for two hours.
  case signsLongLivedRequest
  /// Signs requests without saying from when on they are good.
  case signsRequestWithoutBegin
  /// Signs requests that are made out for another provider.
  case signsRequestForAnother
  /// Sends the token request to the ordinary address, although there is one for certificates.
  case ignoresAlias
  /// Leaves `client_id` out of the token request.
  case leavesOutClientID
  /// Calls the API without the certificate to which its token is bound.
  case callsWithoutCertificate
  /// Shows the certificate of another client.
  case showsOtherCertificate
  /// Sends the proof of an earlier request again: every proof has the same `jti`.
  case repeatsProof
  /// Writes another address than that of the request into its proof.
  case provesOtherAddress
  /// Writes another method than that of the request into its proof.
  case provesOtherMethod
  /// Writes the digest of the access token in hexadecimal into its proof.
  case writesHexTokenHash
  /// Leaves the digest of the access token out of its proof.
  case leavesOutTokenHash
  /// Calls the API with a proof by another key than the one to which the token is bound.
  case swapsProofKey
  /// Answers the demand for a nonce with a proof that has none.
  case ignoresProofNonce
  /// Sends the API the nonce of the authorization server.
  case mixesProofNonces
  /// Puts the private part of its key into the proof.
  case showsPrivateKey
  /// Sends its proof twice in one request.
  case sendsTwoProofs
  /// Sends a bound access token as if it were a bearer token.
  case sendsBoundTokenAsBearer
  /// Sets its own cookie with `SameSite=Lax`, although the answer is a form of another site.
  case laxCookie
  /// Looks an account up by e-mail address.
  case accountByEmail
  /// Looks an account up by `sub` alone.
  case accountBySubject
  /// Links a new login to the account that has the same e-mail address, without any proof.
  case linksByEmail

  /// Whether it is made with the application's own accounts, so that no message shows it.
  public var isAboutAccounts: Bool {
    switch self {
    case .accountByEmail, .accountBySubject, .linksByEmail: true
    case .exchangesAnyway, .sendsCodeTwice, .changesRedirectURI, .mixesEndpoints, .tokenInQuery,
      .usesFirstAccessToken, .keepsOldRefreshToken, .laxCookie, .sharesRedirectURI,
      .leavesAnswerInAddress, .signsLongLivedSecret, .signsSecretForAnother, .leavesOutPush,
      .repeatsOutside, .signsRequestByOldClock, .signsLongLivedRequest, .signsRequestWithoutBegin,
      .signsRequestForAnother, .asksForPlainRedirect, .encryptsForAnotherKey,
      .leavesRequestReadable, .speaksOldTLS, .ignoresAlias, .leavesOutClientID,
      .callsWithoutCertificate,
      .showsOtherCertificate, .repeatsProof, .provesOtherAddress, .provesOtherMethod,
      .writesHexTokenHash, .leavesOutTokenHash, .swapsProofKey, .ignoresProofNonce,
      .mixesProofNonces, .showsPrivateKey, .sendsTwoProofs, .sendsBoundTokenAsBearer:
      false
    }
  }
}

/// The message that a fault of the lab changes.
public struct Tampering: Sendable, Equatable {
  /// The fault's id.
  public var faultID: String
  /// The stage of the message.
  public var stage: Stage
  /// Who sends it, or seems to.
  public var from: Actor
  /// Who receives it.
  public var to: Actor
  /// The end of its URL's path; empty for any path.
  public var pathSuffix: String
  /// The action after the flow, counted from 0; nil for any action and for the flow itself.
  public var action: Int?
  /// Who commits the fault.
  public var culprit: Blame

  /// Describes a place.
  public init(
    faultID: String, stage: Stage, from: Actor, to: Actor, pathSuffix: String = "",
    action: Int? = nil, culprit: Blame? = nil
  ) {
    self.faultID = faultID
    self.stage = stage
    self.from = from
    self.to = to
    self.pathSuffix = pathSuffix
    self.action = action
    self.culprit = culprit ?? Self.culprit(from)
  }

  /// Who seems to change a message from this sender: the attacker if the browser brings it, else
  /// the sender.
  public static func culprit(_ from: Actor) -> Blame {
    switch from {
    case .browser: .attacker
    case .application: .application
    case .authorizationServer, .api: .provider
    }
  }

  func covers(_ stage: Stage, from: Actor, to: Actor, url: String, action: Int?) -> Bool {
    guard stage == self.stage, from == self.from, to == self.to else { return false }
    guard self.action == nil || self.action == action else { return false }
    return url.before(anyOf: "?#").ends(with: pathSuffix)
  }
}
