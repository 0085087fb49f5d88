import OpenID

/// The login of another application, as somebody saw it: the browser that wrote a file, or the
/// demo tenant at which the application signs people in.
///
/// A run of it sends nothing and asks nobody: what was seen comes in as events, and what was not
/// seen is not known. The checks are those of every run; one that needs what is not known is skipped.
public struct Witness: Sendable, Equatable {
  /// Who saw it.
  public enum Source: String, Sendable, Equatable, CaseIterable {
    /// The browser, which wrote a file: the back channel is not in it.
    case file
    /// The demo tenant: what application and browser say to each other does not reach it.
    case tenant
  }

  /// Who saw it.
  public var source = Source.file
  /// The address of the authorization request, without its parameters.
  public var endpoint: WebURL
  /// Its parameters as they were sent; those of a request object are read out of it.
  public var parameters: [FormField]
  /// Whether some parameters travelled another way, so that they are not in the file.
  ///
  /// RFC 9101 with an encrypted object, or RFC 9126.
  public var isReference = false
  /// Whether the parameters were pushed over the back channel, where they were seen.
  ///
  /// RFC 9126.
  public var isPushed = false
  /// Whether the discovery document is in the file: then the issuer is known by it.
  public var hasMetadata = false
  /// Whether the provider's keys are in the file.
  public var hasKeys = false
  /// Which call with the access token is in the file; nil for none.
  public var call: FetchPurpose?

  /// Names an authorization request.
  public init(endpoint: WebURL, parameters: [FormField]) {
    (self.endpoint, self.parameters) = (endpoint, parameters)
  }

  /// Why something is not known, as the rest of a sentence about it.
  var unseen: String {
    switch source {
    case .file: "is not in this file"
    case .tenant: "cannot be seen from here"
    }
  }

  /// A value that stands in the request, unless that may have travelled another way.
  func sent(_ name: String) -> Known<String?> {
    let value = parameters[name]
    return isReference && value == nil ? .unknown(unseen) : .known(value)
  }

  /// Why it is not known before stage 6 how the application proves who it is.
  var unseenAuthentication: String {
    switch source {
    case .file: unseen
    case .tenant: "shows in the token request, at stage 6"
    }
  }

  /// The algorithm of ID tokens: the tenant knows what it has promised the application.
  func algorithm(_ configuration: FlowConfiguration) -> Known<SignatureAlgorithm> {
    switch source {
    case .file: .unknown(unseen)
    case .tenant: .known(configuration.idTokenAlgorithm)
    }
  }

  /// The metadata that stand for the document where that is not in the file.
  var metadata: ProviderMetadata? {
    ProviderMetadata(["authorization_endpoint": .string(endpoint.text)])
  }

  /// How the answer was to come: as it was asked for, or the default of the response type.
  ///
  /// OAuth 2.0 Multiple Response Types, sections 2.1 and 5.
  var expectedCarrier: Known<PastedAnswer.Carrier> {
    switch sent("response_mode") {
    case .unknown(let why): return .unknown(why)
    case .known(let text):
      return ResponseMode(asked: text).map { .known($0.carrier) }
        ?? .unknown("is none that is known here")
    }
  }
}

/// An exchange between the browser and the application, as a file tells it.
public struct WitnessedExchange: Sendable, Equatable {
  /// The request.
  public var request: HTTPRequest
  /// The application's response.
  public var response: HTTPResponse
  /// The cookies that were set before the browser left, and did not come back with the answer; nil
  /// where the file keeps no cookies.
  public var lostCookies: [LostCookie]?

  /// Makes an exchange.
  public init(
    _ request: HTTPRequest, _ response: HTTPResponse, lostCookies: [LostCookie]? = nil
  ) {
    (self.request, self.response, self.lostCookies) = (request, response, lostCookies)
  }
}

/// A cookie of the application that was set before the browser left, and did not come back.
public struct LostCookie: Sendable, Equatable {
  /// Why a browser does not send a cookie.
  ///
  /// RFC 6265bis, sections 5.6 to 5.8.
  public enum Reason: String, Sendable, Equatable, CaseIterable {
    /// `SameSite=Strict`, and the request came from another site.
    case strict
    /// `SameSite=Lax`, and the request was a POST from another site.
    case lax
    /// No `SameSite`, which counts as Lax, and the request was a POST from another site.
    case laxByDefault = "lax_by_default"
    /// `SameSite=None` without `Secure`, which browsers do not store.
    case noneWithoutSecure = "none_without_secure"
    /// `Secure`, and the address is http.
    case secure
    /// Another host, or another domain.
    case host
    /// Another path.
    case path
    /// Its time was over.
    case expired
    /// No rule that can be seen in the file explains it.
    case unexplained
  }
  /// Its name; the value is nobody's business.
  public var name: String
  /// Why it did not come back.
  public var reason: Reason

  /// Names a cookie.
  public init(_ name: String, _ reason: Reason) { (self.name, self.reason) = (name, reason) }
}

/// How a login of another application ended without success.
public enum ApplicationFault: Sendable, Equatable {
  /// It answered the authorization response with this status of HTTP, which is an error.
  ///
  /// The cookies are nil where the file keeps none.
  case refusedAnswer(status: Int, lostCookies: [LostCookie]?)
  /// The file ends before an answer came to it.
  case unanswered
}

extension LostCookie.Reason {
  /// What the browser's rule says, in a sentence.
  public var cause: String {
    switch self {
    case .strict: "it is SameSite=Strict, and the answer comes from another site."
    case .lax:
      "it is SameSite=Lax, and a form that another site posts goes without such cookies."
    case .laxByDefault:
      "it has no SameSite, which counts as Lax, and a form that another site posts goes without "
        + "such cookies. Chromium makes an exception for two minutes, so quick logins work."
    case .noneWithoutSecure: "it is SameSite=None without Secure, and browsers do not keep that."
    case .secure: "it is Secure, and the answer went to an http address."
    case .host: "it belongs to another host than the one to which the answer went."
    case .path: "its Path does not fit the redirect URI."
    case .expired: "its time was over when the answer came."
    case .unexplained: "no rule in the file explains why."
    }
  }
}
