import OpenID

/// What the values in a pasted text show by themselves.
struct PastedValues: Sendable {
  /// Two values that should agree.
  private(set) var pair: ValuePair?
  /// The redirect URI that was sent, if it begins with plain http and is not on this machine.
  private(set) var plainRedirect: String?
  /// A parameter whose value is a placeholder or the word for nothing.
  private(set) var placeholder: (name: String, value: String)?
  /// A parameter whose value ends with a blank or a line break.
  private(set) var blankEnd: String?
  /// The error code and its description, as the text gives them.
  private(set) var error: String?
  private(set) var description: String?

  init(text: String, unwrapped: [UInt8]) {
    let reader = ValueReader(unwrapped)
    pair = reader.pair()
    plainRedirect = ["redirect_uri", "redirectUri", "redirect uri"].lazy
      .flatMap { reader.values(of: $0) }
      .first { value in
        guard value.begins(with: "http://"), let url = try? WebURL(value) else { return false }
        return !url.isLoopback
      }
    placeholder = Self.placeholder(reader)
    blankEnd = Self.blankEnd(text)
    readError(reader)
  }

  // MARK: Empty settings

  private static let parameters = [
    "client_id", "redirect_uri", "client_secret", "scope", "response_type", "issuer", "audience",
    "state", "nonce", "code_challenge", "code_verifier", "tenant",
  ]

  private static func placeholder(_ reader: ValueReader) -> (name: String, value: String)? {
    for name in parameters {
      for value in reader.values(of: name) where isPlaceholder(value) { return (name, value) }
    }
    return nil
  }

  /// Whether a value is what a program writes for nothing, or what a manual writes for a name.
  static func isPlaceholder(_ value: String) -> Bool {
    let lower = value.asciiLowercased
    if ["none", "undefined", "null", "nil", "[object object]", "nan"].contains(lower) {
      return true
    }
    let opens = ["{", "${", "<", "%7b", "$(", "__"].contains { lower.begins(with: $0) }
    let closes = ["}", ">", "%7d", ")", "__"].contains { lower.ends(with: $0) }
    if opens, closes { return true }
    return lower.begins(with: "your_") || lower.begins(with: "your-")
      || lower.begins(with: "<your") || lower.begins(with: "${")
  }

  /// A name whose value ends with `%20`, `+`, or a line break, before the next parameter.
  private static func blankEnd(_ text: String) -> String? {
    let window = String(text.prefix(bytes: 64 * 1024))
    for name in ["client_id", "redirect_uri", "client_secret"] where window.holds(name) {
      for piece in window.split(at: name + "=").dropFirst() {
        let value = piece.before(anyOf: "& \n\"'#")
        for end in ["%20", "+", "%0A", "%0D", "%0a", "%09"]
        where value.ends(with: end) && value.utf8.count > end.utf8.count { return name }
      }
      for quote in ["=\"", "='", "\": \"", "\":\""] {
        for piece in window.split(at: name + quote).dropFirst() {
          let value = piece.before(anyOf: quote.ends(with: "'") ? "'" : "\"")
          if value.utf8.count > 1, value.utf8.count < 300, value.ends(with: " ") { return name }
        }
      }
    }
    return nil
  }

  // MARK: The OAuth error

  private mutating func readError(_ reader: ValueReader) {
    let known = Set(DiagnosisIndex.vocabulary)
    let codes = reader.values(of: "error") + reader.values(of: "error_code")
    description = [
      "error_description", "error_message", "errorSummary", "error_reason", "errorDescription",
    ].lazy.flatMap { reader.texts(of: $0) }.first { !$0.isEmpty }
    error =
      codes.first(where: known.contains)
      ?? (description == nil ? nil : codes.first(where: Self.isCode))
  }

  /// Whether it has the shape of OAuth's error codes.
  private static func isCode(_ text: String) -> Bool {
    text.utf8.count > 3 && text.utf8.count < 60
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
          || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D
      }
  }
}
