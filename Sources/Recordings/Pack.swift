/// Several files in a few bytes: what stood before is referred to and not written again.
///
/// Recordings of a tenant repeat themselves, within one and among each other. A pack is a row of
/// instructions: a count of bytes that follow, then how many bytes are to be repeated, and from how
/// far back; numbers in groups of seven bits, the lowest first. Unpacked it is a row of files: a
/// line with the name, a line with the number of bytes, the bytes.
public enum Pack {
  /// Repetitions shorter than this cost more than they save.
  private static let shortest = 12
  /// The most that a pack may unfold to.
  static let unpackedBytesMaximum = 64 * 1024 * 1024

  /// Packs files; the same files give the same bytes.
  public static func pack(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var input: [UInt8] = []
    for file in files {
      input += Array("\(file.name)\n\(file.bytes.count)\n".utf8) + file.bytes
    }
    var output: [UInt8] = []
    var places: [UInt64: Int] = [:]
    var literal = 0
    var index = 0
    while index + 8 <= input.count {
      let key = Self.key(input, index)
      let earlier = places[key]
      places[key] = index
      var length = 0
      if let earlier {
        while index + length < input.count, input[earlier + length] == input[index + length] {
          length += 1
        }
      }
      guard let earlier, length >= shortest else {
        index += 1
        continue
      }
      number(index - literal, to: &output)
      output += input[literal..<index]
      number(length, to: &output)
      number(index - earlier, to: &output)
      // Every place could begin a repetition; each fourth is enough.
      for place in stride(from: index + 4, to: index + length, by: 4)
      where place + 8 <= input.count {
        places[Self.key(input, place)] = place
      }
      index += length
      literal = index
    }
    number(input.count - literal, to: &output)
    return output + input[literal...]
  }

  private static func key(_ bytes: [UInt8], _ start: Int) -> UInt64 {
    var key: UInt64 = 0
    for offset in 0..<8 { key = key << 8 | UInt64(bytes[start + offset]) }
    return key
  }

  private static func number(_ value: Int, to output: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      output.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(rest))
  }

  /// Unpacks files; empty when the bytes are no pack.
  public static func unpack(_ bytes: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard let literal = number(bytes, &index), literal <= bytes.count - index else { return [] }
      output += bytes[index..<(index + literal)]
      index += literal
      guard index < bytes.count else { break }
      guard let length = number(bytes, &index), let distance = number(bytes, &index),
        distance > 0, distance <= output.count, output.count + length <= unpackedBytesMaximum
      else { return [] }
      let start = output.count - distance
      for offset in 0..<length { output.append(output[start + offset]) }
    }
    return files(output)
  }

  private static func number(_ bytes: [UInt8], _ index: inout Int) -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard index < bytes.count else { return nil }
      let byte = bytes[index]
      index += 1
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func files(_ bytes: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    var files: [(name: String, bytes: [UInt8])] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let nameEnd = rest.firstIndex(of: UInt8(ascii: "\n")) else { return [] }
      let name = String(decoding: rest[..<nameEnd], as: UTF8.self)
      rest = rest[(nameEnd + 1)...]
      guard let countEnd = rest.firstIndex(of: UInt8(ascii: "\n")),
        let count = Int(String(decoding: rest[..<countEnd], as: UTF8.self)), count >= 0
      else { return [] }
      rest = rest[(countEnd + 1)...]
      guard count <= rest.count else { return [] }
      files.append((name, Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return files
  }
}
