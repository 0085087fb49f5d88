import OpenID
import Redaction
import TestSupport
import Testing

@testable import HybridFlow
@testable import Inspection

/// One login in every form in which people paste it: the same values come out of each.
@Suite struct PasteFormsTests {
  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: @Sendable ([FormField]) -> String

    init(_ name: String, _ text: @escaping @Sendable ([FormField]) -> String) {
      (testDescription, self.text) = (name, text)
    }
  }

  private static let url = "https://app.example/callback"

  private static func body(_ fields: [FormField]) -> String { FormEncoding.encode(fields) }

  private static func lines(
    _ fields: [FormField], _ line: (FormField) -> String, joined: String = "\n"
  ) -> String { fields.map(line).joined(separator: joined) }

  private static func har(_ entries: String) -> String {
    #"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"1"},"entries":["#
      + entries + "]}}"
  }

  private static func entry(_ fields: [FormField], text: Bool = true) -> String {
    let params = fields.map { #"{"name":"\#($0.name)","value":"\#($0.value)"}"# }
      .joined(separator: ",")
    let data =
      text ? #""text":"\#(body(fields))""# : #""params":[\#(params)]"#
    return #"{"request":{"method":"POST","url":"\#(url)","headers":[],"postData":"#
      + #"{"mimeType":"application/x-www-form-urlencoded",\#(data)}},"response":{"status":200}}"#
  }

  static let forms: [Form] = [
    Form("a form body") { body($0) },
    Form("a fragment") { "\(url)#\(body($0))" },
    Form("curl for bash") { "curl '\(url)' \\\n  -H 'a: b' \\\n  --data-raw '\(body($0))'" },
    Form("curl for cmd") {
      let data = body($0).replacing("%", with: "^%^").replacing("&", with: "^&")
      return "curl ^\"\(url)^\" ^\r\n  -H ^\"a: b^\" ^\r\n  --data-raw ^\"\(data)^\""
    },
    Form("curl with a field at a time") { fields in
      "curl \(url) " + lines(fields, { "--data-urlencode '\($0.name)=\($0.value)'" }, joined: " ")
    },
    Form("PowerShell") {
      "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
        + "Invoke-WebRequest -UseBasicParsing -Uri \"\(url)\" `\n-Method \"POST\" `\n"
        + "-Headers @{\n\"origin\"=\"null\"\n} `\n-Body \"\(body($0))\""
    },
    Form("fetch") {
      "fetch(\"\(url)\", {\n  \"headers\": {\"a\": \"b\"},\n  \"body\": \"\(body($0))\",\n"
        + "  \"method\": \"POST\"\n});"
    },
    Form("fetch for Node") {
      "await fetch('\(url)', { method: 'POST', body: '\(body($0))' });"
    },
    Form("a raw request") { "POST /callback HTTP/1.1\r\nHost: app.example\r\n\r\n\(body($0))" },
    Form("an indented redirect") {
      "   HTTP/1.1 302 Found\n   Location: \(url)#\n     "
        + body($0).replacing("&", with: "\n     &")
    },
    Form("names and values with colons") { lines($0) { "\($0.name): \($0.value)" } },
    Form("name=value lines with blank lines") {
      lines($0, { "\($0.name)=\($0.value)" }, joined: "\n\n")
    },
    Form("names and values on lines of their own") { lines($0) { "\($0.name)\n\($0.value)" } },
    Form("the page that posts itself") { fields in
      "<html><body onload=\"document.forms[0].submit()\"><form method=post action=\"\(url)\">"
        + lines(fields) { "<input type=hidden name=\($0.name) value=\"\($0.value)\">" }
        + "</form></body></html>"
    },
    Form("JSON") { fields in
      "{" + lines(fields, { "\"\($0.name)\":\"\($0.value)\"" }, joined: ",") + "}"
    },
    Form("a Python dict") { fields in
      "{" + lines(fields, { "'\($0.name)': '\($0.value)'" }, joined: ", ") + "}"
    },
    Form("console.log of Node") { fields in
      "[Object: null prototype] {\n"
        + lines(fields, { "  \($0.name): '\($0.value)'" }, joined: ",\n")
        + "\n}"
    },
    Form("a text that Node has broken") { fields in
      "{\n"
        + lines(
          fields,
          { field in
            let half = field.value.count / 2
            return "  \(field.name): '\(field.value.prefix(half))' +\n"
              + "    '\(field.value.dropFirst(half))'"
          }, joined: ",\n") + "\n}"
    },
    Form("a Java map") { fields in
      "{" + lines(fields, { "\($0.name)=\($0.value)" }, joined: ", ") + "}"
    },
    Form("a Ruby hash") { fields in
      "{" + lines(fields, { "\"\($0.name)\"=>\"\($0.value)\"" }, joined: ", ") + "}"
    },
    Form("an object in a line of a log") { fields in
      "2026-01-01 10:00:00 DEBUG callback got {"
        + lines(fields, { "\"\($0.name)\": \"\($0.value)\"" }, joined: ", ") + "} from browser"
    },
    Form("an address in a line of a log") {
      "[error] callback failed for <\(url)#\(body($0))>, giving up."
    },
    Form("a HAR") { har("{\"request\":{\"url\":\"https://x.example/\"}},\(entry($0))") },
    Form("a HAR whose writer keeps only fields") { har(entry($0, text: false)) },
    Form("one entry of a HAR") { entry($0) },
  ]

  private let fields: [FormField]
  private let now: UnixTime

  init() throws {
    let core = try Fixture.vectors().at("oidc_core")
    now = UnixTime(seconds: try #require(try core.at("clock_for_valid").integer))
    let example = try #require(core.list("examples").first { $0["id"]?.string == "core-A.4" })
    let params = try example.at("params")
    fields =
      try ["code", "id_token"].map { FormField($0, try params.text($0)) } + [
        FormField("state", "xyz-123")
      ]
  }

  @Test(arguments: forms)
  func `the same login comes out of every form, and its code belongs to its token`(
    _ form: Form
  ) throws {
    let message = try PastedReader.read(form.text(fields))
    for field in fields { #expect(message[field.name] == field.value, "\(field.name)") }
    #expect(message.isFrontAnswer, "\(message.kind)")
    let checks = PastedExamination(message, now: now, compute: CryptoWork.finding).checks()
    #expect(checks.first { $0.id == "c-hash-match" }?.verdict == .pass)
    #expect(!checks.contains { $0.verdict == .fail }, "\(checks.filter { $0.verdict == .fail })")
    // The code is a secret in every form.
    #expect(
      !Redactor(secrets: message.secrets).mask("x \(fields[0].value) y").contains(fields[0].value))
  }

  @Test(arguments: [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "private key"),
    ("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", "certificate"),
    ("SAMLResponse=PHNhbWxwOlJlc3BvbnNl&RelayState=x", "SAML"),
    ("wa=wsignin1.0&wresult=%3Ct%3ARequestSecurityTokenResponse", "WS-Federation"),
    ("Cookie: session=abc", "cookie"),
    ("AKIAIOSFODNN7EXAMPLE", "AWS"),
  ])
  func `what only looks like a part of this flow is named`(_ text: String, _ what: String) {
    let fault = #expect(throws: PastedError.self) { try PastedReader.read(text) }
    #expect(fault?.message.contains(what) == true, "\(fault?.message ?? "")")
  }
}
