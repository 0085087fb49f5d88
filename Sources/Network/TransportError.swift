import OpenID

/// Something that is known about a failed request, with a name.
public struct TransportDetail: Sendable, Equatable {
  /// What it is, such as `issued by`.
  public var name: String
  /// The value: untrusted text.
  public var text: String

  /// Makes a detail.
  public init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
}

/// Why there was no response.
///
/// The description names host and port and what to do, never a path, a query or a body.
public enum TransportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The host name could not be resolved.
  case cannotResolve(host: String)
  /// Nothing answered at the address.
  case cannotConnect(host: String, port: Int, reason: String)
  /// The response was not complete in time.
  case timedOut(host: String, port: Int, milliseconds: Int)
  /// The handshake or the certificate failed.
  case tls(host: String, port: Int, TLSFailure)
  /// A proxy did not bring the request there.
  case proxy(host: String, port: Int, ProxyFailure)
  /// The response is larger than the limit.
  case tooLarge(host: String, port: Int, what: ResponsePart, limitBytes: Int)
  /// The received bytes are not an HTTP/1 response.
  case notHTTP(host: String, port: Int)
  /// The connection ended before the response did.
  case brokenOff(host: String, port: Int, reason: String)
  /// Plain http to another machine is not allowed; nothing was sent.
  case insecureURL(host: String, port: Int)
  /// The request is invalid; nothing was sent.
  case invalidRequest(reason: String)
  /// The file with additional authorities cannot be used; nothing was sent.
  case unusableAuthorities(file: String, reason: String)
  /// Anything else, in libcurl's words, or in ours with the code 0.
  case other(host: String, port: Int, code: Int, reason: String)

  /// The part of a response that was too large.
  public enum ResponsePart: String, Sendable {
    /// Status line and header lines.
    case head
    /// The body.
    case body
  }

  /// What happened and what to do, for a person.
  public var description: String { happened + (remedy.map { ": \($0)" } ?? "") }

  /// What happened, without a full stop.
  public var happened: String {
    switch self {
    case .cannotResolve(let host): "no address found for \(host)"
    case .cannotConnect(let host, let port, let reason):
      "cannot connect to \(host) port \(port) (\(reason))"
    case .timedOut(let host, let port, let milliseconds):
      "no complete answer from \(host) port \(port) within \(Self.seconds(milliseconds))"
    case .tls(let host, let port, let failure):
      failure.happened(host, port) + (failure.reason.isEmpty ? "" : " (\(failure.reason))")
    case .proxy(let host, let port, let failure): failure.happened(host, port)
    case .tooLarge(let host, let port, let what, let limit):
      "the response\u{2019}s \(what.rawValue) from \(host) port \(port) is larger than \(limit) bytes"
    case .notHTTP(let host, let port): "what \(host) port \(port) answered is not HTTP"
    case .brokenOff(let host, let port, let reason):
      "the server at \(host) port \(port) ended the connection before the answer was complete (\(reason))"
    case .insecureURL(let host, let port):
      "plain http to \(host) port \(port) is refused, because it is not this machine"
    case .invalidRequest(let reason): "the request cannot be sent (\(reason))"
    case .unusableAuthorities(let file, let reason):
      "the authorities in \(file) cannot be used (\(reason))"
    case .other(let host, let port, let code, let reason):
      "the request to \(host) port \(port) failed (\(reason)"
        + (code == 0 ? ")" : "; libcurl code \(code))")
    }
  }

  /// What happened in the fewest words, without a full stop and without a library's words.
  public var brief: String {
    switch self {
    case .tls(let host, let port, let failure): failure.happened(host, port)
    default: happened
    }
  }

  /// What to do, without a full stop; nil when nothing is known.
  public var remedy: String? {
    switch self {
    case .cannotResolve: "check the spelling and the network connection"
    case .cannotConnect: "check that the server runs and that no firewall is between"
    case .timedOut: "try again, or allow more with --timeout"
    case .tls(let host, _, let failure): failure.remedy(host)
    case .proxy(let host, _, let failure): failure.remedy(host)
    case .tooLarge: "check that the URL is the right one"
    case .notHTTP: "check scheme and port of the URL"
    case .brokenOff: "try again, and look at the server\u{2019}s log"
    case .insecureURL: "use https"
    case .unusableAuthorities: "give a readable PEM file to --ca"
    case .invalidRequest, .other: nil
    }
  }

  /// What is known beside the sentences: untrusted text.
  public var details: [TransportDetail] {
    switch self {
    case .tls(_, _, let failure): failure.details
    case .proxy(_, _, let failure):
      [TransportDetail("proxy", failure.place), TransportDetail("named by", failure.variable)]
    default: []
    }
  }

  static func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
