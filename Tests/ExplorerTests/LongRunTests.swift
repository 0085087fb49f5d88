import Cryptography
import DemoTenant
import Foundation
import HybridFlow
import Network
import OpenID
import Recording
import Session
import Testing
@testable import Settings

/// Somebody who goes through one flow after another on a session, and never tires.
private final class Walker {
  let session: FlowSession
  private let configuration: FlowConfiguration
  private var person = PersonAtKeyboard()
  private var isFilling = false
  private var advancedTo: Stage?
  /// Flows that came to their end as they should.
  private(set) var finished = 0
  /// The first failures, in words.
  private(set) var failures: [String] = []
  private(set) var isUnderWay = false

  init(_ session: FlowSession, _ configuration: FlowConfiguration) {
    (self.session, self.configuration) = (session, configuration)
    session.onChange = { [weak self] in self?.changed() }
  }

  func begin() throws {
    (person, isFilling, advancedTo, isUnderWay) = (PersonAtKeyboard(), false, nil, true)
    try session.start(configuration)
  }

  private func changed() {
    switch session.machine.situation {
    case .ready(let next):
      isFilling = false
      guard advancedTo != next else { return }
      advancedTo = next
      session.post(.advanced)
    case .pageShown(_, let page):
      guard !isFilling, let form = person.fill(page) else { return }
      isFilling = true
      session.post(.formFilled(form))
    case .busy, .browserAway: isFilling = false
    case .finished:
      guard isUnderWay else { return }
      isUnderWay = false
      finished += 1
    case .failed(let stage, let failure):
      guard isUnderWay else { return }
      isUnderWay = false
      if failures.count < 3 { failures.append("\(stage): \(failure)") }
    case .idle: break
    }
  }
}

/// What runs long is run long, in one process, over real sockets.
///
/// `HYBRID_FLOW_LONG=10000` makes that many flows, `HYBRID_FLOW_CROWD=200` that many people.
@Suite(.serialized) struct LongRunTests {
  private static func number(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  /// The slope of a line through points, by least squares.
  private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let count = Double(points.count)
    let x = points.map(\.x).reduce(0, +) / count
    let y = points.map(\.y).reduce(0, +) / count
    let above = points.map { ($0.x - x) * ($0.y - y) }.reduce(0, +)
    let below = points.map { ($0.x - x) * ($0.x - x) }.reduce(0, +)
    return below == 0 ? 0 : above / below
  }

  @Test(.timeLimit(.minutes(30)))
  func `flow after flow, memory and descriptors stay where they are`() throws {
    let flows = Self.number("HYBRID_FLOW_LONG", 60)
    let harness = try Harness()
    harness.session.recorder = Recorder(folder: "/nonexistent")
    let walker = Walker(harness.session, harness.connection.configuration)
    var points: [(x: Double, y: Double)] = []
    var descriptors: Set<Int> = []
    let began = ContinuousClock.now
    for flow in 1...flows {
      try walker.begin()
      try harness.wait { !walker.isUnderWay && harness.session.isIdle }
      if flows >= 1000, flow.isMultiple(of: flows / 10) {
        print("long run | \(flow) flows so far | \(Holdings.memoryKilobytes) KB")
      }
      // What is filled once and then stays, such as the tenant's bounded memories, comes first.
      guard flow > flows / 2, flow.isMultiple(of: max(1, flows / 40)) else { continue }
      points.append((Double(flow), Double(Holdings.memoryKilobytes)))
      descriptors.insert(Holdings.descriptors)
    }
    let slope = Self.slope(points) * 1000
    print(
      "long run | \(flows) flows in \(ContinuousClock.now - began) | memory "
        + "\(points.map(\.y).max() ?? 0) KB at most, \(Int(slope)) KB more per 1000 flows | "
        + "descriptors \(descriptors.sorted())")
    #expect(walker.finished == flows && walker.failures.isEmpty, "\(walker.failures)")
    // A short run is still filling what is bounded; a long one is not.
    #expect(slope < (flows >= 6000 ? 300 : 60_000))
    #expect((descriptors.max() ?? 0) - (descriptors.min() ?? 0) <= 4)
    harness.session.close()
    harness.tenant.stop()
  }

  /// After a close the next run listens at another port; a list of all was checked for every run.
  @Test func `the tenant knows the address of the newest run only`() throws {
    let harness = try Harness()
    let walker = Walker(harness.session, harness.connection.configuration)
    let addresses = try (0..<2).map { _ in
      try walker.begin()
      try harness.wait { !walker.isUnderWay && harness.session.isIdle }
      let address = try #require(harness.session.redirectURI)
      // Whoever closes gets another port the next time.
      harness.session.close()
      return address
    }
    try #require(addresses[0].text != addresses[1].text)
    let statuses = try addresses.map { address in
      let fields = [
        FormField("client_id", harness.connection.configuration.clientID),
        FormField("redirect_uri", address.text), FormField("response_type", "code id_token"),
        FormField("response_mode", "form_post"), FormField("scope", "openid"),
        FormField("nonce", "a-nonce"), FormField("state", "a-state"),
      ]
      let query = FormEncoding.encode(fields)
      return try harness.get(harness.tenant.issuer.text + "authorize?" + query).status
    }
    #expect(statuses[0] == 400 && statuses[1] < 400, "\(statuses)")
    harness.session.close()
    harness.tenant.stop()
  }

  @Test(.timeLimit(.minutes(10)))
  func `a tenant serves a crowd at once, and every flow completes`() throws {
    let people = Self.number("HYBRID_FLOW_CROWD", 60)
    let harness = try Harness()
    let memory = Holdings.memoryKilobytes
    let metronome = Metronome(harness.loop)
    let began = ContinuousClock.now
    let walkers = (0..<people).map { _ in
      Walker(
        FlowSession(
          loop: harness.loop, tenant: nil, options: harness.connection.session),
        harness.connection.configuration)
    }
    // Every application has a port of its own; the tenant knows them all before anybody begins.
    for walker in walkers {
      walker.session.onListening = { [tenant = harness.tenant, id = harness.connection] uri in
        tenant.register(redirectURI: uri, clientID: id.configuration.clientID)
      }
    }
    for walker in walkers { try walker.begin() }
    let isOver = harness.loop.run(withinMilliseconds: 300_000) {
      walkers.allSatisfy { !$0.isUnderWay }
    }
    metronome.stop()
    print(
      "crowd | \(people) people at once in \(ContinuousClock.now - began) | memory "
        + "\(Holdings.memoryKilobytes - memory) KB more | longest pause "
        + "\(Int(metronome.longestMilliseconds)) ms")
    #expect(isOver)
    let failures = walkers.flatMap(\.failures)
    #expect(failures.isEmpty, "\(failures.count) failed, such as \(failures.prefix(3))")
    #expect(walkers.allSatisfy { $0.finished == 1 })
    for walker in walkers { walker.session.close() }
    harness.tenant.stop()
  }
}
