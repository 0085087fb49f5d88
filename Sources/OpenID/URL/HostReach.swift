/// Where a host is, as far as its name or address alone tells.
///
/// Nothing is resolved: a name may lead anywhere, and only its certificate proves whose it is.
///
/// RFC 6890, section 2.2; RFC 6761, section 6.3.
public enum HostReach: Sendable, Equatable {
  /// The loopback: 127.0.0.0/8, `::1`, `localhost`, `*.localhost`.
  case thisMachine
  /// A private network: RFC 1918, RFC 4193, and the space that internet providers share (RFC 6598).
  case privateNetwork
  /// The local link; cloud machines serve their own credentials there.
  case linkLocal
  /// Not a host: unspecified, multicast, reserved. Some systems treat it as this machine.
  case nowhere
  /// Anywhere else.
  case anywhere

  /// Reads the host of a URL, with or without brackets, in any spelling that resolvers accept.
  ///
  /// Resolvers accept an IPv4 address in one to four parts, each decimal, octal or hexadecimal.
  public init(host: String) {
    var name = Substring(host.asciiLowercased)
    if name.utf8.first == UInt8(ascii: "["), name.utf8.last == UInt8(ascii: "]") {
      name = name.dropFirst().dropLast()
    }
    if let groups = ipv6Groups(name) {
      self.init(groups)
      return
    }
    while name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
    if let address = Self.ipv4(name) {
      self.init(address)
    } else if Self.localNames.contains(String(name)) || name.ends(with: ".localhost") {
      self = .thisMachine
    } else {
      self = .anywhere
    }
  }

  /// `localhost`, and its other names in the hosts file of Debian and Red Hat.
  private static let localNames: Set<String> = [
    "localhost", "localhost.localdomain", "localhost6", "localhost6.localdomain6",
    "ip6-localhost", "ip6-loopback",
  ]

  /// In words, for a host that a public issuer may not name; nil for any other host.
  public var words: String? {
    switch self {
    case .thisMachine: "this machine itself"
    case .privateNetwork: "an address of a private network"
    case .linkLocal: "a link-local address"
    case .nowhere: "an address of no host"
    case .anywhere: nil
    }
  }

  /// Whether a provider on this host may name the other host in its endpoints.
  ///
  /// From this machine to its own network is allowed; from other places into either is not.
  public func mayName(_ other: HostReach) -> Bool {
    switch (self, other) {
    case (_, .anywhere), (.thisMachine, .thisMachine), (.thisMachine, .privateNetwork),
      (.privateNetwork, .privateNetwork), (.linkLocal, .linkLocal):
      true
    case (_, .thisMachine), (_, .privateNetwork), (_, .linkLocal), (_, .nowhere): false
    }
  }

  private init(_ address: UInt32) {
    func isIn(_ network: UInt32, _ bits: UInt32) -> Bool { (address ^ network) >> (32 - bits) == 0 }
    if isIn(0x7F00_0000, 8) {
      self = .thisMachine
    } else if isIn(0x0A00_0000, 8) || isIn(0xAC10_0000, 12) || isIn(0xC0A8_0000, 16)
      || isIn(0x6440_0000, 10) || isIn(0xC612_0000, 15)
    {
      self = .privateNetwork
    } else if isIn(0xA9FE_0000, 16) {
      self = .linkLocal
    } else if isIn(0, 8) || isIn(0xC000_0000, 24) || address >= 0xE000_0000 {
      self = .nowhere
    } else {
      self = .anywhere
    }
  }

  private init(_ groups: [UInt16]) {
    func address(at index: Int) -> UInt32 {
      UInt32(groups[index]) << 16 | UInt32(groups[index + 1])
    }
    let zeros = groups.prefix { $0 == 0 }.count
    switch groups[0] {
    case _ where zeros == 8: self = .nowhere
    case _ where zeros == 7 && groups[7] == 1: self = .thisMachine
    // An IPv4 address inside an IPv6 one: compatible, mapped, translated, by NAT64, by 6to4.
    case _ where zeros >= 6, _ where zeros == 5 && groups[5] == 0xFFFF,
      _ where zeros == 4 && groups[4] == 0xFFFF && groups[5] == 0,
      0x64 where groups[1] == 0xFF9B && groups[2..<6].allSatisfy { $0 == 0 }:
      self.init(address(at: 6))
    case 0x2002: self.init(address(at: 1))
    case 0x64 where groups[1] == 0xFF9B && groups[2] == 1: self = .privateNetwork
    case 0xFC00...0xFDFF, 0xFEC0...0xFEFF: self = .privateNetwork
    case 0xFE80...0xFEBF: self = .linkLocal
    case 0xFF00...0xFFFF: self = .nowhere
    default: self = .anywhere
    }
  }

  /// An IPv4 address in any spelling that `inet_aton` takes; nil for a name.
  private static func ipv4(_ text: Substring) -> UInt32? {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
    guard (1...4).contains(parts.count) else { return nil }
    var numbers: [UInt64] = []
    for part in parts {
      guard let number = number(Substring(part)) else { return nil }
      numbers.append(number)
    }
    guard let last = numbers.popLast(), numbers.allSatisfy({ $0 <= 0xFF }) else { return nil }
    // The last part fills all bytes that the other parts leave.
    guard last < 1 << (8 * UInt64(4 - numbers.count)) else { return nil }
    var address = UInt32(last)
    for (index, number) in numbers.enumerated() { address |= UInt32(number) << (24 - 8 * index) }
    return address
  }

  /// A number as C writes it: `0x` for hexadecimal, a leading zero for octal.
  private static func number(_ text: Substring) -> UInt64? {
    let digits: Substring
    let radix: Int
    if text.begins(with: "0x") {
      (digits, radix) = (text.dropFirst(2), 16)
    } else if text.begins(with: "0"), text.utf8.count > 1 {
      (digits, radix) = (text.dropFirst(), 8)
    } else {
      (digits, radix) = (text, 10)
    }
    // The C library reads `0x` alone as zero.
    guard !digits.isEmpty else { return radix == 16 ? 0 : nil }
    guard digits.utf8.allSatisfy({ hexValue($0) != nil }) else { return nil }
    return UInt64(digits, radix: radix)
  }
}

extension WebURL {
  /// Where the host is, as far as its name or address alone tells.
  public var reach: HostReach { HostReach(host: host) }
}
