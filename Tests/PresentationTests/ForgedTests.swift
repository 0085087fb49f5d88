import OpenID
import TestSupport
import Testing

@testable import DemoTenant
@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// The changed message beside the honest one.
@Suite(.serialized) struct ForgedTests {
  /// A fault in one response type, and its run.
  struct Case: Sendable {
    let fault: LabFault
    let type: ResponseType
    let transcript: Transcript
    /// The secrets of its messages: reading them takes longest.
    let secrets: [KnownSecret]
    var name: String { "\(fault.id) (\(type.rawValue))" }
    /// The messages in the place of the fault.
    var changed: [Message] { transcript.changedMessages }

    init(_ fault: LabFault, _ type: ResponseType) throws {
      (self.fault, self.type) = (fault, type)
      transcript = try Lab.outcome(of: fault, type: type).transcript
      secrets = WireSecrets.all(in: transcript)
    }

    func model(at stage: Stage? = nil) -> ExplorerModel {
      ForgedTests.model(
        transcript, fault, type, at: stage ?? changed.first?.stage ?? .callback, secrets)
    }
  }

  static func model(
    _ transcript: Transcript, _ fault: LabFault?, _ type: ResponseType, at stage: Stage,
    _ secrets: [KnownSecret]? = nil
  ) -> ExplorerModel {
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.summary.lab = fault.map { LabRun(entry: LabEntry($0, for: type), isCheckOff: false) }
    model.update(
      transcript: transcript, situation: .finished, at: UnixTime(seconds: 1_795_424_410),
      secrets: secrets ?? WireSecrets.all(in: transcript))
    model.looking = stage
    return model
  }

  /// Every fault in every type, run once for all tests of this file and of the diagram.
  private static let cases = Result {
    try Lab.faults.flatMap { fault in try fault.types.map { try Case(fault, $0) } }
  }

  static func each(_ body: (Case) throws -> Void) async throws {
    for item in try cases.get() {
      await Task.yield()
      try body(item)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `every fault has its view, and every changed message its original`() async throws {
    try await Self.each { item in
      let stage = item.changed.first?.stage ?? item.fault.stage(for: item.type)
      let model = item.model(at: stage)
      let views = model.views(Layout(size: Sample.size, focus: .detail))
      #expect(views.contains(.forged), "\(item.name)")
      for message in item.changed {
        #expect(
          (message.original != nil) != item.fault.changesNoMessage,
          "\(item.name): \(message.stage), \(message.method) \(message.url)")
      }
      let isCompared = item.changed.contains { MessageDifference($0) != nil }
      // What is sent on top changes no message either.
      let isOnTop = item.changed.contains { $0.original != nil && $0.honest == nil }
      let isKeptBack = item.changed.isEmpty
      #expect(isCompared || isOnTop || isKeptBack || item.fault.changesNoMessage, "\(item.name)")
      if isKeptBack {
        guard case .application = item.fault.deed else {
          Issue.record("\(item.name) marks no message")
          return
        }
      }
      let lines = Reader(model).forged().laid(118).map(\.text)
      let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
      let words =
        isCompared ? ["changed", "missing", "added"] : [String(item.fault.does.prefix(40))]
      #expect(
        words.contains { text.contains($0) },
        "\(item.name):\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `what is marked is what the fault changes, and nothing else`() async throws {
    try await Self.each { item in
      let differences = item.changed.compactMap { MessageDifference($0) }
      guard let difference = differences.first else { return }
      let tokens = Set(difference.tokens.map(\.name))
      let names = Set(difference.changes.map(\.name)).subtracting(tokens)
      let told = ChangedNames(item.fault, item.type)
      switch told {
      case .exactly(let wanted): #expect(names == wanted, "\(item.name): \(names.sorted())")
      case .within(let wanted):
        #expect(!names.isEmpty && names.isSubset(of: wanted), "\(item.name): \(names.sorted())")
      case .below(let path):
        #expect(
          !names.isEmpty && names.allSatisfy { $0.hasPrefix(path) },
          "\(item.name): \(names.sorted())")
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `outside the marks both values are the same, to the byte`() async throws {
    try await Self.each { item in
      for part in item.changed.compactMap({ MessageDifference($0) }).flatMap(\.changes) {
        guard let honest = part.honest, let found = part.found else { continue }
        func rest(_ text: String, _ ranges: [Range<Int>]) -> [UInt8] {
          Array(text.utf8).enumerated().filter { byte in
            !ranges.contains { $0.contains(byte.offset) }
          }.map(\.element)
        }
        let ranges = part.ranges
        #expect(
          rest(honest, ranges.honest) == rest(found, ranges.found), "\(item.name) \(part.name)")
        #expect(!ranges.honest.isEmpty || !ranges.found.isEmpty, "\(item.name) \(part.name)")
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `no secret is shown in full`() async throws {
    try await Self.each { item in
      let model = item.model()
      let secrets = item.transcript.secrets + item.secrets
      for width in [60, 118] {
        let text = Reader(model).forged().laid(width).map(\.text).joined(separator: "\n")
        let search = ByteSearch(text)
        for secret in secrets where secret.value.utf8.count >= 20 {
          #expect(!search.holds(secret.value), "\(item.name)")
        }
      }
    }
  }

  @Test(arguments: ResponseType.allCases)
  func `an honest run has no such view, no attacker and no barrier`(type: ResponseType) throws {
    let transcript = try Lab.outcome(of: nil, type: type).transcript
    for stage in Stage.allCases {
      let model = Self.model(transcript, nil, type, at: stage)
      #expect(model.forgedMessages.isEmpty)
      #expect(!model.views(Layout(size: Sample.size, focus: .detail)).contains(.forged))
    }
    let arrows = SequenceArrow.all(in: transcript)
    #expect(arrows.allSatisfy { $0.forgery == nil && $0.leg == nil && $0.barrier == nil })
  }

  @Test func `wire and decoded tell it too, without a key`() throws {
    let item = try Case(try #require(Lab.fault("edited-claims")), .codeIDToken)
    var model = item.model()
    for view in [DetailView.wire, .decoded, .forged] {
      model.view = view
      let text = model.lines(Sample.size).joined(separator: "\n")
      #expect(text.contains("Honest beside forged"), "\(view)\n\(text)")
      #expect(text.contains("auth0|administrator"), "\(view)\n\(text)")
      #expect(text.contains("\u{25B2}"), "\(view)\n\(text)")
    }
    #expect(model.lines(ScreenSize(columns: 80, rows: 24)).contains { $0.contains("\u{25B2}") })
  }

  @Test func `the claim that holds the code stands under both`() throws {
    let item = try Case(try #require(Lab.fault("swapped-code")), .codeIDToken)
    let difference = try #require(MessageDifference(item.changed[0]))
    let pin = try #require(PinnedValue.all(in: difference, item.transcript).first)
    #expect(pin.claim == "c_hash" && pin.honestFits == true && pin.foundFits == false)
    #expect(pin.honestClaim == pin.foundClaim && pin.honestValue != pin.foundValue)
    let lines = Reader(item.model()).wire().laid(118).map(\.text)
    #expect(
      lines.contains {
        $0.contains("hash of code") && $0.contains("\u{2713}") && $0.contains("\u{2717}")
      })
  }

  @Test func `while the verdict is asked for, nothing is compared`() throws {
    let item = try Case(try #require(Lab.fault("swapped-code")), .codeIDToken)
    var model = item.model()
    model.modes.verdictAsked = .callback
    #expect(model.forgedMessages.isEmpty)
    for view in [DetailView.wire, .decoded] {
      model.view = view
      let text = model.lines(Sample.size).joined(separator: "\n")
      for word in ["Honest beside forged", "c_hash in", "code A", "\u{258C}", "stops here"] {
        #expect(!text.contains(word), "\(view): \(word)\n\(text)")
      }
    }
  }

  @Test func `values of another run are no forgery of their own`() throws {
    let item = try Case(try #require(Lab.fault("replayed-id-token")), .codeIDToken)
    let token = try #require(MessageDifference(item.changed[0])?.tokens.first)
    func kind(_ name: String) -> DifferentPart.Kind? { token.parts.first { $0.name == name }?.kind }
    #expect(kind("nonce") == .changed && kind("c_hash") == .changed)
    #expect(kind("iss") == .same)
    #expect(kind("sid") == .otherRun || kind("jti") == .otherRun || kind("iat") == .otherRun)
  }

  @Test func `a mask shows where behind it the difference is`() {
    let part = DifferentPart(
      "code", "abcdefghijklmnopqrstuvwxyz", "abcdefghijXlmnopqrstuvwxyz", .field)
    #expect(part.ranges.found == [10..<11])
    let longer = DifferentPart("state", "abc", "abc1", .field)
    #expect(longer.ranges.honest.isEmpty && longer.ranges.found == [3..<4])
  }
}

/// The parts that a fault changes, by the table of the lab.
enum ChangedNames {
  case exactly(Set<String>)
  case within(Set<String>)
  case below(String)

  init(_ fault: LabFault, _ type: ResponseType) {
    if let names = Self.named[fault.id] {
      self = .exactly(names)
      return
    }
    switch fault.deed {
    // The whole answer is one token.
    case .attacker(.otherAnswer) where fault.group == .jarm: self = .exactly([])
    case .attacker(let attack): self = Self.names(attack)
    case .application: self = Self.request(fault)
    case .tenant(let actions): self = Self.names(actions, type)
    }
  }

  /// What is changed by a deed that does not say so itself.
  private static let named: [String: Set<String>] = [
    // The whole token is locked anew.
    "enc-inner-alg-none": ["id_token"], "enc-inner-for-another-client": ["id_token"],
    "request-object-expired": ["iat", "exp", "nbf"], "front-token-unbound": ["response_type"],
    "mtls-client-id-left-out": ["client_id"], "introspection-without-cnf": ["cnf.x5t#S256"],
    "request-object-for-another-key": ["request"],
    "proof-for-another-address": ["htu"], "proof-for-another-method": ["htm"],
    "proof-with-private-key": ["jwk"], "two-proofs": ["DPoP"], "proof-sent-again": ["jti"],
    "proof-nonce-of-another-server": ["nonce"], "proof-by-another-key": ["jwk"],
    "proof-hash-in-hexadecimal": ["ath"], "proof-hash-missing": ["ath"],
    "bound-token-sent-as-bearer": ["Authorization"],
  ]

  private static func names(_ attack: CallbackAttack) -> ChangedNames {
    switch attack {
    case .swapCode: .exactly(["code"])
    case .swapAccessToken: .exactly(["sub"])
    case .replayIDToken: .within(["nonce", "c_hash", "at_hash", "sub"])
    case .otherAnswer:
      .within([
        "code", "state", "access_token", "nonce", "c_hash", "at_hash", "s_hash", "sub",
        "session_state",
      ])
    case .edit(let edits), .alteredRequest(let edits, _): .exactly(Set(edits.map(name)))
    case .capitalHeaders: .exactly([])
    case .contentType: .exactly(["Content-Type"])
    case .body, .appendBytes: .below("")
    case .sentTwice: .exactly([])
    case .plantCookie: .exactly(["Cookie"])
    }
  }

  private static func request(_ fault: LabFault) -> ChangedNames {
    switch fault.id {
    case "sends-code-anyway": .exactly(["code"])
    case "redirect-uri-changed": .exactly(["redirect_uri"])
    case "token-endpoint-of-another-issuer": .within(["address", "Host"])
    case "token-in-url": .exactly(["Authorization", "access_token"])
    case "first-access-token-used": .exactly(["Authorization"])
    case "old-refresh-token-kept": .exactly(["refresh_token"])
    case "openid-not-asked-for": .exactly(["scope"])
    case "no-pkce": .exactly(["code_challenge", "code_challenge_method"])
    case "query-asked-for": .exactly(["response_mode"])
    case "guessable-nonce", "no-nonce": .exactly(["nonce"])
    case "guessable-state": .exactly(["state"])
    case "assertion-audience-injected": .within(["client_assertion", "aud", "signature"])
    case "cookie-lost": .exactly(["Set-Cookie"])
    case "apple-secret-too-long-lived": .exactly(["exp"])
    case "apple-secret-wrong-sub": .exactly(["sub"])
    case "certificate-of-another-client", "token-used-without-certificate":
      .exactly(["certificate"])
    default: .exactly([])
    }
  }

  private static func names(_ actions: [TenantAction], _ type: ResponseType) -> ChangedNames {
    var names: Set<String> = []
    for action in actions {
      switch action {
      case .claims(.firstIDToken, _) where !type.hasIDToken: continue
      // A fault in two messages is marked in the first one.
      case .claims(.secondIDToken, let edits) where type.hasIDToken && actions.count > 1:
        if !names.isEmpty { continue }
        names.formUnion(edits.map(Self.name))
      case .claims(_, let edits), .header(_, let edits), .document(_, let edits):
        names.formUnion(edits.map(Self.name))
      // Over another header every signature is another one: that is not marked.
      case .signature(_, .stranger) where actions.contains(where: Self.isOfHeader): continue
      case .signature(_, let trick): names.formUnion(Self.names(trick))
      case .text(_, .append), .text(_, .dropSignature): names.insert("signature")
      case .text(_, .repeatClaim), .text(_, .loose): names.insert("payload")
      // The metadata before it are marked.
      case .answer where actions.contains(where: Self.isOfMetadata): continue
      case .answerWhere(let name, _): names.insert(name)
      // A whole answer stands in the address of the redirect.
      case .loginRepeated:
        return .within([
          "status", "Location", "Set-Cookie", "code", "id_token", "access_token", "token_type",
          "expires_in", "state", "iss",
        ])
      case .answer(let edits), .logoutAnswer(let edits): names.formUnion(edits.map(Self.name))
      case .answerMode:
        return .within([
          "code", "id_token", "access_token", "token_type", "expires_in", "state", "iss",
          "response",
          "status", "Location", "Content-Type", "Content-Security-Policy", "X-Frame-Options",
          "Cache-Control", "signature",
        ])
      case .response(_, .status): names.insert("status")
      case .response(_, .header("Cache-Control", _)): names.formUnion(["Cache-Control", "Pragma"])
      case .response(_, .header(let header, _)): names.insert(header)
      case .response(_, .body), .response(_, .repeatMember), .response(_, .loose):
        return .below("")
      case .keys: return .below("keys")
      case .signedUserinfo: return .below("")
      case .sameAccessToken: names.insert("access_token")
      case .codeDelay: break
      // Encrypted anew, everything is another text.
      case .encryption: return .below("")
      }
    }
    return actions.contains(.sameAccessToken)
      ? .within(["access_token", "at_hash", "jti", "iat", "exp", "scope", "aud"]) : .exactly(names)
  }

  private static func names(_ trick: SignatureTrick) -> Set<String> {
    switch trick {
    case .stranger, .flippedBit, .empty: ["signature"]
    case .unknownKey, .keyAsName, .name: ["kid"]
    case .embeddedKey: ["jwk"]
    case .unsigned: ["alg", "kid", "signature"]
    case .publicKeyAsSecret, .otherAlgorithm: ["alg"]
    case .editedAfterwards(let edits): Set(edits.map(Self.name))
    }
  }

  private static func name(_ edit: JSONEdit) -> String {
    switch edit {
    case .set(let name, _), .drop(let name), .append(let name, _), .moment(let name, _),
      .join(let name, _), .wrap(let name), .fraction(let name), .exponent(let name):
      name
    }
  }

  private static func isOfHeader(_ action: TenantAction) -> Bool {
    if case .header = action { true } else { false }
  }

  private static func isOfMetadata(_ action: TenantAction) -> Bool {
    if case .document(.metadata, _) = action { true } else { false }
  }

  private static func name(_ edit: FieldEdit) -> String {
    switch edit {
    case .set(let name, _), .drop(let name), .append(let name, _), .add(let name, _): name
    }
  }
}
