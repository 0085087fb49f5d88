import HybridFlow
import OpenID
import Testing

@testable import Presentation
@testable import TextUI

struct CopyTests {
  private static let secrets: [String] = {
    guard let transcript = Sample.walk.last?.transcript else { return [] }
    return transcript.tokens.map(\.text)
      + transcript.stages.flatMap(\.values).filter(\.isSecret).map(\.value)
      .filter { $0.utf8.count >= 20 }
  }()

  @Test func `what is masked on the screen is masked in every copy but the real values`() throws {
    #expect(Self.secrets.count >= 5)
    for var model in Sample.walk {
      for view in DetailView.allCases {
        model.view = view
        for entry in model.copyEntries {
          let holds = Self.secrets.contains { entry.text.contains($0) }
          if !entry.isReal { #expect(!holds, "\(model.shownStage) \(view) \(entry.id)") }
        }
      }
    }
    let callback = Sample.walk[4].copyEntries
    let real = try #require(callback.first { $0.id == "code-real" })
    #expect(real.isReal && Self.secrets.contains(real.text))
    var shown = Sample.walk[4]
    _ = shown.press(.character("s"))
    #expect(!shown.copyEntries.contains { $0.isReal })
    #expect(shown.copyEntries.contains { Self.secrets.contains($0.text) })
  }

  @Test func `the whole run can be copied, and before it begins it cannot`() {
    var model = Sample.walk[4]
    let ids = model.copyEntries.map(\.id)
    #expect(ids.filter { ["report", "script", "diagram"].contains($0) }.count == 3)
    #expect(!ids.contains("report-real"))
    for character in ":copy script" { _ = model.press(.character(character)) }
    #expect(model.press(.enter) == [.copyExport(.curl)])
    let empty = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    #expect(!empty.copyEntries.contains { $0.export != nil })
  }

  @Test func `the menu shows no real value`() {
    var model = Sample.walk[4]
    _ = model.press(.character("y"))
    for _ in model.copyEntries {
      let text = model.lines(ScreenSize(columns: 200, rows: 50)).joined()
      #expect(!Self.secrets.contains { text.contains($0.prefix(20)) })
      _ = model.press(.character("j"))
    }
  }

  @Test(arguments: Stage.allCases)
  func `a digit takes its row, Enter the marked one, and Esc nothing`(stage: Stage) throws {
    var model = Sample.walk[stage.number - 1]
    model.isTyping = false
    _ = model.press(.resize)
    let entries = model.copyEntries
    let last = try #require(entries.indices.prefix(9).last)
    #expect(Set(entries.map(\.id)).count == entries.count)
    _ = model.press(.character("y"))
    let digit = Key.character(Character("\(last + 1)"))
    let wanted = entries[last].export.map(ExplorerAction.copyExport)
    #expect(model.press(digit) == [wanted ?? .copy(entries[last].text)])
    #expect(model.overlays[CopyMenu.self] == nil)
    #expect(
      model.press(.character("y"), .character("j"), .character("k"), .enter) == [
        .copy(entries[0].text)
      ])
    #expect(model.press(.character("y"), .escape) == [] && model.overlays[CopyMenu.self] == nil)
  }

  @Test func `a token request becomes a command with variables in the place of secrets`() throws {
    let model = Sample.walk[5]
    let curl = try #require(model.copyEntries.first { $0.id == "curl" }).text
    #expect(curl.hasPrefix("curl http://127.0.0.1:9000/oauth/token"))
    #expect(curl.contains("--data-urlencode grant_type=authorization_code"))
    #expect(curl.contains("--data-urlencode code=\"$CODE\""))
    #expect(curl.contains("code_verifier=\"$CODE_VERIFIER\""))
    #expect(curl.contains("\"$CLIENT_SECRET\""))
    #expect(!curl.contains("demo-client-secret"))
  }

  @Test func `a call of the API carries the access token as a variable`() throws {
    let curl = try #require(Sample.walk[8].copyEntries.first { $0.id == "curl" }).text
    #expect(curl.contains("--header 'Authorization: Bearer '\"$ACCESS_TOKEN\""))
    #expect(!Self.secrets.contains { curl.contains($0) })
  }

  @Test(arguments: [
    ("plain", "plain"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
    ("$(rm -rf ~)`x`;&|", "'$(rm -rf ~)`x`;&|'"), ("a\nb", "$'a\\012b'"),
    ("\u{1B}[2J'\\", "$'\\033[2J\\'\\\\'"), ("é0", "$'\\303\\2510'"),
  ])
  func `nothing in a word is run by the shell`(text: String, wanted: String) {
    #expect(ShellCommand.quoted(text) == wanted)
  }

  @Test func `hostile answers leave no control character in a copy`() throws {
    var model = try Sample.hostile()
    for stage in Stage.allCases {
      model.look(at: stage)
      for entry in model.copyEntries where entry.id != "curl" {
        let isClean = entry.text.unicodeScalars.allSatisfy {
          $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
        }
        #expect(isClean, "\(stage) \(entry.id)")
      }
      if let curl = model.copyEntries.first(where: { $0.id == "curl" }) {
        #expect(curl.text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
      }
    }
  }
}
