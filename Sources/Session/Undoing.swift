import OpenID

/// Takes a change back in a message that has gone over the wire, where clients and servers add
/// header lines of their own: these stay.
extension HTTPRequest {
  /// This request, which was sent as `changed`, as it would be if `honest` had been sent.
  func undoing(_ changed: HTTPRequest, to honest: HTTPRequest) -> HTTPRequest {
    guard changed != honest else { return self }
    var output = self
    (output.method, output.body) = (honest.method, honest.body)
    if changed.target != honest.target { output.target = honest.target }
    output.headers.undo(changed.headers, to: honest.headers, length: honest.body.count)
    return output
  }
}

extension HTTPResponse {
  /// This response, which was made as `changed`, as it would be if `honest` had been made.
  func undoing(_ changed: HTTPResponse, to honest: HTTPResponse) -> HTTPResponse {
    var output = self
    (output.status, output.reason, output.body) = (honest.status, honest.reason, honest.body)
    output.headers.undo(changed.headers, to: honest.headers, length: honest.body.count)
    return output
  }
}

extension HTTPHeaders {
  fileprivate mutating func undo(_ changed: HTTPHeaders, to honest: HTTPHeaders, length: Int) {
    for line in changed.lines + honest.lines where changed.all(line.name) != honest.all(line.name) {
      lines.removeAll { $0.name.isIdentical(toIgnoringCase: line.name) }
      lines += honest.lines.filter { $0.name.isIdentical(toIgnoringCase: line.name) }
    }
    if self["Content-Length"] != nil { set("Content-Length", String(length)) }
  }
}
