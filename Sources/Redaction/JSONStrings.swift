import OpenID

/// Reads and changes strings inside JSON and keeps every other byte: spaces, order, repeated names.
///
/// Invalid JSON is processed as far as possible, because an error in a document must be the same
/// error after its secrets were replaced.
enum JSONStrings {
  /// Returns the bytes with some strings replaced.
  ///
  /// - Parameter replacement: The new text for a string value, given the names of the members
  ///   around it, the innermost last; nil keeps the old one.
  static func rewriting(
    _ bytes: [UInt8], _ replacement: (_ path: [String], _ value: String) -> String?
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var copied = 0
    walk(bytes) { path, value, range in
      guard let new = replacement(path, value) else { return }
      output += bytes[copied..<range.lowerBound]
      output += Array(JSONValue.string(new).compactText.utf8)
      copied = range.upperBound
    }
    return output + bytes[copied...]
  }

  /// Visits each string value.
  ///
  /// - Parameters:
  ///   - name: Called with each member name.
  ///   - text: Called with the names of the members around the string, the innermost last and
  ///     `""` for an array, the string, and its range including the quotes. Below
  ///     ``Limit/jsonDepth`` the names are those at that depth.
  static func walk(
    _ bytes: [UInt8], name: (String) -> Void = { _ in },
    _ text: (_ path: [String], _ value: String, _ range: Range<Int>) -> Void
  ) {
    var path = [""]
    var deeper = 0
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if path.count <= Limit.jsonDepth { path.append("") } else { deeper += 1 }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if deeper > 0 { deeper -= 1 } else if path.count > 1 { path.removeLast() }
      case UInt8(ascii: "\""):
        guard let end = end(ofText: index, in: bytes) else { return }
        let range = index..<end
        index = end
        guard case .string(let value)? = try? JSONParser.parse(Array(bytes[range])) else {
          continue
        }
        if isName(bytes, after: end) {
          path[path.count - 1] = value
          name(value)
        } else {
          text(path, value, range)
        }
        continue
      default: break
      }
      index += 1
    }
  }

  /// The index after the closing quotation mark.
  private static func end(ofText start: Int, in bytes: [UInt8]) -> Int? {
    var index = start + 1
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "\""): return index + 1
      default: index += 1
      }
    }
    return nil
  }

  private static func isName(_ bytes: [UInt8], after end: Int) -> Bool {
    var index = end
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case UInt8(ascii: ":"): return true
      default: return false
      }
    }
    return false
  }
}
