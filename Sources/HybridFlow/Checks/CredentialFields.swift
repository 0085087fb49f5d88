import OpenID

/// What a person typed at the provider, arriving at the application.
///
/// It happens when the provider answers its login form with a 307: the browser then repeats the
/// whole form at the redirect URI. RFC 9700, section 4.12.
struct CredentialFields: Sendable {
  /// The request without the values of these fields.
  let request: HTTPRequest
  /// The names of the fields, each once, in order.
  let names: [String]
  /// Whether the body is the form of another page, and the answer stands in the address.
  let repeatsAnotherForm: Bool

  /// Looks at a request at the redirect URI.
  init(_ request: HTTPRequest) {
    let body = (try? FormEncoding.decode(request.body)) ?? []
    let found = body.map(\.name).filter(Self.isCredential)
    guard request.method == "POST", !found.isEmpty else {
      (self.request, names, repeatsAnotherForm) = (request, [], false)
      return
    }
    var cleaned = request
    cleaned.body = Array(
      FormEncoding.encode(
        body.map { Self.isCredential($0.name) ? FormField($0.name, Self.leftOut) : $0 }
      ).utf8)
    self.request = cleaned
    names = found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    let query = (try? FormEncoding.decode(request.query)) ?? []
    let inBody = Set(body.map(\.name))
    repeatsAnotherForm =
      Self.answers.isDisjoint(with: inBody) && query.contains { Self.answers.contains($0.name) }
  }

  /// What stands in the place of a value.
  static let leftOut = "(left out)"
  /// The parameters that make a request an answer.
  private static let answers: Set<String> = ["code", "id_token", "access_token", "error"]

  private static let words: Set<String> = [
    "password", "passwd", "passwort", "passphrase", "passcode", "pwd", "pass", "pin", "otp", "totp",
    "username", "userid", "loginname", "signinname", "loginfmt", "logonidentifier",
  ]

  /// Whether a field of this name holds what a person types to sign in.
  ///
  /// `user` is none: Apple sends a profile under it.
  static func isCredential(_ name: String) -> Bool {
    let last = name.split(atAnyOf: "[.:").last.map(String.init) ?? name
    let letters = last.asciiLowercased.utf8.filter { (0x61...0x7A).contains($0) }
    let word = String(decoding: letters, as: UTF8.self)
    return words.contains(word) || word.ends(with: "password")
  }

  static func check(_ answer: AuthorizationResponse) -> Check {
    let names = answer.credentials
    return Check(
      .callbackNoCredentials, names.isEmpty ? .pass : .fail,
      expected: "nothing that a person types to sign in",
      found: names.isEmpty
        ? "nothing of the kind" : "the fields \(names.joined(separator: ", "))",
      why: names.isEmpty
        ? "What was typed at the provider stayed there."
        : "The browser has repeated the provider\u{2019}s login form here, as a 307 makes it do. The "
          + "values are neither shown nor kept.")
  }
}

// The rule.
extension CheckID {
  package static let callbackNoCredentials = CheckID(
    "callback-no-credentials", .error,
    rule: "the answer brings nothing that a person types to sign in",
    shows: "a login form answered with 307: the application gets the password",
    next: "Let the provider answer its login form with 303, and change the password.",
    spec: .rfc(9700, "4.12"))
}
