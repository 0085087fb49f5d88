import HybridFlow
import Lab
import OpenID

extension Lab {
  /// Runs a fault without sockets, always with the same result; without a fault an honest flow.
  ///
  /// - Throws: When the fixed key or the settings cannot be used.
  public static func outcome(
    of fault: LabFault?, type: ResponseType, checksOff: Set<CheckID> = [], usesPKCE: Bool = true
  ) throws -> LabOutcome {
    let run = try run(of: fault, type: type, checksOff: checksOff, usesPKCE: usesPKCE)
    return LabOutcome(fault: fault, type: type, transcript: run.machine.transcript)
  }

  /// Like `outcome`, but returns the whole run.
  public static func run(
    of fault: LabFault?, type: ResponseType, checksOff: Set<CheckID> = [], usesPKCE: Bool = true
  ) throws -> ScriptedRun {
    var scene = ScriptedRun.Scene(fault: fault?.tenantFault, attack: fault?.attack)
    if fault?.needsClientKey == true {
      scene.clientAuthentication = .privateKeyJWT
      scene.clientKey = try ScriptedRun.clientKey()
    }
    var run = try ScriptedRun(scene: scene) { configuration in
      configuration.responseType = type
      fault?.configure(&configuration, type: type, checksOff: checksOff)
      if !usesPKCE { configuration.usesPKCE = false }
    }
    run.runToEnd()
    run.act(fault?.then ?? [])
    return run
  }
}

extension PlanModule {
  /// Runs it without sockets in a variant of its plan, always with the same result.
  ///
  /// - Throws: When the fixed key or the settings cannot be used.
  public func outcome(in variant: PlanVariant) throws -> PlanOutcome {
    let run = try Lab.run(of: row(in: variant), type: variant.type)
    return PlanOutcome(self, variant, run.machine.transcript)
  }
}
