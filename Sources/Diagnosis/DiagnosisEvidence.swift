import HybridFlow
import OpenID

/// What is known about a failure: from a run, or from a pasted text.
public struct DiagnosisEvidence: Sendable {
  /// The product of the issuer, if its address tells.
  public internal(set) var provider: Provider?
  /// Products named in the text.
  public internal(set) var namedProviders: Set<Provider> = []
  /// Error codes of OAuth and its extensions, given as the value of an error.
  public internal(set) var codes: Set<String> = []
  /// HTTP statuses given in the text.
  public internal(set) var statuses: Set<Int> = []
  /// Where the failure occurred, if known.
  public internal(set) var place: DiagnosisPlace?
  /// What a run showed apart from texts.
  public internal(set) var facts: Set<DiagnosisFact> = []
  /// Why the run stopped.
  public internal(set) var failure: FlowFailure?
  /// The broken rules in order, error-level ones first.
  public internal(set) var brokenChecks: [Check] = []
  /// What the sentences say, where no phrase of the table is needed.
  var finding: GrammarFinding?
  /// Client libraries named in the text.
  var libraries: Set<ClientLibrary> = []
  /// What the values in a pasted text show.
  var values: PastedValues?
  /// The parts of the table's phrases found in the text, once with its markup and once without.
  var views: [PhraseScanner.Hits] = []

  /// How long a text may be whose sentences are read without its line breaks.
  private static let joinedBytes = 3000
  /// How much of a long text is read as sentences, at each end.
  private static let sentenceBytes = 24 * 1024

  init() {}

  /// Reads a pasted text.
  ///
  /// It may be callback parameters, a token endpoint's JSON, a provider's page or log lines,
  /// wrapped, coloured and encoded in any way. Of texts longer than 1 MiB, both ends are read.
  public init(pasted text: String, issuer: WebURL? = nil) {
    self.init(text, issuer, .anything)
  }

  /// Reads a text of which it is known what it is.
  init(_ text: String, _ issuer: WebURL?, _ setting: GrammarSetting) {
    provider = issuer.flatMap(Provider.guess)
    // A line may have been broken between words, or by a terminal anywhere, even inside an escape:
    // one reading keeps the breaks, the other removes them.
    let readings = TextUnwrapper.readings(text)
    for bytes in readings { read(bytes, isAlone: true) }
    // Without its breaks, a text has no paragraphs: only a short one is read as sentences like that.
    for bytes in readings where finding == nil {
      guard bytes == readings.first || bytes.count < Self.joinedBytes else { break }
      readSentences(bytes, setting)
    }
    if let first = readings.first { values = PastedValues(text: text, unwrapped: first) }
    readIssuers(readings)
    dropShortenedCodes()
  }

  /// Drops `invalid_request` if it was only an `invalid_request_uri` with a line break in it.
  private mutating func dropShortenedCodes() {
    codes = codes.filter { code in !codes.contains { $0.begins(with: code + "_") } }
  }

  /// Adds the evidence in a text.
  mutating func read(_ bytes: [UInt8], isAlone: Bool) {
    let plain = SquashedText(bytes)
    var found = [DiagnosisIndex.shared.scanner.scan(plain)]
    if let bare = TextUnwrapper.withoutTags(bytes) {
      found.append(DiagnosisIndex.shared.scanner.scan(SquashedText(bare)))
    }
    views += found
    if !isAlone { readSentences(bytes, .login) }
    let isShort = isAlone && plain.symbols.count <= 60
    let index = DiagnosisIndex.shared
    for view in found {
      for code in index.codes where !codes.contains(code.name) {
        let stated = view.find(code.stated) != nil
        if stated || (!code.isCommon || isShort) && view.find(code.bare) != nil {
          codes.insert(code.name)
        }
      }
      for (status, phrases) in index.statuses
      where phrases.contains(where: { view.find($0) != nil }) {
        statuses.insert(status)
      }
      for (provider, phrases) in index.markers
      where phrases.contains(where: { view.find($0) != nil }) {
        namedProviders.insert(provider)
      }
      for (library, phrases) in index.libraries
      where phrases.contains(where: { view.find($0) != nil }) {
        libraries.insert(library)
      }
      for (fact, phrases) in index.facts where phrases.contains(where: { view.find($0) != nil }) {
        facts.insert(fact)
      }
    }
  }

  /// Reads the sentences as lines and, if those tell nothing and are few, as one text.
  ///
  /// Of a long text both ends are read: a log has its beginning or its last lines in them.
  private mutating func readSentences(_ text: [UInt8], _ setting: GrammarSetting) {
    let end = Self.sentenceBytes
    let isLong = text.count > 2 * end
    let bytes = isLong ? text.prefix(end) + [0x0A, 0x0A] + text.suffix(end) : text
    let bare = TextUnwrapper.withoutTags(bytes) ?? bytes
    for endsAtLines in [true, false] where endsAtLines || !isLong {
      guard let found = GrammarReader.best(in: bare, setting, endsAtLines: endsAtLines) else {
        continue
      }
      if finding.map({ found.weight > $0.weight }) ?? true { finding = found }
      return
    }
  }

  /// Finds the phrase in any of the texts; nil when it is in none.
  func find(_ phrases: [Phrase]) -> Int? {
    var best: Int?
    for view in views {
      var length = 0
      var isComplete = true
      for phrase in phrases {
        guard let range = view.find(phrase) else {
          isComplete = false
          break
        }
        length += range.count
      }
      if isComplete { best = max(best ?? 0, length) }
    }
    return best
  }
}

/// The table, prepared for searching; built once.
struct DiagnosisIndex: Sendable {
  struct Code: Sendable {
    let name: String
    /// The code as the value of something called error.
    let stated: Phrase
    /// The code anywhere.
    let bare: Phrase
    /// Whether other protocols use the same word, so that it counts only as the value of an error.
    let isCommon: Bool
  }

  static let shared = DiagnosisIndex(rows: DiagnosisEngine.rows)

  let scanner: PhraseScanner
  /// The phrases of every pattern of every row.
  let phrases: [[[Phrase]]]
  let codes: [Code]
  let statuses: [(Int, [Phrase])]
  let markers: [(Provider, [Phrase])]
  let libraries: [(ClientLibrary, [Phrase])]
  let facts: [(DiagnosisFact, [Phrase])]
  /// Words that show that a text is about issuers.
  let issuerWords: [Phrase]
  /// Phrases too short to search for; a test asserts that there are none.
  let rejected: [String]

  init(rows: [DiagnosisRow]) {
    var scanner = PhraseScanner()
    var rejected: [String] = []
    func add(_ text: String) -> Phrase {
      if let phrase = scanner.add(text) { return phrase }
      rejected.append(text)
      return Phrase(parts: [])
    }
    phrases = rows.map { row in row.patterns.map { $0.phrases.map(add) } }
    codes = Self.vocabulary.map { name in
      Code(
        name: name, stated: add("error " + name), bare: add(name),
        isCommon: Self.common.contains(name))
    }
    statuses = [400, 401, 403, 404, 405, 429, 500, 502, 503].map { status in
      (
        status,
        ["HTTP \(status)", "HTTP/1.1 \(status)", "status \(status)", "statusCode \(status)"]
          .map(add)
      )
    }
    markers = Provider.allCases.map { ($0, $0.markers.map(add)) }
    libraries = ClientLibrary.allCases.map { ($0, $0.markers.map(add)) }
    facts = [
      (.thirdPartyClient, ["client_id=tpc_*"].map(add)),
      (.promptNone, ["prompt=none"].map(add)),
    ]
    issuerWords = [
      "issuer", "unexpected iss", "iss claim", "issuers", "invalid_issuer", "issuer_uri",
      "id token issued",
    ].map(add)
    self.scanner = scanner
    self.rejected = rejected
  }

  /// RFC 6749, RFC 6750, OpenID Connect Core 1.0 and what providers add.
  static let vocabulary = [
    "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type",
    "invalid_scope", "server_error", "temporarily_unavailable", "interaction_required",
    "login_required", "account_selection_required", "consent_required", "invalid_request_uri",
    "invalid_request_object", "request_not_supported", "request_uri_not_supported",
    "registration_not_supported", "invalid_target", "unmet_authentication_requirements",
    "unsupported_response_mode", "invalid_client", "invalid_grant", "unsupported_grant_type",
    "invalid_token", "insufficient_scope", "too_many_requests", "use_dpop_nonce",
    "invalid_dpop_proof", "mfa_required", "slow_down", "redirect_uri_mismatch",
    "invalid_redirect_uri", "redirect_mismatch",
  ]

  /// Codes that programs without OAuth use as well.
  private static let common: Set<String> = [
    "invalid_request", "access_denied", "server_error", "temporarily_unavailable",
    "invalid_token", "insufficient_scope", "too_many_requests", "slow_down",
  ]
}
