import Glibc
import OpenID

/// Walks over JSON without making values of it: members and elements come as ranges of bytes.
///
/// A browser's file holds the body of every picture; only a login's parts of it are read. Values
/// that are passed over are not judged: whoever reads one parses its range.
struct JSONSlices {
  /// Where the text stopped being JSON.
  struct Fault: Error, Equatable {
    var offset: Int
    /// Whether the text ends there, inside a value.
    var isEnd: Bool
  }

  let bytes: [UInt8]
  private(set) var offset: Int
  private let end: Int

  /// Begins at the first value of a range; a byte order mark before it is passed over.
  init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
    self.bytes = bytes
    offset = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
    if range == nil, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    skipSpace()
  }

  /// The first byte of the value that comes next; nil at the end.
  var next: UInt8? { offset < end ? bytes[offset] : nil }

  private var fault: Fault { Fault(offset: offset, isEnd: offset >= end) }

  private mutating func skipSpace() {
    while offset < end {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) throws(Fault) {
    guard next == byte else { throw fault }
    offset += 1
    skipSpace()
  }

  /// The next member of the object that is being walked, its value next; nil at the object's end.
  ///
  /// - Parameter isFirst: True before the first member; the caller keeps it.
  mutating func member(_ isFirst: inout Bool) throws(Fault) -> String? {
    if isFirst { try take(UInt8(ascii: "{")) }
    if next == UInt8(ascii: "}") {
      try take(UInt8(ascii: "}"))
      return nil
    }
    if !isFirst { try take(UInt8(ascii: ",")) }
    isFirst = false
    let name = try string()
    try take(UInt8(ascii: ":"))
    return String(decoding: bytes[name.dropFirst().dropLast()], as: UTF8.self)
  }

  /// Whether another element of the array that is being walked comes next; false at its end.
  mutating func element(_ isFirst: inout Bool) throws(Fault) -> Bool {
    if isFirst { try take(UInt8(ascii: "[")) }
    if next == UInt8(ascii: "]") {
      try take(UInt8(ascii: "]"))
      return false
    }
    if !isFirst { try take(UInt8(ascii: ",")) }
    isFirst = false
    return true
  }

  /// Passes over the value that comes next and returns where it is.
  mutating func value() throws(Fault) -> Range<Int> {
    let start = offset
    switch next {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
    case nil: throw fault
    default:
      while offset < end, !Self.endsWord(bytes[offset]) { offset += 1 }
      guard offset > start else { throw fault }
    }
    let range = start..<offset
    skipSpace()
    return range
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }

  /// Counts brackets, so that a deep text costs no stack.
  private mutating func skipNested() throws(Fault) {
    var depth = 0
    while offset < end {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        _ = try string()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 {
          offset += 1
          return
        }
      default: break
      }
      offset += 1
    }
    throw fault
  }

  /// Passes over a string; the range includes its quotation marks.
  private mutating func string() throws(Fault) -> Range<Int> {
    let start = offset
    guard next == UInt8(ascii: "\"") else { throw fault }
    offset += 1
    while true {
      guard let mark = Self.quotationMark(in: bytes, from: offset, to: end) else {
        offset = end
        throw fault
      }
      // A mark behind an odd number of backslashes belongs to the string.
      var before = mark
      while before > start + 1, bytes[before - 1] == UInt8(ascii: "\\") { before -= 1 }
      offset = mark + 1
      if (mark - before) % 2 == 0 { break }
    }
    let range = start..<offset
    skipSpace()
    return range
  }

  /// memchr finds the end of a body of a megabyte at once.
  private static func quotationMark(in bytes: [UInt8], from: Int, to end: Int) -> Int? {
    guard from < end else { return nil }
    return bytes.withUnsafeBytes { all in
      guard let start = all.baseAddress.map({ $0 + from }),
        let found = memchr(start, Int32(UInt8(ascii: "\"")), end - from)
      else { return nil }
      return from + start.distance(to: UnsafeRawPointer(found))
    }
  }

  /// Reads a range as a value; nil when it is not JSON, or larger than this.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>, limitBytes: Int) -> JSONValue? {
    guard range.count <= limitBytes else { return nil }
    return try? JSONParser.parse(Array(bytes[range]), limitBytes: limitBytes)
  }
}
