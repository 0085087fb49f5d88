import Diagnosis
import OpenID

/// A setting of a profile: one row of the table that reads, writes and explains profiles.
public struct ProfileField: Sendable {
  /// The type of its value in the file.
  public enum Kind: Sendable, Equatable {
    /// A text.
    case text
    /// A text out of this list.
    case choice([String])
    /// A whole number.
    case integer
    /// `true` or `false`; the option stands for the value `given`.
    case flag(given: Bool)
    /// An array of texts; the option is repeated.
    case texts
    /// Any JSON object; the option takes it as one text.
    case object
    /// An object of texts; the option is repeated as `NAME=VALUE`.
    case parameters
    /// Where the client secret comes from: ``ClientSecretOrigin``.
    case secret
    /// The name of a file; relative to the settings file's folder, or to the home folder with `~/`.
    case file
  }

  /// The name in the file.
  public let name: String
  /// The type of its value.
  public let kind: Kind
  /// The option of the command line that it sets.
  public let option: String

  init(_ name: String, _ kind: Kind, _ option: String) {
    self.name = name
    self.kind = kind
    self.option = option
  }

  /// What the setting does: the help of its option.
  public var help: String {
    if kind == .secret {
      return "where the client secret comes from: {\"env\": …}, {\"file\": …} or {\"command\": …}"
    }
    return CommandOption.all.first { $0.name == option }?.help ?? ""
  }

  /// Every setting of a profile, in the order in which a person fills them in.
  public static let all: [ProfileField] = [
    ProfileField(
      "preset", .choice(ProviderPreset.allCases.map(\.rawValue)), "--preset"),
    ProfileField("domain", .text, "--domain"),
    ProfileField("realm", .text, "--realm"),
    ProfileField("tenant", .text, "--tenant"),
    ProfileField("issuer", .text, "--issuer"),
    ProfileField("authorization_endpoint", .text, "--authorization-endpoint"),
    ProfileField("token_endpoint", .text, "--token-endpoint"),
    ProfileField("jwks_uri", .text, "--jwks-uri"),
    ProfileField("userinfo_endpoint", .text, "--userinfo-endpoint"),
    ProfileField("client_id", .text, "--client-id"),
    ProfileField("client_secret", .secret, ""),
    ProfileField(
      "client_auth", .choice(ConnectionReader.clientAuthentication.map(\.0)), "--client-auth"),
    ProfileField("client_key_file", .file, "--client-key"),
    ProfileField("client_key_id", .text, "--client-key-id"),
    ProfileField(
      "client_key_alg", .choice(ClientKeyFile.algorithms.map(\.rawValue)), "--client-key-alg"),
    ProfileField("client_assertion_audience", .text, "--client-assertion-audience"),
    ProfileField("redirect_uri", .text, "--redirect-uri"),
    ProfileField(
      "response_type", .choice(ResponseType.allCases.map(\.rawValue)), "--response-type"),
    ProfileField(
      "response_mode", .choice(ResponseMode.allCases.map(\.rawValue)), "--response-mode"),
    ProfileField("scope", .text, "--scope"),
    ProfileField("audience", .text, "--audience"),
    ProfileField("resources", .texts, "--resource"),
    ProfileField("api", .text, "--api"),
    ProfileField("userinfo", .flag(given: true), "--userinfo"),
    ProfileField("organization", .text, "--organization"),
    ProfileField("connection", .text, "--connection"),
    ProfileField("prompt", .text, "--prompt"),
    ProfileField("max_age", .integer, "--max-age"),
    ProfileField("acr_values", .text, "--acr-values"),
    ProfileField("login_hint", .text, "--login-hint"),
    ProfileField("ui_locales", .text, "--ui-locales"),
    ProfileField("claims", .object, "--claims"),
    ProfileField("parameters", .parameters, "--param"),
    ProfileField("pkce", .flag(given: false), "--no-pkce"),
    ProfileField("par", .flag(given: true), "--par"),
    ProfileField("request_object", .flag(given: true), "--request-object"),
    ProfileField("exchange_at_once", .flag(given: true), "--exchange-at-once"),
    ProfileField("sign_on_only", .flag(given: true), "--sign-on-only"),
    ProfileField(
      "id_token_alg", .choice(SignatureAlgorithm.allCases.map(\.rawValue)), "--id-token-alg"),
    ProfileField("clock_skew", .integer, "--clock-skew"),
    ProfileField("wait", .integer, "--wait"),
    ProfileField("timeout", .integer, "--timeout"),
    ProfileField("ca", .file, "--ca"),
    ProfileField("open_browser", .flag(given: false), "--no-browser"),
  ]

  package static func named(_ name: String) -> ProfileField? { all.first { $0.name == name } }
}

/// Where a profile's client secret comes from.
public enum ClientSecretOrigin: Sendable, Equatable {
  /// The environment variable of this name.
  case environment(String)
  /// A file.
  case file(String)
  /// The first line that a command prints.
  case command(String)
  /// The settings file itself; then only its owner may be able to read it.
  case value(Secret)

  /// The member that confirms that the secret may be in the file.
  public static let consent = "i_know_this_is_readable"
}
