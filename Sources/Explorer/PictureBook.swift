import Export
import HybridFlow
import Lab
import OpenID
import Presentation
import Redaction
import Session
import TextUI

/// The pictures of the explorer: real frames of scripted runs, drawn as SVG.
public struct PictureBook {
  /// One picture.
  public struct Page: Sendable, Equatable {
    /// What it shows.
    public let scene: Scene
    /// The size of the screen.
    public let size: ScreenSize
    /// The theme.
    public let themeID: String

    /// The file's name: `05-callback-80x24-calm-dark.svg`.
    public var fileName: String { "\(scene.name)-\(size)-\(themeID).svg" }
  }

  /// The sizes: a small terminal, a projector, a desktop.
  public static let sizes = [
    ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 120, rows: 36),
    ScreenSize(columns: 200, rows: 50),
  ]
  /// The themes: dark, light, and for a projector.
  public static let themeIDs = [ThemeLibrary.darkID, "okabe-ito-light", ThemeLibrary.lightID]
  /// The file of the attack that is caught.
  public static let attackFileName = "attack.svg"

  /// The stored pictures: every stage in every size, everything else in one; all in three themes.
  public static let pages: [Page] =
    Stage.allCases.flatMap { stage in
      sizes.flatMap { size in
        themeIDs.map { Page(scene: Scene(stage), size: size, themeID: $0) }
      }
    }
    + Scene.others.flatMap { scene in
      themeIDs.map {
        Page(scene: scene, size: ScreenSize(columns: 120, rows: 36), themeID: $0)
      }
    }

  private typealias Moment = (machine: FlowMachine, at: UnixTime)

  /// The state of the honest run for each stage's picture.
  private let moments: [Stage: Moment]
  /// The honest run while the person reads the login page.
  private let signIn: Moment
  /// The runs with a fault, to their ends.
  private let attacks: [String: ScriptedRun]

  /// Runs the flows from which the pictures are made.
  ///
  /// - Throws: When the fixed key cannot be used.
  public init() throws {
    var moments: [Stage: Moment] = [:]
    var run = try ScriptedRun()
    run.begin()
    moments[.login] = (run.machine, run.now)
    var signIn: Moment = (run.machine, run.now)
    while case .ready(let next) = run.machine.situation {
      if next == .authenticate {
        run.advance(fillingForms: false)
        signIn = (run.machine, run.now)
        run.fillForms()
      } else {
        run.advance()
      }
      moments[next] = (run.machine, run.now)
    }
    (self.moments, self.signIn) = (moments, signIn)
    var attacks: [String: ScriptedRun] = [:]
    for id in Set(Scene.others.compactMap(\.fault) + [Self.attackID]) {
      guard let fault = Lab.fault(id) else { continue }
      attacks[id] = try Lab.run(of: fault, type: fault.shown(with: .codeIDToken))
    }
    self.attacks = attacks
  }

  private static let attackID = "swapped-code"

  private static func model(theme: Theme) -> ExplorerModel {
    let summary = RunSummary(
      tenantName: "demo tenant", responseType: ResponseType.codeIDToken.rawValue,
      responseMode: ResponseMode.formPost.rawValue, clientID: "hybrid-flow-explorer",
      redirectURI: "http://localhost:8910/callback", isDemo: true, codeLifetimeSeconds: 60)
    var model = ExplorerModel(summary: summary, theme: theme)
    model.faults = Lab.entries(for: .codeIDToken)
    return model
  }

  /// Turns the model to a stage of the run with this fault, or of the honest one.
  private func turn(_ model: inout ExplorerModel, to stage: Stage, _ fault: String?) {
    if let fault, let run = attacks[fault] {
      let transcript = run.machine.transcript
      model.summary.lab = model.faults.first { $0.id == fault }.map {
        LabRun(entry: $0, isCheckOff: false)
      }
      model.update(
        transcript: transcript.asOf(stage), situation: transcript.situation(asOf: stage),
        at: transcript[stage].endedAt ?? run.now, secrets: WireSecrets.all(in: transcript))
      return
    }
    guard let moment = moments[stage] else { return }
    show(moment, &model)
  }

  private func show(_ moment: Moment, _ model: inout ExplorerModel) {
    model.update(
      transcript: moment.machine.transcript, situation: moment.machine.situation, at: moment.at,
      secrets: WireSecrets.all(in: moment.machine.transcript))
  }

  /// The picture of a page.
  ///
  /// - Throws: `ThemeError` for an unknown theme.
  public func svg(_ page: Page) throws -> String {
    var model = Self.model(theme: try ThemeLibrary().theme(page.themeID).theme)
    let scene = page.scene
    try stage(scene, &model)
    let now = model.now
    for key in scene.keys { _ = model.handle(key, at: now, size: page.size) }
    let frame = ExplorerScreen(model).frame(size: page.size)
    return SVGWriter.svg(frame, theme: model.theme, title: scene.title)
  }

  /// Turns the model to what a scene shows, before any key.
  private func stage(_ scene: Scene, _ model: inout ExplorerModel) throws {
    switch scene.kind {
    case .run:
      turn(&model, to: scene.stage, scene.fault)
      model.show(scene.view)
    case .signIn: show(signIn, &model)
    case .drill:
      guard let drill = Scene.drill else { return }
      let run = try drill.rounds[0].run()
      let (machine, path) = (run.machine, run.configuration.redirectURI.path)
      model.show(drill: DrillGame(drill, at: run.now))
      model.update(
        transcript: machine.transcript.covered(redirectPath: path),
        situation: machine.situation.covered, at: run.now,
        secrets: WireSecrets.all(in: machine.transcript))
    case .workshop:
      let workshop = try WorkshopFile.builtIn()
      let index = workshop.steps.firstIndex { $0.fault == scene.fault && $0.kind == .verdict }
      guard let index else { return }
      turn(&model, to: scene.stage, scene.fault)
      let clock = WorkshopClock(since: model.now.adding(seconds: -18 * 60))
      model.show(workshop: WorkshopState(workshop, index: index, clock: clock))
      model.arrive(at: workshop.steps[index], stage: scene.stage)
    }
  }

  /// An attack that is caught, as one animated picture of less than a quarter of a minute.
  ///
  /// - Throws: `ThemeError` when the theme is missing.
  public func attack() throws -> String {
    let size = ScreenSize(columns: 110, rows: 32)
    var model = Self.model(theme: try ThemeLibrary().theme(ThemeLibrary.darkID).theme)
    model.asksForVerdicts = true
    var steps: [AnimatedSVG.Step] = []
    func show(_ milliseconds: Int) {
      steps.append(
        AnimatedSVG.Step(
          frame: ExplorerScreen(model).frame(size: size), milliseconds: milliseconds))
    }
    turn(&model, to: .authorize, Self.attackID)
    show(2000)
    self.show(signIn, &model)
    show(1500)
    turn(&model, to: .callback, Self.attackID)
    show(3500)
    _ = model.handle(.right, at: model.now, size: size)
    show(4500)
    model.show(.story)
    show(3000)
    return AnimatedSVG.svg(
      steps, theme: model.theme,
      title: "An attacker swaps the code on its way through the browser, and c_hash catches it",
      description: [
        "The application sends the browser to the tenant.",
        "Ada signs in on the tenant\u{2019}s page.",
        "The answer arrives with another code. Which check catches it?",
        "c-hash-match fails: the code is not the one that the signed ID token was issued with.",
        "The flow stops at stage 5: the code is not sent.",
      ].joined(separator: "\n"))
  }
}
