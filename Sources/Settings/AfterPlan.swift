import HybridFlow
import OpenID
import Platform

/// What `--then` asks for: actions after the flow, in order.
public enum AfterPlan {
  /// Most actions of one run.
  public static let actionsMax = 20

  /// Reads ids between commas.
  public static func read(_ text: String) throws(UsageError) -> [AfterAction] {
    var actions: [AfterAction] = []
    for word in text.split(at: ",", omittingEmptySubsequences: false) {
      let id = word.replacing(bytes: " ", with: "")
      guard let action = AfterAction(id: id) else {
        throw UsageError(
          "--then \(text): \"\(id)\" is no action. There are "
            + AfterAction.all.map(\.id).joined(separator: ", ") + ".")
      }
      actions.append(action)
    }
    guard actions.count <= actionsMax else {
      throw UsageError("--then: \(actions.count) actions are too many; \(actionsMax) are the most.")
    }
    return actions
  }
}
