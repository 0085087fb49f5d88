import OpenID

/// What Apple takes as a redirect URI.
public enum AppleRedirect: Sendable {
  /// Why Apple does not take a redirect URI, a sentence; nil when it does.
  public static func fault(_ uri: WebURL) -> String? {
    guard uri.isHTTPS else { return "Apple takes https only." }
    guard !uri.isLoopback, !isAddress(uri.host), uri.host.holds(".") else {
      return "Apple takes a domain name only, neither localhost nor an address in numbers."
    }
    return nil
  }

  /// What to do, in the words of options.
  public static let ways =
    "Two ways: give the https address that is registered as a Return URL, sign in, and paste the "
    + "answer, in run with --paste, in the explorer with v; or point that name at this machine with "
    + "a line in the hosts file, 127.0.0.1 HOST, and show a certificate for it: --tls-self-signed, "
    + "or --tls-cert with --tls-key."

  /// Whether a host is an address in numbers: IPv6 stands in brackets, IPv4 ends in a digit.
  private static func isAddress(_ host: String) -> Bool {
    host.holds(":") || host.utf8.last.map { (0x30...0x39).contains($0) } == true
  }
}
