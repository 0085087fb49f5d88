import HybridFlow
import OpenID

/// Where a value of the run stands: a row of a view.
struct Place: Sendable, Hashable {
  /// What holds the value there.
  enum Kind: Sendable, Hashable {
    /// The address of a message, without its parameters.
    case address
    /// A parameter of an address.
    case parameter
    /// A field of a form that is sent.
    case field
    /// A field of a form in a page.
    case page
    /// A header line of this name.
    case header(String)
    /// A member of JSON.
    case member
    /// A claim, or a member of the header, of the token of this name.
    case claim(String)
    /// The row of a token.
    case token
    /// The row of a value and who holds it.
    case value
    /// The row of what these hold from now on.
    case holders([Actor])
    /// A check that compares it.
    case check
  }

  /// What stands there.
  enum Relation: Sendable, Hashable {
    /// The value.
    case itself
    /// The value, inside a longer one: a claim in a token that a form carries.
    case inside
    /// A digest of it.
    case digest
  }

  /// Whether it goes to the tenant or comes from there.
  enum Way: String, Sendable, Hashable { case into = "in", out }

  var stage: Stage
  var view: DetailView
  /// The id of the row that shows it.
  var row: String
  var kind: Kind
  /// The name of the field, claim or check.
  var name: String
  var relation = Relation.itself
  /// The message that carries it; nil outside messages.
  var message: Int?
  var way: Way?
  /// The fault of the lab that changed that message; nil when none did.
  var fault: String?
  /// Counts the places as they are found, which is the order of the rows of a view.
  var order = 0

  /// Whether both are the same row.
  func isSameRow(as other: Place) -> Bool {
    stage == other.stage && view == other.view && row == other.row
  }

  /// Whether a page holds it, and not the message that comes of it.
  private var isInPage: Bool { row.begins(with: "form:") || row.begins(with: "page:") }

  /// What holds the value of this name there, in words: `id_token claim`.
  func words(of followed: String) -> String {
    let harmless = HarmlessText.line(name)
    let isNamed = name.isIdentical(to: followed)
    let named = isNamed ? "" : " \(harmless)"
    var words =
      switch kind {
      case .address: "address of the request"
      case .parameter: "URL parameter" + named
      case .field: "form field" + named
      case .page: "hidden in the page" + (isNamed ? "" : ", as \(harmless)")
      case .header(let header):
        "\(HarmlessText.line(header)) header"
          + (isNamed || header == name ? "" : ", as \(harmless)")
      case .member: "JSON member" + named
      case .claim(let token):
        "\(HarmlessText.line(token)) claim" + named + (isInPage ? " in the page" : "")
      case .token: "the token"
      case .value: "value of this stage"
      case .holders(let actors): "held by " + actors.map(\.word).joined(separator: ", ")
      case .check: "\(harmless) compares it"
      }
    if relation == .digest {
      words = kind == .check ? "\(harmless) compares a hash of it" : words + ", a hash of it"
    }
    if fault != nil { words += ", changed by the lab" }
    return words
  }
}

/// Where every value of a run stands, found in what was parsed: fields, claims, members.
///
/// Values are compared as bytes after decoding, so that one is found percent-encoded in an address,
/// inside a token and escaped in JSON. The trail holds real values: it is never shown as it is.
struct Trail: Sendable {
  /// A value, and its places in the order of the run.
  struct Value: Sendable {
    /// Its name in the specifications; a second value of the same name has `(2)`.
    var name: String
    /// The name without that.
    var plainName: String
    var text: String
    var isSecret = false
    /// Whether it was seen in a cookie, of which nothing is shown.
    var isCookie = false
    /// Whether the flow itself stored it as a value.
    var isOfFlow = false
    var places: [Place] = []
    /// The digests of it that the run contains, by the name of each.
    var digests: [(name: String, text: String)] = []

    /// Where it appears first.
    var origin: Stage { places.first?.stage ?? .login }
    /// The stages at which it stands, each once.
    var stages: [Stage] {
      Stage.allCases.filter { stage in places.contains { $0.stage == stage } }
    }
    /// Whether a fault of the lab put it into the run.
    var isForged: Bool { places.first { $0.message != nil }?.fault != nil }
  }

  /// A name that stands in the run, for going there by name.
  struct Field: Sendable {
    var name: String
    var place: Place
  }

  /// Every value, in the order in which it appeared.
  var values: [Value] = []
  /// Every name, once for each stage.
  var fields: [Field] = []
  var index: [[UInt8]: Int] = [:]
  /// The values by their names, which are unique.
  var named: [String: Int] = [:]

  /// The value of this text; nil when it stands nowhere.
  func value(_ text: String) -> Value? { index[Array(text.utf8)].map { values[$0] } }

  /// The places of a value and of its digests, in the order of the run; one for each row.
  func places(of value: Value) -> [Place] {
    var all = value.places
    for digest in value.digests {
      for var place in self.value(digest.text)?.places ?? [] {
        place.relation = .digest
        if !all.contains(where: { $0.isSameRow(as: place) }) { all.append(place) }
      }
    }
    return all.sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }
  }

  /// The forged value that goes on in place of this one; nil when none does.
  func forged(insteadOf value: Value) -> Value? {
    guard !value.isForged else { return nil }
    return values.first { $0.isForged && $0.plainName.isIdentical(to: value.plainName) }
  }

  /// The values that can be followed: the well-known ones, those of the flow, and then others that
  /// stand at more than one stage.
  var followable: [Value] {
    let known = Self.ranked.flatMap { name in
      values.filter { $0.plainName.isIdentical(to: name) }
    }
    let rest = values.filter { !Self.names.contains($0.plainName) }
    let others = rest.filter { value in
      // What a tenant can do is said in lists of words, which mean nothing elsewhere.
      !value.isOfFlow && value.text.utf8.count >= 8 && !value.plainName.ends(with: "_supported")
        && value.stages.count > 1
    }
    return known + rest.filter(\.isOfFlow) + others
  }

  /// Names of values that are worth following wherever they stand, the most wanted first.
  private static let ranked = [
    "code", "nonce", "state", "id_token", "access_token", "refresh_token", "code_verifier",
    "code_challenge", "client_id", "redirect_uri", "iss", "sub", "c_hash", "at_hash", "s_hash",
    "client_secret", "client_assertion", "request_uri", "kid", "sid", "jti",
  ]
  static let names = Set(ranked)
}

extension Place {
  /// Its order: stages, then the views in the order of their tabs.
  fileprivate var rank: Int {
    stage.number * 100 + (DetailView.allCases.firstIndex(of: view) ?? 0)
  }
}
