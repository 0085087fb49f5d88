extension Transcript {
  /// The transcript as it was at the end of a stage, without anything later.
  ///
  /// For showing a finished run stage by stage.
  public func asOf(_ stage: Stage) -> Transcript {
    var past = self
    for later in Stage.allCases where later > stage { past[later] = StageRecord(later) }
    past.afterwards = []
    return past
  }

  /// What the run waited for at the end of a stage.
  ///
  /// After the last stage that began, the run is finished or has failed.
  public func situation(asOf stage: Stage) -> Situation {
    if let failure = self[stage].failure { return .failed(stage, failure) }
    let following = Stage.allCases.first { $0 > stage && self[$0].startedAt != nil }
    return following.map { .ready(next: $0) } ?? .finished
  }
}
