import OpenID

/// Requests that reached the application and are nobody's answer, once they are only counted.
///
/// Any web page can make a browser send one after the other. The first of each kind are written
/// down one by one; the others are a number, so that neither the memory of a run nor its recording
/// grows with them.
public struct StrayRequests: Sendable, Equatable {
  /// What was wrong with them.
  public enum Kind: String, Sendable, CaseIterable {
    /// A POST at the redirect URI that is not the answer to this run.
    case refused
    /// Another method at the redirect URI, without our state.
    case ignored
    /// At the redirect URI while no answer was waited for.
    case unexpected
    /// Parts of an answer at another address.
    case misplaced
    /// At the address after a logout, while nobody logged out.
    case loggedOut = "logged_out"
    /// At the redirect URI, and refused before the application could read it.
    case unread
    /// Between a browser and the built-in tenant: who follows a run needs no more of them.
    case observed
  }

  /// What was wrong with them.
  public var kind: Kind
  /// How many.
  public var count: Int
  /// The rules that they broke, each once.
  public var reasons: [CheckID]

  /// Counts requests.
  public init(_ kind: Kind, count: Int = 1, reasons: [CheckID] = []) {
    (self.kind, self.count, self.reasons) = (kind, count, reasons)
  }

  /// Most requests of one kind that are written down one by one.
  public static let keptMaximum = 10
  /// Most exchanges with the built-in tenant of one run that are written down one by one.
  static let observedMaximum = 500

  mutating func add(_ other: StrayRequests) {
    // A recording may say any number.
    count = min(count + other.count, 1_000_000_000)
    for reason in other.reasons where !reasons.contains(reason) { reasons.append(reason) }
  }

  /// What they were, in a sentence or two.
  var words: String {
    let one = count == 1
    let why = reasons.isEmpty ? "" : " for " + reasons.map(\.rawValue).joined(separator: ", ")
    switch kind {
    case .refused:
      return "And \(count) more, refused\(why): POSTs that are not the answer to this run. They "
        + "changed nothing: go on signing in."
    case .ignored:
      return "And \(count) more \(one ? "request" : "requests") at the redirect URI without our "
        + "state, ignored."
    case .unexpected:
      return "And \(count) more \(one ? "request" : "requests") at the redirect URI, answered, not "
        + "processed."
    case .misplaced:
      return "And \(count) more \(one ? "request" : "requests") with parts of an answer at other "
        + "addresses, not taken."
    case .loggedOut:
      return
        "And \(count) more \(one ? "request" : "requests") at the address after a logout, with "
        + "no logout going on."
    case .unread:
      return
        "And \(count) more \(one ? "request was" : "requests were") refused as these were, and "
        + "\(one ? "is" : "are") not written down."
    case .observed:
      return "And \(count) more \(one ? "exchange" : "exchanges") between browsers and the tenant, "
        + "which are not kept."
    }
  }
}

extension Transcript {
  /// The requests that are nobody's answer and were only counted, by kind.
  public var strays: [StrayRequests] { records.flatMap(\.notes).compactMap(\.strays) }
}

extension FlowStep {
  /// Takes note of a request that is nobody's answer; returns whether it is one of the first.
  ///
  /// The first of a kind get the note; for the others one note counts. These notes know a limit of
  /// their own, and do not count against ``notesMaximum``.
  @discardableResult
  mutating func stray(
    _ request: StrayRequests, _ stage: Stage, _ text: String, warns: Bool = false
  ) -> Bool {
    guard kept(request.kind) >= StrayRequests.keptMaximum else {
      note(Note(at: now, text: text, warns: warns, strayKind: request.kind), in: stage)
      return true
    }
    count(request, in: stage)
    return false
  }

  /// Adds to the number of those that are only counted.
  mutating func count(_ requests: StrayRequests, in stage: Stage) {
    guard requests.count > 0 else { return }
    for index in transcript.stages.indices
    where Self.add(requests, to: &transcript.stages[index].notes) {
      return
    }
    for index in transcript.afterwards.indices
    where Self.add(requests, to: &transcript.afterwards[index].record.notes) {
      return
    }
    var note = Note(at: now, text: requests.words, warns: requests.kind != .observed)
    note.strays = requests
    self.note(note, in: stage)
  }

  private static func add(_ requests: StrayRequests, to notes: inout [Note]) -> Bool {
    guard let index = notes.firstIndex(where: { $0.strays?.kind == requests.kind }) else {
      return false
    }
    notes[index].strays?.add(requests)
    if let strays = notes[index].strays { notes[index].text = strays.words }
    return true
  }

  private func kept(_ kind: StrayRequests.Kind) -> Int {
    transcript.records.reduce(0) { sum, record in
      sum + record.notes.count { $0.strayKind == kind }
    }
  }
}
