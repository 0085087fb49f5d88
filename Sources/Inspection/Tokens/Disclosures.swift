import OpenID

/// What an SD-JWT discloses: the claims behind the digests of its signed part.
///
/// RFC 9901, section 4: `JWT~disclosure~…~`, and after the last `~` a key binding JWT, if any.
struct Disclosures: Sendable, Equatable {
  /// One claim, or one element of a list, that was disclosed.
  struct Entry: Sendable, Equatable {
    /// The disclosure as it came; its digest is taken over this text.
    let text: String
    /// The claim's name; nil for an element of a list.
    let name: String?
    /// The value.
    let value: JSONValue
  }

  /// How many are read.
  private static let most = 200

  /// The JWT before the first `~`.
  let signed: String
  /// The disclosures that could be read, in their order.
  let entries: [Entry]
  /// How many could not be read.
  let unreadable: Int
  /// The key binding JWT at the end.
  let keyBinding: String?

  /// Reads a text; nil when it is no SD-JWT.
  init?(_ text: String) {
    guard text.begins(with: "eyJ"), text.holds("~") else { return nil }
    let parts = text.split(
      at: "~", maxSplits: Self.most + 1, omittingEmptySubsequences: false
    ).map(String.init)
    guard (try? CompactJWS(parts[0])) != nil else { return nil }
    signed = parts[0]
    let last = parts.last ?? ""
    keyBinding = last.holds(".") ? last : nil
    let middle = parts.dropFirst().dropLast()
    entries = middle.compactMap(Self.entry)
    unreadable = middle.count - entries.count
  }

  /// RFC 9901, sections 4.2.1 and 4.2.2: salt, name and value; or salt and value.
  private static func entry(_ text: String) -> Entry? {
    guard let bytes = try? Base64URL.decode(text), let json = try? JSONParser.parse(bytes),
      let list = json.elements, list.count == 2 || list.count == 3
    else { return nil }
    guard list.count == 3 else { return Entry(text: text, name: nil, value: list[1]) }
    return list[1].string.map { Entry(text: text, name: $0, value: list[2]) }
  }

  /// Every digest that stands in the claims, or in what was disclosed.
  func digests(in claims: JSONValue) -> Set<String> {
    var found: Set<String> = []
    Self.collect(claims, into: &found, depth: 0)
    for entry in entries { Self.collect(entry.value, into: &found, depth: 0) }
    return found
  }

  private static func collect(_ value: JSONValue, into found: inout Set<String>, depth: Int) {
    guard depth < 16 else { return }
    for member in value.members ?? [] {
      switch member.name {
      case "_sd": found.formUnion((member.value.elements ?? []).compactMap(\.string))
      case "...": if let text = member.value.string { found.insert(text) }
      default: collect(member.value, into: &found, depth: depth + 1)
      }
    }
    for element in value.elements ?? [] { collect(element, into: &found, depth: depth + 1) }
  }
}

extension PastedToken {
  /// The claims that an SD-JWT discloses beside its signed part, in their order.
  public var disclosed: [JSONMember] {
    (disclosures?.entries ?? []).map { JSONMember($0.name ?? "an element of a list", $0.value) }
  }
}
