import HybridFlow
import OpenID

/// One login that a HAR tells of: its request, and its answer if that is in the file.
public struct HARLogin: Sendable {
  /// Its number in the file, from 1.
  public internal(set) var number = 0
  /// The entry of the authorization request.
  let request: HAREntry
  /// The address of the request, without its parameters.
  let endpoint: WebURL
  /// The parameters as they are known.
  let parameters: [FormField]
  /// Whether some of them travelled another way.
  let isReference: Bool
  /// How often the request is in the file.
  public internal(set) var repeats = 1
  /// How often the answer is in the file; 0 without one.
  public internal(set) var answers = 0
  var answer: HARAnswer?
  /// The entries of this login's requests and answers, to keep them out of another one's.
  var own: Set<Int> = []

  /// When it began.
  public var at: UnixTime { request.at }
  /// The client.
  public var clientID: String { parameters["client_id"] ?? "" }
  /// What was asked for; empty where the file does not say.
  public var responseType: String { parameters["response_type"] ?? "" }
  /// The provider.
  public var provider: String { endpoint.origin }

  func sent(_ name: String) -> String? {
    parameters[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The address at which the answer is expected, without query and fragment.
  var redirectPlace: String? { sent("redirect_uri").map { String($0.before(anyOf: "?#")) } }

  /// What came of it, in a few words.
  public var outcome: String {
    guard let answer else { return "no answer in this file" }
    let fields = answer.told
    if let error = fields["error"] { return "an error: \(error.prefix(scalars: 40))" }
    let names = ["code", "id_token", "access_token"].filter { fields[$0] != nil }
    let how =
      switch answer.carrier {
      case .body: "by form post"
      case .query: "in the query"
      case .fragment: "in the fragment"
      }
    return "an answer \(how): \(names.joined(separator: ", "))"
  }
}

/// The logins of a HAR.
public struct HARLogins: Sendable {
  /// Those of the hybrid flow, in the order in which they began.
  public private(set) var logins: [HARLogin] = []
  /// Requests of other flows, by their response type.
  private(set) var otherTypes: [String] = []
  /// Requests whose response type is not in the file, and whose answer does not show it.
  private(set) var unknownTypes = 0
  /// Answers that belong to no login of the file.
  private(set) var strayAnswers = 0

  /// Finds them.
  public init(_ file: HARFile) {
    let pushed = Self.pushed(file)
    for entry in file.entries {
      guard let login = Self.login(entry, file.bytes, pushed) else { continue }
      if let index = logins.lastIndex(where: { Self.isSame($0, login) }) {
        logins[index].repeats += 1
        logins[index].own.insert(entry.index)
      } else {
        logins.append(login)
      }
    }
    match(file)
    otherTypes = logins.filter { !Self.isHybrid($0) && !$0.responseType.isEmpty }.map(
      \.responseType)
    unknownTypes = logins.count { !Self.isHybrid($0) && $0.responseType.isEmpty }
    logins.removeAll { !Self.isHybrid($0) }
    for index in logins.indices { logins[index].number = index + 1 }
  }

  /// Whether it is of the hybrid flow, as far as the file tells.
  private static func isHybrid(_ login: HARLogin) -> Bool {
    if !login.responseType.isEmpty { return ResponseType(words: login.responseType) != nil }
    guard let fields = login.answer?.told else { return false }
    return fields["code"] != nil && (fields["id_token"] != nil || fields["access_token"] != nil)
  }

  // MARK: - Requests

  /// What was pushed by the browser itself, by its reference; RFC 9126, section 2.2.
  private static func pushed(_ file: HARFile) -> [String: [FormField]] {
    var output: [String: [FormField]] = [:]
    for entry in file.entries where entry.method == "POST" && entry.status == 201 {
      guard let posted = entry.posted(in: file.bytes),
        let body = entry.content(in: file.bytes, most: 64 * 1024),
        let reference = (try? JSONParser.parse(body))?["request_uri"]?.string
      else { continue }
      output[reference] = try? FormEncoding.decode(posted.body)
    }
    return output
  }

  private static func login(
    _ entry: HAREntry, _ bytes: [UInt8], _ pushed: [String: [FormField]]
  ) -> HARLogin? {
    // A program's own request to a token or push endpoint is answered with JSON.
    guard entry.address.holds("client_id=") || entry.hasPost,
      entry.method != "POST" || !entry.mediaType.holds("json"), let url = entry.url,
      let endpoint = try? WebURL(url.origin + (url.path.isEmpty ? "/" : url.path))
    else { return nil }
    var fields = (try? url.queryFields()) ?? []
    if entry.method == "POST", fields["client_id"] == nil {
      guard let posted = entry.posted(in: bytes), posted.body.count <= Limit.requestBodyBytes else {
        return nil
      }
      fields = (try? FormEncoding.decode(posted.body)) ?? []
    }
    guard let client = fields["client_id"], !client.isEmpty, fields["grant_type"] == nil,
      fields["id_token"] == nil, fields["code"] == nil
    else { return nil }
    let isWrapped = fields["request"] != nil || fields["request_uri"] != nil
    guard fields["response_type"] != nil || isWrapped else { return nil }
    var isReference = isWrapped
    if let object = fields["request"], let claims = try? CompactJWS(object).claims() {
      merge(claims, into: &fields)
      isReference = false
    } else if let reference = fields["request_uri"], let known = pushed[reference] {
      fields += known.filter { field in fields[field.name] == nil }
      isReference = false
    }
    var login = HARLogin(
      request: entry, endpoint: endpoint, parameters: fields, isReference: isReference)
    login.own.insert(entry.index)
    return login
  }

  /// The claims of a request object count before the parameters beside it; RFC 9101, section 6.3.
  static func merge(_ claims: JSONValue, into fields: inout [FormField]) {
    let own: Set<String> = ["iss", "aud", "exp", "iat", "nbf", "jti", "sub"]
    for member in claims.members ?? [] where !own.contains(member.name) {
      let value = member.value.string ?? member.value.compactText
      fields.removeAll { $0.name.isIdentical(to: member.name) }
      fields.append(FormField(member.name, value))
    }
  }

  /// Whether two requests are of one login: providers repeat the address at other paths.
  private static func isSame(_ one: HARLogin, _ other: HARLogin) -> Bool {
    guard one.clientID.isIdentical(to: other.clientID), one.provider == other.provider else {
      return false
    }
    for name in ["state", "nonce", "request_uri"] {
      if let mine = one.sent(name), let theirs = other.sent(name) {
        return mine.isIdentical(to: theirs)
      }
    }
    return one.request.address.isIdentical(to: other.request.address)
  }

  // MARK: - Answers

  private mutating func match(_ file: HARFile) {
    for entry in file.entries {
      for answer in HARAnswer.all(in: entry, file.bytes) {
        guard let index = owner(of: answer) else {
          if answer.source == .arrival { strayAnswers += 1 }
          continue
        }
        take(answer, index)
      }
    }
    for index in logins.indices where logins[index].answer == nil {
      let login = logins[index]
      let page = file.entries.lazy.filter { $0.at >= login.at && $0.url?.origin == login.provider }
        .compactMap { HARAnswer.inPage($0, file.bytes) }
        .first { Self.fits($0, login, byState: true) }
      if let page { take(page, index) }
    }
  }

  private mutating func take(_ answer: HARAnswer, _ index: Int) {
    logins[index].own.insert(answer.entry.index)
    guard let known = logins[index].answer else {
      logins[index].answer = answer
      logins[index].answers = 1
      return
    }
    // A request says more than the redirect that led to it.
    if known.source == .departure, answer.source == .arrival, known.carrier == answer.carrier {
      logins[index].answer = answer
    } else if answer.source == .arrival, known.carrier == answer.carrier {
      logins[index].answers += 1
    }
  }

  /// The login that an answer belongs to: by its state; else the newest one before it that has no
  /// answer, and the same redirect URI.
  private func owner(of answer: HARAnswer) -> Int? {
    let earlier = logins.indices.filter { logins[$0].at <= answer.entry.at }
    if let index = earlier.last(where: { Self.fits(answer, logins[$0], byState: true) }) {
      return index
    }
    return earlier.last {
      logins[$0].answer == nil && Self.fits(answer, logins[$0], byState: false)
    }
  }

  private static func fits(_ answer: HARAnswer, _ login: HARLogin, byState: Bool) -> Bool {
    if let place = login.redirectPlace, !place.isIdentical(to: answer.place) { return false }
    // What was pushed is not in the file: then only the order tells.
    guard byState else { return login.redirectPlace != nil || login.isReference }
    guard let state = login.sent("state"), let found = answer.told["state"] else { return false }
    return state.isIdentical(to: found)
  }
}
