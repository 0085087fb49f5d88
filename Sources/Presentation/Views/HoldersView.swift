import HybridFlow
import OpenID

extension Reader {
  /// Which actor holds which value by the end of the stage: why form post, why the code, why two
  /// tokens.
  func holders() -> Document {
    let values = heldValues()
    guard !values.isEmpty else {
      return nothing(absence ?? "No value of this run exists yet.")
    }
    var document = Document()
    addFailure(to: &document)
    document.heading("Who holds what by the end of stage \(stage.number)")
    let names = min(20, values.map { CellWidth.width(of: $0.name) }.max() ?? 0) + 2
    let columns = ["browser", "history", "application", "tenant", "API"]
    let widths = columns.map { CellWidth.width(of: $0) }
    document.add(
      .cells([Span(TextFitting.pad("", names))], columns.map { Self.cell($0) }, widths: widths))
    let urls = browserURLs
    for value in values {
      var cells: [Span] = []
      for column in 0..<columns.count {
        let isHeld =
          switch column {
          case 0: value.holders.contains(.browser)
          case 1: urls.contains { Self.holds($0, value.value) }
          case 2: value.holders.contains(.application)
          case 3: value.holders.contains(.authorizationServer)
          default: value.holders.contains(.api)
          }
        let isExposed = isHeld && value.isSecret && column < 2
        cells.append(
          isHeld
            ? Span(isExposed ? "\u{25CF} !" : "\u{25CF}", isExposed ? .statusWarn : .text)
            : Span("\u{00B7}", .textMuted))
      }
      let name = TextFitting.pad(HarmlessText.line(value.name), names)
      document.add(.cells([Span(name, .wireParameter)], cells, widths: widths))
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span("\u{25CF} ", .text), Span("holds it   ", .textMuted),
          Span("\u{25CF} ! ", .statusWarn),
          Span(
            "a secret where scripts, extensions or whoever sits there can read it.  history: what "
              + "stood in an address stays in the browser\u{2019}s history, in proxies and in logs.",
            .textMuted),
        ], indent: 0))
    addReasons(to: &document)
    return document
  }

  private static func cell(_ text: String) -> Span { Span(text, .textStrong, .bold) }

  /// What this division is for.
  private func addReasons(to document: inout Document) {
    let isFormPost = model.summary.responseMode == "form_post"
    let reasons: [(String, String)] = [
      (
        isFormPost ? "Why form_post" : "Why not in the address",
        isFormPost
          ? "The answer travels in a body, so no history, proxy or log keeps it, and no Referer "
            + "passes it on."
          : "This run answers in an address, where histories and logs keep it: form_post does not."
      ),
      (
        "Why a code",
        "It passes through the browser and is worth nothing there: only the application has the "
          + "verifier and the client\u{2019}s credentials to turn it into tokens."
      ),
      (
        "Why two ID tokens",
        "The first tells at once who signed in, and its c_hash ties the code to it. The second "
          + "comes past the browser and may say more, since nobody in between reads it."
      ),
    ]
    for (title, text) in reasons {
      document.gap()
      document.add(
        .paragraph([Span(title + "  ", .textStrong, .bold), Span(text)], indent: 0, hanging: 2))
    }
  }

  /// The addresses to which the browser has gone or been sent.
  private var browserURLs: [String] {
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

  /// The values up to this stage, each once, with everybody who has come to hold it.
  private func heldValues() -> [FlowValue] {
    var values: [FlowValue] = []
    for record in transcript.stages where record.stage <= stage {
      for value in record.values {
        if let index = values.firstIndex(where: {
          $0.name == value.name && $0.value.isIdentical(to: value.value)
        }) {
          values[index].holders += value.holders.filter { !values[index].holders.contains($0) }
        } else {
          var named = value
          // Two tokens of one kind are told apart by the order in which they came.
          if values.contains(where: { $0.name == value.name }) { named.name += " (2)" }
          values.append(named)
        }
      }
    }
    return values
  }
}
