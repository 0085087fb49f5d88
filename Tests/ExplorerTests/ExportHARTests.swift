import OpenID
import Testing

@testable import Export
@testable import Redaction
@testable import HybridFlow

/// The archive against the members that HAR 1.2 demands.
@Suite struct ExportHARTests {
  private indirect enum Shape {
    case text, number, flag, list(String), object(String)
    /// A number of milliseconds or bytes, or -1 for unknown.
    case countOrUnknown
    /// ISO 8601 with a time zone.
    case moment
    /// Anything with members of a cache or of timings of a page.
    case free
  }

  private typealias Member = (name: String, shape: Shape, isRequired: Bool)

  /// The objects of http://www.softwareishard.com/blog/har-12-spec/, member by member.
  private static let objects: [String: [Member]] = [
    "log": [
      ("version", .text, true), ("creator", .object("creator"), true),
      ("browser", .object("creator"), false), ("pages", .list("page"), false),
      ("entries", .list("entry"), true), ("comment", .text, false),
    ],
    "creator": [("name", .text, true), ("version", .text, true), ("comment", .text, false)],
    "page": [
      ("startedDateTime", .moment, true), ("id", .text, true), ("title", .text, true),
      ("pageTimings", .free, true), ("comment", .text, false),
    ],
    "entry": [
      ("pageref", .text, false), ("startedDateTime", .moment, true), ("time", .number, true),
      ("request", .object("request"), true), ("response", .object("response"), true),
      ("cache", .free, true), ("timings", .object("timings"), true),
      ("serverIPAddress", .text, false), ("connection", .text, false), ("comment", .text, false),
    ],
    "request": [
      ("method", .text, true), ("url", .text, true), ("httpVersion", .text, true),
      ("cookies", .list("cookie"), true), ("headers", .list("pair"), true),
      ("queryString", .list("pair"), true), ("postData", .object("postData"), false),
      ("headersSize", .countOrUnknown, true), ("bodySize", .countOrUnknown, true),
      ("comment", .text, false),
    ],
    "response": [
      ("status", .number, true), ("statusText", .text, true), ("httpVersion", .text, true),
      ("cookies", .list("cookie"), true), ("headers", .list("pair"), true),
      ("content", .object("content"), true), ("redirectURL", .text, true),
      ("headersSize", .countOrUnknown, true), ("bodySize", .countOrUnknown, true),
      ("comment", .text, false),
    ],
    "cookie": [
      ("name", .text, true), ("value", .text, true), ("path", .text, false),
      ("domain", .text, false), ("expires", .moment, false), ("httpOnly", .flag, false),
      ("secure", .flag, false), ("comment", .text, false),
    ],
    "pair": [("name", .text, true), ("value", .text, true), ("comment", .text, false)],
    "postData": [
      ("mimeType", .text, true), ("params", .list("param"), true), ("text", .text, true),
      ("comment", .text, false),
    ],
    "param": [
      ("name", .text, true), ("value", .text, false), ("fileName", .text, false),
      ("contentType", .text, false), ("comment", .text, false),
    ],
    "content": [
      ("size", .number, true), ("compression", .number, false), ("mimeType", .text, true),
      ("text", .text, false), ("encoding", .text, false), ("comment", .text, false),
    ],
    "timings": [
      ("blocked", .countOrUnknown, false), ("dns", .countOrUnknown, false),
      ("connect", .countOrUnknown, false), ("send", .number, true), ("wait", .number, true),
      ("receive", .number, true), ("ssl", .countOrUnknown, false), ("comment", .text, false),
    ],
  ]

  /// What is wrong with a value; empty when nothing is.
  private static func faults(_ value: JSONValue?, _ shape: Shape, at path: String) -> [String] {
    switch shape {
    case .text: return value?.string == nil ? ["\(path) is no string"] : []
    case .number: return (value?.integer ?? -1) < 0 ? ["\(path) is no number"] : []
    case .countOrUnknown: return (value?.integer ?? -2) < -1 ? ["\(path) is no count"] : []
    case .flag: return value?.bool == nil ? ["\(path) is no boolean"] : []
    case .free: return value?.members == nil ? ["\(path) is no object"] : []
    case .moment:
      let isMoment = value?.string?.wholeMatch(
        of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/)
      return isMoment == nil ? ["\(path) is no moment: \(value?.compactText ?? "nothing")"] : []
    case .list(let name):
      guard let elements = value?.elements else { return ["\(path) is no array"] }
      return elements.enumerated().flatMap {
        faults($0.element, .object(name), at: "\(path)[\($0.offset)]")
      }
    case .object(let name):
      guard let members = value?.members, let known = objects[name] else {
        return ["\(path) is no object"]
      }
      var faults: [String] = []
      for member in known {
        let found = value?[member.name]
        if found == nil, !member.isRequired { continue }
        faults += Self.faults(found, member.shape, at: "\(path).\(member.name)")
      }
      // Section "Custom fields": names of one's own begin with an underscore.
      for member in members
      where !member.name.hasPrefix("_") && !known.contains(where: { $0.name == member.name }) {
        faults.append("\(path).\(member.name) is not in the format")
      }
      return faults
    }
  }

  private static func log(_ run: ExportedRun) throws -> JSONValue {
    let text = try ExportSample.text(run, .har)
    return try #require(try JSONParser.parse(Array(text.utf8))["log"])
  }

  @Test(.timeLimit(.minutes(3)))
  func `every run of the lab is an archive in which nothing is missing`() throws {
    let runs = try ExportSample.all.get()
    #expect(runs.count > 100)
    for run in runs {
      let log = try Self.log(run)
      #expect(Self.faults(log, .object("log"), at: "log") == [], "\(run.origin)")
      let entries = log["entries"]?.elements ?? []
      let pages = Set((log["pages"]?.elements ?? []).compactMap { $0["id"]?.string })
      #expect(entries.allSatisfy { pages.contains($0["pageref"]?.string ?? "") })
      for entry in entries {
        let timings = entry["timings"]
        let sum = ["send", "wait", "receive"].compactMap { timings?[$0]?.integer }.reduce(0, +)
        #expect(entry["time"]?.integer == sum)
        #expect(entry["_stage"]?.integer != nil && entry["_evidence"]?.string != nil)
        #expect(["front", "back"].contains(entry["_channel"]?.string))
      }
    }
  }

  @Test func `the table of members can find what is missing, wrong or invented`() throws {
    var log = try Self.log(ExportSample.honest.get())
    log.remove("version")
    log.set("invented", "x")
    log.set("creator", ["name": 1, "version": "1"])
    #expect(
      Self.faults(log, .object("log"), at: "log") == [
        "log.version is no string", "log.creator.name is no string",
        "log.invented is not in the format",
      ])
  }

  @Test func `every message stands in one entry, and requests find their responses`() throws {
    let run = try ExportSample.honest.get()
    let exchanges = Exchange.all(in: run.transcript)
    let ids = exchanges.flatMap { [$0.request?.id, $0.response?.id].compactMap(\.self) }
    #expect(ids.sorted() == run.transcript.messages.map(\.id).sorted())
    let token = exchanges.first { $0.first.url.hasSuffix("/oauth/token") }
    #expect(token?.request?.stage == .exchange && token?.response?.stage == .tokens)
    let calls = exchanges.filter { $0.first.stage == .api }
    #expect(calls.map { $0.response?.from } == [.api, .authorizationServer])
  }

  @Test func `a request without an answer has the status 0, and an answer alone says so`() throws {
    var run = try ExportSample.honest.get()
    run.transcript[.callback].messages.removeAll { $0.from == .application }
    let log = try Self.log(run)
    let entries = log["entries"]?.elements ?? []
    let callback = entries.first { $0["_stage_id"] == "callback" && $0["_to"] == "application" }
    #expect(callback?["response"]?["status"]?.integer == 0)
    #expect(callback?["response"]?["bodySize"]?.integer == -1)
    let params = callback?["request"]?["postData"]?["params"]?.elements ?? []
    #expect(params.contains { $0["name"] == "id_token" })
    let redirect = entries.first { $0["_stage_id"] == "authorize" }
    #expect(redirect?["request"]?["comment"]?.string == "This request was not seen.")
    #expect(redirect?["response"]?["redirectURL"]?.string?.contains("/authorize?") == true)
    #expect(redirect?["_from"] == "browser" && redirect?["_to"] == "application")
  }

  @Test func `what was only drawn is in no archive`() throws {
    var run = try ExportSample.honest.get()
    run.transcript[.authorize].messages[0].evidence = .drawn
    let entries = try Self.log(run)["entries"]?.elements ?? []
    #expect(!entries.contains { $0["_stage_id"] == "authorize" })
    #expect(entries.contains { $0["_stage_id"] == "prompt" })
  }

  @Test func `cookies keep their names and attributes, but no value`() throws {
    let log = try Self.log(ExportSample.honest.get())
    let entries = log["entries"]?.elements ?? []
    let set = entries.flatMap { $0["response"]?["cookies"]?.elements ?? [] }
    let sent = entries.flatMap { $0["request"]?["cookies"]?.elements ?? [] }
    #expect(!set.isEmpty && !sent.isEmpty)
    for cookie in set + sent {
      #expect(cookie["value"]?.string == Redactor.dots)
      #expect(cookie["name"]?.string?.isEmpty == false)
    }
    #expect(set.contains { $0["httpOnly"] == true && $0["path"]?.string != nil })
  }
}
