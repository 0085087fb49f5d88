import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Presentation
import Recording
import Redaction
import Session
import Settings
import TextUI

/// The explorer's work with recordings.
extension ExplorerController {
  /// Shows trouble with the file on the screen.
  func tellOfRecorder() {
    session.recorder?.onTrouble = { [weak self] text in
      self?.model.tell(HarmlessText.line(text))
    }
  }

  /// Shows what is recorded and what is replayed.
  func showRecording() {
    model.summary.recording = session.recorder?.path.map {
      RecordingStatus(path: $0, keepsSecrets: session.recorder?.keepsSecrets ?? false)
    }
    model.summary.replay = session.replay.map { replay in
      ReplayStatus(
        name: replayName ?? "", isMasked: !replay.recording.header.keepsSecrets,
        now: replay.now, position: replay.position, count: replay.recording.events.count)
    }
    model.summary.replay?.isFromHAR = session.replay?.recording.isFromHAR == true
    model.summary.replay?.isWatched = session.replay?.recording.isWatched == true
    showWatch()
    if session.replay != nil, model.summary.lab == nil, let configuration = session.configuration {
      model.summary.lab = labRun(of: configuration)
    }
    model.summary.pace =
      model.summary.replay?.isWatched == true || logins != nil && session.replay == nil
      ? "watched" : session.replay == nil ? "live" : "replay"
  }

  /// The actions after the flow; all of them are unavailable in a replay.
  func offered(_ actions: [AfterOffer]) -> [AfterOffer] {
    guard session.replay != nil else { return actions }
    return actions.map {
      AfterOffer(action: $0.action, unavailable: "this is a recording")
    }
  }

  /// Shows the warnings about a recording when it is opened.
  func remarkOnRecording() {
    guard let replay = session.replay, let remark = replay.remarks.first else { return }
    model.tell(remark)
  }

  func toggleRecording() {
    guard let recorder = session.recorder else { return }
    model.tell(HarmlessText.line(recorder.toggle()))
    refresh()
  }

  func replayToEnd() {
    session.replay(toEnd: true)
    remarkOnRecording()
  }

  /// The names of recordings and themes.
  var names: KnownNames {
    KnownNames(
      recordings: recordings ?? [],
      themes: (themes?.themes() ?? [model.theme]).map { (id: $0.id, name: $0.name) })
  }

  func listRecordings() {
    if let recordings { model.offer(recordings: recordings) }
  }

  /// Those that come along, and the person’s own; nil without a place for them.
  private var recordings: [RecordingEntry]? {
    guard let store else { return nil }
    var entries = store.shipped.map {
      RecordingEntry(name: $0.name, about: $0.header?.title ?? "", isShipped: true)
    }
    entries =
      store.own.map {
        RecordingEntry(
          name: $0.name, about: RecordingStore.about($0), isShipped: false, fault: $0.fault)
      } + entries
    if session.replay != nil, hasLiveRun {
      entries.insert(
        RecordingEntry(name: "", about: "starts over", isShipped: true), at: 0)
    }
    return entries
  }

  /// Replays a recording, or returns to the live run.
  func openRecording(_ name: String) {
    guard !name.isEmpty else {
      session.leaveReplay()
      replayName = nil
      return use(liveConfiguration)
    }
    guard let store else { return }
    do throws(UsageError) {
      let recording = try store.open(store.own.first { $0.name == name }?.path ?? name)
      guard let configuration = recording.configuration else { return }
      session.open(recording)
      replayName = name
      use(configuration)
      remarkOnRecording()
    } catch {
      model.tell(HarmlessText.line(error.message))
    }
  }

  func deleteRecording(_ name: String) {
    guard let store else { return }
    if session.recorder?.path == store.folder + "/" + name {
      model.tell("This run is being written to it; R stops that.")
      return listRecordings()
    }
    do throws(UsageError) {
      try store.delete(name)
      model.tell("\(HarmlessText.line(name)) was deleted.")
    } catch {
      model.tell(HarmlessText.line(error.message))
    }
    listRecordings()
  }

  /// The lab fault of the recorded run.
  func labRun(of configuration: FlowConfiguration) -> LabRun? {
    guard session.replay != nil, let id = configuration.tampering?.faultID,
      let fault = Lab.fault(id)
    else { return nil }
    return LabRun(
      entry: LabEntry(fault, for: configuration.responseType),
      isCheckOff: !configuration.checksOff.isEmpty)
  }
}

extension ExplorerController {
  /// Compares the current run with a recording.
  func compare(with name: String) {
    guard let store else { return }
    do throws(UsageError) {
      let recording = try store.open(store.own.first { $0.name == name }?.path ?? name)
      let this = RunComparison.Side(
        session.machine.transcript, session.configuration,
        named: session.replay == nil ? "this run" : replayName ?? "this recording")
      model.offer(comparison: RunComparison(this, RunComparison.Side(recording, named: name)))
    } catch {
      model.tell(HarmlessText.line(error.message))
    }
  }
}
