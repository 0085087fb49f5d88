import HybridFlow
import OpenID
import Synchronization
import TextUI

/// The value that is followed through the run.
struct Follow: Sendable, Equatable {
  /// The name in the list: `nonce`, or `code (2)` for the second value of that name.
  ///
  /// The value itself is looked up, so that in a new run its successor is followed.
  var name: String
  /// Where one is; nil at the first place.
  var place: Place?
}

/// Keeps the trail of a run, which changes only with the run.
final class TrailMemo: Sendable, Equatable {
  private let kept = Mutex<(stamp: Stamp, trail: Trail)?>(nil)

  func trail(_ stamp: Stamp, make: () -> Trail) -> Trail {
    if let found = kept.withLock({ $0 }), found.stamp === stamp { return found.trail }
    let trail = make()
    kept.withLock { $0 = (stamp, trail) }
    return trail
  }

  static func == (left: TrailMemo, right: TrailMemo) -> Bool { true }
}

/// A walk round a list of places, as the search and following make it.
enum Round {
  /// The next index, and a remark when the walk begins again.
  static func step(from here: Int, by step: Int, of count: Int) -> (next: Int, remark: String) {
    let next = (here + step + count) % count
    let isRound = step > 0 ? next <= here : next >= here
    return (next, isRound && count > 1 ? step > 0 ? ", from the top" : ", from the end" : "")
  }
}

extension ExplorerModel {
  /// Where every value of the run stands.
  var trail: Trail {
    trails.trail(stamp) {
      let records = Stage.allCases.map { (staleRun(of: $0)?.transcript ?? transcript)[$0] }
      let first = staleRun(of: .authorize)?.transcript ?? transcript
      return TrailReader.trail(of: records, authorizeURL: first.authorizeURL?.text)
    }
  }

  /// The followed value; nil when none is, or this run does not have it yet.
  var followedValue: Trail.Value? {
    guard let name = modes.follow?.name else { return nil }
    let trail = trail
    return trail.named[name].map { trail.values[$0] }
  }

  /// The places of the followed value that may be shown: no verdict before it is told.
  var followedPlaces: [Place] { followedValue.map(told) ?? [] }

  /// The places of a value that may be shown.
  func told(_ value: Trail.Value) -> [Place] {
    trail.places(of: value).filter { $0.view != .checks || !conceals($0.stage) }
  }

  var followUnavailable: String? {
    transcript.stages.contains { !$0.values.isEmpty || !$0.messages.isEmpty }
      ? nil : "no value has appeared yet; \(keyName(of: .forward)) starts the flow"
  }

  var placesUnavailable: String? {
    followedPlaces.isEmpty ? "this run does not have the value yet" : nil
  }

  /// The value at the marker; nil where none stands.
  private var markedValue: (value: Trail.Value, place: Place)? {
    guard focus == .detail, let id = selectedTarget?.id else { return nil }
    let (stage, view) = (shownStage, shownView(layout))
    var inside: (Trail.Value, Place)?
    for value in trail.followable {
      let place = value.places.first {
        $0.stage == stage && $0.view == view && $0.row.isIdentical(to: id)
      }
      guard let place else { continue }
      // A row that shows the value counts more than one that shows a token with it inside.
      if place.relation == .itself { return (value, place) }
      inside = inside ?? (value, place)
    }
    return inside
  }

  /// Follows the value at the marker; without one, or when that is followed already, lists all.
  mutating func followMarked() {
    if let (value, place) = markedValue, value.name != modes.follow?.name {
      follow(value, from: place)
      return
    }
    if let name = markedInStory, name != modes.follow?.name, follow(named: name) { return }
    overlays.push(FollowMenu(marking: modes.follow?.name, trail.followable))
  }

  /// The name of the value that is marked in a story; its places are in the other views.
  private var markedInStory: String? {
    selectedTarget?.id.dropping(prefix: "story:").map { String($0.after(":")).asciiLowercased }
  }

  /// Follows a value, from this place or from the nearest one.
  mutating func follow(_ value: Trail.Value, from wanted: Place? = nil) {
    modes.follow = Follow(name: value.name)
    let places = told(value)
    let (stage, view) = (shownStage, shownView(layout))
    let nearest =
      wanted ?? places.first { $0.stage == stage && $0.view == view }
      ?? places.first { $0.stage == stage } ?? places.first { $0.stage > stage } ?? places.first
    if let nearest { go(to: nearest) }
  }

  /// Follows the value of this name; false when the run has none.
  mutating func follow(named name: String) -> Bool {
    let found = trail.followable.first { $0.name.asciiLowercased.isIdentical(to: name) }
    guard let found else { return false }
    follow(found)
    return true
  }

  mutating func stopFollowing() { modes.follow = nil }

  mutating func goToPlace(by step: Int) {
    let places = followedPlaces
    guard !places.isEmpty else { return }
    let (next, remark) = Round.step(from: followedIndex(in: places), by: step, of: places.count)
    go(to: places[next])
    if !remark.isEmpty { say("Place \(next + 1) of \(places.count)\(remark).") }
  }

  /// The index of the place where one is.
  private func followedIndex(in places: [Place]) -> Int {
    guard let here = modes.follow?.place else { return 0 }
    return places.firstIndex { $0.isSameRow(as: here) } ?? 0
  }

  /// Goes to a place of the followed value.
  mutating func go(to place: Place) {
    modes.follow?.place = place
    show(place)
  }

  /// Shows a place of the run, and marks its row.
  mutating func show(_ place: Place) {
    looking = place.stage == newestStage ? nil : place.stage
    isTyping = false
    if place.view == .wire, showsBytes { toggleBytes() }
    show(place.view)
    isTyping = false
    let layout = layout
    let lines = lines(of: .detail, layout)
    let row =
      lines.firstIndex { $0.place == place.row }
      ?? place.message.flatMap { message in
        lines.firstIndex { $0.place == "message:\(message)" }
      }
    if let row { bring(row: row, of: .detail, layout) }
  }

  /// What is followed, and where one is; in little room, not which way it goes.
  func followLine(_ width: Int) -> [Span]? {
    guard let follow = modes.follow else { return nil }
    var spans = [
      Span("\u{25C6} ", .follow, .bold), Span("following ", .textMuted),
      Span(follow.name, .follow, .bold),
    ]
    let places = followedPlaces
    guard !places.isEmpty else {
      return spans + [Span(" \u{00B7} not in this run yet", .textMuted)]
    }
    let index = followedIndex(in: places)
    let place = places[index]
    spans += [
      Span(" \u{00B7} place \(index + 1) of \(places.count)", .text),
      Span(" \u{00B7} stage \(place.stage.number), \(place.view.title): ", .textMuted),
      Span(place.words(of: follow.name), .text),
    ]
    if index == places.count - 1, let forged = followedValue.flatMap(trail.forged(insteadOf:)) {
      return spans + [Span(" \u{00B7} then \(forged.name), forged", .statusWarn)]
    }
    if let way = place.way, place.relation != .digest {
      let span = Span(", \(follow.name) \(way.rawValue)", .textMuted)
      if spans.width + span.width <= width { spans.append(span) }
    }
    return spans
  }
}
