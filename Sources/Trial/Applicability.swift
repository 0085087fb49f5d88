import DemoTenant
import HybridFlow
import Lab
import OpenID

/// What an application does in an honest login, as far as the tenant and the browser see it.
public struct ApplicationTraits: Sendable {
  /// The requested response type.
  public var type: ResponseType
  /// The parameters of the authorization request.
  public var request: [FormField]
  /// Whether the answer comes as a form post.
  public var takesFormPost: Bool
  /// Whether the answer comes behind the `#` of the redirect URI, where scripts of the page read it.
  public var takesFragment: Bool
  /// Whether it redeems the code.
  public var redeemsCode: Bool
  /// Whether it asks the userinfo endpoint.
  public var asksUserinfo: Bool
  /// Whether it calls an API of the tenant.
  public var callsAPI: Bool
  /// Whether it refreshes during a login.
  public var refreshes: Bool
  /// Whether it signs out at the tenant.
  public var signsOutAtTenant: Bool
  /// Whether it fetches the discovery document for each login.
  public var fetchesMetadataAgain: Bool
  /// Whether it fetches the keys for each login.
  public var fetchesKeysAgain: Bool
  /// Whether its page shows what the userinfo endpoint says.
  public var showsUserinfo: Bool
  /// Whether it gives no page at all when the userinfo endpoint fails.
  public var breaksWithoutUserinfo = false

  /// How the tenant encrypts its ID tokens; nil for an application whose tokens are only signed.
  public var encryption: TokenEncryption?
  /// Whether the tenant encrypts its answers in a JWT.
  public var encryptsResponses = false

  /// Whether the browser runs the scripts of pages.
  var runsScripts: Bool

  /// The scopes of the request.
  public var scopes: [String] { (request["scope"] ?? "").split(at: " ").map(String.init) }
  /// Whether it asks for its answer as one JWT.
  ///
  /// JARM, section 2.3.
  public var asksForJWT: Bool {
    request["response_mode"].flatMap { ResponseMode(rawValue: $0) }?.isJWT ?? false
  }
  /// Whether it sends a code challenge.
  public var usesPKCE: Bool { request["code_challenge"] != nil }
}

/// Whether a fault can be tried at an application.
enum Applicability: Equatable {
  /// It can.
  case applies
  /// It can, after a restart: what it spoils is fetched once and kept.
  case appliesAfterRestart
  /// The honest logins have shown it already.
  case shownByHonestLogin
  /// It cannot; the reason is a sentence without its full stop.
  case no(String)

  init(_ fault: LabFault, _ traits: ApplicationTraits) {
    if let why = Self.obstacle(fault, traits) {
      self = .no(why)
    } else if case .application = fault.deed {
      self =
        OwnDeed.all[fault.id] == nil
        ? .no("an application commits this by itself, and it cannot be seen from the tenant")
        : .shownByHonestLogin
    } else if fault.spoiltMessages(traits.type).contains(.metadata), !traits.fetchesMetadataAgain {
      self = .appliesAfterRestart
    } else if fault.spoiltMessages(traits.type).contains(.keys), !traits.fetchesKeysAgain {
      self = .appliesAfterRestart
    } else {
      self = .applies
    }
  }

  private static func obstacle(_ fault: LabFault, _ traits: ApplicationTraits) -> String? {
    guard fault.types.contains(traits.type) else {
      let types = fault.types.map { "“\($0.rawValue)”" }.joined(separator: " or ")
      return "needs \(types), and your application asks for “\(traits.type.rawValue)”"
    }
    if fault.group == .jarm, fault.id != "jarm-query-with-id-token", !traits.asksForJWT {
      return "your application asks for no answer in a JWT"
    }
    if fault.id == "jarm-plain-though-encrypted", !traits.encryptsResponses {
      return "only for a client that is registered with response-encryption"
    }
    if fault.group != .jarm, traits.asksForJWT, fault.reachesIntoAnswer {
      return "the answer comes as one JWT, and nobody in the browser can change what is in it"
    }
    if fault.group == .fapi { return "only under FAPI 1.0 Advanced, at a tenant with these rules" }
    if fault.group == .apple { return "only at Sign in with Apple" }
    if fault.group == .encryption, let why = need(ofEncryption: fault, traits) { return why }
    if fault.group == .certificate {
      return "only for clients that show a certificate of their own"
    }
    if fault.group == .proof { return "only for clients that send proofs of possession (DPoP)" }
    if fault.needsClientKey { return "only for clients that sign with a key of their own" }
    return need(of: fault, traits) ?? need(ofMessages: fault.spoiltMessages(traits.type), traits)
      ?? need(ofAction: fault.then) { need(ofMessages: [$0], traits) }
  }

  /// What a fault of encryption needs of the registration.
  private static func need(ofEncryption fault: LabFault, _ traits: ApplicationTraits) -> String? {
    guard let algorithm = traits.encryption?.algorithm else {
      return "only for a client that is registered with id-token-encryption"
    }
    switch fault.id {
    case "enc-rsa15":
      return algorithm.keyType == "RSA" ? nil : "only for a client with an RSA key"
    case "enc-p2c":
      return algorithm.isSymmetric ? nil : "only where the client secret makes the key"
    case "enc-point-off-curve":
      return algorithm.keyType == "EC" ? nil : "only where the key is agreed, with ECDH-ES"
    case "enc-key-part-present-with-dir":
      return algorithm.isDirect ? nil : "only where no key is carried, with dir or ECDH-ES"
    case "enc-with-signing-key": return "which key your application signs with is not known here"
    case "enc-unknown-kid":
      return algorithm.isSymmetric ? "the client secret makes the key, and kid names none" : nil
    default: return nil
    }
  }

  /// What a single fault needs besides its message.
  private static func need(of fault: LabFault, _ traits: ApplicationTraits) -> String? {
    switch fault.id {
    case "auth-time-missing", "login-too-old":
      if traits.request["max_age"] == nil { return "your application asks for no max_age" }
    case "weak-login":
      if traits.request["acr_values"] == nil { return "your application asks for no acr_values" }
    case "request-altered":
      if traits.request["prompt"] == nil { return "your application asks for no prompt" }
    case "swapped-code-without-pkce":
      if traits.usesPKCE {
        return "your application uses PKCE: see swapped-code-unsigned"
      }
    case "two-issuers-one-redirect": return "only where two tenants share a redirect URI"
    case "mode-switched", "left-over-answer":
      if !traits.runsScripts {
        return
          "what a page of the application does with an address needs a browser with scripts: --browser"
      }
      if fault.id == "mode-switched" {
        if !traits.takesFormPost { return "your application asks for no form post" }
      } else if !traits.takesFragment {
        return "the answer comes as a form post, and no address keeps it"
      }
    case "cookie-planted":
      return "which cookie holds the session cannot be known from outside"
    case "userinfo-later-of-another-person": return "see userinfo-of-another-person"
    case "plain-http": return "here the tenant itself is at http, on this machine"
    case "redirect-307-after-password":
      return "an application gets the tenant’s own form there, which no one takes for an answer"
    case "double-post":
      if !traits.redeemsCode { return "your application does not redeem the code" }
    case "refresh-token-missing":
      if !traits.scopes.contains("offline_access") {
        return "your application asks for no offline_access"
      }
    case "access-token-expired", "token-for-another-api":
      if traits.request["audience"] == nil { return "your application asks for no audience" }
    default: break
    }
    guard case .attacker(let attack) = fault.deed, !traits.takesFormPost else { return nil }
    switch attack.carrier {
    case .anything: return nil
    case .fields where traits.takesFragment && traits.runsScripts: return nil
    case .fields, .form: return "the answer does not come as a form post"
    }
  }

  private static func need(
    ofMessages messages: Set<SpoiltMessage>, _ traits: ApplicationTraits
  ) -> String? {
    if messages.isEmpty { return nil }
    for message in messages {
      switch message {
      case .tokenRequest, .tokenResponse:
        if !traits.redeemsCode, messages.count == 1 {
          return "your application does not redeem the code"
        }
      case .userinfoResponse:
        if !traits.asksUserinfo { return "your application does not ask for userinfo" }
      case .apiResponse:
        if !traits.callsAPI { return "your application calls no API of the tenant" }
      case .refreshResponse:
        if !traits.refreshes, messages.count == 1 {
          return "your application does not refresh during a login"
        }
      case .logoutResponse:
        if !traits.signsOutAtTenant {
          return "no logout at the tenant was seen; --sign-out URL makes one"
        }
      case .introspectionResponse: return "your application asks about no token"
      case .metadata, .keys, .authorizationResponse: break
      }
    }
    return nil
  }

  private static func need(
    ofAction actions: [AfterAction], _ need: (SpoiltMessage) -> String?
  ) -> String? {
    for action in actions {
      switch action {
      case .refresh: if let why = need(.refreshResponse) { return why }
      case .logout: if let why = need(.logoutResponse) { return why }
      default: break
      }
    }
    return nil
  }
}

extension LabFault {
  /// The messages that the tenant spoils with this fault in a login of this type.
  func spoiltMessages(_ type: ResponseType) -> Set<SpoiltMessage> {
    guard case .tenant(let actions) = deed else { return [] }
    return Set(actions.compactMap { $0.spoils(hasFirstIDToken: type.hasIDToken) })
  }

  /// Whether it changes single fields of the authorization response after the tenant made it.
  var reachesIntoAnswer: Bool {
    guard case .attacker(let attack) = deed else { return false }
    return switch attack {
    case .swapCode, .swapAccessToken, .replayIDToken, .edit: true
    case .otherAnswer, .contentType, .body, .appendBytes, .capitalHeaders, .sentTwice,
      .alteredRequest, .plantCookie:
      false
    }
  }

  /// Whether a broken rule is a warning only, so that an application may go on.
  var isWarningOnly: Bool {
    switch catcher {
    case .check(.callbackSingleUse): false
    case .check(let id): rules.severity(of: id) != .error
    case .information, .nothing: true
    case .tenant: false
    }
  }
}

extension CallbackAttack {
  /// What must carry the answer so that it can be attacked.
  enum Carrier {
    case anything
    /// Fields: a form post, or a fragment.
    case fields
    /// A form post: the attack is on its body, its headers, or its being sent.
    case form
  }

  var carrier: Carrier {
    switch self {
    case .alteredRequest: .anything
    case .swapCode, .swapAccessToken, .replayIDToken, .otherAnswer, .edit: .fields
    case .contentType, .body, .appendBytes, .capitalHeaders, .sentTwice, .plantCookie: .form
    }
  }
}
