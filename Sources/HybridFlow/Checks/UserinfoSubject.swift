import OpenID

/// Whose profile the userinfo is, as far as it says so without doubt.
///
/// OpenID Connect Core 1.0, section 5.3.2: `sub` is a string, and one string; RFC 8259, section 4:
/// of a repeated name, one reader takes the first value and another one the last.
enum UserinfoSubject: Sendable, Equatable {
  /// Nothing can be read.
  case unreadable
  /// The name stands twice.
  case twice
  case absent
  /// It is of another type: a list, a number.
  case mistyped(JSONValue)
  case one(String)

  /// Reads a JSON body.
  init(_ body: [UInt8]) {
    do throws(JSONError) {
      self.init(try JSONParser.parse(body))
    } catch {
      self.init(error)
    }
  }

  /// Reads the payload of signed userinfo.
  init(signed examination: UserinfoExamination) {
    guard let token = try? examination.form.get() else {
      self = .unreadable
      return
    }
    do throws(TokenError) {
      self.init(try token.claims())
    } catch {
      if case .json(_, let fault) = error { self.init(fault) } else { self = .unreadable }
    }
  }

  private init(_ fault: JSONError) {
    self = fault.reason == .duplicateName("sub") ? .twice : .unreadable
  }

  private init(_ json: JSONValue) {
    switch json["sub"] {
    case nil: self = .absent
    case .string(let subject): self = .one(subject)
    case let other?: self = .mistyped(other)
    }
  }

  /// Compares it with the subject of the ID token.
  func check(against expected: String) -> Check {
    let found: String
    let why: String
    switch self {
    case .one(let subject):
      let matches = subject.isIdentical(to: expected)
      var check = Check(
        .userinfoSub, matches ? .pass : .fail, expected: expected,
        found: subject.isEmpty ? "empty" : subject,
        why: matches
          ? "The profile is that of the person who signed in."
          : "The profile is somebody else\u{2019}s; all of it is discarded.")
      if !matches { check.explain(Likeness.text(subject, to: expected)) }
      return check
    case .absent:
      (found, why) = ("absent", "Nothing says whose profile it is; all of it is discarded.")
    case .unreadable:
      (found, why) = (
        "nothing that can be read", "Nothing says whose profile it is; all of it is discarded."
      )
    case .twice:
      (found, why) = (
        "sub, twice",
        "One reader takes the first sub and another one the last: it is nobody\u{2019}s profile, and "
          + "all of it is discarded."
      )
    case .mistyped(let value):
      var check = Check(
        .userinfoSub, .fail, expected: expected,
        found: "\(value.typeName): \(value.compactText.prefix(bytes: 200))",
        why: (value.elements?.count ?? 0) > 1
          ? "A list names several people, and so nobody; all of it is discarded."
          : "A subject is a string and nothing else; all of it is discarded.")
      check.explain(Likeness.number(value, to: expected))
      return check
    }
    return Check(.userinfoSub, .fail, expected: expected, found: found, why: why)
  }
}
