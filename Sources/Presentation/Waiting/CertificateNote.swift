import HybridFlow
import OpenID
import TextUI

/// What a person compares before the browser goes to an https redirect URI on this machine.
///
/// It is shown and never kept: no transcript, recording or export has it.
public struct CertificateNote: Sendable, Equatable {
  /// The SHA-256 of the certificate, as browsers show it.
  public var fingerprint: String
  /// Whether it was made for this run, so that no browser trusts it.
  public var isThrowAway: Bool

  /// Makes a note.
  public init(fingerprint: String, isThrowAway: Bool) {
    (self.fingerprint, self.isThrowAway) = (fingerprint, isThrowAway)
  }

  /// The fingerprint in two lines of the same length.
  public var lines: [String] {
    let pairs = fingerprint.split(at: ":")
    let half = pairs.count / 2
    return [pairs[..<half], pairs[half...]].map { $0.joined(separator: ":") }
  }

  /// What the certificate is.
  public var origin: String {
    isThrowAway
      ? "a certificate that was made for this run and is kept nowhere"
      : "the certificate of --tls-cert"
  }

  /// What to do when the browser comes back.
  public var advice: String {
    isThrowAway
      ? "Your browser will warn, because it knows nobody who signed it: compare this fingerprint "
        + "with the one in the warning, then go on. mkcert makes one without a warning, for "
        + "--tls-cert."
      : "Where your browser warns all the same, it does not trust who signed it, or the name or the "
        + "dates do not fit."
  }
}

extension Reader {
  /// Adds the certificate that the browser will be shown, before it goes and while it is away.
  func addCertificate(to document: inout Document) {
    guard let note = model.summary.certificate else { return }
    document.paragraph("The redirect URI speaks https, with \(note.origin). Its SHA-256:")
    for line in note.lines {
      document.add(
        .line(
          Line(
            [Span("  " + line, .textStrong, .bold)],
            target: Target(id: "certificate:\(line)", copies: note.fingerprint))))
    }
    document.paragraph(note.advice)
    document.gap()
  }

  /// Whether the next step sends a browser away that will come back to the redirect URI.
  var isAboutToLeave: Bool {
    model.situation == .ready(next: .prompt) && stage == .authorize
  }
}

extension PlainWalk {
  /// The certificate of an https redirect URI, before anybody goes there.
  ///
  /// - Parameter isRead: Whether a person will meet it in a browser.
  public func listening(at uri: WebURL, _ note: CertificateNote, isRead: Bool) -> String {
    var text = PlainText()
    text.paragraph("Listening at \(HarmlessText.line(uri.origin)) with \(note.origin).")
    text.item("SHA-256 of the certificate:", below: note.lines)
    if isRead { text.paragraph(note.advice) }
    text.gap()
    return text.text(glyphs)
  }
}
