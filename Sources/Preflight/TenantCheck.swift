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
  private let preset: ProviderPreset?
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
      options: ClientOptions(
        timeoutSeconds: options.timeoutSeconds, caFile: options.caFile,
        userAgent: options.userAgent))
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
      add(Self.unreachable("discovery", url, fault))
      return end()
    case .success(let success): exchange = success
    }
    for finding in ConnectionFindings.all(
      exchange, now: loop.now, clockSkewSeconds: configuration.clockSkewSeconds)
    { add(finding) }
    guard let metadata = Self.metadata(exchange.response) else {
      let type = exchange.response.headers.mediaType ?? "no content type"
      return seek(
        NearIssuers.of(configuration.issuer)[...],
        evidence: "\(url): HTTP \(exchange.response.status), \(type)")
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
    return ProviderMetadata(json)
  }

  /// Tries similar issuers, to say which one is right.
  private func seek(_ candidates: ArraySlice<WebURL>, evidence: String) {
    guard let candidate = candidates.first else {
      add(
        CheckFinding(
          "discovery", .error, "There is no discovery document.", evidence: evidence,
          fix: preset.map { "At \($0.title) an issuer is \($0.issuerShape)." }
            ?? "Compare --issuer with the provider\u{2019}s console; or give the endpoints by hand.",
          spec: .discovery("4"), isUnreadable: true))
      return end()
    }
    guard let url = try? ProviderMetadata.documentURL(of: candidate) else {
      return seek(candidates.dropFirst(), evidence: evidence)
    }
    get(url) { check, result in
      guard case .success(let exchange) = result,
        let metadata = Self.metadata(exchange.response), let name = metadata.issuer
      else { return check.seek(candidates.dropFirst(), evidence: evidence) }
      check.add(
        CheckFinding(
          "discovery", .error, "There is no discovery document here, but there is one at \(url).",
          evidence: evidence, fix: "Use --issuer \(name)", spec: .discovery("4"),
          isUnreadable: true))
      check.end()
    }
  }

  private func issuer(_ metadata: ProviderMetadata) -> CheckFinding {
    let asked = configuration.issuer.text
    guard let found = metadata.issuer else {
      return CheckFinding(
        "issuer-exact", .error, "The document names no issuer.", evidence: "no issuer",
        spec: .discovery("4.3"))
    }
    if found.isIdentical(to: asked) {
      return CheckFinding(
        "issuer-exact", .info, "The provider calls itself what it was asked as.",
        evidence: found, spec: .discovery("4.3"))
    }
    let bySlash = found.isIdentical(to: asked + "/") || asked.isIdentical(to: found + "/")
    let other = try? WebURL(found)
    let byScheme =
      other.map { $0.host == configuration.issuer.host && $0.path == configuration.issuer.path }
      ?? false
    let isTemplate = found.holds("{")
    let message =
      bySlash
      ? "The issuer differs by the slash at its end."
      : isTemplate
        ? "The document is a template for many tenants."
        : byScheme
          ? "The issuer differs by scheme or port." : "The document speaks for another issuer."
    let fix =
      isTemplate
      ? "Name your own tenant in the issuer, by its id." : "Use --issuer \(found)"
    return CheckFinding(
      "issuer-exact", .error, message, evidence: "asked \(asked), found \(found)",
      fix: other == nil && !isTemplate ? nil : fix, spec: .discovery("4.3"))
  }

  // MARK: What follows

  private func judge(_ metadata: ProviderMetadata) {
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
    case .failure(let fault): add(Self.unreachable("jwks", url, fault))
    case .success(let exchange):
      guard exchange.response.status == 200,
        let json = try? JSONParser.parse(exchange.response.body)
      else {
        return add(
          Self.unreadableKeys(
            "\(url): HTTP \(exchange.response.status), "
              + "\(exchange.response.headers.mediaType ?? "no content type")"))
      }
      do throws(KeySetError) {
        let set = try JSONWebKeySet(json)
        for finding in KeyFindings.all(set, configuration) { add(finding) }
      } catch {
        add(Self.unreadableKeys("\(url): \(error.explanation)"))
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
      let secrets = try? FlowSecrets.drawn(),
      let probe = try? AuthorizeProbe(
        endpoint: endpoint, configuration: configuration, redirectURI: redirectURI,
        secrets: secrets, preset: preset)
    else { return end() }
    client.send(probe.request) { [weak self] result in
      guard let self else { return }
      switch result {
      case .failure(let fault): self.add(Self.unreachable("authorize-probe", endpoint, fault))
      case .success(let exchange):
        for finding in probe.findings(exchange.response) { self.add(finding) }
      }
      self.end()
    }
  }

  private static func unreadableKeys(_ evidence: String) -> CheckFinding {
    CheckFinding(
      "jwks", .error, "The key set cannot be read.", evidence: evidence,
      fix: "Look at what the provider answers there.", spec: .rfc(7517, "5"), isUnreadable: true)
  }

  private static func unreachable(
    _ id: String, _ url: WebURL, _ fault: TransportError
  ) -> CheckFinding {
    let text = fault.description
    let parts = text.split(at: ":", maxSplits: 1)
    return CheckFinding(
      id, .error, "There is no answer.",
      evidence: "\(url.origin)\(url.path): \(parts.first.map(String.init) ?? text)",
      fix: parts.count == 2
        ? parts[1].trimmingBlanks.capitalized + "."
        : nil, isUnreadable: true)
  }
}
