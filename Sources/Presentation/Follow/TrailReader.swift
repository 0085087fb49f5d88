import HybridFlow
import OpenID

/// Reads the records of a run into a ``Trail``.
///
/// Bodies above ``MessageDocument/bodyBytesMax`` are left out, as the views leave them out; the
/// number of all places is limited.
struct TrailReader {
  private(set) var trail = Trail()
  private let authorizeURL: String?
  private var holders: [[UInt8]: Set<Actor>] = [:]
  private var fieldsSeen: Set<String> = []
  private var count = 0

  /// The most places that are kept.
  private static let mostPlaces = 20_000

  /// Shorter values stand in too many places to mean anything.
  private static let leastBytes = 4
  /// The longest value that is compared, and the most levels of values inside values.
  private static let mostBytes = 64 * 1024
  private static let depth = 4

  /// - Parameter records: The stages in order.
  static func trail(of records: [StageRecord], authorizeURL: String?) -> Trail {
    var reader = TrailReader(authorizeURL)
    for record in records { reader.read(record) }
    // What is compared must have been found before: a check makes no value.
    for record in records { reader.readChecks(of: record) }
    reader.name()
    return reader.trail
  }

  private init(_ authorizeURL: String?) { self.authorizeURL = authorizeURL }

  private mutating func read(_ record: StageRecord) {
    for message in record.messages { read(message) }
    for token in record.tokens { read(token, record.stage) }
    for value in record.values { read(value, record) }
  }

  // MARK: - Values and tokens

  private mutating func read(_ value: FlowValue, _ record: StageRecord) {
    let stage = record.stage
    let isToken = record.tokens.contains { $0.text.isIdentical(to: value.value) }
    if !isToken {
      note(
        value.value,
        Place(
          stage: stage, view: .decoded, row: "value:\(stage.id):\(value.name)", kind: .value,
          name: value.name), ofFlow: value)
    }
    let before = holders[Array(value.value.utf8)] ?? []
    let after = before.union(value.holders)
    holders[Array(value.value.utf8)] = after
    guard after != before || isToken else { return }
    note(
      value.value,
      Place(
        stage: stage, view: .holders, row: Self.holderRow(value.value),
        kind: .holders(Actor.allCases.filter { after.contains($0) }), name: value.name),
      ofFlow: value)
  }

  /// The row of a value among those that tell who holds it.
  static func holderRow(_ value: String) -> String { "holder:\(Array(value.utf8).hashValue)" }

  private mutating func read(_ token: TokenRecord, _ stage: Stage) {
    let use = token.use.rawValue
    note(
      token.text,
      Place(
        stage: stage, view: .decoded, row: "token:\(stage.id):\(use)", kind: .token, name: use))
    for (title, members) in [("header", token.header), ("claims", token.claims)] {
      for member in members?.members ?? [] {
        read(
          member.value,
          Place(
            stage: stage, view: .decoded, row: "member:\(stage.id):\(use):\(title):\(member.name)",
            kind: .claim(use), name: member.name), Self.depth)
      }
    }
  }

  // MARK: - Messages

  private mutating func read(_ message: Message) {
    let stage = message.stage
    let way: Place.Way? =
      message.to == .authorizationServer
      ? .into
      : message.from == .authorizationServer || (stage == .callback && message.to == .application)
        ? .out : nil
    func place(_ row: String, _ kind: Place.Kind, _ name: String) -> Place {
      Place(
        stage: stage, view: .wire, row: row, kind: kind, name: name, message: message.id, way: way,
        fault: message.tamperedBy)
    }
    if let request = message.request {
      note(
        String(message.url.before(anyOf: "?#")),
        place("message:\(message.id)", .address, "address"))
      let isTold = authorizeURL?.isIdentical(to: message.url) == true
      for field in Self.fields(request.fragment ?? request.query) {
        let row =
          !isTold
          ? "field:\(stage.id):query\(message.id):\(field.name)"
          : stage == .authorize ? "field:authorize:url:\(field.name)" : "url:\(message.id)"
        read(field.value, place(row, .parameter, field.name), Self.depth)
      }
    }
    for (index, header) in message.headers.lines.enumerated() {
      read(header, message, { place("header:\(message.id).\(index)", .header(header.name), $0) }) {
        place("field:authorize:url:\($0)", .parameter, $0)
      }
    }
    guard message.body.count <= MessageDocument.bodyBytesMax else { return }
    let type = message.headers.mediaType ?? ""
    if type == "application/x-www-form-urlencoded" {
      for field in (try? FormEncoding.decode(message.body)) ?? [] {
        let row = "field:\(stage.id):body\(message.id):\(field.name)"
        read(field.value, place(row, .field, field.name), Self.depth)
      }
    } else if type.ends(with: "json"), let json = try? JSONParser.parse(message.body) {
      readBody(json, "", place("json:\(message.id):", .member, ""), Self.depth)
    } else if type == "text/html", let url = try? WebURL(message.url),
      let page = try? HTMLPage(bytes: message.body, url: url)
    {
      let row = message.submitsAnswer ? "form:\(message.id)" : "page:\(message.id)"
      for form in page.forms {
        note(form.action, place(row, .page, "action"))
        for input in form.inputs where !input.name.isEmpty {
          read(input.value, place(row, .page, input.name), Self.depth)
        }
      }
    }
  }

  private mutating func read(
    _ header: HTTPHeader, _ message: Message, _ place: (String) -> Place,
    ofURL parameter: (String) -> Place
  ) {
    switch header.name.asciiLowercased {
    case "authorization":
      if let token = header.value.dropping(prefix: "Bearer ") {
        read(String(token), place("access_token"), Self.depth)
      } else if let basic = ClientAuthentication.readBasicHeader(header.value) {
        note(basic.clientID, place("client_id"))
        note(basic.secret.reveal(), place("client_secret"))
      }
    case "location", "referer":
      note(String(header.value.before(anyOf: "?#")), place(header.name))
      // Stage 2 shows the parameters of this address in rows of their own.
      let isTold =
        message.stage == .authorize && authorizeURL?.isIdentical(to: header.value) == true
      for field in Self.fields(ofAddress: header.value) {
        read(field.value, isTold ? parameter(field.name) : place(field.name), Self.depth)
      }
    case "cookie", "set-cookie":
      let parts = header.value.split(at: ";")
      let pairs = header.name.asciiLowercased == "cookie" ? parts : Array(parts.prefix(1))
      for pair in pairs {
        guard let (name, value) = pair.cut(at: "=") else { continue }
        note(String(value), place(String(name).trimmingBlanks))
        if let index = trail.index[Array(value.utf8)] { trail.values[index].isCookie = true }
      }
    default: break
    }
  }

  private static func fields(_ text: String) -> [FormField] {
    (try? FormEncoding.decode(Array(text.utf8))) ?? []
  }

  private static func fields(ofAddress text: String) -> [FormField] {
    fields(String(text.after("?").before("#"))) + fields(String(text.after("#")))
  }

  private mutating func readBody(_ json: JSONValue, _ path: String, _ place: Place, _ depth: Int) {
    guard depth > 0 else { return }
    for member in json.members ?? [] {
      var here = place
      let path = path.isEmpty ? member.name : "\(path).\(member.name)"
      here.name = member.name
      here.row = place.row + path
      if case .object = member.value {
        readBody(member.value, path, place, depth - 1)
      } else {
        read(member.value, here, depth - 1)
      }
    }
    for element in json.elements ?? [] { readBody(element, path, place, depth - 1) }
  }

  // MARK: - Values inside values

  private mutating func read(_ json: JSONValue, _ place: Place, _ depth: Int) {
    guard depth > 0 else { return }
    switch json {
    case .string(let text): read(text, place, depth)
    case .array(let elements): for element in elements { read(element, place, depth - 1) }
    case .object(let members):
      for member in members {
        var here = place
        here.name = member.name
        read(member.value, here, depth - 1)
      }
    case .null, .bool, .number: addField(place)
    }
  }

  private mutating func read(_ text: String, _ place: Place, _ depth: Int) {
    note(text, place)
    guard depth > 0, text.utf8.count >= 12, text.utf8.count <= Self.mostBytes else { return }
    var inner = place
    inner.relation = .inside
    if text.begins(with: "ey"), let token = try? CompactJWS(text) {
      inner.kind = .claim(place.name)
      for members in [token.header, try? token.claims()] {
        for member in members?.members ?? [] {
          inner.name = member.name
          read(member.value, inner, depth - 1)
        }
      }
    } else if text.holds("?"), text.holds("/") {
      for field in Self.fields(ofAddress: text) {
        inner.name = field.name
        read(field.value, inner, depth - 1)
      }
    }
  }

  private mutating func note(_ text: String, _ place: Place, ofFlow value: FlowValue? = nil) {
    addField(place)
    let bytes = Array(text.utf8)
    guard bytes.count >= (value == nil ? Self.leastBytes : 1), bytes.count <= Self.mostBytes,
      count < Self.mostPlaces
    else { return }
    let index = trail.index[bytes] ?? trail.values.count
    if index == trail.values.count {
      trail.index[bytes] = index
      trail.values.append(Trail.Value(name: place.name, plainName: place.name, text: text))
    }
    if let value {
      // The name that the flow gave it first counts.
      if !trail.values[index].isOfFlow { trail.values[index].plainName = value.name }
      trail.values[index].isOfFlow = true
      trail.values[index].isSecret = trail.values[index].isSecret || value.isSecret
    } else if !trail.values[index].isOfFlow, Trail.names.contains(place.name),
      !Trail.names.contains(trail.values[index].plainName)
    {
      trail.values[index].plainName = place.name
    }
    add(place, to: index)
  }

  private mutating func add(_ place: Place, to index: Int) {
    guard !trail.values[index].places.contains(where: { $0.isSameRow(as: place) }) else { return }
    var place = place
    place.order = count
    count += 1
    trail.values[index].places.append(place)
  }

  /// Remembers a name once for each stage, for going there by name.
  private mutating func addField(_ place: Place) {
    switch place.kind {
    case .parameter, .field, .page, .header, .member, .claim: break
    case .address, .token, .value, .holders, .check: return
    }
    guard place.relation == .itself, !place.name.isEmpty,
      fieldsSeen.insert("\(place.stage.number) \(place.view.id) \(place.name)").inserted
    else { return }
    trail.fields.append(Trail.Field(name: place.name, place: place))
  }

  // MARK: - Checks

  private mutating func readChecks(of record: StageRecord) {
    for (index, check) in record.checks.enumerated() {
      readDigest(check)
      let place = Place(
        stage: record.stage, view: .checks, row: "check:\(record.stage.id):\(index)",
        kind: .check, name: check.id.rawValue)
      let compared = [check.expected, check.found].compactMap(\.self)
      // A sentence such as "RS256, key abc" compares the key.
      let words = compared.flatMap { $0.split(atAnyOf: " ,;").map(String.init) }
        .filter { $0.utf8.count >= 8 }
      for text in compared + check.derivation.map(\.value) + words {
        if let known = trail.index[Array(text.utf8)] { add(place, to: known) }
      }
    }
    guard record.stage == .login else { return }
    // The application makes the challenge of this very verifier.
    func made(_ name: String) -> String? {
      record.values.first { $0.name.isIdentical(to: name) }?.value
    }
    if let verifier = made("code_verifier"), let challenge = made("code_challenge") {
      addDigest("code_challenge", challenge, of: verifier)
    }
  }

  /// A check of a hash claim tells of which value the hash is.
  private mutating func readDigest(_ check: Check) {
    let claim: String
    switch check.id {
    case .cHashMatch, .backCHash: claim = "c_hash"
    case .atHashMatch, .backAtHash: claim = "at_hash"
    case .sHashMatch: claim = "s_hash"
    default: return
    }
    guard let value = check.derivation.first?.value, let hash = check.found else { return }
    addDigest(claim, hash, of: value)
  }

  private mutating func addDigest(_ name: String, _ hash: String, of value: String) {
    guard let index = trail.index[Array(value.utf8)],
      !trail.values[index].digests.contains(where: { $0.text.isIdentical(to: hash) })
    else { return }
    trail.values[index].digests.append((name, hash))
  }

  /// Numbers the values of one name.
  private mutating func name() {
    var counts: [String: Int] = [:]
    for index in trail.values.indices {
      let plain = trail.values[index].plainName
      let count = (counts[plain] ?? 0) + 1
      counts[plain] = count
      let name = HarmlessText.line(plain) + (count > 1 ? " (\(count))" : "")
      trail.values[index].name = name
      trail.named[name] = index
    }
  }
}
