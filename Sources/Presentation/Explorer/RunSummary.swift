import HybridFlow
import OpenID
import TextUI

/// What a screen says about the run as a whole; known before it starts.
public struct RunSummary: Sendable, Equatable {
  /// What the tenant is called: `demo tenant`, or a host.
  public var tenantName: String
  /// The response type in words, such as `code id_token`.
  public var responseType: String
  /// The response mode.
  public var responseMode: String
  /// The client's identifier.
  public var clientID: String
  /// Where the answer is to arrive.
  public var redirectURI: String
  /// `live` or `replay`.
  public var pace: String
  /// Whether the tenant is the built-in one, whose side can be seen.
  public var isDemo: Bool
  /// How long a code lives, in seconds, where that is known.
  public var codeLifetimeSeconds: Int64?
  /// Whether the tenant lets its codes wait for as long as people read.
  public var codesWait = false
  /// Pages that may come between sign-in and answer, a sentence each.
  public var pages: [String] = []
  /// Where the person's browser is.
  public var reach = BrowserReach.here
  /// The fault of the run; nil for an honest one.
  public var lab: LabRun?
  /// The recording that is gone through; nil for a live run.
  public var replay: ReplayStatus?
  /// The file that the run is written to; nil when it is kept in memory only.
  public var recording: RecordingStatus?

  /// Makes a summary.
  public init(
    tenantName: String, responseType: String, responseMode: String, clientID: String,
    redirectURI: String, pace: String = "live", isDemo: Bool,
    codeLifetimeSeconds: Int64? = nil
  ) {
    self.tenantName = HarmlessText.line(tenantName)
    self.responseType = HarmlessText.line(responseType)
    self.responseMode = HarmlessText.line(responseMode)
    self.clientID = HarmlessText.line(clientID)
    self.redirectURI = HarmlessText.line(redirectURI)
    self.pace = pace
    self.isDemo = isDemo
    self.codeLifetimeSeconds = codeLifetimeSeconds
  }
}

/// One of the views of a stage.
public enum DetailView: String, Sendable, Hashable, CaseIterable {
  /// The page that the built-in browser shows.
  case page
  /// The messages as they were sent.
  case wire
  /// Tokens, values and ledgers, taken apart.
  case decoded
  /// The two tokens of each kind, claim by claim.
  case compare
  /// The verdicts.
  case checks
  /// Who holds which value.
  case holders
  /// What is done with the tokens after the flow.
  case after
  /// The lesson.
  case explain

  /// The name on the tab.
  public var title: String {
    switch self {
    case .page: "Page"
    case .wire: "Wire"
    case .decoded: "Decoded"
    case .compare: "Compare"
    case .checks: "Checks"
    case .holders: "Who sees"
    case .after: "Afterwards"
    case .explain: "Explain"
    }
  }
}

/// What the explorer asks of the outside.
public enum ExplorerAction: Sendable, Equatable {
  /// Hand this event to the machine.
  case post(FlowEvent)
  /// Start a run from the beginning.
  case restart
  /// Leave the program.
  case quit
  /// Start over with this way to send the client's secret.
  case authenticate(ClientAuthenticationMethod)
  /// Open the real browser once more, at the address it was sent to.
  case openBrowser
  /// Put this text on the clipboard.
  case copy(String)
  /// Put the run in this form on the clipboard.
  case copyExport(ExportFormat)
  /// Hand the run on in this form, to this file; nil for a name that is made up.
  case export(ExportFormat, path: String?)
  /// Give the terminal back and stop until the shell continues the program.
  case suspend
  /// Draw the whole screen again.
  case redraw
  /// Take or free the mouse.
  case captureMouse(Bool)
  /// Gather the themes and offer them to the model.
  case chooseTheme
  /// Start over, and send this request of the new run as it was edited.
  case rerun(RequestDraft.Kind, RequestEdit)
  /// Offer the faults of the lab.
  case chooseFault
  /// Start over with a fault, or honestly; its check perhaps switched off.
  case commitFault(id: String?, switchesCheckOff: Bool)
  /// Start over and go on to this stage, signed in as before.
  case runAgain(to: Stage)
  /// Write the run to a file, or stop that.
  case toggleRecording
  /// Go through all that is left of the recording.
  case replayToEnd
  /// Gather the recordings and offer them to the model.
  case listRecordings
  /// Go through this recording; an empty name goes back to the live run.
  case openRecording(name: String)
  /// Lay the run beside this recording.
  case compareWith(name: String)
  /// Delete this recording of the person’s own.
  case deleteRecording(name: String)
  /// Use the theme of this name, if there is one.
  case useTheme(id: String)
  /// The person has settled on this theme.
  case keepTheme(id: String)
  /// Something about connections.
  case connections(ConnectionOrder)
}

/// Which characters may be drawn.
public enum GlyphSet: String, Sendable, Hashable, CaseIterable {
  /// Box drawing and check marks.
  case unicode
  /// Only ASCII, for terminals and locales that have nothing else.
  case ascii

  /// The frame in these characters.
  func applied(to frame: inout Frame) {
    guard self == .ascii else { return }
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        let glyph = frame[column, row].glyph
        guard glyph.utf8.contains(where: { $0 >= 0x80 }) || glyph.isEmpty else { continue }
        frame[column, row].glyph = Self.ascii(glyph)
      }
    }
  }

  static func ascii(_ glyph: String) -> String {
    switch glyph {
    case "\u{2504}": "."
    case "\u{2505}": ":"
    case "\u{2500}", "\u{254C}", "\u{2010}", "\u{2013}", "\u{2014}": "-"
    case "\u{2501}": "="
    case "\u{2502}", "\u{2503}": "|"
    case "\u{250C}", "\u{2510}", "\u{2514}", "\u{2518}", "\u{251C}", "\u{256E}", "\u{256F}",
      "\u{250F}", "\u{2513}", "\u{2517}", "\u{251B}", "\u{253C}", "\u{254B}", "\u{2524}":
      "+"
    case "\u{25B6}", "\u{203A}", "\u{2192}", "\u{25B8}": ">"
    case "\u{25C0}", "\u{2039}", "\u{2190}": "<"
    case "\u{25BE}", "\u{2193}": "v"
    case "\u{2191}", "\u{25B2}": "^"
    case "\u{2713}": "v"
    case "\u{2717}": "x"
    case "\u{25CB}", "\u{25CF}", "\u{2022}": glyph == "\u{25CB}" ? "o" : "*"
    case "\u{2026}", "\u{00B7}": "."
    case "\u{2018}", "\u{2019}": "'"
    case "\u{201C}", "\u{201D}": "\""
    case "\u{25AC}": "-"
    case "\u{2588}": "#"
    case "": " "
    default: "?"
    }
  }
}
