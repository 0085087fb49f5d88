import func Glibc.memchr
import func Glibc.memcmp

/// Finds bytes in bytes with the C library: long texts are searched for many short ones.
enum ByteFinder {
  /// The place of the first occurrence; nil without one, and for no bytes.
  static func offset(of part: String, in bytes: Substring.UTF8View) -> Int? {
    let found = bytes.withContiguousStorageIfAvailable { all in
      part.utf8.withContiguousStorageIfAvailable { offset(of: $0, in: all) }
    }
    if case .some(.some(let offset)) = found { return offset }
    // A text that lies in pieces; Swift has none on Linux.
    return Array(bytes).withUnsafeBufferPointer { all in
      Array(part.utf8).withUnsafeBufferPointer { offset(of: $0, in: all) }
    }
  }

  private static func offset(
    of part: UnsafeBufferPointer<UInt8>, in all: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let head = part.first, let wanted = part.baseAddress, let base = all.baseAddress else {
      return nil
    }
    let last = all.count - part.count
    var start = 0
    while start <= last {
      guard let hit = memchr(base + start, Int32(head), last - start + 1) else { return nil }
      let place = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
      if memcmp(base + place, wanted, part.count) == 0 { return place }
      start = place + 1
    }
    return nil
  }
}
