import Glibc
import OpenID

/// A command that may open a URL: program and arguments, never a shell's line.
public struct BrowserCommand: Sendable, Equatable {
  /// The program and its arguments, the URL among them.
  public var arguments: [String]
  /// Whether it draws on the terminal, and so must run in the foreground.
  public var needsTerminal: Bool

  /// Makes a command.
  public init(arguments: [String], needsTerminal: Bool = false) {
    self.arguments = arguments
    self.needsTerminal = needsTerminal
  }

  /// The program without folders.
  public var program: String {
    let first = arguments.first ?? ""
    return first.split(at: "/").last.map(String.init) ?? first
  }
}

/// How the attempt to open a browser ended.
public enum BrowserOutcome: Sendable, Equatable, CustomStringConvertible {
  /// A program took the URL.
  case opened(program: String)
  /// The next program is a text browser: the caller hands the terminal over and runs it.
  case needsTerminal(BrowserCommand)
  /// None took it; one line why. The person opens the URL by hand.
  case failed(reason: String)

  /// What happened, in one line without the URL.
  public var description: String {
    switch self {
    case .opened(let program): "opened with \(program)"
    case .needsTerminal(let command):
      "\(command.program) draws on a terminal, and this one is taken: open the URL in another"
    case .failed(let reason): "no browser was opened (\(reason)): open the URL yourself"
    }
  }
}

/// Finds and starts the person's web browser.
public enum Browser {
  /// Browsers that draw on the terminal.
  static let textBrowsers: Set<String> = ["w3m", "lynx", "links", "links2", "elinks"]
  /// The most entries of `$BROWSER` that are tried.
  static let maximumEntries = 16

  /// The commands to try, in order: `$BROWSER`, then the desktop's openers, where there is one.
  ///
  /// In an entry of `$BROWSER` `%s` stands for the URL and `%%` for `%`; without `%s` the URL is
  /// appended. Nothing is quoted and no shell reads it, because others choose parts of the URL.
  public static func commands(
    for url: WebURL, environment: [String: String], isWSL: Bool = Browser.isWSL
  ) -> [BrowserCommand] {
    var commands: [BrowserCommand] = []
    let entries = (environment["BROWSER"] ?? "").split(at: ":").prefix(maximumEntries)
    for entry in entries {
      let words = entry.split(at: " ").map(String.init)
      guard let program = words.first else { continue }
      let filled = words.dropFirst().map { fill($0, url.text) }
      let takesURL = filled.contains { $0.hasURL }
      var command = BrowserCommand(
        arguments: [program] + filled.map(\.text) + (takesURL ? [] : [url.text]))
      command.needsTerminal = textBrowsers.contains(command.program)
      commands.append(command)
    }
    if isWSL {
      commands.append(BrowserCommand(arguments: ["wslview", url.text]))
      // The desktop's own opener; unlike cmd.exe and powershell.exe it reads no command line.
      commands.append(
        BrowserCommand(arguments: ["rundll32.exe", "url.dll,FileProtocolHandler", url.text]))
    }
    // Without a display these would start a browser that draws on a terminal, and has none.
    guard hasDisplay(environment, isWSL: isWSL) else { return commands }
    for opener in ["xdg-open", "sensible-browser"] {
      commands.append(BrowserCommand(arguments: [opener, url.text]))
    }
    return commands
  }

  /// Whether this machine has a desktop that a browser could appear on.
  public static func hasDisplay(
    _ environment: [String: String], isWSL: Bool = Browser.isWSL
  ) -> Bool {
    isWSL
      || ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
  }

  private static func fill(_ word: String, _ url: String) -> (text: String, hasURL: Bool) {
    var text = ""
    var hasURL = false
    var isEscape = false
    for scalar in word.unicodeScalars {
      switch (isEscape, scalar) {
      case (false, "%"):
        isEscape = true
        continue
      case (true, "s"):
        text += url
        hasURL = true
      case (true, "%"): text += "%"
      case (true, _): text += "%" + String(scalar)
      case (false, _): text.unicodeScalars.append(scalar)
      }
      isEscape = false
    }
    return (isEscape ? text + "%" : text, hasURL)
  }

  /// Whether this is the Linux of a Windows desktop, and no container in it.
  public static var isWSL: Bool {
    for container in ["/.dockerenv", "/run/.containerenv"] where access(container, F_OK) == 0 {
      return false
    }
    if access("/proc/sys/fs/binfmt_misc/WSLInterop", F_OK) == 0 { return true }
    let version = readFile("/proc/version", limitBytes: 4096) ?? []
    return String(decoding: version, as: UTF8.self).asciiLowercased.holds("microsoft")
  }

  /// Tries the commands until one takes the URL; the completion runs in a later turn, once.
  ///
  /// A program that ends with a failure at once is followed by the next. One that is still
  /// running after a moment, or ended well, has taken the URL. Let the launch go to lose interest;
  /// the browser stays.
  @discardableResult
  public static func open(
    _ url: WebURL, environment: [String: String], loop: PollLoop, isWSL: Bool = Browser.isWSL,
    settleMilliseconds: Int = BrowserLaunch.settleMilliseconds,
    completion: @escaping (BrowserOutcome) -> Void
  ) -> BrowserLaunch {
    let launch = BrowserLaunch(
      commands(for: url, environment: environment, isWSL: isWSL), environment, loop, isWSL: isWSL,
      settleMilliseconds, completion)
    loop.post { launch.tryNext() }
    return launch
  }
}

/// An attempt to open a browser.
public final class BrowserLaunch {
  /// A program that has run this long without a failure is taken for a browser.
  public static let settleMilliseconds = 1_500
  static let settlePauseMilliseconds = 25
  /// Between looks at a browser that runs as our child, so that it leaves no zombie.
  static let reapPauseMilliseconds = 2_000

  private let isWSL: Bool
  private var left: ArraySlice<BrowserCommand>
  private let environment: [String: String]
  private let loop: PollLoop
  private let settleMilliseconds: Int
  private var completion: ((BrowserOutcome) -> Void)?
  private var failures: [String] = []

  init(
    _ commands: [BrowserCommand], _ environment: [String: String], _ loop: PollLoop,
    isWSL: Bool, _ settleMilliseconds: Int, _ completion: @escaping (BrowserOutcome) -> Void
  ) {
    self.isWSL = isWSL
    left = commands[...]
    self.environment = environment
    self.loop = loop
    self.settleMilliseconds = settleMilliseconds
    self.completion = completion
  }

  /// Loses interest: no further program is tried, the completion does not run.
  public func cancel() {
    completion = nil
    left = []
  }

  func tryNext() {
    guard completion != nil else { return }
    while let command = left.popFirst() {
      guard let path = ChildProcess.find(command.arguments[0], environment["PATH"]) else {
        failures.append("\(command.program): not found")
        continue
      }
      if command.needsTerminal { return finish(.needsTerminal(command)) }
      switch ChildProcess.start(path, command.arguments, environment) {
      case .success(let pid):
        let deadline = loop.monotonicMilliseconds + Int64(settleMilliseconds)
        return settle(pid, command, deadline)
      case .failure(let fault): failures.append("\(command.program): \(fault.reason)")
      }
    }
    if !Browser.hasDisplay(environment, isWSL: isWSL) {
      failures.append("neither DISPLAY nor WAYLAND_DISPLAY is set")
    }
    finish(.failed(reason: failures.joined(separator: "; ")))
  }

  private func settle(_ pid: pid_t, _ command: BrowserCommand, _ deadline: Int64) {
    switch ChildProcess.state(of: pid) {
    case .ended(success: true): finish(.opened(program: command.program))
    case .ended(success: false):
      failures.append("\(command.program): ended with a failure")
      tryNext()
    case .running where loop.monotonicMilliseconds >= deadline:
      finish(.opened(program: command.program))
      Self.reap(pid, loop)
    case .running:
      loop.after(milliseconds: Self.settlePauseMilliseconds) {
        self.settle(pid, command, deadline)
      }
    }
  }

  private func finish(_ outcome: BrowserOutcome) {
    let completion = completion
    cancel()
    completion?(outcome)
  }

  private static func reap(_ pid: pid_t, _ loop: PollLoop) {
    loop.after(milliseconds: reapPauseMilliseconds) { [weak loop] in
      guard let loop, case .running = ChildProcess.state(of: pid) else { return }
      reap(pid, loop)
    }
  }
}
