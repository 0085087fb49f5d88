import OpenID

/// What is wrong with the endpoint addresses that a provider names.
///
/// A run, `check` and pasted text all use these rules. Addresses that the person gave by hand are
/// trusted more: only their bytes are checked, and plain http to another machine.
///
/// RFC 9728, section 7.7, about requests into networks that only the client can reach.
public struct EndpointRules: Sendable {
  /// Those that are not https and not exempt, as `name: address`.
  public private(set) var insecure: [String] = []
  /// Those with a byte that is not allowed in a URI, as `name: which byte, where`.
  public private(set) var malformed: [String] = []
  /// Those in a network that the issuer may not name, as `name: address is where`.
  public private(set) var outOfReach: [String] = []
  /// Those in plain http to a host that the person allowed, as `name: address`.
  public private(set) var allowed: [String] = []
  /// Whether plain http on this machine was exempt.
  public private(set) var isLocal = false
  /// Whether an issuer on another machine named plain http on this machine.
  public private(set) var hasForeignLoopback = false
  /// The names of the members with an error: nothing is sent to them.
  public private(set) var names: Set<String> = []

  /// The issuer by whose place the addresses are judged; nil when none is known.
  let issuer: WebURL?

  /// Judges every endpoint of a document.
  public init(_ metadata: ProviderMetadata, _ configuration: FlowConfiguration) {
    self.init(
      metadata, issuer: configuration.issuer,
      isTyped: configuration.explicitMetadata != nil, plain: configuration.plainHTTPHosts)
  }

  /// Judges every endpoint of a document that an issuer has published.
  public init(_ metadata: ProviderMetadata, issuer: WebURL) {
    self.init(metadata, issuer: issuer, isTyped: false)
  }

  /// Judges every endpoint by the issuer that was asked, or else by the one in the document.
  init(_ metadata: ProviderMetadata, _ evidence: ProviderEvidence) {
    self.init(
      metadata, issuer: evidence.issuer.value ?? metadata.issuer.flatMap { try? WebURL($0) },
      isTyped: evidence.isTyped, plain: evidence.plainHTTPHosts)
  }

  private init(
    _ metadata: ProviderMetadata, issuer: WebURL?, isTyped: Bool, plain: Set<String> = []
  ) {
    self.issuer = issuer
    for (name, text) in metadata.endpoints {
      let stranger = URIBytes.firstStranger(in: text)
      if let stranger {
        malformed.append("\(name): \(stranger)")
        names.insert(name)
      }
      guard let url = try? WebURL(text) else {
        if stranger == nil { insecure.append("\(name): not a URL") }
        names.insert(name)
        continue
      }
      if let issuer, !isTyped, url.host != issuer.host, !issuer.reach.mayName(url.reach),
        let place = url.reach.words
      {
        outOfReach.append("\(name): \(text) is \(place)")
        names.insert(name)
      }
      guard !url.isHTTPS else { continue }
      if url.isLoopback, isTyped || issuer?.isLoopback ?? true {
        isLocal = true
      } else if plain.contains(url.host) {
        allowed.append("\(name): \(text)")
      } else {
        insecure.append("\(name): \(text)")
        names.insert(name)
        if url.isLoopback { hasForeignLoopback = true }
      }
    }
  }
}
