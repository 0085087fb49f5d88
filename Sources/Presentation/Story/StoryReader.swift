import HybridFlow
import OpenID
import Redaction

/// Finds the values of a stage that matter.
struct StoryReader {
  let record: StageRecord
  let transcript: Transcript
  let type: ResponseType
  let redactor: Redactor
  let tellsVerdicts: Bool

  typealias Value = StoryDocument.Value

  /// The values, the most important first.
  var values: [Value] {
    switch record.stage {
    case .login: login
    case .authorize: authorize
    case .prompt: prompt
    case .authenticate: authenticate
    case .callback: callback
    case .exchange: exchange
    case .verify: []
    case .tokens: tokens
    case .api: api
    case .data: data
    }
  }

  /// The proofs with their results; at stage 7 the tenant's own ledger.
  func proofs(_ proofs: [StoryText.Proof]) -> [StoryDocument.Proof] {
    guard record.stage == .verify else {
      return proofs.map {
        StoryDocument.Proof(what: $0.what, proves: $0.proves, verdict: verdict(of: $0.checks))
      }
    }
    return ledger.prefix(StoryDocument.ledgerMax).map { line in
      StoryDocument.Proof(
        what: line.what, proves: "",
        verdict: tellsVerdicts ? line.passed.map { $0 ? .pass : .fail } ?? .skip : nil)
    }
  }

  /// The rules of the tenant's that matter most; one that was broken comes first.
  private static let rules = [
    "client-authenticated", "code-unexpired", "code-known", "code-unused", "code-client",
    "code-redirect-uri", "redirect-uri", "code-pkce", "pkce",
  ]

  private var ledger: [LedgerLine] {
    let lines = record.serverChecks.map { LedgerLine($0, redactor) }
    let broken = tellsVerdicts ? lines.filter { $0.passed == false } : []
    let usual = Self.rules.compactMap { rule in lines.first { $0.id == rule } }
    return broken + usual.filter { line in !broken.contains { $0.id == line.id } }
  }

  private func verdict(of ids: [CheckID]) -> Check.Verdict? {
    tellsVerdicts ? record.verdict(of: ids) : nil
  }

  // MARK: Stages

  private var login: [Value] {
    let words = [
      "state": "comes back with the answer",
      "nonce": "comes back in the ID token",
      "code_verifier": "a secret; its digest leaves",
    ]
    let made = ["state", "nonce", "code_verifier"].compactMap { name in
      record.values.first { $0.name == name }.map { value(name, $0.value, words[name] ?? "") }
    }
    return made + issuer
  }

  /// The issuer that the tenant's metadata name.
  private var issuer: [Value] {
    for message in record.messages where message.response != nil {
      guard let issuer = MessageDocument(message, redactor).json?["issuer"]?.string else {
        continue
      }
      return [
        value(
          "issuer", issuer, "its metadata and keys came",
          [.discoveryIssuerMatch])
      ]
    }
    return []
  }

  private var authorize: [Value] {
    guard let fields = try? transcript.authorizeURL?.queryFields() else { return [] }
    let asked = type == .codeIDTokenToken ? "all three" : "both"
    let words = [
      ("response_type", "\(asked) at once: hybrid"),
      ("redirect_uri", "registered, letter by letter"),
      ("state", "comes back with the code"),
      ("nonce", "comes back in the ID token"),
      ("code_challenge", "digest; the verifier stays"),
    ]
    return fields.picked(words).map { value($0.name, $0.value, $1) }
  }

  private var prompt: [Value] {
    var values: [Value] = []
    let pages = record.messages.filter { $0.from == .authorizationServer && $0.response != nil }
    if let page = pages.last(where: { $0.headers.mediaType == "text/html" }),
      let url = try? WebURL(page.url)
    {
      // The site's name stands behind the page's.
      let title = (try? HTMLPage(bytes: page.body, url: url))?.title.before(" \u{00B7} ") ?? ""
      values.append(
        value("address", String(url.origin.after("//")), "the one place for a password"))
      if !title.isEmpty { values.append(value("page", String(title), "what the person sees")) }
    }
    if let cookie = pages.lazy.compactMap({ $0.headers["Set-Cookie"] }).first {
      values.append(
        value(
          "cookie", String(cookie.before("=")),
          "the tenant\u{2019}s own; not for us"))
    }
    return values
  }

  private var authenticate: [Value] {
    let posts = record.messages.filter { $0.from == .browser && $0.request?.method == "POST" }
    let fields = posts.flatMap { (try? FormEncoding.decode($0.body)) ?? [] }
    let words = [
      ("username", "who wants to sign in"), ("password", "for the tenant, nobody else"),
    ]
    var values = fields.picked(words).map { value($0.name, $0.value, $1) }
    if let scope = try? transcript.authorizeURL?.queryFields()["scope"] {
      values.append(value("scope", scope, "what the application asks for"))
    }
    if let answer = fields.last(where: { $0.name == "action" }) {
      values.append(value("action", answer.value, "what the person answered"))
    }
    return values
  }

  private var callback: [Value] {
    let answer = record.messages.last { $0.to == .application && $0.request != nil }
    guard let answer, let fields = Self.fields(of: answer) else { return [] }
    let words = [
      ("error", "the tenant refused"), ("error_description", "in its own words"),
      ("code", "opens nothing by itself"),
      ("id_token", "who signed in\(person(.front))"),
      ("access_token", "seen by the browser: not used"),
      ("state", "the one we made"), ("iss", "the tenant that answers"),
    ]
    return fields.picked(words).map {
      value($0.name, $0.value, $1, ValueChecks.ids($0.name, .authorizationResponse))
    } + cookie
  }

  /// The application's own cookie, as it came with the answer.
  private var cookie: [Value] {
    guard let trail = record.cookie else { return [] }
    let words =
      switch trail.end {
      case .returned?: "came back: our browser"
      case .withheld?: "did not come back"
      case .replaced?: "not as it was set"
      case .unknown?, nil: "not seen"
      }
    return [value("cookie", trail.name, words, [.sessionCookieReturned])]
  }

  /// The fields of an answer, wherever it carries them.
  private static func fields(of message: Message) -> [FormField]? {
    guard let request = message.request else { return nil }
    if !message.body.isEmpty { return try? FormEncoding.decode(message.body) }
    return try? FormEncoding.decode(request.fragment ?? request.query)
  }

  private var exchange: [Value] {
    let post = record.messages.last { $0.request != nil }
    let fields = post.flatMap { try? FormEncoding.decode($0.body) } ?? []
    var values = fields.picked([("code", "good once")]).map {
      value($0.name, $0.value, $1)
    }
    if let secret = record.values.first(where: { $0.name == "client_secret" }) {
      let isHeader = post?.headers["Authorization"] != nil
      values.append(
        value(
          "client_secret", secret.value,
          signedSecret(secret.value) != nil
            ? "a JWT, signed for this request"
            : isHeader ? "in the Authorization header" : "in the body"))
      values += signedSecretClaims(secret.value)
    }
    if let proof = proofOfKey { values.append(proof) }
    let rest = [
      ("client_assertion", "signed with our own key"),
      ("code_verifier", "its digest went at stage 2"),
      ("redirect_uri", "once more, as at stage 2"),
    ]
    return values + fields.picked(rest).map { value($0.name, $0.value, $1) }
  }

  /// The claims of a client secret that is a JWT; nil for any other.
  private func signedSecret(_ text: String) -> JSONValue? { try? CompactJWS(text).claims() }

  /// Who signed a client secret that is a JWT, for whom, and for how long.
  private func signedSecretClaims(_ text: String) -> [Value] {
    guard let claims = signedSecret(text) else { return [] }
    var values: [Value] = []
    if let team = claims["iss"]?.string {
      values.append(value("iss", team, "the team that signs the secret"))
    }
    if let client = claims["sub"]?.string {
      values.append(value("sub", client, "the client that the secret is for"))
    }
    if let start = claims["iat"]?.integer, let end = claims["exp"]?.integer, end > start {
      values.append(value("exp", String(end), "the secret ends \(end - start) seconds after iat"))
    }
    return values
  }

  private var tokens: [Value] {
    let answer = record.messages.last { $0.response != nil }
    let members = answer.flatMap { MessageDocument($0, redactor).json?.members } ?? []
    let fields = members.map { FormField($0.name, $0.value.string ?? $0.value.compactText) }
    let words = [
      ("error", "the tenant refused"), ("error_description", "in its own words"),
      ("id_token", "who signed in\(person(.back))"),
      ("access_token", "for the API; opaque to us"),
      ("refresh_token", "brings new tokens later"),
      ("expires_in", "seconds it lives"),
    ]
    return fields.picked(words).map {
      value($0.name, $0.value, $1, ValueChecks.ids($0.name, .tokenResponse))
    }
  }

  /// The proof of possession of the last request; nil without one.
  private var proofOfKey: Value? {
    record.messages.last { $0.request != nil }?.request?.headers[DPoP.header].map {
      value(DPoP.header, $0, "the proof of our key, for this request alone")
    }
  }

  private var api: [Value] {
    let token = record.values.last { $0.name == "access_token" }
    return (token.map { [value("access_token", $0.value, "in the Authorization header")] } ?? [])
      + (proofOfKey.map { [$0] } ?? [])
      + record.messages.filter { $0.request != nil }.map {
        value(
          $0.to == .api ? "API" : "userinfo", String($0.url.before(anyOf: "?#")),
          $0.to == .api ? "what is called" : "the tenant\u{2019}s API for claims")
      }
  }

  private var data: [Value] {
    var values: [Value] = []
    if let account = record.account {
      let told = AccountDocument(account, redactor)
      values.append(
        value("account", told.short, "by " + account.key.words, [.accountKey, .accountLinkProof]))
    }
    for message in record.messages {
      guard let status = MessageDocument(message, redactor).status else { continue }
      let isAPI = message.from == .api
      values.append(value(isAPI ? "API" : "userinfo", status, "how it answered"))
      let members = isAPI ? MessageDocument(message, redactor).json?.members : nil
      if let datum = members?.first(where: { $0.name != "sub" }) {
        values.append(
          value(datum.name, redactor.masked(datum.value).compactText, "what was asked for"))
      }
    }
    let json = record.messages.reversed().lazy.compactMap {
      MessageDocument($0, redactor).json?.members
    }.first
    let fields = (json ?? []).compactMap { member in
      member.value.string.map { FormField(member.name, $0) }
    }
    let words = [
      ("sub", "whom the answer is about"), ("name", "a claim the scopes allow"),
      ("email", "a claim the scopes allow"),
    ]
    return values
      + fields.picked(words).map {
        value($0.name, $0.value, $1, $0.name == "sub" ? [.userinfoSub] : [])
      }
  }

  // MARK: Words

  /// `: Ada Lovelace`, as the ID token of a channel tells; nothing without one.
  private func person(_ channel: Channel) -> String {
    let claims = transcript.token(.idToken, channel)?.claims
    guard let name = claims?["name"]?.string ?? claims?["sub"]?.string else { return "" }
    return ": " + redactor.line(name)
  }

  private func value(
    _ name: String, _ text: String, _ words: String, _ checks: [CheckID] = []
  ) -> Value {
    Value(
      name: HarmlessText.line(name),
      value: HarmlessText.line(redactor.show(FormField(name, text))), news: news(of: text),
      verdict: verdict(of: checks), words: words)
  }

  /// Whether a value is new, or goes somewhere for the first time.
  private func news(of text: String) -> String? {
    guard let here = record.values.first(where: { $0.value.isIdentical(to: text) }) else {
      return nil
    }
    let before = transcript.stages.filter { $0.stage < record.stage }.flatMap(\.values)
      .filter { $0.value.isIdentical(to: text) }
    if before.isEmpty { return "new" }
    let known = Set(before.flatMap(\.holders))
    let order: [Actor] = [.browser, .authorizationServer, .api, .application]
    return order.first { here.holders.contains($0) && !known.contains($0) }.map {
      "\u{2192} \($0.word)"
    }
  }
}

extension [FormField] {
  /// The fields of these names, in this order, each with its words.
  fileprivate func picked(_ names: [(String, String)]) -> [(FormField, String)] {
    names.compactMap { name, words in first { $0.name == name }.map { ($0, words) } }
  }
}
