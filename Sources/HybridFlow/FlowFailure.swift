import OpenID

/// Why a run stopped, by where it was noticed; the diagnosis of the run tells who caused it.
///
/// Bugs of this program are not failures of a flow.
public enum FlowFailure: Error, Sendable, Equatable {
  /// The provider broke the protocol or refused.
  case provider(ProviderFault)
  /// The machine or the network failed.
  case environment(EnvironmentFault)
  /// The person declined, gave up or did not come back.
  case person(PersonFault)
  /// The login of another application, which a file tells, did not succeed.
  case application(ApplicationFault)
}

/// What the provider did.
public enum ProviderFault: Sendable, Equatable {
  /// Checks failed; the first one decided.
  case checksFailed([CheckID])
  /// An OAuth error.
  case refused(OAuthError)
  /// A response that cannot be read: not JSON, or not the right shape.
  case unreadable(String)
}

/// An OAuth error as the provider sent it.
///
/// RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3.1.
public struct OAuthError: Sendable, Equatable {
  /// Where the error came from.
  public enum Endpoint: String, Sendable, Equatable, CaseIterable {
    /// The address of the provider's metadata.
    case discovery
    /// The authorization endpoint, in its response through the browser.
    case authorization
    /// A page of the provider at which the browser ended, with no way back.
    case page
    /// The endpoint for pushed authorization requests.
    ///
    /// RFC 9126, section 2.3.
    case pushed = "par"
    /// The token endpoint.
    case token
    /// The API.
    case api
    /// The userinfo endpoint.
    case userinfo
    /// The introspection endpoint.
    case introspection
    /// The revocation endpoint.
    case revocation
  }
  /// Where the error came from.
  public var endpoint: Endpoint
  /// `error`; empty when the provider gave none.
  public var code: String
  /// `error_description`: untrusted text.
  public var description: String?
  /// `error_uri`: untrusted text.
  public var uri: String?
  /// The HTTP status; nil for a response through the browser.
  public var status: Int?

  /// Makes an error.
  public init(
    endpoint: Endpoint, code: String, description: String? = nil, uri: String? = nil,
    status: Int? = nil
  ) {
    self.endpoint = endpoint
    self.code = code
    self.description = description
    self.uri = uri
    self.status = status
  }
}

/// What went wrong in the machine or the network.
public enum EnvironmentFault: Sendable, Equatable {
  /// A request got no usable response.
  case transport(TransportFailure)
  /// The listener could not be opened.
  case listener(String)
  /// The client's key cannot sign.
  case signing(String)
  /// No response was accepted, and this request at the redirect URI was refused before it was read.
  case answerRefused(RefusedRequest)
}

/// A request that got no usable response.
public struct TransportFailure: Sendable, Equatable {
  /// What kind of failure it was.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    case cannotResolve = "cannot_resolve"
    case cannotConnect = "cannot_connect"
    case timedOut = "timed_out"
    case tls
    case tooLarge = "too_large"
    case notHTTP = "not_http"
    case reset
    case insecureURL = "insecure_url"
    case proxy
    case other
  }
  /// Something that is known about the failure, with a name.
  public struct Detail: Sendable, Equatable {
    /// What it is, such as `issued by`.
    public var name: String
    /// The value: untrusted text.
    public var text: String

    /// Makes a detail.
    public init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
  }

  /// What kind of failure it was.
  public var kind: Kind
  /// What happened, with host and port, and what to do; never a body.
  public var message: String
  /// Which one of its kind it was, such as `expired`; empty where the kind says all.
  public var cause = ""
  /// What happened, in one short sentence; empty when only the message is known.
  public var happened = ""
  /// What to do, in a sentence; empty when only the message is known.
  public var remedy = ""
  /// What else is known: a certificate's names and dates, the proxy.
  public var details: [Detail] = []

  /// Makes a failure.
  public init(kind: Kind, message: String) {
    self.kind = kind
    self.message = message
  }

  /// Who has to change something: an address that is wrong here, or the network.
  public var blame: Blame {
    switch (kind, cause) {
    case (.insecureURL, _), (.tls, "plain_http"), (.tls, "not_tls"), (.tls, "client_certificate"):
      .settings
    default: .environment
    }
  }
}

/// Why the person did not complete the sign-in.
public enum PersonFault: Sendable, Equatable {
  /// Said no at the provider.
  case declined(OAuthError)
  /// Gave up here.
  case abandoned
  /// Did not come back in time.
  case noCallback(seconds: Int64)
}

extension FlowFailure {
  /// A stable code for scripts.
  public var code: String {
    switch self {
    case .provider(.checksFailed): "provider.check_failed"
    case .provider(.refused(let error)): "provider.\(error.endpoint.rawValue)_error"
    case .provider(.unreadable): "provider.unreadable"
    case .environment(.transport(let failure)): "environment.\(failure.kind.rawValue)"
    case .environment(.listener): "environment.listener"
    case .environment(.signing): "environment.signing"
    case .environment(.answerRefused): "environment.answer_refused"
    case .person(.declined): "person.declined"
    case .person(.abandoned): "person.abandoned"
    case .person(.noCallback): "person.no_callback"
    case .application(.refusedAnswer): "application.refused_answer"
    case .application(.unanswered): "file.no_answer"
    }
  }

  /// The exit code of `run`.
  public var exitCode: Int32 {
    switch self {
    case .provider(.checksFailed): ExitCode.check
    case .provider(.refused): ExitCode.provider
    case .provider(.unreadable), .environment(.transport), .environment(.answerRefused):
      ExitCode.unreadable
    case .environment(.listener), .environment(.signing): ExitCode.machine
    case .person: ExitCode.person
    case .application(.refusedAnswer): ExitCode.unreadable
    case .application(.unanswered): ExitCode.person
    }
  }

  /// The checks that failed; empty for other failures.
  public var failedChecks: [CheckID] {
    if case .provider(.checksFailed(let checks)) = self { checks } else { [] }
  }

  /// What happened, in a sentence.
  ///
  /// Text from the provider in it is not yet made safe to show.
  public var message: String {
    switch self {
    case .provider(.checksFailed(let checks)):
      return checks.count == 1
        ? "The check \(checks[0].rawValue) failed."
        : "\(checks.count) checks failed: \(checks.map(\.rawValue).joined(separator: ", "))."
    case .provider(.refused(let error)): return "The provider answered with \(error.summary)."
    case .provider(.unreadable(let what)): return what
    case .environment(.transport(let failure)): return failure.message
    case .environment(.listener(let what)), .environment(.signing(let what)): return what
    case .environment(.answerRefused(let refused)):
      return "No answer was taken. \(refused.sentence)"
    case .person(.declined(let error)):
      return "The provider says \(error.summary): the person declined, or a rule there refused."
    case .person(.abandoned): return "The run was given up."
    case .person(.noCallback(let seconds)):
      return "No answer came to the redirect URI within \(seconds) seconds."
    case .application(.refusedAnswer(let status, _)):
      return "The application answered the authorization response with HTTP \(status)."
    case .application(.unanswered): return "The file ends before an answer came."
    }
  }
}

extension OAuthError {
  /// Code, status and description in one line.
  public var summary: String {
    var text = code.isEmpty ? "an error" : code
    if let status { text += " (HTTP \(status))" }
    if let description, !description.isEmpty { text += ", \u{201C}\(description)\u{201D}" }
    return text
  }
}
