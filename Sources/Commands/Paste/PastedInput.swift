import Glibc
import HybridFlow
import Inspection
import Network
import OpenID

/// Reads an authorization response that the person pastes into standard input.
///
/// At a terminal nothing of it is shown, lines may be of any length, and a paste is over when
/// nothing more comes for a moment. A pipe or a file is read to its end.
public final class PastedInput {
  /// What was read.
  enum Found {
    case answer(PastedAnswer)
    /// Nothing that is an answer; whether nothing more can come.
    case unknown(String, isOver: Bool)
  }

  /// How long a terminal is silent after a paste.
  private static let quietMilliseconds = 250

  private let descriptor: Int32
  private let isTerminal: Bool
  private var before: termios?
  private var loop: PollLoop?
  private var watch: Watch?
  private var timer: LoopTimer?
  private var bytes: [UInt8] = []
  private var tell: ((Found) -> Void)?

  /// Reads from a descriptor, once it is started.
  public init(_ descriptor: Int32 = STDIN_FILENO) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
  }

  deinit { stop() }

  /// Whether standard input is a terminal, so that a person can paste without having said so.
  public static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

  func start(on loop: PollLoop, _ tell: @escaping (Found) -> Void) {
    guard watch == nil else { return }
    self.loop = loop
    self.tell = tell
    hush()
    watch = loop.watch(descriptor, for: .readable) { [weak self] in self?.readMore() }
  }

  /// Reads nothing more, and puts the terminal back.
  func stop() {
    timer?.cancel()
    timer = nil
    if let watch { loop?.unwatch(watch) }
    watch = nil
    tell = nil
    bytes = []
    guard var before else { return }
    tcsetattr(descriptor, TCSAFLUSH, &before)
    self.before = nil
  }

  /// Switches off the echo, and the limit of a line that the terminal has otherwise.
  private func hush() {
    var modes = termios()
    guard isTerminal, tcgetattr(descriptor, &modes) == 0 else { return }
    before = modes
    modes.c_lflag &= ~tcflag_t(ECHO | ICANON)
    tcsetattr(descriptor, TCSANOW, &modes)
  }

  private func readMore() {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    guard count >= 0 else {
      if errno != EINTR, errno != EAGAIN { end() }
      return
    }
    guard count > 0 else { return end() }
    let isOver = isTerminal && buffer[..<count].contains(0x04)
    bytes += buffer[..<count].filter { $0 != 0x04 }
    guard bytes.count <= PastedReader.textBytes else {
      bytes = []
      tell?(.unknown("That is more than 1 MiB: paste the answer alone.", isOver: !isTerminal))
      return
    }
    if isOver { return end() }
    guard isTerminal else { return }
    timer?.cancel()
    timer = loop?.after(milliseconds: Self.quietMilliseconds) { [weak self] in self?.settle() }
  }

  /// The terminal is silent: what came may be a whole paste.
  ///
  /// What is not understood is kept, because more of it may come; an empty line drops it.
  private func settle() {
    guard bytes.contains(where: { $0 > 0x20 }) else { return bytes = [] }
    switch read() {
    case .answer(let answer): found(.answer(answer))
    case .unknown(let why, _):
      guard bytes.last == 0x0A else { return }
      let startsOver = bytes.suffix(2) == [0x0A, 0x0A]
      if startsOver { bytes = [] }
      tell?(
        .unknown(why + (startsOver ? "" : " An empty line starts over."), isOver: false))
    }
  }

  /// Nothing more can come.
  private func end() {
    let isEmpty = !bytes.contains { $0 > 0x20 }
    found(
      isEmpty ? .unknown("Nothing was pasted: standard input has ended.", isOver: true) : read())
  }

  private func read() -> Found {
    do {
      return .answer(try PastedAnswer(String(decoding: bytes, as: UTF8.self)))
    } catch {
      return .unknown(error.message, isOver: true)
    }
  }

  private func found(_ found: Found) {
    let tell = tell
    stop()
    tell?(found)
  }
}
