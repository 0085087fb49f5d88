import HybridFlow
import Lab
import OpenID
import TextUI

extension Reader {
  /// What to do before the first login; nil when one is on the screen.
  func watchWaiting() -> Document? {
    guard let watch = model.summary.watch, transcript.startedAt == nil else { return nil }
    var document = Document()
    document.heading("Waiting for a login of your application")
    document.paragraph(
      "Set your application up with these values, open it in a browser, and log in. The ten stages "
        + "fill here as they happen.")
    document.gap()
    add("issuer", watch.issuer, to: &document)
    add("discovery", watch.discovery, to: &document)
    for client in watch.clients {
      add("client_id", client.id, to: &document)
      for uri in client.redirectURIs { add("redirect_uri", uri, to: &document) }
    }
    document.gap()
    document.paragraph(
      "The sign-in page lists names and passwords. What the application compares in itself, and "
        + "what it shows the person, cannot be seen from here.", .textMuted)
    if let fault = watch.fault {
      document.gap()
      document.paragraph("The next login meets \(fault.id). \(fault.does)", .statusWarn)
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span(model.keyName(of: OpenCommand.lab), .footerKey, .bold),
          Span(" lets the next login meet a fault   ", .textMuted),
          Span(model.keyName(of: OpenCommand.logins), .footerKey, .bold),
          Span(" lists the logins", .textMuted),
        ], indent: 0))
    return document
  }

  private func add(_ name: String, _ value: String, to document: inout Document) {
    var line = Line(
      [Span("  " + TextFitting.pad(name, 14), .textMuted), Span(value, .textStrong)],
      target: Target(id: "watch:\(name):\(value)", copies: value))
    line.cutsMiddleOf = 1
    document.add(.line(line))
  }

  /// Adds what a watched login tells beside its messages, and what nobody can see of it.
  func addUnseen(to document: inout Document) {
    guard model.isWatching, !isAction else { return }
    for note in record.notes.prefix(4) {
      document.add(
        .paragraph(
          [
            note.warns ? Verdicts.span(.warn) : Span("\u{00B7}", .textMuted),
            Span(" " + shown(note.text), note.warns ? .statusWarn : .textMuted),
          ], indent: 0, hanging: 2))
    }
  }

  /// Adds what a fault of the tenant has come to in a watched login, at its own stage.
  func addWatchedLab(to document: inout Document) {
    guard let entry = model.summary.lab?.entry, !isAction, stage == entry.stage,
      record.startedAt != nil
    else { return }
    let speaks = record.checks.contains {
      $0.id.rawValue == entry.caughtBy && $0.verdict != .pass && $0.verdict != .skip
    }
    let sent = !transcript[.exchange].messages.isEmpty
    var texts = [
      speaks
        ? "\(entry.caughtBy) notices it here. Whether the application has noticed shows in what it "
          + "does next." : "Nothing of it shows at this stage."
    ]
    if speaks, stage < .exchange {
      texts.append(
        sent
          ? "It has sent the code all the same." : "So far it has not sent the code.")
    }
    document.add(
      .paragraph(
        [
          Span(" LAB ", .statusWarn, [.bold, .reverse]),
          Span(" The tenant has committed a fault in this login.", .statusWarn, .bold),
        ], indent: 0, hanging: 2))
    for text in texts { document.add(.paragraph([Span(text)], indent: 2)) }
    document.add(.paragraph([Span("\(entry.id): \(entry.does)", .textMuted)], indent: 2))
    document.gap()
  }
}
