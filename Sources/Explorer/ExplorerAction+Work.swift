import Presentation

extension ExplorerAction {
  /// Whether it starts work in the run, so that the key is best drawn together with the result.
  var beginsWork: Bool {
    if case .post = self { true } else { false }
  }
}
