import Export
import HybridFlow
import OpenID
import Settings
import TextUI

/// The kind of a value; the shells complete it.
enum ValueKind: Sendable, Equatable {
  /// Any text: a URL, a number, a name that only the person knows.
  case free
  /// One of these words.
  case words([String])
  /// Some of these words, separated by commas.
  case list([String])
  /// A file.
  case file
  /// A file or a folder to write to.
  case folder
  /// A profile of the settings file.
  case profile
  /// A preset for a provider.
  case preset
  /// A theme by name or file.
  case theme
  /// A fault of the lab.
  case fault
  /// A check.
  case check
  /// A recording by name or file.
  case recording
  /// A form of export.
  case format
  /// A command, or a preset.
  case topic
}

extension CommandOption {
  /// The kind of its value; nil for an option without one, and for one that is missing here, which
  /// a test detects.
  var valueKind: ValueKind? {
    switch name {
    case "--profile": .profile
    case "--preset": .preset
    case "--theme": .theme
    case "--lab": .fault
    case "--without-check": .check
    case "--format": .format
    case "--then": .list(AfterAction.all.map(\.id))
    case "--ca", "--client-secret-file", "--client-key", "--record", "--make", "--settings": .file
    case "--output": .folder
    case "--response-type": .words(ResponseType.allCases.map(\.rawValue))
    case "--response-mode": .words(ResponseMode.allCases.map(\.rawValue))
    case "--prompt": .words(["none", "login", "consent", "select_account"])
    case "--client-auth": .words(ConnectionReader.clientAuthentication.map(\.0))
    case "--client-assertion-audience": .words(["issuer", "token-endpoint"])
    case "--client-key-alg", "--id-token-alg": .words(Self.asymmetric)
    case "--color": .words(["auto", "never", "16", "256"])
    case "--bind": .words(["localhost", "127.0.0.1", "::1"])
    case "--size": .words([WalkFrames.usualSize.description, "80x24", "200x50"])
    case "--scope":
      .words(["openid", "openid profile email", "openid profile email offline_access"])
    case "--issuer", "--domain", "--realm", "--tenant", "--authorization-endpoint",
      "--token-endpoint", "--jwks-uri", "--userinfo-endpoint", "--client-id", "--redirect-uri",
      "--api", "--audience", "--max-age", "--acr-values", "--login-hint", "--ui-locales",
      "--claims", "--resource", "--connection", "--organization", "--param",
      "--client-secret-command", "--client-key-id", "--clock-skew", "--wait", "--timeout",
      "--port", "--client":
      .free
    default: nil
    }
  }

  /// Signature algorithms without a shared secret: those of clients and of ID tokens.
  private static let asymmetric =
    SignatureAlgorithm.allCases.map(\.rawValue).filter { !$0.begins(with: "HS") }
}

extension Subcommand {
  /// The kind of the operand at this index, from 0; nil where none is allowed.
  func operandKind(at index: Int, after earlier: [String]) -> ValueKind? {
    guard index < mostOperands else { return nil }
    switch self {
    case .explore, .run, .check, .tenant, .paths, .man: return nil
    case .decode: return .file
    case .explain: return .free
    case .lab: return .fault
    case .replay, .compare, .export: return .recording
    case .screenshots: return .folder
    case .theme:
      if index == 0 { return .words(["list", "check"]) }
      return earlier.first == "check" ? .theme : nil
    case .completion: return .words(Shell.allCases.map(\.rawValue))
    case .help: return .topic
    }
  }
}
