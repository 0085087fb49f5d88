import Foundation
import Testing

/// A person at the explorer: knows where on the screen things stand.
final class ExplorerDriver {
  let terminal: TerminalUnderTest
  /// Every screen that was looked at.
  private(set) var seen: [String] = []

  init(_ terminal: TerminalUnderTest) { self.terminal = terminal }

  /// Whether this stage is on the screen.
  static func shows(_ stage: Int, _ screen: String) -> Bool {
    let title = screen.split(separator: "\n").first ?? ""
    return title.contains(" \(stage)/10 ") || title.contains("  \(stage) of 10 ")
  }

  /// Whether the next stage can be run: the footer names only keys that work now.
  static func canGoOn(_ screen: String) -> Bool {
    screen.split(separator: "\n").last?.contains(/(→|->|>) next/) == true
  }

  @discardableResult
  func wait(_ what: String, until condition: (String) -> Bool) async throws -> String {
    let screen = try await terminal.wait(what, until: condition)
    seen.append(screen)
    return screen
  }

  /// Waits until a stage is shown and over.
  @discardableResult
  func waitForEnd(of stage: Int) async throws -> String {
    try await wait("stage \(stage), over") { screen in
      guard Self.shows(stage, screen) else { return false }
      // The very first frame offers to begin, before the run has begun by itself.
      guard stage > 1 || screen.contains(/checks \d/) else { return false }
      return stage == 10 ? screen.contains(/200 (OK|data|userinfo)/) : Self.canGoOn(screen)
    }
  }

  /// Goes through the stages with the keyboard, signing in inside the terminal.
  func walk(from first: Int = 1, to last: Int) async throws {
    for stage in first...last { try await run(stage) }
  }

  /// Runs one stage; the stage before it is shown.
  func run(_ stage: Int) async throws {
    if stage > 1 { try await terminal.press("Right") }
    if stage == 4 {
      try await wait("the sign-in form") {
        Self.shows(4, $0) && $0.contains("ada@demo.example") && $0.contains("[ Sign in ]")
      }
      try await terminal.press("Enter")
      try await wait("the consent page") { $0.contains("[ Allow ]") }
      try await terminal.press("Enter")
    }
    try await waitForEnd(of: stage)
  }

  /// Turns from view to view until one shows this.
  func turn(_ key: String, to text: String) async throws {
    var screen = try await terminal.screen()
    for _ in 0..<8 where !screen.contains(text) {
      let before = screen
      try await terminal.press(key)
      screen = try await wait("another view on the way to \(text)") { $0 != before }
    }
    guard screen.contains(text) else {
      throw EndToEndFailure(description: "no view shows \(text)")
    }
  }

  /// Everything in the view that has the focus, page by page, without the frame around it.
  func document() async throws -> String {
    try await terminal.press("g")
    var screen = try await wait("the top") { (Self.position(in: $0)?.first ?? 1) <= 2 }
    var lines: [Int: String] = [:]
    while true {
      let position = Self.position(in: screen)
      // A pane may begin with an empty line that is not of the document.
      let body = Self.pane(of: screen)
      let last = position?.last ?? body.count
      for (index, line) in body.reversed().enumerated() where last - index > 0 {
        guard index <= last - (position?.first ?? 1) else { break }
        lines[last - index] = line
      }
      guard let position, position.last < position.total else { break }
      try await terminal.press("PageDown")
      screen = try await wait("the next page") { Self.position(in: $0)?.last != position.last }
    }
    try await terminal.press("g")
    return lines.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n")
  }

  /// `14–26 of 105` in the frame of the view with the focus.
  private static func position(in screen: String) -> (first: Int, last: Int, total: Int)? {
    guard let match = screen.firstMatch(of: /━ (\d+)–(\d+) of (\d+) ━/),
      let first = Int(match.1), let last = Int(match.2), let total = Int(match.3)
    else { return nil }
    return (first, last, total)
  }

  /// The lines inside the heavy frame.
  private static func pane(of screen: String) -> [String] {
    screen.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "┃", omittingEmptySubsequences: false)
      guard parts.count >= 3 else { return nil }
      return String(parts[parts.count - 2])
    }
  }
}

extension String {
  /// Without any space and line break: a long value wraps where the pane ends.
  var withoutSpaces: String { String(filter { !$0.isWhitespace }) }
}
