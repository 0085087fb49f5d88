import DemoTenant
import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Explorer

extension LabTests {
  /// Honest messages, changed by a machine: no change of a protected value goes unnoticed.
  @Suite struct MutationTests {
    /// How a value is changed.
    enum Mutation: String, CaseIterable, Sendable {
      case flip, drop, duplicate, retype, append, truncate, segments, swap
    }

    /// The same numbers every time.
    struct Generator {
      var state: UInt64
      mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
      }
    }

    /// What an honest run carries, by response type.
    struct Honest {
      let fields: [FormField]
      let tokens: JSONValue
      let userinfo: JSONValue

      init(_ type: ResponseType) throws {
        let transcript = try Lab.outcome(of: nil, type: type).transcript
        let post = try #require(
          transcript[.callback].messages.first { $0.from == .browser && $0.to == .application })
        fields = try FormEncoding.decode(post.body)
        let answer = try #require(transcript[.tokens].messages.first { $0.response != nil })
        tokens = try JSONParser.parse(answer.body)
        let profile = try #require(
          transcript[.data].messages.first { $0.from == .authorizationServer })
        userinfo = try JSONParser.parse(profile.body)
      }

      func value(_ row: LabProtection) -> String? {
        switch row.carrier {
        case .answer: fields[row.name]
        case .tokens: tokens[row.name].map { $0.string ?? $0.compactText }
        case .userinfo: userinfo[row.name]?.string
        }
      }
    }

    private static var rounds: Int {
      ProcessInfo.processInfo.environment["HYBRID_FLOW_MUTATION_ROUNDS"].flatMap(Int.init) ?? 1
    }

    /// The changed value; nil where the mutation is not about the text or changes nothing.
    private func changed(
      _ value: String, _ mutation: Mutation, _ generator: inout Generator
    ) -> String? {
      var bytes = Array(value.utf8)
      switch mutation {
      case .flip:
        let index = generator.next(below: bytes.count)
        // Digits only: another letter could be the same one in the other case.
        let digit = UInt8(0x30 + generator.next(below: 10))
        bytes[index] = bytes[index] == digit ? (digit == 0x39 ? 0x30 : digit + 1) : digit
      case .append: bytes.append(UInt8(0x30 + generator.next(below: 10)))
      case .truncate: bytes.removeLast(1 + generator.next(below: max(1, bytes.count - 1)))
      case .segments:
        let parts = value.split(separator: ".")
        guard parts.count == 3 else { return nil }
        return [parts[1], parts[0], parts[2]].joined(separator: ".")
      case .drop, .duplicate, .retype, .swap: return nil
      }
      let text = String(decoding: bytes, as: UTF8.self)
      return text == value || text.isEmpty ? nil : text
    }

    /// The scene in which a value is changed; nil where the mutation means nothing.
    private func scene(
      _ row: LabProtection, _ value: String, _ mutation: Mutation, _ generator: inout Generator
    ) -> ScriptedRun.Scene? {
      let text = changed(value, mutation, &generator)
      switch row.carrier {
      case .answer:
        switch (mutation, text) {
        case (_, let text?): return .init(attack: .edit([.set(row.name, text)]))
        case (.drop, _): return .init(attack: .edit([.drop(row.name)]))
        case (.duplicate, _): return .init(attack: .edit([.add(row.name, value + "0")]))
        case (.swap, _):
          let attacks: [String: CallbackAttack] = [
            "code": .swapCode, "access_token": .swapAccessToken, "id_token": .replayIDToken,
          ]
          return attacks[row.name].map { .init(attack: $0) }
        default: return nil
        }
      case .tokens, .userinfo:
        let document: FaultyDocument = row.carrier == .tokens ? .tokens : .userinfo
        let edit: JSONEdit
        switch (mutation, text) {
        case (_, let text?):
          // A number stays one, so that only its value is tried here.
          let number = Int64(text).map { JSONValue.number(JSONNumber($0)) }
          edit = .set(row.name, row.name == "expires_in" ? number ?? .string(text) : .string(text))
        case (.drop, _): edit = .drop(row.name)
        case (.retype, _): edit = .set(row.name, [.string(value)])
        default: return nil
        }
        return .init(fault: Fault("mutation", [.document(document, [edit])]))
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func `no mutation of a protected value goes unnoticed`() async throws {
      var mutations = 0
      var noticed = 0
      var unprotected = 0
      var generator = Generator(state: 1)
      for type in ResponseType.allCases {
        let honest = try Honest(type)
        for row in Lab.protections where row.types.contains(type) {
          let value = try #require(honest.value(row), "\(row.name) in \(row.carrier) (\(type))")
          var silent = 0
          var heard: Set<CheckID> = []
          for _ in 0..<Self.rounds {
            for mutation in Mutation.allCases {
              guard let scene = scene(row, value, mutation, &generator) else { continue }
              await Task.yield()
              var run = try ScriptedRun(scene: scene) { $0.responseType = type }
              run.runToEnd()
              let outcome = LabOutcome(
                fault: nil, type: type, transcript: run.machine.transcript)
              let isNoticed = !outcome.complaints.isEmpty || outcome.stoppedAt != nil
              mutations += 1
              heard.formUnion(outcome.complaints.map(\.id))
              if isNoticed { noticed += 1 } else { silent += 1 }
              guard row.isProtected else { continue }
              #expect(
                isNoticed,
                "\(mutation.rawValue) of \(row.name) in \(row.carrier.rawValue) (\(type.rawValue))")
            }
          }
          if row.isProtected {
            let first = try #require(row.guardedBy.first)
            #expect(heard.contains(first), "\(first.rawValue) never guards \(row.name)")
          } else {
            unprotected += silent
            #expect(silent > 0, "\(row.name) in \(row.carrier.rawValue) is protected after all")
          }
        }
      }
      #expect(mutations > 150)
      #expect(mutations - noticed == unprotected)
      print("\(mutations) mutations, \(noticed) noticed, \(unprotected) of unprotected values")
    }

    @Test func `the order of the fields means nothing`() throws {
      for type in ResponseType.allCases {
        let honest = try Honest(type)
        let edits =
          honest.fields.flatMap { [FieldEdit.drop($0.name)] }
          + honest.fields.reversed().map { FieldEdit.add($0.name, $0.value) }
        var run = try ScriptedRun(scene: .init(attack: .edit(edits))) { $0.responseType = type }
        run.runToEnd()
        #expect(run.machine.situation == .finished)
        let outcome = LabOutcome(fault: nil, type: type, transcript: run.machine.transcript)
        #expect(outcome.status == .caught)
      }
    }

    @Test func `every row says why, and what is left open is only what must be`() {
      for row in Lab.protections {
        #expect(row.why.hasSuffix(".") && !row.types.isEmpty)
      }
      let open = Lab.protections.filter { !$0.isProtected }
        .map { "\($0.carrier.rawValue) \($0.name)" }
      #expect(
        open == [
          "answer access_token", "answer expires_in", "tokens expires_in", "tokens refresh_token",
          "userinfo email",
        ])
    }
  }
}
