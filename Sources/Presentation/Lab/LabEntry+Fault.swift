import HybridFlow
import Lab
import OpenID

extension LabEntry {
  /// Makes the explorer's entry of a fault.
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
  /// The explorer's entries of all faults.
  public static func entries(for type: ResponseType) -> [LabEntry] {
    faults.map { LabEntry($0, for: type) }
  }
}
