import Foundation
import OpenID
import Testing

@testable import Export
@testable import HybridFlow

/// Words and scripts, read by the shell of this machine.
@Suite struct ExportCurlTests {
  /// What a shell prints for a script.
  private static func shell(_ script: String, _ arguments: [String] = []) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [file.path] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(data)
  }

  /// Words of every byte but NUL, alone, between letters, and at random.
  private static var words: [[UInt8]] {
    var words: [[UInt8]] = [[]]
    for byte in UInt8(1)...255 {
      words += [
        [byte], [0x61, byte, 0x62], [byte, byte], [byte, 0x37], [0x27, byte, 0x27, 0x0A],
      ]
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let count = Int.random(in: 0...60, using: &generator)
      words.append((0..<count).map { _ in UInt8.random(in: 1...255, using: &generator) })
    }
    return words + [Array("$(touch /tmp/x) `id` ${A} \\\n'\"!*?[a]~ #x".utf8), Array("-n".utf8)]
  }

  @Test(.timeLimit(.minutes(1)))
  func `the shell reads every word back, byte for byte`() throws {
    let words = Self.words
    let quoted = try words.map { try #require(ShellWord.quoted($0)) }
    let script = quoted.map { "printf '%s\\000' \($0)\n" }.joined()
    // Nothing in the script itself steers a terminal.
    #expect(script.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    let read = try Self.shell(script).split(separator: 0, omittingEmptySubsequences: false)
    #expect(read.count == words.count + 1)
    for (word, back) in zip(words, read) { #expect(Array(back) == word) }
    #expect(ShellWord.quoted([0x61, 0]) == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a line of curl's configuration holds any value, and a form's any secret`() throws {
    let words = Self.words.prefix(700)
    let quoted = try words.map { try #require(ShellWord.quoted($0)) }
    let script =
      CurlExport.preamble + "\n"
      + quoted.map { "option x \($0); printf '\\000'; encoded \($0); printf '\\000'\n" }.joined()
    let read = try Self.shell(script).split(separator: 0, omittingEmptySubsequences: false)
    #expect(read.count == 2 * words.count + 1)
    for (index, word) in words.enumerated() {
      #expect(Self.unquoted(read[2 * index]) == word, "\(word)")
      let encoded = String(decoding: read[2 * index + 1], as: UTF8.self)
      #expect(
        encoded.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "%._-".contains($0)) })
      #expect(Self.percentDecoded(encoded) == word)
    }
  }

  /// What curl reads in a line of its configuration: its manual, --config.
  private static func unquoted(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.starts(with: Array("x = \"".utf8)), line.suffix(2) == Array("\"\n".utf8)[...],
      !line.dropLast().contains(0x0A)
    else { return nil }
    var output: [UInt8] = []
    var rest = line.dropFirst(5).dropLast(2)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        if byte == UInt8(ascii: "\"") { return nil }
        output.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "r"): output.append(0x0D)
      default: output.append(escaped)
      }
    }
    return output
  }

  private static func percentDecoded(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        output.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      } else {
        output.append(byte)
      }
    }
    return output
  }

  @Test(.timeLimit(.minutes(2)))
  func `the script of any run is one that the shell understands`() throws {
    var runs = try ExportSample.all.get()
    runs.append(try ExportTextTests.hostileRun())
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    var check = ""
    for (index, run) in runs.enumerated() {
      for reveals in [false, true] {
        var run = run
        run.reveals = reveals
        let file = folder.appending(path: "\(index)-\(reveals)").path
        let script = try ExportSample.text(run, .curl)
        try Data(script.utf8).write(to: URL(filePath: file))
        // -n reads and runs nothing.
        check += "/bin/sh -n '\(file)' || echo '\(file)'\n"
      }
    }
    #expect(try Self.shell(check) == [])
  }

  @Test(.timeLimit(.minutes(1)))
  func `a script of hostile text runs nothing of it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try ExportTextTests.hostileRun()
    let script = try ExportSample.text(run, .curl)
    #expect(script.contains("PWNED"))
    // Without curl: what would be sent is printed.
    let harmless =
      "cd '\(folder.path)'\ncurl() { cat >&2; }\nCLIENT_SECRET=x CODE=x\n"
      + "CODE_VERIFIER=x ACCESS_TOKEN=x\n"
    _ = try Self.shell(harmless + script)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `secrets are variables, and a missing one ends the script with its name`() throws {
    let script = try ExportSample.text(ExportSample.honest.get(), .curl)
    #expect(script.contains("option data-urlencode code=\"$CODE\"\n"))
    #expect(script.contains("\"$(encoded \"$CLIENT_SECRET\")\"\n"))
    #expect(script.contains("option header 'Authorization: Bearer '\"$ACCESS_TOKEN\"\n"))
    #expect(
      script.contains("# stage 2, through the browser, Application to User: redirect to http"))
    let said = try Self.shell("exec 2>&1\n" + script, ["6"])
    #expect(String(decoding: said, as: UTF8.self).contains("Set CLIENT_SECRET: the client secret"))
  }
}
