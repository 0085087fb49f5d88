import HybridFlow
import OpenID

/// Masks secrets where people read them: on the screen, in texts and in `run --json`.
///
/// ``SecretPolicy`` decides what is secret.
///
/// Secrets are masked by value: every value that the transcript marks as secret is replaced
/// everywhere, in a URL, a form, HTML or JSON, plain or percent-encoded. In addition, values are
/// masked by name, for values that the flow never stored.
public struct Redactor: Sendable {
  /// One written form of a secret, and its replacement.
  private struct Replacement: Sendable {
    var secret: [UInt8]
    var mask: [UInt8]
    var keepsEnds: Bool
  }

  /// Longest first: a secret that contains another is replaced as a whole.
  private let replacements: [Replacement]
  private let index: BeginningIndex
  /// Whether secrets are masked; false when the person asked to see them.
  public let isActive: Bool

  /// A redactor that shows everything.
  public static let revealing = Redactor(secrets: [], isActive: false)

  /// Makes a redactor that knows these secrets.
  public init(secrets: [KnownSecret], isActive: Bool = true) {
    self.isActive = isActive
    var seen: Set<String> = []
    var list: [Replacement] = []
    for secret in secrets where secret.value.utf8.count >= Self.minimumBytes {
      // A token occurs in many messages: its forms are computed once.
      guard seen.insert(secret.value).inserted else { continue }
      let mask = secret.keepsEnds ? Self.shortened(secret.value) : Self.dots
      func add(_ form: String) {
        list.append(
          Replacement(
            secret: Array(form.utf8), mask: Array(mask.utf8), keepsEnds: mask != Self.dots))
      }
      add(secret.value)
      guard !secret.isWrittenOneWay else { continue }
      for form in secret.writtenForms where seen.insert(form).inserted { add(form) }
    }
    replacements = list.sorted { $0.secret.count > $1.secret.count }
    index = BeginningIndex(replacements.map(\.secret))
  }

  /// Shorter values are masked by name only: a password like `demo` occurs in many ordinary words.
  static let minimumBytes = BeginningIndex.beginningBytes

  /// The replacement for a password or client secret.
  public static let dots = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}"

  /// The first and last characters of a value, so that equal values can be recognised.
  ///
  /// Values under 20 characters show nothing.
  public static func shortened(_ value: String) -> String {
    guard value.utf8.count >= 20 else { return dots }
    return "\(value.prefix(bytes: 6))\u{2026}\(value.suffix(bytes: 4))"
  }

  /// Returns the text with every known secret masked.
  public func mask(_ text: String) -> String {
    guard isActive, !text.isEmpty else { return text }
    var bytes = Array(text.utf8)
    var changed = false
    for place in index.places(in: bytes) {
      let replacement = replacements[place]
      if let next = Self.replacing(replacement.secret, by: replacement.mask, in: bytes) {
        bytes = next
        changed = true
      }
    }
    return changed ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// The ranges of known secrets in bytes, without the ends that may be shown.
  ///
  /// The ranges may overlap.
  public func hiddenRanges(in bytes: [UInt8]) -> [Range<Int>] {
    guard isActive else { return [] }
    var ranges: [Range<Int>] = []
    for place in index.places(in: bytes) {
      let replacement = replacements[place]
      for range in Self.occurrences(of: replacement.secret, in: bytes) {
        ranges.append(
          replacement.keepsEnds ? (range.lowerBound + 6)..<(range.upperBound - 4) : range)
      }
    }
    return ranges
  }

  /// Returns a secret value as it may be shown.
  public func show(_ value: FlowValue) -> String {
    guard isActive, value.isSecret else { return mask(value.value) }
    return value.keepsEnds ? Self.shortened(value.value) : Self.dots
  }

  /// Returns a header's value as it may be shown; every kind of credential is masked.
  public func show(_ header: HTTPHeader) -> String {
    guard isActive else { return header.value }
    switch header.name.asciiLowercased {
    case "authorization", "proxy-authorization":
      let scheme = header.value.before(" ")
      // A single word may be the credential itself.
      guard scheme.endIndex < header.value.endIndex else { return Self.dots }
      guard scheme.asciiLowercased == "bearer" else { return scheme + " " + Self.dots }
      return scheme + " " + Self.shortened(header.value.after(" ").trimmingBlanks)
    case "cookie":
      return header.value.split(at: ";").map { Self.cookie($0) }.joined(separator: "; ")
    case "set-cookie":
      return Self.cookie(header.value.before(";")) + header.value.from(anyOf: ";")
    case "location", "content-location", "referer": return maskAddress(header.value)
    default:
      return SecretPolicy.isCredential(header: header.name) ? Self.dots : mask(header.value)
    }
  }

  /// A cookie without a name is a value (RFC 6265bis, section 5.6).
  private static func cookie(_ pair: Substring) -> String {
    pair.trimmingBlanks.cut(at: "=").map { $0.before + "=" + dots } ?? dots
  }

  /// Returns a form field's value as it may be shown.
  public func show(_ field: FormField) -> String {
    guard isActive else { return field.value }
    switch SecretPolicy.kind(of: field.name) {
    case .hidden: return Self.dots
    case .endsShown: return Self.shortened(field.value)
    case .personal, nil: return mask(field.value)
    }
  }

  /// Returns a form body or query with every secret field masked and the rest as written.
  public func maskForm(_ text: String) -> String {
    guard isActive else { return text }
    return text.split(at: "&", omittingEmptySubsequences: false).map { part in
      guard let field = FormField(written: part), let equals = part.firstRange(ofBytes: "=")
      else { return mask(String(part)) }
      let shown = show(field)
      return shown.isIdentical(to: field.value)
        ? mask(String(part)) : part[..<equals.upperBound] + shown
    }.joined(separator: "&")
  }

  /// Returns an address with the secret fields of its query and of its fragment masked.
  public func maskAddress(_ text: String) -> String {
    let tail = text.from(anyOf: "?#")
    guard isActive, !tail.isEmpty else { return mask(text) }
    let parts = tail.dropFirst(bytes: 1).split(at: "#", omittingEmptySubsequences: false)
    return mask(
      text.before(anyOf: "?#") + tail.prefix(bytes: 1)
        + parts.map { maskForm(String($0)) }.joined(separator: "#"))
  }

  private static func replacing(_ needle: [UInt8], by mask: [UInt8], in text: [UInt8]) -> [UInt8]? {
    let found = occurrences(of: needle, in: text)
    guard !found.isEmpty else { return nil }
    var output: [UInt8] = []
    var start = 0
    for range in found {
      output += text[start..<range.lowerBound]
      output += mask
      start = range.upperBound
    }
    output += text[start...]
    return output
  }

  /// Finds every occurrence in time linear in the text: a tenant chooses both the secret and the
  /// text, and could make them match almost everywhere.
  private static func occurrences(of needle: [UInt8], in text: [UInt8]) -> [Range<Int>] {
    guard !needle.isEmpty, needle.count <= text.count else { return [] }
    let borders = borders(of: needle)
    var found: [Range<Int>] = []
    var matched = 0
    for index in text.indices {
      while matched > 0, text[index] != needle[matched] { matched = borders[matched - 1] }
      if text[index] == needle[matched] { matched += 1 }
      guard matched == needle.count else { continue }
      found.append((index + 1 - needle.count)..<(index + 1))
      matched = 0
    }
    return found
  }

  /// For each prefix of the needle, the length of its longest proper prefix that also ends it.
  private static func borders(of needle: [UInt8]) -> [Int] {
    var borders = [Int](repeating: 0, count: needle.count)
    var length = 0
    for index in needle.indices.dropFirst() {
      while length > 0, needle[index] != needle[length] { length = borders[length - 1] }
      if needle[index] == needle[length] { length += 1 }
      borders[index] = length
    }
    return borders
  }
}

/// A secret value, and how much of it may be shown.
public struct KnownSecret: Sendable, Hashable {
  let value: String
  let keepsEnds: Bool

  /// Makes a secret; codes and tokens show their ends, passwords and client secrets nothing.
  public init(_ value: String, keepsEnds: Bool) {
    self.value = value
    self.keepsEnds = keepsEnds
  }

  /// Whether it is written the same in a form, a URL, HTML and JSON, as codes and tokens are.
  fileprivate var isWrittenOneWay: Bool {
    value.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
  }

  /// Its possible forms in a message: as it is, in a form or URL with upper- or lower-case
  /// hexadecimal digits, in HTML, in JSON.
  fileprivate var writtenForms: [String] { Self.writtenForms(of: value) }

  /// The same for any value; the number and order of the forms never change.
  static func writtenForms(of value: String) -> [String] {
    let form = FormEncoding.encode(value)
    let query = PercentEncoding.encode(value)
    let json = JSONValue.string(value).compactText.dropFirst(bytes: 1).dropLast(bytes: 1)
    return [
      value, form, query, lowercasingEscapes(form), lowercasingEscapes(query),
      html(value, apostrophe: "'"), html(value, apostrophe: "&#39;"),
      html(value, apostrophe: "&#x27;"), String(json),
      json.split(at: "/", omittingEmptySubsequences: false).joined(separator: "\\/"),
    ]
  }

  private static func lowercasingEscapes(_ text: String) -> String {
    var output: [UInt8] = []
    var digits = 0
    for byte in text.utf8 {
      let isDigit = digits > 0 && (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
      output.append(isDigit ? byte | 0x20 : byte)
      digits = byte == UInt8(ascii: "%") ? 2 : max(0, digits - 1)
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func html(_ text: String, apostrophe: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += apostrophe
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}

extension FlowValue {
  /// Whether its ends may be shown: those of codes, tokens and verifiers, never of passwords.
  public var keepsEnds: Bool { name != "cookie" && SecretPolicy.kind(of: name) != .hidden }
}

extension Transcript {
  /// The secrets seen in this run: tokens, values, and the credentials in headers.
  public var secrets: [KnownSecret] {
    let records = records
    var secrets = records.flatMap(\.tokens).map { KnownSecret($0.text, keepsEnds: true) }
    for value in records.lazy.flatMap(\.values) where value.isSecret {
      secrets.append(KnownSecret(value.value, keepsEnds: value.keepsEnds))
    }
    for header in records.lazy.flatMap(\.messages).flatMap(\.headers.lines) {
      secrets += Self.credentials(in: header).map { KnownSecret($0, keepsEnds: false) }
    }
    return secrets
  }

  /// The credentials in a header; bearer tokens are already known from their source.
  private static func credentials(in header: HTTPHeader) -> [String] {
    switch header.name.asciiLowercased {
    case "authorization", "proxy-authorization":
      let parts = header.value.split(at: " ", maxSplits: 1)
      guard parts.first?.asciiLowercased != "bearer" else { return [] }
      return parts.suffix(1).map(\.trimmingBlanks)
    case "cookie": return header.value.split(at: ";").map(cookieValue)
    case "set-cookie": return [cookieValue(header.value.before(";"))]
    default: return []
    }
  }

  private static func cookieValue(_ pair: Substring) -> String {
    (pair.cut(at: "=")?.after ?? pair).trimmingBlanks
  }

  /// A redactor that knows the secrets of this run.
  public func masker(revealing: Bool = false) -> Redactor {
    revealing ? .revealing : Redactor(secrets: secrets)
  }
}
