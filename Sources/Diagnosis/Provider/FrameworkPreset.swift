import HybridFlow
import OpenID

/// A framework of applications: what it sends when nobody sets anything.
///
/// It is a client, not a provider: it is combined with an issuer, a provider's preset, or the demo
/// tenant.
public enum FrameworkPreset: String, Sendable, CaseIterable {
  /// ASP.NET Core, Microsoft.AspNetCore.Authentication.OpenIdConnect.
  case aspnetCore = "aspnet-core"
  /// ASP.NET with OWIN, Microsoft.Owin.Security.OpenIdConnect.
  case katana

  /// The framework's name.
  public var title: String {
    switch self {
    case .aspnetCore: "ASP.NET Core"
    case .katana: "Katana, ASP.NET with OWIN"
    }
  }

  /// The response type that it is run with.
  public var responseType: ResponseType { .codeIDToken }
  /// How the answer comes.
  public var responseMode: ResponseMode { .formPost }
  /// The scopes that it asks for.
  public var scope: String { "openid profile" }
  /// Whether it sends PKCE with the hybrid flow: only where the response type is code alone.
  public var usesPKCE: Bool { false }
  /// Whether it exchanges the code.
  public var redeemsCode: Bool { self == .aspnetCore }
  /// The path at which its applications wait for the answer.
  public var callbackPath: String {
    switch self {
    case .aspnetCore: "/signin-oidc"
    case .katana: "the path of RedirectUri, often /"
    }
  }

  /// What it sends, and where that is set; OpenIdConnectOptions.cs and
  /// OpenIdConnectAuthenticationOptions.cs.
  public var facts: [String] {
    switch self {
    case .aspnetCore:
      [
        "ResponseType is id_token by default, which is no hybrid flow; applications that want a "
          + "code set OpenIdConnectResponseType.CodeIdToken, and that is what is sent here.",
        "ResponseMode is form_post, Scope openid profile, CallbackPath /signin-oidc.",
        "UsePkce is true and has no effect here: PKCE is sent with code alone.",
        "The code is exchanged; SaveTokens only says whether the tokens are kept.",
        "The cookies of nonce and correlation are SameSite=None; Secure: with http they are lost.",
      ]
    case .katana:
      [
        "ResponseType is code id_token, ResponseMode form_post, Scope openid profile.",
        "PKCE is sent with code alone, so this flow has none.",
        "RedeemCode is false: the code is never exchanged, and the first ID token signs in.",
        "An answer by GET with an id_token is refused.",
        "The nonce is kept in a cookie, and state holds the protected properties: hundreds of "
          + "characters.",
      ]
    }
  }

  /// What follows from it.
  public var consequences: [String] {
    switch self {
    case .aspnetCore:
      [
        "Without PKCE only c_hash and the nonce tie the code to this browser: both must be checked.",
        "Set ResponseType to code to have PKCE; then there is no hybrid flow, and no ID token in "
          + "the browser.",
        "That both ID tokens have the same iss and sub is not enforced by all libraries on top of "
          + "it (microsoft-identity-web#2969).",
      ]
    case .katana:
      [
        "A code that nobody exchanges stays good until it ends: whatever reads it can try it. "
          + "Without PKCE only the client secret stands before it.",
        "With RedeemCode = true the second ID token is taken without a signature "
          + "(RequireSignedTokens is false there).",
        "If no code is wanted, ResponseType = id_token does not issue one.",
      ]
    }
  }
}
