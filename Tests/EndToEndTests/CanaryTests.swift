import Foundation
import OpenID
import Testing

extension EndToEnd {
  /// Unique secrets are planted, every way to end is taken, and every place is searched for them.
  @Suite(.serialized, Person.isNeeded)
  struct CanaryTests {
    /// A way for a run to end.
    struct Ending: Sendable, CustomTestStringConvertible {
      var name: String
      var options: [String] = []
      var person: [String: String] = [:]
      var secret: String?
      var redirectURI: String?
      /// Ends the program while it waits for the answer.
      var signal: Int32?
      var testDescription: String { name }
    }

    static let endings = [
      Ending(name: "success"), Ending(name: "success by post", options: ["--client-auth", "post"]),
      Ending(
        name: "all three at once",
        options: ["--response-type", "code id_token token", "--then", "userinfo"]),
      Ending(name: "wrong secret", secret: "canary-wrong-secret-0123456789"),
      Ending(name: "wrong algorithm", options: ["--id-token-alg", "ES256"]),
      Ending(name: "declined", person: ["LAB_DECISION": "decline"]),
      Ending(
        name: "wrong password", options: ["--wait", "2"],
        person: ["LAB_PASSWORD": "canary-wrong-password-0123456789"]),
      Ending(
        name: "unknown redirect URI", options: ["--wait", "2"],
        redirectURI: "http://127.0.0.1:1/elsewhere"),
      Ending(name: "prompt=none", options: ["--prompt", "none"]),
      Ending(
        name: "answer in the fragment", options: ["--response-mode", "fragment", "--wait", "2"]),
      Ending(name: "terminated", person: ["LAB_STOP_AT": "callback"], signal: SIGTERM),
      Ending(name: "killed", person: ["LAB_STOP_AT": "callback"], signal: SIGKILL),
      Ending(name: "crashed", person: ["LAB_STOP_AT": "callback"], signal: SIGSEGV),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: endings)
    func `no secret is found in any place`(ending: Ending) async throws {
      let places = try await run(ending, [])
      #expect(places.searched.count >= 5)
      for (place, text) in places.searched {
        for canary in places.canaries {
          #expect(!text.contains(canary), "\(place) holds \(canary.prefix(8))\u{2026}")
        }
        // What stands for a token in a recording looks like one, so that it can still be read.
        #expect(place == "recording" || !RunReport.holdsToken(text), "\(place)")
      }
    }

    @Test(.timeLimit(.minutes(2))) func `the search finds what is there`() async throws {
      let places = try await run(Ending(name: "control"), ["--reveal", "--record-secrets"])
      // Each secret stands in the output or in the recording, but for the process list.
      let text = places.searched.filter { $0.place != "process list" }.map(\.text).joined()
      #expect(places.canaries.count >= 4)
      for canary in places.canaries {
        // Whoever sends it by basic sends it encoded, and a form is encoded as well.
        let forms = [canary, Data("\(Registration.id):\(canary)".utf8).base64EncodedString()]
        #expect(forms.contains { text.contains($0) }, "\(canary.prefix(8))\u{2026}")
      }
      let list = try #require(places.searched.first { $0.place == "process list" }).text
      #expect(list.contains("--record-secrets"), "the list was looked at while it ran")
    }

    private struct Places {
      var searched: [(place: String, text: String)] = []
      var canaries: [String] = []
    }

    private func run(_ ending: Ending, _ more: [String]) async throws -> Places {
      let tenant = try await RunningTenant(redirectURI: ending.redirectURI)
      let folder = tenant.folder.path
      let recording = "\(folder)/run.jsonl"
      let secret = ending.secret ?? tenant.client.secret
      let program = try RunningProgram(
        Place.program,
        ["run", "--json", "--record", recording] + tenant.connection() + ending.options
          + (ending.options.contains("--wait") ? [] : ["--wait", "20"]) + more,
        environment: try Person.environment(
          secret: secret, more: ["LAB_SECRETS": "\(folder)/secrets"].merging(ending.person) { $1 },
          in: tenant.folder))
      var list = Set<String>()
      if let signal = ending.signal {
        list.formUnion(Self.processList())
        _ = try await waitFor("what the browser held") {
          FileManager.default.contents(atPath: "\(folder)/report")
        }
        let limits = try String(
          contentsOfFile: "/proc/\(program.processIdentifier)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 /#))
        program.signal(signal)
      }
      let deadline = ContinuousClock.now + .seconds(40)
      while !program.isOver, ContinuousClock.now < deadline {
        list.formUnion(Self.processList())
        try await Task.sleep(for: .milliseconds(10))
      }
      _ = try await program.end(within: 5)

      var places = Places()
      places.canaries = [secret, tenant.client.secret]
      if let password = ending.person["LAB_PASSWORD"] { places.canaries.append(password) }
      let held = (try? String(contentsOfFile: "\(folder)/secrets", encoding: .utf8)) ?? ""
      places.canaries += held.split(separator: "\n").map(String.init)
      places.searched = [
        ("standard output", program.output), ("standard error", program.errors),
        ("recording", (try? String(contentsOfFile: recording, encoding: .utf8)) ?? ""),
        ("process list", list.joined(separator: "\n")),
        ("the tenant\u{2019}s log", tenant.program.output + tenant.program.errors),
      ]
      if more.isEmpty, ending.signal == nil {
        for format in ["har", "markdown", "mermaid", "curl", "asciicast", "svg"] {
          let export = try RunningProgram(
            Place.program, ["export", recording, "--format", format])
          #expect(try await export.end(within: 30) == .exit(0), "\(format): \(export.errors)")
          places.searched.append((format, export.output + export.errors))
        }
      }
      return places
    }

    /// The command lines of every process.
    private static func processList() -> [String] {
      let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return numbers.filter { $0.first?.isNumber == true }.compactMap { number in
        guard let data = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else {
          return nil
        }
        return String(decoding: data, as: UTF8.self).replacing("\0", with: " ")
      }
    }
  }
}
