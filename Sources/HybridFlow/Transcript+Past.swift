extension Transcript {
  /// The transcript as it was when a stage was over: nothing later has happened.
  ///
  /// For showing a run that has ended stage by stage.
  public func asOf(_ stage: Stage) -> Transcript {
    var past = self
    for later in Stage.allCases where later > stage { past[later] = StageRecord(later) }
    past.afterwards = []
    return past
  }

  /// What the run waited for when a stage was over.
  ///
  /// After the last stage that began, the run is over, one way or the other.
  public func situation(asOf stage: Stage) -> Situation {
    if let failure = self[stage].failure { return .failed(stage, failure) }
    let following = Stage.allCases.first { $0 > stage && self[$0].startedAt != nil }
    return following.map { .ready(next: $0) } ?? .finished
  }
}
