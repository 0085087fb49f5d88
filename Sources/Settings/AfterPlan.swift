import HybridFlow
import OpenID
import Platform

/// The actions after the flow that `--then` asks for, in order.
public enum AfterPlan {
  /// The most actions of one run.
  public static let actionsMax = 20

  /// Reads a comma-separated list of ids.
  public static func read(_ text: String) throws(UsageError) -> [AfterAction] {
    var actions: [AfterAction] = []
    for word in text.split(at: ",", omittingEmptySubsequences: false) {
      let id = word.replacing(bytes: " ", with: "")
      guard let action = AfterAction(id: id) else {
        throw UsageError(
          at: .then,
          " \(text): \"\(id)\" is no action. There are "
            + AfterAction.all.map(\.id).joined(separator: ", ") + ".")
      }
      actions.append(action)
    }
    guard actions.count <= actionsMax else {
      throw UsageError(
        at: .then, ": \(actions.count) actions are too many; \(actionsMax) are the most.")
    }
    return actions
  }
}
