import Glibc

/// A descriptor to which the program writes without waiting for a reader.
///
/// A terminal that is not read, or a full pipe, would block the program inside `write`, and with it
/// every signal, timer and connection of the loop. What cannot be written at once is queued and
/// written in later turns. Without a loop, writing waits as usual.
///
/// `O_NONBLOCK` belongs to the open file, which the shell and other programs share, so it is never
/// set on an inherited descriptor. A terminal or a pipe is opened again for this program alone; a
/// socket gets a flag with each call. If opening is refused, as for another user's terminal, only
/// as much is written as `poll` reports room for.
public final class Outlet {
  /// How the descriptor is written to without waiting.
  private enum Way {
    /// A file or a device that never blocks.
    case direct
    /// Through a newly opened descriptor.
    case ownDescriptor(Int32)
    case socket
    /// In pieces of this size, each after a check that there is room.
    case pieces(Int)
  }

  /// The result of one attempt.
  private enum Attempt {
    case wrote(Int)
    case full
    case failed(Int32)
  }

  /// The `errno` that ended the writing; nil when there was none.
  public private(set) var failure: Int32?
  /// Whether ``write(_:)`` has reported the failure.
  public private(set) var failureWasTold = false

  private let descriptor: Int32
  private weak var loop: PollLoop?
  private var way = Way.direct
  private var watch: Watch?
  private var queue: [UInt8] = []
  private var written = 0

  /// Writes to a descriptor that the caller still owns.
  public init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    stopWatching()
    if case .ownDescriptor(let own) = way { close(own) }
  }

  /// Bytes that are not written yet.
  public var pendingBytes: Int { queue.count - written }

  /// Lets a loop write what cannot be written at once.
  public func attach(to loop: PollLoop) {
    stopWatching()
    if self.loop == nil, case .direct = way { way = Self.way(to: descriptor) }
    self.loop = loop
  }

  private static func way(to descriptor: Int32) -> Way {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .direct }
    switch status.st_mode & S_IFMT {
    case S_IFSOCK: return .socket
    case S_IFIFO: return reopened(descriptor) ?? .pieces(Int(PIPE_BUF))
    case S_IFCHR where isatty(descriptor) == 1: return reopened(descriptor) ?? .pieces(1)
    default: return .direct
    }
  }

  private static func reopened(_ descriptor: Int32) -> Way? {
    let own = open(
      "/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own >= 0 ? .ownDescriptor(own) : nil
  }

  /// Queues bytes and writes what is possible now; false when writing has failed.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>) -> Bool {
    if failure == nil {
      queue.append(contentsOf: bytes)
      push()
    }
    if failure != nil { failureWasTold = true }
    return failure == nil
  }

  /// Waits until everything is written.
  ///
  /// - Parameter limit: Milliseconds after which the rest is dropped; nil waits without limit.
  public func drain(withinMilliseconds limit: Int? = nil) {
    stopWatching()
    let deadline = limit.map { Self.now + Int64($0) }
    while failure == nil, pendingBytes > 0 {
      let left = deadline.map { Int32(clamping: $0 - Self.now) } ?? -1
      switch attempt() {
      case .wrote(let count): written += count
      case .failed(let reason): fail(reason)
      case .full:
        if deadline != nil, left <= 0 { return }
        waitForRoom(milliseconds: left)
      }
    }
  }

  private func push() {
    while pendingBytes > 0 {
      switch attempt() {
      case .wrote(let count): written += count
      case .failed(let reason): return fail(reason)
      case .full:
        guard let loop else {
          waitForRoom(milliseconds: -1)
          continue
        }
        if watch == nil {
          watch = loop.watch(waited, for: .writable) { [weak self] in self?.push() }
        }
        return compact()
      }
    }
    queue = []
    written = 0
    stopWatching()
  }

  /// Removes written bytes from the queue when they are the larger part.
  private func compact() {
    guard written > queue.count / 2 else { return }
    queue.removeFirst(written)
    written = 0
  }

  private func fail(_ reason: Int32) {
    failure = reason
    queue = []
    written = 0
    stopWatching()
  }

  private func stopWatching() {
    if let watch { loop?.unwatch(watch) }
    watch = nil
  }

  /// The descriptor to wait for.
  private var waited: Int32 {
    if case .ownDescriptor(let own) = way { own } else { descriptor }
  }

  private func waitForRoom(milliseconds: Int32) {
    var entry = pollfd(fd: waited, events: Int16(POLLOUT), revents: 0)
    _ = poll(&entry, 1, milliseconds)
  }

  private func attempt() -> Attempt {
    var most = pendingBytes
    if case .pieces(let size) = way {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, 0) > 0 else { return .full }
      most = min(most, size)
    }
    let count = queue.withUnsafeBytes { bytes in
      let start = bytes.baseAddress.map { $0 + written }
      if case .socket = way {
        return send(descriptor, start, most, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
      }
      return Glibc.write(waited, start, most)
    }
    if count > 0 { return .wrote(count) }
    if count < 0, errno == EINTR { return .wrote(0) }
    if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return .full }
    return .failed(count < 0 ? errno : EIO)
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
