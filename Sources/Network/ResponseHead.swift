import OpenID

/// A status line with header lines, as libcurl let them through.
struct ResponseHead {
  var version: String
  var status: Int
  var reason: String
  var headers: HTTPHeaders

  init?(_ bytes: [UInt8]) {
    guard let first = Self.lines(of: bytes).first else { return nil }
    let parts = first.split(at: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0].begins(with: "HTTP/"), let status = Int(parts[1]) else {
      return nil
    }
    version = String(parts[0])
    self.status = status
    reason = parts.count == 3 ? String(parts[2]) : ""
    headers = Self.headers(of: bytes)
  }

  /// The header lines after the first line.
  static func headers(of bytes: [UInt8]) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for line in lines(of: bytes).dropFirst() {
      guard let (name, value) = line.cut(at: ":") else { continue }
      headers.add(String(name), value.trimmingBlanks)
    }
    return headers
  }

  private static func lines(of bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A).map { line in
      String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }.filter { !$0.isEmpty }
  }
}
