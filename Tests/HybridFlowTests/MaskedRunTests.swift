import OpenID
import Testing

@testable import Redaction
@testable import HybridFlow

/// What is secret in a run is masked wherever it stands.
@Suite struct MaskedRunTests {
  private func finished() throws -> Drive {
    var configuration = try Sample.configuration(.codeIDTokenToken, agent: .builtIn, observes: true)
    configuration.scope.append("offline_access")
    return try Drive.run(configuration)
  }

  /// Every secret of a run by name.
  private func secrets(_ drive: Drive) throws -> [(name: String, value: String)] {
    let transcript = drive.transcript
    let basic = try #require(drive.tokenRequests.first?.headers["Authorization"]).dropFirst(6)
    return [
      ("code", Sample.code), ("first access token", Sample.frontAccessToken),
      ("second access token", Sample.backAccessToken),
      ("verifier", Sample.secrets.codeVerifier.reveal()),
      ("client secret", Sample.clientSecret.reveal()), ("password", Sample.password),
      ("basic credentials", String(basic)),
      ("first ID token", try #require(transcript.token(.idToken, .front)).text),
      ("second ID token", try #require(transcript.token(.idToken, .back)).text),
      ("refresh token", try #require(transcript.token(.refreshToken, .back)).text),
    ]
  }

  @Test func `no message shows a secret, whatever way it is written`() throws {
    let drive = try finished()
    let redactor = drive.transcript.redactor()
    for message in drive.transcript.messages {
      let head = message.request?.head ?? message.response?.head ?? ""
      let body = String(decoding: message.body, as: UTF8.self)
      for (name, value) in try secrets(drive) {
        let forms = [
          value, FormEncoding.encode(value), PercentEncoding.encode(value),
          JSONValue.string(value).compactText.trimmed(1),
        ]
        for shown in [
          redactor.mask(head), redactor.mask(body), redactor.maskForm(body),
          redactor.mask(message.url),
        ] + message.headers.lines.map(redactor.show) {
          for form in forms {
            #expect(!shown.contains(form), "\(name) in message \(message.id)")
          }
        }
      }
    }
  }

  @Test func `values of a run are shown as their kind allows`() throws {
    let drive = try finished()
    let redactor = drive.transcript.redactor()
    for value in drive.transcript.stages.flatMap(\.values) {
      switch value.name {
      case "client_secret", "password": #expect(redactor.show(value) == Redactor.dots)
      case "code", "access_token", "id_token", "refresh_token", "code_verifier":
        #expect(redactor.show(value) == "\(value.value.prefix(6))…\(value.value.suffix(4))")
      default: #expect(redactor.show(value) == value.value, "\(value.name) is no secret")
      }
    }
    let revealing = drive.transcript.redactor(revealing: true)
    #expect(!revealing.isActive)
    for value in drive.transcript.stages.flatMap(\.values) {
      #expect(revealing.show(value) == value.value)
    }
  }

  @Test func `a cookie of the tenant is masked where it comes back`() throws {
    var drive = Drive(try Sample.configuration(observes: true), try HonestProvider())
    try drive.run { $0.stateName == "browserAway" }
    let url = try Sample.url(Sample.issuer + "login")
    try drive.deliver(
      .browserExchanged(
        HTTPRequest(method: "GET", url: url, headers: ["Cookie": "first=cookie-value-one; b=2"]),
        HTTPResponse(
          status: 200, headers: ["Set-Cookie": "sid=cookie-value-two; HttpOnly"],
          body: Array("<p>cookie-value-one cookie-value-two HttpOnly".utf8))))
    let redactor = drive.transcript.redactor()
    #expect(
      redactor.mask("<p>cookie-value-one cookie-value-two HttpOnly")
        == "<p>\(Redactor.dots) \(Redactor.dots) HttpOnly")
  }
}

extension String {
  /// The text without so many characters at both ends.
  fileprivate func trimmed(_ count: Int) -> String { String(dropFirst(count).dropLast(count)) }
}
