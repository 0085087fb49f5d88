import Glibc
import OpenID

/// `hybrid-flow-bench`: figures with ratios taken in the same run, because the machine is shared.
@main
struct Bench {
  static let groups: [(name: String, run: @Sendable (Bench) throws -> [Row])] = [
    ("start", StartBench.rows), ("frames", FrameBench.rows), ("keys", KeyBench.rows),
    ("flow", FlowBench.rows), ("tenant", TenantBench.rows), ("parsing", ParseBench.rows),
    ("memory", MemoryBench.rows),
  ]

  /// Where the programs are that are measured.
  let folder: String
  /// Where the yardsticks are built.
  let scratch: String
  /// Fewer rounds, to see that it works.
  let isQuick: Bool
  var program: String { folder + "/hybrid-flow" }

  func rounds(_ count: Int) -> Int { isQuick ? max(1, count / 5) : count }

  static func main() {
    var words = Array(CommandLine.arguments.dropFirst())
    let isJSON = take("--json", from: &words)
    let isQuick = take("--quick", from: &words)
    guard words.allSatisfy({ word in groups.contains { $0.name == word } }) else {
      let names = groups.map(\.name).joined(separator: " ")
      say("usage: hybrid-flow-bench [--json] [--quick] [GROUP …]\ngroups: \(names)")
      exit(2)
    }
    signal(SIGPIPE, SIG_IGN)
    let bench = Bench(folder: ownFolder(), scratch: makeScratch(), isQuick: isQuick)
    guard access(bench.program, X_OK) == 0 else {
      say("\(bench.program) is not there: swift build -c release --product hybrid-flow")
      exit(2)
    }
    var missed = 0
    for (name, run) in groups where words.isEmpty || words.contains(name) {
      if !isJSON {
        let head = ["least", "median", "most"].map { $0.padded(9) }.joined()
        print("\(name.filled(54))\(head)")
      }
      do {
        for row in try run(bench) {
          if row.bound?.holds == false { missed += 1 }
          print(isJSON ? row.json.compactText : row.line)
          fflush(nil)
        }
      } catch {
        say("\(name): \(error)")
      }
    }
    if !isJSON { print("\(missed) of the targets missed") }
    bench.clean()
    exit(0)
  }

  private static func take(_ word: String, from words: inout [String]) -> Bool {
    let before = words.count
    words.removeAll { $0 == word }
    return words.count < before
  }

  private static func ownFolder() -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let whole = String(
      decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return whole.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }

  private static func makeScratch() -> String {
    var template = Array("/tmp/hybrid-flow-bench-XXXXXX".utf8CString)
    return mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  private func clean() { _ = Spawn.run(["/bin/rm", "-rf", scratch]) }

  /// Builds a yardstick; nil without a C compiler.
  func peer(_ name: String, _ libraries: [String]) -> String? {
    let source =
      "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Peers/\(name).c"
    let made = "\(scratch)/\(name)"
    guard
      Spawn.run(["/usr/bin/cc", "-O2", source, "-o", made] + libraries.map { "-l\($0)" }) != nil
    else {
      Bench.say("\(name).c cannot be compiled: no ratio to it")
      return nil
    }
    return made
  }

  static func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}

struct BenchFault: Error, CustomStringConvertible {
  var description: String
}
