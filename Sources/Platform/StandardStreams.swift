import Glibc
import Network

/// Where a face writes: standard output and standard error, or a test's own list.
public protocol TextSink: AnyObject {
  /// Writes to standard output, or takes it to be written; false when nothing can be written.
  @discardableResult
  func write(_ text: String) -> Bool
  /// Writes to standard error, or takes it to be written.
  func complain(_ text: String)
  /// Whether what was taken is still to be written, because nobody reads.
  var isStalled: Bool { get }
}

extension TextSink {
  /// Never: what is written to a list is written.
  public var isStalled: Bool { false }
}

/// Standard output and standard error.
///
/// Once a loop is there, it writes what does not go out at once; ``finish()`` writes the rest.
public final class StandardStreams: TextSink {
  /// How standard output ended.
  public enum Ending: Sendable, Equatable {
    /// Everything was written, or nobody was to be waited for.
    case done
    /// Nobody reads any more, which a face knew already.
    case closed
    /// Nobody reads any more, which was seen only with the last words.
    case closedAtTheEnd
    /// The system's words for why nothing could be written.
    case failed(String)
  }

  /// How long a reader that takes nothing is waited for by a program that was told to end.
  static let hurriedMilliseconds = 250

  /// Whether the program was told to end: then nobody is waited for who reads nothing.
  public var isHurried = false

  private let output = Outlet(STDOUT_FILENO)
  private let errors: Outlet

  /// Makes the sink.
  public init() {
    errors = Self.goTheSameWay ? output : Outlet(STDERR_FILENO)
  }

  /// Whether both are one terminal, pipe or socket: then what was said first goes out first.
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

  /// Writes to standard output, or keeps what does not go out; false when nothing can be written.
  @discardableResult
  public func write(_ text: String) -> Bool { output.write(text.utf8) }

  /// Writes to standard error, or keeps what does not go out.
  public func complain(_ text: String) { errors.write(text.utf8) }

  /// Whether standard output is still to take something.
  public var isStalled: Bool { output.pendingBytes > 0 }

  /// Writes what is still to be written.
  public func finish() -> Ending {
    let limit = isHurried ? Self.hurriedMilliseconds : nil
    output.drain(withinMilliseconds: limit)
    errors.drain(withinMilliseconds: limit)
    guard let reason = output.failure else { return .done }
    if reason == EPIPE { return output.failureWasTold ? .closed : .closedAtTheEnd }
    return .failed(SystemFiles.reason(reason))
  }
}
