import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import TextUI

struct ViewTests {
  private static let sizes = ["80x24", "120x36", "60x30"]

  private static func size(_ text: String) -> ScreenSize {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    return ScreenSize(columns: parts[0], rows: parts[1])
  }

  private static func rows(_ model: ExplorerModel, _ size: String) -> [Line] {
    model.lines(of: .detail, Layout(size: Self.size(size), focus: .detail))
  }

  /// The text column of a dump, its rows put together.
  private static func dumped(_ lines: [Line]) -> String {
    lines.map(\.text).filter { $0.prefix(4).allSatisfy(\.isHexDigit) && $0.count > 40 }
      .map { String($0.dropFirst(56).prefix(16)) }.joined()
  }

  @Test(arguments: ["80x24", "120x36"])
  func `w shows bytes, in which secrets stay masked until they are asked for`(size: String) throws {
    var model = Sample.walk[4]
    let token = try #require(model.transcript.token(.idToken, .front)).text
    let code = try #require(
      model.transcript[.callback].values.first { $0.name == "code" }
    ).value
    _ = model.press(.character("w"), size: Self.size(size))
    #expect(model.showsBytes && model.view == .wire)
    let masked = Self.dumped(Self.rows(model, size))
    #expect(masked.contains("code=" + code.prefix(6) + "\u{2022}"))
    #expect(!masked.contains(code.dropFirst(6).dropLast(4)))
    #expect(!masked.contains(token.dropFirst(6).prefix(20)))
    #expect(Self.rows(model, size).contains { $0.text.contains("bytes, masked; s shows them") })
    _ = model.press(.character("s"), size: Self.size(size))
    let shown = Self.dumped(Self.rows(model, size))
    #expect(shown.contains("code=" + code) && shown.contains("id_token=" + token))
    _ = model.press(.character("w"), size: Self.size(size))
    #expect(!model.showsBytes)
  }

  @Test func `no dump of any stage lets a secret through`() throws {
    for var model in Sample.walk {
      let secrets =
        model.transcript.tokens.map(\.text)
        + model.transcript.stages.flatMap(\.values).filter(\.isSecret).map(\.value)
      _ = model.press(.character("w"))
      model.toggled.formUnion(
        model.transcript[model.shownStage].messages.map { "head:\($0.id)" })
      let text = Self.dumped(Self.rows(model, "80x24"))
      for secret in secrets where secret.utf8.count > 24 {
        #expect(!text.contains(secret.dropFirst(7).dropLast(5)), "\(model.shownStage)")
      }
    }
  }

  @Test func `a long body is laid out as far as it was opened`() throws {
    var model = try Sample.hugeToken()
    _ = model.press(.character("s"), .character("w"))
    let before = Self.rows(model, "80x24")
    #expect(before.count < 400)
    let more = try #require(before.last { $0.text.contains("Enter goes on") }?.target)
    model.toggle(more.id)
    let after = Self.rows(model, "80x24")
    #expect(after.count > before.count + 200)
    #expect(after.contains { $0.text.contains("Enter goes on") })
  }

  @Test func `a derivation marks the half that is kept, and lets no token be put together`() throws
  {
    var model = Sample.walk[4]
    let token = try #require(model.transcript.token(.idToken, .front))
    model.view = .checks
    let checks = model.transcript[.callback].checks
    for (index, check) in checks.enumerated()
    where check.id == .idTokenSignature || check.id == .cHashMatch {
      model.toggle("check:\(Stage.callback.id):\(index)")
    }
    let text = Self.rows(model, "120x36").map(\.text).joined(separator: "\n")
    #expect(text.contains(" \u{2502} ") && text.contains("left half, 16 bytes"))
    #expect(text.contains("under this kid"))
    let payload = try #require(token.text.split(separator: ".").dropFirst().first)
    #expect(!text.filter { !$0.isWhitespace }.contains(payload.prefix(40)))
    let signature = Hex.text(try #require(token.jws).signature)
    #expect(!text.filter { !$0.isWhitespace }.contains(signature.dropFirst(6).prefix(40)))
  }

  @Test(arguments: sizes)
  func `a passed check says what was found, each on one row`(size: String) throws {
    var model = Sample.walk[4]
    model.view = .checks
    let lines = Self.rows(model, size)
    let checks = model.transcript[.callback].checks
    let passed = checks.count { $0.verdict == .pass }
    #expect(lines.first?.text.hasPrefix("\u{2713} \(passed) passed") == true)
    let rows = lines.filter { $0.target != nil }
    #expect(rows.count == checks.count)
    let method = try #require(rows.first { $0.text.contains("callback-method") })
    #expect(method.text.contains("POST"))
  }

  @Test(arguments: [DetailView.story, .wire, .decoded, .checks, .holders])
  func `a failed stage says at its top whose fault it is and what to do`(view: DetailView) throws {
    var model = try Sample.failed()
    model.view = view
    let text = Self.rows(model, "80x24").prefix(13).map(\.text).joined(separator: "\n")
    for words in [
      "Stopped at stage 5", "an attacker", "The c_hash of the ID token does not belong", "expected",
      "found", "Change it", "Do not use the answer.",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
  }

  @Test func `a tenant that cannot be seen is inferred line by line`() throws {
    var model = try Sample.changed { transcript in
      transcript[.verify].serverChecks = transcript[.verify].inferredChecks
    }
    model.looking = .verify
    model.view = .decoded
    let lines = Self.rows(model, "120x36").map(\.text)
    let checks = model.transcript[.verify].serverChecks
    #expect(checks.count >= 5)
    for check in checks {
      #expect(
        lines.contains {
          $0.contains(check.what) && $0.contains(check.passed == nil ? "not shown" : "inferred")
        },
        "\(check.id)")
    }
  }

  @Test func `the ledger stands beside what is known from outside`() {
    var model = Sample.walk[6]
    model.view = .decoded
    let lines = Self.rows(model, "80x24").map(\.text)
    #expect(lines.contains { $0.contains("has not been used before") && $0.contains("not shown") })
    #expect(lines.contains { $0.contains("in one way ") && $0.contains("not to be seen") })
  }

  @Test func `what stood in an address is in the history`() throws {
    var model = Sample.walk[4]
    model.view = .holders
    let lines = Self.rows(model, "80x24").map(\.text)
    let dots = "\u{25CF}"
    func held(_ name: String) -> [Bool] {
      // Two cells before the name say whether the value is new, a plus behind a dot whether it is
      // new there.
      let line = lines.map { $0.dropFirst(2) }.first { $0.hasPrefix(name + " ") } ?? ""
      return line.dropFirst(name.count).split(separator: " ").filter { $0 != "!" }
        .map { $0.hasPrefix(dots) }
    }
    #expect(held("state") == [true, true, true, true, false])
    #expect(held("code") == [true, false, true, true, false])
  }
}
