import OpenID

/// Finds the values of a message that must not be seen: by their names, by what they look like,
/// and within each other.
///
/// A name says what a value is, where ``SecretPolicy`` knows it. Where it does not, a value of an
/// authorization answer, of a token request or of its answer that is long and random
/// (``SecretShape``) is taken for a secret: nobody can know the names of all providers. Values are
/// looked through for others: addresses for their queries, JSON and JWTs for their members.
///
/// Each text is gone through a fixed number of times.
public struct SecretFinder: Sendable {
  /// Values by their names, the inner ones first.
  private(set) var known: [KnownSecret] = []
  /// Values by what they look like.
  private(set) var guessed: [KnownSecret] = []
  /// What is long and random under a name of which anybody may see the value, such as a client id.
  ///
  /// Elsewhere it is no secret either, unless its name there says so.
  private(set) var open: Set<String> = []

  /// Makes one that knows nothing yet.
  public init() {}

  /// The most values of one message that are taken for secrets by what they look like: no answer
  /// has as many.
  static let guessedMaximum = 200
  /// How deep values are looked for in values.
  private static let depthMaximum = 4

  /// Where a value stands.
  private struct Place {
    /// Whether what is long and random is a secret here.
    var guesses: Bool
    /// Whether it is a member of JSON, where `code` is mostly that of an error.
    var isMember = false
    var depth = 0

    var inside: Place { Place(guesses: guesses, isMember: isMember, depth: depth + 1) }
  }

  /// All that was found.
  public var secrets: [KnownSecret] { Self.secrets([self]) }

  /// All that several have found: what is open in one of them is no guess of another.
  static func secrets(_ finders: [SecretFinder]) -> [KnownSecret] {
    let open = finders.reduce(into: Set<String>()) { $0.formUnion($1.open) }
    return finders.flatMap { finder in
      finder.known + finder.guessed.filter { !open.contains($0.value) }
    }
  }

  // MARK: - One value

  /// Reads a field; `guesses` in an answer, a token request or a page.
  public mutating func read(_ field: FormField, guesses: Bool) {
    read(field.value, named: field.name, Place(guesses: guesses))
  }

  /// Reads a token that stands alone.
  public mutating func read(token: String) {
    readInside(token, Place(guesses: false, depth: 1))
    add(token, keepsEnds: true)
  }

  private mutating func read(_ value: String, named name: String, _ place: Place) {
    guard !value.isEmpty else { return }
    let kind = SecretPolicy.kind(of: name)
    let isOpen = kind == .personal || kind == nil && SecretPolicy.isOpen(name)
    var inner = place.inside
    // Of the tokens that are known, the claims are as well; of others nothing is.
    inner.guesses = place.guesses && kind == nil && !isOpen
    readInside(value, inner)
    if isOpen {
      if SecretShape.isRandom(value) { open.insert(value) }
      return
    }
    switch kind {
    case .hidden: add(value, keepsEnds: false)
    case .endsShown:
      if place.isMember, SecretPolicy.isCode(name), !SecretShape.isRandom(value) { return }
      add(value, keepsEnds: true)
    case .personal, nil:
      if SecretShape.isJWT(value) {
        add(value, keepsEnds: true)
      } else if place.guesses, guessed.count < Self.guessedMaximum, SecretShape.isRandom(value) {
        guessed.append(KnownSecret(value, keepsEnds: true))
      }
    }
  }

  /// Takes a cookie for a secret.
  mutating func add(cookie: String) { add(cookie, keepsEnds: false) }

  private mutating func add(_ value: String, keepsEnds: Bool) {
    // A provider may not make a word of the protocol vanish from all that is shown.
    guard !SecretPolicy.isWord(value) else { return }
    known.append(KnownSecret(value, keepsEnds: keepsEnds))
  }

  /// Reads what a value holds: an address, fields, JSON, a JWT, each perhaps encoded once more.
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
    let text = address.from(anyOf: "?#").dropFirst()
    guard !text.isEmpty else { return }
    // What asks for a login is written by the person; an answer is not.
    let isRequest = ["response_type=", "request_uri="].contains { text.holds($0) }
    read(form: text, Place(guesses: guesses && !isRequest))
  }

  /// Reads a body, a query or a fragment.
  mutating func read(form text: some StringProtocol, guesses: Bool) {
    read(form: text, Place(guesses: guesses))
  }

  private mutating func read(form text: some StringProtocol, _ place: Place) {
    // An address within a field has its own delimiters.
    let delimiters = place.depth == 0 ? "&#" : "?&#;"
    for part in String(text).split(atAnyOf: delimiters) {
      // A value without a name may be a secret as well.
      let field = FormField(written: part) ?? FormField("", FormField.decoded(part))
      var place = place
      place.isMember = false
      let count = known.count + guessed.count
      read(field.value, named: field.name, place)
      // Who writes %63ode for code hides it from those who look for the usual ways to write it.
      if known.count + guessed.count > count, part.utf8.contains(UInt8(ascii: "%")) {
        add(String(part.cut(at: "=")?.after ?? part), keepsEnds: false)
      }
    }
  }

  // MARK: - JSON

  /// Reads JSON, or what is left of it; names count for all that stands below them.
  public mutating func read(json bytes: [UInt8], guesses: Bool) {
    read(json: bytes, Place(guesses: guesses, isMember: true))
  }

  private mutating func read(json bytes: [UInt8], _ place: Place) {
    var place = place
    place.isMember = true
    JSONStrings.walk(bytes) { path, value, range in
      let count = known.count + guessed.count
      read(value, named: path.last { !$0.isEmpty } ?? "", place)
      let raw = bytes[range].dropFirst().dropLast()
      guard known.count + guessed.count > count, raw.contains(UInt8(ascii: "\\")) else { return }
      // {"access_token":"\u0065yJ…"} is shown as it came.
      add(String(decoding: raw, as: UTF8.self), keepsEnds: false)
    }
  }

  // MARK: - Pages and texts

  /// Reads a page: its hidden fields, and what its text and scripts name as a secret.
  mutating func read(html bytes: [UInt8]) {
    guard bytes.count <= Limit.responseBodyBytes else { return }
    if let url = try? WebURL("http://localhost/"), let page = try? HTMLPage(bytes: bytes, url: url)
    {
      for input in page.forms.flatMap(\.inputs) where input.isHidden {
        read(FormField(input.name, input.value), guesses: true)
      }
    }
    read(text: bytes, guesses: false)
  }

  /// Reads a text of any kind: whatever looks like a JWT, and values behind a name and `=` or `:`.
  mutating func read(text bytes: [UInt8], guesses: Bool) {
    for pair in NamedValues.all(in: bytes) {
      read(pair, guesses: guesses)
    }
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
    // "password: required" is said in texts; a secret has letters and digits.
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
  /// Reads a request that was made for this address.
  mutating func read(_ request: HTTPRequest, url: String) {
    read(address: url, guesses: true)
    read(address: request.target, guesses: true)
    read(request.headers)
    read(body: request.body, request.headers.mediaType, isAnswer: true)
  }

  /// Reads a response; `isAnswer` where it comes from the token endpoint.
  mutating func read(_ response: HTTPResponse, isAnswer: Bool) {
    read(response.headers)
    read(body: response.body, response.headers.mediaType, isAnswer: isAnswer)
  }

  private mutating func read(_ headers: HTTPHeaders) {
    for header in headers.lines {
      switch header.name.asciiLowercased {
      case "location", "content-location", "referer":
        read(address: header.value, guesses: true)
      // What has parts of its own is read apart from here.
      case "set-cookie", "cookie", "authorization", "proxy-authorization": break
      case let name where SecretPolicy.isCredential(header: name):
        add(header.value, keepsEnds: false)
      default: read(text: Array(header.value.utf8), guesses: false)
      }
    }
  }

  private mutating func read(body: [UInt8], _ type: String?, isAnswer: Bool) {
    guard let first = body.first(where: { $0 > 0x20 }) else { return }
    let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    switch type {
    case "application/x-www-form-urlencoded":
      let text = String(decoding: body, as: UTF8.self)
      read(form: text, guesses: !text.holds("response_type="))
    case "text/html": read(html: body)
    case .some(let type) where type.ends(with: "json"): read(answer: body, isAnswer: isAnswer)
    // Whoever forgets to say what it is sends secrets all the same.
    default:
      if isJSON {
        read(answer: body, isAnswer: isAnswer)
      } else if body.count <= Limit.responseBodyBytes {
        read(text: body, guesses: isAnswer)
      }
    }
  }

  private mutating func read(answer body: [UInt8], isAnswer: Bool) {
    guard body.count <= Limit.jsonBytes else { return }
    var names: Set<String> = []
    JSONStrings.walk(body, name: { names.insert($0) }, { _, _, _ in })
    // Keys and metadata are for everybody; what an API says has names that no list can know.
    let isDocument = !names.isDisjoint(with: ["keys", "kty", "jwks_uri", "authorization_endpoint"])
    let isToken = !names.isDisjoint(with: SecretPolicy.answerMembers)
    read(json: body, guesses: (isAnswer || isToken) && !isDocument)
  }
}

extension FormField {
  /// A field as it is written in a form or a query; nil without `=`.
  ///
  /// What cannot be decoded counts as it is written: a code with a damaged escape is still one.
  init?(written part: Substring) {
    guard let (name, value) = part.cut(at: "=") else { return nil }
    self.init(Self.decoded(name), Self.decoded(value))
  }

  /// A name or value decoded, or as it is written.
  static func decoded(_ text: some StringProtocol) -> String {
    (try? FormEncoding.decodeComponent(text.utf8, plusIsSpace: true)) ?? String(text)
  }
}
