import Cryptography
import HybridFlow
import OpenID
import Testing

@testable import Session

/// The page that hands a fragment over, and the path to which it posts.
@Suite struct FragmentPageTests {
  private static let token = "AAAAAAAAAAAAAAAAAAAAAA"
  private static let path = FragmentRelay.path(token: token)

  private func site(takesEverything: Bool) throws -> (ApplicationSite, HTTPResponse) {
    var site = ApplicationSite(redirectURI: try WebURL("http://localhost:8910/callback"))
    let page = site.answer(
      .relayFragment(takesEverything: takesEverything), token: Self.token)
    return (site, page)
  }

  private func post(
    _ body: String, origin: String? = "http://localhost:8910", method: String = "POST",
    to path: String = path
  ) -> HTTPRequest {
    var request = HTTPRequest(
      method: method, target: path,
      headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(body.utf8))
    if let origin { request.headers.add("Origin", origin) }
    return request
  }

  @Test func `the page runs its one script and nothing else, by its digest`() throws {
    let (_, page) = try site(takesEverything: true)
    let policy = try #require(page.headers["Content-Security-Policy"])
    let script = try #require(
      page.bodyText.firstRange(of: "<script>").map { start in
        page.bodyText[start.upperBound...].prefix { $0 != "<" }
      })
    let digest = Base64.encode(try Digest.hash(Array(script.utf8), .sha256))
    #expect(policy.contains("script-src 'sha256-\(digest)'"))
    #expect(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"))
    #expect(!policy.contains("unsafe") && !policy.contains("nonce-"))
    #expect(page.headers["Cache-Control"] == "no-store")
    #expect(page.headers["Referrer-Policy"] == "same-origin")
    let clean = try #require(script.firstRange(of: "history.replaceState"))
    let sends = try #require(script.firstRange(of: "submit"))
    #expect(clean.lowerBound < sends.lowerBound, "the address is cleaned before anything is sent")
  }

  @Test func `the path works once`() throws {
    var (site, _) = try site(takesEverything: true)
    guard case .relayed(let handed) = site.route(post("code=a&state=b")) else {
      Issue.record("it was not taken")
      return
    }
    #expect(handed.bodyText == "code=a&state=b")
    #expect(FragmentRelay.carries(handed))
    #expect(site.route(post("code=a&state=b")) == .repeated)
  }

  @Test(arguments: [
    ("POST", "https://evil.example"), ("POST", "null"), ("GET", "http://localhost:8910"),
    ("PUT", "http://localhost:8910"),
  ])
  func `only the page itself may use it`(method: String, origin: String) throws {
    var (site, _) = try site(takesEverything: true)
    #expect(site.route(post("code=a", origin: origin, method: method)) == .notFound)
    #expect(site.route(post("code=a")) != .notFound, "and it is not spent by others")
  }

  @Test func `a path that no page was given is not taken`() throws {
    var (site, _) = try site(takesEverything: true)
    let other = FragmentRelay.path(token: "BBBBBBBBBBBBBBBBBBBBBA")
    #expect(site.route(post("code=a", origin: nil, to: other)) == .notFound)
  }

  @Test(arguments: [
    "code=CANARY&id_token=CANARY&state=s", "pasted=http%3A%2F%2Fx%2Fcb%23code%3DCANARY%26state%3Ds",
  ])
  func `what was not asked for there is not taken, whatever is posted`(body: String) throws {
    var (site, _) = try site(takesEverything: false)
    guard case .relayed(let handed) = site.route(post(body)) else {
      Issue.record("it was not taken")
      return
    }
    #expect(!handed.bodyText.contains("CANARY"))
    #expect(handed.bodyText.contains("state=s"))
    #expect(handed.bodyText.contains(FragmentRelay.keptField))
  }

  @Test func `a pasted address is read as the script would have read it`() throws {
    var (site, _) = try site(takesEverything: true)
    let address = FormEncoding.encode([
      FormField(FragmentRelay.pastedField, "http://localhost:8910/callback#code=a&state=b")
    ])
    guard case .relayed(let handed) = site.route(post(address)) else {
      Issue.record("it was not taken")
      return
    }
    #expect(handed.bodyText == "code=a&state=b")
  }

  @Test func `pages of scanners do not pile up`() throws {
    var site = ApplicationSite(redirectURI: try WebURL("http://localhost:8910/callback"))
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for letter in letters {
      let token = String(repeating: letter, count: 21) + "A"
      _ = site.answer(.relayFragment(takesEverything: true), token: token)
    }
    let first = FragmentRelay.path(token: String(repeating: "A", count: 22))
    #expect(site.route(post("code=a", origin: nil, to: first)) == .notFound)
    let last = FragmentRelay.path(token: String(repeating: "Z", count: 21) + "A")
    guard case .relayed = site.route(post("code=a", to: last)) else {
      Issue.record("the newest was lost")
      return
    }
  }
}
