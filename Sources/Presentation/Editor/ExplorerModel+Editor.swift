import HybridFlow
import OpenID
import TextUI

extension ExplorerModel {
  /// The stage whose request `e` opens: the stage on the screen, or after stage 5 the one whose
  /// request is sent next.
  var editableStage: Stage? {
    switch shownStage {
    case .authorize: return .authorize
    case .exchange: return .exchange
    case .callback where situation == .ready(next: .exchange): return .exchange
    case .login, .prompt, .authenticate, .callback, .verify, .tokens, .api, .data: return nil
    }
  }

  /// Why no request can be edited now; nil if one can.
  var editUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    guard let stage = editableStage else {
      return "nothing to edit at this stage; stages 2 and 6 have requests"
    }
    guard transcript[stage].draft == nil else { return nil }
    return stage == .authorize
      ? "the request has not been written yet"
      : "the token request is known when stage 5 is done"
  }

  /// Whether the request of a stage was sent, so that only a new run can change it.
  func hasLeft(_ stage: Stage) -> Bool {
    situation != .ready(next: stage == .authorize ? .prompt : .exchange)
  }

  mutating func openEditor() {
    guard let stage = editableStage, let draft = transcript[stage].draft else { return }
    overlays.push(RequestEditor(draft, stage: stage))
  }

  static func list(_ checks: [CheckID]) -> String {
    checks.map(\.rawValue).joined(separator: " and ")
  }
}

// The header's warning about a request that was edited by hand.
extension ExplorerModel {
  var editSpans: [Span] {
    var spans: [Span] = []
    let overruled = transcript.checks.filter(\.isOverruled).map(\.id.rawValue)
    if let first = overruled.first {
      let more = overruled.count == 1 ? "" : " and \(overruled.count - 1) more"
      return [
        Span(" \(first)\(more) FAILED, SENT ANYWAY ", .statusFail, [.bold, .reverse]), Span("  "),
      ]
    }
    if waitsForExchange {
      return [Span(" EDIT WAITS FOR STAGE 6 ", .statusInfo, [.bold, .reverse]), Span("  ")]
    }
    let edited = [Stage.authorize, .exchange].filter { transcript[$0].draft?.isEdited == true }
    if let first = edited.first {
      let which = edited.count == 2 ? "BOTH REQUESTS" : "STAGE \(first.number)"
      spans += [Span(" \(which) EDITED ", .statusInfo, [.bold, .reverse]), Span("  ")]
    }
    return spans
  }

  /// The requested response type.
  var shownResponseType: String {
    guard let fields = transcript[.authorize].draft?.fields else { return summary.responseType }
    return HarmlessText.line(fields["response_type"] ?? "no response type")
  }
}
