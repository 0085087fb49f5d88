import Commands
import Glibc
import Network
import Platform
import Recording
import Session
import Settings
import TextUI

extension Program {
  /// `hybrid-flow test-app`.
  func testApplication(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let style = try PrintStyle(invocation, environment)
    if invocation.has(.list) {
      return print(TestAppCommand.list(try TestAppOrder.faults(invocation), style: style))
    }
    let order = try TestAppOrder.read(
      invocation, secrets: ClientSecretSource(environment: environment))
    let recorder = invocation[.record] == nil ? nil : try recorder(invocation)
    let loop = makeLoop()
    do throws(TenantHostError) {
      let face = try TestAppCommand(
        order, loop: loop, sink: streams, style: style, isJSON: invocation.has(.json),
        showsProgress: isatty(STDERR_FILENO) == 1 && !invocation.has(.json), recorder: recorder)
      let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
        [streams] in
        streams.isHurried = true
        face.stop(bySignal: $0.number)
      }
      defer { signals?.stop() }
      return face.run()
    } catch {
      if case .settings(let text) = error { throw UsageError(text) }
      return machineFault(error.message)
    }
  }
}
