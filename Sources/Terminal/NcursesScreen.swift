import CNcurses
import Glibc
import TextUI

/// The terminal, through ncurses.
///
/// One at a time, and on one thread: ncurses has global state. However the process ends while it is
/// open (a signal, a trap, `exit`), the terminal is restored.
public final class NcursesScreen: Screen {
  /// The most bytes of text in one OSC 52; terminals cut or refuse longer ones.
  public static let clipboardBytesMax = 55_000

  /// How many colours are in use.
  public let colorDepth: ColorDepth
  /// Whether frame characters and symbols can be shown; otherwise use the ASCII ones.
  public let encodingIsUTF8: Bool

  /// Called once, while keys are read, when the terminal answers ``askForBackground()``.
  public var onBackground: ((TerminalBackground) -> Void)?

  /// Whether the last read found the end of the input.
  public private(set) var inputHasEnded = false

  private let inputDescriptor: Int32
  private let isInsideTmux: Bool
  private var decoder = InputDecoder()
  private var painter: CellPainter?
  private var shown: Frame?
  private var children: [pid_t] = []

  private init(inputDescriptor: Int32, isInsideTmux: Bool, encodingIsUTF8: Bool) {
    self.inputDescriptor = inputDescriptor
    self.isInsideTmux = isInsideTmux
    self.encodingIsUTF8 = encodingIsUTF8
    colorDepth = ColorDepth(colors: screen_colors())
  }

  deinit { close() }

  /// Opens the terminal of standard input and output.
  public static func open(
    options: TerminalOptions = TerminalOptions(),
    environment: [String: String] = TerminalEnvironment.current()
  ) throws(TerminalError) -> NcursesScreen {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    guard let name = environment["TERM"], !name.isEmpty else { throw .dumbTerminal(nil) }
    if TerminalName.isDumb(name) { throw .dumbTerminal(name) }
    let encodingIsUTF8 = locale_prepare()
    let limit = ColorDepth.limit(choice: options.colors, environment: environment)
    for candidate in TerminalName.candidates(for: name, colors: options.colors) {
      let status = screen_open(
        candidate, STDIN_FILENO, STDOUT_FILENO, limit.rawValue, options.mouse)
      switch status {
      case SCREEN_OPENED:
        return NcursesScreen(
          inputDescriptor: STDIN_FILENO,
          isInsideTmux: environment["TMUX"].map { !$0.isEmpty } ?? false,
          encodingIsUTF8: encodingIsUTF8)
      case SCREEN_UNKNOWN_TERMINAL: continue
      case SCREEN_FIXED_CURSOR: throw .dumbTerminal(name)
      default: throw .unavailable
      }
    }
    throw .unknownTerminal(name)
  }

  /// Opens a screen that draws into ncurses but writes nowhere, so that a test can read it.
  static func openHeadless(
    terminal: String, size: ScreenSize, depth: ColorDepth
  ) throws(TerminalError) -> NcursesScreen {
    let encodingIsUTF8 = locale_prepare()
    let status = screen_open_headless(
      terminal, Int32(size.rows), Int32(size.columns), depth.rawValue)
    guard status == SCREEN_OPENED else { throw .unknownTerminal(terminal) }
    return NcursesScreen(inputDescriptor: -1, isInsideTmux: false, encodingIsUTF8: encodingIsUTF8)
  }

  /// Restores the terminal for good; safe to call twice.
  public func close() {
    screen_close()
    for child in children { waitpid(child, nil, WNOHANG) }
    children = []
  }

  /// The current size; a resize arrives as a key.
  public var size: ScreenSize {
    ScreenSize(columns: Int(screen_columns()), rows: Int(screen_rows()))
  }

  /// Standard input, and a pipe that becomes readable on a resize.
  public var inputDescriptors: [Int32] {
    [inputDescriptor, screen_signal_descriptor()].filter { $0 >= 0 }
  }

  /// Returns the next key, or nil when there is none; a lone Esc takes 25 ms to detect.
  public func nextKey() -> Key? {
    reapChildren()
    inputHasEnded = false
    let key = decoder.next(now: MonotonicClock.milliseconds()) { self.read($0) }
    if let background = decoder.background, let tell = onBackground {
      onBackground = nil
      tell(background)
    }
    if key == .resize {
      // ncurses has resized its own copy.
      shown = nil
    }
    return key
  }

  /// Asks the terminal for its background, and waits for nothing: the answer comes among the keys,
  /// or never.
  public func askForBackground() {
    let question = Array(TerminalBackground.question.utf8)
    _ = screen_write(question, question.count)
  }

  /// Shows a frame; ncurses sends only the differences.
  public func show(_ frame: Frame, theme: Theme) {
    if painter?.theme != theme {
      screen_forget_pairs()
      painter = CellPainter(theme: theme, depth: colorDepth)
      shown = nil
    }
    if shown?.size != frame.size {
      shown = nil
      screen_erase()
    }
    for row in 0..<frame.size.rows {
      guard let columns = changedColumns(of: row, in: frame) else { continue }
      painter?.paint(row: row, columns: columns, of: frame)
    }
    let cursor = frame.cursor ?? (0, max(0, frame.size.rows - 1))
    screen_cursor(Int32(cursor.row), Int32(cursor.column), frame.cursorIsVisible)
    screen_flush()
    shown = frame
  }

  /// The range from the first to the last changed cell of a row; nil when all are changed.
  ///
  /// One more cell on either side, and never half a glyph: a change beside a wide character
  /// concerns both its halves.
  private func changedColumns(of row: Int, in frame: Frame) -> ClosedRange<Int>? {
    guard frame.size.columns > 0 else { return nil }
    guard let shown else { return 0...frame.size.columns - 1 }
    let cells = row * frame.size.columns..<(row + 1) * frame.size.columns
    guard let first = cells.first(where: { frame.cells[$0] != shown.cells[$0] }),
      let last = cells.last(where: { frame.cells[$0] != shown.cells[$0] })
    else { return nil }
    var start = max(cells.lowerBound, first - 1)
    while start > cells.lowerBound, frame.cells[start].glyph.isEmpty { start -= 1 }
    let end = min(cells.upperBound - 1, last + 1)
    return start - cells.lowerBound...end - cells.lowerBound
  }

  /// Draws the next frame completely.
  public func invalidate() {
    shown = nil
    screen_repaint()
  }

  /// Releases the terminal for another program, and prints the held standard error.
  public func suspend() { screen_suspend() }

  /// Takes the terminal again; the next frame is drawn completely.
  public func resume() {
    screen_resume()
    invalidate()
  }

  /// Stops the process as Ctrl-Z does in a shell, and takes the terminal again when continued.
  public func stop() {
    screen_stop()
    invalidate()
  }

  /// A descriptor that becomes writable when the terminal takes more of the last frame.
  public var stalledDescriptor: Int32? {
    let descriptor = screen_stalled_descriptor()
    return descriptor >= 0 ? descriptor : nil
  }

  /// Sends more of the pending output.
  public func push() { screen_push() }

  /// Switches mouse reports on or off.
  public func captureMouse(_ on: Bool) { screen_mouse(on) }

  /// Passes the text to tmux inside tmux, and to the terminal by OSC 52 elsewhere.
  ///
  /// A text longer than `clipboardBytesMax` is not sent by OSC 52: half a token is useless.
  ///
  /// The environment is for tmux.
  @discardableResult
  public func copyToClipboard(
    _ text: String, environment: [String: String]
  ) -> ClipboardWay {
    if isInsideTmux, let child = Clipboard.giveToTmux(text, environment) {
      children.append(child)
      return .tmux
    }
    guard text.utf8.count <= Self.clipboardBytesMax else { return .tooLong }
    let sequence = Clipboard.controlSequence(for: text)
    _ = screen_write(sequence, sequence.count)
    return .terminal
  }

  private func reapChildren() {
    if children.isEmpty { return }
    children.removeAll { waitpid($0, nil, WNOHANG) != 0 }
  }

  private func read(_ waitMilliseconds: Int32) -> InputEvent? {
    let event = screen_next(waitMilliseconds)
    switch screen_event_kind(UInt32(event.kind)) {
    case SCREEN_CHARACTER: return .character(UInt32(bitPattern: event.code))
    case SCREEN_KEY: return Self.named(event.code)
    case SCREEN_MOUSE:
      guard let action = Self.mouseAction(event.code) else { return .ignored }
      return .named(.mouse(action, column: Int(event.column), row: Int(event.row)))
    case SCREEN_RESIZED: return .resized
    case SCREEN_STOP_REQUESTED: return .named(.control("z"))
    case SCREEN_INVALID: return .invalid
    case SCREEN_ENDED:
      inputHasEnded = true
      return nil
    default: return nil
    }
  }

  private static func mouseAction(_ code: Int32) -> MouseAction? {
    switch screen_mouse_action(UInt32(code)) {
    case SCREEN_MOUSE_PRESS: return .press
    case SCREEN_MOUSE_WHEEL_UP: return .wheelUp
    case SCREEN_MOUSE_WHEEL_DOWN: return .wheelDown
    default: return nil
    }
  }

  private static func named(_ code: Int32) -> InputEvent {
    let functionBase = Int32(SCREEN_KEY_F0.rawValue)
    if code > functionBase, code <= functionBase + 12 {
      return .named(.function(Int(code - functionBase)))
    }
    switch screen_key(UInt32(code)) {
    case SCREEN_KEY_UP: return .named(.up)
    case SCREEN_KEY_DOWN: return .named(.down)
    case SCREEN_KEY_LEFT: return .named(.left)
    case SCREEN_KEY_RIGHT: return .named(.right)
    case SCREEN_KEY_HOME: return .named(.home)
    case SCREEN_KEY_END: return .named(.end)
    case SCREEN_KEY_PAGE_UP: return .named(.pageUp)
    case SCREEN_KEY_PAGE_DOWN: return .named(.pageDown)
    case SCREEN_KEY_DELETE: return .named(.delete)
    case SCREEN_KEY_BACKSPACE: return .named(.backspace)
    case SCREEN_KEY_BACK_TAB: return .named(.backTab)
    case SCREEN_KEY_ENTER: return .named(.enter)
    case SCREEN_KEY_PASTE_BEGIN: return .pasteBegin
    case SCREEN_KEY_PASTE_END: return .pasteEnd
    default: return .ignored
    }
  }
}
