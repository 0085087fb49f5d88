import Commands
import Glibc
import HybridFlow
import OpenID
import Platform
import Recording
import Settings
import TextUI
import Terminal

/// The program's work with recordings.
extension Program {
  /// The recorder for the options; every run is kept in memory at least.
  func recorder(_ invocation: Invocation) throws(UsageError) -> Recorder {
    let keeps = invocation.has(.recordSecrets)
    let recorder = Recorder(
      folder: ProgramPaths(environment: environment).recordings, keepsSecrets: keeps,
      overwrites: invocation.has(.overwrite))
    if let path = invocation[.record] {
      if invocation.command == .lab, invocation.has(.all) || invocation.has(.list) {
        throw UsageError("--record needs faults by name: it keeps what is sent over real sockets.")
      }
      try recorder.record(to: path)
      if keeps {
        streams.complain(
          "hybrid-flow: \(HarmlessText.line(path)) keeps every secret of this run, because of "
            + "--record-secrets. Do not hand it on.\n")
      }
    } else if invocation.has(.overwrite) {
      throw UsageError("--overwrite says what to do with the file of --record FILE: give both.")
    } else if keeps, invocation.command != .explore {
      throw UsageError("--record-secrets says how to record: give --record FILE as well.")
    }
    recorder.onTrouble = { [streams] text in
      streams.complain("hybrid-flow: \(HarmlessText.line(text))\n")
    }
    return recorder
  }

  /// `hybrid-flow compare`.
  func compare(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let words = invocation.operands
    guard words.count == 2 else {
      throw UsageError("\"compare\" needs two recordings. See hybrid-flow replay --list.")
    }
    let store = RecordingStore(folder: ProgramPaths(environment: environment).recordings)
    let face = CompareCommand(
      (try store.open(words[0]), words[0]), (try store.open(words[1]), words[1]))
    let text =
      invocation.has(.json) ? face.json : face.text(isASCII: invocation.has(.ascii))
    return streams.write(text) ? .exit(ExitCode.success) : .signal(SIGPIPE)
  }

  /// The logins of a HAR, for the person to choose one.
  private func list(_ book: HARBook, isJSON: Bool) -> RunOutcome {
    for warning in book.warnings {
      streams.complain("hybrid-flow: \(HarmlessText.line(warning))\n")
    }
    let text =
      isJSON
      ? book.json
      : "\(HarmlessText.line(book.name)) holds \(book.logins.count) logins. Give --login N for one:\n"
        + book.listing
    return streams.write(text) ? .exit(ExitCode.success) : .signal(SIGPIPE)
  }

  /// Writes a run that is over to the file of `--record`.
  private func keep(_ recording: Recording, _ recorder: Recorder) throws(UsageError) {
    recorder.take(recording)
    recorder.stop()
    if let trouble = recorder.trouble { throw UsageError(trouble) }
  }

  /// `hybrid-flow explore FILE`: a HAR or a recording, offline.
  func explore(file word: String, _ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let counts: Set<Setting.Group> = [.output, .general]
    let vain = Setting.options(of: .explore).first {
      invocation.has($0) && !counts.contains($0.group)
    }
    if let vain {
      throw UsageError(
        "\(vain.name) means nothing with \(word), which is shown as it is: leave one out.")
    }
    return try replay(invocation)
  }

  /// A recording, or else a login that was pasted into a file.
  private func opened(_ word: String, _ store: RecordingStore) throws(UsageError) -> Recording {
    do throws(UsageError) {
      return try store.open(word)
    } catch {
      guard let book = try PastedLogin.book(word, now: .now) else { throw error }
      streams.complain(
        "hybrid-flow: \(HarmlessText.line(word)) holds no times: it is read as if all had happened "
          + "now.\n")
      return try book.recording()
    }
  }

  /// `hybrid-flow replay`.
  func replay(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let store = RecordingStore(folder: ProgramPaths(environment: environment).recordings)
    if let path = invocation[.make] {
      do {
        try OutputFolder.write(try RecordingLibrary.pack(), to: path)
        return .exit(ExitCode.success)
      } catch let fault as UsageError { throw fault } catch { return machineFault("\(error)") }
    }
    if invocation.has(.list) {
      return streams.write(store.listing) ? .exit(ExitCode.success) : .signal(SIGPIPE)
    }
    guard let word = invocation.operands.first else {
      throw UsageError("\"replay\" needs a recording. See hybrid-flow replay --list.")
    }
    var style = try RunStyle(invocation, PrintStyle(invocation, environment))
    let order = try HAROrder(invocation)
    let recording: Recording
    if let book = try store.har(word, server: order.serverLog) {
      if order.login == nil, book.logins.count > 1 { return list(book, isJSON: style.isJSON) }
      recording = try book.recording(login: order.login)
    } else {
      if let vain = order.vain { throw UsageError("\(vain) is for a HAR, and \(word) is none.") }
      recording = try opened(word, store)
    }
    if invocation[.record] != nil { try keep(recording, try recorder(invocation)) }
    // Output to a pipe or a file has no screen to step through.
    if !style.isJSON, isatty(STDOUT_FILENO) == 0 { style.isPlain = true }
    if style.isJSON || style.isPlain {
      return ReplayCommand(recording, style: style, sink: streams).run()
    }
    return try explore(invocation, replaying: recording, named: word)
  }
}
