import HybridFlow
import OpenID

/// Single headers of a response that people paste: `WWW-Authenticate` and `Set-Cookie`.
enum HeaderDocument {
  /// The challenges or cookies of a text whose first line is such a header, or a status line.
  static func read(_ text: String) -> PastedMessage? {
    let lines = text.lines.map { line in
      // curl -v writes what it receives behind a sign.
      String(line.dropping(prefix: "< ") ?? line).trimmingSpace
    }
    guard let first = lines.first?.asciiLowercased,
      first.begins(with: "http/") || headers.contains(where: { first.begins(with: $0) })
    else { return nil }
    let challenges = values("www-authenticate:", lines)
      .flatMap { AuthenticationChallenge.challenges(in: $0) }
    if !challenges.isEmpty {
      return PastedMessage(
        .challenge,
        fields: challenges.flatMap { [FormField("scheme", $0.scheme)] + $0.parameters })
    }
    let cookies = values("set-cookie:", lines).compactMap { SetCookie(header: $0) }
    guard !cookies.isEmpty else { return nil }
    var message = PastedMessage(
      .setCookie,
      fields: cookies.flatMap { cookie in
        [FormField(cookie.name, "\(cookie.valueBytes) bytes, not shown")]
          + cookie.attributes.map { FormField($0.name, $0.value.isEmpty ? "set" : $0.value) }
      })
    message.cookies = cookies
    return message
  }

  private static let headers = ["www-authenticate:", "set-cookie:"]

  private static func values(_ header: String, _ lines: [String]) -> [String] {
    lines.filter { $0.asciiLowercased.begins(with: header) }
      .map { String($0.dropFirst(bytes: header.utf8.count)).trimmingSpace }
  }

  /// Whether each cookie would come back with the answer of a login by form_post.
  static func checks(_ message: PastedMessage) -> [PastedCheck] {
    message.cookies.map { cookie in
      let spec = SpecReference("RFC 6265bis", "5.6")
      let seen = cookie["SameSite"].map { "SameSite=\($0)" } ?? "no SameSite"
      let found = seen + (cookie["Secure"] == nil ? ", not Secure" : ", Secure")
      func check(_ verdict: Check.Verdict, _ why: String) -> PastedCheck {
        PastedCheck(
          cookie.name, "cookie-form-post", verdict, expected: "SameSite=None and Secure",
          found: found, why: why, spec: spec)
      }
      switch cookie.fate {
      case .dropped(let why): return check(.fail, "Browsers drop this cookie: \(why).")
      case .comesBack:
        return check(.pass, "It comes back with the form post of an answer from another site.")
      case .staysAway(let why):
        return check(
          .warn,
          "It does not come back with the form post of an answer from another site: \(why). A "
            + "login by form_post loses what it keeps in it; for other cookies that is right.")
      }
    }
  }
}
