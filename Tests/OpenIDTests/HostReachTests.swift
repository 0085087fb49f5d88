import OpenID
import Testing

/// Where a host stands, in every spelling that a resolver takes.
@Suite struct HostReachTests {
  static let hosts: [(reach: HostReach, names: [String])] = [
    (
      .thisMachine,
      [
        "localhost", "LOCALHOST", "localhost.", "a.localhost", "a.localhost.", "127.0.0.1",
        "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "0177.0.0.1",
        "017700000001", "127.255.255.254", "::1", "[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1",
        "::ffff:7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "ip6-localhost", "localhost.localdomain",
      ]
    ),
    (
      .privateNetwork,
      [
        "10.0.0.1", "10.1", "0xa000001", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "192.168.257", "3232235777", "100.64.0.1", "100.127.255.255", "198.18.0.1", "fc00::1",
        "fd12:3456::1", "fec0::1", "::ffff:192.168.0.1", "2002:c0a8:101::1", "64:ff9b:1::1",
      ]
    ),
    (
      .linkLocal,
      [
        "169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.43518", "fe80::1", "febf::1",
        "::ffff:169.254.169.254",
      ]
    ),
    (
      .nowhere,
      [
        "0.0.0.0", "0", "0x0", "0x", "00", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "192.0.0.8", "::", "::ffff:0.0.0.0", "ff02::1",
      ]
    ),
    (
      .anywhere,
      [
        "tenant.example", "localhost.example", "notlocalhost", "127.0.0.1.example", "8.8.8.8",
        "172.15.255.255", "172.32.0.0", "192.169.0.1", "100.63.255.255", "100.128.0.0", "126.1",
        "128.0.0.1", "169.253.255.255", "169.255.0.0", "127.0.0.256", "127.0.0.0.1", "0x7g.1",
        "0189.0.0.1", "1.2.3.4.5", "a.127.0.0.1", "2001:db8::1", "2606:4700::1111",
        "::ffff:8.8.8.8", "2002:808:808::", "fbff::1", "fe7f::1", "x10.0.0.1", "4294967296",
      ]
    ),
  ]

  @Test func `every spelling of an address is understood`() {
    for row in Self.hosts {
      for name in row.names { #expect(HostReach(host: name) == row.reach, "\(name)") }
    }
  }

  @Test func `what counts as loopback for plain http is never anything else here`() throws {
    for row in Self.hosts {
      for name in row.names where WebURL.isLoopback(host: name) {
        #expect(row.reach == .thisMachine, "\(name)")
      }
    }
  }

  @Test func `an issuer names nothing that is nearer than itself`() {
    let all: [HostReach] = [.thisMachine, .privateNetwork, .linkLocal, .nowhere, .anywhere]
    let allowed: [HostReach: [HostReach]] = [
      .thisMachine: [.thisMachine, .privateNetwork, .anywhere],
      .privateNetwork: [.privateNetwork, .anywhere], .linkLocal: [.linkLocal, .anywhere],
      .nowhere: [.anywhere], .anywhere: [.anywhere],
    ]
    for issuer in all {
      for endpoint in all {
        let may = allowed[issuer]?.contains(endpoint) == true
        #expect(issuer.mayName(endpoint) == may, "\(issuer) names \(endpoint)")
      }
    }
    #expect(all.filter { $0.words == nil } == [.anywhere])
  }
}

/// What stands in a URI, and what goes to programs that may be scripts.
@Suite struct URIBytesTests {
  @Test(arguments: [
    ("https://op.example/a-b._~:/?#[]@!$&'()*+,;=%41%zz", "a % that encodes nothing at byte 46"),
    ("https://op.example/`calc`", "the byte ` (0x60) at byte 19"),
    ("https://op.example/a|b", "the byte | (0x7C) at byte 20"),
    ("https://op.example/a\"b", "the byte \" (0x22) at byte 20"),
    ("https://op.example/a\\b", "the byte \\ (0x5C) at byte 20"),
    ("https://op.example/a^b", "the byte ^ (0x5E) at byte 20"),
    ("https://op.example/{tenant}", "the byte { (0x7B) at byte 19"),
    ("https://op.example/<x>", "the byte < (0x3C) at byte 19"),
    ("https://op.example/a b", "the byte 0x20 at byte 20"),
    ("https://op.example/\u{1B}[31m", "the byte 0x1B at byte 19"),
    ("https://op.example/\u{E4}", "the byte 0xC3 at byte 19"),
    ("https://op.example/%4", "a % that encodes nothing at byte 19"),
  ])
  func `a byte that no URI has is named`(text: String, words: String) {
    #expect(URIBytes.firstStranger(in: text)?.description == words)
  }

  @Test func `what is a URI has no such byte`() {
    for text in [
      "https://op.example/authorize?a=b&c=%24(d)", "http://[::1]:9000/a;v=1/b,c?x=y#z", "",
      "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    ] {
      #expect(URIBytes.firstStranger(in: text) == nil, "\(text)")
    }
  }

  @Test func `every printable byte is harmless in what is handed to a program`() throws {
    let bytes = (0x21...0x7E).map { String(Character(Unicode.Scalar(UInt8($0)))) }
    // A shell, cmd.exe and PowerShell between them; `&` separates fields and stays in the query.
    let dangerous = Set("$`\"'();|<>^!*{}\\,[]")
    for byte in bytes where byte != "#" && byte != "?" {
      let url = try WebURL("https://op.example/a\(byte)b?c\(byte)d=e&f=g#h\(byte)i")
      let text = url.launchText
      let parts = text.dropFirst("https://op.example/".count).split(separator: "?")
      let path = try #require(parts.first)
      #expect(!path.contains("&"), "\(byte)")
      #expect(dangerous.subtracting(";,").isDisjoint(with: path), "\(byte)")
      #expect(dangerous.isDisjoint(with: parts.dropFirst().joined()), "\(byte)")
      #expect(URIBytes.firstStranger(in: text) == nil, "\(text)")
      #expect(try WebURL(text).launchText == text, "\(byte)")
      guard byte != "%" else { continue }
      // What a server reads is what it would have read.
      let before = try url.queryFields()
      let after = try WebURL(text).queryFields()
      #expect(before == after, "\(byte)")
    }
  }

  @Test(arguments: [
    ("https://op.example/authorize?a=b", "https://op.example/authorize?a=b"),
    ("https://op.example:8443", "https://op.example:8443"),
    ("http://[::1]:9000/x", "http://[::1]:9000/x"),
    ("https://op.example/$(calc)?x=$(calc)", "https://op.example/%24%28calc%29?x=%24%28calc%29"),
    ("https://op.example/a;b?c;d", "https://op.example/a;b?c%3Bd"),
    ("https://op.example/%41%zz", "https://op.example/%41%25zz"),
  ])
  func `an ordinary address stays as it is`(text: String, expected: String) throws {
    #expect(try WebURL(text).launchText == expected)
  }
}
