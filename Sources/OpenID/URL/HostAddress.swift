/// The four bytes of a dotted IPv4 address; nil for anything else.
///
/// RFC 3986, section 3.2.2.
func ipv4Bytes(_ text: Substring) -> [UInt8]? {
  let parts = text.split(at: ".", maxSplits: 4, omittingEmptySubsequences: false)
  guard parts.count == 4 else { return nil }
  var bytes: [UInt8] = []
  for part in parts {
    // UInt8 would also accept a sign.
    guard part.utf8.count <= 3, part.isDigits,
      let byte = UInt8(part)
    else { return nil }
    bytes.append(byte)
  }
  return bytes
}

/// The eight groups of an IPv6 address without brackets and zone; nil for anything else.
///
/// RFC 4291, section 2.2.
func ipv6Groups(_ text: Substring) -> [UInt16]? {
  guard text.utf8.count <= 45 else { return nil }
  var groups: [UInt16] = []
  var gap: Int?
  var rest = text
  if rest.begins(with: "::") {
    gap = 0
    rest = rest.dropFirst(bytes: 2)
  }
  while !rest.isEmpty {
    let part = rest.before(":")
    rest = rest.dropFirst(bytes: part.utf8.count)
    if rest.isEmpty, part.holds(".") {
      guard let bytes = ipv4Bytes(part) else { return nil }
      groups.append(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
      groups.append(UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
      break
    }
    guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ hexValue($0) != nil }),
      let group = UInt16(part, radix: 16)
    else { return nil }
    groups.append(group)
    if rest.begins(with: "::") {
      guard gap == nil else { return nil }
      gap = groups.count
      rest = rest.dropFirst(bytes: 2)
    } else if !rest.isEmpty {
      rest = rest.dropFirst(bytes: 1)
      // A colon at the end means that a group is missing.
      guard !rest.isEmpty else { return nil }
    }
  }
  guard let gap else { return groups.count == 8 ? groups : nil }
  guard groups.count < 8 else { return nil }
  groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
  return groups
}
