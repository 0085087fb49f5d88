import HybridFlow
import OpenID

/// What there is to say about a stage in a minute: the words, without a value of the run.
struct StoryText: Sendable {
  /// One thing that makes the stage safe.
  struct Proof: Sendable {
    /// The claim, parameter or habit.
    let what: String
    /// What follows from it.
    let proves: String
    /// The checks that say whether it held; empty where no check of ours can.
    let checks: [CheckID]

    init(_ what: String, _ proves: String, _ checks: CheckID...) {
      (self.what, self.proves, self.checks) = (what, proves, checks)
    }
  }

  /// What happens, in one sentence.
  let sentence: String
  /// Why it is safe, as a question with its short answer.
  let reason: (question: String, answer: String)
  /// The two to five things that make it so.
  let proofs: [Proof]
  /// What would break it, in a sentence.
  let breaks: String
}

extension StoryText {
  /// The words about a stage in a run with this response type.
  static func text(of stage: Stage, _ type: ResponseType) -> StoryText {
    switch stage {
    case .login: login
    case .authorize: authorize(type)
    case .prompt: prompt
    case .authenticate: authenticate
    case .callback: callback(type)
    case .exchange: exchange
    case .verify: verify
    case .tokens: tokens(type)
    case .api: api(type)
    case .data: data
    }
  }

  private static let login = StoryText(
    sentence: "A click on Login: the application makes three random values and keeps them.",
    reason: ("Why three values?", "The answer comes through a browser and must prove itself."),
    proofs: [
      Proof("state", "is it this browser?"), Proof("nonce", "is it this login?"),
      Proof("verifier", "is the code ours?"),
      Proof("issuer", "are the keys its own?", .discoveryIssuerMatch),
    ],
    breaks: "A second tab that overwrites the values: no answer fits.")

  private static func authorize(_ type: ResponseType) -> StoryText {
    StoryText(
      sentence: "The application sends the browser to the tenant: a question in a URL.",
      reason: ("Why may everybody read it?", "No secret is in it. Each value ties one thing:"),
      proofs: [
        Proof("state", "answer to this browser", .requestState),
        Proof("nonce", "ID token to this login", .requestNonce),
        Proof("code_challenge", "code to us", .requestPKCE),
        Proof("redirect_uri", "answer to one place"),
      ],
      breaks: "A redirect URI that differs by one slash: the tenant stops.")
  }

  private static let prompt = StoryText(
    sentence: "The tenant shows its login page; the application sees nothing of it.",
    reason: ("Why leave the application?", "The password is typed in one place only."),
    proofs: [
      Proof("own address", "easy to recognise"),
      Proof("looked at first", "client, redirect URI"),
    ],
    breaks: "prompt=none where a page is needed: login_required.")

  private static let authenticate = StoryText(
    sentence: "The person signs in at the tenant, and says what the application may do.",
    reason: ("Why two questions?", "Who you are, and what the application may do."),
    proofs: [
      Proof("password", "to the tenant only"), Proof("consent", "the person decides"),
    ],
    breaks: "A 307 after the form: it posts the password once more.")

  private static func callback(_ type: ResponseType) -> StoryText {
    guard type.hasIDToken else {
      return StoryText(
        sentence: "The tenant answers through the browser: a code, an access token, our state.",
        reason: ("Why believe it?", "Not all of it yet: nothing in this answer is signed."),
        proofs: [
          Proof("state", "answers this browser", .stateMatch),
          Proof("iss", "the tenant we asked", .responseIss),
          Proof("verifier", "proves the code, stage 7"),
          Proof("nonce", "proves the login, stage 8"),
        ],
        breaks: "A swapped access token, noticed by nobody: do not use it.")
    }
    let hashes =
      type.hasAccessToken
      ? Proof("c_hash, at_hash", "with these two", .cHashMatch, .atHashMatch)
      : Proof("c_hash", "with this very code", .cHashMatch)
    return StoryText(
      sentence: type.hasAccessToken
        ? "The tenant answers through the browser: a code, two tokens, and our state."
        : "The tenant answers through the browser: a code, an ID token, and our state.",
      reason: ("Why believe it?", "It came from a browser, which anybody can steer."),
      proofs: [
        Proof("signature", "the tenant said it", .idTokenSignature),
        Proof("nonce", "in this very login", .nonceMatch),
        hashes, Proof("state", "to this browser", .stateMatch),
      ],
      breaks: "Another code in an honest answer: the hash does not fit.")
  }

  private static let exchange = StoryText(
    sentence: "The application hands in the code, over its own connection to the tenant.",
    reason: ("Why is the code not enough?", "It was in a browser. Somebody may have read it."),
    proofs: [
      Proof("credentials", "this application"), Proof("verifier", "the login that asked"),
      Proof("redirect_uri", "as at stage 2", .redirectURISame),
      Proof("checked first", "then it left", .noExchangeBeforeFrontOK),
    ],
    breaks: "The code sent twice, or too late: invalid_grant.")

  private static let verify = StoryText(
    sentence: "The tenant compares what came with what it remembers.",
    reason: ("What must be right?", "All of it, or there are no tokens:"), proofs: [],
    breaks: "Talking too long over stage 5: invalid_grant.")

  private static func tokens(_ type: ResponseType) -> StoryText {
    guard type.hasIDToken else {
      return StoryText(
        sentence: "The ID token and an access token, straight from the tenant.",
        reason: ("Why check it, so near the source?", "The code came through a browser."),
        proofs: [
          Proof("nonce", "the code was of this login", .nonceMatch),
          Proof("signature", "the tenant said it", .idTokenSignature),
          Proof("at_hash", "this access token", .backAtHash),
        ],
        breaks: "A code of another login: its ID token has another nonce.")
    }
    return StoryText(
      sentence: type.hasAccessToken
        ? "A second ID token and a second access token, straight from the tenant."
        : "A second ID token and an access token, straight from the tenant.",
      reason: ("Why another ID token?", "Both must tell of one person and one login:"),
      proofs: [
        Proof("sub", "the same person", .secondIDTokenSub),
        Proof("nonce", "the same login", .backNonceMatch),
        Proof("iss", "the same tenant", .secondIDTokenIss),
        Proof("at_hash", "this access token", .backAtHash),
      ],
      breaks: type.hasAccessToken
        ? "Its at_hash compared with the browser\u{2019}s access token."
        : "Demanding c_hash here: in this token it may be missing.")
  }

  private static func api(_ type: ResponseType) -> StoryText {
    StoryText(
      sentence: "The application calls the API with an access token no browser has seen.",
      reason: ("Why this token?", "Who bears it may use it, so nobody else may see it."),
      proofs: [
        Proof(
          type.hasAccessToken ? "the second one" : "back channel", "unread",
          .useSecondAccessToken),
        Proof("in a header", "in no history", .bearerHeaderOnly),
        Proof("aud", "made for this API", .accessTokenAud),
      ],
      breaks: "An ID token sent here: it is for the application.")
  }

  private static let data = StoryText(
    sentence: "The API has made up its own mind about the token, and answers.",
    reason: ("What is left to check?", "Whom the answer is about."),
    proofs: [
      Proof("sub", "who signed in", .userinfoSub),
      Proof("iss and sub", "whose account", .accountKey),
      Proof("the API", "checks the token itself"),
    ],
    breaks: "An API that skips aud: it takes tokens made for others.")
}
