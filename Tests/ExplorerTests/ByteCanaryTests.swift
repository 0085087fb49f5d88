import HybridFlow
import OpenID
import Platform
import Testing
import TextUI

@testable import Commands
@testable import Export
@testable import Recording
@testable import Session
@testable import Settings

/// A mark behind a delimiter makes another `Character` of it: nothing may be hidden so.
@Suite struct ByteCanaryTests {
  /// Accents, an enclosing circle, a variation selector, joiners, a skin tone, a vowel sign, a
  /// Hangul vowel, a tag, and nothing at all.
  static let marks = [
    "", "\u{0301}", "\u{0338}", "\u{20DD}", "\u{FE0F}", "\u{200D}", "\u{1F3FB}", "\u{0903}",
    "\u{1161}", "\u{E0061}",
  ]

  /// A header from outside: what stands before the mark, and between the mark and the secret.
  private struct Plant {
    var header: String
    var before: String
    var between = ""
    var after = ""
    /// Whether it stands in a request of the browser, or in an answer of the token endpoint.
    var inRequest = true
  }

  private static let plants = [
    Plant(header: "Set-Cookie", before: "sid=", after: "; Path=/", inRequest: false),
    Plant(header: "Set-Cookie", before: "sid", between: "=", after: "; Path=/", inRequest: false),
    Plant(header: "Set-Cookie", before: "", after: "; Path=/", inRequest: false),
    Plant(header: "Set-Cookie", before: "sid=", after: ";\u{0301}Path=/", inRequest: false),
    Plant(header: "Cookie", before: "a=1; sid="),
    Plant(header: "Cookie", before: "a=1;", between: "sid="),
    Plant(header: "Cookie", before: "a=1; "),
    Plant(header: "Authorization", before: "Basic "),
    Plant(header: "Authorization", before: "Bearer "),
    Plant(header: "Authorization", before: ""),
    Plant(header: "Proxy-Authorization", before: "Negotiate "),
    Plant(header: "Referer", before: "http://127.0.0.1:1/back?code="),
    Plant(header: "Referer", before: "http://127.0.0.1:1/back?", between: "&code="),
    Plant(header: "Referer", before: "http://127.0.0.1:1/back#", between: "&access_token="),
    Plant(header: "Location", before: "/back?x=1#code=", inRequest: false),
    Plant(header: "Location", before: "/back?", between: "&id_token=", inRequest: false),
  ]

  private static func secret(_ number: Int) -> String {
    "canary\(number)-of-many-letters-\(number)-that-nobody-may-see"
  }

  /// The honest run with every plant in it, as the machine takes it in.
  private static func tape(_ mark: String, type: ResponseMode) throws -> (
    [Recording.Stamped], FlowConfiguration, [String]
  ) {
    var configuration: FlowConfiguration?
    var run = try ScriptedRun {
      $0.responseMode = type
      configuration = $0
    }
    run.runToEnd()
    var canaries = plants.indices.map(secret)
    let (field, member) = (secret(plants.count), secret(plants.count + 1))
    canaries += [field, member]
    func planted(_ headers: HTTPHeaders, inRequest: Bool) -> HTTPHeaders {
      var headers = headers
      for (number, plant) in plants.enumerated() where plant.inRequest == inRequest {
        headers.add(
          plant.header, plant.before + mark + plant.between + secret(number) + plant.after)
      }
      return headers
    }
    let tape = run.tape.map { item in
      switch item.event {
      case .callbackArrived(let number, var request):
        request.headers = planted(request.headers, inRequest: true)
        request.headers.set(
          "Content-Type", "application/x-www-form-urlencoded;" + mark + "charset=utf-8")
        request.body += Array("&client_assertion=\(mark)\(field)".utf8)
        return Recording.Stamped(.callbackArrived(number, request), at: item.at)
      case .fetched(.token, let request, var response):
        response.headers = planted(response.headers, inRequest: false)
        response.headers.set("Content-Type", "application/json;" + mark + "charset=utf-8")
        response.body.removeLast()
        response.body += Array(",\"client_secret\":\"\(mark)\(member)\"}".utf8)
        return Recording.Stamped(.fetched(.token, request, response), at: item.at)
      default: return item
      }
    }
    return (tape, try #require(configuration), canaries)
  }

  /// Everything that is printed, written and drawn of a run.
  private static func outputs(
    _ tape: [Recording.Stamped], _ configuration: FlowConfiguration
  ) throws -> [(name: String, text: String)] {
    var machine = FlowMachine()
    var writer = RecordingWriter(key: Array("a key for placeholders".utf8), replacesPersonal: true)
    var recording = ""
    for item in tape {
      recording += writer.lines(for: item.event, at: item.at).joined()
      _ = machine.handle(item.event, at: item.at)
    }
    let transcript = machine.transcript
    #expect(transcript.failure == nil, "the marks are in nobody's way")
    let run = ExportedRun(
      transcript: transcript, configuration: configuration, password: Secret("hybrid"),
      origin: .live)
    var all = [("recording", recording)]
    for name in ["text", "--json", "--plain", "--ascii"] {
      var style = RunStyle()
      style.isJSON = name == "--json"
      style.isPlain = name == "--plain"
      style.print.isASCII = name == "--ascii"
      let walk = WalkText(style: style, redactor: run.redactor)
      let text = transcript.stages.map { walk.stage($0, of: transcript) }.joined()
      all.append((name, text))
    }
    for format in ExportFormat.allCases where format != .svg {
      all.append(("\(format)", try ExportSample.text(run, format)))
    }
    return all
  }

  @Test(.timeLimit(.minutes(5)), arguments: marks)
  func `no secret behind a delimiter with a mark is seen in any output`(mark: String) throws {
    let (tape, configuration, canaries) = try Self.tape(mark, type: .formPost)
    let outputs = try Self.outputs(tape, configuration)
    #expect(outputs.count == 11 && canaries.count == Self.plants.count + 2)
    for (name, text) in outputs {
      for (number, canary) in canaries.enumerated() {
        // On a screen a value is cut; a piece of it gives it away.
        let piece = "letters-\(number)-that"
        let isThere = text.holds(canary) || text.holds(piece)
        #expect(!isThere, "number \(number) in \(name)")
      }
    }
    // The headers are there: they were masked, not lost.
    let json = outputs.first { $0.name == "--json" }?.text ?? ""
    for header in ["Set-Cookie", "Cookie", "Authorization", "Referer", "Location"] {
      #expect(json.holds("[\"\(header)\""), "\(header)")
    }
  }

  @Test(arguments: marks) func `a cookie with a mark is kept, sent back and cut`(mark: String)
    throws
  {
    var jar = CookieJar()
    let url = try WebURL("http://127.0.0.1:9000/a/b")
    jar.take(["Set-Cookie": "sid=\(mark)one;\(mark)x=1; Path=/a"], from: url)
    let sent = jar.header(for: url, method: "GET", from: nil)
    #expect(sent?.isIdentical(to: "sid=\(mark)one") == true)
  }

  @Test(arguments: ["\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~", "&", "!", "$"], marks)
  func `Markdown reads no sign as its own`(sign: String, mark: String) {
    // What cannot stand on a letter is shown as its code point by then.
    let plain = MarkdownText.plain("a\(sign)\(mark)b")
    #expect(plain.holds("a\\\(sign)"), "\(plain)")
    #expect(
      !MarkdownText.html("a\(sign)\(mark)b").holds(sign == "&" || sign == "#" ? "a\(sign)b" : sign))
    let code = MarkdownText.code("`\(mark)b")
    #expect(code.holds("`` `"), "\(code)")
    #expect(MarkdownText.plain("http:\(mark)//x @\(mark)y").holds("`@`"))
  }

  @Test(arguments: marks) func `the words of a secret command are cut at blanks`(mark: String)
    throws
  {
    let words = try ClientSecretSource.words("show \(mark)a '\(mark)b c'", option: "--x")
    #expect(
      words.map { Array($0.utf8) } == ["show", "\(mark)a", "\(mark)b c"].map { Array($0.utf8) })
  }
}
