import Cryptography

@testable import Diagnosis
@testable import Inspection
@testable import OpenID
@testable import Terminal
@testable import TextUI
@testable import HybridFlow

extension FuzzParser {
  /// What people type and paste.
  static let people: [FuzzParser] = [
    FuzzParser(
      name: "terminal",
      words: [
        "\u{1B}", "\u{1B}[", "\u{1B}]11;rgb:0/0/0\u{7}", "\u{1B}[M   ", "\u{1B}O", "\u{1B}P",
        "\u{1B}\\", "\u{FE}\u{FE}", "\r\n", "\u{7F}", "\u{0}", "\u{9B}",
      ], check: terminal),
    FuzzParser(
      name: "pasted",
      words: pastedWords + jsonWords, check: pasted),
    FuzzParser(
      name: "curl",
      words: [
        "'", "\"", "\\", "$'", "\\u00e9", "\\ud83d\\ude00", "--data-raw ", "-H ", "\\\n", "^",
        "'Authorization: Bearer x'", "https://a.example/cb", "code=abc&state=x",
        "--data-urlencode ",
        "\\x41", "\\101", "\\U0010ffff", "\\Uffffffff", "-d ", "--url",
      ],
      check: { bytes in try pasted(Array("curl ".utf8) + bytes) }),
    FuzzParser(
      name: "explain",
      words: [
        "invalid_grant", "AADSTS50011", "error=", "error_description=", "%20", "&quot;", "\\u0022",
        "<p>", "</p>", "HTTP/1.1 400", "{\"error\":\"", "redirect_uri", "\u{1B}[31m", "\n> ", "+",
        "https://login.microsoftonline.com/", "&#x", "\\\\", "WWW-Authenticate: Bearer ", "ERROR ",
      ], check: explain),
    FuzzParser(
      name: "harmless",
      words: [
        "\u{1B}[2J", "\u{202E}", "\u{200B}", "\u{FE0F}", "👩‍💻", "e\u{301}", "\t", "\r\n", "\u{85}",
        "\u{2028}", "\u{E0041}", "日本", "\u{AD}", "\u{115F}", "\u{0}",
      ], check: harmless),
  ]

  private static let pastedWords = [
    "code=abc", "&state=", "id_token=eyJhbGciOiJSUzI1NiJ9.e30.AA", "https://app.example/callback?",
    "#", "?", "POST /callback HTTP/1.1\r\n", "Authorization: Basic YTpi", "grant_type=",
    "response_type=code%20id_token", "code: ", "\n", "<form method=\"post\" action=\"", "<input ",
    "name=\"code\" value=\"x\">", "\"access_token\":\"x\"", "\"keys\":[", "error=access_denied",
    "\"issuer\":\"https://op.example\"", "Bearer ", "'", "client_id=", "redirect_uri=",
  ]

  /// Two bytes 0xFE begin what ncurses would have recognised; the third says what.
  private static func events(_ bytes: [UInt8]) -> [InputEvent?] {
    let named: [InputEvent?] = [
      .named(.up), .named(.enter), .named(.tab), .named(.function(5)), .pasteBegin, .pasteEnd,
      .ignored, .resized, nil, .character(0xD800), .character(0x110000), .character(.max),
      .named(.mouse(.press, column: -1, row: .max)),
    ]
    var events: [InputEvent?] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0xFE {
        events.append(named[Int(rest.popFirst() ?? 0) % named.count])
      } else if byte >= 0xC2 {
        // As ncurses does: a whole scalar, else the byte as a number.
        let tail = rest.prefix(byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1)
        if let text = String(validating: [byte] + tail, as: UTF8.self),
          let scalar = text.unicodeScalars.first
        {
          rest = rest.dropFirst(tail.count)
          events.append(.character(scalar.value))
        } else {
          events.append(.character(UInt32(byte)))
        }
      } else {
        events.append(.character(UInt32(byte)))
      }
    }
    return events
  }

  private static func terminal(_ bytes: [UInt8]) throws {
    var decoder = InputDecoder()
    var rest = events(bytes)[...]
    var now: UInt64 = 1000
    var keys = 0
    while !rest.isEmpty {
      let before = rest.count
      while let key = decoder.next(now: now, read: { _ in rest.popFirst() ?? nil }) {
        keys += 1
        try demand(keys <= bytes.count + 1, "more keys than bytes")
        if case .paste(let text) = key {
          try demand(text.utf8.count <= Key.pasteBytesMax, "a paste over the limit")
          try demand(
            text.unicodeScalars.allSatisfy {
              $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
            }, "a control in a paste")
        }
      }
      if rest.count == before { break }
      now += UInt64(bytes.count) * 37 % 7000
    }
    // Whatever came before, after a silence a key is a key.
    let later = now + InputDecoder.pasteSilenceMillisecondsMax + 1
    _ = decoder.next(now: later, read: { _ in nil })
    var letters: [InputEvent] = [.character(0x71)]
    let last = decoder.next(now: later + 6000, read: { _ in letters.popLast() })
    try demand(last == .character("q"), "a q after a silence is \(last as Any)")
  }

  private static func pasted(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    if let answer = try? PastedAnswer(text) {
      try demand(!answer.fields.isEmpty, "an answer without fields")
      _ = (answer.secrets, answer.belongs(to: "x"))
      if let url = try? WebURL("https://app.example/callback") {
        _ = answer.misdirection(from: url)
      }
    }
    guard let message = try? PastedReader.read(text) else { return }
    _ = (message.secrets, message.keys, message.tokens)
    let examination = PastedExamination(
      message, now: UnixTime(milliseconds: 1_700_000_000_000),
      compute: { _ in .unusable("nothing is computed here") })
    for check in examination.checks() {
      try demand(!check.why.isEmpty, "\(check.id) has no reason")
    }
  }

  private static func explain(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
    try demand(matches.count <= 5, "\(matches.count) matches")
    for match in matches {
      try demand(!match.cause.isEmpty && !match.fix.isEmpty, "\(match.id) without words")
    }
  }

  private static func harmless(_ bytes: [UInt8]) throws {
    let line = HarmlessText.from(bytes: bytes)
    try demand(isHarmless(line), "from(bytes:) let a control through")
    let text = String(decoding: bytes, as: UTF8.self)
    try demand(isHarmless(HarmlessText.line(text)), "line(_:) let a control through")
    for line in HarmlessText.lines(text) {
      try demand(isHarmless(line), "lines(_:) let a control through")
    }
    try demand(HarmlessText.line(HarmlessText.line(text)) == HarmlessText.line(text), "twice")
  }
}
