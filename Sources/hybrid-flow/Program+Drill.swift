import Commands
import Explorer
import Glibc
import HybridFlow
import Lab
import Platform
import Settings

extension Program {
  /// `hybrid-flow drill`: in the explorer, or line by line where there is no screen.
  func drill(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let order = try DrillOrder.read(invocation)
    let isScreen = isatty(STDOUT_FILENO) != 0 && isatty(STDIN_FILENO) != 0
    if order.isPlain || !isScreen {
      return DrillCommand(order, sink: streams).run()
    }
    let streams = streams
    return try explore(invocation) { stage in
      stage.prepare = { $0.begin(with: order.drill) }
      stage.finish = { face in
        guard let game = face.playedDrill, !game.results.isEmpty else { return }
        streams.write(order.farewell(game))
      }
    }
  }
}
