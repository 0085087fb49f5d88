import Glibc

/// What a key costs at a real terminal: time to the last byte, bytes, processor time.
enum KeyBench {
  private static let right = "\u{1B}OC"
  private static let steps: [(name: String, key: String)] = [
    ("stage 2", right), ("stage 3", right), ("stage 4", right), ("sign in", "\r"),
    ("consent", "\r"), ("stage 5", right), ("stage 6", right), ("stage 7", right),
    ("stage 8", right), ("stage 9", right), ("stage 10", right),
  ]
  private static let moves: [(name: String, key: String)] = [
    ("line", "j"), ("page", "\u{1B}[6~"), ("page back", "\u{1B}[5~"),
  ]

  private struct Cost {
    var bytes = Samples(), time = Samples(), processor = Samples()
  }

  static func rows(_ bench: Bench) throws -> [Row] {
    var rows: [Row] = []
    for (columns, height) in [(120, 36), (200, 50)] as [(UInt16, UInt16)] {
      var costs: [String: Cost] = [:]
      for _ in 0..<bench.rounds(3) {
        guard let terminal = BenchTerminal([bench.program], columns: columns, rows: height),
          terminal.wait(for: "help")
        else { throw BenchFault(description: "no explorer") }
        terminal.settle(quiet: 500)
        for step in steps { measure(step, terminal, &costs) }
        for _ in 0..<3 { for move in moves { measure(move, terminal, &costs) } }
      }
      let size = "\(columns)x\(height)"
      var all = Samples()
      for (name, _) in steps + moves {
        guard let cost = costs[name] else { continue }
        rows.append(Row("keys", "\(size) \(name): bytes", "B", cost.bytes))
        rows.append(Row("keys", "\(size) \(name): key to last byte", "ms", cost.time))
        if steps.contains(where: { $0.name == name }) { all.values += cost.bytes.values }
      }
      var row = Row("keys", "\(size) a step: bytes", "B", all)
      if columns == 120 { row = row.atMost(2048) }
      rows.append(row)
      if let line = costs["page"] {
        let row = Row("keys", "\(size) page: processor time", "ms", line.processor)
        rows.append(columns == 120 ? row.atMost(1) : row)
      }
    }
    return rows
  }

  private static func measure(
    _ step: (name: String, key: String), _ terminal: BenchTerminal, _ costs: inout [String: Cost]
  ) {
    terminal.forget()
    let processor = ProcessFile.processorMilliseconds(of: terminal.process)
    let start = Clock.now
    terminal.send(step.key)
    terminal.settle(quiet: 120, first: 600)
    guard !terminal.output.isEmpty else { return }
    var cost = costs[step.name] ?? Cost()
    cost.bytes.values.append(Double(terminal.output.count))
    cost.time.values.append(terminal.lastByteAt - start)
    cost.processor.values.append(
      ProcessFile.processorMilliseconds(of: terminal.process) - processor)
    costs[step.name] = cost
  }
}
