import OpenID
import Testing
@testable import HybridFlow

/// What counts as a statement about the person when two ID tokens are compared.
@Suite struct SecondTokenTests {
  /// Claims of tokens and of clients, which differ without anything about the person differing.
  @Test(arguments: ["scope", "client_id", "typ", "session_state", "cnf"])
  func `a claim about the token is none about the person`(_ name: String) throws {
    var provider = try HonestProvider()
    provider.editFrontClaims = { $0.set(name, "openid") }
    provider.editBackClaims = { $0.set(name, "openid profile email") }
    let drive = try Drive.run(try Sample.configuration(.codeIDToken), provider)
    let check = try #require(
      drive.transcript[.tokens].checks.first { $0.id == .secondIDTokenUserClaims })
    #expect(check.verdict == .pass, "\(check)")
    provider.editFrontClaims = { _ in }
    let other = try Drive.run(try Sample.configuration(.codeIDToken), provider)
    let second = try #require(
      other.transcript[.tokens].checks.first { $0.id == .secondIDTokenUserClaims })
    #expect(!second.why.contains(name), "\(second.why)")
  }

  @Test func `a name that changed is still found`() throws {
    var provider = try HonestProvider()
    provider.editFrontClaims = { $0.set("nickname", "one") }
    provider.editBackClaims = { $0.set("nickname", "two") }
    let drive = try Drive.run(try Sample.configuration(.codeIDToken), provider)
    #expect(drive.complaints == [.secondIDTokenUserClaims])
  }
}
