import OpenID

/// One of the ten stages of the hybrid flow, as Auth0 counts them.
///
/// Words, numbers and ids are the same everywhere: here, on the screen, in `run --json`, in
/// recordings and in file names.
public enum Stage: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// The person clicks Login in the application.
  case login = 1
  /// The application redirects to the authorization endpoint.
  case authorize
  /// The authorization server shows its login and authorization prompt.
  case prompt
  /// The person signs in and may see the permissions.
  case authenticate
  /// The browser posts code and tokens to the application.
  case callback
  /// The application sends the code to the token endpoint.
  case exchange
  /// The authorization server verifies code and client.
  case verify
  /// The second ID token and the access token arrive.
  case tokens
  /// The application calls an API with the second access token.
  case api
  /// The API answers.
  case data

  /// The number from 1 to 10.
  public var number: Int { rawValue }

  /// The id used in `--json` and file names.
  public var id: String { String(describing: self) }

  /// A short title for rails and headings.
  public var title: String {
    switch self {
    case .login: "Login clicked"
    case .authorize: "To /authorize"
    case .prompt: "Login prompt"
    case .authenticate: "Sign in, consent"
    case .callback: "Form post back"
    case .exchange: "Code to /token"
    case .verify: "Tenant verifies"
    case .tokens: "Tokens"
    case .api: "Call the API"
    case .data: "API answers"
    }
  }

  /// What happens, in one sentence.
  public var sentence: String {
    switch self {
    case .login: "The person clicks Login in the application"
    case .authorize: "The application sends the browser to the authorization endpoint"
    case .prompt: "The tenant shows its login and consent prompt"
    case .authenticate: "The person signs in and grants permissions"
    case .callback: "The tenant answers by form post"
    case .exchange: "The application sends the code to the token endpoint"
    case .verify: "The tenant verifies code and client"
    case .tokens: "An ID token and an access token arrive on the back channel"
    case .api: "The application calls the API with an access token"
    case .data: "The API answers"
    }
  }

  /// The channel of the stage's messages.
  public var channel: Channel {
    switch self {
    case .login: .local
    case .authorize, .prompt, .authenticate, .callback: .front
    case .exchange, .verify, .tokens, .api, .data: .back
    }
  }

  /// The stage after this one.
  public var next: Stage? { Stage(rawValue: rawValue + 1) }
  /// The stage before this one.
  public var previous: Stage? { Stage(rawValue: rawValue - 1) }

  /// Orders by number.
  public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}

/// The channel of a message: through the browser, where others can see it, or directly.
public enum Channel: String, Sendable, Hashable, CaseIterable {
  /// Inside the application.
  case local
  /// Through the browser.
  case front
  /// Directly between application and server.
  case back
}

/// A party of the flow.
///
/// RFC 6749, section 1.1, with the browser instead of its user.
public enum Actor: String, Sendable, Hashable, CaseIterable {
  /// The person and the browser.
  case browser
  /// The application: the relying party, a confidential client.
  case application
  /// The authorization server: the tenant.
  case authorizationServer = "authorization_server"
  /// The resource server.
  case api

  /// The title of its lane in the diagram.
  public var title: String {
    switch self {
    case .browser: "User"
    case .application: "Application"
    case .authorizationServer: "Tenant"
    case .api: "API"
    }
  }
}
