/// The meaning of a piece of the screen; a theme gives it a look.
///
/// Names are dotted: a theme without `wire.status.ok` uses `wire.status`, then `wire`, then `text`;
/// one without `attacker` uses `status.warn`.
public enum Role: String, Sendable, Hashable, CaseIterable {
  // Surfaces: the background of a cell.
  case background
  case panel
  case overlay
  case selection
  // Text and frames.
  case text
  case textMuted = "text.muted"
  case textStrong = "text.strong"
  case border
  case borderFocus = "border.focus"
  case title
  case cursor
  case link
  // Verdicts and stages.
  case statusPass = "status.pass"
  case statusFail = "status.fail"
  case statusWarn = "status.warn"
  case statusInfo = "status.info"
  case statusPending = "status.pending"
  case statusCurrent = "status.current"
  // The sequence diagram.
  case sequenceActor = "seq.actor"
  case sequenceLifeline = "seq.lifeline"
  case sequenceArrow = "seq.arrow"
  case sequenceArrowCurrent = "seq.arrow.current"
  case sequenceArrowDim = "seq.arrow.dim"
  case sequenceFront = "seq.channel.front"
  case sequenceBack = "seq.channel.back"
  // Who attacks a run of the lab, and what they forge.
  case attacker
  // The value that is followed through the run.
  case follow
  // Messages on the wire.
  case wireMethod = "wire.method"
  case wireStatusOK = "wire.status.ok"
  case wireStatusRedirect = "wire.status.redirect"
  case wireStatusError = "wire.status.error"
  case wireURL = "wire.url"
  case wireParameter = "wire.param"
  case wireHeader = "wire.header"
  case wireToken = "wire.token"
  case wireMasked = "wire.masked"
  // JSON.
  case jsonKey = "json.key"
  case jsonString = "json.string"
  case jsonNumber = "json.number"
  case jsonLiteral = "json.literal"
  case jsonPunctuation = "json.punct"
  // The footer.
  case footerKey = "footer.key"
  case footerLabel = "footer.label"

  /// The role whose look it has in a theme that was made before it existed; nil for `text`.
  var standIn: Role? { self == .attacker ? .statusWarn : nil }

  /// The roles that are used as background.
  public static let surfaces: [Role] = [.background, .panel, .overlay, .selection]
}
