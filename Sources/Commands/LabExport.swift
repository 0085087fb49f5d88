import Export
import HybridFlow
import Lab
import OpenID
import Platform
import Presentation
import Session
import Settings

/// A lab run with a fault, made for an export.
public struct LabExport: Sendable {
  private let fault: LabFault
  private let type: ResponseType
  private let checksOff: Set<CheckID>
  private let usesPKCE: Bool

  /// The connection options that also apply in the lab.
  private static let allowed: Set<Setting> = [.responseType, .noPKCE]

  /// Reads the options of a fault.
  ///
  /// - Throws: ``UsageError`` for an unknown fault, and for options without a meaning in the lab.
  static func read(_ id: String, _ invocation: Invocation) throws(UsageError) -> LabExport {
    guard let fault = Lab.fault(id) else { throw .unknownFault(id) }
    let groups: Set<Setting.Group> = [.connection, .request, .client, .limits, .browser]
    let vain = Setting.options(of: .export).first {
      groups.contains($0.group) && !allowed.contains($0) && invocation.has($0)
    }
    if let vain {
      throw UsageError(
        "\(vain.name) means nothing with --lab, which runs on the demo tenant as it is: leave one "
          + "out.")
    }
    // The words of the lab's own command.
    let order = try LabOrder.read(
      Invocation(
        command: .lab, values: invocation.values.filter { lab.contains($0.key) }, operands: [id]))
    guard let type = order.types(of: fault).first else { throw .unknownFault(id) }
    return LabExport(
      fault: fault, type: type, checksOff: order.checksOff, usesPKCE: order.usesPKCE)
  }

  private static let lab = allowed.union([.withoutCheck])

  /// Commits the fault once over real connections, and returns the run.
  ///
  /// - Throws: The error that keeps the demo tenant from starting.
  public func run(reveals: Bool) throws -> ExportedRun {
    let (outcome, configuration) = try LabWire.run(
      fault, type: type, checksOff: checksOff, usesPKCE: usesPKCE)
    var run = ExportedRun(
      transcript: outcome.transcript, configuration: configuration,
      password: PersonAtKeyboard().password, origin: .lab(fault: fault.id), reveals: reveals)
    run.summary.lab = LabRun(
      entry: LabEntry(fault, for: type), isCheckOff: !checksOff.isEmpty)
    return run
  }
}
