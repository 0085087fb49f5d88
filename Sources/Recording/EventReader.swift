import OpenID

/// Why a line of a recording cannot be read.
public struct RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public var message: String
  /// The message.
  public var description: String { message }

  init(_ message: String) { self.message = message }
}

/// Reads the members of a JSON object; its errors name what is missing or has the wrong type.
struct FieldReader {
  let json: JSONValue
  /// Where the object is, such as `request`; empty at the top level.
  let place: String

  init(_ json: JSONValue, _ place: String = "") throws(RecordingError) {
    guard case .object = json else {
      throw RecordingError("\(place.isEmpty ? "the line" : place) is no JSON object")
    }
    (self.json, self.place) = (json, place)
  }

  private func fault(_ name: String, _ wanted: String) -> RecordingError {
    let path = place.isEmpty ? name : "\(place).\(name)"
    let state = json[name].map { "is a \($0.typeName)" } ?? "is missing"
    return RecordingError("\u{201C}\(path)\u{201D} \(state), where \(wanted) is expected")
  }

  func text(_ name: String) throws(RecordingError) -> String {
    guard let text = json[name]?.string else { throw fault(name, "a text") }
    return text
  }

  func optionalText(_ name: String) throws(RecordingError) -> String? {
    guard let value = json[name], value != .null else { return nil }
    guard let text = value.string else { throw fault(name, "a text") }
    return text
  }

  func texts(_ name: String) throws(RecordingError) -> [String] {
    guard let value = json[name] else { return [] }
    guard let texts = value.strings else { throw fault(name, "a list of texts") }
    return texts
  }

  /// A whole number within these bounds.
  func number(
    _ name: String, in range: ClosedRange<Int64> = -1_000_000_000_000_000...1_000_000_000_000_000
  ) throws(RecordingError) -> Int64 {
    guard let number = json[name]?.integer, range.contains(number) else {
      throw fault(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func optionalNumber(
    _ name: String, in range: ClosedRange<Int64> = 0...1_000_000_000
  ) throws(RecordingError) -> Int64? {
    guard let value = json[name], value != .null else { return nil }
    return try number(name, in: range)
  }

  /// A Boolean; false if it is missing.
  func flag(_ name: String) throws(RecordingError) -> Bool {
    guard let value = json[name] else { return false }
    guard let flag = value.bool else { throw fault(name, "true or false") }
    return flag
  }

  func object(_ name: String) throws(RecordingError) -> FieldReader {
    guard let value = json[name] else { throw fault(name, "an object") }
    return try FieldReader(value, place.isEmpty ? name : "\(place).\(name)")
  }

  func objects(_ name: String) throws(RecordingError) -> [FieldReader] {
    guard let value = json[name] else { return [] }
    guard let elements = value.elements else { throw fault(name, "a list") }
    var output: [FieldReader] = []
    for element in elements { output.append(try FieldReader(element, name)) }
    return output
  }

  func url(_ name: String) throws(RecordingError) -> WebURL {
    let text = try text(name)
    guard let url = try? WebURL(text) else { throw fault(name, "an http or https address") }
    return url
  }

  func optionalURL(_ name: String) throws(RecordingError) -> WebURL? {
    try optionalText(name) == nil ? nil : url(name)
  }

  /// One of the values of an enumeration.
  func choice<Choice: RawRepresentable>(
    _ name: String, _ type: Choice.Type
  ) throws(RecordingError) -> Choice where Choice.RawValue == String {
    let word = try text(name)
    guard let choice = Choice(rawValue: word) else {
      throw RecordingError(
        "\u{201C}\(name)\u{201D} is \u{201C}\(word.prefix(scalars: 40))\u{201D}, which this program does "
          + "not know")
    }
    return choice
  }

  func optionalChoice<Choice: RawRepresentable>(
    _ name: String, _ type: Choice.Type
  ) throws(RecordingError) -> Choice? where Choice.RawValue == String {
    try optionalText(name) == nil ? nil : choice(name, type)
  }

  func choices<Choice: RawRepresentable>(
    _ name: String, _ type: Choice.Type
  ) throws(RecordingError) -> [Choice] where Choice.RawValue == String {
    var output: [Choice] = []
    for word in try texts(name) {
      guard let choice = Choice(rawValue: word) else {
        throw RecordingError(
          "\u{201C}\(name)\u{201D} names \u{201C}\(word.prefix(scalars: 40))\u{201D}, which this program "
            + "does not know")
      }
      output.append(choice)
    }
    return output
  }

  /// Bytes, written as text if they are valid text and in base64 otherwise.
  func bytes(_ name: String) throws(RecordingError) -> [UInt8] {
    if let text = try optionalText(name) { return Array(text.utf8) }
    guard let text = try optionalText(name + "64") else { return [] }
    guard let bytes = try? Base64.decode(text) else { throw fault(name + "64", "base64") }
    return bytes
  }

  /// Pairs of strings.
  func pairs(_ name: String) throws(RecordingError) -> [(String, String)] {
    guard let value = json[name] else { return [] }
    guard let elements = value.elements else { throw fault(name, "a list") }
    var output: [(String, String)] = []
    for element in elements {
      guard let pair = element.strings, pair.count == 2 else {
        throw fault(name, "a list of pairs of texts")
      }
      output.append((pair[0], pair[1]))
    }
    return output
  }

  func fields(_ name: String) throws(RecordingError) -> [FormField] {
    try pairs(name).map { FormField($0.0, $0.1) }
  }
}

extension JSONValue {
  /// An object of the members that are not nil.
  static func line(_ members: (String, JSONValue?)...) -> JSONValue {
    .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
  }

  static func text(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
  static func whole(_ number: Int64?) -> JSONValue? { number.map { .number(JSONNumber($0)) } }
  static func flag(_ flag: Bool) -> JSONValue? { flag ? .bool(true) : nil }
  static func texts(_ texts: [String]) -> JSONValue? {
    texts.isEmpty ? nil : .array(texts.map(JSONValue.string))
  }
  static func pairs(_ pairs: [(String, String)]) -> JSONValue? {
    pairs.isEmpty ? nil : .array(pairs.map { .array([.string($0.0), .string($0.1)]) })
  }

  /// The name and value for bytes: as text if they are valid text, otherwise in base64.
  static func bytes(_ name: String, _ bytes: [UInt8]) -> (String, JSONValue?) {
    if bytes.isEmpty { return (name, nil) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return (name + "64", .string(Base64.encode(bytes)))
    }
    return (name, .string(text))
  }
}
