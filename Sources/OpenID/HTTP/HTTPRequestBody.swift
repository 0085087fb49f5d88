/// Bytes added at the end and taken from the front; each byte is moved a bounded number of times.
struct ByteQueue: Sendable {
  private var storage: [UInt8] = []
  private var start = 0

  var bytes: ArraySlice<UInt8> { storage[start...] }
  var count: Int { storage.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ bytes: some Sequence<UInt8>) { storage.append(contentsOf: bytes) }

  mutating func removeFirst(_ count: Int) {
    start += count
    // Moving the rest costs less than what was taken since the last move.
    if start > storage.count / 2 {
      storage.removeFirst(start)
      start = 0
    }
  }
}

/// A body in chunks.
///
/// RFC 9112, section 7.1; trailers are read and dropped.
struct ChunkedBody: Sendable {
  /// The longest line of a chunk's size and extensions, or of a trailer.
  private static let lineBytes = 1024

  /// How much of the unfinished line was searched for its end, so no byte is searched twice.
  private var scanned = 0
  private var inTrailer = false
  private var trailerBytes = 0
  private var extensionBytes = 0
  /// How many bytes of the open chunk are still missing, its line end included.
  private var missingBytes = 0

  /// Takes arrived bytes from the buffer; returns whether the last chunk is complete.
  mutating func take(
    from buffer: inout ByteQueue, into body: inout [UInt8]
  ) throws(HTTPError) -> Bool {
    while true {
      if missingBytes > 0 {
        guard try takeData(from: &buffer, into: &body) else { return false }
        continue
      }
      guard let line = try takeLine(from: &buffer) else { return false }
      if inTrailer {
        trailerBytes += line.count + 2
        guard trailerBytes <= Limit.requestHeadBytes else { throw .headTooLarge }
        if line.isEmpty { return true }
        guard (try? HTTPRequestParser.header(line)) != nil else { throw .badChunk }
        continue
      }
      let size = try size(line)
      guard body.count + size <= Limit.requestBodyBytes else { throw .bodyTooLarge }
      if size == 0 { inTrailer = true } else { missingBytes = size + 2 }
    }
  }

  private mutating func size(_ line: ArraySlice<UInt8>) throws(HTTPError) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") }
    extensionBytes += line.count - digits.count
    guard extensionBytes <= Limit.requestHeadBytes else { throw .headTooLarge }
    guard (1...8).contains(digits.count),
      line.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F })
    else { throw .badChunk }
    var size = 0
    for byte in digits {
      guard let digit = hexValue(byte) else { throw .badChunk }
      size = size << 4 | Int(digit)
    }
    return size
  }

  /// Moves data of the open chunk; returns whether the chunk is complete.
  private mutating func takeData(
    from buffer: inout ByteQueue, into body: inout [UInt8]
  ) throws(HTTPError) -> Bool {
    let data = min(buffer.count, max(0, missingBytes - 2))
    if data > 0 {
      body.append(contentsOf: buffer.bytes.prefix(data))
      buffer.removeFirst(data)
      missingBytes -= data
    }
    while missingBytes <= 2, missingBytes > 0, let byte = buffer.bytes.first {
      guard byte == (missingBytes == 2 ? 0x0D : 0x0A) else { throw .badChunk }
      buffer.removeFirst(1)
      missingBytes -= 1
    }
    return missingBytes == 0
  }

  private mutating func takeLine(
    from buffer: inout ByteQueue
  ) throws(HTTPError) -> ArraySlice<UInt8>? {
    let bytes = buffer.bytes
    let start = bytes.startIndex
    var index = start + scanned
    while index < bytes.endIndex {
      guard index - start <= Self.lineBytes else { throw .badChunk }
      if bytes[index] == 0x0A { throw .badChunk }
      if bytes[index] == 0x0D {
        guard index + 1 < bytes.endIndex else { break }
        guard bytes[index + 1] == 0x0A else { throw .badChunk }
        scanned = 0
        let line = bytes[start..<index]
        buffer.removeFirst(index + 2 - start)
        return line
      }
      index += 1
    }
    scanned = index - start
    return nil
  }
}
