import Glibc
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
  /// The proxy of a URL, in the place of its whole description.
  private static func place(_ url: String, _ environment: [String: String]) throws -> String? {
    ProxyChoice.of(try WebURL(url), environment)?.description
  }

  @Test func `the proxy of a request is the one that curl would take`() throws {
    for (url, environment, expected) in [
      ("https://op.example/", ["https_proxy": "http://p:3128"], "p:3128 (https_proxy)"),
      ("https://op.example/", ["HTTPS_PROXY": "p:3128/"], "p:3128 (HTTPS_PROXY)"),
      ("https://op.example/", ["ALL_PROXY": "socks5h://p:9"], "p:9 (ALL_PROXY)"),
      (
        "https://op.example/", ["https_proxy": "a:1", "HTTPS_PROXY": "b:1", "all_proxy": "c:1"],
        "a:1 (https_proxy)"
      ),
      ("https://op.example/", ["https_proxy": "http://u:p%40ss@p:3128"], "p:3128 (https_proxy)"),
      ("https://op.example/", ["https_proxy": "http://p"], "p:1080 (https_proxy)"),
      ("https://op.example/", ["https_proxy": "https://[::1]:8"], "[::1]:8 (https_proxy)"),
      ("https://op.example/", ["http_proxy": "p:1"], nil), ("https://op.example/", [:], nil),
      ("https://op.example/", ["https_proxy": "", "ALL_PROXY": "c:1"], nil),
      ("https://localhost/", ["https_proxy": "p:1"], nil),
      ("http://127.0.0.1/", ["ALL_PROXY": "p:1"], nil),
    ] as [(String, [String: String], String?)] {
      #expect(try Self.place(url, environment) == expected, "\(environment)")
    }
    let secret = ProxyChoice.of(
      try WebURL("https://op.example/"), ["https_proxy": "http://u:hidden@p:1"])
    #expect(secret?.hasCredentials == true && !"\(String(reflecting: secret))".contains("hidden"))
  }

  @Test func `exceptions are names with what is below them, addresses and ranges`() throws {
    for (list, host, isExcepted) in [
      ("op.example", "op.example", true), ("OP.example", "op.EXAMPLE", true),
      (".example", "op.example", true), ("example", "op.example", true),
      ("ample", "op.example", false), ("op.example", "x.op.example", true),
      ("op.example", "op.example.org", false), ("*", "op.example", true),
      ("a, op.example ,b", "op.example", true), ("a op.example", "op.example", true),
      ("op.example:443", "op.example", true), ("op.example:444", "op.example", false),
      ("10.1.2.3", "10.1.2.3", true), ("10.0.0.0/8", "10.1.2.3", true),
      ("10.0.0.0/16", "10.1.2.3", false), ("10.1.2.0/23", "10.1.3.9", true),
      ("10.1.2.0/99", "10.1.2.3", false), ("2.3", "10.1.2.3", false),
      ("fd00::/8", "[fd12::1]", true), ("fd00::/8", "[fe80::1]", false), ("", "op.example", false),
      ("10.0.0.0/8", "op.example", false),
    ] {
      let url = try WebURL("https://\(host)/")
      #expect(ProxyChoice.excepts(list, url) == isExcepted, "\(list) \(host)")
    }
  }

  /// What a request to a host elsewhere ends with, through a proxy.
  private func failure(
    _ loop: PollLoop, through proxy: String, _ options: ClientOptions = ClientOptions()
  ) throws -> ProxyFailure? {
    var options = options
    options.environment = ["https_proxy": proxy]
    let client = HTTPClient(loop: loop, options: options)
    let request = HTTPRequest(method: "GET", url: try WebURL("https://op.example/x?secret=1"))
    let found = try #require(fault(exchange(loop, client, request)))
    guard case .proxy("op.example", 443, let failure) = found else {
      Issue.record("\(found)")
      return nil
    }
    #expect(!"\(found) \(found.details)".contains("secret"))
    return failure
  }

  @Test(arguments: [
    (407, "proxy_authentication"), (403, "proxy_forbidden"), (502, "proxy_status"),
  ])
  func `a proxy that refuses the tunnel is told by its status`(
    _ status: Int, _ code: String
  ) throws {
    let loop = PollLoop()
    let proxy = try RawServer(
      loop,
      answer: "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nProxy-Authenticate: Basic\r\n\r\n")
    let place = "127.0.0.1:\(proxy.port)"
    let found = try #require(try failure(loop, through: "http://me:secret@\(place)"))
    #expect(found.kind == .status(status) && found.code == code && found.place == place)
    #expect(proxy.heads.first?.hasPrefix("CONNECT op.example:443 HTTP/1.1") == true)
    let words = found.happened("op.example", 443)
    #expect(words.contains("the proxy \(place)") && words.contains("\(status)"))
    #expect(found.remedy("op.example").contains("no_proxy"))
  }

  @Test func `a proxy that is not there, says nothing or ends is told`() throws {
    let loop = PollLoop()
    let sockets = try ListenSockets(host: "127.0.0.1", port: 0)
    for descriptor in sockets.descriptors { close(descriptor) }
    let gone = try #require(try failure(loop, through: "http://127.0.0.1:\(sockets.port)"))
    guard case .unreachable(let reason) = gone.kind else {
      Issue.record("\(gone)")
      return
    }
    #expect(reason.contains("refused"))
    let silent = try RawServer(loop, answer: "", end: .hold)
    var options = ClientOptions()
    options.timeoutMilliseconds = 200
    let waited = try failure(loop, through: "http://127.0.0.1:\(silent.port)", options)
    #expect(waited?.kind == .silent(milliseconds: 200))
    let ending = try RawServer(loop, answer: "", end: .close)
    let ended = try #require(try failure(loop, through: "http://127.0.0.1:\(ending.port)"))
    #expect(ended.code == "proxy" || ended.code == "proxy_unreachable", "\(ended)")
  }
}
