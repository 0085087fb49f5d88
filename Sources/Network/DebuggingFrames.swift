import OpenID

/// The messages of a DevTools pipe as bytes: JSON, each ended by a zero byte.
struct DebuggingFrames: Sendable {
  /// Why the pipe cannot be read any further.
  struct TooLarge: Error {}

  /// The most bytes of one message.
  let bytesMax: Int
  private var rest: [UInt8] = []

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Takes what has arrived; returns the messages that are complete now, without their zero bytes.
  ///
  /// - Throws: ``TooLarge`` for a message of more than ``bytesMax``.
  mutating func take(_ bytes: some Collection<UInt8>) throws(TooLarge) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    var begin = bytes.startIndex
    while let end = bytes[begin...].firstIndex(of: 0) {
      guard rest.count + bytes.distance(from: begin, to: end) <= bytesMax else { throw TooLarge() }
      messages.append(rest + bytes[begin..<end])
      rest = []
      begin = bytes.index(after: end)
    }
    rest += bytes[begin...]
    guard rest.count <= bytesMax else { throw TooLarge() }
    return messages
  }

  /// A command as it is written.
  static func command(
    _ id: Int64, _ method: String, _ parameters: JSONValue, session: String?
  ) -> [UInt8] {
    var command: JSONValue = [
      "id": .number(JSONNumber(id)), "method": .string(method), "params": parameters,
    ]
    if let session { command.set("sessionId", .string(session)) }
    return Array(command.compactText.utf8) + [0]
  }
}
