import Glibc

/// From the start of a program to the last byte of its first screen.
enum StartBench {
  static func rows(_ bench: Bench) throws -> [Row] {
    var programs: [(name: String, words: [String], mark: String)] = [
      ("hybrid-flow", [bench.program], "help")
    ]
    if let peer = bench.peer("screen", ["ncursesw", "tinfo"]) {
      programs.append(("ncurses in C", [peer], "the-last-line"))
    }
    if access("/usr/bin/htop", X_OK) == 0 {
      programs.append(("htop", ["/usr/bin/htop"], "F10"))
    } else {
      Bench.say("htop is not installed: no ratio to it")
    }
    var times = [Samples](repeating: Samples(), count: programs.count)
    var processor = Samples()
    for _ in 0..<bench.rounds(25) {
      for (index, program) in programs.enumerated() {
        guard let terminal = BenchTerminal(program.words), terminal.wait(for: program.mark) else {
          throw BenchFault(description: "\(program.name) shows no screen")
        }
        times[index].values.append(terminal.lastByteAt - terminal.startedAt)
        if index == 0 {
          processor.values.append(ProcessFile.processorMilliseconds(of: terminal.process))
        }
        terminal.end()
      }
    }
    var rows = programs.indices.map {
      Row("start", "first frame, \(programs[$0].name)", "ms", times[$0])
    }
    rows.append(Row("start", "processor time until then, hybrid-flow", "ms", processor))
    for (index, program) in programs.enumerated().dropFirst() {
      // Pairs that ran one after the other: what slows one slows the other.
      let isHtop = program.name == "htop"
      let pairs = zip(times[0].values, times[index].values).map { isHtop ? $1 / $0 : $0 / $1 }
      let samples = Samples(values: pairs)
      rows.append(
        isHtop
          ? Row("start", "htop / hybrid-flow", "x", samples).atLeast(8)
          : Row("start", "hybrid-flow / ncurses in C", "x", samples).atMost(2))
    }
    return rows
  }
}
