import OpenID
import Testing

@testable import Redaction

/// Known secrets, and those under known names, as they are shown.
@Suite struct RedactorTests {
  @Test func `equal secrets look equal and different ones different`() {
    let redactor = Redactor(secrets: [
      KnownSecret("tokenA-0123456789-0123456789-end1", keepsEnds: true),
      KnownSecret("tokenB-0123456789-0123456789-end2", keepsEnds: true),
    ])
    let text = redactor.mask(
      "tokenA-0123456789-0123456789-end1 tokenB-0123456789-0123456789-end2 "
        + "tokenA-0123456789-0123456789-end1")
    #expect(text == "tokenA…end1 tokenB…end2 tokenA…end1")
  }

  @Test func `a secret that holds another is masked as a whole`() {
    let redactor = Redactor(secrets: [
      KnownSecret("password-1", keepsEnds: false),
      KnownSecret("prefix.password-1.suffix-and-more", keepsEnds: true),
    ])
    #expect(redactor.mask("<prefix.password-1.suffix-and-more>") == "<prefix…more>")
    #expect(redactor.mask("password-1password-1") == Redactor.dots + Redactor.dots)
    #expect(redactor.mask("ppassword-1") == "p" + Redactor.dots)
    #expect(redactor.mask("password-") == "password-")
    #expect(redactor.mask("") == "")
  }

  @Test func `a secret is found in every way of writing it`() {
    let secret = #"a&b<c>"d'e/f\g+h ü%:~"#
    let redactor = Redactor(secrets: [KnownSecret(secret, keepsEnds: false)])
    for written in [
      secret, "a%26b%3Cc%3E%22d%27e%2Ff%5Cg%2Bh+%C3%BC%25%3A%7E",
      "a%26b%3Cc%3E%22d%27e%2Ff%5Cg%2Bh%20%C3%BC%25%3A~",
      "a%26b%3cc%3e%22d%27e%2ff%5cg%2bh+%c3%bc%25%3a%7e",
      "a&amp;b&lt;c&gt;&quot;d'e/f\\g+h ü%:~", "a&amp;b&lt;c&gt;&quot;d&#39;e/f\\g+h ü%:~",
      #"a&b<c>\"d'e/f\\g+h ü%:~"#, #"a&b<c>\"d'e\/f\\g+h ü%:~"#,
    ] {
      #expect(redactor.mask("x=\(written)!") == "x=\(Redactor.dots)!", "\(written)")
    }
  }

  @Test func `short secrets are masked by the name of their field`() throws {
    let redactor = Redactor(secrets: [KnownSecret("demo", keepsEnds: false)])
    #expect(redactor.mask("This is a demo.") == "This is a demo.")
    let body =
      "username=demo&password=demo&client_secret=s&code=abc&code_verifier=v&client%5Fsecret=s"
      + "&id_token=x&access_token=y&refresh_token=z&client_assertion=a&token=t&state=demo&x"
    #expect(
      redactor.maskForm(body)
        == "username=demo&password=\(Redactor.dots)&client_secret=\(Redactor.dots)"
        + "&code=\(Redactor.dots)&code_verifier=\(Redactor.dots)&client%5Fsecret=\(Redactor.dots)"
        + "&id_token=\(Redactor.dots)&access_token=\(Redactor.dots)&refresh_token=\(Redactor.dots)"
        + "&client_assertion=\(Redactor.dots)&token=\(Redactor.dots)&state=demo&x")
    #expect(Redactor.revealing.maskForm(body) == body)
  }

  @Test func `credentials in headers are masked whatever they are`() {
    let redactor = Redactor(secrets: [])
    let cases: [(String, String, String)] = [
      ("Authorization", "Basic YTpi", "Basic " + Redactor.dots),
      ("authorization", "Bearer abcdef0123456789ghij", "Bearer abcdef…ghij"),
      ("AUTHORIZATION", "bearer short", "bearer " + Redactor.dots),
      ("Authorization", "one-word-alone", Redactor.dots),
      ("Cookie", "sid=abc; theme=dark", "sid=\(Redactor.dots); theme=\(Redactor.dots)"),
      ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=\(Redactor.dots); Path=/; HttpOnly"),
      ("Accept", "text/html", "text/html"),
    ]
    for (name, value, shown) in cases {
      #expect(redactor.show(HTTPHeader(name, value)) == shown)
      #expect(Redactor.revealing.show(HTTPHeader(name, value)) == value)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a text that almost matches everywhere takes no longer than another`() {
    let almost = String(repeating: "a", count: 100_000)
    let redactor = Redactor(secrets: [KnownSecret(almost + "b", keepsEnds: false)])
    let text = String(repeating: "a", count: 500_000)
    #expect(redactor.mask(text) == text)
    #expect(redactor.mask(text + "b") == String(repeating: "a", count: 400_000) + Redactor.dots)
  }
}
