import OpenID
import Testing

@testable import HybridFlow

/// What the request asked of the login, and what the ID token says to it.
@Suite struct AskedOfLoginTests {
  private static let hint =
    "eyJhbGciOiJub25lIn0.\(Base64URL.encode(Array(#"{"sub":"u-1"}"#.utf8)))."

  private func verdict(
    _ sent: [String: String], _ edit: (inout JSONValue) -> Void
  ) -> Check {
    var claims: JSONValue = [
      "sub": "u-1", "email": "Ada@Demo.example", "acr": "two-factors", "auth_time": 1_000_000,
    ]
    edit(&claims)
    var evidence = TokenEvidence(
      unknown: "is not known", judge: .application, now: UnixTime(seconds: 1_000_100),
      clockSkewSeconds: 60)
    evidence.loginStartedAt = UnixTime(seconds: 1_000_030)
    return AskedOfLogin { sent[$0] }.check(claims, evidence)
  }

  @Test(arguments: [
    [:], ["prompt": "consent"], ["prompt": "none"], ["max_age": "300"], ["login_hint": "ada"],
    ["claims": #"{"id_token":{"email":null,"acr":{"essential":true}}}"#], ["claims": "not JSON"],
    ["id_token_hint": "not a token"],
  ])
  func `what no token answers is not judged`(_ sent: [String: String]) {
    #expect(verdict(sent) { _ in }.verdict == .skip)
  }

  @Test(arguments: [
    ["prompt": "login"], ["prompt": "consent login"], ["max_age": "0"],
    ["login_hint": "ada@demo.example"], ["id_token_hint": hint],
    ["claims": #"{"id_token":{"acr":{"values":["one","two-factors"]},"sub":{"value":"u-1"}}}"#],
  ])
  func `what was asked and came passes, and what came otherwise warns`(_ sent: [String: String]) {
    let right = verdict(sent) { _ in }
    #expect(right.verdict == .pass && right.found?.isEmpty == false)
    let wrong = verdict(sent) {
      $0 = ["sub": "u-2", "email": "bob@demo.example", "auth_time": 990_000]
    }
    #expect(wrong.verdict == .warn && wrong.why.contains("changed in the browser"))
    #expect(wrong.expected?.isEmpty == false)
  }

  @Test func `a claim that is not there answers nothing, unless its value was asked for`() {
    let sent = ["prompt": "login", "login_hint": "ada@demo.example"]
    #expect(verdict(sent) { $0 = ["sub": "u-1"] }.verdict == .skip)
    let asked = ["claims": #"{"id_token":{"acr":{"value":"two-factors"}}}"#]
    let check = verdict(asked) { $0.remove("acr") }
    #expect(check.verdict == .warn && check.found == "acr absent")
  }
}
