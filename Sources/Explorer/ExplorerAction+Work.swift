import Presentation

extension ExplorerAction {
  /// Whether it sets the run going, so that what the key did is seen best with the result.
  var beginsWork: Bool {
    if case .post = self { true } else { false }
  }
}
