import Foundation
import OpenID
import Testing

/// What `run --json` printed, read as a script from outside would.
struct RunReport {
  let stages: [JSONValue]
  let result: JSONValue
  let ending: RunningProgram.Ending
  let output: String
  let errors: String

  /// Runs to the end and reads every line.
  static func of(
    _ arguments: [String], environment: [String: String] = [:], within seconds: Double = 40
  ) async throws -> RunReport {
    let program = try RunningProgram(
      Place.program, ["run", "--json"] + arguments, environment: environment)
    let ending = try await program.end(within: seconds)
    return try RunReport(ending: ending, output: program.output, errors: program.errors)
  }

  init(ending: RunningProgram.Ending, output: String, errors: String) throws {
    self.ending = ending
    self.output = output
    self.errors = errors
    guard output.hasSuffix("\n") else {
      throw EndToEndFailure(description: "no line on standard output; \(ending)\n\(errors)")
    }
    let lines = try output.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
      .map { try JSONParser.parse(Array($0.utf8)) }
    stages = Array(lines.dropLast())
    guard let last = lines.last else { throw EndToEndFailure(description: "no result") }
    result = last
  }

  /// What the contract promises of every run, whatever became of it.
  func expectContract(_ location: SourceLocation = #_sourceLocation) {
    let ids = [
      "login", "authorize", "prompt", "authenticate", "callback", "exchange", "verify", "tokens",
      "api", "data",
    ]
    #expect(stages.map { $0["type"]?.string } == ids.map { _ in "stage" }, sourceLocation: location)
    #expect(stages.map { $0["id"]?.string } == ids, sourceLocation: location)
    #expect(
      stages.map { $0["stage"]?.integer } == (1...10).map { Int64($0) }, sourceLocation: location)
    for stage in stages {
      let status = stage["status"]?.string ?? "none"
      #expect(["passed", "failed", "skipped"].contains(status), sourceLocation: location)
      #expect(stage["observed"]?.bool != nil, sourceLocation: location)
      for key in ["at", "seconds"] { #expect(stage[key] != nil, sourceLocation: location) }
      Self.expectKeys(stage, "messages", Self.messageKeys, location)
      Self.expectKeys(stage, "values", ["name", "value", "length", "holders"], location)
      Self.expectKeys(stage, "tokens", ["use", "channel", "header", "claims"], location)
      Self.expectKeys(stage, "checks", Self.checkKeys, location)
      for check in stage["checks"]?.elements ?? [] {
        let verdict = check["status"]?.string ?? "none"
        #expect(["pass", "fail", "warn", "skip"].contains(verdict), sourceLocation: location)
      }
    }
    #expect(result["type"]?.string == "result", sourceLocation: location)
    for key in ["failed", "blame", "code", "message", "diagnosis"] {
      #expect(result[key] != nil, sourceLocation: location)
    }
    if let exit = result["exit"]?.integer {
      #expect(ending == .exit(Int32(truncatingIfNeeded: exit)), sourceLocation: location)
    } else {
      Issue.record("no exit in the result", sourceLocation: location)
    }
  }

  private static let messageKeys = [
    "direction", "from", "to", "method", "url", "status", "headers", "body",
  ]
  private static let checkKeys = ["id", "status", "expected", "found", "why", "spec"]

  private static func expectKeys(
    _ stage: JSONValue, _ list: String, _ keys: [String], _ location: SourceLocation
  ) {
    guard let elements = stage[list]?.elements else {
      Issue.record("no \(list)", sourceLocation: location)
      return
    }
    for element in elements {
      for key in keys where element[key] == nil {
        Issue.record("no \(key) in \(list)", sourceLocation: location)
      }
    }
  }

  /// Expects that all went well.
  func expectPassed(
    statuses: [String] = Array(repeating: "passed", count: 10),
    _ location: SourceLocation = #_sourceLocation
  ) {
    expectContract(location)
    #expect(ending == .exit(0), "\(result.compactText)\n\(errors)", sourceLocation: location)
    #expect(result["status"]?.string == "passed", sourceLocation: location)
    #expect(result["failed"]?.elements?.isEmpty == true, sourceLocation: location)
    #expect(result["blame"] == .null, sourceLocation: location)
    #expect(stages.map { $0["status"]?.string ?? "none" } == statuses, sourceLocation: location)
    let failed = stages.flatMap { $0["checks"]?.elements ?? [] }
      .filter { $0["status"]?.string == "fail" }
    #expect(failed.isEmpty, sourceLocation: location)
  }

  /// Expects that it failed in this way, at this stage, and that nothing ran behind it.
  func expectFailed(
    exit: Int32, blame: String?, code: String, stage: Int,
    _ location: SourceLocation = #_sourceLocation
  ) {
    expectContract(location)
    #expect(ending == .exit(exit), "\(errors)", sourceLocation: location)
    #expect(result["status"]?.string == "failed", sourceLocation: location)
    #expect(result["blame"]?.string == blame, sourceLocation: location)
    #expect(result["code"]?.string == code, sourceLocation: location)
    let diagnosis = result["diagnosis"]
    #expect(diagnosis?["cause"]?.string?.isEmpty == false, sourceLocation: location)
    #expect(diagnosis?["fix"]?.string?.isEmpty == false, sourceLocation: location)
    let statuses = stages.map { $0["status"]?.string ?? "none" }
    #expect(statuses.firstIndex(of: "failed") == stage - 1, "\(statuses)", sourceLocation: location)
    #expect(
      statuses.dropFirst(stage).allSatisfy { $0 == "skipped" }, "\(statuses)",
      sourceLocation: location)
    #expect(errors.contains("hybrid-flow: "), sourceLocation: location)
  }

  /// Expects that no secret was told, on either stream.
  func expectSilence(
    about secrets: String..., sourceLocation location: SourceLocation = #_sourceLocation
  ) {
    for text in [output, errors] {
      for secret in secrets { #expect(!text.contains(secret), sourceLocation: location) }
      #expect(!Self.holdsToken(text), sourceLocation: location)
    }
  }

  /// Whether a whole JWT stands in the text.
  static func holdsToken(_ text: String) -> Bool {
    text.contains(/eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/)
  }

  /// The tokens of a stage as `use/channel`.
  func tokens(stage: Int) -> [String] {
    (stages[stage - 1]["tokens"]?.elements ?? []).map {
      "\($0["use"]?.string ?? "?")/\($0["channel"]?.string ?? "?")"
    }
  }
}
