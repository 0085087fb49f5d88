import DemoTenant
import Export
import Glibc
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Recording
import Session
import Settings
import TextUI

/// The options of `hybrid-flow lab`, read from the command line.
public struct LabOrder: Sendable {
  /// The faults; empty with ``listsOnly`` means all.
  public var faults: [LabFault]
  /// The harmless oddities that are run or listed after them.
  public var harmless: [LabFault] = []
  /// Whether all faults are run without sockets, instead of a few over real connections.
  public var runsAll: Bool
  /// Whether the table is printed and nothing is run.
  public var listsOnly: Bool
  /// The only response type to try; nil tries each that a fault applies to.
  public var type: ResponseType?
  /// The checks that are switched off.
  public var checksOff: Set<CheckID>
  /// Whether the application sends a code challenge.
  public var usesPKCE: Bool

  /// Reads the operands and options of the command.
  public static func read(_ invocation: Invocation) throws(UsageError) -> LabOrder {
    if invocation.has(.list), !invocation.operands.isEmpty {
      return try list(matching: invocation)
    }
    var faults: [LabFault] = []
    for word in invocation.operands {
      guard let fault = Lab.row(word) else { throw .unknownFault(word) }
      faults.append(fault)
    }
    let runsAll = invocation.has(.all)
    let lists = invocation.has(.list)
    guard !faults.isEmpty || runsAll || lists else {
      throw UsageError(
        "\"lab\" needs a fault, --all or --list. See hybrid-flow lab --list for the faults.")
    }
    guard [!faults.isEmpty, runsAll, lists].filter({ $0 }).count == 1 else {
      throw UsageError("Give faults, --all or --list, one of the three.")
    }
    var off: Set<CheckID> = []
    for name in invocation.all(.withoutCheck) {
      guard let id = CheckID(rawValue: name) else { throw .unknownCheck(name) }
      off.insert(id)
    }
    let type =
      invocation.has(.responseType)
      ? try ConnectionReader(invocation: invocation).responseType() : nil
    if let type, let fault = faults.first(where: { !$0.types.contains(type) }) {
      let types = fault.types.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw UsageError("\(fault.id) means nothing with '\(type.rawValue)'. Use \(types).")
    }
    return LabOrder(
      faults: faults.isEmpty ? Lab.faults : faults, harmless: faults.isEmpty ? Lab.harmless : [],
      runsAll: runsAll, listsOnly: lists, type: type, checksOff: off,
      usesPKCE: !invocation.has(.noPKCE))
  }

  /// The part of the list that the operands choose.
  private static func list(matching invocation: Invocation) throws(UsageError) -> LabOrder {
    let words = invocation.operands.map(\.asciiLowercased)
    func matching(_ rows: [LabFault]) -> [LabFault] {
      rows.filter { row in words.allSatisfy { row.rank(matching: $0) != nil } }
    }
    let (faults, harmless) = (matching(Lab.faults), matching(Lab.harmless))
    guard !(faults + harmless).isEmpty, !invocation.has(.all) else {
      throw UsageError(
        invocation.has(.all)
          ? "Give faults, --all or --list, one of the three."
          : "No fault has \"\(words.joined(separator: " "))\" in its name, kind, check or deed. See hybrid-flow lab --list."
      )
    }
    return LabOrder(
      faults: faults, harmless: harmless, runsAll: false, listsOnly: true, type: nil,
      checksOff: [], usesPKCE: true)
  }

  /// The fault with which the explorer begins; nil without `--lab`.
  ///
  /// - Throws: ``UsageError`` for an unknown fault, or if the tenant is not the demo tenant.
  public static func fault(of invocation: Invocation) throws(UsageError) -> LabFault? {
    guard let id = invocation[.lab] else { return nil }
    guard let fault = Lab.fault(id) else {
      guard Lab.row(id) == nil else {
        throw UsageError(
          "\(id) is harmless: nothing in the explorer would complain. \"hybrid-flow lab \(id)\" runs it."
        )
      }
      throw .unknownFault(id)
    }
    let elsewhere: [Setting] = [.issuer, .preset, .profile, .authorizationEndpoint]
    if let option = elsewhere.first(where: invocation.has) {
      throw UsageError(
        "--lab breaks the demo tenant only, never a real one: leave --lab or \(option.name) out.")
    }
    if let option = [Setting.plain, .full].first(where: invocation.has) {
      throw UsageError("--lab with \(option.name): \"hybrid-flow lab \(id)\" tells it in text.")
    }
    return fault
  }

  /// The response types to try with a fault.
  func types(of fault: LabFault) -> [ResponseType] {
    if let type { return fault.types.filter { $0 == type } }
    // A single fault requested by name is shown once: in the type with the most to see.
    return runsAll
      ? fault.types : [fault.types.contains(.codeIDToken) ? .codeIDToken : fault.types[0]]
  }
}

extension UsageError {
  static func unknownFault(_ word: String) -> UsageError {
    let near = Lab.names(near: word).joined(separator: ", ")
    return UsageError(
      "\"\(word)\" is no fault of the lab.\(near.isEmpty ? "" : " Did you mean \(near)?")"
        + " See hybrid-flow lab --list.")
  }

  static func unknownCheck(_ word: String) -> UsageError {
    let hint = Spelling.nearest(to: word, among: CheckID.allCases.map(\.rawValue))
    return UsageError(
      "--without-check \(word): there is no such check."
        + (hint.map { " Did you mean \($0)?" } ?? ""))
  }
}

/// `hybrid-flow lab`: breaks the flow on purpose and says which check catches it.
public final class LabCommand {
  private let order: LabOrder
  private let isJSON: Bool
  private let sink: any TextSink
  private let text: LabText
  private let table: LabTable
  private let recorder: Recorder?
  private let junit: JUnitOrder?
  private var report = JUnitReport(name: "hybrid-flow lab")
  private var toldAt = ContinuousClock.now
  private var group: LabFault.Group?
  private let startedAt = ContinuousClock.now
  private var runs = 0
  private var bad = 0
  private var falseAlarms = 0
  private var switchedOff = 0
  private var honest = 0
  private var harmless = 0
  private var hasReaders = true

  /// Makes a command.
  ///
  /// - Parameter recorder: Records the runs, except those without sockets.
  public init(
    order: LabOrder, isJSON: Bool, style: PrintStyle, sink: any TextSink,
    recorder: Recorder? = nil, junit: JUnitOrder? = nil
  ) {
    self.order = order
    self.junit = junit
    self.recorder = recorder
    self.isJSON = isJSON
    self.sink = sink
    text = LabText(style: style)
    table = LabTable(style: style)
  }

  /// Runs to the end.
  public func run() -> RunOutcome {
    let outcome = runAll()
    return junit?.write(report, of: outcome, complainingTo: sink) ?? outcome
  }

  private func runAll() -> RunOutcome {
    if order.listsOnly {
      list()
      return .exit(ExitCode.success)
    }
    if !order.checksOff.isEmpty { warn() }
    do {
      if order.runsAll { try runHonestly() }
      for fault in order.faults + (order.runsAll ? order.harmless : []) where hasReaders {
        let outcomes = try order.types(of: fault).map { type in
          order.runsAll
            ? try Lab.outcome(
              of: fault, type: type, checksOff: order.checksOff, usesPKCE: order.usesPKCE)
            : try LabWire.outcome(
              of: fault, type: type, checksOff: order.checksOff, usesPKCE: order.usesPKCE,
              recorder: recorder)
        }
        tell(fault, outcomes)
      }
    } catch {
      sink.complain("hybrid-flow: \(HarmlessText.line("\(error)"))\n")
      report.addEnd(because: "\(error)")
      return .exit(ExitCode.machine)
    }
    return finish()
  }

  private func list() {
    if isJSON {
      for fault in order.faults + order.harmless { write(RunJSON.text(of: LabText.json(fault))) }
    } else {
      write(text.list(order.faults, harmless: order.harmless))
    }
  }

  private func warn() {
    let names = order.checksOff.map(\.rawValue).sorted().joined(separator: ", ")
    sink.complain(
      "hybrid-flow: SWITCHED OFF, in the lab and against the demo tenant only: \(names).\n")
  }

  private func runHonestly() throws {
    let outcomes = try ResponseType.allCases
      .filter { order.type == nil || order.type == $0 }
      .map { try Lab.outcome(of: nil, type: $0) }
    honest = outcomes.count
    tell(nil, outcomes)
  }

  private func tell(_ fault: LabFault?, _ outcomes: [LabOutcome]) {
    outcomes.forEach(count)
    keep(outcomes)
    if isJSON {
      for outcome in outcomes { write(RunJSON.text(of: LabText.json(outcome))) }
    } else if !order.runsAll {
      for outcome in outcomes { write(text.story(outcome)) }
    } else if let fault {
      if outcomes.isEmpty { return }
      if group != fault.group { write(table.heading(fault.group)) }
      group = fault.group
      write(table.row(fault, outcomes))
    } else {
      write(table.opening + table.honest(outcomes))
    }
  }

  /// Keeps outcomes for the report; those of one fault share the time that they took.
  private func keep(_ outcomes: [LabOutcome]) {
    guard junit != nil, !outcomes.isEmpty else { return }
    let now = ContinuousClock.now
    let (whole, parts) = toldAt.duration(to: now).components
    toldAt = now
    let seconds = (Double(whole) + Double(parts) / 1e18) / Double(outcomes.count)
    for outcome in outcomes { report.add(outcome, seconds: seconds) }
  }

  private func count(_ outcome: LabOutcome) {
    runs += 1
    if outcome.fault?.group == .harmless { harmless += 1 }
    switch outcome.status {
    case .caught: break
    case .missed: bad += 1
    case .falseAlarm: falseAlarms += 1
    case .switchedOff: switchedOff += 1
    }
  }

  private func finish() -> RunOutcome {
    let isGood = bad == 0 && falseAlarms == 0 && switchedOff == 0
    let isWhole = recorder?.trouble == nil
    let exit = isGood ? (isWhole ? ExitCode.success : ExitCode.machine) : ExitCode.check
    if isJSON {
      let counts: [(String, Int)] = [
        ("runs", runs), ("honest", honest), ("missed", bad), ("false_alarms", falseAlarms),
        ("switched_off", switchedOff), ("faults", order.faults.count), ("harmless", harmless),
        ("exit", Int(exit)),
      ]
      var line: JSONValue = [
        "type": "result", "status": .string(exit == ExitCode.success ? "passed" : "failed"),
      ]
      for (name, count) in counts { line.set(name, .number(JSONNumber(Int64(count)))) }
      line.set("seconds", .number(JSONNumber(literal: seconds)))
      line.set("off", .array(order.checksOff.map(\.rawValue).sorted().map(JSONValue.string)))
      write(RunJSON.text(of: line))
    } else if order.runsAll {
      write(
        "\n\(order.faults.count) faults in \(runs - honest - harmless) runs, \(honest) honest runs, and\n"
          + "\(order.harmless.count) harmless oddities in \(harmless) runs, in \(seconds) s:\n\(bad) missed, \(falseAlarms) false alarms, "
          + "\(switchedOff) switched off.\n")
    }
    return hasReaders ? .exit(exit) : .signal(SIGPIPE)
  }

  /// The duration, in seconds with one digit after the point.
  private var seconds: String {
    let (whole, parts) = startedAt.duration(to: .now).components
    return "\(whole).\(parts / 100_000_000_000_000_000)"
  }

  private func write(_ text: String) {
    if hasReaders, !sink.write(text) { hasReaders = false }
  }
}
