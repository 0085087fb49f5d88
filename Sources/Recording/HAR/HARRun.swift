import HybridFlow
import OpenID
import Platform

/// Makes a run of a login that a HAR tells.
///
/// It finds in the file what belongs to the login; the events are made by ``WitnessRun``. A message
/// that is not in the file does not appear, and a stage of which nothing is in the file says so.
struct HARRun {
  private let file: HARFile
  private let login: HARLogin
  private let others: Set<Int>
  /// Whether another login began before this one was answered.
  private let overlaps: Bool
  private var documents: HARDocuments
  private var run = WitnessRun()

  init(_ file: HARFile, _ logins: HARLogins, _ login: HARLogin, server: HARFile?) {
    (self.file, self.login) = (file, login)
    others = logins.logins.filter { $0.number != login.number }.reduce(into: []) {
      $0.formUnion($1.own)
    }
    overlaps = logins.logins.contains { other in
      other.number != login.number && other.provider == login.provider && other.at >= login.at
        && login.answer.map { other.at < $0.entry.at } ?? false
    }
    documents = HARDocuments(file, login)
    if let server { documents.complete(with: HARDocuments(server, login)) }
  }

  /// The recording of the run.
  ///
  /// - Throws: ``HARError`` when the redirect URI is not of the web.
  static func recording(
    _ file: HARFile, _ logins: HARLogins, _ login: HARLogin, named name: String,
    server: HARFile? = nil
  ) throws(HARError) -> Recording {
    var reader = HARRun(file, logins, login, server: server)
    let configuration = try reader.configuration()
    reader.go(configuration)
    let events = reader.run.events
    var header = RecordingHeader(
      configuration, at: events.first?.at ?? login.at, keepsSecrets: true,
      title: logins.logins.count > 1 ? "login \(login.number) of \(name)" : "the login of \(name)")
    header.run.append(("from", "HAR"))
    var recording = Recording(header: header, events: events, verdicts: [])
    recording.warnings = file.warnings
    return recording
  }

  // MARK: - What is known before

  /// The parameters that have a property of their own.
  private static let usual: Set<String> = [
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "audience", "state",
    "nonce", "code_challenge", "code_challenge_method", "max_age", "request", "request_uri",
  ]

  private func configuration() throws(HARError) -> FlowConfiguration {
    let redirect = login.sent("redirect_uri") ?? login.answer?.place ?? ""
    guard let redirectURI = try? WebURL(redirect) else {
      throw HARError(
        message: redirect.isEmpty
          ? "login \(login.number) names no redirect_uri, and no answer to it is in the file"
          : "the redirect URI of login \(login.number) is of no web address, so no browser saw its "
            + "answer")
    }
    if let text = login.answer?.fields["response"], text.split(at: ".").count == 5 {
      throw HARError(
        message: "the answer of login \(login.number) is encrypted: only the application that has "
          + "the key can read it")
    }
    guard login.request.startedAt != nil else {
      throw HARError(
        message:
          "its entries have no startedDateTime, which every HAR has: without it nothing about "
          + "time can be judged")
    }
    let metadata = documents.metadata
    let issuer =
      metadata?.issuer.flatMap { try? WebURL($0) } ?? (try? WebURL(login.provider))
      ?? login.endpoint
    var configuration = FlowConfiguration(
      issuer: issuer, clientID: login.clientID, clientSecret: nil, redirectURI: redirectURI,
      responseType: responseType)
    configuration.responseMode = responseMode
    configuration.scope = (login.sent("scope") ?? "").split(at: " ").map(String.init)
    configuration.audience = login.sent("audience")
    configuration.maxAgeSeconds = login.sent("max_age").flatMap { Int64($0) }
    configuration.extraParameters = login.parameters.filter { !Self.usual.contains($0.name) }
    configuration.usesPKCE = login.sent("code_challenge") != nil
    var witness = Witness(endpoint: login.endpoint, parameters: login.parameters)
    witness.isReference = login.isReference
    witness.hasMetadata = metadata != nil && metadata?.issuer.flatMap { try? WebURL($0) } != nil
    witness.hasKeys = documents.keys != nil
    witness.call = documents.call?.purpose
    configuration.witness = witness
    return configuration
  }

  /// What was asked for, or what came where the file does not say.
  private var responseType: ResponseType {
    if let type = ResponseType(words: login.responseType) { return type }
    let fields = login.answer?.told ?? []
    if fields["id_token"] == nil { return .codeToken }
    return fields["access_token"] == nil ? .codeIDToken : .codeIDTokenToken
  }

  /// What was asked for, or its default; what came where the request is not in the file.
  private var responseMode: ResponseMode {
    if let mode = login.sent("response_mode") { return ResponseMode(rawValue: mode) ?? .fragment }
    return login.isReference && login.answer?.carrier == .body ? .formPost : .fragment
  }

  // MARK: - Events

  private mutating func go(_ configuration: FlowConfiguration) {
    let click = HARTrail.click(file, login)
    let start = min(click?.at ?? login.at, login.at)
    run.begin(
      configuration, verifier: documents.verifier, metadata: documents.metadataExchange,
      keys: documents.keysExchange, at: start)
    if let click { witnessed(click) }
    run.post(.advanced, at: login.at)
    leave()
    run.post(.advanced, at: login.at)
    let trail = HARTrail.entries(file, login, without: others)
    walk(trail)
    if let answer = login.answer {
      arrive(answer)
      later()
    } else {
      breakOff(trail)
    }
  }

  private mutating func witnessed(_ entry: HAREntry, _ lost: [LostCookie]? = nil) {
    guard let request = entry.request(in: file.bytes) else { return }
    run.post(
      .witnessed(
        WitnessedExchange(request, entry.response(in: file.bytes), lostCookies: lost)),
      at: entry.at)
  }

  // MARK: - Stages 2 to 4

  private mutating func leave() {
    if login.repeats > 1 {
      run.remark(
        "This request is in the file \(login.repeats) times: it was loaded again, or the provider "
          + "repeats its address at other pages. It is one login.", at: login.at)
    }
    if login.isReference {
      run.remark(
        login.parameters["request"] != nil
          ? "The parameters are in an encrypted object, which only the provider can open: they "
            + "cannot be judged."
          : "The browser carries only a reference to the parameters. The application sent them over "
            + "the back channel, which no browser sees: they are not in this file and cannot be "
            + "judged.", at: login.at)
    }
    guard file.hasCookies else { return }
    for text in tale?.before ?? [] { run.remark(text, at: login.at) }
  }

  /// The cookies around the answer; nil without one.
  private var tale: CookieTale? {
    arrival.map { CookieTale(file, login, answer: $0) }
  }

  /// The request that brought the answer to the application; nil where none is in the file.
  private var arrival: HAREntry? {
    guard let answer = login.answer else { return nil }
    switch answer.source {
    case .arrival: return answer.entry
    case .page: return nil
    case .departure:
      // The fragment is left out of the address, so the request is the next one to that place.
      return file.entries.first {
        $0.at >= answer.entry.at && $0.index != answer.entry.index
          && $0.address.before(anyOf: "?#").isIdentical(to: answer.place) && $0.method == "GET"
      }
    }
  }

  private mutating func walk(_ trail: [HAREntry]) {
    for entry in trail {
      guard let step = SeenExchange(.browser, entry, file.bytes) else { continue }
      run.walk(step, isFirst: entry.index == login.request.index)
    }
    if overlaps {
      run.remark(
        "Another login began while this one was under way, in another tab perhaps: pages of it may "
          + "stand among these.", warns: true, at: trail.last?.at ?? login.at)
    }
    if trail.contains(where: { $0.status == 0 }) {
      run.remark(
        "Status 0 says that the writer of this file does not know the status: the request was "
          + "answered, stopped or blocked.", at: trail.last?.at ?? login.at)
    }
  }

  /// There is no answer: a page that refuses ends the run, else the file just ends.
  private mutating func breakOff(_ trail: [HAREntry]) {
    guard let last = trail.last(where: { $0.isDocument || $0.status >= 400 }) else {
      run.post(.clockAdvanced, at: trail.last?.at ?? login.at)
      return
    }
    guard let error = HARTrail.refusal(last, file.bytes) else {
      run.post(.clockAdvanced, at: last.at)
      return
    }
    run.post(.authorizeRefused(error), at: last.at)
  }

  // MARK: - Stage 5

  private mutating func arrive(_ answer: HARAnswer) {
    let entry = arrival
    let at = entry?.at ?? answer.entry.at
    guard let request = request(of: answer, entry) else { return }
    run.arrive(request, at: at)
    if answer.source == .page {
      run.remark(
        "The page that posts this answer is in the file; the POST itself is not.", warns: true,
        at: at)
    }
    if answer.source == .departure, answer.carrier == .fragment {
      run.remark(
        "This answer stands in the redirect that led here: the file leaves the fragment out of the "
          + "request, as browsers do on the wire.", at: at)
    }
    if login.answers > 1 {
      run.remark(
        "The answer is in the file \(login.answers) times: the page was loaded again, or the form "
          + "was sent again. The first one is judged.", warns: true, at: at)
    }
    guard let entry else {
      if answer.source == .departure {
        run.remark(
          "The redirect with this answer is in the file; the request that follows it is not.",
          warns: true, at: at)
      }
      return
    }
    let lost = tellCookies(at: at)
    guard entry.status > 0 else {
      run.remark("How the application answered is not in this file.", at: at)
      return
    }
    witnessed(entry, lost)
  }

  private mutating func tellCookies(at: UnixTime) -> [LostCookie]? {
    guard file.hasCookies else {
      run.remark(
        "This file has no cookies at all: browsers leave them out of an export that is called "
          + "sanitized. Whether the application lost one cannot be said.", at: at)
      return nil
    }
    guard let tale else { return nil }
    for (text, warns) in tale.after { run.remark(text, warns: warns, at: at) }
    return tale.lost
  }

  private func request(of answer: HARAnswer, _ entry: HAREntry?) -> HTTPRequest? {
    guard let place = try? WebURL(answer.place) else { return nil }
    let headers = entry?.requestHeaders(in: file.bytes) ?? HTTPHeaders()
    switch answer.carrier {
    case .body:
      if let entry, let request = entry.request(in: file.bytes) { return request }
      return HTTPRequest(method: "POST", url: place, headers: headers, body: Array(answer.raw.utf8))
    case .query:
      guard let url = try? WebURL(answer.place + "?" + answer.raw) else { return nil }
      return HTTPRequest(method: "GET", url: url, headers: headers)
    case .fragment:
      let query = entry?.url?.query.map { "?" + $0 } ?? ""
      let address = answer.place + query + "#" + answer.raw
      guard let url = try? WebURL(address) else { return nil }
      var request = HTTPRequest(method: "GET", url: url, headers: headers)
      // Where the parameters are, although no server sees them.
      request.target = url.requestTarget + "#" + answer.raw
      return request
    }
  }

  // MARK: - Stages 6 to 10

  /// What the browser itself asked for with the code, if the application runs in it.
  private mutating func later() {
    guard case .ready(next: .exchange) = run.situation else { return }
    guard let token = documents.token else {
      run.post(.advanced, at: arrival?.at ?? login.at)
      return
    }
    run.redeem(token)
    guard let call = documents.call else {
      run.post(.advanced, at: token.at)
      return
    }
    run.call(call.purpose, call.exchange, since: token.at)
  }
}

extension HAREntry {
  /// The request as it was sent; nil when its address is none of the web.
  func request(in bytes: [UInt8]) -> HTTPRequest? {
    guard let url else { return nil }
    var headers = requestHeaders(in: bytes)
    let posted = posted(in: bytes)
    if let type = posted?.type, !type.isEmpty, headers["Content-Type"] == nil {
      headers.add("Content-Type", type)
    }
    var request = HTTPRequest(
      method: method, url: url, headers: headers, body: posted?.body ?? [])
    if let fragment = url.fragment { request.target = url.requestTarget + "#" + fragment }
    return request
  }

  /// The response as far as the file has it.
  func response(in bytes: [UInt8]) -> HTTPResponse {
    var headers = responseHeaders(in: bytes)
    // Some writers leave out the headers and keep the type.
    if headers["Content-Type"] == nil, mediaType.holds("/") {
      headers.add("Content-Type", mediaType)
    }
    return HTTPResponse(
      status: status, headers: headers,
      body: content(in: bytes, most: 512 * 1024) ?? [])
  }

  /// Whether it is a page, or leads to one.
  var isDocument: Bool {
    mediaType == "text/html" || mediaType == "application/xhtml+xml" || (300..<400).contains(status)
  }
}
