import HybridFlow
import OpenID
import Platform

/// A recorded run: every event with its time, and the verdicts of the checks.
///
/// The format is JSON Lines: a header, then one line per event or per stage's verdicts, written as
/// they happen. The machine is pure, so the same events give the same run.
public struct Recording: Sendable, Equatable {
  /// The name of the format.
  public static let format = "hybrid-flow recording"
  /// The version that is written; ``RecordingVersions`` converts older ones.
  public static let version: Int64 = 1
  /// The largest file that is read.
  public static let fileBytesMaximum = 100 * 1024 * 1024
  /// The longest line: the largest message with every byte escaped.
  public static let lineBytesMaximum = 32 * 1024 * 1024
  /// The most events of one run.
  public static let eventsMaximum = 20_000

  /// An event and when the machine received it.
  public struct Stamped: Sendable, Equatable {
    /// What happened.
    public var event: FlowEvent
    /// The time.
    public var at: UnixTime

    /// Makes an event with its time.
    public init(_ event: FlowEvent, at: UnixTime) { (self.event, self.at) = (event, at) }
  }

  /// An action after the flow that was requested and could not be done.
  public struct LeftOut: Sendable, Equatable {
    /// Which action.
    public var action: AfterAction
    /// The reason, in a sentence.
    public var why: String
    /// How many events came before it.
    public var position: Int

    var json: JSONValue { ["left_out": .string(action.id), "why": .string(why)] }
  }

  /// The first line.
  public var header: RecordingHeader
  /// Everything that happened, in order; the first is ``HybridFlow/FlowEvent/started(_:_:)``.
  public var events: [Stamped]
  /// The verdicts at the time of the run, by stage and action.
  public var verdicts: [StoredVerdicts]
  /// The actions that `run` was asked for and left out: which, after how many events, and why.
  public var leftOut: [LeftOut] = []
  /// Warnings about the file, such as an incomplete last line.
  public var warnings: [String] = []

  /// Whether it was made of a HAR, and is in no file of its own.
  public var isFromHAR: Bool { header["from"] == "HAR" }
  /// Whether it was watched at the demo tenant, and is in no file of its own.
  public var isWatched: Bool { header["from"] == Self.watched }
  /// How a watched login names its origin in the header.
  static let watched = "watch"

  /// The configuration of the run.
  public var configuration: FlowConfiguration? {
    if case .started(let configuration, _)? = events.first?.event { configuration } else { nil }
  }
}

/// The first line of a recording.
public struct RecordingHeader: Sendable, Equatable {
  /// The version of the program that wrote it.
  public var program: String
  /// When the run began.
  public var at: UnixTime
  /// Whether secrets were recorded, because the person asked for it.
  public var keepsSecrets: Bool
  /// What was redacted, one sentence each.
  public var masked: [String]
  /// The options of the run, without secrets: name and value.
  public var run: [(name: String, value: String)]
  /// The title of a recording that was made to be shown; empty otherwise.
  public var title: String

  /// A value of ``run`` by its name.
  public subscript(name: String) -> String? { run.first { $0.name == name }?.value }

  /// Compares all properties.
  public static func == (left: RecordingHeader, right: RecordingHeader) -> Bool {
    left.json == right.json
  }

  /// Makes the header of a run with this configuration.
  init(
    _ configuration: FlowConfiguration, at: UnixTime, keepsSecrets: Bool, title: String = ""
  ) {
    program = ProgramVersion.text
    self.at = at
    self.keepsSecrets = keepsSecrets
    self.title = title
    masked =
      keepsSecrets
      ? []
      : [
        "Client secrets, passwords and cookies: nothing of them is kept.",
        "Codes, tokens and verifiers: placeholders of the same length; a JWT keeps its header and "
          + "claims, not its signature.",
      ]
        + (configuration.observesTenant
          ? []
          : [
            "Claims that tell of a person, and every text of what the API answered: placeholders of "
              + "the same length."
          ])
    run = [
      ("tenant", configuration.observesTenant ? "demo tenant" : configuration.issuer.host),
      ("issuer", configuration.issuer.text), ("client_id", configuration.clientID),
      ("response_type", configuration.responseType.rawValue),
      ("response_mode", configuration.responseMode.rawValue),
    ]
    if let fault = configuration.tampering?.faultID { run.append(("fault", fault)) }
  }

  var json: JSONValue {
    .line(
      ("format", .string(Recording.format)), ("version", .whole(Recording.version)),
      ("program", .string(program)), ("at", .whole(at.milliseconds)),
      ("when", .string(CivilTime(at).text)), ("secrets", keepsSecrets ? "kept" : "masked"),
      ("masked", .texts(masked)), ("title", title.isEmpty ? nil : .string(title)),
      ("run", .object(run.map { JSONMember($0.name, .string($0.value)) })))
  }

  init(_ row: FieldReader) throws(RecordingError) {
    program = try row.text("program")
    at = UnixTime(milliseconds: try row.number("at"))
    keepsSecrets = try row.text("secrets") != "masked"
    masked = try row.texts("masked")
    title = try row.optionalText("title") ?? ""
    let summary = try row.object("run")
    run = []
    for member in summary.json.members ?? [] {
      run.append((member.name, try summary.text(member.name)))
    }
  }
}

/// The recorded verdicts of one stage, or of one action after the flow.
public struct StoredVerdicts: Sendable, Equatable {
  /// One verdict.
  public struct Row: Sendable, Equatable {
    /// The rule's id.
    public var id: String
    /// The result.
    public var status: String
    /// What the rule expected, redacted.
    public var expected: String?
    /// What the rule found, redacted.
    public var found: String?
  }
  /// The stage’s id, or `after-` and the number of the action.
  public var place: String
  /// `passed`, `failed` or `skipped`.
  public var status: String
  /// The verdicts in their order.
  public var checks: [Row]
  /// The code of the failure, if there was one.
  public var failure: String?

  /// The verdicts of all finished stages and actions of a run.
  static func all(in transcript: Transcript) -> [StoredVerdicts] {
    let stages = transcript.stages.map { (place: $0.stage.id, record: $0) }
    let actions = transcript.afterwards.enumerated().map { index, action in
      (place: "after-\(index + 1)", record: action.record)
    }
    return (stages + actions).compactMap { item in
      let status = item.record.status
      guard [.passed, .failed, .skipped].contains(status) else { return nil }
      return StoredVerdicts(
        place: item.place, status: status.rawValue,
        checks: item.record.checks.map {
          Row(
            id: $0.id.rawValue, status: $0.verdict.rawValue, expected: $0.expected,
            found: $0.found)
        }, failure: item.record.failure?.code)
    }
  }

  var json: JSONValue {
    .line(
      ("verdicts", .string(place)), ("status", .string(status)),
      (
        "checks",
        .array(
          checks.map { row in
            .line(
              ("id", .string(row.id)), ("status", .string(row.status)),
              ("expected", .text(row.expected)), ("found", .text(row.found)))
          })
      ), ("failure", .text(failure)))
  }

  init(place: String, status: String, checks: [Row], failure: String?) {
    (self.place, self.status, self.checks, self.failure) = (place, status, checks, failure)
  }

  init(_ row: FieldReader) throws(RecordingError) {
    place = try row.text("verdicts")
    status = try row.text("status")
    failure = try row.optionalText("failure")
    checks = []
    for check in try row.objects("checks") {
      checks.append(
        Row(
          id: try check.text("id"), status: try check.text("status"),
          expected: try check.optionalText("expected"), found: try check.optionalText("found")))
    }
  }
}
