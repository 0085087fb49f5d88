import OpenID

/// The one place that decides what is secret and how it is masked.
///
/// Secrets are masked by value: whatever the transcript knows to be one is replaced wherever it
/// stands, in a URL, a form, HTML or JSON, plain or percent-encoded. Names are a second net, for
/// values the flow never took in.
public struct Masker: Sendable {
  private let replacements: [(secret: String, mask: String)]
  /// Whether anything is masked at all; false when the person asked to see secrets.
  public let isActive: Bool

  /// A masker that shows everything.
  public static let revealing = Masker(secrets: [], isActive: false)

  /// Makes a masker that knows these secrets.
  public init(secrets: [KnownSecret], isActive: Bool = true) {
    self.isActive = isActive
    var seen: Set<String> = []
    var list: [(String, String)] = []
    for secret in secrets where secret.value.utf8.count >= Self.minimumBytes {
      let mask = secret.keepsEnds ? Self.shortened(secret.value) : Self.dots
      for form in secret.writtenForms where seen.insert(form).inserted { list.append((form, mask)) }
    }
    // Longest first: a secret that holds another is replaced as a whole.
    replacements = list.sorted { $0.0.utf8.count > $1.0.utf8.count }
  }

  /// Shorter values are masked by name alone: a password like `demo` stands in many innocent words.
  static let minimumBytes = 8

  /// What stands in the place of a password or client secret.
  public static let dots = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}"

  /// Head and tail of a value, so that two equal values are seen to be equal.
  ///
  /// Values under 20 characters show nothing.
  public static func shortened(_ value: String) -> String {
    guard value.utf8.count >= 20 else { return dots }
    return "\(value.prefix(6))\u{2026}\(value.suffix(4))"
  }

  /// Returns the text with every known secret masked.
  public func mask(_ text: String) -> String {
    guard isActive, !text.isEmpty else { return text }
    var bytes = Array(text.utf8)
    var changed = false
    for (secret, mask) in replacements {
      if let next = Self.replacing(Array(secret.utf8), by: Array(mask.utf8), in: bytes) {
        bytes = next
        changed = true
      }
    }
    return changed ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// Returns a secret value as it may be shown.
  public func show(_ value: FlowValue) -> String {
    guard isActive, value.isSecret else { return mask(value.value) }
    return value.keepsEnds ? Self.shortened(value.value) : Self.dots
  }

  /// Returns a header's value as it may be shown; credentials are masked whatever they are.
  public func show(_ header: HTTPHeader) -> String {
    guard isActive else { return header.value }
    switch header.name.lowercased() {
    case "authorization", "proxy-authorization":
      let scheme = header.value.prefix { $0 != " " }
      guard scheme.lowercased() == "bearer" else { return scheme + " " + Self.dots }
      return scheme + " " + Self.shortened(header.value.dropFirst(scheme.count).trimmingBlanks)
    case "cookie":
      return header.value.split(separator: ";").map { pair in
        pair.trimmingBlanks.prefix { $0 != "=" } + "=" + Self.dots
      }.joined(separator: "; ")
    case "set-cookie":
      let name = header.value.prefix { $0 != "=" }
      let attributes = header.value.drop { $0 != ";" }
      return name + "=" + Self.dots + attributes
    default: return mask(header.value)
    }
  }

  /// Returns a form field's value as it may be shown.
  public func show(_ field: FormField) -> String {
    guard isActive else { return field.value }
    switch field.name {
    case "client_secret", "password", "client_assertion": return Self.dots
    case "code", "id_token", "access_token", "refresh_token", "code_verifier", "token",
      "id_token_hint":
      return Self.shortened(field.value)
    default: return mask(field.value)
    }
  }

  /// Returns a form body or query with every secret field masked, the rest as it was written.
  public func maskForm(_ text: String) -> String {
    guard isActive else { return text }
    return text.split(separator: "&", omittingEmptySubsequences: false).map { part in
      guard let equals = part.firstIndex(of: "="), let fields = try? FormEncoding.decode(part),
        let field = fields.first
      else { return mask(String(part)) }
      let shown = show(field)
      return shown == field.value ? String(part) : part[...equals] + shown
    }.joined(separator: "&")
  }

  private static func replacing(_ needle: [UInt8], by mask: [UInt8], in text: [UInt8]) -> [UInt8]? {
    guard let first = needle.first, needle.count <= text.count else { return nil }
    var output: [UInt8]?
    var start = 0
    var index = 0
    let last = text.count - needle.count
    while index <= last {
      if text[index] == first, text[index..<(index + needle.count)].elementsEqual(needle) {
        var result = output ?? []
        result.append(contentsOf: text[start..<index])
        result.append(contentsOf: mask)
        output = result
        index += needle.count
        start = index
      } else {
        index += 1
      }
    }
    output?.append(contentsOf: text[start...])
    return output
  }
}

/// A value that must not be seen, and how much of it may.
public struct KnownSecret: Sendable {
  fileprivate let value: String
  fileprivate let keepsEnds: Bool

  /// Makes a secret; codes and tokens keep their ends, passwords and client secrets nothing.
  public init(_ value: String, keepsEnds: Bool) {
    self.value = value
    self.keepsEnds = keepsEnds
  }

  /// The ways in which it may stand in a message.
  fileprivate var writtenForms: [String] {
    [value, FormEncoding.encode(value), PercentEncoding.encode(value)]
  }
}

extension FlowValue {
  /// Whether head and tail may be seen: codes, tokens and verifiers, never passwords.
  public var keepsEnds: Bool {
    name != "client_secret" && name != "password" && name != "cookie"
  }
}

extension Transcript {
  /// The secrets that this run has seen.
  public var secrets: [KnownSecret] {
    var secrets = tokens.map { KnownSecret($0.text, keepsEnds: true) }
    for value in stages.lazy.flatMap(\.values) where value.isSecret {
      secrets.append(KnownSecret(value.value, keepsEnds: value.keepsEnds))
    }
    return secrets
  }

  /// A masker that knows the secrets of this run.
  public func masker(revealing: Bool = false) -> Masker {
    revealing ? .revealing : Masker(secrets: secrets)
  }
}
