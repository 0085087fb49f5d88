import OpenID

/// A run without its verdicts: what was sent, and nothing of what anybody thought of it.
///
/// Made from the data, so that no view, copy or text can tell what it does not have.
extension Transcript {
  /// The transcript with every check known by its name only, and without failures, ledgers, notes
  /// and marks of the lab.
  ///
  /// - Parameter redirectPath: The path at which the authorization response arrives: the
  ///   application's own pages after it tell its verdict, and are left out.
  public func covered(redirectPath: String) -> Transcript {
    var covered = self
    covered.stages = stages.map { $0.covered(redirectPath) }
    covered.afterwards = afterwards.map { action in
      var action = action
      action.record = action.record.covered(redirectPath)
      return action
    }
    covered.tampering = nil
    covered.checksOff = []
    covered.refusedRequests = []
    return covered
  }
}

extension StageRecord {
  fileprivate func covered(_ redirectPath: String) -> StageRecord {
    var covered = self
    var seen: Set<CheckID> = []
    covered.checks = checks.compactMap { check in
      seen.insert(check.id).inserted ? Check(check.id, .skip, why: "") : nil
    }
    covered.messages = messages.filter { !$0.isOwnPage(redirectPath) }.map { message in
      var message = message
      message.tamperedBy = nil
      message.original = nil
      return message
    }
    covered.serverChecks = []
    covered.inferredChecks = []
    covered.notes = []
    // What was left out because the run was stopped looks like what has not come yet.
    if startedAt == nil { covered.skippedBecause = nil }
    if failure != nil {
      covered.failure = nil
      // A stage that failed has ended, like any other.
      covered.endedAt = endedAt ?? messages.last?.at ?? startedAt
    }
    return covered
  }
}

extension Message {
  /// Whether it is a page of the application after the response has come, or the way there.
  fileprivate func isOwnPage(_ redirectPath: String) -> Bool {
    guard stage == .callback else { return false }
    if from == .application, to == .browser { return true }
    guard from == .browser, to == .application, let request else { return false }
    return !request.path.isIdentical(to: redirectPath)
  }
}

extension Situation {
  /// The same standstill without the verdict: a run that was stopped looks like one that waits.
  public var covered: Situation {
    guard case .failed(let stage, _) = self else { return self }
    return stage.next.map { .ready(next: $0) } ?? .finished
  }
}
