import OpenID

/// A request as a tool copied it: address, body and what stood in `Authorization`.
struct CopiedRequest: Sendable, Equatable {
  /// What it was copied as, with its article, such as `a curl command`.
  var wrapping: String
  /// The address.
  var url: String?
  /// The body.
  var body: String?
  /// The header line, whole.
  var authorization: String?
  /// What it holds that cannot be read from the text alone.
  var unread: [String] = []

  /// The calls of a text that holds several, as "copy all" writes them; each begins a line.
  static func parts(_ text: String) -> [String] {
    var parts: [[Substring]] = []
    for line in text.split(at: "\n", omittingEmptySubsequences: false) {
      let isStart = starts.contains {
        line.prefix(bytes: $0.utf8.count).isIdentical(toIgnoringCase: $0)
      }
      if isStart || parts.isEmpty { parts.append([]) }
      parts[parts.count - 1].append(line)
    }
    return parts.prefix(200).map { $0.joined(separator: "\n") }
  }

  private static let starts = [
    "curl ", "curl.exe ", "fetch(", "await fetch(", "Invoke-WebRequest", "Invoke-RestMethod",
  ]

  /// Takes a header if it says who asks.
  mutating func take(header name: some StringProtocol, _ value: some StringProtocol) {
    if String(name).asciiLowercased.isIdentical(to: "authorization") {
      authorization = "Authorization: \(value)"
    }
  }
}

/// `fetch("…", {…})`, as browsers copy a request, for a browser or for Node.
enum FetchCall {
  /// The longest text in front of the call: `await`, a variable, an import.
  private static let leadBytes = 400

  /// Reads a call; nil when the text is none.
  static func read(_ text: String) -> CopiedRequest? {
    let bytes = Array(text.utf8)
    guard let call = text.firstRange(ofBytes: "fetch("),
      text.utf8.distance(from: text.startIndex, to: call.lowerBound) <= leadBytes
    else { return nil }
    let start = text.utf8.distance(from: text.startIndex, to: call.upperBound)
    return arguments(bytes, start)
  }

  /// The first is the address in quotes, the second an object of options.
  private static func arguments(_ bytes: [UInt8], _ start: Int) -> CopiedRequest? {
    guard let quote = bytes[start...].first, [0x22, 0x27, 0x60].contains(quote),
      let end = bytes[(start + 1)...].firstIndex(of: quote)
    else { return nil }
    var found = [JSONValue.string(String(decoding: bytes[(start + 1)..<end], as: UTF8.self))]
    if let brace = bytes[end...].firstIndex(of: UInt8(ascii: "{")),
      let options = ProgramObject.read(bytes, at: brace)
    {
      found.append(options.value)
    }
    return request(found)
  }

  private static func request(_ arguments: [JSONValue]) -> CopiedRequest? {
    guard let url = arguments.first?.string, url.holds("://") else { return nil }
    var request = CopiedRequest(wrapping: "a fetch call", url: url)
    guard arguments.count > 1 else { return request }
    request.body = arguments[1]["body"]?.string
    for header in arguments[1]["headers"]?.members ?? [] {
      request.take(header: header.name, header.value.string ?? "")
    }
    return request
  }
}

/// `Invoke-WebRequest` and `Invoke-RestMethod`, as browsers copy a request for PowerShell.
enum PowerShellCall {
  private static let verbs = ["invoke-webrequest", "invoke-restmethod"]

  /// Reads a call; nil when the text is none.
  static func read(_ text: String) -> CopiedRequest? {
    let low = text.asciiLowercased
    guard let verb = verbs.compactMap({ low.firstRange(ofBytes: $0) }).first else { return nil }
    let start = low.utf8.distance(from: low.startIndex, to: verb.upperBound)
    var words = PowerShellWords(bytes: Array(text.utf8.dropFirst(start))).split()[...]
    var request = CopiedRequest(wrapping: "a PowerShell command")
    while let word = words.popFirst() {
      switch word.asciiLowercased {
      case "-uri": request.url = words.popFirst()
      case "-body": request.body = words.popFirst()
      case "-headers":
        // @{ "name"="value" … }
        while let part = words.popFirst(), !part.isIdentical(to: "}") {
          guard let (name, value) = part.cut(at: "=") else { continue }
          request.take(header: name, value)
        }
      default:
        if request.url == nil, word.holds("://") { request.url = word }
      }
    }
    return request.url == nil && request.body == nil ? nil : request
  }
}

/// Splits PowerShell's text into words: both kinds of quotes, doubled quotes, backticks.
///
/// Nothing is expanded and nothing is run, except that `$([char]N)` is the character of that number.
struct PowerShellWords {
  private let bytes: [UInt8]
  private var index = 0
  private var word: [UInt8] = []
  private var isInWord = false
  private var words: [String] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The words; an open quote ends at the end of the text.
  consuming func split() -> [String] {
    while let byte = next {
      index += 1
      switch byte {
      case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: ";"): endWord()
      case UInt8(ascii: "'"): quoted(byte, expands: false)
      case UInt8(ascii: "\""): quoted(byte, expands: true)
      case UInt8(ascii: "`"): escape()
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        endWord()
        words.append(byte == UInt8(ascii: "{") ? "{" : "}")
      default: append(byte)
      }
    }
    endWord()
    return words
  }

  private mutating func append(_ byte: UInt8) {
    word.append(byte)
    isInWord = true
  }

  private mutating func endWord() {
    guard isInWord else { return }
    words.append(String(decoding: word, as: UTF8.self))
    word.removeAll()
    isInWord = false
  }

  private mutating func escape() {
    if next == 0x0D { index += 1 }
    guard let byte = next else { return }
    index += 1
    // A backtick at the end of a line continues it.
    if byte != 0x0A { append(Self.escapes[byte] ?? byte) }
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    UInt8(ascii: "0"): 0x00,
  ]

  private mutating func quoted(_ quote: UInt8, expands: Bool) {
    isInWord = true
    while let byte = next {
      index += 1
      if byte == quote {
        // A doubled quote is one.
        guard next == quote else { return }
        index += 1
        word.append(quote)
      } else if expands, byte == UInt8(ascii: "`") {
        escape()
      } else if expands, byte == UInt8(ascii: "$"), let character = characterCode() {
        word += Array(String(character).utf8)
      } else {
        word.append(byte)
      }
    }
  }

  /// `([char]34)` behind a dollar sign, with any case.
  private mutating func characterCode() -> UnicodeScalar? {
    let text = String(decoding: bytes[index...].prefix(20), as: UTF8.self).asciiLowercased
    guard let rest = text.dropping(prefix: "([char]"), let (digits, _) = rest.cut(at: ")"),
      let number = UInt32(digits), let scalar = UnicodeScalar(number)
    else { return nil }
    index += "([char])".utf8.count + digits.utf8.count
    return scalar
  }
}
