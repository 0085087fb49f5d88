import OpenID

/// What the laboratory changes about a run, to show what a check is for.
///
/// A run at a real tenant never gets one: see ``FlowConfiguration/observesTenant``.
struct Experiment: Sendable, Equatable {
  var checksOff: Set<CheckID> = []
  var mistakes: Set<ApplicationMistake> = []
  var tampering: Tampering?
}

extension FlowConfiguration {
  /// The only way to the laboratory's switches: empty unless the tenant is the built-in one.
  var experiment: Experiment {
    guard observesTenant else { return Experiment() }
    return Experiment(checksOff: checksOff, mistakes: mistakes, tampering: tampering)
  }
}

/// Something that a careless application does, which a careful one checks before it acts.
public enum ApplicationMistake: String, Sendable, Hashable, CaseIterable {
  /// Sends the code although a check of the answer has failed.
  case exchangesAnyway
  /// Sends the code a second time after it was answered.
  case sendsCodeTwice
  /// Writes the redirect URI anew for the token request, one slash longer.
  case changesRedirectURI
  /// Takes the token endpoint of another issuer.
  case mixesEndpoints
  /// Puts the access token into the URL of the API.
  case tokenInQuery
  /// Calls the API with the access token that came through the browser.
  case usesFirstAccessToken
  /// Goes on with the refresh token that a refresh has replaced.
  case keepsOldRefreshToken
}

/// Where a fault of the laboratory changes a message.
public struct Tampering: Sendable, Equatable {
  /// The fault's id.
  public var faultID: String
  /// The stage of the message.
  public var stage: Stage
  /// Who sends it, or seems to.
  public var from: Actor
  /// Who receives it.
  public var to: Actor
  /// What the path of its URL ends in; empty for any.
  public var pathSuffix: String
  /// In which action after the flow, counted from 0; nil for any, and for the flow itself.
  public var action: Int?

  /// Describes a place.
  public init(
    faultID: String, stage: Stage, from: Actor, to: Actor, pathSuffix: String = "",
    action: Int? = nil
  ) {
    self.faultID = faultID
    self.stage = stage
    self.from = from
    self.to = to
    self.pathSuffix = pathSuffix
    self.action = action
  }

  func covers(_ stage: Stage, from: Actor, to: Actor, url: String, action: Int?) -> Bool {
    guard stage == self.stage, from == self.from, to == self.to else { return false }
    guard self.action == nil || self.action == action else { return false }
    return url.before(anyOf: "?#").ends(with: pathSuffix)
  }
}
