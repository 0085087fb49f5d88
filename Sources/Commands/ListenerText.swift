import HybridFlow
import Network
import OpenID
import Presentation
import Session

/// What `run` prints of the port of an https redirect URI, before anybody goes there.
struct ListenerText {
  /// The redirect URI with its real port.
  let uri: WebURL
  let note: CertificateNote
  /// The end of the certificate's life.
  let ends: UnixTime

  /// Makes it from an open port; nil for one that speaks http.
  init?(_ session: FlowSession) {
    guard let identity = session.redirectIdentity, let uri = session.redirectURI else { return nil }
    self.uri = uri
    note = CertificateNote(
      fingerprint: identity.fingerprint, isThrowAway: identity.isThrowAway)
    ends = identity.ends
  }

  /// For people; with advice where a person meets it in the browser.
  func text(isRead: Bool) -> String {
    var lines = [
      "Listening at \(HarmlessText.line(uri.origin))",
      "with \(note.origin).",
      "SHA-256 of the certificate:",
    ]
    lines += note.lines.map { "  \($0)" }
    if isRead { lines.append(note.advice) }
    return lines.joined(separator: "\n") + "\n\n"
  }

  /// The member `certificate` of the first stage.
  var json: JSONValue {
    [
      "sha256": .string(note.fingerprint), "made_for_this_run": .bool(note.isThrowAway),
      "not_after": .number(JSONNumber(ends.seconds)),
    ]
  }
}
