import DemoTenant
import Foundation
import HybridFlow
import OpenID
import TestSupport
import Testing

@testable import Lab
@testable import Session

extension LabTests {
  /// Honest messages, changed by a machine: no change of a protected value goes unnoticed.
  ///
  /// Every run is the same, because the numbers are seeded. `HYBRID_FLOW_MUTATION_ROUNDS` makes
  /// more of them.
  @Suite struct MutationTests {
    private static var rounds: Int {
      ProcessInfo.processInfo.environment["HYBRID_FLOW_MUTATION_ROUNDS"].flatMap(Int.init) ?? 5
    }

    /// A run with one value changed; nil where the mutation means nothing there.
    private func mutated(
      _ held: HeldRun, _ row: LabProtection, _ value: JSONValue, _ mutation: Mutation,
      _ type: ResponseType, _ numbers: inout SeededGenerator
    ) throws -> ScriptedRun? {
      let text = mutation.text(of: value.string ?? value.compactText, &numbers)
      // RFC 6749, 5.1: the type of a token is read in any case.
      if row.name == "token_type", text?.lowercased() == value.string?.lowercased() { return nil }
      switch row.carrier {
      case .answer:
        guard let attack = attack(row, value.string ?? "", mutation, text) else { return nil }
        var run = held.beforeAnswer
        run.attack = attack
        run.runOn()
        return run
      case .tokens:
        return edit(value, mutation, text, row).map { edit in
          var run = held.beforeExchange
          run.meddle = { purpose, response in
            purpose == .token ? edited(response, row.name, edit) : response
          }
          run.runOn()
          return run
        }
      case .userinfo:
        return edit(value, mutation, text, row).map { edit in
          var run = held.beforeAPI
          run.meddle = { purpose, response in
            purpose == .userinfo ? edited(response, row.name, edit) : response
          }
          run.runOn()
          return run
        }
      case .firstIDToken: return try signed(.firstIDToken, row, value, mutation, text, type)
      case .secondIDToken: return try signed(.secondIDToken, row, value, mutation, text, type)
      case .refreshedIDToken:
        return try signed(.refreshedIDToken, row, value, mutation, text, type)
      }
    }

    private func attack(
      _ row: LabProtection, _ value: String, _ mutation: Mutation, _ text: String?
    ) -> CallbackAttack? {
      switch (mutation, text) {
      case (_, let text?): return .edit([.set(row.name, text)])
      case (.drop, _): return .edit([.drop(row.name)])
      case (.duplicate, _): return .edit([.add(row.name, value + "0")])
      case (.repeated, _): return .edit([.add(row.name, value)])
      case (.swap, _):
        let attacks: [String: CallbackAttack] = [
          "code": .swapCode, "access_token": .swapAccessToken, "id_token": .replayIDToken,
          "state": .otherAnswer(.ownState),
        ]
        return attacks[row.name]
      default: return nil
      }
    }

    private enum Edit: Sendable {
      case set(JSONValue)
      case drop
      case twice(JSONValue)
    }

    private func edit(
      _ value: JSONValue, _ mutation: Mutation, _ text: String?, _ row: LabProtection
    ) -> Edit? {
      switch (mutation, text) {
      case (_, let text?):
        // A number stays one, so that only its value is tried here.
        guard value.string == nil else { return .set(.string(text)) }
        // 0123 is 123 once more.
        return Int64(text).flatMap { number in
          number == value.integer ? nil : .set(.number(JSONNumber(number)))
        }
      case (.drop, _): return .drop
      case (.retype, _): return .set([value])
      case (.duplicate, _): return .twice(.string("another"))
      case (.repeated, _): return .twice(value)
      default: return nil
      }
    }

    private func edited(_ response: HTTPResponse, _ name: String, _ edit: Edit) -> HTTPResponse {
      guard var json = try? JSONParser.parse(response.body) else { return response }
      var response = response
      switch edit {
      case .set(let value): json.set(name, value)
      case .drop: json.remove(name)
      case .twice(let value):
        let member = "\(JSONValue.string(name).compactText):\(value.compactText),"
        response.body = Array(("{" + member + json.compactText.dropFirst()).utf8)
        return response
      }
      response.body = Array(json.compactText.utf8)
      return response
    }

    /// A claim that a provider changed before it signed the token.
    private func signed(
      _ token: FaultyToken, _ row: LabProtection, _ value: JSONValue, _ mutation: Mutation,
      _ text: String?, _ type: ResponseType
    ) throws -> ScriptedRun? {
      let action: TenantAction
      switch edit(value, mutation, text, row) {
      case nil: return nil
      case .set(let changed): action = .claims(token, [.set(row.name, changed)])
      case .drop: action = .claims(token, [.drop(row.name)])
      case .twice: action = .text(token, .repeatClaim(row.name, "another"))
      }
      // That the time of the login is left out at a refresh is allowed.
      if row.name == "auth_time", mutation == .drop { return nil }
      // Core 2: an audience is a string or an array of strings.
      if row.name == "aud", mutation == .retype { return nil }
      var run = try ScriptedRun(scene: .init(fault: Fault("mutation", [action]))) {
        $0.responseType = type
      }
      run.runToEnd()
      if row.carrier == .refreshedIDToken { run.act([.refresh]) }
      return run
    }

    @Test(.timeLimit(.minutes(5)))
    func `no mutation of a protected value goes unnoticed`() async throws {
      var counts: [Mutation: Int] = [:]
      var noticed = 0
      var unprotected = 0
      var numbers = SeededGenerator(seed: 1)
      for type in ResponseType.allCases {
        let held = try HeldRun(type)
        for row in Lab.protections where row.types.contains(type) {
          let value = try #require(
            held.value(row), "\(row.name) in \(row.carrier.rawValue) (\(type.rawValue))")
          var silent = 0
          var heard: Set<CheckID> = []
          let isSigned = [.firstIDToken, .secondIDToken, .refreshedIDToken].contains(row.carrier)
          for mutation in Mutation.allCases {
            let isSeeded = mutation.isRandom
            // Whole runs are dear, and a claim is short.
            let few = row.isProtected ? max(1, Self.rounds / 3) : Self.rounds
            let isFew = isSigned || !row.isProtected
            let rounds = !isSeeded ? 1 : isFew ? few : Self.rounds * 4
            for _ in 0..<rounds {
              await Task.yield()
              guard let run = try mutated(held, row, value, mutation, type, &numbers) else {
                continue
              }
              let outcome = LabOutcome(
                fault: nil, type: type, transcript: run.machine.transcript)
              let isNoticed =
                !outcome.complaints.isEmpty || outcome.stoppedAt != nil
                || outcome.stoppedAfter != nil
              counts[mutation, default: 0] += 1
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
      let total = counts.values.reduce(0, +)
      #expect(total > 3000)
      #expect(Set(counts.keys) == Set(Mutation.allCases), "a kind of mutation never happened")
      #expect(total - noticed == unprotected)
      print("\(total) mutations, \(noticed) noticed, \(unprotected) of unprotected values")
      print(Mutation.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }.joined(separator: ", "))
    }

    /// The body of the answer as it stands on the wire, one bit of it wrong.
    @Test(.timeLimit(.minutes(2)))
    func `a wrong bit on the wire is noticed, or has touched nothing that is protected`()
      async throws
    {
      var numbers = SeededGenerator(seed: 2)
      var noticed = 0
      var harmless = 0
      for type in ResponseType.allCases {
        let held = try HeldRun(type)
        let body = FormEncoding.encode(held.fields)
        let names = Lab.protections.filter {
          $0.carrier == .answer && $0.isProtected && $0.types.contains(type)
        }.map(\.name)
        for _ in 0..<(Self.rounds * 60) {
          await Task.yield()
          var bytes = Array(body.utf8)
          bytes[numbers.next(below: bytes.count)] ^= 1 << UInt8(numbers.next(below: 8))
          var run = held.beforeAnswer
          run.attack = .body(bytes)
          run.runOn()
          let outcome = LabOutcome(fault: nil, type: type, transcript: run.machine.transcript)
          if !outcome.complaints.isEmpty || outcome.stoppedAt != nil {
            noticed += 1
            continue
          }
          harmless += 1
          let fields = try FormEncoding.decode(bytes)
          for name in names {
            let found = fields[name] ?? "nothing"
            let honest = held.fields[name] ?? ""
            // RFC 6749, 5.1: the type of a token is read in any case.
            let isSame =
              name == "token_type"
              ? found.lowercased() == honest.lowercased() : found.isIdentical(to: honest)
            #expect(isSame, "\(name): \(found)")
          }
        }
      }
      #expect(noticed > 500)
      print(
        "\(noticed + harmless) wrong bits, \(noticed) noticed, \(harmless) in nothing protected")
    }

    @Test func `the order of the fields means nothing`() throws {
      for type in ResponseType.allCases {
        let held = try HeldRun(type)
        var run = held.beforeAnswer
        run.attack = .edit(
          held.fields.map { FieldEdit.drop($0.name) }
            + held.fields.reversed().map { FieldEdit.add($0.name, $0.value) })
        run.runOn()
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
          "tokens scope", "userinfo email", "ID token through the browser exp",
          "ID token of the token endpoint name",
        ])
    }
  }
}
