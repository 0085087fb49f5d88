import HybridFlow
import OpenID
import TextUI

/// A row of the sequence diagram; its stage is in the gutter, never in the label.
struct SequenceArrow: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// From one lane to another.
    case message(from: Actor, to: Actor)
    /// An action of one actor.
    case local(Actor)
  }
  var stage: Stage
  var kind: Kind
  var channel: Channel
  var label: String
  /// A replacement for a label that does not fit between its lanes.
  var shortLabel: String?
  /// What is left where that does not fit either.
  var shortestLabel: String?
  /// The id of the message; nil if it has no message.
  var message: Int?
  /// Who has forged or spoilt the message; nil when nobody has.
  var forgery: Forgery?
  /// The part of a forged message's way; nil for the whole way.
  var leg: ForgedLeg?
  /// The check before the receiver.
  var barrier: Barrier?

  /// The longest label that fits; a list loses its last elements.
  func label(fitting width: Int) -> String {
    var label = label
    if CellWidth.width(of: label) > width, let shortLabel { label = shortLabel }
    while CellWidth.width(of: label) > width, let kept = label.cut(atLast: ",")?.before {
      label = String(kept)
    }
    if CellWidth.width(of: label) > width, let shortestLabel { label = shortestLabel }
    return TextFitting.fit(label, width)
  }
}

extension SequenceArrow {
  /// The arrows of all messages; a redirect and the request it causes are one arrow.
  ///
  /// - Parameters:
  ///   - concealed: A stage whose verdicts are still hidden.
  ///   - concealsAll: Whether all of them are, and with them what a fault has changed.
  ///   - words: What a fault has changed in messages, by their ids.
  static func all(
    in transcript: Transcript, concealing concealed: Stage? = nil, concealsAll: Bool = false,
    words: [Int: ForgedWords] = [:]
  ) -> [SequenceArrow] {
    let all = Stage.allCases.flatMap { stage in
      arrows(
        of: transcript[stage], isConcealed: concealsAll || stage == concealed,
        isWatched: transcript.witness == .tenant)
    }
    if concealsAll { return all }
    return forged(all, in: transcript, concealing: concealed, words: words)
  }

  private static func arrows(
    of record: StageRecord, isConcealed: Bool, isWatched: Bool
  ) -> [SequenceArrow] {
    guard record.startedAt != nil else { return [] }
    let stage = record.stage
    var arrows: [SequenceArrow] = []
    if stage == .login {
      arrows.append(
        SequenceArrow(
          stage: stage, kind: .message(from: .browser, to: .application), channel: .front,
          label: "clicks Login"))
    }
    let messages = condensed(record.messages)
    for message in messages {
      arrows.append(
        SequenceArrow(
          stage: stage, kind: .message(from: message.from, to: message.to),
          channel: message.channel,
          label: HarmlessText.line(label(message, record, messages)),
          shortLabel: shortLabel(message).map { HarmlessText.line($0) },
          message: message.id))
    }
    if let local = local(record, isConcealed, isWatched: isWatched) {
      // The tenant verifies first, and then responds; so does the application.
      let answer = arrows.lastIndex { $0.kind == .message(from: .application, to: .browser) }
      let place = stage == .verify ? 0 : stage == .callback ? answer : nil
      arrows.insert(local, at: place ?? arrows.count)
    }
    if let account = record.account, let number = account.number, !isConcealed {
      arrows.append(
        SequenceArrow(
          stage: stage, kind: .local(.application), channel: .local,
          label: account.isStopped ? "opens no account" : "opens account \(number)"))
    }
    return arrows
  }

  /// An action inside an actor, or out of sight.
  private static func local(
    _ record: StageRecord, _ isConcealed: Bool, isWatched: Bool
  ) -> SequenceArrow? {
    let stage = record.stage
    func own(_ actor: Actor, _ label: String) -> SequenceArrow {
      SequenceArrow(stage: stage, kind: .local(actor), channel: .local, label: label)
    }
    switch stage {
    case .verify:
      let isRefused = !isConcealed && record.serverChecks.contains { $0.passed == false }
      return own(.authorizationServer, "verifies code, client" + (isRefused ? " \u{2717}" : ""))
    case .authenticate where record.messages.isEmpty && record.page != nil:
      return own(.browser, "the person reads the page")
    case .prompt where record.messages.isEmpty:
      return SequenceArrow(
        stage: stage, kind: .message(from: .authorizationServer, to: .browser), channel: .front,
        label: "login page, out of our sight")
    case .authenticate where record.messages.isEmpty:
      return SequenceArrow(
        stage: stage, kind: .message(from: .browser, to: .authorizationServer), channel: .front,
        label: "sign-in, out of our sight")
    case .login, .authorize, .prompt, .authenticate, .callback, .exchange, .tokens, .api, .data:
      break
    }
    guard !record.checks.isEmpty else { return nil }
    // What another application checks in itself nobody sees: these are the checks of this program.
    let label = isWatched ? "checked here: " : "checks: "
    return own(.application, isConcealed ? "checks" : label + Tally(record.checks).words)
  }

  /// Leaves out a redirect to the browser if its request follows.
  private static func condensed(_ messages: [Message]) -> [Message] {
    var kept: [Message] = []
    var skipsNext = false
    for (index, message) in messages.enumerated() {
      if skipsNext {
        skipsNext = false
        continue
      }
      if let response = message.response, (300..<400).contains(response.status),
        message.from == .authorizationServer, message.to == .browser, index + 1 < messages.count,
        messages[index + 1].request?.method == "GET",
        messages[index + 1].to == .authorizationServer
      {
        skipsNext = true
        continue
      }
      kept.append(message)
    }
    return kept
  }

  private static func label(
    _ message: Message, _ record: StageRecord, _ messages: [Message]
  ) -> String {
    switch message.content {
    case .request(let request):
      return "\(request.method) \(document(message) ?? request.path)"
    case .response(let response): return label(response, of: message, record, messages)
    }
  }

  /// A short label of a request: the end of its path.
  private static func shortLabel(_ message: Message) -> String? {
    guard let request = message.request, let tail = request.path.split(at: "/").last,
      document(message) == nil
    else { return nil }
    return "\(request.method) \u{2026}/\(tail)"
  }

  /// The fields of a response that the diagram names, the most important first.
  private static let formNames = ["error", "code", "id_token", "access_token", "state"]

  private static let labelBodyBytes = 32 * 1024

  /// The name of a document of stage 1; nil elsewhere.
  private static func document(_ message: Message) -> String? {
    if message.url.ends(with: "openid-configuration") { return "metadata" }
    // The only other document of stage 1, whatever its URL; what the browser asks is none.
    return message.stage == .login && message.channel == .back ? "keys" : nil
  }

  /// The title of a page, without the site's name.
  private static func title(of response: HTTPResponse) -> String {
    guard response.headers.mediaType == "text/html" else { return "" }
    let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
    let parts = text.split(at: "<title>", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return "" }
    let title = parts[1].split(at: "<", maxSplits: 1).first ?? ""
    return title.split(at: " \u{00B7} ").first.map(String.init) ?? ""
  }

  private static func label(
    _ response: HTTPResponse, of message: Message, _ record: StageRecord, _ messages: [Message]
  ) -> String {
    if (300..<400).contains(response.status) {
      let location = response.headers["Location"] ?? ""
      // Our own redirect has a path only.
      let place =
        (try? WebURL(location))?.path
        ?? (location.utf8.first == UInt8(ascii: "/") ? location : nil)
      return "\(response.status) \(place ?? "elsewhere")"
    }
    guard response.status < 400 else { return "\(response.status) \(response.reason)" }
    if message.to == .browser {
      if message.stage == .callback || record.stage == .callback {
        guard message.from == .authorizationServer else { return "\(response.status) done" }
        let posted = messages.last { $0.to == .application && $0.request?.method == "POST" }
        // The diagram is drawn with every frame: a very large body is not read for its label.
        let body = posted.map(\.body).flatMap { $0.count <= labelBodyBytes ? $0 : nil }
        let names = body.flatMap { try? FormEncoding.decode($0) }?.map(\.name) ?? []
        let told = formNames.filter { names.contains($0) }
        return told.isEmpty
          ? "HTML form that posts itself" : "HTML form: " + told.joined(separator: ", ")
      }
      let title = title(of: response)
      return title.isEmpty ? "\(response.status) page" : "page: \(title)"
    }
    if let name = document(message) { return "\(response.status) \(name)" }
    if record.stage == .exchange || record.stage == .tokens {
      return "\(response.status) tokens"
    }
    if record.stage == .authorize { return "\(response.status) request_uri" }
    // The userinfo endpoint belongs to the tenant, whatever its name.
    return "\(response.status) \(message.from == .authorizationServer ? "userinfo" : "data")"
  }
}
