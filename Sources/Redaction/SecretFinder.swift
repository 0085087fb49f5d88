import OpenID

/// Finds the secret values of a message: by their names, by their shape, and inside other values.
///
/// If ``SecretPolicy`` knows a name, it decides. If not, a long and random value (``SecretShape``)
/// counts as secret in an authorization response, a token request or a token response, because the
/// names of all providers cannot be known. Values are searched for others: the queries of
/// addresses, the members of JSON and JWTs.
///
/// Each text is read a fixed number of times.
public struct SecretFinder: Sendable {
  /// Secrets found by name, the inner ones first.
  private(set) var known: [KnownSecret] = []
  /// Secrets found by shape.
  private(set) var guessed: [KnownSecret] = []
  /// The values of cookies, which may be any word.
  private(set) var cookies: [KnownSecret] = []
  /// Long, random values under names that are not secret, such as a client id.
  ///
  /// Elsewhere they are not secret either, unless a name there says so.
  private(set) var open: Set<String> = []

  /// Makes a finder that knows nothing yet.
  public init() {}

  /// Most values of one message that count as secret by their shape: no real message has as many.
  static let guessedMaximum = 200
  /// How deep values are searched for other values.
  private static let depthMaximum = 4

  /// The position of a value.
  private struct Place {
    /// Whether a long, random value counts as secret here.
    var guesses: Bool
    /// Whether it is a member of JSON, where `code` is usually an error code.
    var isMember = false
    var depth = 0

    var inside: Place { Place(guesses: guesses, depth: depth + 1) }
  }

  /// All secrets found.
  public var secrets: [KnownSecret] { Self.secrets([self]) }

  /// All secrets of several finders; a value that one of them found open is not a guess in another.
  static func secrets(_ finders: [SecretFinder]) -> [KnownSecret] {
    let open = finders.reduce(into: Set<String>()) { $0.formUnion($1.open) }
    return finders.flatMap { finder in
      finder.known + finder.cookies + finder.guessed.filter { !open.contains($0.value) }
    }
  }

  // MARK: - One value

  /// Reads a field; pass `guesses` for a response, a token request or a page.
  public mutating func read(_ field: FormField, guesses: Bool) {
    read(field.value, named: field.name, Place(guesses: guesses))
  }

  /// Reads a token on its own.
  public mutating func read(token: String) {
    readInside(token, Place(guesses: false, depth: 1))
    add(token, keepsEnds: true)
  }

  private mutating func read(_ value: String, named name: String, _ place: Place) {
    guard !value.isEmpty else { return }
    let kind =
      place.isMember ? SecretPolicy.kind(ofMember: name, value) : SecretPolicy.kind(of: name)
    let isOpen = kind == .personal || kind == nil && SecretPolicy.isOpen(name)
    var inner = place.inside
    // Inside a known secret or an open value, nothing is guessed.
    inner.guesses = place.guesses && kind == nil && !isOpen
    readInside(value, inner)
    if isOpen {
      if SecretShape.isRandom(value) { open.insert(value) }
      return
    }
    switch kind {
    case .hidden: add(value, keepsEnds: false)
    case .endsShown: add(value, keepsEnds: true)
    case .personal, nil:
      if SecretShape.isJWT(value) {
        add(value, keepsEnds: true)
      } else if place.guesses, guessed.count < Self.guessedMaximum, SecretShape.isRandom(value) {
        guessed.append(KnownSecret(value, keepsEnds: true))
      }
    }
  }

  private mutating func add(_ value: String, keepsEnds: Bool) {
    // A provider must not be able to make a protocol word disappear from the output.
    guard !SecretPolicy.isWord(value) else { return }
    known.append(KnownSecret(value, keepsEnds: keepsEnds))
  }

  /// Reads the contents of a value: an address, fields, JSON or a JWT, possibly encoded again.
  private mutating func readInside(_ value: String, _ place: Place) {
    guard place.depth <= Self.depthMaximum else { return }
    let bytes = value.utf8
    if bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") {
      return read(json: Array(bytes), place)
    }
    if bytes.starts(with: "eyJ".utf8) {
      for segment in value.split(at: ".").prefix(2) {
        guard let decoded = try? Base64URL.decode(segment), decoded.first == UInt8(ascii: "{")
        else { continue }
        read(json: decoded, place)
      }
      return
    }
    if bytes.contains(UInt8(ascii: "=")) {
      read(form: value, place)
    } else if bytes.contains(UInt8(ascii: "%")) {
      let decoded = FormField.decoded(value)
      if !decoded.isIdentical(to: value) { readInside(decoded, place.inside) }
    }
  }

  // MARK: - Fields

  /// Reads an address: the fields of its query and of its fragment.
  mutating func read(address: String, guesses: Bool) {
    // The person writes an authorization request; a response comes from the provider.
    let isRequest = ["response_type=", "request_uri="].contains {
      address.from(anyOf: "?#").holds($0)
    }
    let parts = MessagePart.parts(ofAddress: address)
    for part in parts.drop(while: { $0 != .frame("?") && $0 != .frame("#") }) {
      read(part, Place(guesses: guesses && !isRequest))
    }
  }

  /// Reads a body, a query or a fragment.
  mutating func read(form text: some StringProtocol, guesses: Bool) {
    read(form: text, Place(guesses: guesses))
  }

  private mutating func read(form text: some StringProtocol, _ place: Place) {
    // An address inside a field has its own delimiters.
    let delimiters = place.depth == 0 ? "&#" : "?&#;"
    for part in MessagePart.parts(ofFields: String(text)[...], delimiters: delimiters) {
      read(part, place)
    }
  }

  /// Reads a part of an address, a form or a header.
  private mutating func read(_ part: MessagePart, _ place: Place) {
    let written: Substring
    let count = known.count + guessed.count
    switch part {
    case .frame: return
    case .credential(let value, let scheme):
      return add(String(value), keepsEnds: scheme == "bearer")
    case .cookie(let value):
      guard !SecretPolicy.isWord(String(value)) else { return }
      return cookies.append(KnownSecret(String(value), keepsEnds: false))
    case .field(let field, _, let value):
      read(field.value, named: field.name, place)
      written = value
    case .text(let value):
      // A value without a name may also be a secret.
      read(FormField.decoded(value), named: "", place)
      written = value
    }
    // Unusual encoding, such as %63ode for code, would hide a value from the usual search.
    if known.count + guessed.count > count, written.utf8.contains(UInt8(ascii: "%")) {
      add(String(written), keepsEnds: false)
    }
  }

  // MARK: - JSON

  /// Reads JSON, also if it is damaged; a name counts for everything below it.
  public mutating func read(json bytes: [UInt8], guesses: Bool) {
    read(json: bytes, Place(guesses: guesses, isMember: true))
  }

  private mutating func read(json bytes: [UInt8], _ place: Place) {
    var place = place
    place.isMember = true
    var isKey = false
    var keyMembers: [String] = []
    JSONStrings.walk(bytes, name: { isKey = isKey || $0 == "kty" }) { path, value, range in
      let name = path.last { !$0.isEmpty } ?? ""
      if JSONWebKey.privateMemberNames.contains(name) { keyMembers.append(value) }
      let count = known.count + guessed.count
      read(value, named: name, place)
      let raw = bytes[range].dropFirst().dropLast()
      guard known.count + guessed.count > count, raw.contains(UInt8(ascii: "\\")) else { return }
      // {"access_token":"\u0065yJ…"} is shown as written.
      add(String(decoding: raw, as: UTF8.self), keepsEnds: false)
    }
    // RFC 7517, section 4.1: `kty` makes an object a key.
    if isKey { for member in keyMembers { add(member, keepsEnds: false) } }
  }

  // MARK: - Pages and texts

  /// Reads a page: its hidden fields, and the named secrets in its text and scripts.
  mutating func read(html bytes: [UInt8]) {
    guard bytes.count <= Limit.responseBodyBytes else { return }
    for field in HTMLPage.hiddenFields(in: bytes) { read(field, guesses: true) }
    read(text: bytes, guesses: false)
  }

  /// Reads a text of any kind: all that looks like a JWT, and values after a name and `=` or `:`.
  mutating func read(text bytes: [UInt8], guesses: Bool) {
    for token in SecretShape.tokens(in: bytes) { read(token: token) }
    for pair in NamedValues.all(in: bytes) { read(pair, guesses: guesses) }
    guard bytes.contains(where: { "%\\&".utf8.contains($0) }) else { return }
    for pair in NamedValues.all(in: TextUnwrapper.unwrap(String(decoding: bytes, as: UTF8.self))) {
      read(pair, guesses: guesses)
    }
  }

  private mutating func read(_ pair: NamedValues.Pair, guesses: Bool) {
    if SecretShape.isJWT(pair.value) {
      return read(token: pair.value)
    }
    guard !pair.name.isEmpty else { return }
    let isRandom = SecretShape.isRandom(pair.value)
    switch SecretPolicy.kind(of: pair.name) {
    // Texts may say "password: required"; a secret has letters and digits.
    case .hidden where isRandom || SecretShape.isMixed(pair.value):
      add(pair.value, keepsEnds: false)
    case .endsShown where isRandom: add(pair.value, keepsEnds: true)
    case nil
    where guesses && isRandom && !SecretPolicy.isOpen(pair.name)
      && guessed.count < Self.guessedMaximum:
      guessed.append(KnownSecret(pair.value, keepsEnds: true))
    default: break
    }
  }
}

// MARK: - Messages

extension SecretFinder {
  /// Reads a request to this address.
  mutating func read(_ request: HTTPRequest, url: String) {
    read(address: url, guesses: true)
    read(address: request.target, guesses: true)
    read(request.headers)
    read(body: request.body, request.headers.mediaType, isAnswer: true)
  }

  /// Reads a response; `isAnswer` if it comes from the token endpoint.
  mutating func read(_ response: HTTPResponse, isAnswer: Bool) {
    read(response.headers)
    read(body: response.body, response.headers.mediaType, isAnswer: isAnswer)
  }

  private mutating func read(_ headers: HTTPHeaders) {
    for header in headers.lines {
      switch SecretPolicy.content(ofHeader: header.name) {
      case .address: read(address: header.value, guesses: true)
      case .text: read(text: Array(header.value.utf8), guesses: false)
      case .authorization, .cookies, .setCookie, .credential: read(credentialsOf: header)
      }
    }
  }

  /// Reads a header that consists of credentials or cookies; nothing in any other.
  mutating func read(credentialsOf header: HTTPHeader) {
    for part in MessagePart.parts(of: header) {
      switch part {
      case .credential, .cookie: read(part, Place(guesses: false))
      case .frame, .field, .text: break
      }
    }
  }

  /// Reads what may be a header in a pasted text: its credentials, if they look like some.
  mutating func read(pastedHeader text: Substring) {
    guard let (before, value) = text.cut(at: ":"), let name = before.split(atAnyOf: " \t<>").last,
      [.authorization, .cookies, .setCookie].contains(SecretPolicy.content(ofHeader: String(name)))
    else { return }
    var finder = SecretFinder()
    finder.read(credentialsOf: HTTPHeader(String(name), value.trimmingBlanks))
    func isLikely(_ secret: KnownSecret) -> Bool {
      SecretShape.isRandom(secret.value) || SecretShape.isMixed(secret.value)
    }
    known += finder.known.filter(isLikely)
    cookies += finder.cookies.filter(isLikely)
  }

  private mutating func read(body: [UInt8], _ type: String?, isAnswer: Bool) {
    switch BodyForm(body, mediaType: type) {
    case .form:
      let text = String(decoding: body, as: UTF8.self)
      read(form: text, guesses: !text.holds("response_type="))
    case .html: read(html: body)
    case .json: read(answer: body, isAnswer: isAnswer)
    case .text where body.count <= Limit.responseBodyBytes: read(text: body, guesses: isAnswer)
    case .text: break
    }
  }

  private mutating func read(answer body: [UInt8], isAnswer: Bool) {
    guard body.count <= Limit.jsonBytes else { return }
    var names: Set<String> = []
    JSONStrings.walk(body, name: { names.insert($0) }, { _, _, _ in })
    // Keys and metadata are public; the names in an API's data cannot be known.
    let isDocument = !names.isDisjoint(with: ["keys", "kty", "jwks_uri", "authorization_endpoint"])
    let isToken = !names.isDisjoint(with: SecretPolicy.answerMembers)
    read(json: body, guesses: (isAnswer || isToken) && !isDocument)
  }
}
