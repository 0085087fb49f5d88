import Foundation
import Glibc
import Network
import Synchronization
import Testing

/// One stranger's connection, from a thread of its own: plain, blocking, with a limit on each wait.
struct Foe {
  let descriptor: Int32

  init?(port: Int) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var wait = timeval(tv_sec: 2, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let own = descriptor
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(own, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 {
      close(descriptor)
      return nil
    }
  }

  func say(_ text: String) { say(Array(text.utf8)) }

  func say(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(
          descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      start += count
    }
  }

  /// Everything until the other side closes, up to a limit.
  func hear(atMost limit: Int = 4_000_000) -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while all.count < limit {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      all += buffer[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }

  func hangUp() { close(descriptor) }

  /// Closes with a reset.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close(descriptor)
  }
}

/// An attack on a port, told as what one stranger does, again and again.
struct Attack: Sendable, CustomTestStringConvertible {
  /// What becomes of a stranger's connection.
  enum End: Sendable {
    /// It hears the answer, which begins with one of these statuses, and hangs up.
    case answered([Int])
    /// It stays open until this many more of the same thread have come.
    case held(Int)
    case reset
  }

  var name: String
  var tries: Int
  var end: End
  /// What is said on the connection of this number.
  var words: @Sendable (_ number: Int, _ port: Int) -> [UInt8]

  var testDescription: String { name }

  init(
    _ name: String, tries: Int, _ end: End,
    _ words: @escaping @Sendable (_ number: Int, _ port: Int) -> String
  ) {
    (self.name, self.tries, self.end) = (name, tries, end)
    self.words = { Array(words($0, $1).utf8) }
  }
}

/// An attack under way, on threads of its own.
final class Siege: Sendable {
  static let threads = 4
  let attack: Attack
  private let port: Int
  private let made = Atomic<Int>(0)
  private let over = Atomic<Int>(0)
  private let mayEnd = Atomic<Bool>(false)
  private let right = Atomic<Int>(0)
  private let atOnce = Atomic<Int>(0)
  private let wrong = Mutex<[String]>([])

  /// The descriptors that this process may have.
  private let descriptors: Int

  init(_ attack: Attack, port: Int) {
    (self.attack, self.port) = (attack, port)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    descriptors = Int(min(limit.rlim_cur, 65536))
  }

  /// Connections made so far.
  var tries: Int { made.load(ordering: .relaxed) }
  /// The most connections that were held open at once.
  var mostAtOnce: Int { atOnce.load(ordering: .relaxed) }
  /// Answers that were as they should be.
  var answers: Int { right.load(ordering: .relaxed) }
  /// The first answers that were not.
  var surprises: [String] { wrong.withLock { $0 } }
  var isOver: Bool { over.load(ordering: .relaxed) == Self.threads }

  func begin() {
    for thread in 0..<Self.threads {
      Thread.detachNewThread { [self] in
        besiege(thread)
        over.add(1, ordering: .relaxed)
      }
    }
  }

  /// Lets it end once all tries are made; until then it goes on and on.
  func end() { mayEnd.store(true, ordering: .relaxed) }

  private func besiege(_ thread: Int) {
    var held: [Foe] = []
    for number in stride(from: thread, to: Int.max, by: Self.threads) {
      if number >= attack.tries, mayEnd.load(ordering: .relaxed) { break }
      guard let foe = Foe(port: port) else { continue }
      made.add(1, ordering: .relaxed)
      foe.say(attack.words(number, port))
      switch attack.end {
      case .reset: foe.reset()
      case .held(let most):
        held.append(foe)
        atOnce.max(held.count * Self.threads, ordering: .relaxed)
        // Both ends are of this process, and each side of a connection takes a descriptor.
        if held.count >= min(most, descriptors / 4 / Self.threads) { held.removeFirst().hangUp() }
      case .answered(let statuses):
        judge(foe.hear(), statuses)
        foe.hangUp()
      }
    }
    for foe in held { foe.hangUp() }
  }

  private func judge(_ answer: String, _ statuses: [Int]) {
    // Nothing at all comes to who had to make room.
    guard !answer.isEmpty else { return }
    if statuses.contains(where: { answer.hasPrefix("HTTP/1.1 \($0) ") }) {
      right.add(1, ordering: .relaxed)
    } else {
      wrong.withLock { if $0.count < 3 { $0.append(String(answer.prefix(200))) } }
    }
  }
}

/// A beat on the loop: what a person at the keyboard would feel of everything else on it.
final class Metronome {
  private static let beatMilliseconds = 2

  /// The longest time between two beats, less the beat itself.
  private(set) var longestMilliseconds = 0.0
  /// The most work of the loop's thread between two beats: a busy machine does not count in it.
  private(set) var longestWorkMilliseconds = 0.0
  private(set) var beats = 0
  private var last = Metronome.read(CLOCK_MONOTONIC)
  private var lastWork = Metronome.read(CLOCK_THREAD_CPUTIME_ID)
  private var timer: LoopTimer?

  init(_ loop: PollLoop) { beat(loop) }

  private func beat(_ loop: PollLoop) {
    timer = loop.after(milliseconds: Self.beatMilliseconds) { [weak self, unowned loop] in
      guard let self else { return }
      let now = Self.read(CLOCK_MONOTONIC)
      let work = Self.read(CLOCK_THREAD_CPUTIME_ID)
      self.longestMilliseconds = max(
        self.longestMilliseconds, now - self.last - Double(Self.beatMilliseconds))
      self.longestWorkMilliseconds = max(self.longestWorkMilliseconds, work - self.lastWork)
      (self.last, self.lastWork) = (now, work)
      self.beats += 1
      self.beat(loop)
    }
  }

  func stop() { timer?.cancel() }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
  }
}

/// What this process holds.
enum Holdings {
  /// Resident memory.
  static var memoryKilobytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
  }

  /// Open descriptors.
  static var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }
}
