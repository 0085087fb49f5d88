import Export
import HybridFlow
import OpenID
import Presentation
import Redaction
import Session
import TextUI

/// The pictures of the explorer: real frames of a scripted run, drawn as SVG.
public struct PictureBook {
  /// One picture.
  public struct Page: Sendable, Equatable {
    /// The stage.
    public var stage: Stage
    /// The view of the stage.
    public var view: DetailView
    /// The size of the screen.
    public var size: ScreenSize
    /// The theme.
    public var themeID: String

    /// Makes a page.
    public init(_ stage: Stage, _ view: DetailView, size: ScreenSize, theme: String) {
      (self.stage, self.view, self.size, themeID) = (stage, view, size, theme)
    }

    /// The file's name: `05-callback-80x24-calm-dark.svg`.
    public var fileName: String {
      "\(stage.number < 10 ? "0" : "")\(stage.number)-\(stage.id)-\(size)-\(themeID).svg"
    }
    /// What the picture shows, in a few words.
    public var title: String { "Stage \(stage.number) of 10: \(stage.sentence)" }
  }

  /// The sizes: a small terminal, a projector, a desktop.
  public static let sizes = [
    ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 120, rows: 36),
    ScreenSize(columns: 200, rows: 50),
  ]
  /// The themes.
  public static let themeIDs = [
    ThemeLibrary.darkID, ThemeLibrary.lightID, "high-contrast-dark",
  ]
  /// The file of the whole run.
  public static let walkFileName = "walk.svg"

  /// The stored pictures: every stage in every size and theme.
  public static let pages: [Page] = Stage.allCases.flatMap { stage in
    sizes.flatMap { size in
      themeIDs.map { Page(stage, WalkFrames.view(of: stage), size: size, theme: $0) }
    }
  }

  private typealias Moment = (machine: FlowMachine, at: UnixTime)

  /// The state of the run for each stage's picture.
  private let moments: [Stage: Moment]

  /// Runs the flow from which the pictures are made.
  ///
  /// - Throws: When the fixed key cannot be used.
  public init() throws {
    var moments: [Stage: Moment] = [:]
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

  private static func model(theme: Theme) -> ExplorerModel {
    let summary = RunSummary(
      tenantName: "demo tenant", responseType: ResponseType.codeIDToken.rawValue,
      responseMode: ResponseMode.formPost.rawValue, clientID: "hybrid-flow-explorer",
      redirectURI: "http://localhost:8910/callback", isDemo: true, codeLifetimeSeconds: 60)
    return ExplorerModel(summary: summary, theme: theme)
  }

  private func turn(_ model: inout ExplorerModel, to stage: Stage) {
    guard let moment = moments[stage] else { return }
    model.update(
      transcript: moment.machine.transcript, situation: moment.machine.situation, at: moment.at,
      secrets: WireSecrets.all(in: moment.machine.transcript))
  }

  /// The picture of a page.
  ///
  /// - Throws: `ThemeError` for an unknown theme.
  public func svg(_ page: Page) throws -> String {
    var model = Self.model(theme: try ThemeLibrary().theme(page.themeID).theme)
    turn(&model, to: page.stage)
    model.show(page.view)
    let frame = ExplorerScreen(model).frame(size: page.size)
    return SVGWriter.svg(frame, theme: model.theme, title: page.title)
  }

  /// The whole run as one animated picture, stage by stage.
  ///
  /// - Throws: `ThemeError` when the theme is missing.
  public func walk() throws -> String {
    let size = ScreenSize(columns: 110, rows: 32)
    var model = Self.model(theme: try ThemeLibrary().theme(ThemeLibrary.darkID).theme)
    var steps: [AnimatedSVG.Step] = []
    func show(_ milliseconds: Int) {
      steps.append(
        AnimatedSVG.Step(
          frame: ExplorerScreen(model).frame(size: size), milliseconds: milliseconds))
    }
    for stage in Stage.allCases {
      turn(&model, to: stage)
      let best = WalkFrames.view(of: stage)
      if best == .page {
        show(2400)
        continue
      }
      model.show(.wire)
      show(2000)
      guard best != .wire else { continue }
      model.show(best)
      show(2600)
    }
    steps[steps.count - 1].milliseconds += 2000
    let stages = Stage.allCases.map { "\($0.number). \($0.sentence)." }
    return AnimatedSVG.svg(
      steps, theme: model.theme, title: "The ten stages of the hybrid flow, in the explorer",
      description: stages.joined(separator: "\n"))
  }
}
