import HybridFlow
import OpenID

/// The values that every test shares.
enum Sample {
  static let clientSecret = Secret("s3cr~t:with reserved+characters/of 50 %")
  static let start = UnixTime(seconds: 1_700_000_000)
  static let issuer = "https://tenant.example/"
  static let clientID = "client-1"
  static let audience = "https://api.example/"
  static let code = "code-Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv"
  static let frontAccessToken = "front-jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
  static let backAccessToken = "back-SlAV32hkKG-SlAV32hkKG-SlAV32hkKG"
  static let refreshedAccessToken = "refreshed-2YotnFZFEjr1zCsicMWpAA-2YotnFZF"
  static let rotatedRefreshToken = "rotated-tGzv3JOkF0XG5Qx2TlKWIA-tGzv3JOk"
  static let password = "correct horse & <battery> \"staple\""

  /// The random values of a run; verifier and challenge are those of RFC 7636, appendix B.
  static let secrets = FlowSecrets(
    state: "state-mF_9.B5f-4.1JqM0123456789", nonce: "nonce-0S6_WzA2Mj0S6_WzA2Mj0123",
    codeVerifier: Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    tokenIdentifier: "jti-of-the-run",
    logoutState: "logout-af0ifjsldkj-af0ifjsldkj-af0ifjsldkj",
    session: Secret("session-af0ifjsldkj-af0ifjsldkj-af0ifjsldkj"))

  static func url(_ text: String) throws -> WebURL { try WebURL(text) }

  /// A configuration that is wholly honest.
  static func configuration(
    _ type: ResponseType = .codeIDToken, agent: FlowConfiguration.UserAgent = .external,
    observes: Bool = false
  ) throws -> FlowConfiguration {
    var configuration = FlowConfiguration(
      issuer: try url(issuer), clientID: clientID, clientSecret: clientSecret,
      redirectURI: try url("http://localhost:8931/callback"), responseType: type)
    configuration.userAgent = agent
    configuration.observesTenant = observes
    return configuration
  }
}
