import Glibc
import Synchronization

/// A pipe that only signals that there is work.
struct WakePipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(NetworkError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", reason: systemReason(errno)) }
    for end in ends { makeNonBlocking(end) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  /// Makes the read end readable; a full pipe already is.
  func wake() {
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)
  }

  /// Reads everything that is there.
  func drain() -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      let count = read(readEnd, &buffer, buffer.count)
      guard count > 0 else { return all }
      all += buffer[..<count]
    }
  }

  func closeBoth() {
    close(readEnd)
    close(writeEnd)
  }
}

/// Sets a descriptor to non-blocking and close-on-exec.
func makeNonBlocking(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
}

/// Passes results from another thread into the loop, such as a key that took a while to make.
///
/// The receiver runs on the loop's thread. Values sent after the end of the loop are dropped.
public final class Handover<Value: Sendable>: Sendable {
  private let pipe: WakePipe
  private let values = Mutex<[Value]>([])

  fileprivate init() throws(NetworkError) { pipe = try WakePipe() }

  deinit { pipe.closeBoth() }

  /// Sends a value; may be called on any thread.
  public func send(_ value: Value) {
    values.withLock { $0.append(value) }
    pipe.wake()
  }

  fileprivate func takeAll() -> [Value] {
    _ = pipe.drain()
    return values.withLock { pending in
      defer { pending = [] }
      return pending
    }
  }

  fileprivate func connect(
    to loop: PollLoop, once: Bool, _ receive: @escaping (Value) -> Void
  ) {
    weak var watch: Watch?
    // The loop retains the handover, so that the watched descriptor stays open.
    watch = loop.watch(pipe.readEnd, for: .readable) { [self, unowned loop] in
      let values = takeAll()
      if once, !values.isEmpty, let watch { loop.unwatch(watch) }
      for value in once ? values.prefix(1) : values[...] { receive(value) }
    }
  }
}

extension PollLoop {
  /// Makes a handover whose values are received on this loop's thread.
  ///
  /// - Parameter once: Whether there is only one value: after it the loop releases the handover and
  ///   closes its two descriptors.
  public func handover<Value: Sendable>(
    of type: Value.Type = Value.self, once: Bool = false, _ receive: @escaping (Value) -> Void
  ) throws(NetworkError) -> Handover<Value> {
    let handover = try Handover<Value>()
    handover.connect(to: self, once: once, receive)
    return handover
  }
}
