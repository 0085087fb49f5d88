import HybridFlow
import OpenID

extension SeenExchange {
  /// What an entry tells; nil when its address is none of the web.
  init?(_ route: Route, _ entry: HAREntry, _ bytes: [UInt8]) {
    guard let request = entry.request(in: bytes) else { return nil }
    self.init(route, request, entry.response(in: bytes), at: entry.at)
  }
}

/// What a HAR has beside the way through the browser: the provider's documents, and the requests of
/// an application that runs in the browser.
struct HARDocuments {
  private(set) var metadataExchange: SeenExchange?
  private(set) var metadata: ProviderMetadata?
  private(set) var keysExchange: SeenExchange?
  private(set) var keys: JSONWebKeySet?
  private(set) var token: SeenExchange?
  /// The verifier in the token request.
  private(set) var verifier: String?
  /// The call with the access token.
  private(set) var call: (purpose: FetchPurpose, exchange: SeenExchange)?

  /// The most bytes of a document.
  private static let documentBytes = 1024 * 1024

  init(_ file: HARFile, _ login: HARLogin) {
    findMetadata(file, login)
    findKeys(file, login)
    findToken(file, login)
    findCall(file)
  }

  /// Takes what only another file has, such as that of a server.
  mutating func complete(with other: HARDocuments) {
    if metadata == nil {
      (metadataExchange, metadata) = (other.metadataExchange, other.metadata)
    }
    if keys == nil { (keysExchange, keys) = (other.keysExchange, other.keys) }
    guard token == nil else { return }
    (token, verifier, call) = (other.token, other.verifier, other.call)
  }

  private static func json(_ entry: HAREntry, _ file: HARFile) -> JSONValue? {
    guard entry.status == 200 || entry.status == 0 || entry.status == 304,
      let body = entry.content(in: file.bytes, most: documentBytes)
    else { return nil }
    return try? JSONParser.parse(body)
  }

  /// The newest document before the answer whose authorization endpoint is the one that was asked.
  private mutating func findMetadata(_ file: HARFile, _ login: HARLogin) {
    for entry in file.entries where entry.address.holds("/.well-known/") {
      guard let json = Self.json(entry, file), let found = ProviderMetadata(json),
        let endpoint = found.authorizationEndpoint,
        endpoint.before(anyOf: "?#").isIdentical(to: login.endpoint.text)
      else { continue }
      (metadataExchange, metadata) = (
        SeenExchange(.application(.metadata), entry, file.bytes), found
      )
      if entry.at > login.at { return }
    }
  }

  /// The keys at the address that the document names; without a document, those of its origin.
  private mutating func findKeys(_ file: HARFile, _ login: HARLogin) {
    for entry in file.entries where entry.method == "GET" {
      if let address = metadata?.jwksURI {
        guard entry.address.isIdentical(to: address) else { continue }
      } else {
        guard entry.mediaType.holds("json"), entry.url?.origin == login.provider else { continue }
      }
      guard let json = Self.json(entry, file), json["keys"] != nil,
        let found = try? JSONWebKeySet(json)
      else { continue }
      (keysExchange, keys) = (SeenExchange(.application(.keys), entry, file.bytes), found)
    }
  }

  private mutating func findToken(_ file: HARFile, _ login: HARLogin) {
    guard let code = login.answer?.fields["code"] else { return }
    for entry in file.entries where entry.method == "POST" && entry.at >= login.at {
      guard let posted = entry.posted(in: file.bytes), posted.body.count <= Limit.requestBodyBytes,
        let fields = try? FormEncoding.decode(posted.body),
        fields["grant_type"] == "authorization_code",
        fields["code"]?.isIdentical(to: code) == true
      else { continue }
      (token, verifier) = (
        SeenExchange(.application(.token), entry, file.bytes), fields["code_verifier"]
      )
      return
    }
  }

  /// The first request with the access token: to the userinfo endpoint, or to an API.
  private mutating func findCall(_ file: HARFile) {
    guard let token, let answer = try? JSONParser.parse(token.response.body),
      let access = answer["access_token"]?.string
    else { return }
    let address = metadata?.userinfoEndpoint
    for entry in file.entries where entry.at >= token.at && entry.method != "OPTIONS" {
      let isUserinfo =
        address.map { entry.address.before(anyOf: "?#").isIdentical(to: $0) } ?? false
      let header = entry.requestHeaders(in: file.bytes)["Authorization"] ?? ""
      guard header.ends(with: " " + access) || isUserinfo else { continue }
      let looksLikeIt =
        address == nil && entry.url?.path.asciiLowercased.ends(with: "/userinfo") == true
      let purpose: FetchPurpose = isUserinfo || looksLikeIt ? .userinfo : .api
      guard let exchange = SeenExchange(.application(purpose), entry, file.bytes) else { continue }
      call = (purpose, exchange)
      if isUserinfo { return }
      if address == nil { return }
    }
  }
}
