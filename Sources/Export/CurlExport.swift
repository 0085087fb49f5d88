import HybridFlow
import OpenID
import Presentation
import Redaction

/// A run\u{2019}s back channel as a shell script with one curl command per request.
///
/// Secrets are variables, and curl reads them from its standard input: they are in no argument, so
/// no process list shows them. The front channel is added as comments.
struct CurlExport {
  private let run: ExportedRun
  private let redactor: Redactor

  init(_ run: ExportedRun) {
    self.run = run
    redactor = run.redactor
  }

  /// The script.
  var text: String {
    var lines = head
    for exchange in Exchange.all(in: run.transcript) {
      guard exchange.first.channel == .back else {
        lines += ["", "# " + HarmlessText.line(frontWords(exchange))]
        continue
      }
      guard let message = exchange.request, let request = message.request else { continue }
      lines += step(exchange, message, request)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    let top = [
      "#!/bin/sh", "# \(HarmlessText.line(run.title))", "# \(run.maskingNotice)",
    ]
    return top
      + Self.preamble.split(at: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// The beginning of every script: how to use it, and how values reach curl.
  static let preamble = #"""
    #
    # One command a back-channel request. Run all:           sh FILE
    # or only those of some stages (after: after the flow):  sh FILE 6 9
    # What is secret, or good for one use, is a variable. Set it first: CODE=… sh FILE 6, or better,
    # so that your shell does not remember it:  read -r CLIENT_SECRET; export CLIENT_SECRET
    # A token response sets ACCESS_TOKEN, ID_TOKEN and REFRESH_TOKEN for what comes after it. For a
    # fresh CODE, open the URL of stage 2 with a code_challenge of your own (RFC 7636, section 4.2).
    # No value is ever an argument of a program: printf is the shell's own, and curl reads its options
    # from standard input. ps shows none.
    set -u
    steps=${*:-all}

    # step STAGE WORDS: whether this stage is wanted.
    step() {
      case " $steps " in
        *" all "* | *" $1 "*) printf '\n== %s\n' "$2" >&2 ;;
        *) return 1 ;;
      esac
    }

    # need NAME WORDS: ends the script when a variable is not set.
    need() {
      eval "[ -n \"\${$1:-}\" ]" && return
      printf 'Set %s: %s\n' "$1" "$2" >&2
      exit 2
    }

    # option NAME VALUE: a line of curl's configuration, its value in quotes.
    option() {
      printf '%s = "%s"\n' "$1" "$(
        printf '%s.' "$2" | LC_ALL=C sed -e ':a' -e '$!{' -e 'N' -e 'ba' -e '}' \
          -e 's/[\\"]/\\&/g' -e 's/\n/\\n/g' -e 's/\r/\\r/g' -e 's/\.$//'
      )"
    }

    # encoded VALUE: as in a form, for the secret in HTTP Basic (RFC 6749, section 2.3.1).
    encoded() {
      printf '%s' "$1" | od -An -v -tu1 | awk '{
        for (i = 1; i <= NF; i++) {
          c = $i + 0
          if ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) ||
            c == 45 || c == 46 || c == 95) printf "%c", c
          else printf "%%%02X", c
        }
      }'
    }

    # send: asks what request() says, prints the answer, and keeps it.
    send() {
      answer=$(request | curl --disable --silent --show-error --globoff --max-time 60 \
        --write-out '%{stderr}HTTP %{http_code}\n' --config -) || exit 5
      printf '%s\n' "$answer"
    }

    # member NAME: a text of the last answer, which is JSON.
    member() {
      printf '%s' "$answer" | tr -d '\n' | sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p'
    }

    # keep VARIABLE NAME: takes a token from the last answer, when it has one.
    keep() {
      value=$(member "$2")
      if [ -n "$value" ]; then eval "$1=\$value"; fi
    }
    """#

  private func frontWords(_ exchange: Exchange) -> String {
    let message = exchange.first
    let url = redactor.maskAddress(message.url)
    let way =
      "\(place(exchange)), through the browser, \(message.from.title) to \(message.to.title)"
    guard message.request == nil, let location = message.headers["Location"] else {
      return "\(way): \(redactor.mask(message.method)) \(url)"
    }
    return "\(way): redirect to \(redactor.maskAddress(location))"
  }

  private func place(_ exchange: Exchange) -> String {
    exchange.action.map { "after the flow (\($0.id))" } ?? "stage \(exchange.first.stage.number)"
  }

  private func step(
    _ exchange: Exchange, _ message: Message, _ request: HTTPRequest
  ) -> [String] {
    let stage = exchange.action == nil ? "\(message.stage.number)" : "after"
    let address = message.url.before(anyOf: "?#")
    let words = redactor.mask("\(place(exchange)): \(request.method) \(address)")
    let command = CurlStep(message, request, redactor)
    var lines = ["", "if step \(stage) \(ShellWord.quoted(HarmlessText.line(words))); then"]
    for (variable, value) in command.variables {
      if let value {
        let assignment = "\(variable.name)=\(ShellWord.quoted(value))"
        lines.append("  [ -n \"${\(variable.name):-}\" ] || \(assignment)")
      }
      lines.append("  need \(variable.name) \(ShellWord.quoted(variable.help))")
    }
    lines.append("  request() {")
    lines += command.options.map { "    " + $0 }
    lines += ["  }", "  send"]
    if command.givesTokens {
      for name in ["access_token", "id_token", "refresh_token"] {
        lines.append("  keep \(CurlStep.capitals(name)) \(name)")
      }
    }
    return lines + ["fi"]
  }
}

/// One request as options of curl, with the variables that it needs.
struct CurlStep {
  /// A variable of the script.
  struct Variable: Sendable, Hashable {
    var name: String
    /// How to set it.
    var help: String
  }
  private enum Piece {
    case text(String)
    /// The variable's raw value.
    case variable(Variable)
    /// The variable's value, encoded for a form or URL.
    case encoded(Variable)
  }

  /// Lines of the script that print curl\u{2019}s options.
  private(set) var options: [String] = []
  /// The variables in the order of their use, with the values that may be shown.
  private(set) var variables: [(Variable, value: String?)] = []
  /// Whether the response contains tokens for later requests.
  private(set) var givesTokens = false
  private let redactor: Redactor

  init(_ message: Message, _ request: HTTPRequest, _ redactor: Redactor) {
    self.redactor = redactor
    add("url", address(message.url))
    let isForm = request.headers.mediaType == "application/x-www-form-urlencoded"
    let fields = isForm ? try? FormEncoding.decode(request.body) : nil
    let method = request.method
    if !method.isIdentical(toIgnoringCase: request.body.isEmpty ? "GET" : "POST") {
      add("request", [.text(request.method)])
    }
    if request.security?.certificate != nil { addCertificate() }
    for header in request.headers.lines { add(header, hasForm: fields != nil) }
    if let fields {
      givesTokens = fields.contains { $0.name == "grant_type" }
      for field in fields { add(field, among: fields) }
    } else if !request.body.isEmpty {
      let body = String(decoding: request.body, as: UTF8.self)
      add("data-raw", [.text(redactor.mask(body))])
    }
  }

  // MARK: The parts of a request

  private mutating func address(_ url: String) -> [Piece] {
    guard redactor.maskAddress(url) != url || !redactor.isActive,
      let fields = try? WebURL(url).queryFields(), fields.contains(where: isSecret)
    else { return [.text(redactor.mask(url))] }
    var pieces: [Piece] = [.text(String(url.before("?")))]
    for (index, field) in fields.enumerated() {
      pieces.append(.text(index == 0 ? "?" : "&"))
      if isSecret(field) {
        pieces.append(.text(FormEncoding.encode([FormField(field.name, "")])))
        pieces.append(.encoded(variable(for: field, among: fields)))
      } else {
        pieces.append(.text(FormEncoding.encode([field])))
      }
    }
    return pieces
  }

  /// The files of the client's certificate: curl reads them itself, and they are in no script.
  private mutating func addCertificate() {
    let files = [
      ("cert", "CLIENT_CERT", "the file with the client certificate, PEM"),
      ("key", "CLIENT_CERT_KEY", "the file with its private key, PEM"),
    ]
    for (option, name, help) in files {
      let variable = Variable(name: name, help: help)
      variables.append((variable, nil))
      add(option, [.variable(variable)])
    }
  }

  private mutating func add(_ header: HTTPHeader, hasForm: Bool) {
    if ShellCommand.isImplied(header, hasForm: hasForm) { return }
    switch HeaderCredential(header) {
    case .bearer(let text):
      let token = take("ACCESS_TOKEN", Self.helps["access_token"] ?? "", text)
      add("header", [.text("\(header.name): Bearer "), .variable(token)])
    case .bound(let text):
      let token = take("ACCESS_TOKEN", Self.helps["access_token"] ?? "", text)
      add("header", [.text("\(header.name): DPoP "), .variable(token)])
    case .proof(let text):
      let proof = take("DPOP_PROOF", "a fresh proof of the key for this request (RFC 9449)", text)
      add("header", [.text("\(header.name): "), .variable(proof)])
    case .basic(let user, let secret):
      let variable = take("CLIENT_SECRET", Self.helps["client_secret"] ?? "", secret)
      add("user", [.text(user + ":"), .encoded(variable)])
    case .other:
      let all = take("AUTHORIZATION", "the whole value of the header Authorization", header.value)
      add("header", [.text("\(header.name): "), .variable(all)])
    case .cookies:
      let all = take("COOKIE", "the cookies, NAME=VALUE; NAME=VALUE", header.value)
      add("header", [.text("\(header.name): "), .variable(all)])
    case nil: add("header", [.text("\(header.name): \(redactor.show(header))")])
    }
  }

  private mutating func add(_ field: FormField, among fields: [FormField]) {
    guard isSecret(field) else {
      // Encoded here: the script is ASCII, whatever the value contains.
      return add("data-raw", [.text(FormEncoding.encode([field]))])
    }
    let name = FormEncoding.encode([FormField(field.name, "")])
    add("data-urlencode", [.text(name), .variable(variable(for: field, among: fields))])
  }

  // MARK: Variables

  private static let helps: [String: String] = [
    "client_secret": "the client secret",
    "client_assertion": "a fresh JWT, signed by the client (RFC 7523)",
    "code": "the code of a fresh answer at the redirect URI; it is good for one use",
    "code_verifier": "the verifier of the code_challenge that you sent (RFC 7636)",
    "access_token": "an access token, as stage 6 gives it",
    "refresh_token": "a refresh token, as stage 6 gives it",
    "id_token": "an ID token, as stage 6 gives it", "id_token_hint": "an ID token",
    "password": "the password of the person", "token": "the token that is asked about",
  ]

  private func isSecret(_ field: FormField) -> Bool {
    ShellCommand.variables[field.name] != nil || redactor.show(field) != field.value
  }

  private mutating func variable(for field: FormField, among fields: [FormField]) -> Variable {
    var name = field.name
    if name == "token", let hint = fields.first(where: { $0.name == "token_type_hint" })?.value,
      Self.helps[hint] != nil
    {
      name = hint
    }
    if name == "id_token_hint" { name = "id_token" }
    guard let help = Self.helps[name] else {
      return take("PARAM_" + Self.capitals(name), "the parameter of this name", field.value)
    }
    return take(Self.capitals(name), help, field.value)
  }

  /// A name for a variable: every character except ASCII letters becomes `_`.
  static func capitals(_ name: String) -> String {
    let bytes = name.unicodeScalars.map { scalar -> UInt8 in
      let byte = UInt8(ascii: scalar.isASCII ? scalar : "_").asciiLowercased
      return (0x61...0x7A).contains(byte) ? byte & 0xDF : 0x5F
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func take(_ name: String, _ help: String, _ value: String) -> Variable {
    let variable = Variable(name: name, help: help)
    if !variables.contains(where: { $0.0 == variable }) {
      variables.append((variable, redactor.isActive ? nil : value))
    }
    return variable
  }

  private mutating func add(_ option: String, _ pieces: [Piece]) {
    var word = ""
    var text = ""
    func flush() {
      if !text.isEmpty { word += ShellWord.quoted(text) }
      text = ""
    }
    for piece in pieces {
      switch piece {
      case .text(let more): text += more
      case .variable(let variable):
        flush()
        word += "\"$\(variable.name)\""
      case .encoded(let variable):
        flush()
        word += "\"$(encoded \"$\(variable.name)\")\""
      }
    }
    flush()
    options.append("option \(option) \(word)")
  }
}
