import OpenID

/// A command as browsers copy it ("copy as cURL"): URL, body, `Authorization`.
///
/// It is split as by a POSIX shell; nothing is expanded and nothing is run.
struct CurlCommand: Sendable, Equatable {
  /// The first word that is a URL.
  private(set) var url: String?
  /// The data, joined as curl joins them.
  private(set) var body: String?
  /// The header, whole.
  private(set) var authorization: String?
  /// What it takes from a file, which is not in the text.
  private(set) var unread: [String] = []

  /// Reads a command; nil when the text is not one.
  init?(_ text: String) {
    guard
      text.begins(with: "curl ") || text.begins(with: "curl.exe ") || text.begins(with: "curl\t")
    else {
      return nil
    }
    var words = Self.words(text)[...]
    words.removeFirst()
    var parts: [String] = []
    while let word = words.popFirst() {
      switch word {
      case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii":
        if let value = words.popFirst() { take(data: value, word, &parts) }
      case "--data-urlencode":
        if let value = words.popFirst() { parts.append(Self.encoded(value)) }
      case "-F", "--form", "--form-string":
        if let value = words.popFirst() { parts.append(Self.encoded(value)) }
      case "-H", "--header": if let value = words.popFirst() { take(header: value) }
      case "--url": url = words.popFirst() ?? url
      case "-X", "--request", "-b", "--cookie", "-A", "--user-agent", "-e", "--referer", "-u",
        "--user", "-o", "--output":
        _ = words.popFirst()
      default:
        if let value = Self.value(of: word, "--data") ?? Self.value(of: word, "--data-raw")
          ?? Self.glued(word, "-d")
        {
          take(data: value, "-d", &parts)
        } else if !word.begins(with: "-"), url == nil, word.holds("://") {
          url = word
        }
      }
    }
    if !parts.isEmpty { body = Self.single(parts.joined(separator: "&")) }
    url = url.map(Self.single)
  }

  /// A command file of Windows writes every percent sign twice.
  private static func single(_ text: String) -> String {
    text.holds("%%") ? text.replacing(bytes: "%%", with: "%") : text
  }

  private mutating func take(data value: String, _ option: String, _ parts: inout [String]) {
    // Only --data-raw takes an @ as it stands.
    guard value.begins(with: "@"), !option.isIdentical(to: "--data-raw") else {
      return parts.append(value)
    }
    unread.append("curl takes its data from a file here: paste what stands in that file.")
  }

  private mutating func take(header: String) {
    if header.asciiLowercased.begins(with: "authorization:") { authorization = header }
  }

  /// The value that stands directly behind a short option.
  private static func glued(_ word: String, _ option: String) -> String? {
    guard !word.begins(with: "--"), word.utf8.count > option.utf8.count else { return nil }
    return word.dropping(prefix: option).map { String($0) }
  }

  private static func value(of word: String, _ option: String) -> String? {
    word.dropping(prefix: option + "=").map { String($0) }
  }

  /// `name=content`; like curl, it encodes only the content.
  private static func encoded(_ text: String) -> String {
    guard let (name, content) = text.cut(at: "=") else { return FormEncoding.encode(text) }
    return name + "=" + FormEncoding.encode(String(content))
  }

  private static func words(_ text: String) -> [String] {
    var bytes = Array(text.utf8)
    // Only the Windows shell writes quotation marks in this way.
    if text.holds("^\"") { bytes = ShellWords.withoutCarets(bytes) }
    var splitter = ShellWords(bytes: bytes)
    return splitter.split()
  }
}
