import Cryptography
import Diagnosis
import HybridFlow
import Network
import OpenID
import Session
import Settings

/// Checks a tenant before a login; it reads, and never writes.
///
/// It fetches discovery and keys and sends one authorization request, one after the other on the
/// loop. Each finding is reported at once. The final report always comes, because every request has
/// a time limit.
public final class TenantCheck {
  /// Called for each finding.
  public var onFinding: ((CheckFinding) -> Void)?
  /// Called once with the report.
  public var onReport: ((CheckReport) -> Void)?
  /// The findings so far.
  public private(set) var findings: [CheckFinding] = []
  /// Whether the check has ended.
  public private(set) var isOver = false

  private let loop: PollLoop
  private let configuration: FlowConfiguration
  private let client: HTTPClient
  private var preset: ProviderPreset?
  /// The redirect URI that is checked at the provider.
  public let redirectURI: WebURL

  /// Makes a check of the tenant in a configuration.
  public init(loop: PollLoop, configuration: FlowConfiguration, options: SessionOptions) {
    self.loop = loop
    self.configuration = configuration
    preset = ProviderPreset(issuer: configuration.issuer)
    redirectURI = Self.registered(configuration.redirectURI)
    client = HTTPClient(
      loop: loop,
      options: options.clientOptions)
  }

  deinit { client.cancelAll() }

  /// Port 0 is not a real port: the check uses the redirect URI that would be registered.
  static func registered(_ redirectURI: WebURL) -> WebURL {
    guard redirectURI.explicitPort == 0 else { return redirectURI }
    let text = redirectURI.text
    let parts = text.split(at: ":0", maxSplits: 1, omittingEmptySubsequences: false)
    return (try? WebURL(parts.joined(separator: ":8910"))) ?? redirectURI
  }

  /// Starts the check.
  public func start() {
    for finding in SecretFindings.all(configuration) { add(finding) }
    if let metadata = configuration.explicitMetadata {
      add(
        CheckFinding(
          "discovery", .info, "The endpoints were given by hand; no document was asked for."))
      judge(metadata)
      return
    }
    guard let url = try? ProviderMetadata.documentURL(of: configuration.issuer) else {
      add(
        CheckFinding(
          "discovery", .error, "The issuer gives no discovery URL.",
          evidence: configuration.issuer.text, fix: "Give it as the provider writes it.",
          isUnreadable: true))
      return end()
    }
    get(url) { check, result in check.discovered(url, result) }
  }

  /// Stops the check; nothing more is reported.
  public func cancel() {
    isOver = true
    client.cancelAll()
    onFinding = nil
    onReport = nil
  }

  private func add(_ finding: CheckFinding) {
    findings.append(finding)
    onFinding?(finding)
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    onReport?(CheckReport(issuer: configuration.issuer.text, findings: findings))
  }

  private func get(
    _ url: WebURL, accept: String = "application/json",
    then: @escaping (TenantCheck, Result<HTTPExchange, TransportError>) -> Void
  ) {
    let request = HTTPRequest(
      method: "GET", url: url, headers: ["Host": url.authority, "Accept": accept])
    client.send(request) { [weak self] result in
      if let self { then(self, result) }
    }
  }

  // MARK: Discovery

  private func discovered(_ url: WebURL, _ result: Result<HTTPExchange, TransportError>) {
    let exchange: HTTPExchange
    switch result {
    case .failure(let fault):
      add(DocumentFindings.unreachable("discovery", url, fault))
      return end()
    case .success(let success): exchange = success
    }
    for finding in ConnectionFindings.all(
      exchange, now: loop.now, clockSkewSeconds: configuration.clockSkewSeconds)
    { add(finding) }
    guard let metadata = Self.metadata(exchange.response) else {
      let known = DocumentFindings.discovery(url).unusable(
        exchange.response, issuer: configuration.issuer)
      // Only what leaves the address in doubt is worth asking at other ones.
      let words = ResponseWords(exchange.response)
      let isPlace =
        known == nil || words.body == .page || words.status == 200 && words.body == .json
      // Who is kept out at one address is kept out at the others.
      let isShut = words.status >= 500 || [401, 403, 429].contains(words.status)
      return seek(
        isPlace && !isShut ? NearIssuers.of(configuration.issuer)[...] : [],
        or: known, evidence: "\(url): \(ResponseWords(exchange.response).words)")
    }
    add(
      CheckFinding(
        "discovery", .info, "The discovery document is there.",
        evidence: "\(url), \(exchange.response.body.count) bytes", spec: .discovery("4")))
    add(issuer(metadata))
    judge(metadata)
  }

  static func metadata(_ response: HTTPResponse) -> ProviderMetadata? {
    guard response.status == 200, let json = try? JSONParser.parse(response.body) else {
      return nil
    }
    return ProviderMetadata(json).flatMap { $0.isForeign ? nil : $0 }
  }

  /// Tries similar issuers, to say which one is right.
  ///
  /// - Parameter known: What to say when none is found.
  private func seek(_ candidates: ArraySlice<WebURL>, or known: CheckFinding?, evidence: String) {
    guard let candidate = candidates.first else {
      add(
        known
          ?? CheckFinding(
            "discovery", .error, "There is no discovery document.", evidence: evidence,
            fix: preset.map { "At \($0.title) an issuer is \($0.issuerShape)." }
              ?? "Compare --issuer with the provider\u{2019}s console; or give the endpoints by hand.",
            spec: .discovery("4"), isUnreadable: true))
      return end()
    }
    guard let url = try? ProviderMetadata.documentURL(of: candidate) else {
      return seek(candidates.dropFirst(), or: known, evidence: evidence)
    }
    get(url) { check, result in
      guard case .success(let exchange) = result,
        let metadata = Self.metadata(exchange.response), let name = metadata.issuer
      else { return check.seek(candidates.dropFirst(), or: known, evidence: evidence) }
      let isDocument = ProviderMetadata.issuer(ofDocument: check.configuration.issuer) != nil
      check.add(
        CheckFinding(
          "discovery", .error,
          isDocument
            ? "The issuer was given as the address of its discovery document."
            : "There is no discovery document here, but there is one at \(url).",
          evidence: evidence, fix: "Use --issuer \(name)", spec: .discovery("4"),
          isUnreadable: true))
      check.end()
    }
  }

  private func issuer(_ metadata: ProviderMetadata) -> CheckFinding {
    let asked = configuration.issuer.text
    guard let found = metadata.issuer else {
      return CheckFinding(
        "issuer-exact", .error, "The document names no issuer.",
        evidence: metadata.state(of: "issuer"), spec: .discovery("4.3"), blame: .provider)
    }
    if found.isIdentical(to: asked) {
      return CheckFinding(
        "issuer-exact", .info, "The provider calls itself what it was asked as.",
        evidence: found, spec: .discovery("4.3"))
    }
    let difference = IssuerDifference(expected: asked, found: found)
    let other = try? WebURL(found)
    let isTemplate = difference == .template
    let fix =
      isTemplate ? "Name your own tenant in the issuer, by its id." : "Use --issuer \(found)"
    return CheckFinding(
      "issuer-exact", .error, Self.words(difference, other, configuration.issuer),
      evidence: "asked \(asked), found \(found)",
      fix: other == nil && !isTemplate ? nil : fix, spec: .discovery("4.3"))
  }

  private static func words(
    _ difference: IssuerDifference?, _ found: WebURL?, _ asked: WebURL
  ) -> String {
    switch difference {
    case .slash: return "The issuer differs by the slash at its end."
    case .template: return "The document is a template for many tenants."
    case .scheme: return "The issuer differs by its scheme, http or https."
    case .port, .localPort: return "The issuer differs by its port."
    case .spelling: return "The issuer is the same address in another spelling."
    case .localHost where found?.isLoopback == true && asked.isLoopback:
      return "The issuer differs by its host: localhost and an address of this machine are two "
        + "issuers."
    case .path, .host, .localHost, nil: return "The document speaks for another issuer."
    }
  }

  // MARK: What follows

  private func judge(_ metadata: ProviderMetadata) {
    // Some products show in their endpoints, not in the issuer.
    if preset == nil, let provider = Provider.guess(endpoints: metadata) {
      preset = ProviderPreset(provider, issuer: configuration.issuer)
    }
    let all = MetadataFindings(
      metadata: metadata, configuration: configuration, preset: preset
    ).all
    for finding in all { add(finding) }
    for finding in RedirectFindings.all(redirectURI, issuer: configuration.issuer) { add(finding) }
    guard let url = askable("jwks_uri", metadata.jwksURI, metadata) else { return probe(metadata) }
    get(url) { check, result in
      check.readKeys(url, result)
      check.probe(metadata)
    }
  }

  /// The address of an endpoint, unless a finding forbids to send requests there.
  private func askable(_ name: String, _ text: String?, _ metadata: ProviderMetadata) -> WebURL? {
    guard !EndpointRules(metadata, configuration).names.contains(name) else { return nil }
    return text.flatMap { try? WebURL($0) }
  }

  private func readKeys(_ url: WebURL, _ result: Result<HTTPExchange, TransportError>) {
    switch result {
    case .failure(let fault): add(DocumentFindings.unreachable("jwks", url, fault))
    case .success(let exchange):
      let words = ResponseWords(exchange.response).words
      guard exchange.response.status == 200,
        let json = try? JSONParser.parse(exchange.response.body)
      else {
        return add(
          DocumentFindings.keys(url).unusable(exchange.response, issuer: configuration.issuer)
            ?? Self.unreadableKeys("\(url): \(words)", isThere: false))
      }
      do throws(KeySetError) {
        let set = try JSONWebKeySet(json)
        for finding in KeyFindings.all(set, configuration) { add(finding) }
        if let finding = EncryptionFindings.recipient(set, configuration) { add(finding) }
      } catch {
        let said = json["error"] == nil && json["message"] == nil ? "" : ", \(words)"
        add(Self.unreadableKeys("\(url): \(error.explanation)\(said)"))
      }
    }
  }

  private func probe(_ metadata: ProviderMetadata) {
    guard !metadata.requiresPushedRequests else {
      add(
        CheckFinding(
          "authorize-probe", .info, "Not asked: a pushed request would leave something behind."))
      return end()
    }
    guard
      let endpoint = askable(
        "authorization_endpoint", metadata.authorizationEndpoint, metadata),
      var probe = probe(endpoint, redirectURI)
    else { return end() }
    probe.offersHybrid = metadata.listsHybrid
    client.send(probe.request) { [weak self] result in
      guard let self else { return }
      switch result {
      case .failure(let fault):
        self.add(DocumentFindings.unreachable("authorize-probe", endpoint, fault))
        self.end()
      case .success(let exchange):
        self.judge(probe, exchange.response, endpoint)
      }
    }
  }

  private func judge(_ probe: AuthorizeProbe, _ response: HTTPResponse, _ endpoint: WebURL) {
    let verdict = probe.verdict(response)
    if case .failed(let refusal) = verdict, let other = probe.withoutPrompt {
      client.send(other.request) { [weak self] result in
        guard let self else { return }
        guard case .success(let exchange) = result else {
          return self.conclude(probe, response, endpoint)
        }
        switch other.verdict(exchange.response) {
        case .asks:
          self.add(AuthorizeProbe.promptFinding(refusal))
          self.end()
        // What it says without prompt=none is about the request; the failure was not.
        case .answered, .refused, .unclear: self.conclude(other, exchange.response, endpoint)
        case .failed: self.conclude(probe, response, endpoint)
        }
      }
      return
    }
    conclude(probe, response, endpoint)
  }

  private func conclude(_ probe: AuthorizeProbe, _ response: HTTPResponse, _ endpoint: WebURL) {
    for finding in probe.findings(response) { add(finding) }
    guard case .refused(let refusal) = probe.verdict(response), refusal.isAboutRedirect else {
      return end()
    }
    seekRedirect(RedirectFindings.near(redirectURI)[...], endpoint)
  }

  private func probe(_ endpoint: WebURL, _ redirectURI: WebURL) -> AuthorizeProbe? {
    guard let secrets = try? FlowSecrets.drawn() else { return nil }
    return try? AuthorizeProbe(
      endpoint: endpoint, configuration: configuration, redirectURI: redirectURI,
      secrets: secrets, preset: preset)
  }

  /// Asks with similar redirect URIs, to say which one is registered.
  private func seekRedirect(_ candidates: ArraySlice<WebURL>, _ endpoint: WebURL) {
    guard let candidate = candidates.first, let probe = probe(endpoint, candidate) else {
      return end()
    }
    tryRedirect(probe) { check, isTaken in
      guard isTaken else { return check.seekRedirect(candidates.dropFirst(), endpoint) }
      check.add(
        CheckFinding(
          "redirect-uri-near", .warning,
          "Another redirect URI is registered for this client: \(candidate.text)",
          evidence: "sent \(check.redirectURI.text), registered \(candidate.text)",
          fix: "Use --redirect-uri \(candidate.text)", spec: .core("3.1.2.1")))
      check.end()
    }
  }

  /// Asks with a redirect URI, and once more without prompt=none where that alone fails.
  private func tryRedirect(
    _ probe: AuthorizeProbe, then: @escaping (TenantCheck, _ isTaken: Bool) -> Void
  ) {
    client.send(probe.request) { [weak self] result in
      guard let self else { return }
      guard case .success(let exchange) = result else { return then(self, false) }
      if case .failed = probe.verdict(exchange.response), let other = probe.withoutPrompt,
        other.url != probe.url
      {
        return self.tryRedirect(other, then: then)
      }
      then(self, probe.takesRedirect(exchange.response))
    }
  }

  private static func unreadableKeys(_ evidence: String, isThere: Bool = true) -> CheckFinding {
    CheckFinding(
      "jwks", .error,
      isThere ? "What stands at jwks_uri is no key set." : "There is no key set at jwks_uri.",
      evidence: evidence,
      fix: isThere
        ? "Let the provider publish {\"keys\": [\u{2026}]} there, as RFC 7517 writes it."
        : "Look at what the provider answers there, and whether jwks_uri is right.",
      spec: .rfc(7517, "5"), blame: .provider,
      isUnreadable: true)
  }
}
