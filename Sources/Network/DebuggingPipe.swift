import CSystem
import Glibc
import OpenID

/// Why a browser does not answer.
public struct DebuggingError: Error, Sendable, Equatable {
  /// What happened, in a sentence without its full stop.
  public var reason: String

  /// Says what happened.
  public init(reason: String) { self.reason = reason }
}

/// A browser that is driven with the DevTools protocol over two pipes, without a port:
/// `--remote-debugging-pipe`.
///
/// It ends when this value does, and so does everything that it has started.
public final class DebuggingPipe {
  /// The most bytes of one message.
  public static let messageBytes = 16 << 20
  /// The most bytes of its complaints that are kept.
  private static let complaintBytes = 65_536
  /// How long it may take to end by itself, in milliseconds.
  private static let farewellMilliseconds = 3000

  /// Called for each event: its method, its parameters, its session.
  ///
  /// It is called in a turn of the loop, also while ``ask(_:_:session:withinMilliseconds:)`` waits.
  public var onEvent: ((_ method: String, _ about: JSONValue, _ session: String?) -> Void)?
  /// Why the browser is gone; nil as long as it is there.
  public private(set) var ending: String?

  private let loop: PollLoop
  private var process: pid_t = 0
  private var commands: Int32 = -1
  private var messages: Int32 = -1
  private var complaints: Int32 = -1
  private var reading: Watch?
  private var writing: Watch?
  private var unwritten: [UInt8] = []
  private var frames = DebuggingFrames(bytesMax: messageBytes)
  private var lastID: Int64 = 0
  private var awaited: Set<Int64> = []
  private var replies: [Int64: JSONValue] = [:]

  /// Starts a browser; its path and its arguments.
  ///
  /// - Throws: ``DebuggingError`` when it cannot be started at all.
  public init(
    _ path: String, _ arguments: [String], environment: ChildEnvironment, loop: PollLoop
  ) throws(DebuggingError) {
    self.loop = loop
    var ends: [Int32] = []
    defer { for end in ends where end >= 0 { close(end) } }
    for _ in 0..<2 {
      // Sockets: writing to one that is closed at the other end need not send a signal.
      var pair: [Int32] = [-1, -1]
      guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
        throw DebuggingError(reason: systemReason(errno))
      }
      ends += pair
    }
    // High numbers: what becomes 3 and 4 there must not be 3 or 4 here.
    for index in ends.indices {
      let high = fcntl(ends[index], F_DUPFD_CLOEXEC, 10)
      guard high >= 0 else { throw DebuggingError(reason: systemReason(errno)) }
      close(ends[index])
      ends[index] = high
    }
    complaints = system_output_file(Self.complaintBytes)
    switch ChildProcess.startDebugged(
      path, [path] + arguments, environment, errors: complaints, commands: ends[0],
      messages: ends[3])
    {
    case .success(let pid): process = pid
    case .failure(let fault):
      if complaints >= 0 { close(complaints) }
      throw DebuggingError(reason: fault.reason)
    }
    (commands, messages) = (ends[1], ends[2])
    (ends[1], ends[2]) = (-1, -1)
    for descriptor in [commands, messages] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    reading = loop.watch(messages, for: .readable) { [weak self] in self?.read() }
    writing = loop.watch(commands, for: []) { [weak self] in self?.write() }
  }

  deinit { kill() }

  /// Sends a command and does not wait for its reply.
  public func tell(_ method: String, _ parameters: JSONValue = [:], session: String? = nil) {
    lastID += 1
    guard ending == nil else { return }
    unwritten += DebuggingFrames.command(lastID, method, parameters, session: session)
    write()
  }

  /// Sends a command and runs the loop until its reply.
  ///
  /// - Throws: ``DebuggingError`` when the browser refuses, is gone or does not reply in time.
  public func ask(
    _ method: String, _ parameters: JSONValue = [:], session: String? = nil,
    withinMilliseconds limit: Int = 10_000
  ) throws(DebuggingError) -> JSONValue {
    awaited.insert(lastID + 1)
    tell(method, parameters, session: session)
    let id = lastID
    defer {
      awaited.remove(id)
      replies[id] = nil
    }
    let came = loop.run(withinMilliseconds: limit) { replies[id] != nil || ending != nil }
    guard let reply = replies[id] else {
      throw DebuggingError(
        reason: ending ?? (came ? "it is gone" : "it did not reply to \(method) in time"))
    }
    if let error = reply["error"] {
      let words = error["message"]?.string ?? "no reason given"
      throw DebuggingError(reason: "\(method): \(HarmlessText.line(words))")
    }
    return reply["result"] ?? [:]
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while ending == nil {
      let count = Glibc.read(messages, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else { return stop("it ended\(lastComplaint)") }
      do throws(DebuggingFrames.TooLarge) {
        for message in try frames.take(buffer[..<count]) { take(message) }
      } catch {
        stop("it sent a message of more than \(Self.messageBytes >> 20) MB")
      }
    }
  }

  private func take(_ bytes: [UInt8]) {
    // A text that is no JSON to us, such as half a surrogate pair of a page, tells nothing.
    guard let message = try? JSONParser.parse(bytes, limitBytes: Self.messageBytes) else { return }
    if let id = message["id"]?.integer {
      if awaited.contains(id) { replies[id] = message }
    } else if let method = message["method"]?.string {
      onEvent?(method, message["params"] ?? [:], message["sessionId"]?.string)
    }
  }

  private func write() {
    while ending == nil, !unwritten.isEmpty {
      let count = send(commands, unwritten, unwritten.count, Int32(MSG_NOSIGNAL))
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { break }
      guard count > 0 else { return stop("it ended\(lastComplaint)") }
      unwritten.removeFirst(count)
    }
    writing?.interest = unwritten.isEmpty ? [] : .writable
  }

  /// The last grave line that it wrote to standard error, or the last of all, as the rest of a
  /// sentence.
  private var lastComplaint: String {
    guard complaints >= 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: Self.complaintBytes)
    let count = pread(complaints, &bytes, bytes.count, 0)
    let written = bytes.prefix(max(0, count)).filter { $0 != 0 }
    let text = String(decoding: written, as: UTF8.self)
    let lines = text.lines
    let last = lines.last { $0.holds("FATAL") } ?? lines.last { !String($0).trimmingBlanks.isEmpty }
    return last.map { " (\(HarmlessText.line(String(String($0).prefix(scalars: 200)))))" } ?? ""
  }

  private func stop(_ reason: String) {
    guard ending == nil else { return }
    ending = reason
    if let reading { loop.unwatch(reading) }
    if let writing { loop.unwatch(writing) }
    (reading, writing) = (nil, nil)
  }

  /// Ends the browser: it is asked to, and after a moment it and all its children are killed.
  public func end() {
    if ending == nil, process > 0 {
      onEvent = nil
      tell("Browser.close")
      _ = loop.run(withinMilliseconds: Self.farewellMilliseconds) { ending != nil }
    }
    kill()
  }

  private func kill() {
    stop("it was ended")
    for descriptor in [commands, messages, complaints] where descriptor >= 0 { close(descriptor) }
    (commands, messages, complaints) = (-1, -1, -1)
    guard process > 0 else { return }
    // It leads its own session, so its children are killed as well.
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
  }
}
