import OpenID

/// Requests that reached the application but do not belong to the run, counted by kind.
///
/// Any web page can make a browser send one after the other. The first of each kind are recorded
/// one by one; the others are only counted, so that neither the memory of a run nor its recording
/// grows with them.
public struct StrayRequests: Sendable, Equatable {
  /// What was wrong with them.
  public enum Kind: String, Sendable, CaseIterable {
    /// A POST at the redirect URI that is not the response to this run.
    case refused
    /// Another method at the redirect URI, without the state of this run.
    case ignored
    /// At the redirect URI while no response was expected.
    case unexpected
    /// Parts of a response at another address.
    case misplaced
    /// At the address for the return from a logout, without a logout.
    case loggedOut = "logged_out"
    /// At the redirect URI, refused before the application could read it.
    case unread
    /// Between a browser and the built-in tenant, more than a reader of the run needs.
    case observed
  }

  /// What was wrong with them.
  public var kind: Kind
  /// How many.
  public var count: Int
  /// The rules that they broke, each listed once.
  public var reasons: [CheckID]

  /// Counts requests.
  public init(_ kind: Kind, count: Int = 1, reasons: [CheckID] = []) {
    (self.kind, self.count, self.reasons) = (kind, count, reasons)
  }

  /// Most requests of one kind that are recorded one by one.
  public static let keptMaximum = 10
  /// Most exchanges with the built-in tenant in one run that are recorded one by one.
  static let observedMaximum = 500

  mutating func add(_ other: StrayRequests) {
    // A recording may contain any number.
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

extension Note {
  /// The stray requests that it counts.
  var strays: StrayRequests? {
    if case .strays(let requests) = kind { requests } else { nil }
  }
}

extension Transcript {
  /// The counted stray requests, by kind.
  public var strays: [StrayRequests] { records.flatMap(\.notes).compactMap(\.strays) }
}

extension FlowStep {
  /// Records a stray request; returns whether it is one of the first of its kind.
  ///
  /// Each of the first gets a note; one more note counts the others. These notes have their own
  /// limit and do not count towards ``notesMaximum``.
  @discardableResult
  mutating func stray(
    _ request: StrayRequests, _ stage: Stage, _ text: String, warns: Bool = false,
    isEmpty: Bool = false
  ) -> Bool {
    guard kept(request.kind) >= StrayRequests.keptMaximum else {
      let kind = Note.Kind.stray(request.kind, isEmpty: isEmpty)
      note(Note(at: now, text: text, warns: warns, kind: kind), in: stage)
      return true
    }
    count(request, in: stage)
    return false
  }

  /// Adds to the count of those without a note of their own.
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
    let warns = requests.kind != .observed
    note(
      Note(at: now, text: requests.words, warns: warns, kind: .strays(requests)), in: stage)
  }

  private static func add(_ requests: StrayRequests, to notes: inout [Note]) -> Bool {
    guard let index = notes.firstIndex(where: { $0.strays?.kind == requests.kind }),
      var strays = notes[index].strays
    else { return false }
    strays.add(requests)
    notes[index].kind = .strays(strays)
    notes[index].text = strays.words
    return true
  }

  private func kept(_ kind: StrayRequests.Kind) -> Int {
    transcript.records.reduce(0) { sum, record in
      sum
        + record.notes.count { note in
          if case .stray(kind, _) = note.kind { true } else { false }
        }
    }
  }
}
