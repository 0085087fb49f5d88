import OpenID

/// Checks on the headers of a provider's response, and on the lifetime of its token.
public enum AnswerChecks: Sendable {
  /// The longest plausible `expires_in`, in seconds: a year.
  static let tokenLifeSecondsMaximum: Int64 = 366 * 86_400

  /// The responses whose bodies are read.
  enum Kind {
    case metadata, keys, tokens, userinfo

    var words: String {
      switch self {
      case .metadata: "the discovery document"
      case .keys: "the key set"
      case .tokens: "the token response"
      case .userinfo: "the userinfo"
      }
    }

    /// The allowed media types.
    var mediaTypes: [String] {
      switch self {
      case .metadata, .tokens: ["application/json"]
      // RFC 7517, section 8.5.
      case .keys: ["application/json", "application/jwk-set+json"]
      case .userinfo: ["application/json", "application/jwt"]
      }
    }

    var spec: SpecReference {
      switch self {
      case .metadata: .discovery("4.2")
      case .keys: .rfc(7517, "8.5")
      case .tokens: .rfc(6749, "5.1")
      case .userinfo: .core("5.3.2")
      }
    }
  }

  /// Whether a body has an allowed media type and the requested encoding.
  static func body(_ response: HTTPResponse, _ kind: Kind) -> [Check] {
    let type = response.headers.mediaType
    let isRight = type.map(kind.mediaTypes.contains) ?? false
    return [
      Check(
        .answerContentType, isRight ? .pass : .warn,
        expected: kind.mediaTypes.joined(separator: " or "), found: type ?? "absent",
        why: isRight
          ? "The headers of \(kind.words) say what it is."
          : "The headers of \(kind.words) say something else: others may refuse to read it, or "
            + "a browser may show it as a page.",
        spec: kind.spec),
      coding(response, kind),
    ]
  }

  /// Whether the body has the requested encoding.
  private static func coding(_ response: HTTPResponse, _ kind: Kind) -> Check {
    let coding = response.contentCoding
    return Check(
      .answerNotCompressed, coding == nil ? .pass : .warn, expected: "no Content-Encoding",
      found: coding ?? "no Content-Encoding",
      why: coding == nil
        ? "The body of \(kind.words) came as it is."
        : "No compression was asked for, and none is undone here: the body of \(kind.words) was "
          + "read as it came.")
  }

  /// The checks for a body that could not be read, without the one on its media type.
  static func unreadable(_ response: HTTPResponse, _ kind: Kind) -> [Check] {
    [coding(response, kind)].filter { $0.verdict != .pass }
  }

  /// Whether an access token is a bearer token, and else `whyNot`.
  package static func tokenType(_ id: CheckID, _ found: String?, whyNot: String) -> Check {
    let isBearer = found?.asciiLowercased == "bearer"
    return Check(
      id, isBearer ? .pass : .fail, expected: "Bearer", found: found ?? "absent",
      why: isBearer ? "Anyone who bears the token may use it." : whyNot)
  }

  /// The lifetime of an access token in a form field, which is always a string.
  public static func lifetime(field: String?) -> Check {
    lifetime(
      field.map { (text: $0, seconds: seconds($0), isText: false) },
      digits: "a whole number of seconds")
  }

  /// The lifetime of an access token in a JSON member.
  public static func lifetime(member: JSONValue?) -> Check {
    lifetime(
      member.map { value in
        (
          text: value.string ?? value.compactText,
          seconds: value.integer ?? value.string.flatMap(seconds), isText: value.string != nil
        )
      }, digits: "a JSON number of seconds")
  }

  private static func lifetime(
    _ found: (text: String, seconds: Int64?, isText: Bool)?, digits: String
  ) -> Check {
    guard let found else {
      return Check(.expiresIn, .skip, why: "The answer does not say how long its token lives.")
    }
    func verdict(_ verdict: Check.Verdict, _ why: String) -> Check {
      Check(
        .expiresIn, verdict, expected: "\(digits), 1 to \(tokenLifeSecondsMaximum)",
        found: found.isText ? "the text \u{201C}\(found.text)\u{201D}" : found.text, why: why)
    }
    guard let seconds = found.seconds else {
      return verdict(.warn, "It is no number of seconds that a clock could count.")
    }
    if seconds <= 0 { return verdict(.warn, "The token would have ended before it came.") }
    if seconds > tokenLifeSecondsMaximum {
      return verdict(
        .warn, "It is more than a year: milliseconds, perhaps, or a date in place of a duration.")
    }
    if found.isText {
      return verdict(
        .warn, "A text stands where a number belongs: other clients may not be able to read it.")
    }
    return verdict(.pass, "It can be counted; how long the token really lives, only the API knows.")
  }

  /// RFC 6749, appendix A.14: only digits; a minus sign is read so that it can be reported.
  private static func seconds(_ text: String) -> Int64? {
    let bytes = text.utf8
    let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
  }
}

extension HTTPResponse {
  /// `Content-Encoding`, all lines of it; nil when it is absent or `identity`.
  ///
  /// RFC 9110, section 8.4. This program requests no encoding and decodes none.
  var contentCoding: String? { headers.contentCoding }

  /// A note for a body that cannot be read; empty when it is not compressed.
  package var codingNote: String {
    contentCoding.map {
      " It is compressed (Content-Encoding: \($0)), which was not asked for."
    } ?? ""
  }
}

extension HTTPHeaders {
  /// `Content-Encoding`, all lines of it; nil when it is absent or `identity`.
  var contentCoding: String? {
    let text = all("Content-Encoding").map(\.trimmingBlanks).filter {
      !$0.isEmpty && $0.asciiLowercased != "identity"
    }.joined(separator: ", ")
    return text.isEmpty ? nil : text
  }
}

// The rules.
extension CheckID {
  package static let answerContentType = CheckID(
    "answer-content-type", .warning,
    rule: "the headers of an answer say what its body is",
    shows: "a proxy’s page, or a body that others read as something else",
    next: "Look at Content-Type in the Wire view, and who stands between.",
    spec: .rfc(6749, "5.1"))

  package static let answerNotCompressed = CheckID(
    "answer-not-compressed", .warning,
    rule: "the body of an answer is not compressed, for nothing has asked for it",
    shows: "a proxy that changes bodies, or a header that is wrong",
    next: "Look at Content-Encoding in the Wire view, and who stands between.",
    spec: .rfc(9110, "8.4"))

  package static let expiresIn = CheckID(
    "expires-in", .warning,
    rule: "expires_in, if there, is a positive number of seconds, a year at most",
    shows: "a token thought to be good for ever, or for no time at all",
    next: "Look at expires_in in the Wire view, and tell the operator.",
    spec: .rfc(6749, "5.1"))
}

extension AnswerChecks {
  static let headerRules: [CheckID] = [
    .answerContentType, .answerNotCompressed,
  ]
  static let lifetimeRules: [CheckID] = [
    .expiresIn
  ]
}
