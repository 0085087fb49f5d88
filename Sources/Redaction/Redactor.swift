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
  /// What stands for a written form of a secret.
  private struct Mask: Sendable {
    var text: [UInt8]
    var keepsEnds: Bool
  }

  private var matcher = SecretMatcher()
  /// The masks of the matcher's values.
  private var masks: [Mask] = []
  /// Whether secrets are masked; false when the person asked to see them.
  public let isActive: Bool

  /// A redactor that shows everything.
  public static let revealing = Redactor(secrets: [], isActive: false)

  /// Makes a redactor that knows these secrets.
  public init(secrets: [KnownSecret], isActive: Bool = true) {
    self.isActive = isActive
    var seen: Set<String> = []
    // A token occurs in many messages: its forms are computed once.
    for secret in secrets where seen.insert(secret.value).inserted {
      let text = secret.keepsEnds ? Self.shortened(secret.value) : Self.dots
      let mask = Mask(text: Array(text.utf8), keepsEnds: text != Self.dots)
      for form in secret.writtenForms where matcher.add(Array(form.utf8)) { masks.append(mask) }
    }
  }

  /// The replacement for a password or client secret.
  public static let dots = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}"

  /// The first and last characters of a value, so that equal values can be recognised.
  ///
  /// Values under 20 characters show nothing.
  public static func shortened(_ value: String) -> String {
    guard value.utf8.count >= 20 else { return dots }
    return "\(value.prefix(bytes: 6))\u{2026}\(value.suffix(bytes: 4))"
  }

  /// A value that is secret whatever is known of it: its ends, or all of it when secrets are shown.
  public func shorten(_ value: String) -> String { isActive ? Self.shortened(value) : value }

  /// Returns the text with every known secret masked.
  public func mask(_ text: String) -> String {
    guard isActive, !text.isEmpty,
      let masked = matcher.replacing(in: Array(text.utf8), with: { masks[$0].text })
    else { return text }
    return String(decoding: masked, as: UTF8.self)
  }

  /// The ranges of known secrets in bytes, without the ends that may be shown.
  ///
  /// The ranges may overlap.
  public func hiddenRanges(in bytes: [UInt8]) -> [Range<Int>] {
    guard isActive else { return [] }
    return matcher.matches(in: bytes).map { match in
      masks[match.value].keepsEnds
        ? (match.range.lowerBound + 6)..<(match.range.upperBound - 4) : match.range
    }
  }

  /// Returns a secret value as it may be shown.
  public func show(_ value: FlowValue) -> String {
    guard isActive, value.isSecret else { return mask(value.value) }
    return value.keepsEnds ? Self.shortened(value.value) : Self.dots
  }

  /// Returns a header's value as it may be shown; every kind of credential is masked.
  public func show(_ header: HTTPHeader) -> String {
    guard isActive else { return header.value }
    let shown = show(MessagePart.parts(of: header))
    return SecretPolicy.content(ofHeader: header.name) == .address ? mask(shown) : shown
  }

  private func show(_ parts: [MessagePart]) -> String {
    parts.reduce(into: "") { $0 += show($1) }
  }

  private func show(_ part: MessagePart) -> String {
    switch part {
    case .frame(let text): String(text)
    case .text(let text): mask(String(text))
    case .cookie: Self.dots
    case .credential(let value, let scheme):
      scheme == "bearer" ? Self.shortened(String(value)) : Self.dots
    case .field(let field, let name, let value):
      show(field).isIdentical(to: field.value) ? mask(String(name + value)) : name + show(field)
    }
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
    isActive ? show(MessagePart.parts(ofFields: text[...])) : text
  }

  /// Returns an address with the secret fields of its query and of its fragment masked.
  public func maskAddress(_ text: String) -> String {
    isActive ? mask(show(MessagePart.parts(ofAddress: text))) : text
  }
}
