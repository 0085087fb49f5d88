import Testing

@testable import OpenID

@Suite struct WebURLTests {
  @Test func `the parts are kept as they were written`() throws {
    let url = try WebURL("HTTPS://Tenant.Example:8443/a/b?x=%41&y#frag?ment")
    #expect(url.text == "HTTPS://Tenant.Example:8443/a/b?x=%41&y#frag?ment")
    #expect(url.description == url.text)
    #expect(url.scheme == "https")
    #expect(url.host == "tenant.example")
    #expect(url.explicitPort == 8443)
    #expect(url.path == "/a/b")
    #expect(url.query == "x=%41&y")
    #expect(url.fragment == "frag?ment")
    #expect(url.requestTarget == "/a/b?x=%41&y")
    #expect(try url.queryFields() == [FormField("x", "A"), FormField("y", "")])
    #expect(try WebURL("http://h").requestTarget == "/")
    #expect(try WebURL("http://h?q").requestTarget == "/?q")
    #expect(try WebURL("https://h").port == 443)
    #expect(try WebURL("http://h").port == 80)
    #expect(try WebURL("http://h") != WebURL("http://h/"))
    #expect(try WebURL("http://[::1]:8400/cb").authority == "[::1]:8400")
  }

  @Test(arguments: [
    ("https://h:443/", "https://h"), ("http://h:80", "http://h"), ("http://h:443", "http://h:443"),
    ("https://H:8443/x", "https://h:8443"), ("http://[::1]:8400/", "http://[::1]:8400"),
  ]) func `an origin leaves the scheme's own port out, as browsers do`(text: String, origin: String)
    throws
  {
    #expect(try WebURL(text).origin == origin)
  }

  @Test(arguments: [
    ("", WebURLError.unsupportedScheme), ("h/x", .unsupportedScheme),
    ("ftp://h", .unsupportedScheme),
    ("http:/h", .unsupportedScheme), ("javascript:alert(1)//http://", .unsupportedScheme),
    ("http://", .badHost), ("http:///x", .badHost), ("http://:80", .badHost),
    ("http://.h", .badHost), ("http://a..b", .badHost), ("http://a%41", .badHost),
    ("http://a\\b", .badHost), ("http://[::1", .badHost), ("http://[]", .badHost),
    ("http://[::1]x", .badHost), ("http://[g::]", .badHost), ("http://[1::2::3]", .badHost),
    ("http://[:::1]", .badHost), ("http://[1:2:3:4:5:6:7]", .badHost),
    ("http://[1:2:3:4:5:6:7:8:9]", .badHost), ("http://[12345::]", .badHost),
    ("http://[::1.2.3]", .badHost), ("http://[::1.2.3.256]", .badHost),
    ("http://[fe80::1%25lo]", .badHost),
    ("http://h:", .badPort), ("http://h:65536", .badPort), ("http://h:-1", .badPort),
    ("http://h:+1", .badPort), ("http://h:1x", .badPort), ("http://h:1:2", .badPort),
    ("http://h:000080", .badPort), ("http://user@h", .userInformation),
    ("http://user:secret@h", .userInformation),
    ("http://localhost\\@evil.example", .userInformation),
    ("http://h/a b", .forbiddenByte(0x20, offset: 10)),
    ("http://h/\n", .forbiddenByte(0x0A, offset: 9)),
    ("http://é", .forbiddenByte(0xC3, offset: 7)),
    ("http://h/\u{7F}", .forbiddenByte(0x7F, offset: 9)),
  ]) func `what is no plain http URL is refused`(text: String, fault: WebURLError) {
    #expect(throws: fault) { try WebURL(text) }
  }

  @Test(arguments: [
    "[::1]", "[::]", "[1:2:3:4:5:6:7:8]", "[1::8]", "[::ffff:127.0.0.1]", "[fe80::A]",
    "[1:2:3:4:5:6:7::]",
    "h:0", "h:1", "h:65535", "a_b-c.example", "a.example.",
  ]) func `hosts and ports at the edges are read`(authority: String) throws {
    #expect(try WebURL("http://\(authority)/x").path == "/x")
  }

  @Test(arguments: [
    ("localhost", true), ("LOCALHOST", true), ("app.localhost", true), ("127.0.0.1", true),
    ("127.255.255.255", true), ("[::1]", true), ("[0:0:0:0:0:0:0:1]", true), ("[0::0001]", true),
    ("[::ffff:127.0.0.1]", false), ("localhost.example", false), ("notlocalhost", false),
    ("127.0.0.1.example", false), ("127.0.0", false), ("127.0.0.256", false), ("128.0.0.1", false),
    ("[::2]", false), ("[1::1]", false), ("10.0.0.1", false), ("0.0.0.0", false),
  ]) func `loopback is what names this machine`(host: String, loopback: Bool) throws {
    #expect(try WebURL("http://\(host):8400/").isLoopback == loopback)
  }

  @Test func `a bare host name need not be a valid one`() {
    for host in ["127.+0.0.1", "127.0.0.-0", "127. 0.0.1", "", ".", "127.0.0.1.", "\u{212A}"] {
      #expect(!WebURL.isLoopback(host: host), "\(host)")
    }
    #expect(WebURL.isLoopback(host: "LocalHost"))
  }

  /// RFC 3986, section 5.4, as far as http goes.
  @Test(arguments: [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
    ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
    ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
    ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
    ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
    ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
    ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
    ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ("g#s/../x", "http://a/b/c/g#s/../x"), ("g?u=http://x", "http://a/b/c/g?u=http://x"),
    ("HTTPS://x/../y", "HTTPS://x/../y"),
  ]) func `references resolve as RFC 3986 says`(reference: String, result: String) throws {
    #expect(try WebURL("http://a/b/c/d;p?q#f").resolving(reference).text == result)
  }

  @Test func `a base without a path resolves, a foreign scheme does not`() throws {
    #expect(try WebURL("http://h:8400?q").resolving("cb").text == "http://h:8400/cb")
    #expect(try WebURL("http://h:8400").resolving("?q").text == "http://h:8400?q")
    for reference in ["g:h", "http:g", "javascript:alert(1)", "mailto:a@b", ":x"] {
      #expect(throws: WebURLError.unsupportedScheme) {
        try WebURL("http://a/b").resolving(reference)
      }
    }
    #expect(throws: WebURLError.self) { try WebURL("http://a/b").resolving("c d") }
    #expect(throws: WebURLError.userInformation) { try WebURL("http://a/b").resolving("//x@y/") }
  }

  @Test(arguments: [
    ("https://t/authorize", "https://t/authorize?a=1%202"), ("https://t", "https://t?a=1%202"),
    ("https://t/x?", "https://t/x?a=1%202"), ("https://t/x?k=v", "https://t/x?k=v&a=1%202"),
    ("https://t/x?k=v&", "https://t/x?k=v&a=1%202"), ("https://t/x?k#f", "https://t/x?k&a=1%202"),
  ]) func `adding fields keeps the query and drops the fragment`(text: String, result: String)
    throws
  {
    let url = try WebURL(text)
    #expect(try url.adding([FormField("a", "1 2")]).text == result)
    #expect(try url.adding([]) == url)
    let request = AuthorizationRequest(endpoint: url, parameters: [FormField("a", "1 2")])
    #expect(try request.url().text == result)
  }

  @Test func `the length limit holds on both sides`() throws {
    let base = "http://h/"
    let full = base + String(repeating: "a", count: Limit.urlBytes - base.utf8.count)
    #expect(try WebURL(full).text.utf8.count == Limit.urlBytes)
    #expect(throws: WebURLError.tooLong(bytes: Limit.urlBytes + 1)) { try WebURL(full + "a") }
  }
}
