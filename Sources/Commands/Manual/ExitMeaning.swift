import HybridFlow
import Settings

/// The exit codes and their meanings: for help and manual.
public struct ExitMeaning: Sendable, Equatable {
  /// The code.
  public let code: Int32
  /// The meaning, in a sentence.
  public let text: String

  /// All exit codes.
  ///
  /// If several apply, the first failure in the order of the flow decides.
  public static let all = [
    ExitMeaning(
      code: ExitCode.success, text: "Every stage ran, or was rightly skipped, and no check failed."),
    ExitMeaning(
      code: ExitCode.machine,
      text: "A fault of the program or the machine: no port, no key, a full disk."),
    ExitMeaning(code: ExitCode.usage, text: "Usage, settings, or a terminal that cannot be used."),
    ExitMeaning(code: ExitCode.check, text: "A check failed: the flow is not to be trusted."),
    ExitMeaning(
      code: ExitCode.provider, text: "The provider answered with an OAuth or OpenID error."),
    ExitMeaning(
      code: ExitCode.unreadable,
      text: "Network or protocol: unreachable, TLS, time-out, too large, not JSON, not HTTP."),
    ExitMeaning(
      code: ExitCode.person, text: "The person declined, or no answer came within the wait."),
  ]
}

/// An environment variable that the program reads.
public struct EnvironmentVariable: Sendable, Equatable {
  /// The names, if several work together.
  public let names: [String]
  /// Their use.
  public let text: String

  /// All variables that are read.
  public static let all = [
    EnvironmentVariable(
      names: [ClientSecretSource.variable],
      text: "The client secret. It is never an argument, because others can read arguments, and no "
        + "browser and no clipboard program gets it."),
    EnvironmentVariable(
      names: ["BROWSER"],
      text: "Browsers to try in order, with colons between them; %s stands for the address. "
        + "No shell reads it. Without it, the opener of the desktop."),
    EnvironmentVariable(
      names: [
        "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
      ],
      text:
        "The proxy for https, as curl reads it, and the hosts that are reached without one. This "
        + "machine is never asked through a proxy."),
    EnvironmentVariable(
      names: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"],
      text: "Files with further certificate authorities, as --ca names one."),
    EnvironmentVariable(
      names: ["DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY"],
      text: "Whether a browser and a clipboard of this machine can be reached."),
    EnvironmentVariable(
      names: ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "HOME"],
      text: "Where settings, themes and recordings are; see FILES."),
    EnvironmentVariable(
      names: ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"],
      text:
        "Without colours: NO_COLOR with any value, CLICOLOR with 0. CLICOLOR_FORCE: with them in "
        + "a pipe too."),
    EnvironmentVariable(
      names: ["TERM", "COLORFGBG", "TMUX", "ESCDELAY"],
      text: "What the terminal can do, whether its background is light, and how many milliseconds "
        + "a key after Escape may take."),
    EnvironmentVariable(names: ["PATH"], text: "Where browsers and clipboard programs are found."),
  ]
}
