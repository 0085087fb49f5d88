import Glibc
import OpenID

/// A command that can open a URL: program and arguments, never a shell command line.
public struct BrowserCommand: Sendable, Equatable {
  /// The program and its arguments, the URL among them.
  public var arguments: [String]
  /// Whether it draws on the terminal and so must run in the foreground.
  public var needsTerminal: Bool
  /// Whether it would interpret the URL as commands, and so must not get one.
  public var isShell = false

  /// Makes a command.
  public init(arguments: [String], needsTerminal: Bool = false) {
    self.arguments = arguments
    self.needsTerminal = needsTerminal
  }

  /// The program's name without its path.
  public var program: String {
    let first = arguments.first ?? ""
    return first.split(at: "/").last.map(String.init) ?? first
  }
}

/// How the attempt to open a browser ended.
public enum BrowserOutcome: Sendable, Equatable, CustomStringConvertible {
  /// A program accepted the URL.
  case opened(program: String)
  /// The next program is a text browser: the caller gives it the terminal and runs it.
  case needsTerminal(BrowserCommand)
  /// None accepted it; the reason in one line. The person opens the URL by hand.
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
  /// Programs that interpret all following arguments as commands.
  static let windowsShells: Set<String> = ["cmd", "powershell", "pwsh"]
  /// Programs that interpret one argument as commands: the one after `-c`.
  static let shells: Set<String> = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "busybox",
  ]

  /// The commands to try, in order: `$BROWSER`, then the openers of the desktop, if there is one.
  ///
  /// In an entry of `$BROWSER`, `%s` stands for the URL and `%%` for `%`; without `%s` the URL is
  /// appended. We use no shell and no quoting, because others choose parts of the URL. But many
  /// openers are scripts, and some put the URL into another shell's command line. So the URL is
  /// passed as ``WebURL/launchText``, and never to a shell itself.
  ///
  /// On WSL, `rundll32.exe` comes first, because it takes the URL unchanged. `wslview` is a script
  /// that puts it between double quotes into a PowerShell command. There `$`, the backtick and the
  /// quote are special, and are encoded; `&` is not special, and must stay.
  public static func commands(
    for url: WebURL, environment: [String: String], isWSL: Bool = Browser.isWSL
  ) -> [BrowserCommand] {
    var commands: [BrowserCommand] = []
    let address = url.launchText
    let entries = (environment["BROWSER"] ?? "").split(at: ":").prefix(maximumEntries)
    for entry in entries {
      let words = entry.split(at: " ").map(String.init)
      guard let program = words.first else { continue }
      var filled = words.dropFirst().map { fill($0, address) }
      if !filled.contains(where: \.hasURL) { filled.append((address, true)) }
      var command = BrowserCommand(arguments: [program] + filled.map(\.text))
      command.needsTerminal = textBrowsers.contains(command.program)
      command.isShell = readsCommands(program, filled)
      commands.append(command)
    }
    if isWSL {
      // Unlike cmd.exe and powershell.exe, this opener does not interpret its arguments.
      commands.append(
        BrowserCommand(arguments: ["rundll32.exe", "url.dll,FileProtocolHandler", address]))
      commands.append(BrowserCommand(arguments: ["wslview", address]))
    }
    // Without a display these would start a text browser, which would have no terminal.
    guard hasDisplay(environment, isWSL: isWSL) else { return commands }
    for opener in ["xdg-open", "sensible-browser"] {
      commands.append(BrowserCommand(arguments: [opener, address]))
    }
    return commands
  }

  /// Whether this machine has a desktop on which a browser can open.
  public static func hasDisplay(
    _ environment: [String: String], isWSL: Bool = Browser.isWSL
  ) -> Bool {
    isWSL
      || ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
  }

  /// Whether the URL would be interpreted as commands: by a Windows shell anywhere in the entry, or
  /// by another shell after `-c`.
  private static func readsCommands(
    _ program: String, _ words: [(text: String, hasURL: Bool)]
  ) -> Bool {
    let names = [name(of: program)] + words.filter { !$0.hasURL }.map { name(of: $0.text) }
    if names.contains(where: windowsShells.contains) { return true }
    guard names.contains(where: shells.contains) else { return false }
    return zip(words, words.dropFirst()).contains { option, word in
      word.hasURL && option.text.begins(with: "-") && !option.text.begins(with: "--")
        && option.text.utf8.contains(UInt8(ascii: "c"))
    }
  }

  /// A program's name without folders and `.exe`, in lower case.
  private static func name(of program: String) -> String {
    let isSeparator = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    let bytes = program.utf8.split(whereSeparator: isSeparator).last.map(Array.init) ?? []
    let name = String(decoding: bytes, as: UTF8.self).asciiLowercased
    return name.ends(with: ".exe") ? String(name.dropLast(4)) : name
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

  /// Whether this is WSL, and not a container in it.
  public static var isWSL: Bool {
    for container in ["/.dockerenv", "/run/.containerenv"] where access(container, F_OK) == 0 {
      return false
    }
    if access("/proc/sys/fs/binfmt_misc/WSLInterop", F_OK) == 0 { return true }
    let version = readFile("/proc/version", limitBytes: 4096) ?? []
    return String(decoding: version, as: UTF8.self).asciiLowercased.holds("microsoft")
  }

  /// Tries the commands until one accepts the URL; the completion runs once, in a later turn.
  ///
  /// If a program fails at once, the next one is tried. One that still runs after a moment, or
  /// ended successfully, has accepted the URL. Release the launch to ignore its outcome; the
  /// browser stays open.
  @discardableResult
  public static func open(
    _ url: WebURL, environment: ChildEnvironment, loop: PollLoop, isWSL: Bool = Browser.isWSL,
    settleMilliseconds: Int = BrowserLaunch.settleMilliseconds,
    completion: @escaping (BrowserOutcome) -> Void
  ) -> BrowserLaunch {
    let launch = BrowserLaunch(
      commands(for: url, environment: environment.variables, isWSL: isWSL), environment, loop,
      isWSL: isWSL, settleMilliseconds, completion)
    loop.post { launch.tryNext() }
    return launch
  }
}

/// An attempt to open a browser.
public final class BrowserLaunch {
  /// A program that runs this long without failing counts as a browser.
  public static let settleMilliseconds = 1_500
  static let settlePauseMilliseconds = 25
  /// The interval for reaping a browser that is our child, so that it leaves no zombie.
  static let reapPauseMilliseconds = 2_000

  private let isWSL: Bool
  private var left: ArraySlice<BrowserCommand>
  private let environment: ChildEnvironment
  private let loop: PollLoop
  private let settleMilliseconds: Int
  private var completion: ((BrowserOutcome) -> Void)?
  private var failures: [String] = []
  /// The program that runs, or has run.
  private var child: (pid: pid_t, end: ChildProcess.State?)?
  /// Called when the program that had accepted the URL ends with a failure after all.
  ///
  /// The text is a sentence without its beginning and end.
  public var onLateFailure: ((String) -> Void)?

  init(
    _ commands: [BrowserCommand], _ environment: ChildEnvironment, _ loop: PollLoop,
    isWSL: Bool, _ settleMilliseconds: Int, _ completion: @escaping (BrowserOutcome) -> Void
  ) {
    self.isWSL = isWSL
    left = commands[...]
    self.environment = environment
    self.loop = loop
    self.settleMilliseconds = settleMilliseconds
    self.completion = completion
  }

  /// Ignores the outcome: no further program is tried, and neither the completion nor a late failure
  /// is reported.
  public func cancel() {
    onLateFailure = nil
    leave()
  }

  private func leave() {
    completion = nil
    left = []
  }

  func tryNext() {
    guard completion != nil else { return }
    while let command = left.popFirst() {
      guard !command.isShell else {
        failures.append("\(command.program): a shell, which would read the URL as commands")
        continue
      }
      guard let path = ChildProcess.find(command.arguments[0], environment.variables["PATH"]) else {
        failures.append("\(command.program): not found")
        continue
      }
      if command.needsTerminal { return finish(.needsTerminal(command)) }
      let words = PrintedWords()
      switch ChildProcess.start(
        path, command.arguments, environment, output: words.descriptor, errors: words.descriptor)
      {
      case .success(let pid):
        child = (pid, nil)
        let deadline = loop.monotonicMilliseconds + Int64(settleMilliseconds)
        return settle(command, words, deadline)
      case .failure(let fault): failures.append("\(command.program): \(fault.reason)")
      }
    }
    if !Browser.hasDisplay(environment.variables, isWSL: isWSL) {
      failures.append("neither DISPLAY nor WAYLAND_DISPLAY is set")
    }
    finish(.failed(reason: failures.joined(separator: "; ")))
  }

  /// Whether the program that was started last still runs; asks the system.
  public var isRunning: Bool { state == .running }

  private var state: ChildProcess.State {
    guard let child else { return .ended(success: true) }
    if let end = child.end { return end }
    let state = ChildProcess.state(of: child.pid)
    if state != .running { self.child?.end = state }
    return state
  }

  private func settle(_ command: BrowserCommand, _ words: PrintedWords, _ deadline: Int64) {
    switch state {
    case .ended(success: true): finish(.opened(program: command.program))
    case .ended(success: false):
      failures.append("\(command.program): ended with a failure\(words.remark)")
      tryNext()
    case .running where loop.monotonicMilliseconds >= deadline:
      finish(.opened(program: command.program))
      reap(command, words)
    case .running:
      loop.after(milliseconds: Self.settlePauseMilliseconds) {
        self.settle(command, words, deadline)
      }
    }
  }

  private func finish(_ outcome: BrowserOutcome) {
    let completion = completion
    leave()
    completion?(outcome)
  }

  /// Waits for the end of a browser that is our child, as long as the loop is there.
  private func reap(_ command: BrowserCommand, _ words: PrintedWords) {
    let loop = loop
    loop.after(milliseconds: Self.reapPauseMilliseconds) { [weak loop] in
      guard loop != nil else { return }
      switch self.state {
      case .running: self.reap(command, words)
      case .ended(success: true): break
      case .ended(success: false):
        self.onLateFailure?("\(command.program) ended with a failure\(words.remark)")
      }
    }
  }
}
