import HybridFlow
import OpenID
import TextUI

/// The summary of a run; known before it starts.
public struct RunSummary: Sendable, Equatable {
  /// The tenant's name: `demo tenant`, or a host.
  public var tenantName: String
  /// The response type, such as `code id_token`.
  public var responseType: String
  /// The response mode.
  public var responseMode: String
  /// The client's identifier.
  public var clientID: String
  /// The redirect URI.
  public var redirectURI: String
  /// `live` or `replay`.
  public var pace: String
  /// Whether the tenant is the built-in one, whose internals are visible.
  public var isDemo: Bool
  /// The lifetime of a code in seconds, if it is known.
  public var codeLifetimeSeconds: Int64?
  /// Whether the tenant's codes do not expire while people read.
  public var codesWait = false
  /// Pages that may come between sign-in and authorization response, a sentence each.
  public var pages: [String] = []
  /// Whether the answer goes to the site of somebody else, and is pasted.
  public var awaitsPaste = false
  /// The hosts to which plain http is allowed besides this machine.
  public var plainHTTPHosts: [String] = []
  /// Where the person's browser is.
  public var reach = BrowserReach.here
  /// The certificate that a real browser is shown at the redirect URI; nil without https.
  public var certificate: CertificateNote?
  /// The fault of the run; nil for an honest one.
  public var lab: LabRun?
  /// The recording that is replayed; nil for a live run.
  public var replay: ReplayStatus?
  /// What is watched, and the logins so far; nil outside of `watch`.
  public var watch: WatchStatus?
  /// The file to which the run is recorded; nil if it is in memory only.
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

/// A request of the model to its controller.
public enum ExplorerAction: Sendable, Equatable {
  /// Pass this event to the machine.
  case post(FlowEvent)
  /// Start a new run.
  case restart
  /// Quit the program.
  case quit
  /// Start over with this client authentication method.
  case authenticate(ClientAuthenticationMethod)
  /// Open the last URL in the real browser again.
  case openBrowser
  /// Copy this text to the clipboard.
  case copy(String)
  /// Copy the run in this form to the clipboard.
  case copyExport(ExportFormat)
  /// Export the run in this form to this file; nil for a generated name.
  case export(ExportFormat, path: String?)
  /// Release the terminal and stop until the shell continues the program.
  case suspend
  /// Draw the whole screen again.
  case redraw
  /// Use the mouse or release it.
  case captureMouse(Bool)
  /// List the themes.
  case chooseTheme
  /// Start over, and send this request of the new run as edited.
  case rerun(RequestDraft.Kind, RequestEdit)
  /// List the faults of the lab.
  case chooseFault
  /// Start over with a fault, or without one; possibly with its check switched off.
  case commitFault(id: String?, switchesCheckOff: Bool)
  /// Start over at the demo tenant under these rules.
  case useRules(SecurityRules)
  /// Start over and run to this stage, with the same sign-in.
  case runAgain(to: Stage)
  /// Start or stop to record the run to a file.
  case toggleRecording
  /// Replay the rest of the recording.
  case replayToEnd
  /// Tell the names of recordings and themes, for the palette.
  case tellNames
  /// List the recordings.
  case listRecordings
  /// Replay this recording; an empty name returns to the live run.
  case openRecording(name: String)
  /// Compare the run with this recording.
  case compareWith(name: String)
  /// Delete this recording of the person.
  case deleteRecording(name: String)
  /// Show the watched login with this number.
  case showLogin(Int)
  /// Compare the login on the screen with the one of this number.
  case compareLogin(Int)
  /// Use the theme of this name, if it exists.
  case useTheme(id: String)
  /// Save this theme as the person's choice.
  case keepTheme(id: String)
  /// Do this with a workshop.
  case workshop(WorkshopOrder)
  /// Do this with a drill.
  case drill(DrillOrder)
  /// Do this with connections.
  case connections(ConnectionOrder)
}

/// The characters that may be drawn.
public enum GlyphSet: String, Sendable, Hashable, CaseIterable {
  /// Box drawing and check marks.
  case unicode
  /// Only ASCII, for terminals and locales without other characters.
  case ascii

  /// Replaces the characters of a frame.
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
    // What is forged: its stroke, its sender, and the barrier before it.
    case "\u{2550}": "~"
    case "\u{2620}": "!"
    case "\u{258C}": "#"
    case "\u{2506}": ":"
    case "\u{2717}": "x"
    case "\u{25CB}", "\u{25CF}", "\u{2022}": glyph == "\u{25CB}" ? "o" : "*"
    case "\u{2026}", "\u{00B7}": "."
    case "\u{2018}", "\u{2019}": "'"
    case "\u{201C}", "\u{201D}": "\""
    case "\u{25C6}": "*"
    case "\u{25C7}": "+"
    case "\u{25AC}": "-"
    case "\u{2588}": "#"
    case "": " "
    default: "?"
    }
  }
}
