import HybridFlow
import Lab
import OpenID

extension LabEntry {
  /// What the explorer tells of a fault.
  public init(_ fault: LabFault, for type: ResponseType) {
    let canSwitchOff = fault.check != nil && fault.stops
    self.init(
      id: fault.id, group: fault.group.rawValue, who: fault.who, does: fault.does,
      gain: fault.gain, lesson: fault.lesson, caughtBy: fault.caughtBy,
      stage: fault.stage(for: fault.shown(with: type)), sections: fault.sections,
      canSwitchOff: canSwitchOff, companions: fault.companions.map(\.rawValue).sorted(),
      afterwards: fault.then.map(\.title))
  }
}

extension Lab {
  /// Every fault as the explorer tells of it.
  public static func entries(for type: ResponseType) -> [LabEntry] {
    faults.map { LabEntry($0, for: type) }
  }
}
