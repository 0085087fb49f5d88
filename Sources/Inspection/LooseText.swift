import OpenID

/// The values of a login anywhere in a longer text: addresses, objects, pairs of names and values,
/// tokens.
///
/// Everything that is found is kept, in the order of the text; what stands there twice counts once.
struct LooseText {
  /// How many objects of a text are tried, and how many bytes of it in all.
  private static let objectsMax = 64
  private static let objectBytes = 4 * 1024 * 1024
  /// How many words are read.
  private static let wordsMax = 200_000

  /// The values under names that the specifications know.
  private(set) var fields: [FormField] = []
  /// Tokens without a name.
  private(set) var tokens: [String] = []
  /// The first address that carried values, up to its query.
  private(set) var address: String?
  /// How the values of that address travelled.
  private(set) var carrier: String?
  private var seen: Set<String> = []

  /// Reads a text.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    readObjects(bytes)
    readWords(bytes)
    readPairs(bytes)
    readTokens(bytes)
  }

  private mutating func add(_ name: String, _ value: String) {
    let name = LoginNames.written(name)
    guard LoginNames.all.contains(name), !value.isEmpty,
      seen.insert("\(name)=\(value)").inserted
    else { return }
    fields.append(FormField(name, value))
  }

  // MARK: - Objects

  private mutating func readObjects(_ bytes: [UInt8]) {
    var index = 0
    var tries = 0
    var spent = 0
    while tries < Self.objectsMax, spent < Self.objectBytes,
      let start = bytes[index...].firstIndex(of: UInt8(ascii: "{"))
    {
      tries += 1
      guard let object = ProgramObject.read(bytes, at: start) else {
        spent += bytes.count - start
        index = start + 1
        continue
      }
      read(object.value, depth: 0)
      index = object.end
    }
  }

  private mutating func read(_ value: JSONValue, depth: Int) {
    guard depth < 8 else { return }
    for member in value.members ?? [] {
      switch member.value.string {
      case let text?: add(member.name, text)
      case nil:
        if let number = member.value.integer { add(member.name, "\(number)") }
        read(member.value, depth: depth + 1)
      }
    }
    for element in value.elements ?? [] { read(element, depth: depth + 1) }
  }

  // MARK: - Addresses and forms

  private mutating func readWords(_ bytes: [UInt8]) {
    let words = bytes.split(omittingEmptySubsequences: true) { byte in
      byte <= 0x20 || [0x22, 0x27, 0x60, 0x3C, 0x3E].contains(byte)
    }
    for word in words.prefix(Self.wordsMax) where word.contains(UInt8(ascii: "=")) {
      read(word: String(decoding: word, as: UTF8.self))
    }
  }

  private mutating func read(word: String) {
    let (front, fragment) = word.parting(at: "#")
    let query = front.cut(at: "?").map { $0.after }
    for (part, name) in [(fragment, "fragment"), (query, "query")] {
      guard let part, take(form: String(part)) else { continue }
      if address == nil, word.holds("://") || word.begins(with: "/") {
        address = String(word.before(anyOf: "?#"))
        carrier = name
      }
    }
    if query == nil, fragment == nil, word.holds("&") { _ = take(form: word) }
  }

  /// Whether a form held something that is known.
  private mutating func take(form text: String) -> Bool {
    let text = text.trimmingPunctuation
    guard let list = try? FormEncoding.decode(text),
      list.contains(where: { LoginNames.all.contains(LoginNames.written($0.name)) })
    else { return false }
    for field in list { add(field.name, field.value) }
    return true
  }

  // MARK: - Pairs and tokens

  /// `name=value` and `name: value`, where the name is known and the value is one word.
  private mutating func readPairs(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      guard bytes[index].isASCIIWord else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, bytes[index].isASCIIWord || bytes[index] == UInt8(ascii: "-") {
        index += 1
      }
      guard index - start <= 40, let value = value(bytes, after: index) else { continue }
      let name = String(decoding: bytes[start..<index], as: UTF8.self)
      guard Self.isTold(LoginNames.written(name)) else { continue }
      add(name, value)
    }
  }

  /// Names that mean nothing else in a log; a `code` or a `state` may be anything.
  private static func isTold(_ name: String) -> Bool {
    LoginNames.all.contains(name) && name.holds("_") || name == "nonce"
  }

  private func value(_ bytes: [UInt8], after end: Int) -> String? {
    var index = end
    if index < bytes.count, [0x22, 0x27].contains(bytes[index]) { index += 1 }
    guard index < bytes.count, [UInt8(ascii: "="), UInt8(ascii: ":")].contains(bytes[index]) else {
      return nil
    }
    index += 1
    if index < bytes.count, bytes[index] == UInt8(ascii: ">") { index += 1 }
    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
    if index < bytes.count, [0x22, 0x27].contains(bytes[index]) { index += 1 }
    let start = index
    while index < bytes.count, bytes[index] > 0x20,
      ![0x22, 0x27, 0x26, 0x2C, 0x3B, 0x3C, 0x3E, 0x29, 0x7D].contains(bytes[index])
    { index += 1 }
    guard index > start, index - start <= Limit.tokenBytes else { return nil }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    return word.holds("%")
      ? (try? FormEncoding.decode("a=" + word))?.first?.value ?? word : word
  }

  /// Words that look like signed or encrypted tokens: base64url of `{"`.
  private mutating func readTokens(_ bytes: [UInt8]) {
    let named = Set(fields.map(\.value))
    let words = bytes.split { byte in
      !(byte.isASCIIWord || byte == 0x2D || byte == 0x2E || byte == 0x3D)
    }
    for word in words.prefix(Self.wordsMax) where word.starts(with: "eyJ".utf8) {
      let dots = word.count { $0 == 0x2E }
      guard dots == 2 || dots == 4, word.count <= Limit.tokenBytes else { continue }
      let text = String(decoding: word, as: UTF8.self)
      guard !named.contains(text), !named.contains(where: { $0.holds(text) }),
        !tokens.contains(text)
      else { continue }
      tokens.append(text)
    }
  }
}

extension String {
  /// Without the full stops, commas and brackets that a sentence puts behind an address.
  var trimmingPunctuation: String {
    var text = self[...]
    while let last = text.unicodeScalars.last, [".", ",", ";", ")", "]", "}"].contains(last) {
      text = Substring(text.unicodeScalars.dropLast())
    }
    return String(text)
  }
}
