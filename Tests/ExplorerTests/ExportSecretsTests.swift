import DemoTenant
import Foundation
import OpenID
import Testing
import TextUI

@testable import Commands
@testable import Export
@testable import HybridFlow
@testable import Session
@testable import Settings

/// A run with secrets that stand nowhere else, over real sockets, and every export searched for them.
@Suite struct ExportSecretsTests {
  private static let password = "canary-password-7261-\"&<"
  private static let secret = "canary-secret /+%'\"\\-19284"

  /// Large, so that there is much on it.
  private static let screen = ScreenSize(columns: 200, rows: 100)

  private struct Prepared {
    var run: ExportedRun
    var canaries: [(name: String, value: String)]
  }

  private static func prepared(succeeds: Bool, then list: String) throws -> Prepared {
    var harness = try Harness(["--response-type", "code id_token token"]) { issuer in
      [
        Person(
          subject: "auth0|canary", signInName: "ada@demo.example", password: Secret(password),
          claims: [])
      ]
    }
    if !succeeds { harness.connection.configuration.clientSecret = Secret(secret) }
    let (_, run) = ExportCommand(
      session: harness.session, configuration: harness.connection.configuration,
      sink: harness.sink, person: PersonAtKeyboard(password: Secret(password)),
      then: succeeds ? try AfterPlan.read(list) : []
    ).run(reveals: false)
    #expect(harness.sink.output == "")
    #expect((run.transcript.failure == nil) == succeeds)
    var canaries = [("password", password)]
    let secret = try #require(harness.connection.configuration.clientSecret)
    canaries.append(("client_secret", secret.reveal()))
    let records = run.transcript.stages + run.transcript.afterwards.map(\.record)
    for token in records.flatMap(\.tokens) { canaries.append((token.use.rawValue, token.text)) }
    for value in records.flatMap(\.values) where value.isSecret {
      canaries.append((value.name, value.value))
    }
    for message in records.flatMap(\.messages) {
      for line in message.headers.all("Set-Cookie") {
        let value = line.prefix { $0 != ";" }.drop { $0 != "=" }.dropFirst()
        if value.utf8.count > 16 { canaries.append(("cookie", String(value))) }
      }
      if let line = message.headers["Authorization"], line.hasPrefix("Basic ") {
        canaries.append(("basic", String(line.dropFirst("Basic ".count))))
      }
    }
    return Prepared(run: run, canaries: canaries)
  }

  /// The ways in which a value may stand in a text.
  private static func forms(_ value: String) -> [String] {
    let json = JSONValue.string(value).compactText.dropFirst().dropLast()
    return [value, FormEncoding.encode(value), PercentEncoding.encode(value), String(json)]
  }

  /// A text without escape sequences, tags, and what separates the rows of a screen: a token that
  /// was broken over lines is whole again.
  private static func joined(_ text: String) -> String {
    text.replacing(/\\u001b\[[0-9;?]*[A-Za-z]/, with: "").replacing(/<[^>]*>/, with: "")
      .filter { !$0.isWhitespace && !"\u{2502}\u{2503}".contains($0) }
  }

  private static func isThere(_ value: String, in text: String, _ joined: String) -> Bool {
    if isWhole(value, in: text) || isWhole(value, in: joined) { return true }
    // On a screen a value is cut: a piece of it gives it away. The headers of tokens are all alike.
    let secret = value.contains(".") ? value.drop { $0 != "." }.dropFirst() : value[...]
    let bytes = Array(secret.dropFirst(10).dropLast(10).utf8)
    return stride(from: 0, to: bytes.count - 24, by: 12).contains { start in
      joined.contains(String(decoding: bytes[start..<(start + 24)], as: UTF8.self))
    }
  }

  private static func isWhole(_ value: String, in text: String) -> Bool {
    forms(value).contains { text.contains($0) }
  }

  @Test(.timeLimit(.minutes(2)), arguments: [true, false])
  func `no export holds a secret, a cookie, a code or a token`(succeeds: Bool) throws {
    let prepared = try Self.prepared(succeeds: succeeds, then: "refresh,introspect,logout")
    #expect(prepared.canaries.count >= (succeeds ? 12 : 7))
    for name in ["password", "client_secret", "code", "cookie", "basic", "id_token"] {
      #expect(prepared.canaries.contains { $0.name == name }, "\(name) was not planted")
    }
    for format in ExportFormat.allCases {
      let text = try ExportSample.text(prepared.run, format, size: Self.screen)
      let joined = Self.joined(text)
      #expect(text.contains("Masked: ") && !text.contains("NOT MASKED"), "\(format)")
      for canary in prepared.canaries {
        #expect(canary.value.utf8.count >= 16, "a canary too short to tell: \(canary.name)")
        #expect(!Self.isThere(canary.value, in: text, joined), "\(canary.name) in \(format)")
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `no export of any fault holds a secret, a cookie, a code or a token`() throws {
    var count = 0
    for run in try ExportSample.all.get() {
      var values = ["demo-client-secret-for-pictures-only"]
      for record in run.transcript.stages {
        values += record.tokens.map(\.text) + record.values.filter(\.isSecret).map(\.value)
        for message in record.messages {
          let cookies = message.headers.all("Set-Cookie").map { $0.prefix { $0 != ";" } }
          values += cookies.map { String($0.drop { $0 != "=" }.dropFirst()) }
          // What the flow never took in travels under names that are known.
          let fields = (try? FormEncoding.decode(message.body)) ?? []
          values += fields.filter { ["code", "id_token", "access_token"].contains($0.name) }
            .map(\.value)
        }
      }
      let canaries = Set(values.filter { $0.utf8.count >= 20 })
      for format in [ExportFormat.har, .markdown, .mermaid, .curl] {
        let text = try ExportSample.text(run, format)
        for canary in canaries {
          count += 1
          let isThere = Self.isWhole(canary, in: text)
          #expect(!isThere, "\(canary.prefix(8)) in \(format), \(run.origin)")
        }
      }
    }
    #expect(count > 2000)
  }

  @Test func `escapes hide no token from the redactor`() throws {
    var run = try ExportSample.honest.get()
    let token = try #require(run.transcript.token(.accessToken, .back)).text
    let first = try #require(token.unicodeScalars.first)
    let body = "{\"access_token\":\"\\u00\(String(first.value, radix: 16))\(token.dropFirst())\"}"
    for number in run.transcript[.tokens].messages.indices {
      guard case .response(var response) = run.transcript[.tokens].messages[number].content else {
        continue
      }
      response.body = Array(body.utf8)
      run.transcript[.tokens].messages[number].content = .response(response)
    }
    for format in ExportFormat.allCases {
      let text = try ExportSample.text(run, format)
      #expect(!Self.isThere(token, in: text, Self.joined(text)), "\(format)")
      #expect(!text.contains(String(token.dropFirst())), "\(format)")
    }
  }

  /// What each form shows of a run when it is asked to; the search would find it otherwise as well.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      (
        ExportFormat.har,
        ["password", "code", "cookie", "basic", "id_token", "access_token", "code_verifier"]
      ),
      (.markdown, ["password", "code", "cookie", "basic", "access_token"]),
      (.curl, ["client_secret", "code", "code_verifier", "access_token", "refresh_token"]),
      (.asciicast, ["code", "id_token"]), (.svg, ["code", "id_token"]), (.mermaid, []),
    ] as [(ExportFormat, [String])])
  func `what is asked for is found, and said at the head`(
    format: ExportFormat, names: [String]
  ) throws {
    var prepared = try Self.prepared(succeeds: true, then: "refresh")
    prepared.run.reveals = true
    let text = try ExportSample.text(prepared.run, format, size: Self.screen)
    let joined = Self.joined(text)
    let head = text.prefix(format == .svg ? 1500 : 700)
    #expect(head.contains("NOT MASKED"))
    for name in names {
      let found = prepared.canaries.contains {
        $0.name == name && Self.isThere($0.value, in: text, joined)
      }
      #expect(found, "\(name) in \(format)")
    }
  }
}
