import HybridFlow
import Lab
import OpenID
import Session
import Testing

@testable import Presentation

/// What lessons, glosses and the lab say, held against what the checks do and what a run brings.
struct FactTests {
  // MARK: Lessons and response types

  @Test(
    "lessons follow the response type: of what does not come, they do not speak",
    .timeLimit(.minutes(1)), arguments: ResponseType.allCases)
  func followTheType(type: ResponseType) throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = type }
    let transcript = try #require(machines.last).transcript
    #expect(transcript.failure == nil)
    // The run itself says what came through the browser, not a table.
    let hasIDToken = transcript.token(.idToken, .front) != nil
    let hasAccessToken = transcript.token(.accessToken, .front) != nil
    #expect(transcript.askedType(nil) == type)
    func text(_ stage: Stage) -> String {
      let lesson = Lessons.lesson(for: stage, type)
      return
        ([lesson.title, lesson.question, lesson.couldGoWrong, lesson.attackPrevented]
        + lesson.paragraphs).joined(separator: " ")
    }
    #expect(text(.callback).contains("ID token") == hasIDToken)
    #expect(text(.callback).contains("c_hash") == hasIDToken)
    #expect(text(.callback).contains("access token") == hasAccessToken)
    #expect(text(.callback).contains("at_hash") == (hasIDToken && hasAccessToken))
    #expect(text(.authorize).contains("and an ID token at once") == (type == .codeIDToken))
    #expect(text(.authorize).contains("an access token at once") == hasAccessToken)
    #expect(text(.authorize).contains("The nonce is required") == hasIDToken)
    #expect(text(.tokens).contains("second ID token") == hasIDToken)
    #expect(text(.tokens).contains("Both ID tokens") == hasIDToken)
    #expect(text(.tokens).contains("only ID token") == !hasIDToken)
    #expect(text(.tokens).contains("the one that came through the browser") == hasAccessToken)
    #expect(text(.api).contains("Two access tokens") == hasAccessToken)
    #expect(text(.api).contains("only one access token") == !hasAccessToken)
    let absent =
      (hasIDToken ? [] : ["first ID token", "second ID token", "both ID tokens"])
      + (hasAccessToken ? [] : ["second access token", "two access tokens"])
    for check in transcript.checks where check.verdict != .skip {
      for words in absent {
        #expect(!check.why.contains(words) && !check.id.rule.contains(words), "\(check.id)")
        #expect(!check.derivation.contains { $0.label.contains(words) }, "\(check.id)")
      }
    }
  }

  @Test("a request that was edited into another type is not told as one it is not")
  func saysSo() {
    for stage in Stage.allCases {
      let lesson = Lessons.lesson(for: stage, nil)
      let says = lesson.paragraphs.last?.contains("asks for something else") == true
      #expect(says == !Lessons.untyped.contains(stage))
      let isSame = Set(ResponseType.allCases.map { Lessons.lesson(for: stage, $0) }).count == 1
      #expect(isSame == Lessons.untyped.contains(stage), "\(stage)")
    }
  }

  @Test("a fault that works with every response type is not told as if one token were always there")
  func labFollowsTheType() {
    for fault in Lab.faults {
      let absent =
        (fault.types.contains(.codeToken)
          ? ["first ID token", "second ID token", "both ID tokens"] : [])
        + (fault.types.contains(.codeIDToken)
          ? ["second access token", "first access token"] : [])
      for sentence in Self.sentences([fault.does, fault.gain, fault.lesson]) {
        // Whoever names the condition may speak of it.
        if sentence.hasPrefix("Where ") || sentence.contains(" code token") { continue }
        for words in absent { #expect(!sentence.contains(words), "\(fault.id): \(sentence)") }
      }
    }
  }

  // MARK: Words and verdicts

  /// Who sees to what a sentence of a lesson demands.
  private enum Keeper {
    /// These checks: a broken "must" fails, a broken "should" warns.
    case checks([CheckID])
    /// The tenant, or whoever writes the application's pages: no check of ours can.
    case others
  }

  private static let demands: [(words: String, keeper: Keeper)] = [
    ("nonce, which must come back", .checks([.noncePresent, .nonceMatch, .backNonceMatch])),
    ("scope must contain openid", .checks([.requestOpenIDScope])),
    ("redirect_uri must be registered", .others),
    ("The nonce is required", .checks([.requestNonce, .noncePresent])),
    ("the tenant must not send the browser there", .others),
    ("the tenant must not show a page", .others),
    ("should say so kindly", .others),
    ("everything must be proved", .checks([.noExchangeBeforeFrontOK])),
    ("it should stay unused", .checks([.useSecondAccessToken])),
    ("the tenant must refuse, and should take back", .others),
    (
      "must name the same issuer and the same person",
      .checks([.secondIDTokenIss, .secondIDTokenSub, .backNonceMatch])
    ),
    ("what is there must fit", .checks([.backCHash, .backAtHash])),
    ("In a URL it must not stand", .checks([.bearerHeaderOnly])),
  ]

  @Test("what a lesson demands is kept by a check: a must fails, a should warns")
  func demandsAreKept() {
    var used: Set<String> = []
    for type in ResponseType.allCases {
      for lesson in Lessons.all(type) {
        let texts = lesson.paragraphs + [lesson.couldGoWrong, lesson.attackPrevented]
        for sentence in Self.sentences(texts) where Self.demands(sentence) {
          let rows = Self.demands.filter { sentence.contains($0.words) }
          #expect(!rows.isEmpty, "nobody keeps this: \(sentence)")
          for row in rows { used.insert(row.words) }
        }
      }
    }
    for row in Self.demands {
      #expect(used.contains(row.words), "no lesson says: \(row.words)")
      guard case .checks(let ids) = row.keeper else { continue }
      let wanted: Severity = row.words.contains("should") ? .warning : .error
      for id in ids { #expect(id.severity == wanted, "\(row.words): \(id.rawValue)") }
    }
  }

  private static func demands(_ sentence: String) -> Bool {
    guard !sentence.hasSuffix("?") else { return false }
    return [" must ", " should ", " is required"].contains { (" " + sentence).contains($0) }
  }

  /// Glosses of what checks judge; an empty list is for what only others can see to.
  private static let glosses: [(Glossary.Context, String, [CheckID])] = [
    (.idTokenClaim, "iss", [.idTokenIss]), (.idTokenClaim, "aud", [.idTokenAud]),
    (.idTokenClaim, "exp", [.idTokenExp]), (.idTokenClaim, "nbf", [.idTokenNbf]),
    (.idTokenClaim, "cnf", []), (.idTokenClaim, "azp", [.idTokenAzp]),
    (.idTokenClaim, "acr", [.acr]), (.idTokenClaim, "auth_time", [.authTime]),
    (.idTokenClaim, "iat", [.idTokenIat]),
    (.joseHeader, "alg", [.idTokenAlgAllowlist]), (.joseHeader, "crit", [.idTokenCrit]),
    (.authorizationResponse, "iss", [.responseIss]),
    (.authorizationRequest, "nonce", [.nonceMatch, .backNonceMatch]),
    (.authorizationRequest, "redirect_uri", []),
    (.userinfo, "sub", [.userinfoSub]), (.jwk, "d", [.jwksNoPrivate]),
    (.jwk, "p", [.jwksNoPrivate]), (.jwk, "q", [.jwksNoPrivate]), (.jwk, "dp", [.jwksNoPrivate]),
    (.jwk, "dq", [.jwksNoPrivate]), (.jwk, "qi", [.jwksNoPrivate]), (.jwk, "oth", [.jwksNoPrivate]),
    (.jwk, "k", [.jwksNoPrivate]),
  ]

  @Test(
    "a gloss that says must has a check that fails, and one whose check warns does not say it",
    arguments: [
      Glossary.Context.idTokenClaim, .joseHeader, .authorizationRequest, .authorizationResponse,
      .tokenRequest, .tokenResponse, .userinfo, .jwk,
    ])
  func glossesAgree(context: Glossary.Context) throws {
    for entry in Glossary.entries(in: context) {
      let says = (" " + entry.meaning).contains(" must ")
      let row = Self.glosses.first { $0.0 == context && $0.1 == entry.name }
      guard let row else {
        #expect(!says, "nobody keeps this: \(entry.name): \(entry.meaning)")
        continue
      }
      for id in row.2 { #expect((id.severity == .error) == says, "\(entry.name): \(id)") }
    }
  }

  /// The lab says of each fault how it ends; a run shows whether that is so.
  @Test("no lesson of the lab calls a failure a warning, or a warning a failure")
  func labAgrees() {
    for fault in Lab.faults {
      guard case .check(let id) = fault.catcher else { continue }
      let text = fault.lesson
      switch id.severity {
      case .error:
        #expect(!text.contains("a warning") || text.contains("nor a warning"), "\(fault.id)")
        #expect(!text.contains("explorer warns"), "\(fault.id)")
      case .warning, .information:
        for words in ["is refused.", "refuses the answer", "rightly a failure", "stops here"] {
          #expect(!text.contains(words), "\(fault.id): \(words)")
        }
        #expect(!text.contains("a failure") || text.contains("not a failure"), "\(fault.id)")
      }
    }
  }

  @Test(
    "the comparison of two ID tokens judges as the checks do",
    arguments: [
      ("iss", CheckID.secondIDTokenIss), ("sub", .secondIDTokenSub), ("nonce", .backNonceMatch),
      ("c_hash", .backCHash), ("auth_time", .secondIDTokenEventClaims),
      ("acr", .secondIDTokenEventClaims), ("amr", .secondIDTokenEventClaims),
      ("name", .secondIDTokenUserClaims), ("email", .secondIDTokenUserClaims),
    ])
  func comparisonAgrees(claim: String, id: CheckID) {
    let wanted: Check.Verdict = id.severity == .error ? .fail : .warn
    #expect(PairRule(claim: claim).verdict("one", "another") == wanted)
    #expect(PairRule(claim: claim).verdict("one", "one") == .pass)
  }

  // MARK: Facts

  /// What was told wrongly once: a word that the right sentence has, and one that it has not.
  @Test(
    "what was told wrongly once is told rightly",
    arguments: [
      (Glossary.Context.httpRequestHeader, "Cookie", "cross-site post", "out of a post"),
      (.httpRequestHeader, "Authorization", "id and secret", "client's secret"),
      (.tokenRequest, "client_secret", "client_secret_basic", "when it authenticates"),
      (.idTokenClaim, "sub", "nobody else", "e-mail"),
      (.accessTokenClaim, "jti", "no other", "revoked"),
      (.idTokenClaim, "nonce", "another request", "is a replay"),
      (.value, "offline_access", "usually", "if the person"),
      (.value, "code token", "nothing signed", "nothing protects"),
      (.value, "code id_token", "hybrid type", "recommended"),
      (.idTokenClaim, "azp", "not ours", "ignored"),
      (.metadata, "issuer", "every ID token", "every token"),
    ])
  func glossIsRight(context: Glossary.Context, name: String, says: String, not: String) throws {
    let meaning = try #require(Glossary.entry(name, in: context)?.meaning)
    #expect(meaning.contains(says) && !meaning.contains(not), "\(meaning)")
  }

  @Test(
    "no lesson of any type tells again what was wrong",
    arguments: ResponseType.allCases)
  func lessonIsRight(type: ResponseType) {
    let lessons = Lessons.all(type)
    let all =
      (lessons.flatMap(\.paragraphs) + lessons.map(\.attackPrevented)
      + lessons.map(\.title)).joined(separator: " ")
    for words in [
      "nothing has left this machine", "Three secrets", "open redirect", "signed together",
      "stay out of histories", "no history, proxy or log", "refresh token comes only",
      "SameSite=Lax do not travel with a form post",
    ] {
      let isThere = all.lowercased().contains(words.lowercased())
      #expect(!isThere, "\(words)")
    }
    for words in [
      "State and nonce are no secrets", "usually comes only if offline_access",
      "Redirect URI manipulation", "Basic carries id and secret", "or logs bodies",
    ] {
      let isThere = all.contains(words)
      #expect(isThere, "\(words)")
    }
  }

  /// The sentences of some texts.
  private static func sentences(_ texts: [String]) -> [String] {
    texts.flatMap { text in
      var sentences: [String] = []
      var words: [Substring] = []
      for word in text.split(whereSeparator: \.isWhitespace) {
        words.append(word)
        if word.hasSuffix(".") || word.hasSuffix("?") {
          sentences.append(words.joined(separator: " "))
          words = []
        }
      }
      return words.isEmpty ? sentences : sentences + [words.joined(separator: " ")]
    }
  }
}
