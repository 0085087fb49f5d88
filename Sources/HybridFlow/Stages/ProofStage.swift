import OpenID

/// The proofs of possession beside the stages: a request that carries one waits until it is signed,
/// and goes out once more if the server wants a nonce in it.
///
/// RFC 9449. The stages know nothing of it: they send a request, and wait for its answer.
enum ProofStage {
  /// Handles what concerns proofs alone; nil for everything else.
  static func take(
    _ event: FlowEvent, staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard step.proofs != nil, state.waitsForAnswer else { return nil }
    if case .acting = state { step.isAfterwards = true }
    switch event {
    case .signed(.possession, let outcome): return signed(outcome, staying: state, &step)
    case .signed(let purpose, let outcome):
      guard let waiting = step.proofs?.renewed(purpose) else { return nil }
      return renewed(waiting, outcome, staying: state, &step)
    case .fetched(let purpose, let request, let response):
      return answered(purpose, request, response, staying: state, &step)
    default: return nil
    }
  }

  /// Has the proof of a request signed.
  static func prove(_ request: ProvenRequest, _ step: inout FlowStep) {
    guard let task = step.proofs?.begin(request, at: step.now) else { return }
    step.effects.append(.sign(task))
  }

  private static func signed(
    _ outcome: SigningOutcome, staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let waiting = step.proofs?.leave() else { return nil }
    switch outcome {
    case .unusable(let why): return end(state, waiting, .environment(.signing(why)), &step)
    case .token(let proof):
      var request = waiting.request
      request.headers.set(DPoP.header, proof.reveal())
      if step.proofs?.mistakes.contains(.sendsTwoProofs) == true {
        request.headers.add(DPoP.header, proof.reveal())
      }
      step.dispatch(
        waiting.stage, waiting.purpose, request, to: waiting.to,
        showsCertificate: waiting.showsCertificate)
      return state
    }
  }

  /// Takes the nonce of an answer; sends the request once more where the server wants it so.
  ///
  /// RFC 9449, sections 8 and 9.
  private static func answered(
    _ purpose: FetchPurpose, _ request: HTTPRequest, _ response: HTTPResponse,
    staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard var asked = step.proofs?.arrive(purpose) else { return nil }
    let nonce = ProofNonce(response)
    if let text = nonce.text { step.proofs?.learn(text, of: asked.server) }
    guard nonce.isDemanded else {
      if asked.attempt > 1 { step.check(asked.stage, [ProofChecks.retried(nonce)]) }
      return nil
    }
    step.received(asked.stage, request, response, from: asked.to)
    guard asked.attempt == 1, let text = nonce.text else {
      let check = ProofChecks.retried(nonce, isFirst: asked.attempt == 1)
      return end(
        state, asked, .provider(.checksFailed(step.check(asked.stage, [check]))), &step)
    }
    step.value(asked.stage, "DPoP-Nonce", text, asked.to, .application)
    asked.attempt += 1
    let used = step.proofs?.nonce(for: asked)
    let failed = step.check(asked.stage, [ProofChecks.nonce(used, wanted: text)])
    guard failed.isEmpty else {
      return end(state, asked, .provider(.checksFailed(failed)), &step)
    }
    if let task = step.proofs?.renew(asked, at: step.now) {
      step.effects.append(.sign(task))
    } else {
      prove(asked, &step)
    }
    return state
  }

  /// Takes the new client assertion of a request that goes out once more.
  private static func renewed(
    _ waiting: ProvenRequest, _ outcome: SigningOutcome, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    switch outcome {
    case .unusable(let why): return end(state, waiting, .environment(.signing(why)), &step)
    case .token(let assertion):
      var waiting = waiting
      waiting.take(assertion: assertion.reveal())
      step.value(
        waiting.stage, "client_assertion", assertion.reveal(), secret: true, .application,
        .authorizationServer)
      prove(waiting, &step)
      return state
    }
  }

  private static func end(
    _ state: FlowMachine.State, _ request: ProvenRequest, _ failure: FlowFailure,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    if case .acting(let acting) = state { return AfterStage.end(acting.after, failure, &step) }
    return step.fail(request.stage, failure)
  }
}

/// What an answer says of the nonce in a proof.
struct ProofNonce {
  /// The nonce for the next proof; nil without exactly one.
  let text: String?
  /// Whether the request was refused for want of it.
  let isDemanded: Bool
  /// What the header held, for people.
  let found: String

  /// Reads the header, and the error of a token endpoint or of an API.
  init(_ response: HTTPResponse) {
    let all = response.headers.all(DPoP.nonceHeader)
    let isUsable = all.count == 1 && all[0].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    text = isUsable && !all[0].isEmpty ? all[0] : nil
    found = all.isEmpty ? "no DPoP-Nonce" : all.joined(separator: ", ")
    let challenges = response.headers.all("WWW-Authenticate")
      .flatMap(AuthenticationChallenge.challenges)
    let isChallenged = challenges.contains {
      $0.isScheme(DPoP.tokenType) && $0["error"] == DPoP.useNonce
    }
    let error = (try? JSONParser.parse(response.body))?["error"]?.string
    isDemanded =
      response.status == 401 && isChallenged
      || (response.status == 400 || response.status == 401) && error == DPoP.useNonce
  }
}

extension FlowMachine.State {
  /// Whether a request with a proof may be on its way, or wait for its proof.
  fileprivate var waitsForAnswer: Bool {
    switch self {
    case .pushing, .exchanging, .calling, .acting: true
    default: false
    }
  }
}
