import TestSupport
import Testing

@testable import OpenID

@Suite struct HTMLFormsTests {
  private let url = "https://tenant.example/u/login?state=abc#top"

  private func page(_ text: String) throws -> HTMLPage {
    try HTMLPage(bytes: Array(text.utf8), url: WebURL(url))
  }

  private let login = """
    <!DOCTYPE html><HTML lang=en><head><meta charset="utf-8">
    <title>Log in &amp; continue &#x2014; Ex&#97;mple</title>
    <style>p { color: red } </style><link rel=stylesheet href=/x.css>
    <script>var f = "<form action=/no>"; // not markup</script></head>
    <body class=login><!-- <form action="/commented"> --><div id='w'>
    <h1>Welcome<br>back</h1><p>Log in to <b>Hybrid</b>
       &lt;Flow&gt; to continue.
    <ul><li>One<li>Two &copy 2026</ul>
    <form method=post action=../u/login/submit?a=1&amp;b=2 id=f>
      <input type=hidden name=state value="a&quot;b">
      <label for=user>Email address</label> <input id=user NAME=username type=EMAIL value=''>
      <label>Password <input name=password type=password autocomplete=off></label>
      <input type=checkbox name=remember id=r><label for=r>Remember me</label>
      <input type=checkbox name=terms value=yes CHECKED>
      <input type=radio name=kind value=a checked><input type=radio name=kind value=b>
      <select name=lang><option value=en>English<option value=de selected>Deutsch</select>
      <textarea name=note>
    two
    lines</textarea>
      <input name=off value=x disabled><input value="no name">
      <button type=button name=eye>Show</button>
      <button name=action value=default>Continue <i>now</i></button>
      <input type=submit name=action value=cancel>
    </form></div>
    """

  @Test func `a sloppy login page shows its title, text and form`() throws {
    let page = try page(login)
    #expect(page.title == "Log in & continue — Example")
    #expect(
      page.lines == [
        "Welcome", "back", "Log in to Hybrid <Flow> to continue.", "One", "Two © 2026",
        "Email address", "Password", "Remember me",
      ])
    let form = try #require(page.forms.first)
    #expect(page.forms.count == 1)
    #expect(form.method == "POST")
    #expect(form.action == "../u/login/submit?a=1&b=2")
    #expect(!form.submitsItself)
    #expect(
      form.inputs.map(\.name) == [
        "state", "username", "password", "remember", "terms", "kind", "kind", "lang", "note",
        "off", "",
      ])
    #expect(form.inputs.map(\.type).prefix(4) == ["hidden", "email", "password", "checkbox"])
    #expect(form.inputs[1].label == "Email address")
    #expect(form.inputs[2].label == "Password")
    #expect(form.inputs[3].label == "Remember me")
    #expect(form.inputs[7].choices == ["en", "de"])
    #expect(form.buttons.map(\.label) == ["Continue now", "cancel"])
    #expect(form.buttons.map(\.value) == ["default", "cancel"])
  }

  @Test func `a submission is what a browser would send`() throws {
    let form = try #require(page(login).forms.first)
    let untouched = form.submission(values: [], pressing: nil)
    #expect(
      untouched == [
        FormField("state", "a\"b"), FormField("username", ""), FormField("password", ""),
        FormField("terms", "yes"), FormField("kind", "a"), FormField("lang", "de"),
        FormField("note", "two\r\nlines"),
      ])
    let filled = form.submission(
      values: [
        FormField("password", "p"), FormField("username", "u"), FormField("remember", "on"),
        FormField("terms", ""), FormField("kind", "b"), FormField("state", "forged"),
        FormField("foreign", "x"),
      ], pressing: form.buttons[1])
    #expect(
      filled == [
        FormField("state", "a\"b"), FormField("username", "u"), FormField("password", "p"),
        FormField("remember", "on"), FormField("kind", "b"), FormField("lang", "de"),
        FormField("note", "two\r\nlines"), FormField("action", "cancel"),
      ])
  }

  @Test func `buttons that are alike are told apart, and a pressed one stands in its place`() throws
  {
    let form = try #require(
      page("<form><button name=a value=1>x</button><input name=b><button name=a value=1>x</form>")
        .forms.first)
    #expect(
      form.submission(values: [], pressing: form.buttons[0])
        == [FormField("a", "1"), FormField("b", "")])
    #expect(
      form.submission(values: [], pressing: form.buttons[1])
        == [FormField("b", ""), FormField("a", "1")])
  }

  @Test func `requests follow action, base, formaction and method`() throws {
    let cases: [(html: String, method: String, target: String)] = [
      (
        "<form method=POST><input name=a value=1>", "POST",
        "https://tenant.example/u/login?state=abc"
      ),
      ("<form action=/x?old=1><input name=a value='1 2'>", "GET", "https://tenant.example/x?a=1+2"),
      ("<form action=//other.example/y method=dialog>", "GET", "https://other.example/y?"),
      (
        "<base href='https://cdn.example/d/e'><form action=f method=post>", "POST",
        "https://cdn.example/d/f"
      ),
      (
        "<form action='  http://localhost:8400/cb\n' method=post>", "POST",
        "http://localhost:8400/cb"
      ),
    ]
    for (html, method, target) in cases {
      let page = try page(html)
      let request = try page.request(submitting: #require(page.forms.first))
      #expect(request.method == method, "\(html)")
      #expect(request.url?.text == target, "\(html)")
    }
    let page = try page(
      "<form action=/a><button formaction=/b formmethod=post name=n value=v>Go</button></form>")
    let form = try #require(page.forms.first)
    let request = try page.request(submitting: form, pressing: form.buttons[0])
    #expect(request.url?.text == "https://tenant.example/b")
    #expect(request.bodyText == "n=v")
    #expect(request.headers["Content-Length"] == "3")
    #expect(throws: WebURLError.unsupportedScheme) {
      let page = try self.page("<form action=javascript:alert(1)>")
      _ = try page.target(of: page.forms[0])
    }
  }

  @Test func `a page that posts itself is recognized, a login page is not`() throws {
    let hidden = "<input type=hidden name=code value=c>"
    let cases: [(html: String, automatic: String?)] = [
      ("<body onload='document.forms[0].submit()'><form id=a>\(hidden)</form>", "a"),
      ("<BODY ONLOAD=\"javascript:document.forms[0].submit()\"><form id=a>\(hidden)", "a"),
      (
        "<form id=a>\(hidden)<input type=submit></form><script>document.forms[0].submit();</script>",
        "a"
      ),
      ("<form id=a>\(hidden)</form><noscript><button>Go</button></noscript>", nil),
      ("<form id=a><input name=user></form><script>form.submit()</script>", nil),
      (
        "<form id=aa>\(hidden)</form><form id=b name=go>\(hidden)</form><script>document.go.submit()</script>",
        "b"
      ),
      ("<form id=a>\(hidden)</form><!-- document.forms[0].submit() -->", nil),
      ("<form id=a>\(hidden)</form><script>form.onsubmit = check</script>", nil),
    ]
    for (html, automatic) in cases {
      #expect(try page(html).automaticForm?.id == automatic, "\(html)")
    }
  }

  @Test func `text and references are decoded as browsers decode them`() throws {
    let cases = [
      ("a&nbsp;b", "a\u{A0}b"), ("&euro;&#8364;&#x20AC;&#x20ac", "€€€€"), ("&#128;", "€"),
      ("&#0;&#xD800;&#x110000;&#99999999999999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
      ("&unknown; &; &# &#x; &", "&unknown; &; &# &#x; &"), ("1 < 2 <3 & 4", "1 < 2 <3 & 4"),
      ("AT&T &amp &lt", "AT&T & <"), ("&amp;lt;", "&lt;"),
      ("a<!-- x -- y --!>b<!-->c<!--->d", "abcd"),
      ("a</ b>c<?php x ?>d<!x>e", "acde"), ("<b>bo</b>ld <i>it", "bold it"),
      ("x<script>a</scripty></SCRIPT >y", "xy"), ("x<style>never closed", "x"),
    ]
    for (html, text) in cases { #expect(try page("<p>" + html).lines == [text], "\(html)") }
    let form = try #require(page("<form action='/x?a=1&copy=2&lt;&amp;b&reg'>").forms.first)
    #expect(form.action == "/x?a=1&copy=2<&b®")
  }

  @Test func `controls outside find their form by its id, and the first attribute counts`() throws {
    let page = try page(
      "<form id=a></form><form id=b></form><input form=a name=x NAME=y value=1 value=2>"
        + "<input name=lost><button form=b>B</button><input form=none name=z>")
    #expect(page.forms[0].inputs.map(\.name) == ["x"])
    #expect(page.forms[0].inputs.map(\.value) == ["1"])
    #expect(page.forms[1].buttons.count == 1)
  }

  @Test func `a form inside a form is ignored, and image buttons send a place`() throws {
    let page = try page("<form id=a><form id=b><input type=image name=i src=x></form><form id=c>")
    #expect(page.forms.map(\.id) == ["a", "c"])
    let button = try #require(page.forms[0].buttons.first)
    #expect(
      page.forms[0].submission(values: [], pressing: button)
        == [FormField("i.x", "0"), FormField("i.y", "0")])
  }

  @Test func `bytes that are no UTF-8 become visible marks`() throws {
    let page = try HTMLPage(
      bytes: [0xEF, 0xBB, 0xBF] + Array("<p>a".utf8) + [0xFF, 0x00] + Array("b".utf8),
      url: WebURL(url))
    #expect(page.lines == ["a\u{FFFD}\u{0}b"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `no page of half a megabyte takes more than linear time`() throws {
    let pieces = [
      "<", "</", "<!--", "<!", "<a", "<a ", "<a b", "<a b=", "<a b='", "&", "&#", "&#x", "<script>",
      "<title>", "</script", "<label>", "<label><input type=hidden>", "<option>", "<select>",
      "<select><option selected>", "<button>", "a b ", "<a b=c d=e ", "<p>", "<script>submit(",
      "<!-- -", "<textarea>", "<body onload=submit()>", "\u{E9}",
    ]
    for piece in pieces {
      let text = String(repeating: piece, count: 512 * 1024 / piece.utf8.count)
      let clock = ProcessorClock()
      let time = clock.measure { _ = try? page(text) }
      #expect(time < .seconds(5), "\(piece)")
    }
    let long = String(repeating: "a", count: 200_000)
    _ = try page("<form id=\(long)></form><script>\(long)\(long)submit()</script>")
  }

  @Test func `cut anywhere or with any byte changed, a page is read without a fault`() throws {
    let bytes = Array(login.utf8)
    for end in stride(from: 0, to: bytes.count, by: 7) {
      _ = try HTMLPage(bytes: Array(bytes[..<end]), url: WebURL(url))
    }
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      var changed = bytes
      for _ in 0..<8 {
        changed[Int.random(in: changed.indices, using: &generator)] =
          Array("<>/=\"'&;! -".utf8).randomElement(using: &generator) ?? 0
      }
      _ = try HTMLPage(bytes: changed, url: WebURL(url))
    }
  }

  @Test func `limits hold on both sides`() throws {
    let many = String(repeating: "<input>", count: Limit.formControls)
    #expect(try page("<form>" + many).forms[0].inputs.count == Limit.formControls)
    #expect(throws: HTMLError.tooManyControls) { try page("<form>" + many + "<button>x") }
    let forms = String(repeating: "<form></form>", count: Limit.formControls)
    #expect(try page(forms).forms.count == Limit.formControls)
    #expect(throws: HTMLError.tooManyControls) { try page(forms + "<form>") }
    let full = [UInt8](repeating: 0x61, count: Limit.responseBodyBytes)
    #expect(try HTMLPage(bytes: full, url: WebURL(url)).lines.count == 1)
    #expect(throws: HTMLError.tooLarge(bytes: full.count + 1)) {
      try HTMLPage(bytes: full + [0x61], url: WebURL(url))
    }
  }
}
