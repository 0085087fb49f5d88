import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Lab
@testable import Recording
@testable import Session
@testable import Settings
@testable import Platform

/// A folder of its own, gone with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func read(_ name: String) throws -> Recording {
    try Recording.read(Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))))
  }
}

/// What is kept, when, and where.
@Suite(.serialized) struct RecorderTests {
  private func play(_ run: ScriptedRun, into recorder: Recorder) {
    for item in run.tape { recorder.take(item.event, at: item.at, in: .idle) }
  }

  private func recorder(_ folder: ScratchFolder, overwrites: Bool = false) -> Recorder {
    Recorder(folder: folder.path + "/own/deep", overwrites: overwrites)
  }

  @Test func `the key saves what has happened so far, and what follows`() throws {
    let folder = try ScratchFolder()
    let recorder = recorder(folder)
    #expect(recorder.toggle() == "There is no run to record yet.")
    let run = try scriptedRun()
    for item in run.tape.prefix(10) { recorder.take(item.event, at: item.at, in: .idle) }
    #expect(folder.names == [] && recorder.path == nil)
    let said = recorder.toggle()
    let path = try #require(recorder.path)
    #expect(said.contains(path) && path.hasPrefix(folder.path + "/own/deep/2026-11-23-090000-demo"))
    for item in run.tape.dropFirst(10) { recorder.take(item.event, at: item.at, in: .idle) }
    #expect(recorder.toggle() == "Recorded to \(path).")
    let recording = try Recording.read(Array(try Data(contentsOf: URL(filePath: path))))
    #expect(recording.events.map(\.at) == run.tape.map(\.at))
    // Its owner's alone, and so is the folder.
    let file = try FileManager.default.attributesOfItem(atPath: path)
    #expect((file[.posixPermissions] as? Int) == 0o600)
    let own = try FileManager.default.attributesOfItem(atPath: folder.path + "/own")
    #expect((own[.posixPermissions] as? Int) == 0o700)
    // Once more: another file, from the beginning again.
    _ = recorder.toggle()
    #expect(recorder.path?.hasSuffix("-2.jsonl") == true)
    recorder.stop()
  }

  @Test func `every run has a file of its own, with a number in its name`() throws {
    let folder = try ScratchFolder()
    let recorder = recorder(folder)
    try recorder.record(to: folder.path + "/run.jsonl")
    let run = try scriptedRun()
    for _ in 0..<3 { play(run, into: recorder) }
    recorder.stop()
    #expect(folder.names == ["run-2.jsonl", "run-3.jsonl", "run.jsonl"])
    for name in folder.names {
      #expect(try folder.read(name).events.count == run.tape.count)
    }
    #expect(RecordingFile.numbered("a.b/c", 2) == "a.b/c-2")
    #expect(RecordingFile.numbered("/a/.b", 2) == "/a/.b-2")
  }

  @Test(arguments: [false, true])
  func `a file that nobody named is never replaced`(overwrites: Bool) throws {
    let folder = try ScratchFolder()
    for name in ["run-2.jsonl", "run-4.jsonl"] {
      try Data("mine".utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }
    if overwrites { try Data("old".utf8).write(to: URL(filePath: "\(folder.path)/run.jsonl")) }
    let recorder = recorder(folder, overwrites: overwrites)
    try recorder.record(to: folder.path + "/run.jsonl")
    let run = try scriptedRun()
    for _ in 0..<3 { play(run, into: recorder) }
    recorder.stop()
    #expect(recorder.trouble == nil)
    #expect(
      folder.names
        == ["run-2.jsonl", "run-3.jsonl", "run-4.jsonl", "run-5.jsonl", "run.jsonl"])
    for name in ["run-2.jsonl", "run-4.jsonl"] {
      #expect(try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8) == "mine")
    }
    for name in ["run.jsonl", "run-3.jsonl", "run-5.jsonl"] {
      #expect(try folder.read(name).events.count == run.tape.count)
    }
  }

  @Test func `the same value has another placeholder in another recording`() throws {
    let folder = try ScratchFolder()
    let recorder = recorder(folder)
    try recorder.record(to: folder.path + "/run.jsonl")
    let run = try scriptedRun()
    for _ in 0..<2 { play(run, into: recorder) }
    recorder.stop()
    func verifier(_ name: String) throws -> String? {
      guard case .started(_, let secrets)? = try folder.read(name).events.first?.event else {
        return nil
      }
      return secrets.codeVerifier.reveal()
    }
    let (one, two) = (try verifier("run.jsonl"), try verifier("run-2.jsonl"))
    #expect(one != nil && two != nil && one != two)
  }

  @Test func `a file that is there is not touched, unless that is wanted`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/run.jsonl"
    try Data("mine".utf8).write(to: URL(filePath: path))
    let fault = #expect(throws: UsageError.self) { try recorder(folder).record(to: path) }
    #expect(fault?.message.contains("is there already and was not touched") == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    let replacing = recorder(folder, overwrites: true)
    try replacing.record(to: path)
    play(try scriptedRun(), into: replacing)
    replacing.stop()
    #expect(try folder.read("run.jsonl").events.count > 10)
    for bad in [folder.path, folder.path + "/no/where.jsonl", "/proc/run.jsonl"] {
      let fault = #expect(throws: UsageError.self) { try recorder(folder).record(to: bad) }
      #expect(fault?.message.contains(bad) == true)
    }
    // Not a device, and not what a link points at.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: path)
    for bad in ["/dev/null", folder.path + "/link", folder.path] {
      let fault = #expect(throws: UsageError.self) { try replacing.record(to: bad) }
      #expect(fault?.message.contains("no ordinary file") == true, "\(bad)")
    }
    try FileManager.default.removeItem(atPath: folder.path + "/link")
    // Nothing was written to it, so it is not there.
    try recorder(folder).record(to: folder.path + "/empty.jsonl")
    #expect(folder.names == ["run.jsonl"])
  }

  @Test func `a full disk stops the recording with a word`() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    let file = RecordingFile(descriptor: full, path: "/dev/full")
    let fault = #expect(throws: UsageError.self) { try file.write("{}\n") }
    #expect(fault?.message == "/dev/full cannot be written to its end: No space left on device.")
    // And it stays at that; what was not made here is not taken away either.
    try file.write("{}\n")
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func `ticks of the clock are kept only where a wait ends with one`() throws {
    let folder = try ScratchFolder()
    let recorder = recorder(folder)
    try recorder.record(to: folder.path + "/run.jsonl")
    let run = try scriptedRun()
    let now = ScriptedRun.start
    let away = Situation.browserAway(.authenticate, since: now, until: now.adding(seconds: 300))
    let first = try #require(run.tape.first)
    recorder.take(first.event, at: first.at, in: .idle)
    recorder.take(.clockAdvanced, at: now, in: .ready(next: .authorize))
    recorder.take(.clockAdvanced, at: now.adding(seconds: 299), in: away)
    recorder.take(.clockAdvanced, at: now.adding(seconds: 300), in: away)
    recorder.stop()
    let events = try folder.read("run.jsonl").events.map(\.event)
    #expect(events.count == 2 && events.last == .clockAdvanced)
  }

  @Test func `the store lists, opens and deletes one's own`() throws {
    let folder = try ScratchFolder()
    let store = RecordingStore(folder: folder.path)
    let run = try scriptedRun(fault: Lab.fault("mix-up"))
    let file = Recording.file(of: run.tape)
    try Data(file).write(to: URL(filePath: folder.path + "/one.jsonl"))
    try Data("junk".utf8).write(to: URL(filePath: folder.path + "/two.jsonl"))
    try Data("junk".utf8).write(to: URL(filePath: folder.path + "/other.txt"))
    #expect(store.own.map(\.name) == ["two.jsonl", "one.jsonl"])
    #expect(store.own.map { $0.fault == nil } == [false, true])
    #expect(try store.open("one").events.count == run.tape.count)
    #expect(try store.open("one.jsonl").header["fault"] == "mix-up")
    #expect(store.listing.contains("demo tenant, code id_token, fault mix-up"))
    #expect(throws: UsageError.self) { try store.delete("../one.jsonl") }
    #expect(throws: UsageError.self) { try store.delete("other.txt") }
    try store.delete("one.jsonl")
    #expect(folder.names == ["other.txt", "two.jsonl"])
    let fault = #expect(throws: UsageError.self) { try store.open("swapped-cod") }
    #expect(fault?.message.contains("Did you mean swapped-code?") == true)
  }
}
