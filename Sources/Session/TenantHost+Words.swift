import Cryptography
import DemoTenant
import HybridFlow
import OpenID

/// Why the tenant cannot start.
public enum TenantHostError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The port cannot be opened; the text says why and what to do.
  case cannotListen(String)
  /// The settings are invalid; the text says which.
  case settings(String)

  /// What happened, in words.
  public var message: String {
    switch self {
    case .cannotListen(let text), .settings(let text): text
    }
  }
  /// The message.
  public var description: String { message }
}

/// Separates the traffic of browsers from that of applications.
enum TenantTraffic {
  /// Whether a path is for browsers: every path that no application requests itself.
  static func isOfBrowser(_ path: String, settings: TenantSettings) -> Bool {
    let base = (try? WebURL(settings.issuer))?.path ?? ""
    let prefix = base.dropping(suffix: "/") ?? base[...]
    guard path.begins(with: prefix + "/") else { return false }
    let below = path.dropFirst(bytes: prefix.utf8.count)
    let backChannel = ["/oauth/", "/userinfo", "/api/", "/.well-known/", "/pictures/", "/favicon"]
    return !backChannel.contains { below.begins(with: $0) }
  }
}

extension ServerCheck {
  /// The tenant's checks of the last token request, in the flow's form.
  static func all(ofLastTokenRequest tenant: DemoTenant) -> [ServerCheck] {
    let ledger = tenant.ledger
    guard let end = ledger.lastIndex(where: { $0.endpoint == .token }) else { return [] }
    // A request's entries are adjacent; the ledger before them may be long.
    let others = ledger[...end].lastIndex { $0.request != ledger[end].request }
    let entries = ledger[(others.map { $0 + 1 } ?? 0)...end]
    return entries.filter { $0.endpoint == .token }.map(ServerCheck.init)
  }

  /// The tenant's checks of its last request, if it refused that; empty otherwise.
  static func all(ofLastRefusal tenant: DemoTenant) -> [ServerCheck] {
    guard let last = tenant.ledger.last else { return [] }
    let entries = tenant.ledger.filter { $0.request == last.request }
    return entries.contains { !$0.passed } ? entries.map(ServerCheck.init) : []
  }

  private init(_ entry: LedgerEntry) {
    self.init(
      id: entry.rule, what: entry.statement,
      detail: "expected \(entry.expected), found \(entry.found)", passed: entry.passed,
      spec: entry.section, observed: true)
  }
}

extension TenantSettingsError {
  /// What is wrong, in words.
  var words: String {
    switch self {
    case .issuer(let text):
      "the issuer \(text) is no http or https URL without query and fragment"
    case .noKey(let algorithm): "there is no key for \(algorithm.rawValue)"
    case .redirectURI(let text, let client):
      "the redirect URI \(text) of the client \(client) is no URL without fragment"
    case .privateKey(let client): "a key of the client \(client) is private"
    case .noEncryptionKey(let client):
      "the client \(client) has no public key, or no secret, with which its tokens could be encrypted"
    case .repeated(let name): "\(name) is there twice"
    case .lifetime(let seconds):
      "a lifetime of \(seconds) s is not between 1 and \(TenantLimit.lifetimeSeconds)"
    }
  }
}

extension [SigningKey] {
  /// The same keys for this algorithm: an RSA key signs with PS256 as well as with RS256.
  func signing(with algorithm: SignatureAlgorithm) -> [SigningKey] {
    guard !contains(where: { $0.algorithm == algorithm }) else { return self }
    return map { key in (try? key.withAlgorithm(algorithm)) ?? key }
  }
}
