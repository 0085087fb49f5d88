import Glibc
import Network

/// Where a command writes: standard output and standard error, or a list in a test.
public protocol TextSink: AnyObject {
  /// Writes to standard output, or queues the text; false when output is impossible.
  @discardableResult
  func write(_ text: String) -> Bool
  /// Writes to standard error, or queues the text.
  func complain(_ text: String)
  /// Whether queued output waits because the reader does not read.
  var isStalled: Bool { get }
}

extension TextSink {
  /// Always false: a list takes everything at once.
  public var isStalled: Bool { false }
}

/// Standard output and standard error.
///
/// Once a loop is attached, it writes what does not go out at once; ``finish()`` writes the rest.
public final class StandardStreams: TextSink {
  /// How standard output ended.
  public enum Ending: Sendable, Equatable {
    /// Everything was written, or the program did not have to wait for the reader.
    case done
    /// The reader closed the pipe, and the command already knew.
    case closed
    /// The reader closed the pipe, which was noticed only at the last write.
    case closedAtTheEnd
    /// The system's reason why writing failed.
    case failed(String)
  }

  /// How long a program that was told to end waits for a reader that does not read.
  static let hurriedMilliseconds = 250

  /// Whether the program was told to end: then it does not wait long for a reader.
  public var isHurried = false

  private let output = Outlet(STDOUT_FILENO)
  private let errors: Outlet

  /// Makes the sink.
  public init() {
    errors = Self.goTheSameWay ? output : Outlet(STDERR_FILENO)
  }

  /// Whether both are the same terminal, pipe or socket, so that the order of output must be kept.
  private static var goTheSameWay: Bool {
    var (output, errors) = (stat(), stat())
    guard fstat(STDOUT_FILENO, &output) == 0, fstat(STDERR_FILENO, &errors) == 0 else {
      return false
    }
    return output.st_dev == errors.st_dev && output.st_ino == errors.st_ino
      && [S_IFIFO, S_IFCHR, S_IFSOCK].contains(output.st_mode & S_IFMT)
  }

  /// Lets a loop write what does not go out at once.
  public func attach(to loop: PollLoop) {
    output.attach(to: loop)
    errors.attach(to: loop)
  }

  /// Writes to standard output, or queues the text; false when output is impossible.
  @discardableResult
  public func write(_ text: String) -> Bool { output.write(text.utf8) }

  /// Writes to standard error, or queues the text.
  public func complain(_ text: String) { errors.write(text.utf8) }

  /// Whether standard output has queued bytes.
  public var isStalled: Bool { output.pendingBytes > 0 }

  /// Writes everything that is still queued.
  public func finish() -> Ending {
    let limit = isHurried ? Self.hurriedMilliseconds : nil
    output.drain(withinMilliseconds: limit)
    errors.drain(withinMilliseconds: limit)
    guard let reason = output.failure else { return .done }
    if reason == EPIPE { return output.failureWasTold ? .closed : .closedAtTheEnd }
    return .failed(SystemFiles.reason(reason))
  }
}
