import Foundation
import OpenID
import TestSupport
import Testing

extension EndToEnd {
  /// `run --paste`: the answer goes to the site of somebody else, and comes by standard input.
  @Suite(.serialized, Person.isNeeded)
  struct PastedIntoRunTests {
    private static let redirectURI = "https://app.example.com/signin-oidc"

    /// How a person copies an answer from a browser.
    enum Copy: String, CaseIterable, Sendable {
      case formBody, address, curl, har

      var mode: String { self == .address ? "fragment" : "form_post" }

      func text(_ body: String) throws -> String {
        switch self {
        case .formBody: return body
        case .address: return redirectURI + "#" + body
        case .curl:
          return "curl '\(redirectURI)' -H 'content-type: application/x-www-form-urlencoded' \\\n"
            + "  --data-raw '\(body)'\n"
        case .har:
          let fields = try FormEncoding.decode(body).map { field -> JSONValue in
            ["name": .string(field.name), "value": .string(field.value)]
          }
          let entry: JSONValue = [
            "startedDateTime": "2026-11-30T10:00:00.000Z",
            "request": [
              "method": "POST", "url": .string(redirectURI), "httpVersion": "h2", "headers": [],
              "postData": [
                "mimeType": "application/x-www-form-urlencoded", "params": .array(fields),
                "text": .string(body),
              ],
            ],
            "response": ["status": 0, "statusText": "", "headers": [], "content": ["size": 0]],
          ]
          return entry.compactText
        }
      }
    }

    /// Signs in where the run says, and keeps the answer, as a blocked request does.
    private func answer(to address: String, in folder: TemporaryFolder) async throws -> String {
      // The demo tenant answers by a page that can be read, whatever is pasted afterwards.
      let file = "\(folder.path)/answer"
      let person = try RunningProgram(
        try Person.browser(in: folder),
        [
          address.replacingOccurrences(
            of: "response_mode=fragment", with: "response_mode=form_post")
        ],
        environment: ["LAB_ANSWER": file])
      _ = try await person.end()
      let data = FileManager.default.contents(atPath: file)
      return String(decoding: try #require(data, "\(person.output)"), as: UTF8.self)
    }

    private func start(_ more: [String], in folder: TemporaryFolder) throws -> RunningProgram {
      let options = ["run", "--json", "--paste", "--redirect-uri", Self.redirectURI] + more
      let input = "\(folder.path)/paste"
      return try RunningProgram(
        "/bin/sh",
        [
          "-c", "(until [ -s \(input) ]; do sleep 0.05; done; cat \(input)) | exec \"$@\"", "sh",
          Place.program,
        ] + options)
    }

    @Test(.timeLimit(.minutes(1)), arguments: Copy.allCases)
    func `every form of the answer goes on to the end`(_ copy: Copy) async throws {
      let folder = try TemporaryFolder()
      let program = try start(["--response-mode", copy.mode], in: folder)
      let address = try await waitFor("address\n\(program.errors)") {
        program.errors.split(separator: "\n").first { $0.contains("/authorize?") }
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(program.errors.contains("good only once"))
      #expect(program.errors.contains("invalid_grant"))
      let body = try await answer(to: address, in: folder)
      // Whole at once, so that no half of it is read.
      _ = try folder.write(try copy.text(body), to: "paste.part")
      try FileManager.default.moveItem(
        atPath: "\(folder.path)/paste.part", toPath: "\(folder.path)/paste")
      let ending = try await program.end()
      let report = try RunReport(
        ending: ending, output: program.output, errors: program.errors)
      #expect(ending == .exit(0), "\(program.output)\n\(program.errors)")
      #expect(report.result["ok"] == true || report.result["exit"] == 0, "\(program.output)")
      let code = try #require(FormEncoding.decode(body)["code"])
      #expect(!program.output.contains(code) && !program.errors.contains(code))
      #expect(!RunReport.holdsToken(program.output + program.errors))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is no answer is said, and the run ends with its input`() async throws {
      let folder = try TemporaryFolder()
      let program = try start([], in: folder)
      _ = try folder.write("this is no answer\n", to: "paste")
      #expect(try await program.end() == .exit(6))
      #expect(program.errors.contains("Nothing of an answer"))
    }

    @Test func `without --paste and without a terminal it is said before anything begins`()
      async throws
    {
      let program = try RunningProgram(
        Place.program, ["run", "--redirect-uri", Self.redirectURI])
      #expect(try await program.end() == .exit(2))
      #expect(program.errors.contains("Add --paste"))
    }
  }
}
