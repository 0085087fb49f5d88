import OpenID
import Testing

@testable import HybridFlow
@testable import Redaction

/// Requests that a person changes before they leave: what is sent, what is judged, what is kept.
@Suite struct EditTests {
  private func drive(
    _ type: ResponseType = .codeIDToken,
    _ change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> Drive {
    var configuration = try Sample.configuration(type, agent: .builtIn)
    change(&configuration)
    return Drive(configuration, try HonestProvider())
  }

  /// A run at the end of stage 2, whose request was changed.
  private func edited(
    goesAnyway: Bool = false, _ type: ResponseType = .codeIDToken,
    _ change: (inout [FormField]) -> Void
  ) throws -> Drive {
    var drive = try drive(type)
    try drive.run { $0.situation == .ready(next: .prompt) }
    try drive.deliver(.requestEdited(try edit(.authorize, drive, goesAnyway, change)))
    return drive
  }

  private func edit(
    _ stage: Stage, _ drive: Drive, _ goesAnyway: Bool = false,
    _ change: (inout [FormField]) -> Void
  ) throws -> RequestEdit {
    let draft = try #require(drive.transcript[stage].draft)
    var fields = draft.fields
    change(&fields)
    return RequestEdit(from: draft.made, to: fields, goesAnyway: goesAnyway)
  }

  private func sentFields(_ drive: Drive) throws -> [FormField] {
    let messages = drive.transcript[.authorize].messages
    #expect(messages.count == 1, "the request that did not leave is gone")
    let location = try #require(messages.first?.response?.headers["Location"])
    return try WebURL(location).queryFields()
  }

  private func body(_ drive: Drive) throws -> [FormField] {
    try FormEncoding.decode(try #require(drive.tokenRequests.first).body)
  }

  // MARK: The edit itself

  @Test func `an edit keeps what it does not change, by name and place`() {
    let made = [
      FormField("resource", "a"), FormField("resource", "b"), FormField("state", "first"),
    ]
    let wanted = [
      FormField("state", "first"), FormField("resource", "a"), FormField("resource", "c"),
      FormField("state", "second"),
    ]
    let edit = RequestEdit(from: made, to: wanted)
    #expect(
      edit.rows == [
        .kept("state", 0), .kept("resource", 0), .given(FormField("resource", "c")),
        .given(FormField("state", "second")),
      ])
    #expect(edit.applied(to: made) == wanted)
    // Another run draws another state; what was given stays.
    let fresh = [FormField("resource", "a"), FormField("state", "drawn anew")]
    #expect(
      edit.applied(to: fresh) == [
        FormField("state", "drawn anew"), FormField("resource", "a"), FormField("resource", "c"),
        FormField("state", "second"),
      ])
  }

  @Test func `an edit prints none of its values`() {
    let edit = RequestEdit(rows: [.given(FormField("client_secret", "s3cr3t"))])
    var dumped = ""
    dump(edit, to: &dumped)
    #expect(!"\(edit)\(dumped)".contains("s3cr3t"))
  }

  // MARK: Stage 2

  @Test(arguments: [ResponseType.codeIDToken, .codeToken, .codeIDTokenToken])
  func `the response type as it was sent decides what must come`(type: ResponseType) throws {
    let start: ResponseType = type == .codeIDToken ? .codeToken : .codeIDToken
    var drive = try edited(start) { $0.set("response_type", type.rawValue) }
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect((drive.transcript.token(.idToken, .front) != nil) == type.hasIDToken)
    #expect((drive.transcript.token(.accessToken, .front) != nil) == type.hasAccessToken)
  }

  @Test func `an answer to the type before the edit is refused`() throws {
    var drive = try edited { $0.set("response_type", "code id_token token") }
    drive.provider.editFields = { $0.drop("access_token") }
    try drive.run()
    #expect(drive.transcript.failure?.failedChecks.contains(.responseTypeExact) == true)
  }

  @Test func `both ID tokens are compared with the nonce as it was sent`() throws {
    let nonce = "edited-nonce-that-is-long-enough"
    var drive = try edited { $0.set("nonce", nonce) }
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    for stage in [Stage.callback, .tokens] {
      let check = drive.transcript[stage].checks.first { $0.id == .nonceMatch }
      #expect(check?.verdict == .pass && check?.expected == nonce, "\(stage)")
    }
  }

  @Test func `the nonce that the flow made is not good enough any more`() throws {
    var drive = try edited { $0.set("nonce", "edited-nonce-that-is-long-enough") }
    drive.provider.editFrontClaims = { $0.set("nonce", .string(Sample.secrets.nonce)) }
    try drive.run()
    #expect(drive.transcript.failure?.failedChecks == [.nonceMatch])
  }

  @Test func `a request that breaks a rule does not leave by itself`() throws {
    let drive = try edited { $0.drop("nonce") }
    #expect(drive.machine.situation.stage == .authorize)
    #expect(drive.transcript.failure == .provider(.checksFailed([.requestNonce])))
    #expect(drive.transcript[.authorize].messages.isEmpty)
  }

  @Test func `sent anyway, it goes on to the end and is not called good`() throws {
    var drive = try edited(goesAnyway: true) { $0.drop("nonce") }
    #expect(drive.machine.situation == .ready(next: .prompt))
    #expect(try sentFields(drive)["nonce"] == nil)
    try drive.run()
    #expect(drive.machine.situation == .finished)
    let check = try #require(
      drive.transcript[.authorize].checks.first { $0.id == .requestNonce })
    #expect(check.verdict == .fail && check.isOverruled)
    #expect(drive.transcript[.authorize].status == .failed)
    #expect(drive.transcript.stop == nil)
    #expect(drive.transcript.failure == .provider(.checksFailed([.requestNonce])))
    #expect(drive.transcript.failure?.exitCode == 3)
  }

  @Test func `without a code challenge no verifier is sent`() throws {
    var drive = try edited {
      $0.drop("code_challenge")
      $0.drop("code_challenge_method")
    }
    #expect(
      drive.transcript[.authorize].checks.first { $0.id == .requestPKCE }?.verdict == .warn)
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect(try body(drive)["code_verifier"] == nil)
  }

  @Test func `PKCE can be switched on where the flow has it off`() throws {
    var drive = try drive { $0.usesPKCE = false }
    try drive.run { $0.situation == .ready(next: .prompt) }
    let challenge = try #require(drive.transcript[.authorize].draft?.challenge)
    try drive.deliver(.requestEdited(try edit(.authorize, drive) { $0 += challenge }))
    try drive.run()
    drive.expectInvariants()
    #expect(try body(drive)["code_verifier"] == Sample.secrets.codeVerifier.reveal())
  }

  @Test func `a parameter more, a parameter less, and all as it was`() throws {
    var drive = try edited {
      $0.append(FormField("prompt", "login"))
      $0.append(FormField("state", "twice"))
      $0.drop("scope")
      $0.append(FormField("scope", "openid"))
    }
    let names = try sentFields(drive).map(\.name)
    #expect(names.filter { $0 == "state" }.count == 2)
    #expect(names.suffix(3) == ["prompt", "state", "scope"])
    #expect(drive.transcript[.authorize].draft?.isEdited == true)
    let made = try #require(drive.transcript[.authorize].draft?.made)
    try drive.deliver(.requestEdited(RequestEdit(from: made, to: made)))
    #expect(try sentFields(drive) == made)
    #expect(drive.transcript[.authorize].draft?.isEdited == false)
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect(drive.transcript[.authorize].notes.count == 2)
  }

  @Test func `a redirect URI taken out is not sent to the token endpoint either`() throws {
    var drive = try edited { $0.drop("redirect_uri") }
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect(try body(drive)["redirect_uri"] == nil)
  }

  @Test func `a code alone is exchanged without a first ID token`() throws {
    var drive = try edited { $0.set("response_type", "code") }
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect(drive.transcript[.callback].tokens.isEmpty)
    #expect(drive.transcript.token(.idToken, .back) != nil)
  }

  @Test func `a type without a code ends after stage 5`() throws {
    var drive = try edited { $0.set("response_type", "id_token") }
    try drive.run()
    drive.expectInvariants()
    #expect(drive.transcript.failure == nil)
    #expect(drive.transcript[.callback].status == .passed)
    #expect(drive.transcript[.exchange].skippedBecause?.contains("no code") == true)
    #expect(drive.tokenRequests.isEmpty)
  }

  @Test func `what has left cannot be edited any more`() throws {
    var drive = try drive()
    try drive.run { $0.situation == .ready(next: .authenticate) }
    let before = drive.machine
    try drive.deliver(.requestEdited(try edit(.authorize, drive) { $0.drop("nonce") }))
    #expect(drive.machine == before)
  }

  // MARK: Stage 6

  private func atExchange() throws -> Drive {
    var drive = try drive()
    try drive.run { $0.situation == .ready(next: .exchange) }
    return drive
  }

  @Test func `the token request is sent once, as it was edited`() throws {
    var drive = try atExchange()
    try drive.deliver(
      .exchangeEdited(
        try edit(.exchange, drive) {
          $0.set("code_verifier", "another-verifier-another-verifier-another-v")
          $0.set(RequestDraft.methodName, "client_secret_post")
          $0.append(FormField("audience", "x"))
        }))
    #expect(drive.machine.situation == .ready(next: .exchange), "nothing has left yet")
    #expect(drive.tokenRequests.isEmpty)
    try drive.run()
    drive.expectInvariants()
    let sent = try body(drive)
    #expect(sent["code_verifier"] == "another-verifier-another-verifier-another-v")
    #expect(sent["audience"] == "x")
    #expect(sent["client_secret"] == Sample.clientSecret.reveal())
    #expect(sent[RequestDraft.methodName] == nil, "it is no parameter of its own")
    #expect(drive.tokenRequests.first?.headers["Authorization"] == nil)
  }

  @Test func `another redirect URI is judged as it was sent`() throws {
    var drive = try atExchange()
    try drive.deliver(
      .exchangeEdited(try edit(.exchange, drive) { $0.set("redirect_uri", "http://else/") }))
    try drive.run()
    #expect(drive.transcript.failure?.failedChecks == [.redirectURISame])
    #expect(drive.tokenRequests.isEmpty)

    var anyway = try atExchange()
    try anyway.deliver(
      .exchangeEdited(
        try edit(.exchange, anyway, true) { $0.set("redirect_uri", "http://else/") }))
    try anyway.run()
    #expect(try body(anyway)["redirect_uri"] == "http://else/")
    #expect(anyway.transcript.failure?.failedChecks == [.redirectURISame])
    #expect(anyway.transcript[.exchange].status == .failed)
    #expect(anyway.machine.situation == .finished)
  }

  @Test func `a client whose secret was taken out proves nothing`() throws {
    var drive = try atExchange()
    try drive.deliver(.exchangeEdited(try edit(.exchange, drive) { $0.drop("client_secret") }))
    try drive.run()
    let request = try #require(drive.tokenRequests.first)
    #expect(request.headers["Authorization"] == nil)
    #expect(try body(drive)["client_id"] == Sample.clientID)
    #expect(try body(drive)["client_secret"] == nil)
  }

  @Test func `edited secrets are masked as soon as they were sent`() throws {
    var drive = try atExchange()
    try drive.deliver(
      .exchangeEdited(
        try edit(.exchange, drive) { $0.set("client_secret", "typed-by-a-person-12345") }))
    for note in drive.transcript[.exchange].notes { #expect(!note.text.contains("typed-by")) }
    try drive.run()
    let redactor = drive.transcript.redactor()
    #expect(!redactor.mask("x typed-by-a-person-12345 y").contains("person"))
  }
}

extension [FormField] {
  /// Gives the first field of this name another value.
  mutating func set(_ name: String, _ value: String) {
    if let index = firstIndex(where: { $0.name == name }) { self[index].value = value }
  }
}
