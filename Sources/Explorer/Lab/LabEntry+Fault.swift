import OpenID
import HybridFlow
import Presentation

extension LabEntry {
  /// What the explorer tells of a fault.
  init(_ fault: LabFault, for type: ResponseType) {
    let canSwitchOff = fault.check != nil && fault.stops
    self.init(
      id: fault.id, group: fault.group.rawValue, who: fault.who, does: fault.does,
      gain: fault.gain, lesson: fault.lesson, caughtBy: fault.caughtBy,
      stage: fault.stage(for: fault.shown(with: type)), sections: fault.sections,
      canSwitchOff: canSwitchOff, companions: fault.companions.map(\.rawValue).sorted(),
      afterwards: fault.then.map(\.title))
  }
}

extension LabFault {
  /// The response type in which the fault is shown: the wanted one where it means anything.
  func shown(with type: ResponseType) -> ResponseType {
    types.contains(type) ? type : types.first ?? type
  }

  /// Makes a configuration one of this fault, in a response type in which it means anything.
  func configure(_ configuration: inout FlowConfiguration, switchesCheckOff: Bool) {
    var off: Set<CheckID> = []
    if switchesCheckOff, let id = check { off = companions.union([id]) }
    configure(&configuration, type: shown(with: configuration.responseType), checksOff: off)
  }
}

extension Lab {
  /// Every fault as the explorer tells of it.
  static func entries(for type: ResponseType) -> [LabEntry] {
    faults.map { LabEntry($0, for: type) }
  }
}
