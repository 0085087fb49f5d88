import Glibc
import Terminal
import TextUI

/// A program that takes the terminal as the explorer does, and tells on descriptor 3 what it sees.
@main
struct Probe {
  static let theme = Theme(
    id: "probe", name: "Probe", isLight: false,
    roles: [
      .text: RoleStyle(
        foreground: ThemeColor(rgb: 0xD0D0D0, index256: 252, ansi: .white),
        background: ThemeColor(rgb: 0x1C1C1C, index256: 234, ansi: .black)),
      .background: RoleStyle(
        background: ThemeColor(rgb: 0x1C1C1C, index256: 234, ansi: .black)),
      .title: RoleStyle(
        foreground: ThemeColor(rgb: 0x87AFFF, index256: 111, ansi: .brightBlue), emphasis: .bold),
    ])

  var screen: NcursesScreen
  var changes = 0

  static func main() {
    let words = Set(CommandLine.arguments.dropFirst())
    if words.contains("nohup") { signal(SIGHUP, SIG_IGN) }
    var options = TerminalOptions(mouse: !words.contains("no-mouse"))
    for choice in ColorChoice.allCases where words.contains("colors=\(choice.rawValue)") {
      options.colors = choice
    }
    do throws(TerminalError) {
      var probe = Probe(screen: try NcursesScreen.open(options: options))
      if words.contains("asks") {
        probe.screen.onBackground = { tell("background \($0.rawValue)") }
        probe.screen.askForBackground()
      }
      probe.run()
    } catch {
      tell("fault")
      say("\(error)\n", to: STDERR_FILENO)
      exit(2)
    }
  }

  mutating func run() {
    draw()
    Self.tell(
      "ready \(screen.size) \(screen.colorDepth) \(screen.encodingIsUTF8 ? "UTF-8" : "legacy")")
    while true {
      var ready = screen.inputDescriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      if let stalled = screen.stalledDescriptor {
        ready.append(pollfd(fd: stalled, events: Int16(POLLOUT), revents: 0))
      }
      _ = poll(&ready, nfds_t(ready.count), -1)
      screen.push()
      while let key = screen.nextKey() {
        guard handle(key) else { return }
      }
    }
  }

  private mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character("q"):
      screen.close()
      if readsOn { readOn() }
      return false
    case .character("x"): exit(0)
    case .mouse(.press, _, _) where readsOn:
      Self.tell("quits")
      screen.close()
      readOn()
      return false
    case .character("u"):
      changes += 1
      draw()
    case .character("e"): Self.say("held back\n", to: STDERR_FILENO)
    case .character("c"):
      screen.copyToClipboard("code=a+b/c~", environment: TerminalEnvironment.current())
    case .character("="):
      settle()
      Self.say("\u{1B}]777;mark\u{7}", to: STDOUT_FILENO)
    case .character("m"): screen.captureMouse(false)
    case .character("s"):
      screen.suspend()
      // As Ctrl-C in the other program would.
      kill(getpid(), SIGINT)
      Self.say("outside\n", to: STDOUT_FILENO)
      screen.resume()
      draw()
    case .control("l"):
      screen.invalidate()
      draw()
    case .control("t"): fatalError("a trap on purpose")
    case .control("z"):
      screen.stop()
      draw()
    case .resize: draw()
    default: break
    }
    Self.tell(describe(key))
    return true
  }

  /// Whether a click quits, and the next line of input is read then, as a shell would.
  private let readsOn = CommandLine.arguments.contains("reads-on")

  private func readOn() {
    Self.tell("closed")
    Self.tell(describe(.paste(readLine() ?? "")))
  }

  /// Waits until the terminal has taken the last frame: what follows goes around the screen.
  private func settle() {
    while let stalled = screen.stalledDescriptor {
      var ready = pollfd(fd: stalled, events: Int16(POLLOUT), revents: 0)
      _ = poll(&ready, 1, -1)
      screen.push()
    }
  }

  private func describe(_ key: Key) -> String {
    switch key {
    case .resize: return "resize \(screen.size)"
    case .paste(let text):
      let escaped = text.unicodeScalars.prefix(40).map { $0.escaped(asASCII: true) }.joined()
      return "paste \(text.unicodeScalars.count) \(escaped)"
    default: return "\(key)"
    }
  }

  private func draw() {
    let size = screen.size
    var frame = Frame(size: size)
    frame.put("┌ probe \(size) ✓", column: 0, row: 0, role: .title)
    for row in 1..<max(1, size.rows) {
      let count = row == 5 ? changes : 0
      frame.put(
        "line \(row) change \(count) 日本 e\u{301} " + String(repeating: "·", count: size.columns),
        column: 0, row: row)
    }
    if changes % 2 == 1 {
      frame.put(
        String(repeating: "another text, ", count: size.columns / 14 + 1), column: 0, row: 5)
    }
    screen.show(frame, theme: Self.theme)
  }

  static func tell(_ text: String) { say(text + "\n", to: 3) }

  static func say(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }
}
