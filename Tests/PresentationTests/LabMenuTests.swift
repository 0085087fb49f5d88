import HybridFlow
import Lab
import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import Session
@testable import TextUI

/// The lab in the explorer: choosing a fault, switching its check off, and seeing both.
@Suite struct LabMenuTests {
  private let faults = Lab.entries(for: .codeIDToken)

  private func open() throws -> ExplorerModel {
    var model = try #require(Sample.walk.first)
    #expect(model.press(.character("x")) == [.chooseFault])
    model.offer(faults: faults)
    return model
  }

  @Test func `the list holds every fault, told with its lesson and its check`() throws {
    var model = try open()
    for (index, entry) in faults.enumerated() where index % 9 == 0 {
      model.overlays[LabMenu.self]?.index = index + 1
      for size in [
        ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
      ] {
        let text = model.lines(size).joined(separator: "\n")
        #expect(text.contains(entry.id), "\(entry.id) at \(size)")
        let place = entry.afterwards.isEmpty ? "at stage \(entry.stage.number)" : "after the flow"
        #expect(text.contains("Caught \(place)"), "\(entry.id) at \(size)")
        if entry.canSwitchOff, size.columns == 200 {
          for name in entry.companions { #expect(text.contains(name), "\(entry.id)") }
        }
      }
    }
  }

  @Test func `enter starts over with the marked fault, and the first row is the honest flow`()
    throws
  {
    var model = try open()
    #expect(
      model.press(.enter) == [.commitFault(id: faults[0].id, switchesCheckOff: false)])
    model = try open()
    #expect(model.press(.up, .enter) == [.commitFault(id: nil, switchesCheckOff: false)])
    #expect(model.overlays[LabMenu.self] == nil)
  }

  @Test func `space switches the check off, and moving on switches it on again`() throws {
    var model = try open()
    #expect(
      model.press(.character(" "), .enter)
        == [.commitFault(id: faults[0].id, switchesCheckOff: true)])
    model = try open()
    #expect(
      model.press(.character(" "), .down, .enter)
        == [.commitFault(id: faults[1].id, switchesCheckOff: false)])
  }

  @Test(arguments: [(60, 16), (80, 24), (100, 30), (110, 32), (120, 36), (200, 50)])
  func `stage and check stand beside each name, at every size`(columns: Int, rows: Int) throws {
    let size = ScreenSize(columns: columns, rows: rows)
    for (index, entry) in faults.enumerated() where index % 7 == 0 {
      var model = try open()
      model.overlays[LabMenu.self]?.index = index + 1
      let marked = try #require(model.lines(size).first { $0.contains("\u{25B8}") })
      let place = entry.afterwards.isEmpty ? "at \(entry.stage.number) " : "after"
      #expect(marked.contains(place), "\(marked)")
      // Where there is little room a long name is cut; what it begins with stays.
      #expect(marked.contains(entry.id.prefix(20)) && marked.contains(entry.caughtBy.prefix(16)))
      if columns >= 80 {
        #expect(marked.contains(entry.id) && marked.contains(entry.caughtBy), "\(marked)")
      }
    }
  }

  @Test func `letters find by name, kind, check and deed, and what was typed is shown`() throws {
    for (typed, found) in [
      ("swapped-code", "swapped-code"), ("replayed-id", "replayed-id-token"),
      ("SWAPPED-A", "swapped-access-token"), ("c-hash-match", "swapped-code"),
      ("code-unexpired", "expired-code"), ("hash claims", ""), ("refresh-rot", ""),
    ] {
      var model = try open()
      for letter in typed where letter != " " { _ = model.press(.character(letter)) }
      let chosen = try #require(model.overlays[LabMenu.self]?.chosen, "\(typed)")
      if !found.isEmpty { #expect(chosen.id == found, "\(typed)") }
      for size in [ScreenSize(columns: 60, rows: 16), Sample.size] {
        let text = model.lines(size).joined(separator: "\n")
        #expect(text.contains("Lab  /\(typed.filter { $0 != " " })") || typed.contains(" "))
      }
    }
  }

  @Test func `no letter does anything but find`() throws {
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-?:.+!" {
      var model = try open()
      #expect(model.press(.character(letter)) == [])
      #expect(model.overlays[LabMenu.self]?.filter.text == String(letter))
      #expect(model.overlays[LabMenu.self]?.switchesOff == false && model.overlay == .lab)
    }
  }

  @Test func `what is not there says so, and escape forgets it before it closes`() throws {
    var model = try open()
    for letter in "zzz" { _ = model.press(.character(letter)) }
    for size in [ScreenSize(columns: 60, rows: 16), Sample.size] {
      #expect(model.lines(size).joined().contains("No fault has \u{201C}zzz\u{201D}."))
    }
    #expect(
      model.press(.enter, .character(" ")) == []
        && model.overlays[LabMenu.self]?.switchesOff == false)
    _ = model.press(.backspace)
    #expect(model.overlays[LabMenu.self]?.filter.text == "zz")
    _ = model.press(.escape)
    #expect(model.overlays[LabMenu.self]?.filter.text == "" && model.overlay == .lab)
    #expect(model.overlays[LabMenu.self]?.count == faults.count + 1)
    _ = model.press(.escape)
    #expect(model.overlays[LabMenu.self] == nil)
  }

  @Test func `arrows, pages and ends move among what was found`() throws {
    var model = try open()
    for letter in "swapped" { _ = model.press(.character(letter)) }
    let count = try #require(model.overlays[LabMenu.self]?.count)
    #expect(count > 3 && count < faults.count)
    #expect(model.press(.end, .down) == [] && model.overlays[LabMenu.self]?.index == count - 1)
    #expect(model.press(.home) == [] && model.overlays[LabMenu.self]?.index == 0)
    #expect(model.press(.down) == [] && model.overlays[LabMenu.self]?.index == 1)
    #expect(model.press(.pageDown, .pageUp) == [] && model.overlays[LabMenu.self]?.index == 0)
    // The slash begins anew, at the row that was marked.
    let id = model.overlays[LabMenu.self]?.chosen?.id
    _ = model.press(.character("/"))
    #expect(
      model.overlays[LabMenu.self]?.chosen?.id == id
        && model.overlays[LabMenu.self]?.filter.text == "")
  }

  @Test func `what the tenant catches itself has no check to switch off`() throws {
    var model = try open()
    let index = try #require(faults.firstIndex { !$0.canSwitchOff && $0.stage == .verify })
    model.overlays[LabMenu.self]?.index = index + 1
    #expect(
      model.press(.character(" "), .enter)
        == [.commitFault(id: faults[index].id, switchesCheckOff: false)])
  }

  @Test func `a run in the lab says so loudly at every size`() throws {
    var model = try #require(Sample.walk.last)
    model.summary.lab = LabRun(entry: faults[0], isCheckOff: true)
    for columns in [80, 100, 120, 200] {
      let header = model.lines(ScreenSize(columns: columns, rows: 36))[0]
      #expect(header.contains("LAB \(faults[0].id)"), "\(columns)")
      #expect(header.contains("\(faults[0].caughtBy) OFF"), "\(columns)")
    }
  }

  @Test func `what is switched off besides is named where there is room`() throws {
    let entry = try #require(faults.first { $0.companions.count > 1 && $0.canSwitchOff })
    var model = try #require(Sample.walk.last)
    model.summary.lab = LabRun(entry: entry, isCheckOff: true)
    let wide = model.lines(ScreenSize(columns: 200, rows: 36))[0]
    for name in entry.switched { #expect(wide.contains(name)) }
    let narrow = model.lines(ScreenSize(columns: 80, rows: 24))[0]
    #expect(narrow.contains("\(entry.caughtBy) OFF and \(entry.companions.count) more"))
  }

  @Test func `the view of the checks says which are off, at every size`() throws {
    let fault = try #require(Lab.fault("replayed-id-token"))
    let off: Set<CheckID> = [.nonceMatch, .cHashMatch]
    let outcome = try Lab.outcome(of: fault, type: .codeIDToken, checksOff: off)
    var model = try #require(Sample.walk.last)
    model.update(
      transcript: outcome.transcript, situation: .ready(next: .exchange), at: model.now,
      secrets: [])
    model.looking = .callback
    model.view = .checks
    for columns in [80, 120, 200] {
      let text = model.lines(ScreenSize(columns: columns, rows: 60)).filter {
        $0.contains("off (lab)")
      }
      #expect(text.count == off.count, "\(columns): \(text)")
      for id in off { #expect(text.contains { $0.contains(id.rawValue) }) }
    }
  }

  @Test func `a stranger's post is told of while the browser is away, at every size`() throws {
    var run = try ScriptedRun { $0.userAgent = .external }
    run.begin()
    run.post(.advanced)
    run.post(.advanced)
    run.post(
      .callbackArrived(
        CallbackNumber(9),
        HTTPRequest(
          method: "POST", target: "/callback",
          headers: ["Content-Type": "application/x-www-form-urlencoded"],
          body: Array("code=stolen&state=other".utf8))))
    var model = try #require(Sample.walk.first)
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: [])
    for size in [
      ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
    ] {
      // The sentence is broken where the pane ends.
      let text = model.lines(of: .detail, Layout(size: size, focus: .detail)).map(\.text)
        .joined(separator: " ").split(separator: " ").joined(separator: " ")
      #expect(
        text.contains("A POST came that is not the answer to this run: state-match failed."),
        "\(size): \(text)")
      #expect(model.lines(size).contains { $0.contains("A POST came that is not") }, "\(size)")
    }
    model.looking = .callback
    model.view = .checks
    #expect(model.lines(Sample.size).joined().contains("refused post"))
  }

  @Test func `a real tenant is never broken`() throws {
    var model = try #require(Sample.walk.first)
    model.summary.isDemo = false
    #expect(model.press(.character("x")).isEmpty)
    #expect(model.lines().joined().contains("demo tenant only"))
  }
}
