import Foundation
import Glibc
import OpenID
import Testing

@testable import Network

/// The longest a test waits for something that should happen at once.
let patienceMilliseconds = 10_000

extension PollLoop {
  /// Drives the loop until the condition holds; records a failure when it never does.
  func expect(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
  ) {
    let held = run(withinMilliseconds: patienceMilliseconds, until: condition)
    #expect(held, what, sourceLocation: sourceLocation)
  }
}

/// A socket that says exactly what a test wants, without HTTP's help.
final class RawClient {
  let loop: PollLoop
  let descriptor: Int32
  private(set) var bytes: [UInt8] = []
  private(set) var isClosed = false
  private var watch: Watch?
  private var pending: [UInt8] = []

  init(_ loop: PollLoop, port: Int, address: String = "127.0.0.1") throws {
    self.loop = loop
    let target = try #require(SocketAddress(address, port: port))
    descriptor = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
    let result = target.withPointer { connect(descriptor, $0, $1) }
    guard result == 0 else {
      let reason = systemReason(errno)
      Glibc.close(descriptor)
      throw NetworkError.system(call: "connect", reason: reason)
    }
    makeNonBlocking(descriptor)
    watch = loop.watch(descriptor, for: .readable) { [weak self] in self?.ready() }
  }

  deinit { close() }

  var text: String { String(decoding: bytes, as: UTF8.self) }
  func count(of part: String) -> Int { text.components(separatedBy: part).count - 1 }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    pending += bytes
    flush()
  }

  /// Stops or starts taking what arrives.
  func setReading(_ on: Bool) { watch?.interest = on ? .readable : [] }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  func close() {
    guard let watch else { return }
    loop.unwatch(watch)
    self.watch = nil
    isClosed = true
    Glibc.close(descriptor)
  }

  /// Closes with a reset, as an aborted browser connection does.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close()
  }

  private func flush() {
    while !pending.isEmpty {
      let count = Glibc.send(descriptor, pending, pending.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else {
        if errno == EAGAIN { watch?.interest.insert(.writable) } else { pending = [] }
        return
      }
      pending.removeFirst(count)
    }
    watch?.interest.remove(.writable)
  }

  private func ready() {
    if !pending.isEmpty { flush() }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 {
      bytes += buffer[..<count]
    } else if count == 0 || errno != EAGAIN {
      close()
    }
  }
}

/// A server that answers each connection with prepared bytes, HTTP or not.
final class RawServer {
  enum End { case close, reset, hold, endless }

  let port: Int
  private(set) var heads: [String] = []
  private(set) var accepted = 0
  private let loop: PollLoop
  private let answer: [UInt8]
  private let end: End
  private let greets: Bool
  private var watches: [Int32: Watch] = [:]
  private var listeners: [Int32]

  /// - Parameter greets: Whether it speaks first, without a request.
  init(_ loop: PollLoop, answer: String, end: End = .close, greets: Bool = false) throws {
    self.loop = loop
    self.greets = greets
    self.answer = Array(answer.utf8)
    self.end = end
    let sockets = try ListenSockets(host: "127.0.0.1", port: 0)
    listeners = sockets.descriptors
    port = sockets.port
    for listener in listeners {
      watches[listener] = loop.watch(listener, for: .readable) { [weak self] in
        self?.take(listener)
      }
    }
  }

  deinit { for descriptor in watches.keys { close(descriptor) } }

  private func close(_ descriptor: Int32) {
    if let watch = watches.removeValue(forKey: descriptor) { loop.unwatch(watch) }
    Glibc.close(descriptor)
  }

  private func take(_ listener: Int32) {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    accepted += 1
    makeNonBlocking(descriptor)
    var head = ""
    var isAnswered = greets
    if greets { _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL)) }
    watches[descriptor] = loop.watch(descriptor, for: .readable) { [weak self] in
      guard let self else { return }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 || (count < 0 && errno != EAGAIN) { return self.close(descriptor) }
      if count > 0 { head += String(decoding: buffer[..<count], as: UTF8.self) }
      guard head.contains("\r\n\r\n") else { return }
      if !isAnswered {
        isAnswered = true
        self.heads.append(head)
        _ = send(descriptor, self.answer, self.answer.count, Int32(MSG_NOSIGNAL))
      }
      self.finish(descriptor)
    }
  }

  private func finish(_ descriptor: Int32) {
    switch end {
    case .hold: break
    case .close: close(descriptor)
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      close(descriptor)
    case .endless:
      watches[descriptor]?.interest = [.readable, .writable]
      let filler = [UInt8](repeating: 0x78, count: 65536)
      _ = send(descriptor, filler, filler.count, Int32(MSG_NOSIGNAL))
    }
  }
}

/// Sends and waits; the outcome of one exchange.
func exchange(
  _ loop: PollLoop, _ client: HTTPClient, _ request: HTTPRequest,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Result<HTTPExchange, TransportError> {
  var result: Result<HTTPExchange, TransportError>?
  client.send(request) { result = $0 }
  loop.expect("the exchange ends", sourceLocation: sourceLocation) { result != nil }
  return try #require(result, sourceLocation: sourceLocation)
}

func fault(_ result: Result<HTTPExchange, TransportError>) -> TransportError? {
  if case .failure(let fault) = result { fault } else { nil }
}

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("network-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String, executable: Bool = false) throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    if executable {
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
    }
    return file
  }

  func read(_ name: String) -> String? {
    try? String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
