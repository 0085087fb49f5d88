import OpenID

extension JSONError {
  /// What is wrong with this text and where, with line and column, without a full stop.
  public func explanation(in bytes: [UInt8]) -> String {
    if offset == 0, JSONError.hasByteOrderMark(bytes) {
      return "it begins with a byte order mark, which JSON does not have (RFC 8259, section 8.1)"
    }
    let isCut = reason == .unexpectedEnd
    return (isCut ? "it is cut off: \(explanation)" : explanation) + ", \(place(in: bytes))"
  }
}
