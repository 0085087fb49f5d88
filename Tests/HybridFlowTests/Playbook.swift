import OpenID
import Testing

@testable import HybridFlow

/// A test as a dialogue with the machine; nothing that the machine says may be left out.
struct Playbook {
  private(set) var machine: FlowMachine
  private(set) var dialogue: [String] = []
  private var now = Sample.start

  init(_ machine: FlowMachine = FlowMachine()) { self.machine = machine }

  /// Says something to the machine, so many seconds after the start, and compares its answer.
  mutating func say(
    _ event: FlowEvent, at seconds: Int64? = nil, expect expected: [FlowEffect],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    if let seconds { now = Sample.start.adding(seconds: seconds) }
    dialogue.append(">> \(event.label)")
    let effects = machine.handle(event, at: now)
    dialogue += effects.map { "<< \($0.label)" }
    dialogue.append("   [\(machine.stateName)]")
    guard effects != expected else { return }
    let wanted = expected.map { "<< \($0.label)" }.joined(separator: "\n")
    Issue.record(
      """
      The machine answered otherwise. So far:
      \(dialogue.joined(separator: "\n"))
      expected here:
      \(wanted.isEmpty ? "nothing" : wanted)
      """, sourceLocation: sourceLocation)
  }
}

extension FlowMachine {
  /// The state's name, without its data.
  var stateName: String { caseName(state) }
}

extension FlowEvent {
  /// The event's name with what tells it from others of its kind.
  var label: String {
    switch self {
    case .fetched(let purpose, _, let response):
      "fetched(\(purpose.rawValue), \(response.status))"
    case .fetchFailed(let purpose, let failure):
      "fetchFailed(\(purpose.rawValue), \(failure.kind.rawValue))"
    case .callbackArrived(let number, let request):
      "callbackArrived(\(number.value), \(request.method))"
    case .examined(let findings): "examined(\(findings.count))"
    default: caseName(self)
    }
  }
}

extension FlowEffect {
  /// The effect's name with what tells it from others of its kind.
  var label: String {
    switch self {
    case .fetch(let purpose, let request): "fetch(\(purpose.rawValue), \(request))"
    case .answerCallback(let number, let answer): "answerCallback(\(number.value), \(answer))"
    case .examine(let tasks): "examine(\(tasks.count))"
    case .listen(let url): "listen(\(url))"
    default: caseName(self)
    }
  }
}

/// The name of an enumeration's case, without its values.
private func caseName(_ value: Any) -> String {
  Mirror(reflecting: value).children.first?.label ?? "\(value)"
}
