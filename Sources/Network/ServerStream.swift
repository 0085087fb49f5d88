import COpenSSL
import Cryptography
import Glibc
import OpenID

/// Why a TLS handshake with a client did not end well.
enum HandshakeFault: Equatable {
  /// The client does not accept the certificate.
  case certificateRefused
  /// The client offers only versions before TLS 1.2.
  case tooOld
  /// The client left in the middle of it.
  case brokenOff
  /// Anything else: what came is not TLS, or the two have nothing in common.
  case other

  /// Reads an alert of the client; RFC 8446, section 6.2.
  init(alert: Int32, isTooOld: Bool) {
    switch alert {
    // bad_certificate, unsupported_certificate, certificate_revoked, certificate_expired,
    // certificate_unknown, unknown_ca, access_denied
    case 42...46, 48, 49: self = .certificateRefused
    case 70: self = .tooOld
    default: self = isTooOld ? .tooOld : .other
    }
  }
}

/// The bytes of an accepted connection: as they are, or through TLS.
///
/// Nothing blocks. The descriptor belongs to the connection.
final class ServerStream {
  enum Input {
    /// This many bytes were read.
    case bytes(Int)
    /// Nothing is there now.
    case nothing
    /// Nothing more will come.
    case ended
    case failed
  }

  enum Output {
    /// This many bytes were taken.
    case wrote(Int)
    /// The other side has to take some first.
    case full
    case failed
  }

  enum Handshake {
    case done
    /// More has to come, or to be sent.
    case waiting
    /// The client speaks plain http; from now on the stream is plain, with what it has sent.
    case plain
    case failed(HandshakeFault)
  }

  /// The most bytes of the network that are read at once.
  private static let readBytes = 16 * 1024
  /// Reads of the network for one read of content.
  private static let readsAtOnce = 4
  /// The most bytes that are encrypted ahead of the network, but for one record.
  private static let aheadBytes = 64 * 1024
  /// The most bytes of one record; RFC 8446, section 5.1.
  private static let recordBytes = 16 * 1024

  private let descriptor: Int32
  private let identity: TLSIdentity?
  private var session: OpaquePointer?
  /// Bytes on their way to the network.
  private var unsent: [UInt8] = []
  private var sent = 0
  /// Bytes that came before it was known that they are plain.
  private var unread: [UInt8] = []
  private(set) var hasBegun = false

  /// Makes a stream; with an identity it begins with a handshake.
  init(_ descriptor: Int32, identity: TLSIdentity?) {
    self.descriptor = descriptor
    self.identity = identity
    session = identity?.makeSession()
  }

  deinit { if let session { tls_session_free(session) } }

  /// Whether a handshake comes first.
  var isSecured: Bool { identity != nil }

  /// Whether input is there that no readiness of the descriptor tells of.
  var holdsInput: Bool {
    !unread.isEmpty || session.map { tls_session_holds_input($0) == 1 } ?? false
  }

  /// Whether output waits for the network.
  var holdsOutput: Bool { sent < unsent.count }

  /// Whether the other side ended the session because it does not accept the certificate.
  var refusesCertificate: Bool {
    session.map { HandshakeFault(alert: tls_session_alert($0), isTooOld: false) }
      == .certificateRefused
  }

  // MARK: Handshake

  /// Goes on with the handshake.
  func shake() -> Handshake {
    guard let session else { return .failed(.other) }
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    while true {
      switch receive(&buffer) {
      case .bytes(let count):
        // A TLS record begins with its type, 22; a request line with a capital letter.
        if !hasBegun, (0x41...0x5A).contains(buffer[0]) { return fallBack(to: buffer[..<count]) }
        hasBegun = true
        guard tls_session_feed(session, buffer, count) == 1 else { return .failed(.other) }
      case .nothing: return .waiting
      case .ended, .failed: return .failed(.brokenOff)
      }
      let outcome = tls_session_shake(session)
      guard flush() != .failed else { return .failed(.brokenOff) }
      if outcome == 1 { return .done }
      if outcome == Int32(tls_failed) {
        return .failed(
          HandshakeFault(
            alert: tls_session_alert(session), isTooOld: tls_session_is_too_old(session) == 1))
      }
      guard unsent.count <= Self.aheadBytes else { return .failed(.other) }
    }
  }

  private func fallBack(to bytes: ArraySlice<UInt8>) -> Handshake {
    if let session { tls_session_free(session) }
    session = nil
    unread = Array(bytes)
    hasBegun = true
    return .plain
  }

  /// What the handshake agreed on, and the certificate that the client has shown; nil for plain
  /// http.
  func security() -> RequestSecurity? {
    guard let session else { return nil }
    var security = RequestSecurity(
      version: String(cString: tls_session_version(session)),
      cipher: tls_session_cipher(session).map { String(cString: $0) } ?? "")
    guard let own = peerCertificate(0, session) else { return security }
    var chain: [UInt8] = []
    var index: Int32 = 1
    while let next = peerCertificate(index, session) {
      chain += next
      index += 1
    }
    security.certificate = try? ClientCertificate(der: own, chain: chain)
    security.isAsked = true
    return security
  }

  private func peerCertificate(_ index: Int32, _ session: OpaquePointer) -> [UInt8]? {
    let count = tls_session_peer(session, index, nil, 0)
    guard count > 0 else { return nil }
    var der = [UInt8](repeating: 0, count: count)
    tls_session_peer(session, index, &der, count)
    return der
  }

  // MARK: Input

  /// Reads what is there, at most as much as the buffer takes.
  func read(_ buffer: inout [UInt8]) -> Input {
    if !unread.isEmpty {
      let count = min(unread.count, buffer.count)
      buffer.replaceSubrange(..<count, with: unread[..<count])
      unread.removeFirst(count)
      return .bytes(count)
    }
    guard let session else { return receive(&buffer) }
    var cipher: [UInt8] = []
    for _ in 0..<Self.readsAtOnce {
      let count = tls_session_read(session, &buffer, buffer.count)
      // Answers to what was read, such as new keys, go out first.
      if flush() == .failed { return .failed }
      if count > 0 { return .bytes(count) }
      if count == tls_ended { return .ended }
      if count == tls_failed { return .failed }
      // Who asks for answers and takes none gets no more of them.
      guard unsent.count - sent <= Self.aheadBytes else { return .failed }
      if cipher.isEmpty { cipher = [UInt8](repeating: 0, count: Self.readBytes) }
      switch receive(&cipher) {
      case .bytes(let count):
        guard tls_session_feed(session, cipher, count) == 1 else { return .failed }
      case .nothing: return .nothing
      case .ended: return .ended
      case .failed: return .failed
      }
    }
    // Records without content; the rest of them is still in the socket.
    return .nothing
  }

  /// Reads bytes of the network.
  private func receive(_ buffer: inout [UInt8]) -> Input {
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .nothing : .failed
    }
  }

  /// Drops what comes, so that closing does not reset; false when nothing more will come.
  func drop(atMost reads: Int) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    for _ in 0..<reads {
      switch receive(&buffer) {
      case .bytes: continue
      case .nothing: return true
      case .ended, .failed: return false
      }
    }
    return true
  }

  // MARK: Output

  /// Takes bytes to send from an offset on.
  func write(_ bytes: [UInt8], from start: Int) -> Output {
    guard let session else { return transmit(bytes, from: start) }
    // One record at a time, so that no more than one waits here.
    switch flush() {
    case .failed: return .failed
    case .full: return .full
    case .wrote: break
    }
    let count = min(bytes.count - start, Self.recordBytes)
    let taken = bytes.withUnsafeBufferPointer { buffer in
      tls_session_write(session, buffer.baseAddress.map { $0 + start }, count)
    }
    guard taken > 0 else { return .failed }
    collect(session)
    return flush() == .failed ? .failed : .wrote(taken)
  }

  /// Sends what waits.
  @discardableResult
  func flush() -> Output {
    if let session { collect(session) }
    while holdsOutput {
      switch transmit(unsent, from: sent) {
      case .wrote(let count): sent += count
      case .full: return .full
      case .failed: return .failed
      }
    }
    unsent.removeAll(keepingCapacity: true)
    sent = 0
    return .wrote(0)
  }

  /// Takes over what the session wants to send.
  private func collect(_ session: OpaquePointer) {
    var buffer: [UInt8] = []
    while true {
      if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.recordBytes + 512) }
      let count = tls_session_take(session, &buffer, buffer.count)
      guard count > 0 else { return }
      if sent > 0 {
        unsent.removeFirst(sent)
        sent = 0
      }
      unsent += buffer[..<count]
      if count < buffer.count { return }
    }
  }

  /// Gives bytes to the network.
  private func transmit(_ bytes: [UInt8], from start: Int) -> Output {
    while true {
      let count = bytes.withUnsafeBytes { buffer in
        send(
          descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 { return .wrote(count) }
      if count < 0, errno == EINTR { continue }
      return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .full : .failed
    }
  }

  /// Says that nothing more will come from here.
  func finish() {
    sayGoodbye()
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Says that the connection ends, if there is room for it; TLS only.
  func sayGoodbye() {
    guard let session else { return }
    tls_session_finish(session)
    flush()
  }
}

extension ServerStream.Output: Equatable {}
