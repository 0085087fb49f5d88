import Cryptography
import Synchronization

/// The random bytes of one answer, to give the same answer once more without the fault.
final class DrawnBytes: Sendable {
  private let pieces = Mutex<[[UInt8]]>([])

  /// Draws bytes and remembers them.
  func draw(
    _ count: Int, from source: @Sendable (Int) throws(CryptoError) -> [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let bytes = try source(count)
    pieces.withLock { $0.append(bytes) }
    return bytes
  }

  /// The next remembered bytes of this number; fresh ones when there are no more.
  func repeated(
    _ count: Int, or source: @Sendable (Int) throws(CryptoError) -> [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let bytes: [UInt8]? = pieces.withLock { pieces in
      guard let index = pieces.firstIndex(where: { $0.count == count }) else { return nil }
      return pieces.remove(at: index)
    }
    if let bytes { return bytes }
    return try source(count)
  }
}
