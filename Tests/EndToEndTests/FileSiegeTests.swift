import Foundation
import Testing

extension EndToEnd {
  /// Files that cannot be written, or are not what they should be: a clear word, and nothing lost.
  @Suite(.serialized) struct FileSiegeTests {
    /// Starts the program where no file may grow beyond so many blocks of 512 bytes.
    private static func small(_ blocks: Int, _ arguments: [String]) throws -> RunningProgram {
      // Standard output and error are files here as well, and stay below that.
      try RunningProgram(
        "/bin/sh", ["-c", "ulimit -f \(blocks); exec \"$0\" \"$@\"", Place.program] + arguments)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a full disk leaves pictures that are there as they were`() async throws {
      let folder = try TemporaryFolder()
      let before = "the picture of yesterday"
      let first = try RunningProgram(Place.program, ["screenshots", folder.path])
      #expect(try await first.end(within: 50) == .exit(0))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names.count > 5)
      for old in names { try Data(before.utf8).write(to: URL(filePath: "\(folder.path)/\(old)")) }
      let program = try Self.small(4, ["screenshots", folder.path])
      #expect(try await program.end(within: 50) == .exit(1), "\(program.output)")
      #expect(program.errors.contains("File too large") && program.errors.contains(folder.path))
      for old in names {
        let text = try String(contentsOfFile: "\(folder.path)/\(old)", encoding: .utf8)
        #expect(text == before, "\(old)")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
    }

    @Test(.timeLimit(.minutes(1)))
    func `pictures are not written through a link`() async throws {
      let folder = try TemporaryFolder()
      let first = try RunningProgram(Place.program, ["screenshots", "\(folder.path)/one"])
      #expect(try await first.end(within: 50) == .exit(0))
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/one")
      let own = try folder.write("mine", to: "own")
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/two", withIntermediateDirectories: false)
      for name in names {
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder.path)/two/\(name)", withDestinationPath: own)
      }
      let program = try RunningProgram(Place.program, ["screenshots", "\(folder.path)/two"])
      #expect(try await program.end(within: 50) == .exit(2))
      #expect(program.errors.contains("no ordinary file"))
      #expect(try String(contentsOfFile: own, encoding: .utf8) == "mine")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a full disk ends a recording and not the flow`() async throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/run.jsonl"
      let program = try Self.small(20, ["run", "--record", file])
      #expect(try await program.end(within: 50) == .exit(1), "\(program.errors)")
      #expect(program.errors.contains(file) && program.errors.contains("File too large"))
      let replayed = try RunningProgram(Place.program, ["replay", file, "--plain"])
      _ = try await replayed.end(within: 50)
      #expect((replayed.output + replayed.errors).contains("not written to its end"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a recording that is cut fails the run, by the last line too`() async throws {
      let folder = try TemporaryFolder()
      let script =
        "ulimit -f 20; { \"$0\" run --json --record \"$1\"; echo \"ended $?\" >&2; } | tail -n 1"
      let program = try RunningProgram(
        "/bin/sh", ["-c", script, Place.program, "\(folder.path)/run.jsonl"])
      _ = try await program.end(within: 50)
      #expect(program.errors.hasSuffix("ended 1\n"), "\(program.errors)")
      let last = try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any]
      #expect(last?["status"] as? String == "failed" && last?["exit"] as? Int == 1)
      #expect(last?["code"] as? String == "environment.recording")
      #expect((last?["message"] as? String)?.contains("File too large") == true)
      #expect(program.errors.contains("Recording has stopped"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["har", "markdown", "svg"])
    func `a full disk fails an export as a fault of the machine`(format: String) async throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/out"
      let program = try Self.small(
        4, ["export", "--lab", "swapped-code", "--format", format, "--output", file])
      #expect(try await program.end(within: 50) == .exit(1), "\(program.errors)")
      #expect(program.errors.contains(file) && program.errors.contains("File too large"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["folder", "missing", "loop", "unreadable-folder/x"])
    func `what cannot be read is named, wherever it is read`(kind: String) async throws {
      let folder = try TemporaryFolder()
      let path = "\(folder.path)/\(kind)"
      switch kind {
      case "folder":
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      case "loop":
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
      default: break
      }
      let uses: [[String]] = [
        ["replay", path], ["compare", path, path], ["tenant", "--settings", path],
        [
          "tenant", "--client", "id=a,secret-file=\(path),redirect-uri=http://localhost:1/",
        ],
        ["theme", "check", path], ["run", "--client-secret-file", path],
        ["run", "--client-key", path],
        ["run", "--issuer", "https://127.0.0.1:1/", "--client-id", "a", "--ca", path],
      ]
      for use in uses {
        let program = try RunningProgram(Place.program, use)
        let ending = try await program.end(within: 30)
        #expect(ending != .exit(0), "\(use)")
        if case .signal = ending { Issue.record("\(use): \(ending)") }
        let said = program.errors + program.output
        #expect(said.contains(kind), "\(use): \(said)")
      }
    }
  }
}
