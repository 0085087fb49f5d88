import TextUI

/// The input from ncurses: scalars, and recognized sequences.
enum InputEvent: Sendable, Hashable {
  case character(UInt32)
  case named(Key)
  case pasteBegin
  case pasteEnd
  /// Bytes that are not a character.
  case invalid
  /// A key or a button without a meaning here.
  case ignored
  case resized
}

/// Turns input from ncurses into keys: handles Alt, pastes, and late replies.
///
/// A value without a terminal: tests pass it events.
struct InputDecoder {
  /// Reads the next event, or nil when there is none within this time.
  typealias Reader = (_ waitMilliseconds: Int32) -> InputEvent?

  /// A paste without an end mark must not swallow keys for ever.
  static let pasteSilenceMillisecondsMax: UInt64 = 5000
  static let sequenceSilenceMillisecondsMax: UInt64 = 1000
  static let sequenceScalarsMax = 1024
  /// The most events per call; a flood of input that makes no key must not block the loop.
  static let eventsPerCallMax = 4096

  private enum State {
    case ground
    case paste
    /// Between `ESC [` and its final byte.
    case control(scalars: Int)
    /// The three bytes after `ESC [ M`, the old mouse report.
    case mouseBytes(left: Int)
    /// Between `ESC ]` (or another string introducer) and its terminator.
    case string(scalars: Int, afterEscape: Bool)
  }

  /// The background that the terminal told last; nil when it has told none.
  private(set) var background: TerminalBackground?
  private var state = State.ground
  /// The beginning of the reply that is being read.
  private var reply: [UInt8] = []
  private var pasted = String.UnicodeScalarView()
  private var pastedBytes = 0
  private var pasteEndsInReturn = false
  private var lastEventAt: UInt64 = 0
  private var pushedBack: InputEvent?

  /// Returns the next key, or nil when the input does not make one.
  mutating func next(now: UInt64, read: Reader) -> Key? {
    if let paste = endSilence(now: now) { return paste }
    var count = 0
    while count < Self.eventsPerCallMax, let event = take(read) {
      count += 1
      lastEventAt = now
      if event == .resized { return .resize }
      if let key = decode(event, read) { return key }
    }
    return nil
  }

  private mutating func take(_ read: Reader) -> InputEvent? {
    defer { pushedBack = nil }
    return pushedBack ?? read(0)
  }

  private mutating func endSilence(now: UInt64) -> Key? {
    let silence = now > lastEventAt ? now - lastEventAt : 0
    switch state {
    case .ground: return nil
    case .paste: return silence > Self.pasteSilenceMillisecondsMax ? finishPaste() : nil
    case .control, .mouseBytes, .string:
      if silence > Self.sequenceSilenceMillisecondsMax { state = .ground }
      return nil
    }
  }

  private mutating func decode(_ event: InputEvent, _ read: Reader) -> Key? {
    switch state {
    case .ground: return ground(event, read)
    case .paste: return collect(event)
    case .mouseBytes(let left):
      state = left > 1 ? .mouseBytes(left: left - 1) : .ground
      return nil
    case .control(let scalars):
      guard case .character(let value) = event else { return leave(for: event, read) }
      if scalars == 0, value == 0x4D {
        state = .mouseBytes(left: 3)
      } else if (0x20...0x3F).contains(value), scalars < Self.sequenceScalarsMax {
        state = .control(scalars: scalars + 1)
      } else {
        state = .ground
      }
      return nil
    case .string(let scalars, let afterEscape):
      guard case .character(let value) = event else { return leave(for: event, read) }
      if value == 0x07 || afterEscape || scalars >= Self.sequenceScalarsMax {
        state = .ground
        background = TerminalBackground(answer: reply) ?? background
      } else {
        if value != 0x1B, reply.count < TerminalBackground.answerBytesMax {
          reply.append(UInt8(truncatingIfNeeded: value))
        }
        state = .string(scalars: scalars + 1, afterEscape: value == 0x1B)
      }
      return nil
    }
  }

  /// A recognized key cannot be part of a reply, so the reply was cut off.
  private mutating func leave(for event: InputEvent, _ read: Reader) -> Key? {
    state = .ground
    return ground(event, read)
  }

  private mutating func ground(_ event: InputEvent, _ read: Reader) -> Key? {
    switch event {
    case .character(0x1B): return escape(read)
    case .character(let value): return Self.key(of: value)
    case .named(let key): return key
    case .pasteBegin:
      state = .paste
      return nil
    case .pasteEnd, .invalid, .ignored, .resized: return nil
    }
  }

  /// Input that follows Esc at once belongs to it; ncurses has waited for it already.
  private mutating func escape(_ read: Reader) -> Key? {
    guard let following = read(0) else { return .escape }
    guard case .character(let value) = following else {
      pushedBack = following
      // A resize is not typed, so this Esc stands alone.
      if following == .resized { return .escape }
      return nil
    }
    switch value {
    case 0x5B: return introduce(.control(scalars: 0), value, read)
    case 0x5D, 0x50, 0x58, 0x5E, 0x5F:
      return introduce(.string(scalars: 0, afterEscape: false), value, read)
    case 0x4F:
      // An unknown function key: `ESC O` and one letter.
      return read(0) == nil ? .alt("O") : nil
    default:
      if case .character(let character)? = Self.key(of: value) { return .alt(character) }
      pushedBack = following
      return .escape
    }
  }

  /// A reply or an unknown key when more follows at once, else Alt with the introducer.
  private mutating func introduce(_ next: State, _ value: UInt32, _ read: Reader) -> Key? {
    guard let following = read(0) else {
      return Unicode.Scalar(value).map { .alt(Character($0)) }
    }
    state = next
    reply = []
    pushedBack = following
    return nil
  }

  private mutating func collect(_ event: InputEvent) -> Key? {
    switch event {
    case .pasteEnd: return finishPaste()
    case .character(let value): append(value)
    case .invalid: append(0xFFFD)
    // ncurses took these for keys; in a paste they are control characters.
    case .named(.enter): append(0x0D)
    case .named(.tab): append(0x09)
    case .named, .pasteBegin, .ignored, .resized: break
    }
    return nil
  }

  private mutating func append(_ value: UInt32) {
    let followsReturn = pasteEndsInReturn
    pasteEndsInReturn = value == 0x0D
    if value == 0x0A, followsReturn { return }
    guard let scalar = Unicode.Scalar(value == 0x0D ? 0x0A : value) else { return }
    let isControl = scalar.properties.generalCategory == .control
    if isControl, scalar != "\n", scalar != "\t" { return }
    let bytes = UTF8.width(scalar)
    guard pastedBytes + bytes <= Key.pasteBytesMax else { return }
    pastedBytes += bytes
    pasted.append(scalar)
  }

  private mutating func finishPaste() -> Key {
    let text = String(pasted)
    pasted = String.UnicodeScalarView()
    pastedBytes = 0
    pasteEndsInReturn = false
    state = .ground
    return .paste(text)
  }

  /// The key of one scalar outside any sequence; nil for one that no keyboard sends.
  static func key(of value: UInt32) -> Key? {
    switch value {
    case 0x08, 0x7F: return .backspace
    case 0x09: return .tab
    case 0x0A, 0x0D: return .enter
    case 0x1B: return .escape
    case 0x00: return .control(" ")
    case 0x01...0x1A: return Unicode.Scalar(value + 0x60).map { .control(Character($0)) }
    case 0x1C...0x1F: return Unicode.Scalar(value + 0x40).map { .control(Character($0)) }
    case 0x80...0x9F: return nil
    default: return Unicode.Scalar(value).map { .character(Character($0)) }
    }
  }
}
