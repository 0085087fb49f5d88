import Cryptography
import HybridFlow
import OpenID
import Platform

/// Keeps the current run in memory, and writes it to a file on request.
///
/// One file holds one run: the next run gets a new file, with a number in its name. Trouble with
/// the file never stops the flow.
public final class Recorder {
  /// Whether secrets are recorded, because the person asked for it.
  public let keepsSecrets: Bool
  /// Called with a message when the file is not written as requested.
  public var onTrouble: (String) -> Void = { _ in }

  /// Why a requested recording is missing or incomplete; nil when all is well.
  public private(set) var trouble: String?

  private let folder: String
  private let overwrites: Bool
  private var history: [Recording.Stamped] = []
  private var bodyBytes = 0
  private var file: RecordingFile?
  private var writer: RecordingWriter?
  private var writtenEvents = 0
  /// The requested name, and how many files were made from it.
  private var wanted: String?
  private var files = 0
  /// The requests that the run only counts: the current counts, and those already recorded.
  private var strays: [StrayRequests] = []
  private var keptStrays: [StrayRequests] = []

  /// The most bytes of messages that are kept in memory.
  static let bodyBytesMaximum = 64 * 1024 * 1024

  /// How many events are kept.
  var kept: Int { history.count }

  /// Makes a recorder that does not write yet.
  ///
  /// - Parameter folder: Where recordings go that are started with a key.
  public init(folder: String, keepsSecrets: Bool = false, overwrites: Bool = false) {
    (self.folder, self.keepsSecrets, self.overwrites) = (folder, keepsSecrets, overwrites)
  }

  /// The file of the run; nil while the run is only in memory.
  public var path: String? { file?.path }

  /// Writes to this file from now on.
  ///
  /// - Throws: ``UsageError`` that names the file and the reason.
  public func record(to path: String) throws(UsageError) {
    file = try RecordingFile(creating: path, overwrites: overwrites)
    (wanted, files, writer, writtenEvents) = (path, 1, nil, 0)
  }

  /// Starts to write, with everything so far in this run, or stops; returns a message about it.
  public func toggle() -> String {
    if let path {
      stop()
      return "Recorded to \(path)."
    }
    guard let first = history.first, case .started(let configuration, _) = first.event else {
      return "There is no run to record yet."
    }
    do throws(UsageError) {
      try RecordingFile.makeFolder(folder)
      let name = Self.name(configuration, at: first.at)
      try record(toFirstFreeOf: folder + "/" + name)
      catchUp()
      let secrets = keepsSecrets ? ", with every secret" : ""
      return path.map { "Recording to \($0)\(secrets), from the beginning of this run." } ?? ""
    } catch {
      return "Nothing is recorded. \(error.message)"
    }
  }

  /// Writes to a new file, with a number in its name if the name is taken.
  private func record(
    toFirstFreeOf path: String, from first: Int = 1
  ) throws(UsageError) {
    // If all names are taken, or the folder is gone, making the first one reports the error.
    let (name, number) =
      RecordingFile.firstFree(of: path, from: first)
      ?? (first == 1 ? path : RecordingFile.numbered(path, first), first)
    file = try RecordingFile(creating: name)
    (wanted, files, writer, writtenEvents) = (path, number, nil, 0)
  }

  /// Stops writing; the run stays in memory.
  public func stop() {
    completeStrays()
    close()
  }

  /// Writes how many more requests were counted, before the file is closed.
  private func completeStrays() {
    guard file != nil, let last = history.last else { return }
    keepStrays(at: last.at)
    catchUp()
  }

  private func close() {
    file?.close()
    (file, writer) = (nil, nil)
  }

  /// Takes an event that the machine has handled.
  ///
  /// - Parameters:
  ///   - situation: The state of the run before the event.
  ///   - strays: What the run has only counted since; nothing else of it is kept.
  public func take(
    _ event: FlowEvent, at: UnixTime, in situation: Situation, strays: [StrayRequests] = []
  ) {
    if case .started = event { startAnew() }
    let isOnlyCounted = Self.sum(strays) > Self.sum(self.strays)
    self.strays = strays
    guard !isOnlyCounted else { return }
    // Ticks that end no wait would fill the file and say nothing.
    if case .clockAdvanced = event {
      guard case .browserAway(_, _, let until) = situation, at >= until else { return }
    }
    keepStrays(at: at)
    bodyBytes += event.bodyBytes
    guard history.count < Recording.eventsMaximum, bodyBytes <= Self.bodyBytesMaximum else {
      if file != nil {
        stop()
        cut("The run is longer than a recording may be; what came before is kept.")
      }
      return
    }
    history.append(Recording.Stamped(event, at: at))
    catchUp()
  }

  /// Takes every event of a run that is over.
  public func take(_ recording: Recording) { take(recording.events) }

  /// Takes further events of a run that was seen elsewhere.
  public func take(_ events: [Recording.Stamped]) {
    for item in events {
      // A tick of it ends a wait: all are kept.
      take(item.event, at: item.at, in: .browserAway(.prompt, since: item.at, until: item.at))
    }
  }

  private static func sum(_ strays: [StrayRequests]) -> Int {
    strays.reduce(0) { $0 + $1.count }
  }

  /// Records how many more requests were counted since the last event.
  private func keepStrays(at: UnixTime) {
    for current in strays {
      var more = current
      more.count -= keptStrays.first { $0.kind == current.kind }?.count ?? 0
      guard more.count > 0, history.count < Recording.eventsMaximum else { continue }
      history.append(Recording.Stamped(.straysCounted(more), at: at))
    }
    keptStrays = strays
  }

  /// Records that a requested action could not be done.
  public func leaveOut(_ action: AfterAction, why: String) {
    let row = Recording.LeftOut(action: action, why: writer?.mask(why) ?? why, position: 0)
    do throws(UsageError) {
      try file?.write(row.json.compactText + "\n")
    } catch {
      close()
      cut("Recording has stopped. \(error.message)")
    }
  }

  private func startAnew() {
    completeStrays()
    history = []
    bodyBytes = 0
    strays = []
    keptStrays = []
    guard file != nil, writtenEvents > 0, let wanted else { return }
    stop()
    do throws(UsageError) {
      // Only the named file may be replaced, and that has happened.
      try record(toFirstFreeOf: wanted, from: files + 1)
    } catch {
      cut("This run is not recorded. \(error.message)")
    }
  }

  /// Writes the events that are not written yet.
  private func catchUp() {
    guard let file, let first = history.first, case .started(let configuration, _) = first.event
    else { return }
    do {
      if writer == nil {
        writer = try RecordingWriter(configuration, keepsSecrets: keepsSecrets)
        writtenEvents = 0
      }
      while writtenEvents < history.count {
        let item = history[writtenEvents]
        writtenEvents += 1
        for line in writer?.lines(for: item.event, at: item.at) ?? [] { try file.write(line) }
      }
    } catch {
      close()
      let reason = (error as? UsageError)?.message ?? "\(error)"
      cut("Recording has stopped; the flow goes on. \(reason)")
    }
  }

  /// Whether a byte may stand in a name: a letter, a digit, `-` or `.`.
  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte.asciiLowercased {
    case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// Reports that the recording is missing or incomplete.
  private func cut(_ why: String) {
    trouble = trouble ?? why
    onTrouble(why)
  }

  /// A file name with the time and the configuration.
  private static func name(_ configuration: FlowConfiguration, at: UnixTime) -> String {
    let when = CivilTime(at).text.replacing(bytes: ":", with: "").replacing(bytes: "Z", with: "")
      .split(at: " ").joined(separator: "-")
    let what =
      configuration.tampering?.faultID
      ?? (configuration.observesTenant ? "demo" : configuration.issuer.host)
    let type = configuration.responseType.rawValue.split(at: " ").joined(separator: "-")
    let safe = String(decoding: what.utf8.filter(isSafe), as: UTF8.self)
    return "\(when)-\(safe.prefix(bytes: 60))-\(type).jsonl"
  }
}

extension FlowEvent {
  /// The bytes of its messages.
  fileprivate var bodyBytes: Int {
    switch self {
    case .fetched(_, let request, let response), .browserExchanged(let request, let response):
      request.body.count + response.body.count
    case .witnessed(let exchange): exchange.request.body.count + exchange.response.body.count
    case .callbackArrived(_, let request), .loggedOut(let request), .answerMisplaced(let request),
      .loginOpened(let request):
      request.body.count
    case .originalKnown(.content(.request(let request))): request.body.count
    case .originalKnown(.content(.response(let response))): response.body.count
    case .decrypted(_, .content(let content)): content.byteCount
    case .answerPasted(let answer): answer.fields.reduce(0) { $0 + $1.value.utf8.count }
    case .started, .advanced, .abandoned, .browserRequested, .listenerReady, .listenerFailed,
      .fetchFailed, .browserOpened, .pageArrived, .pageFailed, .formFilled, .examined, .signed,
      .decrypted(_, .failed), .decrypted(_, .unusable),
      .ledgerRead, .clockAdvanced, .actionRequested, .requestEdited, .exchangeEdited,
      .exchangeRequested, .straysCounted, .requestRefused, .originalKnown(.nothing), .remarked,
      .authorizeRefused:
      0
    }
  }
}
