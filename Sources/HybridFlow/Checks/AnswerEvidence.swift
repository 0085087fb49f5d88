import OpenID

/// What is known about an authorization response and around it when it is judged.
public struct AnswerEvidence: Sendable {
  /// For whom it is judged.
  public var judge: Judge
  /// Its fields, repeats kept; empty when they cannot be decoded.
  public var fields: [FormField]
  /// Why the fields cannot be decoded; nil when they can.
  public var fault: String?
  /// The state that was sent.
  public var sentState: Known<String?>
  /// The issuer that was asked.
  public var issuer: Known<String>
  /// Whether the provider promises `iss` in every answer; RFC 9207, section 3.
  public var promisesIssuer: Known<Bool>
  /// Where the request asked the answer to be.
  package var askedCarrier: Known<PastedAnswer.Carrier>
  /// What the request asked for.
  package var asked: Known<AskedAnswer>
  /// The application's page at the redirect URI.
  var page = CallbackPageTraits.careful
  /// Whether the application has one redirect URI for several issuers.
  var sharesRedirectURI = false
  /// `iss` of the ID token in it; nil when there is none that can be read.
  public var idTokenIssuer: String?
  /// The claims of that ID token, verified or not.
  package var idTokenClaims: JSONValue?

  /// An answer of which nothing else is known, for this reason: the rest of a sentence.
  public init(_ fields: [FormField], fault: String?, unknown why: String, judge: Judge) {
    self.fields = fields
    self.fault = fault
    self.judge = judge
    sentState = .unknown(why)
    issuer = .unknown(why)
    promisesIssuer = .unknown(why)
    askedCarrier = .unknown(why)
    asked = .unknown(why)
  }

  /// The answer to a run, which knows its own request.
  init(_ answer: AuthorizationResponse, _ requested: Requested, _ token: IDTokenExamination? = nil)
  {
    judge = .application
    fields = answer.fields
    fault = answer.fault.map { _ in "a body that cannot be decoded" }
    sentState = .known(requested.sent("state"))
    issuer = .known(requested.configuration.issuer.text)
    promisesIssuer = .known(requested.prepared.metadata.sendsIssuerParameter)
    askedCarrier =
      requested.askedMode.map { .known($0.carrier) }
      ?? .unknown("The response mode that was asked for is none of the three.")
    asked = .known(requested.asked)
    page = requested.configuration.callbackPage
    sharesRedirectURI = requested.configuration.experiment.mistakes.contains(.sharesRedirectURI)
    if let witness = requested.configuration.witness {
      sentState = witness.sent("state")
      askedCarrier = witness.expectedCarrier
      if !witness.hasMetadata {
        issuer = .unknown(witness.unseen)
        promisesIssuer = .unknown(witness.unseen)
      }
      if case .unknown(let why) = witness.sent("response_type") { asked = .unknown(why) }
    }
    idTokenIssuer = token?.claims?["iss"]?.string
    idTokenClaims = token?.claims
  }

  /// The value of a parameter; an empty one counts as absent (RFC 6749, section 3.1).
  subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
}
