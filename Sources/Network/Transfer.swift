import CCurl
import Cryptography
import Glibc
import OpenID

/// A request under way; pass it to ``HTTPClient/cancel(_:)`` to cancel it.
public final class Transfer {
  /// The largest file with additional authorities, in bytes.
  static let authoritiesFileBytes = 4 * 1024 * 1024
  /// The most bytes of sent heads that libcurl reports, including a proxy's.
  static let sentHeadBytes = 256 * 1024

  /// The request as it was given.
  public let request: HTTPRequest

  private(set) var easy: UnsafeMutableRawPointer?
  let options: ClientOptions
  /// The proxy that the request goes through; nil for none.
  let proxy: ProxyChoice?
  /// The server of this program to which it goes; nil for any other.
  private let ownServer: OwnServer?
  private var sent: [UInt8] = []
  private var head: [UInt8] = []
  private var headEnded = false
  /// Bytes of all heads so far: interim responses and trailers are not stored, but could go on
  /// without end.
  private var headBytes = 0
  private var body: [UInt8] = []
  private var tls: TLSAgreement?
  private var evidence = TLSEvidence()
  /// What is trusted in addition to the system's authorities, and what could not be read.
  var authorities = Authorities()
  private var stopped: TransportError.ResponsePart?

  init(_ request: HTTPRequest, _ options: ClientOptions) {
    self.request = request
    self.options = options
    ownServer = options.ownServers.first { $0.origin == request.url?.origin }
    proxy =
      ownServer != nil ? nil : request.url.flatMap { ProxyChoice.of($0, options.environment) }
  }

  deinit { free() }

  var host: String { request.url?.host ?? "" }
  var port: Int { request.url?.port ?? 0 }

  func free() {
    if let easy { ccurl_easy_free(easy) }
    easy = nil
  }

  func other(code: Int, reason: String) -> TransportError {
    .other(host: host, port: port, code: code, reason: reason)
  }

  // MARK: Before

  /// Makes the configured handle; throws for a request that must not be sent.
  func prepare() throws(TransportError) -> UnsafeMutableRawPointer {
    guard let url = request.url else {
      throw .invalidRequest(reason: "it has no absolute URL")
    }
    guard url.isHTTPS || url.isLoopback || options.plainHTTPHosts.contains(url.host) else {
      throw .insecureURL(host: url.host, port: url.port)
    }
    guard url.port > 0 else { throw .invalidRequest(reason: "port 0 cannot be connected to") }
    let lines = try headerLines(for: url)
    let user = Unmanaged.passUnretained(self).toOpaque()
    let receiver: ccurl_receiver = { part, bytes, count, user in
      guard let user, let bytes else { return false }
      let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
      return transfer.receive(part, UnsafeBufferPointer(start: bytes, count: count))
    }
    guard ccurl_start() else {
      throw other(code: 0, reason: "libcurl.so.4 cannot be loaded; on Debian, libcurl4 has it")
    }
    guard let easy = ccurl_easy_make(receiver, user) else {
      throw other(code: 0, reason: "out of memory")
    }
    self.easy = easy
    // libcurl resolves and connects by the URL; the request line is taken from the request.
    var good =
      ccurl_set_url(easy, url.origin + "/") && ccurl_set_request_target(easy, request.target)
      && ccurl_set_time_outs(
        easy, max(1, options.timeoutMilliseconds), max(1, options.connectTimeoutMilliseconds))
      && setMethod(easy)
    for line in lines where good { good = ccurl_add_header_line(easy, line) }
    good = good && ccurl_use_header_lines(easy)
    good =
      good && (proxy.map { ccurl_use_proxy(easy, $0.url) } ?? ccurl_bypass_proxies(easy))
    guard good else { throw other(code: 0, reason: "libcurl did not take the request") }
    if let ownServer {
      try trust(ownServer, easy, url)
    } else if url.isHTTPS {
      try addAuthorities(easy)
    }
    guard !options.speaksOldTLS || ccurl_limit_tls(easy) else {
      throw other(code: 0, reason: "libcurl did not take the version of TLS")
    }
    if url.isHTTPS, let certificate = request.security?.certificate {
      try show(certificate, easy)
    }
    return easy
  }

  /// Lets the handshake show a certificate, if the server asks for one.
  private func show(
    _ certificate: ClientCertificate, _ easy: UnsafeMutableRawPointer
  ) throws(TransportError) {
    let identity = options.clientIdentities.first { $0.certificate == certificate }
    guard let identity else {
      throw .invalidRequest(reason: "the key of its client certificate is not there")
    }
    let pem = identity.certificatePEM
    let isTaken = identity.withKey { ccurl_set_certificate(easy, pem, pem.count, $0, $0.count) }
    guard isTaken else { throw other(code: 0, reason: "libcurl did not take the certificate") }
  }

  private func setMethod(_ easy: UnsafeMutableRawPointer) -> Bool {
    let hasBody = !request.body.isEmpty || request.method == "POST" || request.method == "PUT"
    if hasBody {
      return request.body.withUnsafeBufferPointer {
        ccurl_set_body(easy, $0.baseAddress, $0.count)
      } && ccurl_set_method(easy, request.method)
    }
    switch request.method {
    case "GET": return ccurl_set_method_get(easy)
    case "HEAD": return ccurl_set_method_head(easy)
    default: return ccurl_set_method_get(easy) && ccurl_set_method(easy, request.method)
    }
  }

  /// The request's own lines, those that HTTP requires, and those that disable libcurl's defaults.
  private func headerLines(for url: WebURL) throws(TransportError) -> [String] {
    let isToken = { (text: String) in
      !text.isEmpty
        && text.utf8.allSatisfy {
          $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0)
        }
    }
    guard isToken(request.method) else { throw .invalidRequest(reason: "its method is no token") }
    guard !request.target.isEmpty, request.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .invalidRequest(reason: "its target has a space or a character outside ASCII")
    }
    var headers = request.headers
    if headers["Host"] == nil { headers.add("Host", url.authority) }
    if headers["User-Agent"] == nil { headers.add("User-Agent", options.userAgent) }
    if headers["Accept"] == nil { headers.add("Accept", "*/*") }
    let hasBody = !request.body.isEmpty || request.method == "POST" || request.method == "PUT"
    if let length = headers["Content-Length"] {
      guard headers.all("Content-Length").count == 1, length == String(request.body.count) else {
        throw .invalidRequest(reason: "its Content-Length is not its body's length")
      }
    } else if hasBody {
      headers.add("Content-Length", String(request.body.count))
    }
    guard headers["Transfer-Encoding"] == nil else {
      throw .invalidRequest(reason: "a transfer coding is not its business")
    }
    var lines: [String] = []
    for line in headers.lines {
      // A line break in a value would let its author add a header line.
      guard isToken(line.name), line.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw .invalidRequest(reason: "a header line has a character that HTTP forbids")
      }
      lines.append(line.value.isEmpty ? line.name + ";" : line.name + ": " + line.value)
    }
    for name in ["Expect", "Content-Type"] where headers[name] == nil { lines.append(name + ":") }
    return lines
  }

  // MARK: During

  private func receive(_ part: ccurl_part, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    switch part {
    case .request_head:
      if sent.count + bytes.count <= Self.sentHeadBytes { sent += bytes }
    case .handshake:
      let parts = String(decoding: bytes, as: UTF8.self).split(atAnyOf: " /\n")
      if parts.count >= 2 {
        tls = TLSAgreement(version: String(parts[0]), cipher: String(parts[1]))
      }
    case .certificate_expiry:
      let text = String(decoding: bytes, as: UTF8.self)
      tls?.expires = UnixTime(certificateDate: text.trimmingSpace)
    case .certificate: evidence.certificate = CertificateLines(bytes).certificate
    case .refused_certificate: evidence.refuse(CertificateLines(bytes))
    case .certificate_request: evidence.asksForCertificate = true
    case .first_bytes: evidence.firstBytes = Array(bytes)
    case .response_head:
      return receiveHead(bytes)
    case .response_body:
      guard body.count + bytes.count <= options.responseBodyBytes else {
        stopped = .body
        return false
      }
      body += bytes
    }
    return true
  }

  private func receiveHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    headBytes += line.count
    guard headBytes <= options.responseHeadBytes else {
      stopped = .head
      return false
    }
    if headEnded {
      // A final response after an interim one starts again; trailers after a body are dropped.
      guard body.isEmpty, line.starts(with: "HTTP/".utf8) else { return true }
      head = []
      headEnded = false
    }
    head += line
    headEnded = line.count <= 2 && (line.first == 0x0D || line.first == 0x0A)
    return true
  }

  // MARK: After

  func finish(_ code: Int32) -> Result<HTTPExchange, TransportError> {
    guard let easy else { return .failure(other(code: Int(code), reason: "gone")) }
    let text = String(cString: ccurl_error_text(easy))
    let reason = text.isEmpty ? String(cString: ccurl_code_text(code)) : text
    if let failure = proxyFailure(code, easy, reason) {
      return .failure(.proxy(host: host, port: port, failure))
    }
    switch ccurl_outcome_of(code) {
    case .done:
      guard let exchange = exchange(easy) else {
        return .failure(.notHTTP(host: host, port: port))
      }
      guard Self.hasUsableLength(exchange.response.headers) else {
        return .failure(
          other(code: 0, reason: "the Content-Length of its answer is not one number"))
      }
      return .success(exchange)
    case .cannot_resolve: return .failure(.cannotResolve(host: host))
    case .cannot_connect, .cannot_resolve_proxy:
      return .failure(.cannotConnect(host: host, port: port, reason: connectReason(easy, reason)))
    case .timed_out:
      return .failure(
        .timedOut(host: host, port: port, milliseconds: exhaustedMilliseconds(easy)))
    case .tls: return .failure(tlsFailure(reason))
    case .unusable_authorities:
      return .failure(
        .unusableAuthorities(
          file: authorities.sources.map(\.path).joined(separator: ", "), reason: reason))
    case .broken_off where saysAlert(reason): return .failure(tlsFailure(reason))
    case .broken_off: return .failure(.brokenOff(host: host, port: port, reason: reason))
    case .not_http: return .failure(.notHTTP(host: host, port: port))
    case .stopped_by_receiver:
      guard let stopped else { return .failure(other(code: Int(code), reason: reason)) }
      let limit = stopped == .head ? options.responseHeadBytes : options.responseBodyBytes
      return .failure(.tooLarge(host: host, port: port, what: stopped, limitBytes: limit))
    case .other: return .failure(other(code: Int(code), reason: reason))
    }
  }

  /// Whether the end of the body is certain; libcurl tolerates a bad length.
  ///
  /// RFC 9112, section 6.3: anything but one number, even if repeated, is an error.
  static func hasUsableLength(_ headers: HTTPHeaders) -> Bool {
    let values = headers.all("Content-Length").flatMap { value in
      value.split(at: ",", omittingEmptySubsequences: false).map(\.trimmingBlanks)
    }
    guard let first = values.first else { return true }
    return (1...18).contains(first.utf8.count)
      && first.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && values.allSatisfy { $0 == first }
  }

  private func tlsFailure(_ reason: String) -> TransportError {
    let showed = request.security?.certificate != nil
    let kind = evidence.kind(reason)
    let failure = TLSFailure(
      showed && kind == .clientCertificate ? .clientCertificateRefused : kind, reason: reason,
      certificate: evidence.certificate,
      refused: evidence.refused, trusted: authorities.words,
      now: UnixTime(seconds: Int64(time(nil))))
    return .tls(host: host, port: port, failure)
  }

  /// With TLS 1.3 a server refuses a client without a certificate only after the handshake.
  private func saysAlert(_ reason: String) -> Bool {
    evidence.asksForCertificate && reason.holds("SSL routines") && reason.holds("alert")
  }

  /// Which of the two timeouts expired; libcurl may be a few milliseconds early.
  func exhaustedMilliseconds(_ easy: UnsafeMutableRawPointer) -> Int {
    let whole = options.timeoutMilliseconds
    let spent = Int(ccurl_times_of(easy).total / 1000)
    return spent + 50 >= whole ? whole : min(whole, options.connectTimeoutMilliseconds)
  }

  private func exchange(_ easy: UnsafeMutableRawPointer) -> HTTPExchange? {
    guard let parsed = ResponseHead(head) else { return nil }
    var really = request
    let sentHead = Self.lastBlock(of: sent)
    if !sentHead.isEmpty { really.headers = ResponseHead.headers(of: sentHead) }
    let times = ccurl_times_of(easy)
    let response = HTTPResponse(
      status: parsed.status, headers: parsed.headers, body: body)
    var result = HTTPExchange(request: really, response: response)
    // An empty reason phrase stays empty: the screen shows what was received.
    result.response.reason = parsed.reason
    result.sentHead = sentHead
    result.receivedHead = head
    result.version = parsed.version
    result.timing = TransferTiming(
      nameLookupMilliseconds: Double(times.name_lookup) / 1000,
      connectMilliseconds: Double(times.connect) / 1000,
      handshakeMilliseconds: Double(times.handshake) / 1000,
      firstByteMilliseconds: Double(times.first_byte) / 1000,
      totalMilliseconds: Double(times.total) / 1000)
    result.remoteAddress = ccurl_remote_address(easy).map { String(cString: $0) } ?? ""
    result.remotePort = Int(ccurl_remote_port(easy))
    result.reusedConnection = !ccurl_made_connection(easy)
    tls?.certificate = evidence.certificate
    tls?.asksForCertificate = evidence.asksForCertificate
    result.tls = tls
    result.proxy = proxy
    return result
  }

  /// The last sent head: a proxy's CONNECT, or a first try on a dead connection, comes before it.
  static func lastBlock(of bytes: [UInt8]) -> [UInt8] {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard bytes.count >= 4, bytes.suffix(4).elementsEqual(end) else { return bytes }
    var start = bytes.count - 4
    while start >= 4 {
      if bytes[(start - 4)..<start].elementsEqual(end) { return Array(bytes[start...]) }
      start -= 1
    }
    return bytes
  }
}

/// Reads a whole file; nil, with `errno` set, when it cannot be read or is larger.
func readFile(_ path: String, limitBytes: Int) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 16 * 1024)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return all }
    guard count > 0 else { return nil }
    all += buffer[..<count]
    guard all.count <= limitBytes else {
      errno = EFBIG
      return nil
    }
  }
}
