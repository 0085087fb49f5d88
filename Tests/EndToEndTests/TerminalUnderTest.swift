import Foundation
import TestSupport
import Testing

/// A terminal with a shell in it: tmux, on a socket of its own.
///
/// The shell is what shows whether a program gave the terminal back as it found it.
final class TerminalUnderTest {
  static let isNeeded: ConditionTrait = .needs("tmux") { Place.tool("tmux") != nil }
  private static let prompt = "ready-to-go$"

  let folder: TemporaryFolder
  private let tmux: String

  init(columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) async throws {
    folder = try TemporaryFolder()
    guard let tmux = Place.tool("tmux") else { throw EndToEndFailure(description: "no tmux") }
    self.tmux = tmux
    var arguments = ["-u", "-f", "/dev/null", "new-session", "-d"]
    arguments += ["-x", "\(columns)", "-y", "\(rows)"]
    for (name, value) in environment { arguments += ["-e", "\(name)=\(value)"] }
    _ = try await ask(arguments + ["/bin/sh"])
    // In two parts: the command itself is on the screen as well.
    let parts = (Self.prompt.prefix(5), Self.prompt.dropFirst(5))
    try await shell("PS1='\(parts.0)''\(parts.1) '")
    try await wait("the shell") { $0.contains(Self.prompt) }
    try await shell("stty -g >\(folder.path)/modes-before")
  }

  deinit {
    // On its own socket: no other server is touched.
    guard let end = try? RunningProgram(tmux, ["-S", "\(folder.path)/socket", "kill-server"])
    else { return }
    let deadline = ContinuousClock.now + .seconds(5)
    while !end.isOver, ContinuousClock.now < deadline { usleep(5_000) }
  }

  private func ask(_ arguments: [String]) async throws -> String {
    let command = try RunningProgram(tmux, ["-S", "\(folder.path)/socket"] + arguments)
    guard try await command.end(within: 15) == .exit(0) else {
      throw EndToEndFailure(description: "\(command.name): \(command.errors)")
    }
    return command.output
  }

  // MARK: The shell

  /// Types a command line for the shell.
  func shell(_ line: String) async throws {
    _ = try await ask(["send-keys", "-l", line])
    try await press("Enter")
  }

  /// Starts the program from the shell.
  func start(_ arguments: [String] = [], environment: [String: String] = [:]) async throws {
    let variables = environment.map { "\($0.key)='\($0.value)'" }.sorted()
    let words = ["env"] + variables + [Place.program] + arguments.map { "'\($0)'" }
    // The number of the process, before it becomes the program.
    let script = try folder.write(
      "echo $$ >\(folder.path)/number\nexec \(words.joined(separator: " "))\n", to: "start")
    try await shell("clear; sh \(script)")
  }

  /// The process that the shell runs.
  func programNumber() async throws -> pid_t {
    try await waitFor("number of the process") {
      let data = FileManager.default.contents(atPath: "\(folder.path)/number") ?? Data()
      return pid_t(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
    }
  }

  /// Waits for the shell's prompt, expects a terminal as it was, and returns the exit status.
  func expectShell(_ location: SourceLocation = #_sourceLocation) async throws -> Int {
    try await wait("the shell again") { screen in
      screen.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }?
        .hasPrefix(Self.prompt) == true
    }
    try await shell("echo status-$?-; stty -g >\(folder.path)/modes-after; echo done-$?")
    let screen = try await wait("the status") { $0.contains(/status-\d+-[\s\S]*done-0/) }
    let before = FileManager.default.contents(atPath: "\(folder.path)/modes-before")
    let after = FileManager.default.contents(atPath: "\(folder.path)/modes-after")
    #expect(before == after, "the terminal's modes", sourceLocation: location)
    let flags = try await ask([
      "display-message", "-p",
      "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag} #{keypad_flag}",
    ])
    #expect(flags == "0 1 0 0 0\n", "screen, cursor, mouse, keys", sourceLocation: location)
    let status = screen.firstMatch(of: /status-(\d+)-/).flatMap { Int($0.1) }
    return try #require(status, sourceLocation: location)
  }

  // MARK: Keys and screen

  /// Presses keys, by tmux's names for them.
  func press(_ keys: String...) async throws {
    _ = try await ask(["send-keys"] + keys)
  }

  /// Types text, letter by letter.
  func type(_ text: String) async throws {
    for character in text { _ = try await ask(["send-keys", "-l", String(character)]) }
  }

  /// Types text, all of it at once.
  func typeAtOnce(_ text: String) async throws { _ = try await ask(["send-keys", "-l", text]) }

  /// Clicks at the last place at which a text stands on the screen.
  func click(on text: String, button: Int = 0) async throws {
    let place = try await place(of: text)
    try await sendMouse(button: button, place)
    // A terminal reports the release only to who still asks for reports.
    guard try await ask(["display-message", "-p", "#{mouse_any_flag}"]) == "1\n" else { return }
    try await sendMouse(button: 3, place)
  }

  /// Turns the wheel down where a text stands.
  func wheelDown(on text: String) async throws {
    try await sendMouse(button: 65, try await place(of: text))
  }

  private func place(of text: String) async throws -> (column: Int, row: Int) {
    let screen = try await wait("\(text) to point at") { $0.contains(text) }
    for (row, line) in screen.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .reversed()
    {
      guard let range = line.ranges(of: text).last else { continue }
      // All that is drawn here is one cell wide.
      let start = line.distance(from: line.startIndex, to: range.lowerBound)
      return (start + text.count / 2, row)
    }
    throw EndToEndFailure(description: "nowhere: \(text)")
  }

  /// A report as xterm sends it: a button, a column and a row, each with 32 added.
  private func sendMouse(button: Int, _ place: (column: Int, row: Int)) async throws {
    let bytes = [0x1B, 0x5B, 0x4D, button + 32, place.column + 33, place.row + 33]
    _ = try await ask(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
  }

  /// Pastes a text as a terminal does that marks its pastes.
  func paste(_ text: String) async throws {
    let file = try folder.write(text, to: "pasted")
    _ = try await ask(["load-buffer", file])
    _ = try await ask(["paste-buffer", "-p", "-d"])
  }

  func resize(columns: Int, rows: Int) async throws {
    _ = try await ask(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What is on the screen; with colours as escape sequences on request.
  func screen(colors: Bool = false) async throws -> String {
    try await ask(["capture-pane", "-p"] + (colors ? ["-e"] : []))
  }

  /// Waits until the screen is as it should be, and returns it.
  ///
  /// It has to be so twice: the first look may have met it half drawn.
  @discardableResult
  func wait(
    _ what: String, seconds: Double = 20, until condition: (String) -> Bool
  ) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var before: String?
    while true {
      let screen = try await screen()
      if condition(screen) {
        if screen == before { return screen }
        before = screen
      }
      guard ContinuousClock.now < deadline else {
        throw EndToEndFailure(description: "after \(seconds) s still not \(what) on\n\(screen)")
      }
      try await Task.sleep(for: .milliseconds(15))
    }
  }
}
