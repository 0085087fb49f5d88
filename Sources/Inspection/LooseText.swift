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
  /// How many places are kept.
  private static let sourcesMax = 200

  /// How deep texts may stand in the values of objects.
  private static let depthMax = 3

  /// One place of the text that holds values: an object, an address, a form, or lines.
  struct Source: Equatable {
    /// The values under names that the specifications know.
    var fields: [FormField] = []
    /// The address that carried them, up to its query.
    var address: String?
    /// How the values of that address travelled.
    var carrier: String?
    /// The object, its names as the specifications write them.
    var json: JSONValue?
    /// Whether it is what is left over: pairs that stand in no object, address or form.
    var isRest = false
  }

  /// The places, in the order in which they were found.
  private(set) var sources: [Source] = []
  /// Tokens without a name.
  private(set) var tokens: [String] = []
  private var fields: [FormField] { sources.flatMap(\.fields) }
  private let depth: Int

  /// Reads a text.
  init(_ text: String) { self.init(text, depth: 0) }

  private init(_ text: String, depth: Int) {
    self.depth = depth
    let bytes = Array(text.utf8)
    readObjects(bytes)
    readWords(bytes)
    readPairs(bytes)
    readTokens(bytes)
  }

  private mutating func add(_ source: Source) {
    guard !source.fields.isEmpty, sources.count < Self.sourcesMax,
      !sources.contains(where: { $0.fields == source.fields && $0.carrier == source.carrier })
    else { return }
    sources.append(source)
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

  /// One level of an object is one place; what its values hold are others.
  private mutating func read(_ value: JSONValue, depth level: Int) {
    guard level < 8 else { return }
    var source = Source()
    var members: [JSONMember] = []
    for member in value.members ?? [] {
      let name = LoginNames.written(member.name)
      members.append(JSONMember(name, member.value))
      let text = member.value.only ?? member.value.integer.map { "\($0)" }
      if LoginNames.all.contains(name), let text, !text.isEmpty {
        source.fields.append(FormField(name, text))
      }
    }
    source.json = .object(members)
    add(source)
    for member in value.members ?? [] {
      read(member.value, depth: level + 1)
      if let text = member.value.string { read(inner: text) }
    }
    for element in value.elements ?? [] {
      read(element, depth: level + 1)
      if let text = element.string { read(inner: text) }
    }
  }

  /// A text in an object may be an address, a form, or JSON once more.
  private mutating func read(inner text: String) {
    guard depth < Self.depthMax, text.utf8.count > 16, text.holds(anyOf: "{=") else { return }
    let inner = LooseText(text, depth: depth + 1)
    inner.sources.forEach { add($0) }
    for token in inner.tokens where !tokens.contains(token) { tokens.append(token) }
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
    let isAddress = word.holds("://") || word.begins(with: "/")
    for (part, name) in [(fragment, "fragment"), (query, "query")] {
      guard let part, var source = form(String(part)) else { continue }
      if isAddress {
        source.address = String(word.before(anyOf: "?#"))
        source.carrier = name
      }
      add(source)
    }
    if query == nil, fragment == nil, word.holds("&"), let source = form(word) { add(source) }
  }

  /// The values of a form; nil when none is known.
  private mutating func form(_ text: String) -> Source? {
    guard let list = try? FormEncoding.decode(text.trimmingPunctuation) else { return nil }
    // An address may stand in another one.
    for field in list where field.value.holds("://") && field.value.holds(anyOf: "?#") {
      if !LoginNames.all.contains(field.name) { read(inner: field.value) }
    }
    let fields = list.compactMap { field -> FormField? in
      let name = LoginNames.written(field.name)
      return LoginNames.all.contains(name) && !field.value.isEmpty
        ? FormField(name, field.value) : nil
    }
    return fields.isEmpty ? nil : Source(fields: fields)
  }

  // MARK: - Pairs and tokens

  /// Pairs that stand in none of the places above; another value of a name is of another login.
  private mutating func readPairs(_ bytes: [UInt8]) {
    var known = Set(fields.map { "\($0.name)=\($0.value)" })
    var source = Source(isRest: true)
    for pair in LoosePairs.all(bytes) where known.insert("\(pair.name)=\(pair.value)").inserted {
      if source.fields.contains(where: { $0.name.isIdentical(to: pair.name) }) {
        add(source)
        source = Source(isRest: true)
      }
      source.fields.append(pair)
    }
    add(source)
  }

  /// Words that look like signed or encrypted tokens: base64url of `{"`.
  private mutating func readTokens(_ bytes: [UInt8]) {
    let named = Set(fields.map(\.value))
    let words = bytes.split { byte in
      !(byte.isASCIIWord || byte == 0x2D || byte == 0x2E || byte == 0x3D)
    }
    for word in words.prefix(Self.wordsMax) {
      guard let word = Self.token(in: word) else { continue }
      let text = String(decoding: word, as: UTF8.self)
      guard !named.contains(text), !named.contains(where: { $0.holds(text) }),
        !tokens.contains(text)
      else { continue }
      tokens.append(text)
    }
  }

  /// The token at the beginning of a word, or behind the sign `=` of a name; without a full stop.
  private static func token(in word: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var word = word
    if !word.starts(with: "eyJ".utf8) {
      guard let sign = word.firstIndex(of: 0x3D) else { return nil }
      word = word[(sign + 1)...]
    }
    guard word.starts(with: "eyJ".utf8), word.count <= Limit.tokenBytes else { return nil }
    var dots = word.count { $0 == 0x2E }
    // An unsecured token ends with a dot of its own, its second one.
    while dots > 2, dots != 4, word.last == 0x2E {
      word = word.dropLast()
      dots -= 1
    }
    return dots == 2 || dots == 4 ? word : nil
  }
}

extension JSONValue {
  /// The text, or the only text of a list: programs keep every parameter in one.
  var only: String? { string ?? elements.flatMap { $0.count == 1 ? $0[0].string : nil } }
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
