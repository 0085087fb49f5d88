import HybridFlow
import OpenID
import Testing

/// The rules by which a browser keeps and sends a cookie, as a table.
@Suite struct CookieRuleTests {
  private static let now = UnixTime(seconds: 1_795_424_400)

  private static func cookie(_ line: String, from url: String) throws -> BrowserCookie {
    try #require(BrowserCookie(setCookie: line, from: try WebURL(url), at: now))
  }

  @Test(arguments: [
    ("a=1; SameSite=None; Secure", "http://localhost:1/", true),
    ("a=1; SameSite=None; Secure", "http://127.0.0.1:1/", true),
    ("a=1; SameSite=None; Secure", "http://app.example/", false),
    ("a=1; SameSite=None", "https://app.example/", false),
    ("__Host-a=1; Secure; Path=/", "https://app.example/x/y", true),
    ("__Host-a=1; Secure; Path=/; Domain=example", "https://app.example/", false),
    ("__Host-a=1; Secure", "https://app.example/x/y", false),
    ("__host-a=1; Path=/", "https://app.example/", false),
    ("__Secure-a=1", "https://app.example/", false),
  ])
  func `what a browser keeps`(line: String, url: String, isKept: Bool) throws {
    #expect(try Self.cookie(line, from: url).isKept(from: try WebURL(url)) == isKept)
  }

  @Test(arguments: [
    ("a=1; SameSite=None; Secure", "POST", true, nil),
    ("a=1; SameSite=Lax", "POST", true, LostCookie.Reason.lax),
    ("a=1; SameSite=Lax", "GET", true, nil),
    ("a=1; SameSite=Strict", "GET", true, .strict),
    ("a=1", "POST", true, .laxByDefault),
    ("a=1; SameSite=Odd", "POST", true, .laxByDefault),
    ("a=1", "GET", true, nil),
    ("a=1; SameSite=Strict", "POST", false, nil),
    ("a=1; SameSite=None", "POST", true, .noneWithoutSecure),
    ("a=1; Path=/elsewhere", "POST", false, .path),
    ("a=1; Max-Age=0", "POST", false, .expired),
    ("a=1; Domain=other.example", "POST", false, .host),
  ])
  func `what a browser sends to the redirect URI`(
    line: String, method: String, isCrossSite: Bool, reason: LostCookie.Reason?
  ) throws {
    let url = try WebURL("http://localhost:8910/callback")
    let cookie = try Self.cookie(line, from: "http://localhost:8910/login")
    #expect(
      cookie.withheld(from: url, method: method, isCrossSite: isCrossSite, at: Self.now) == reason)
  }

  @Test(arguments: [
    ("http://localhost:1/", "http://localhost:2/", false),
    ("http://localhost:1/", "http://127.0.0.1:1/", true),
    ("http://127.0.0.1/", "http://127.0.0.2/", true),
    ("http://[::1]:1/", "http://localhost:1/", true),
    ("https://app.example.com/", "https://id.other.org/", true),
    ("https://app.example.com/", "https://id.example.com/", nil),
    ("https://app.example/", "http://app.example/", nil),
  ])
  func `two sites or one`(one: String, other: String, isCrossSite: Bool?) throws {
    #expect(
      BrowserCookie.isCrossSite(from: try WebURL(one), to: try WebURL(other)) == isCrossSite)
  }
}
