@testable import OpenID
@testable import Presentation
@testable import Recording
@testable import Settings
@testable import TextUI
@testable import Platform
@testable import HybridFlow

extension FuzzParser {
  /// What is read from files and pages.
  static let documents: [FuzzParser] = [
    FuzzParser(
      name: "html",
      words: [
        "<form action=\"/x\" method=post>", "</form>", "<input name=a value=b>", "<button name=c>",
        "<select name=s><option value=1 selected>", "<textarea name=t>", "<base href=", "<title>",
        "<!--", "-->", "--!>", "<script>", "</script", "&amp;", "&#x1F600;", "&#0;", "&notit;",
        "<![CDATA[", "<p", "<br/>", "'", "\"", ">", "<", "=", "\0", "<table>", "form=f", "id=f",
        "<body onload=\"document.forms[0].submit()\">", "type=checkbox checked", "disabled",
        "\u{B}", "<plaintext>", "<noscript>", "<template>", "type=radio",
      ], check: html),
    FuzzParser(
      name: "recording",
      words: jsonWords + [
        "\n", "{\"event\":\"started\",\"at\":1,", "{\"event\":\"person\",", "\"at\":-1",
        "{\"verdicts\":\"front\"", "{\"left_out\":\"", "\"event\":\"", "\"status\":99999999999",
        "9223372036854775807", "-9223372036854775808", "\"url\":\"https://a.example/\"",
      ], check: recording),
    FuzzParser(
      name: "har-login",
      words: jsonWords + [
        "{\"log\":{\"entries\":[", "\"startedDateTime\":\"2026-05-28T20:26:41.250+02:00\"",
        "\"request\":{\"method\":\"POST\",",
        "\"postData\":{\"text\":\"code=c&id_token=t&state=s\"}",
        "\"url\":\"https://op.example/authorize?client_id=a&response_type=code%20id_token&state=s"
          + "&redirect_uri=https%3A%2F%2Fa.example%2Fc\"",
        "\"url\":\"https://a.example/c#state=s\"",
        "\"headers\":[{\"name\":\"Set-Cookie\",\"value\":\"a=b; SameSite=Lax\"}]",
        "\"redirectURL\":\"https://a.example/c#code=c&id_token=t&state=s\"", "\"status\":302",
        "\"content\":{\"encoding\":\"base64\",\"text\":\"", "\"params\":[", "\\ud800", "\u{FEFF}",
      ], check: login),
    FuzzParser(
      name: "theme",
      words: jsonWords + [
        "\"schema\":1", "\"id\":\"a\"", "\"palette\":{", "\"roles\":{", "\"#ffffff\"", "\"bold\"",
        "\"fg\":", "\"bg\":", "\"ansi\":", "\"inherits\":\"calm-dark\"", "\"appearance\":\"dark\"",
      ], check: theme),
    FuzzParser(
      name: "settings",
      words: jsonWords + [
        "\"theme\":", "\"profiles\":{", "\"keys\":{", "\"issuer\":\"https://a.example\"",
        "\"client_id\":", "\"client_secret\":", "\"scopes\":[", "\"mouse\":true", "\"ctrl-x\"",
        "\"parameters\":{", "\"client_secret\":{\"file\":\"/x\"}", "\"next-step\":\"n\"",
      ], check: settings),
  ]

  private static let page: WebURL? = try? WebURL("https://op.example/sign-in?a=b")

  private static func html(_ bytes: [UInt8]) throws {
    guard let url = page, let page = try? HTMLPage(bytes: bytes, url: url) else { return }
    let controls = page.forms.reduce(0) { $0 + $1.controls.count }
    try demand(controls <= Limit.formControls, "\(controls) controls")
    try demand(page.forms.count <= Limit.formControls, "\(page.forms.count) forms")
    for line in page.lines {
      try demand(!line.isEmpty, "an empty line")
    }
    for form in page.forms.prefix(20) {
      try demand(form.method == "GET" || form.method == "POST", "method \(form.method)")
      for button in [nil] + form.buttons.prefix(3).map(Optional.some) {
        let values = form.inputs.prefix(3).map { FormField($0.name, "typed & more") }
        guard
          let request = try? page.request(submitting: form, values: values, pressing: button)
        else { continue }
        try demand(
          request.body.isEmpty || request.method == "POST", "\(request.method) with a body")
        let fields = form.submission(values: values, pressing: button)
        let again = try FormEncoding.decode(FormEncoding.encode(fields))
        try demand(again.count == fields.count, "fields were lost")
      }
    }
    _ = page.automaticForm
    _ = HarmlessText.lines(page.title)
  }

  private static func recording(_ bytes: [UInt8]) throws {
    let recording: Recording
    do throws(RecordingError) {
      recording = try Recording.read(bytes)
    } catch {
      try demand(!error.message.isEmpty, "a fault without words")
      return
    }
    // What can be read is written so that it reads the same.
    for stamped in recording.events {
      let (name, data) = EventCoder.json(stamped.event)
      var line: JSONValue = ["event": .string(name)]
      for (name, value) in data {
        if let value { line.set(name, value) }
      }
      let again = try EventCoder.event(
        named: name, FieldReader(try JSONParser.parse(line.compactText)))
      let rewritten = EventCoder.json(again)
      try demand(rewritten.name == name, "\(name) became \(rewritten.name)")
      for (old, new) in zip(data, rewritten.data) {
        try demand(old.0 == new.0 && old.1 == new.1, "\(name).\(old.0) became \(new.0)")
      }
    }
    guard recording.events.count <= 200 else { return }
    var run = ReplayRun(recording)
    run.finish()
    try demand(run.isAtEnd, "the replay did not end")
    _ = StoredVerdicts.all(in: run.machine.transcript)
  }

  private static func login(_ bytes: [UInt8]) throws {
    let book: HARBook
    do throws(UsageError) {
      book = try HARBook(bytes, named: "login.har")
    } catch {
      try demand(!error.message.isEmpty, "a fault without words")
      return
    }
    for login in book.logins.prefix(3) {
      guard let recording = try? book.recording(login: login.number) else { continue }
      var run = ReplayRun(recording)
      run.finish()
      try demand(run.isAtEnd, "the replay did not end")
      try demand(run.machine.transcript.startedAt != nil, "no run began")
    }
  }

  private static func theme(_ bytes: [UInt8]) throws {
    let file: ThemeFile
    do throws(ThemeError) {
      file = try ThemeFile.decode(bytes)
    } catch {
      try demand(isHarmless(error.description), "a fault with controls: \(error.description)")
      return
    }
    try demand(isHarmless(file.name) && isHarmless(file.author), "a name with controls")
    for warning in file.warnings { try demand(isHarmless(warning), "warning: \(warning)") }
  }

  private static func settings(_ bytes: [UInt8]) throws {
    guard let json = try? JSONParser.parse(bytes) else { return }
    let settings: Settings
    do throws(UsageError) {
      settings = try Settings(json, path: "settings.json")
    } catch {
      try demand(!error.message.isEmpty, "a fault without words")
      return
    }
    try demand(settings.profiles.count <= Settings.profilesMaximum, "too many profiles")
    for profile in settings.profiles {
      let again = try Profile(name: profile.name, json: profile.json)
      try demand(again == profile, "profile \(profile.name) reads otherwise")
      _ = (profile.clientSecret, profile.optionValues { $0 })
    }
    _ = KeyMap.reading(settings.keys.map { ($0.command, $0.keys) })
  }

  /// Whether a terminal shows the text and does nothing else.
  static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate: false
      default: true
      }
    }
  }
}
