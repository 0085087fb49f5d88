import CCurl
import Glibc
import OpenID

/// The authorities that are trusted in addition to the system's.
struct Authorities {
  /// A file with authorities, and who names it.
  struct Source: Equatable {
    var name: String
    var path: String
  }

  /// The variables that count as `--ca` does: OpenSSL's, and that of the curl program.
  static let variables = ["SSL_CERT_FILE", "CURL_CA_BUNDLE"]

  /// The files that are used.
  var sources: [Source] = []
  /// The files of variables that cannot be read, with the reasons.
  var unreadable: [String] = []

  /// Whether only this program's own certificate is trusted.
  var isOwnServer = false

  /// What is trusted, in words.
  var words: String {
    if isOwnServer { return "the application\u{2019}s own certificate and nothing else" }
    let used = sources.map { ", \($0.name) \($0.path)" }.joined()
    let rest = unreadable.map { "; not \($0)" }.joined()
    return "the system\u{2019}s authorities\(used)\(rest)"
  }
}

extension Transfer {
  /// The system's authorities and those of further files: they add, they do not replace.
  func addAuthorities(_ easy: UnsafeMutableRawPointer) throws(TransportError) {
    var all: [UInt8] = []
    if let file = options.caFile {
      all += try certificates(in: file)
      authorities.sources.append(Authorities.Source(name: "--ca", path: file))
    }
    let system = ccurl_default_authorities_file(easy).map { String(cString: $0) }
    for name in Authorities.variables {
      guard let file = options.environment[name], !file.isEmpty, file != system,
        !authorities.sources.contains(where: { $0.path == file })
      else { continue }
      do throws(TransportError) {
        all += Array("\n".utf8) + (try certificates(in: file))
        authorities.sources.append(Authorities.Source(name: name, path: file))
      } catch {
        // Others ignore such a variable as well: only a failure is a reason to speak of it.
        authorities.unreadable.append("\(name) \(file), which cannot be used")
      }
    }
    guard !all.isEmpty else { return }
    if let system, let bytes = readFile(system, limitBytes: Self.authoritiesFileBytes) {
      all += Array("\n".utf8) + bytes
    }
    guard ccurl_set_authorities(easy, all, all.count) else {
      throw .unusableAuthorities(
        file: authorities.sources.map(\.path).joined(separator: ", "),
        reason: "libcurl did not take it")
    }
  }

  /// Trusts this program's own server, and at its address nobody else.
  ///
  /// A name that belongs to another machine elsewhere is still this one's: nothing leaves it.
  func trust(
    _ own: OwnServer, _ easy: UnsafeMutableRawPointer, _ url: WebURL
  ) throws(TransportError) {
    // libcurl would take a common name instead of a subjectAltName; browsers do not.
    guard own.identity.names(url.host) else {
      let reason = "its subjectAltName does not have \(url.host)"
      throw .tls(host: host, port: port, TLSFailure(.wrongName, reason: reason))
    }
    let pem = own.identity.certificate
    var good = ccurl_trust_only(easy, pem, pem.count, "sha256//" + own.identity.keyPin)
    if !url.isLoopback {
      good = good && ccurl_set_address(easy, "\(url.host):\(url.port):127.0.0.1")
    }
    guard good else { throw other(code: 0, reason: "libcurl did not take the certificate") }
    authorities.isOwnServer = true
  }

  private func certificates(in file: String) throws(TransportError) -> [UInt8] {
    guard let bytes = readFile(file, limitBytes: Self.authoritiesFileBytes) else {
      throw .unusableAuthorities(file: file, reason: systemReason(errno))
    }
    let isPEM =
      bytes.starts(with: "-----BEGIN".utf8)
      || String(decoding: bytes, as: UTF8.self).holds("\n-----BEGIN CERTIFICATE-----")
    guard isPEM else {
      throw .unusableAuthorities(file: file, reason: "it has no PEM certificate")
    }
    return bytes
  }

  /// Why nothing answered; a proxy that is set for http only is worth a word.
  func connectReason(_ easy: UnsafeMutableRawPointer, _ reason: String) -> String {
    let system = ccurl_connect_errno(easy)
    let text = system == 0 ? reason : systemReason(system)
    guard proxy == nil, request.url?.isHTTPS == true, request.url?.isLoopback == false,
      options.environment["http_proxy"]?.isEmpty == false
    else { return text }
    return text + "; http_proxy is set, but https goes by https_proxy only"
  }

  /// What a proxy did not do; nil when no proxy is the cause.
  func proxyFailure(
    _ code: Int32, _ easy: UnsafeMutableRawPointer, _ reason: String
  ) -> ProxyFailure? {
    guard let proxy else { return nil }
    let outcome = ccurl_outcome_of(code)
    let status = Int(ccurl_tunnel_status(easy))
    if outcome != .done, status != 0, !(200..<300).contains(status) {
      return ProxyFailure(.status(status), proxy)
    }
    // With an open tunnel it is the server that fails.
    guard status == 0 else { return nil }
    switch outcome {
    case .cannot_resolve_proxy: return ProxyFailure(.unresolved, proxy)
    case .cannot_connect:
      return ProxyFailure(.unreachable(reason: connectReason(easy, reason)), proxy)
    case .timed_out:
      return ProxyFailure(.silent(milliseconds: exhaustedMilliseconds(easy)), proxy)
    case .done, .stopped_by_receiver, .unusable_authorities: return nil
    case .cannot_resolve, .tls, .broken_off, .not_http, .other:
      return ProxyFailure(.other(reason: reason), proxy)
    }
  }
}
