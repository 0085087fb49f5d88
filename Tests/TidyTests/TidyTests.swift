import Foundation
import Testing

/// The rules that no compiler checks, read off the source tree.
@Suite struct TidyTests {
  struct SourceFile {
    /// The path from the top of the repository.
    var path: String
    var text: String
    var lines: [Substring]

    var folder: Substring { path.split(separator: "/").dropFirst().first ?? "" }
    var isSource: Bool { path.hasPrefix("Sources/") || path.hasPrefix("Themes/") }
  }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let files: [SourceFile] = {
    ["Sources", "Tests", "Themes"].flatMap { top -> [SourceFile] in
      let folder = root.appending(path: top)
      let paths = (FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? [])
        .compactMap { $0 as? String }
      return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path -> SourceFile? in
        guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
        else { return nil }
        return SourceFile(
          path: "\(top)/\(path)", text: text,
          lines: text.split(separator: "\n", omittingEmptySubsequences: false))
      }
    }
  }()

  /// Files that may be longer, each with its reason.
  private static let longFiles: [String: String] = [:]

  @Test func `the source tree is found`() {
    #expect(Self.files.contains { $0.path == "Sources/OpenID/URL/WebURL.swift" })
    #expect(Self.files.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
  }

  @Test func `no file is longer than 400 lines`() {
    for file in Self.files where Self.longFiles[file.path] == nil {
      #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count - 1) lines")
    }
  }

  @Test func `no function is longer than 70 lines`() {
    for file in Self.files where file.isSource {
      for function in Self.functions(in: file.lines) {
        #expect(function.length <= 70, "\(file.path):\(function.line) has \(function.length) lines")
      }
    }
  }

  @Test func `the function counter sees a long function`() {
    let body = Array(repeating: Substring("    call()"), count: 80)
    let lines = ["struct A {", "  public init(", "    a: Int", "  ) {"] + body + ["  }", "}"]
    #expect(Self.functions(in: lines).map(\.length) == [84])
    #expect(Self.functions(in: ["  func a() { b() }", "  func c()", "  var d = 1"]).isEmpty)
  }

  /// Functions by indentation: from `func` or `init` to the closing brace of the same column.
  private static func functions(in lines: [Substring]) -> [(line: Int, length: Int)] {
    var open: [(line: Int, indent: Int)] = []
    var found: [(line: Int, length: Int)] = []
    for (index, line) in lines.enumerated() {
      let indent = line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      let text = line.dropFirst(indent)
      guard text == "}" || text.utf8.contains(UInt8(ascii: "(")) else { continue }
      let words = text.prefix { $0 != "(" && $0 != "<" && $0 != "{" }.split(separator: " ")
      let isFunction =
        words.contains("func")
        || ["init", "init?"].contains(words.last ?? "") && !text.contains("=")
      if isFunction, !text.hasPrefix("//") {
        open.removeAll { $0.indent >= indent }
        if !text.hasSuffix("}") { open.append((index, indent)) }
      } else if text == "}", let start = open.last(where: { $0.indent == indent }) {
        found.append((start.line + 1, index - start.line + 1))
        open.removeAll { $0.indent >= indent }
      }
    }
    return found
  }

  @Test func `nothing is left to be done later`() {
    // Put together, so that this file does not find itself.
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for file in Self.files {
      for mark in marks where file.text.utf8Contains(mark) {
        for (index, line) in file.lines.enumerated() where line.contains(mark) {
          // Whole words only: templates of temporary names hold a row of the same letter.
          let words = line.split { !$0.isLetter }
          #expect(!words.contains { $0 == mark }, "\(file.path):\(index + 1)")
        }
      }
    }
  }

  @Test func `no source file gives up the program or silences the compiler`() {
    let forbidden = ["fatalError(", "try!", "as!"]
    for file in Self.files where file.isSource {
      // Looking into lines is slow, so only where the word is there at all.
      for word in forbidden where file.text.utf8Contains(word) {
        for (index, line) in file.lines.enumerated() where line.contains(word) {
          let isComment = line.drop { $0 == " " }.hasPrefix("//")
          #expect(isComment, "\(file.path):\(index + 1)")
        }
      }
    }
  }

  @Test func `no signal handler is Swift, which may allocate at any place`() {
    for file in Self.files where file.isSource && file.path.hasSuffix(".swift") {
      #expect(!file.text.utf8Contains("sigaction" + "("), "\(file.path)")
      for line in file.lines where line.utf8.contains(UInt8(ascii: "(")) {
        guard let call = line.firstMatch(of: /\bsignal\([^,()]+, ([^)]+)\)/) else { continue }
        #expect(["SIG_DFL", "SIG_IGN"].contains(call.output.1), "\(file.path): \(line)")
      }
    }
  }

  /// The modules that talk to the system; all others are values and need none of it.
  private static let system: Set<Substring> = [
    "Commands", "Cryptography", "Explorer", "Export", "Network", "Platform", "Recording",
    "Settings", "Terminal", "hybrid-flow",
  ]

  /// What Package.swift allows each target, in its order; the build holds every import against it.
  private static func targets() throws -> [(name: Substring, uses: [Substring])] {
    let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let target = /arget\(\s*name: "([A-Za-z-]+)"(?:,\s*dependencies: \[([^\]]*)\])?/
    return text.matches(of: target).map { match in
      let uses = match.output.2 ?? ""
      return (match.output.1, uses.matches(of: /"([A-Za-z-]+)"/).map(\.output.1))
    }
  }

  @Test func `Package.swift names the modules in layer order`() throws {
    var below: Set<Substring> = ["CCurl", "CNcurses", "COpenSSL", "CSystem"]
    let modules = try Self.targets().prefix { $0.name != "CNcurses" }
    #expect(modules.count > 20)
    for (name, uses) in modules {
      for use in uses { #expect(below.contains(use), "\(name) uses \(use), which stands below it") }
      below.insert(name)
    }
  }

  @Test(
    arguments: [
      ("OpenID", []), ("HybridFlow", ["OpenID"]), ("TextUI", ["OpenID", "Themes"]),
      ("DemoTenant", ["Cryptography", "OpenID"]),
      ("Lab", ["DemoTenant", "HybridFlow", "OpenID"]),
      ("Terminal", ["CNcurses", "CSystem", "OpenID", "TextUI"]),
    ] as [(Substring, [Substring])])
  func `what must stay apart stays apart`(module: Substring, uses: [Substring]) throws {
    let target = try #require(try Self.targets().first { $0.name == module })
    #expect(target.uses == uses)
  }

  @Test func `values import no system, and nothing imports all of Foundation`() {
    for file in Self.files where file.isSource {
      for (index, line) in file.lines.enumerated() where Self.mayImport(line) {
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import") else { continue }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
        let names = words[(position + 1)...].drop { kinds.contains($0) }
        guard let module = names.first?.prefix(while: { $0 != "." }) else { continue }
        #expect(!module.hasPrefix("Foundation"), "\(file.path):\(index + 1)")
        // These two only look at bytes.
        let looks = ["Glibc.memchr", "Glibc.memcmp"].contains(names.first)
        if module == "Glibc", !looks {
          #expect(Self.system.contains(file.folder), "\(file.path):\(index + 1)")
        }
      }
    }
  }

  /// Whether an import could start so: those of this project stand in the first column.
  private static func mayImport(_ line: Substring) -> Bool {
    switch line.utf8.first {
    case UInt8(ascii: "i"), UInt8(ascii: "@"), UInt8(ascii: "p"), UInt8(ascii: "f"): true
    default: false
    }
  }

  @Test func `the top level holds nothing but what belongs there`() throws {
    let allowed: Set<String> = [
      "Package.swift", "Sources", "Tests", "Themes", "README.md", "screenshots",
    ]
    for name in try Self.topLevel() where !name.hasPrefix(".") {
      #expect(allowed.contains(name), "\(name)")
    }
  }

  /// What git tracks, or without git what is there.
  private static func topLevel() throws -> Set<String> {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "-C", root.path, "ls-files", "-z"]
    let output = Pipe()
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    if (try? git.run()) != nil {
      let listing = try output.fileHandleForReading.readToEnd() ?? Data()
      git.waitUntilExit()
      if git.terminationStatus == 0 {
        let paths = String(decoding: listing, as: UTF8.self).split(separator: "\0")
        return Set(paths.compactMap { $0.split(separator: "/").first.map(String.init) })
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    return Set(names.filter { $0 != "Package.resolved" })
  }
}

extension String {
  /// Whether these bytes stand somewhere in the text.
  fileprivate func utf8Contains(_ part: String) -> Bool {
    Data(utf8).range(of: Data(part.utf8)) != nil
  }
}
