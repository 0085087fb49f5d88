import HybridFlow
import OpenID
import Presentation

/// The pictures of the explorer: real frames of a scripted run, drawn as SVG.
public struct PictureBook {
  /// One picture.
  public struct Page: Sendable, Equatable {
    /// What is looked at.
    public var stage: Stage
    /// What is pressed before the picture is taken.
    public var keys: [Key]
    /// The size of the screen.
    public var size: ScreenSize
    /// The theme.
    public var themeID: String

    /// Describes a picture.
    public init(
      _ stage: Stage, keys: [Key] = [], columns: Int = 120, rows: Int = 36,
      theme: String = ThemeLibrary.darkID
    ) {
      self.stage = stage
      self.keys = keys
      size = ScreenSize(columns: columns, rows: rows)
      themeID = theme
    }

    /// The file's name.
    public var fileName: String { "\(stage.id)-\(size)-\(themeID).svg" }
    /// What the picture shows, in a few words.
    public var title: String { "Stage \(stage.number): \(stage.sentence)" }
  }

  /// The pictures that are kept: every stage once, three in other sizes, one on a light ground.
  public static let pages: [Page] = {
    let nextView = Key.character("]")
    let looks: [Stage: [Key]] = [
      .callback: [nextView, nextView], .tokens: [nextView], .authorize: [nextView],
    ]
    var pages = Stage.allCases.map { Page($0, keys: looks[$0] ?? []) }
    pages.append(Page(.callback, columns: 80, rows: 24))
    pages.append(Page(.authenticate, columns: 80, rows: 24))
    pages.append(Page(.tokens, keys: [nextView], columns: 200, rows: 50))
    pages.append(
      Page(.callback, keys: [nextView, nextView], theme: ThemeLibrary.lightID))
    return pages
  }()

  /// The moment at each stage that its picture shows.
  private let moments: [Stage: (machine: FlowMachine, at: UnixTime)]

  /// Plays the run from which the pictures are taken.
  ///
  /// - Throws: When the fixed key cannot be used.
  public init() throws {
    var moments: [Stage: (machine: FlowMachine, at: UnixTime)] = [:]
    var run = try ScriptedRun()
    run.begin()
    moments[.login] = (run.machine, run.now)
    while case .ready(let next) = run.machine.situation {
      // Stage 4 is shown while the page waits for the person.
      if next == .authenticate {
        run.advance(fillingForms: false)
        moments[next] = (run.machine, run.now)
        run.fillForms()
      } else {
        run.advance()
        moments[next] = (run.machine, run.now)
      }
    }
    self.moments = moments
  }

  /// The frame of a page.
  ///
  /// - Throws: `ThemeFault` for an unknown theme.
  public func frame(_ page: Page) throws -> (frame: Frame, theme: Theme) {
    let theme = try ThemeLibrary().theme(page.themeID).theme
    let summary = RunSummary(
      tenantName: "demo tenant", responseType: ResponseType.codeIDToken.rawValue,
      responseMode: ResponseMode.formPost.rawValue, clientID: "hybrid-flow-explorer",
      redirectURI: "http://localhost:8910/callback", isDemo: true, codeLifetimeSeconds: 60)
    var model = ExplorerModel(summary: summary, theme: theme)
    if let moment = moments[page.stage] {
      model.update(
        transcript: moment.machine.transcript, situation: moment.machine.situation, at: moment.at,
        secrets: WireSecrets.all(in: moment.machine.transcript))
      for key in page.keys { _ = model.handle(key, at: moment.at, size: page.size) }
    }
    return (ExplorerScreen(model).frame(size: page.size), theme)
  }

  /// The picture of a page.
  ///
  /// - Throws: `ThemeFault` for an unknown theme.
  public func svg(_ page: Page) throws -> String {
    let (frame, theme) = try frame(page)
    return SVGWriter.svg(frame, theme: theme, title: page.title)
  }
}
