import Network
import OpenID

/// Chromium as it is installed on this machine, and how it is started.
public struct ChromiumProgram: Sendable {
  /// The names under which it is looked for in `PATH`, in this order.
  public static let names = [
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome",
  ]

  /// The most bytes of the path of its folder: a socket in it has a path too, of at most 107 bytes.
  static let profileBytes = 60

  /// Where it is.
  let path: String
  /// The environment in which it was found.
  let environment: ChildEnvironment

  /// Finds it in the `PATH` of an environment; nil where there is none.
  public init?(in environment: ChildEnvironment) {
    guard let path = Self.names.lazy.compactMap({ environment.path(of: $0) }).first else {
      return nil
    }
    (self.path, self.environment) = (path, environment)
  }

  /// What would come between an application of this machine, or of the person’s own network, and the
  /// tenant: an attempt at https first, a question to the person, offers of services.
  private static let withoutFeatures = [
    "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LocalNetworkAccessChecks", "Translate",
    "MediaRouter", "OptimizationHints",
  ]

  /// Its arguments: no window, nothing kept, and nothing asked of any host but these.
  func arguments(profile: String, hosts: Set<String>) -> [String] {
    let reachable = (["localhost", "*.localhost", "127.0.0.1", "[::1]"] + hosts.sorted())
      .map { "EXCLUDE \($0)" }
    let rules = (["MAP * ~NOTFOUND"] + reachable).joined(separator: ", ")
    // Its sandbox refuses to be used by root.
    return (ChildEnvironment.isOfRoot ? ["--no-sandbox"] : []) + [
      "--headless=new", "--remote-debugging-pipe", "--user-data-dir=\(profile)",
      "--no-first-run", "--no-default-browser-check", "--disable-default-apps",
      "--disable-extensions", "--disable-sync", "--disable-component-update",
      "--disable-background-networking", "--disable-domain-reliability", "--disable-breakpad",
      "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio", "--password-store=basic",
      "--use-mock-keychain", "--metrics-recording-only", "--no-pings", "--no-proxy-server",
      "--lang=en", "--disable-features=\(Self.withoutFeatures.joined(separator: ","))",
      "--host-resolver-rules=\(rules)", "about:blank",
    ]
  }

  /// Its environment: what it keeps lies in one folder.
  func environment(profile: String) -> ChildEnvironment {
    environment.setting([
      "HOME": profile, "XDG_CONFIG_HOME": profile, "XDG_CACHE_HOME": profile, "TMPDIR": profile,
      "LC_ALL": "C.UTF-8",
    ])
  }
}
