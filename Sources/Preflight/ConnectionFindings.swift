import HybridFlow
import Network
import OpenID

/// Findings about the connection: TLS, certificate, clock.
enum ConnectionFindings {
  /// A certificate with fewer days left gets a warning.
  static let expiryWarningDays: Int64 = 14

  static func all(
    _ exchange: HTTPExchange, now: UnixTime, clockSkewSeconds: Int64
  ) -> [CheckFinding] {
    var all: [CheckFinding] = []
    if let tls = exchange.tls {
      all.append(agreement(tls, now: now))
    } else {
      all.append(
        CheckFinding("tls", .info, "Plain http, on this machine only.", evidence: "no TLS"))
    }
    if let proxy = exchange.proxy {
      all.append(
        CheckFinding(
          "proxy", .info, "The connection goes through the proxy \(proxy.place).",
          evidence: proxy.variable))
    }
    if let date = exchange.response.headers["Date"],
      let clock = clock(date, now: now, limit: clockSkewSeconds)
    {
      all.append(clock)
    }
    return all
  }

  private static func agreement(_ tls: TLSAgreement, now: UnixTime) -> CheckFinding {
    let owner = tls.certificate.map { ", \($0.summary)" } ?? ""
    let evidence = "\(tls.version), \(tls.cipher)\(owner)"
    guard let expires = tls.expires else {
      return CheckFinding("tls", .info, "The certificate is trusted.", evidence: evidence)
    }
    let days = (expires.seconds - now.seconds) / 86400
    let until = owner.isEmpty ? "\(evidence), until \(CivilTime(expires).text)" : evidence
    guard days >= expiryWarningDays else {
      return CheckFinding(
        "tls", .warning, "The certificate ends in \(days) \(days == 1 ? "day" : "days").",
        evidence: until, fix: "See that it is renewed.", blame: .provider)
    }
    return CheckFinding(
      "tls", .info, "The certificate is trusted, for \(days) days to come.", evidence: until)
  }

  /// RFC 9110, section 6.6.1.
  static func clock(_ text: String, now: UnixTime, limit: Int64) -> CheckFinding? {
    guard let date = UnixTime(httpDate: text) else {
      return CheckFinding(
        "clock-skew", .warning, "The Date header cannot be read.", evidence: text,
        spec: .rfc(9110, "5.6.7"), blame: .provider)
    }
    // The header counts whole seconds, and the response took time to arrive.
    let seconds = now.seconds - date.seconds
    let size = abs(seconds)
    guard size > 5 else {
      return CheckFinding(
        "clock-skew", .info, "The clocks agree.", evidence: text, spec: .rfc(9110, "6.6.1"))
    }
    return CheckFinding(
      "clock-skew", size > limit ? .error : .warning,
      "This machine\u{2019}s clock is \(ProviderClock.length(size)) "
        + (seconds > 0 ? "ahead of" : "behind") + " the provider\u{2019}s.",
      evidence: "Date: \(text); here \(CivilTime(now).text)",
      fix: size > limit
        ? "Set the clock that is wrong, here or there: fresh tokens would look "
          + (seconds > 0 ? "expired." : "as if they were not valid yet.")
        : "Set the clock; up to \(limit) s are forgiven.", spec: .core("3.1.3.7"),
      blame: .environment)
  }
}
