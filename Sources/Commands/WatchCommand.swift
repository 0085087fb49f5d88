import Export
import HybridFlow
import Network
import OpenID
import Platform
import Presentation
import Recording
import Redaction
import Session
import Settings

/// `hybrid-flow watch --json`: the logins of somebody else's application, a line a stage.
public final class WatchCommand {
  private let watch: LoginWatch
  private let loop: PollLoop
  private let sink: any TextSink
  private let reveals: Bool
  private var isEnded = false
  private var hasFailed = false
  /// The lines already printed, by login and stage; stage 0 is the result.
  private var told: [Int: [Int: JSONValue]] = [:]

  /// Makes a command.
  public init(_ watch: LoginWatch, loop: PollLoop, sink: any TextSink, reveals: Bool) {
    (self.watch, self.loop, self.sink, self.reveals) = (watch, loop, sink, reveals)
    watch.onLogin = { [weak self] number in self?.tell(number) }
    watch.onStrangeCode = { [weak self] in
      self?.sink.complain(
        "hybrid-flow: a token request came with a code of no login that was seen here.\n")
    }
    watch.host.onFailure = { [weak self] why in
      self?.sink.complain("hybrid-flow: \(HarmlessText.line(why))\n")
      self?.hasFailed = true
      self?.isEnded = true
    }
  }

  /// Prints until ``stop()``; returns the exit code.
  public func run() -> Int32 {
    let document = (try? ProviderMetadata.documentURL(of: watch.host.issuer))?.text ?? ""
    write([
      "type": "tenant", "issuer": .string(watch.host.issuer.text), "discovery": .string(document),
    ])
    while !isEnded { loop.turn() }
    watch.stop()
    for login in watch.logins.logins { tell(login.number) }
    watch.host.stop()
    return hasFailed ? ExitCode.machine : ExitCode.success
  }

  /// Stops it in the next turn of the loop.
  public func stop() {
    isEnded = true
    loop.post {}
  }

  /// Prints what is new of a login: a stage that ended, or one of which more is known now.
  private func tell(_ number: Int) {
    guard let login = watch.logins[number] else {
      told[number] = nil
      return
    }
    var run = ReplayRun(login.recording())
    run.finish()
    let transcript = run.machine.transcript
    guard let configuration = run.recording.configuration else { return }
    var wire = WireSecretReader()
    let redactor =
      reveals
      ? Redactor.revealing
      : Redactor(
        secrets: transcript.secrets + wire.all(in: transcript)
          + WireSecrets.configured(configuration))
    var isNew = false
    for record in transcript.stages
    where [.passed, .failed, .skipped].contains(record.status) {
      let line = RunJSON.stage(record, redactor: redactor)
      if tell(line, number, place: record.stage.number) { isNew = true }
    }
    // The result stays the last line of a login, also when more became known of a stage.
    if isNew { told[number]?[0] = nil }
    switch run.machine.situation {
    case .finished, .failed:
      let exit = transcript.firstFailure?.exitCode ?? ExitCode.success
      tell(
        RunJSON.result(transcript, configuration, exit: exit, redactor: redactor), number,
        place: 0)
    case .idle, .ready, .busy, .pageShown, .browserAway: break
    }
    let kept = Set(watch.logins.logins.map(\.number))
    told = told.filter { kept.contains($0.key) }
  }

  /// Prints a line unless it was printed already; returns whether it was new.
  @discardableResult
  private func tell(_ line: JSONValue, _ number: Int, place: Int) -> Bool {
    guard told[number]?[place] != line else { return false }
    told[number, default: [:]][place] = line
    var line = line
    line.set("login", .number(JSONNumber(Int64(number))))
    write(line)
    return true
  }

  private func write(_ line: JSONValue) {
    if !sink.write(RunJSON.text(of: line)) { isEnded = true }
  }
}
