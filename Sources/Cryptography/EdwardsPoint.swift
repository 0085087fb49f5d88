/// Points of the Edwards curves as encoded in keys and signatures: `y`, the lowest byte first, and
/// the sign of `x` in the highest bit.
///
/// libcrypto accepts every point. With a key of small order one signature fits many messages, so
/// its owner can deny what they signed. RFC 8032 leaves it to applications to refuse these points;
/// an honest signer never makes them.
enum EdwardsPoint {
  /// Why a point is refused, without a full stop; nil for a valid one.
  ///
  /// - Parameter bytes: The point; as long as a key of the curve.
  static func fault(_ bytes: [UInt8], on curve: EdwardsCurve) -> String? {
    guard var last = bytes.last else { return "is empty" }
    last &= 0x7F
    let y = bytes.dropLast() + [last]
    if smallOrder(curve).contains(where: { y.elementsEqual($0) }) {
      return "is a point of small order: one signature with it fits many messages"
    }
    // RFC 8032, sections 5.1.3 and 5.2.3: y is smaller than the prime.
    let prime = prime(curve)
    for (digit, limit) in zip(y, prime).reversed() where digit != limit {
      return digit < limit ? nil : notCanonical
    }
    return notCanonical
  }

  private static let notCanonical = "is not the one encoding of its point"

  private static func prime(_ curve: EdwardsCurve) -> [UInt8] {
    switch curve {
    // 2^255 - 19
    case .ed25519: [0xED] + repeated(0xFF, 30) + [0x7F]
    // 2^448 - 2^224 - 1
    case .ed448: repeated(0xFF, 28) + [0xFE] + repeated(0xFF, 27) + [0x00]
    }
  }

  /// `y` of every point whose order divides 8 (4 for Ed448), and the same plus the prime where that
  /// still fits: libcrypto reads it as the same point.
  private static func smallOrder(_ curve: EdwardsCurve) -> [[UInt8]] {
    switch curve {
    case .ed25519:
      [
        // 0, of order 4, and 1, the neutral point.
        [0x00] + repeated(0x00, 31), [0x01] + repeated(0x00, 31),
        // -1, of order 2.
        [0xEC] + repeated(0xFF, 30) + [0x7F],
        // The two of order 8.
        [
          0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98,
          0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53,
          0xFC, 0x05,
        ],
        [
          0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67,
          0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC,
          0x03, 0x7A,
        ],
        // 0 and 1 once more, with the prime added.
        [0xED] + repeated(0xFF, 30) + [0x7F], [0xEE] + repeated(0xFF, 30) + [0x7F],
      ]
    case .ed448:
      [
        repeated(0x00, 57), [0x01] + repeated(0x00, 56),
        [0xFE] + repeated(0xFF, 27) + [0xFE] + repeated(0xFF, 27) + [0x00],
        repeated(0xFF, 28) + [0xFE] + repeated(0xFF, 27) + [0x00],
        repeated(0x00, 28) + repeated(0xFF, 28) + [0x00],
      ]
    }
  }

  private static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }
}
