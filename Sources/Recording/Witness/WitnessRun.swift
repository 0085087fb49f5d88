import HybridFlow
import OpenID

/// Makes the events of another application's login out of what was seen of it.
///
/// Two sources use it: a HAR, which the browser wrote, and the demo tenant, which is watched. Nothing
/// is added: what nobody saw does not appear.
struct WitnessRun {
  private var machine = FlowMachine()
  /// The events so far.
  private(set) var events: [Recording.Stamped] = []
  private var signsIn = false

  /// What the run waits for.
  var situation: Situation { machine.situation }

  mutating func post(_ event: FlowEvent, at: UnixTime) {
    events.append(Recording.Stamped(event, at: at))
    for effect in machine.handle(event, at: at) {
      guard case .examine(let tasks) = effect else { continue }
      post(.examined(tasks.map { CryptoFinding($0) }), at: at)
    }
  }

  mutating func remark(_ text: String, warns: Bool = false, at: UnixTime) {
    post(.remarked(text, warns: warns), at: at)
  }

  /// Stage 1: the values of the request, and the provider's documents if they are known.
  mutating func begin(
    _ configuration: FlowConfiguration, verifier: String?, metadata: SeenExchange?,
    keys: SeenExchange?, at: UnixTime
  ) {
    let sent = configuration.witness?.parameters ?? []
    let secrets = FlowSecrets(
      state: sent["state"] ?? "", nonce: sent["nonce"] ?? "",
      codeVerifier: Secret(verifier ?? ""), codeChallenge: sent["code_challenge"] ?? "",
      tokenIdentifier: "")
    post(.started(configuration, secrets), at: at)
    if configuration.witness?.hasMetadata == true, let metadata { fetched(.metadata, metadata) }
    if configuration.witness?.hasKeys == true, let keys { fetched(.keys, keys) }
  }

  mutating func fetched(_ purpose: FetchPurpose, _ exchange: SeenExchange) {
    post(.fetched(purpose, exchange.request, exchange.response), at: exchange.at)
  }

  /// Stages 3 and 4: a step of the browser at the provider.
  ///
  /// - Parameter isFirst: Whether it is the authorization request, which may be a POST.
  mutating func walk(_ exchange: SeenExchange, isFirst: Bool) {
    if !signsIn, exchange.request.method == "POST", !isFirst {
      signsIn = true
      // A step of its own for the person who goes through the run.
      post(.advanced, at: exchange.at)
    }
    post(.browserExchanged(exchange.request, exchange.response), at: exchange.at)
  }

  /// Stage 5: the request with which the browser brings the answer.
  mutating func arrive(_ request: HTTPRequest, at: UnixTime) {
    post(.advanced, at: at)
    post(.callbackArrived(CallbackNumber(1), request), at: at)
  }

  /// Stages 6 to 8: the token request, and what the server verified, if its ledger is known.
  mutating func redeem(_ token: SeenExchange) {
    fetched(.token, token)
    post(.advanced, at: token.at)
    if case .busy(_, .readingLedger) = situation {
      post(.ledgerRead(token.serverChecks), at: token.at)
    }
    post(.advanced, at: token.at)
  }

  /// Stages 9 and 10: a call with the access token.
  ///
  /// - Parameter since: When the application could make it.
  mutating func call(_ purpose: FetchPurpose, _ exchange: SeenExchange, since: UnixTime) {
    post(.advanced, at: since)
    fetched(purpose, exchange)
    post(.advanced, at: exchange.at)
  }
}
