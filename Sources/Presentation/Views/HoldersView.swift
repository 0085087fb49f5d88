import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The holders of each value.
  public static let holders = DetailView(
    "holders", "Who sees",
    isEmpty: { model in
      !model.seenTranscript.stages.contains { $0.stage <= model.shownStage && !$0.values.isEmpty }
    }
  ) { $0.holders() }
}

extension Reader {
  /// The holders of each value at the end of the stage, what is new, and why.
  func holders() -> Document {
    let values = heldValues(upTo: stage)
    guard !values.isEmpty else {
      return nothing(absence ?? "No value of this run exists yet.")
    }
    var document = Document()
    addFailure(to: &document)
    let before = stage.previous.map { heldValues(upTo: $0) } ?? []
    let rows = values.map { value in
      Holding(value, held(value), before.first { $0.name == value.name }.map(held) ?? [])
    }
    let names = min(20, values.map { CellWidth.width(of: $0.name) }.max() ?? 0) + 4
    let changed = rows.filter(\.isChanged)
    document.heading(
      "Who holds what by the end of stage \(stage.number)",
      note: changed.isEmpty ? "nothing new here" : "+ new at this stage")
    document.add(
      .cells(
        [Span(TextFitting.pad("", names))], Holding.columns.map { Span($0, .textStrong, .bold) },
        widths: Holding.widths))
    // Changes come first, so that a small window shows them.
    for row in changed { add(row, names, to: &document) }
    let rest = rows.filter { !$0.isChanged }
    if !changed.isEmpty, !rest.isEmpty {
      document.gap()
      document.line("  as before", .textMuted)
    }
    for row in rest { add(row, names, to: &document) }
    addReason(to: &document)
    addLegend(to: &document)
    return document
  }

  private func add(_ row: Holding, _ names: Int, to document: inout Document) {
    document.stands(at: TrailReader.holderRow(row.value.value))
    document.add(row.block(names))
  }

  private func addLegend(to document: inout Document) {
    document.gap()
    document.add(
      .paragraph(
        [
          Span("\u{25CF} ", .text), Span("holds it   ", .textMuted),
          Span("\u{25CF}+ ", .statusInfo, .bold), Span("since this stage   ", .textMuted),
          Span("\u{25CF} ! ", .statusWarn),
          Span(
            "a secret where scripts, extensions or anyone who sits there can read it.  history: what "
              + "stood in an address, which the browser\u{2019}s history and logs can keep.",
            .textMuted),
        ], indent: 0))
  }

  /// Adds why the values of this stage go to these holders.
  private func addReason(to document: inout Document) {
    guard let (title, text) = reason else { return }
    document.gap()
    document.add(
      .paragraph([Span(title + "  ", .textStrong, .bold), Span(text)], indent: 0, hanging: 2))
  }

  /// Each reason belongs to its stage: none is shown before its question.
  private var reason: (title: String, text: String)? {
    switch stage {
    case .login, .prompt, .verify, .data: nil
    case .authorize:
      transcript[.authorize].values.contains { $0.name == "code_challenge" }
        ? (
          "Why only a digest",
          "The address shows the code_challenge. The code_verifier, of which it is the digest, stays "
            + "with the application until stage 6."
        ) : nil
    case .authenticate:
      (
        "Why at the tenant",
        "What the person types goes from the browser to the tenant, and the application never "
          + "learns it."
      )
    case .callback: answerReason
    case .exchange:
      (
        "Why a code",
        "It passes through the browser and is worth nothing there: only the application has "
          + "\(codeKeys) to turn it into tokens."
      )
    case .tokens: tokensReason
    case .api:
      (
        "Why only the access token",
        "It is written for the API. The ID token tells the application who signed in and stays "
          + "there."
      )
    }
  }

  private var answerReason: (title: String, text: String) {
    switch model.summary.responseMode {
    case "form_post":
      (
        "Why form_post",
        "The answer travels in a body and never in an address, so no history keeps it and no "
          + "Referer passes it on."
      )
    case "fragment":
      (
        "What the fragment means",
        "Browsers send nothing behind the # to a server, so no server log has the answer. But every "
          + "script of the page at the redirect URI can read it, and the history keeps it until the "
          + "page takes it out of the address: this page does so first."
      )
    default:
      (
        "Why not in the address",
        "This run answers in an address, where histories and logs can keep it; with form_post it "
          + "would not stand there."
      )
    }
  }

  /// What the token endpoint requires besides the code, as far as this run has it.
  private var codeKeys: String {
    let names = Set(heldValues(upTo: .exchange).map(\.name))
    let keys =
      (names.contains("code_verifier") ? ["the verifier"] : [])
      + (names.contains("client_secret") || names.contains("client_assertion")
        ? ["the client\u{2019}s credentials"] : [])
    return keys.isEmpty ? "what the token endpoint asks for" : keys.joined(separator: " and ")
  }

  private var tokensReason: (title: String, text: String)? {
    if transcript.token(.idToken, .front) != nil {
      return (
        "Why two ID tokens",
        "The first tells at once who signed in, and its c_hash ties the code to it. The second "
          + "comes on the back channel and may say more, since nobody in between reads it."
      )
    }
    guard transcript.token(.accessToken, .front) != nil else { return nil }
    return (
      "Why two access tokens",
      "The first came through the browser, where others may have read it. The second came on the back channel, "
        + "and is the one to use. The only ID token comes here, with it."
    )
  }

  /// The holders of a value, column by column.
  private func held(_ value: HeldValue) -> [Bool] {
    [
      value.holders.contains(.browser), value.isInHistory, value.holders.contains(.application),
      value.holders.contains(.authorizationServer), value.holders.contains(.api),
    ]
  }

  /// The URLs that the browser has visited or was redirected to.
  private func browserURLs(upTo stage: Stage) -> [String] {
    var urls: [String] = []
    for message in transcript.messages where message.channel == .front && message.stage <= stage {
      if message.request != nil { urls.append(message.url) }
      if let location = message.response?.headers["Location"] { urls.append(location) }
    }
    return urls
  }

  private static func holds(_ url: String, _ value: String) -> Bool {
    guard value.utf8.count >= 8, let url = try? WebURL(url), let fields = try? url.queryFields()
    else { return false }
    return fields.contains { $0.value.isIdentical(to: value) }
  }

  /// The values up to a stage, each once, with all their holders.
  private func heldValues(upTo stage: Stage) -> [HeldValue] {
    var values: [HeldValue] = []
    for record in transcript.stages where record.stage <= stage {
      for value in record.values {
        if let index = values.firstIndex(where: {
          $0.plainName == value.name && $0.value.isIdentical(to: value.value)
        }) {
          values[index].holders.formUnion(value.holders)
        } else {
          // Two tokens of one kind differ by their order of arrival.
          let isSecond = values.contains { $0.name == value.name }
          values.append(
            HeldValue(
              name: value.name + (isSecond ? " (2)" : ""), plainName: value.name,
              value: value.value, isSecret: value.isSecret, holders: Set(value.holders)))
        }
      }
    }
    let urls = browserURLs(upTo: stage)
    for index in values.indices {
      values[index].isInHistory = urls.contains { Self.holds($0, values[index].value) }
    }
    return values
  }
}

/// A value and all its holders.
private struct HeldValue {
  var name: String
  var plainName: String
  var value: String
  var isSecret: Bool
  var holders: Set<Actor>
  var isInHistory = false
}

/// A row of the matrix: the holders of a value, and the new ones of this stage.
private struct Holding {
  static let columns = ["browser", "history", "application", "tenant", "API"]
  static let widths = columns.map { max(4, CellWidth.width(of: $0)) }

  let value: HeldValue
  let held: [Bool]
  let before: [Bool]

  init(_ value: HeldValue, _ held: [Bool], _ before: [Bool]) {
    (self.value, self.held, self.before) = (value, held, before)
  }

  /// Whether the value had no holder before.
  private var isNew: Bool { !before.contains(true) }
  private func isNew(_ column: Int) -> Bool { held[column] && (isNew || !before[column]) }
  var isChanged: Bool { held.indices.contains(where: isNew) }

  func block(_ names: Int) -> Document.Block {
    let cells = held.indices.map { column -> Span in
      guard held[column] else { return Span("\u{00B7}", .textMuted) }
      let isExposed = value.isSecret && column < 2
      let text =
        "\u{25CF}" + (isNew(column) ? "+" : "") + (isExposed ? isNew(column) ? "!" : " !" : "")
      return Span(
        text, isExposed ? .statusWarn : isNew(column) ? .statusInfo : .text,
        isNew(column) ? .bold : [])
    }
    let isStrong = isChanged && isNew
    let name = (isStrong ? "+ " : "  ") + HarmlessText.line(value.name)
    return .cells(
      [Span(TextFitting.pad(name, names), .wireParameter, isStrong ? .bold : [])], cells,
      widths: Self.widths)
  }
}
