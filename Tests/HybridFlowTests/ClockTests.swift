import OpenID
import Testing

@testable import HybridFlow

/// Clocks that differ: the leeway counts on both sides of each time, to the second, and is shown.
@Suite struct ClockTests {
  struct Edge: CustomTestStringConvertible, Sendable {
    let claim: String
    let check: CheckID
    /// Seconds from now that are just right, and just wrong.
    let right: Int64
    let wrong: Int64
    var testDescription: String { "\(claim) \(right), not \(wrong)" }
  }

  static let skew: Int64 = 60

  @Test(arguments: [
    Edge(claim: "exp", check: .idTokenExp, right: -skew + 1, wrong: -skew),
    Edge(claim: "iat", check: .idTokenIat, right: skew, wrong: skew + 1),
    Edge(claim: "iat", check: .idTokenIat, right: -3600 - skew, wrong: -3601 - skew),
    Edge(
      claim: "exp", check: .idTokenLifetime, right: 31 * 86_400 + skew,
      wrong: 31 * 86_400 + skew + 1),
    Edge(claim: "nbf", check: .idTokenNbf, right: skew, wrong: skew + 1),
    Edge(claim: "auth_time", check: .authTime, right: -300 - skew, wrong: -301 - skew),
    Edge(claim: "auth_time", check: .authTime, right: skew, wrong: skew + 1),
  ])
  func `the leeway counts to the second`(_ edge: Edge) throws {
    for (offset, isRight) in [(edge.right, true), (edge.wrong, false)] {
      let check = try judge(edge, offset)
      #expect((check.verdict == .pass) == isRight, "\(offset): \(check)")
      let text = (check.expected ?? "") + check.why
      #expect(text.contains("\(Self.skew) s"), "\(text)")
    }
  }

  @Test func `a time of the wrong type is shown as what it is`() throws {
    var configuration = try Sample.configuration(.codeIDToken)
    configuration.maxAgeSeconds = 300
    var provider = try HonestProvider()
    provider.editFrontClaims = { $0.set("auth_time", "1764000000") }
    let drive = try Drive.run(configuration, provider)
    let check = try #require(drive.transcript[.callback].checks.first { $0.id == .authTime })
    #expect(check.verdict == .warn && check.found == "string: \"1764000000\"")
  }

  /// Judges a token whose claim lies so many seconds from the moment at which it is looked at.
  private func judge(_ edge: Edge, _ offset: Int64) throws -> Check {
    var configuration = try Sample.configuration(.codeIDToken)
    configuration.maxAgeSeconds = 300
    configuration.clockSkewSeconds = Self.skew
    // An honest run first: it tells at which moment the answer is looked at.
    let honest = try Drive.run(configuration, try HonestProvider())
    let moment = try #require(
      honest.turns.first { turn in
        if case .examined = turn.event { true } else { false }
      }
    ).now
    var provider = try HonestProvider()
    provider.editFrontClaims = {
      $0.set(edge.claim, .number(JSONNumber(moment.seconds + offset)))
    }
    let drive = try Drive.run(configuration, provider)
    return try #require(drive.transcript[.callback].checks.first { $0.id == edge.check })
  }
}
