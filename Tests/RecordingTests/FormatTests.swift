import HybridFlow
import OpenID
import Testing
import TestSupport

@testable import Recording
@testable import Session

/// The file: what is written is read again, and whatever else is read is refused in words.
@Suite(.serialized) struct FormatTests {
  private func honest() throws -> (run: ScriptedRun, file: [UInt8]) {
    let run = try scriptedRun(then: [.refresh])
    return (run, Recording.file(of: run.tape))
  }

  private func fault(_ bytes: [UInt8]) -> String {
    do throws(RecordingError) {
      _ = try Recording.read(bytes)
      return ""
    } catch { return error.message }
  }

  private func lines(_ file: [UInt8]) -> [String] {
    String(decoding: file, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func file(_ lines: [String]) -> [UInt8] {
    Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// One event of each kind, with everything in it that may be left out.
  private static func everyEvent() throws -> [FlowEvent] {
    let url = try WebURL("https://op.example/a?b=c#d")
    var request = HTTPRequest(
      method: "POST", url: url, headers: ["A": "b", "A": "c"], body: [0xFF, 0x00, 0x0A])
    request.target = "*"
    let response = HTTPResponse(
      status: 599, reason: "Odd", headers: ["X": ""], body: Array("{}".utf8))
    let page = try HTMLPage(
      bytes: Array(
        """
        <base href="/x/"><title>T</title><p>Line<form id=f name=n action=go method=post>
        <label for=a>Name</label><input id=a name=a placeholder=p><input type=checkbox name=c checked>
        <select name=s><option>1<option>2</select><input type=hidden name=h value=v disabled>
        <button name=b value=1 formaction=/y formmethod=get>Go</button></form>
        """.utf8), url: url)
    var configuration = FlowConfiguration(
      issuer: url, clientID: "id\u{7}", clientSecret: Secret("s"), redirectURI: url)
    configuration.explicitMetadata = ProviderMetadata([
      "issuer": "x", "a": [true, 2],
    ])
    (configuration.audience, configuration.apiURL) = ("aud", url)
    configuration.clientAuthentication = .privateKeyJWT
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "k")
    (configuration.assertionAudience, configuration.pushesRequest) = (.other("o"), .always)
    (configuration.signsRequest, configuration.resources) = (true, ["r"])
    configuration.extraParameters = [FormField("n", "v"), FormField("n", "")]
    (configuration.maxAgeSeconds, configuration.signOnOnly) = (0, true)
    configuration.checksOff = [.nonceMatch, .stateMatch]
    configuration.mistakes = [.tokenInQuery]
    configuration.tampering = Tampering(
      faultID: "f", stage: .callback, from: .browser, to: .api, pathSuffix: "/p")
    var witness = Witness(endpoint: url, parameters: [FormField("n", "v")])
    (witness.isReference, witness.hasMetadata, witness.hasKeys) = (true, true, true)
    witness.call = .userinfo
    configuration.witness = witness
    configuration.sessionCookie = SessionCookie(.strict, hasHostPrefix: true)
    configuration.accounts = .claimedBefore()
    configuration.accounts?.key = .email
    configuration.requestEncryption = TokenEncryption(.rsaOAEP, .a256GCM)
    let certificate = ClientCertificate(
      der: [1, 2], chain: [3], thumbprint: "t", subject: "CN=c", issuer: "CN=i",
      begins: UnixTime(seconds: 1), ends: UnixTime(seconds: 2))
    (configuration.clientCertificate, configuration.otherCertificate) = (certificate, certificate)
    configuration.decryption = ClientDecryption(
      idTokens: TokenEncryption(.ecdhESA256KW, .a192CBCHS384),
      responses: TokenEncryption(.rsaOAEP256, .a128GCM),
      keys: [JSONWebKey(["kty": "RSA", "kid": "k"])].compactMap { $0 })
    let secrets = FlowSecrets(
      state: "st", nonce: "no", codeVerifier: Secret("ve"), codeChallenge: "ch",
      tokenIdentifier: "ti", logoutState: "lo", session: Secret("se"))
    let check = ServerCheck(
      id: "i", what: "w", detail: "d", passed: nil, spec: .rfc(6749, "4"), observed: true)
    let failure = TransportFailure(kind: .tls, message: "m")
    var detailed = TransportFailure(kind: .proxy, message: "m")
    (detailed.cause, detailed.happened, detailed.remedy) = ("c", "h", "r")
    detailed.details = [TransportFailure.Detail("n", "t"), TransportFailure.Detail("n", "")]
    return [
      .started(configuration, secrets), .advanced, .abandoned, .browserRequested,
      .listenerReady(url), .listenerFailed("why"), .fetched(.keysAgain, request, response),
      .fetchFailed(.api, failure), .browserOpened(succeeded: false, detail: "d"),
      .browserExchanged(HTTPRequest(method: "GET", target: "/t"), response),
      .pageArrived(BrowserPage(url: url, status: 418, page: page)), .pageFailed(failure),
      .formFilled(FormSubmission(action: url, method: "GET", fields: [FormField("a", "b")])),
      .callbackArrived(CallbackNumber(7), request),
      .examined([.signatureValid, .signatureInvalid, .digest([1, 2, 3]), .unusable("u")]),
      .signed(.laterAssertion, .token(Secret("t"))), .signed(.requestObject, .unusable("u")),
      .decrypted(.frontIDToken, .content(Secret("t"))), .decrypted(.backIDToken, .failed(.tag)),
      .decrypted(.refreshedIDToken, .unusable("u")),
      .ledgerRead([check]), .clockAdvanced, .loggedOut(request), .answerMisplaced(request),
      .loginOpened(request),
      .straysCounted(StrayRequests(.refused, count: 330, reasons: [.stateMatch])),
      .requestRefused(
        RefusedRequest(reason: .cookies, request: request, response: response, cookieBytes: 9)),
      .requestRefused(RefusedRequest(reason: .brokenOff, request: nil, response: nil)),
      .remarked("r", warns: true), .remarked("r", warns: false), .fetchFailed(.keys, detailed),
      .authorizeRefused(
        OAuthError(endpoint: .page, code: "c", description: "d", uri: "u", status: 403)),
      .authorizeRefused(OAuthError(endpoint: .page, code: "")),
      .witnessed(
        WitnessedExchange(request, response, lostCookies: [LostCookie("c", .laxByDefault)])),
    ] + AfterAction.all.map(FlowEvent.actionRequested)
  }

  @Test func `every event is read as it was written`() throws {
    for event in try Self.everyEvent() {
      let (name, data) = EventCoder.json(event)
      var line: JSONValue = [:]
      for (name, value) in data where value != nil { line.set(name, value ?? .null) }
      let text = line.compactText
      #expect(!text.contains("\n"))
      let parsed = try FieldReader(try JSONParser.parse(text))
      #expect(try EventCoder.event(named: name, parsed) == event, "\(name)")
    }
  }

  @Test func `no property of a configuration is forgotten`() throws {
    let url = try WebURL("https://op.example/")
    let configuration = FlowConfiguration(
      issuer: url, clientID: "", clientSecret: nil, redirectURI: url)
    let names = Mirror(reflecting: configuration).children.compactMap(\.label)
    #expect(Set(names) == ConfigurationCoder.properties)
  }

  @Test func `a recording is read as it was written`() throws {
    let (run, file) = try honest()
    let recording = try Recording.read(file)
    #expect(recording.events.count == run.tape.count)
    #expect(recording.events.map(\.at) == run.tape.map(\.at))
    #expect(recording.header["response_type"] == "code id_token")
    #expect(!recording.header.keepsSecrets && recording.header.masked.count == 2)
    #expect(recording.verdicts.map(\.place).contains("after-1"))
    #expect(recording.warnings == [])
  }

  @Test func `a torn last line is dropped with a word, wherever it is torn`() throws {
    let (_, file) = try honest()
    let whole = try Recording.read(file)
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<60 {
      let headerEnd = try #require(file.firstIndex(of: 0x0A))
      let cut = Int.random(in: (headerEnd + 300)..<file.count, using: &generator)
      let torn = Array(file[..<cut])
      guard torn.count(where: { $0 == 0x0A }) > 1 else { continue }
      let recording = try Recording.read(torn)
      let isTorn = torn.last != 0x0A
      let lastLine = torn.split(separator: 0x0A).last.map(Array.init) ?? []
      let isWhole = (try? JSONParser.parse(lastLine)) != nil
      #expect(recording.warnings.isEmpty == (!isTorn || isWhole))
      #expect(recording.events == Array(whole.events.prefix(recording.events.count)))
    }
  }

  @Test func `what is no recording is refused in words`() throws {
    let (_, good) = try honest()
    let lines = lines(good)
    let rows: [(bytes: [UInt8], words: String)] = [
      ([], "it is empty"), (Array("\n\n".utf8), "it is empty"),
      (Array("{}\n".utf8), "no recording of hybrid-flow"),
      (Array("\u{1B}[2J\n".utf8), "no recording of hybrid-flow"),
      (file([lines[0]]), "holds no events"),
      (
        file([lines[0].replacing("\"version\":1", with: "\"version\":2")] + lines.dropFirst()),
        "it is of version 2, and this program"
      ),
      (
        file([lines[0].replacing("\"version\":1", with: "\"version\":99999999999999999999")]),
        "its version is no number"
      ),
      (file([lines[0].replacing("\"version\":1", with: "\"version\":-1")]), "its version"),
      (file([lines[0]] + lines.dropFirst(2)), "line 2: the first event is not"),
      (file(lines + [lines[1]]), "a second run begins"),
      (file([lines[0], lines[1], "nonsense"] + lines.dropFirst(2)), "line 3: it is not JSON"),
      (file([lines[0], lines[1], "[]"]), "line 3: the line is no JSON object"),
      (file(lines + [#"{"at":1,"event":"unheard_of"}"#]), "there is no event"),
      (file(lines + [#"{"at":1e400,"event":"advanced"}"#]), "\u{201C}at\u{201D} is a number"),
      (file(lines + [#"{"at":9223372036854775807,"event":"advanced"}"#]), "whole number from"),
      (file(lines + [#"{"event":"advanced"}"#]), "\u{201C}at\u{201D} is missing"),
      (file(lines + [#"{"at":1,"event":"examined","findings":[{"digest":"!"}]}"#]), "no base64url"),
      (file(lines + [#"{"at":1,"event":"pageArrived"}"#]), "there is no event"),
      (file(lines + [#"{"at":1,"event":"listener_ready","url":"ftp://x"}"#]), "an http or https"),
    ]
    for row in rows {
      #expect(fault(row.bytes).contains(row.words), "\(row.words): \(fault(row.bytes))")
    }
  }

  /// As if version 2 had called “at” what version 1 called “time”.
  private static func naming(_ line: JSONValue) throws -> JSONValue {
    guard case .object(let members) = line else { return line }
    return .object(members.map { $0.name == "time" ? JSONMember("at", $0.value) : $0 })
  }

  private static func keeping(_ line: JSONValue) throws -> JSONValue { line }

  private static func refusing(_ line: JSONValue) throws -> JSONValue {
    throw RecordingError("nothing fits")
  }

  @Test func `an older version is taken up step by step`() throws {
    let (_, good) = try honest()
    let old = file(lines(good).map { $0.replacing("{\"at\":", with: "{\"time\":") })
    #expect(fault(old).contains("\u{201C}at\u{201D} is missing"))
    // The header has a time as well, in another place of its line.
    let versions = RecordingVersions(current: 3, steps: [Self.naming, Self.keeping])
    #expect(try Recording.read(old, versions).events.count == Recording.read(good).events.count)
    #expect(throws: RecordingError("line 1: nothing fits")) {
      _ = try Recording.read(good, RecordingVersions(current: 2, steps: [Self.refusing]))
    }
    // As many steps as there are versions to leave behind.
    #expect(RecordingVersions.known.steps.count == Int(Recording.version) - 1)
  }

  @Test(.timeLimit(.minutes(5)))
  func `hostile recordings never trap, neither in the reader nor in the machine`() async throws {
    let (_, good) = try honest()
    let lines = lines(good)
    var generator = SeededGenerator(seed: 2026)
    let pieces = [
      "\u{0}", "\u{1B}[31m", "\u{202E}", "-1", "1e999", "9223372036854775807", "\"", "{", "}", "[",
      "null", "true", "\\", "\\u0000", "https://\u{2028}", String(repeating: "[", count: 200),
    ]
    var read = 0
    for round in 0..<1500 {
      if round.isMultiple(of: 50) { await Task.yield() }
      var changed = lines
      switch round % 4 {
      case 0:
        // Another order, and repetitions: impossible after the first event, and all the same read.
        let tail = (0..<12).compactMap { _ in lines.dropFirst(2).randomElement(using: &generator) }
        changed = Array(lines.prefix(2)) + tail
      case 1:
        let index = Int.random(in: 1..<lines.count, using: &generator)
        var bytes = Array(lines[index].utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
        changed[index] = String(decoding: bytes, as: UTF8.self)
      case 2:
        let index = Int.random(in: 1..<lines.count, using: &generator)
        let text = lines[index]
        let place = text.index(
          text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &generator))
        let piece = pieces.randomElement(using: &generator) ?? ""
        changed[index] = text[..<place] + piece + text[place...]
      default:
        // One value of a line becomes another of any type.
        let index = Int.random(in: 1..<lines.count, using: &generator)
        let values = changed[index].split(separator: ":", omittingEmptySubsequences: false)
        var parts = values.map(String.init)
        let place = Int.random(in: 0..<parts.count, using: &generator)
        parts[place] = (pieces.randomElement(using: &generator) ?? "") + ",\"x\""
        changed[index] = parts.joined(separator: ":")
      }
      guard let recording = try? Recording.read(file(changed)) else { continue }
      read += 1
      var replay = ReplayRun(recording)
      while !replay.isAtEnd { replay.step() }
      _ = replay.differences
    }
    #expect(read > 300, "\(read) were read at all")
  }
}
