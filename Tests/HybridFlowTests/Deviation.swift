import Cryptography
import HybridFlow
import OpenID
import Testing

/// One thing that somebody does wrong, and what must come of it.
struct Deviation: CustomTestStringConvertible, Sendable {
  /// Alters the configuration or the provider.
  typealias Change =
    @Sendable (inout FlowConfiguration, inout HonestProvider) throws -> Void

  let name: String
  let types: [ResponseType]
  /// The checks that fail or warn; each of them, and no other.
  let complaints: Set<CheckID>
  /// Where the run stops; nil when it goes on to the end.
  let stops: Stage?
  let exitCode: Int32
  let change: Change

  var testDescription: String { name }

  /// A broken rule that stops the run.
  static func stop(
    _ name: String, _ stage: Stage, _ complaints: Set<CheckID>,
    types: [ResponseType] = ResponseType.allCases, exit: Int32 = 3, _ change: @escaping Change
  ) -> Deviation {
    Deviation(
      name: name, types: types, complaints: complaints, stops: stage, exitCode: exit,
      change: change)
  }

  /// A broken rule that is shown while the run goes on.
  static func warn(
    _ name: String, _ complaints: Set<CheckID>, types: [ResponseType] = ResponseType.allCases,
    _ change: @escaping Change
  ) -> Deviation {
    Deviation(
      name: name, types: types, complaints: complaints, stops: nil, exitCode: 0, change: change)
  }

  static let withIDToken: [ResponseType] = [.codeIDToken, .codeIDTokenToken]
  static let withAccessToken: [ResponseType] = [.codeToken, .codeIDTokenToken]
}

/// Each deviation, for each response type it applies to.
struct DeviationCase: CustomTestStringConvertible, Sendable {
  let deviation: Deviation
  let type: ResponseType
  var testDescription: String { "\(deviation.name) (\(type.rawValue))" }

  static func all(_ deviations: [Deviation]) -> [DeviationCase] {
    deviations.flatMap { deviation in
      deviation.types.map { DeviationCase(deviation: deviation, type: $0) }
    }
  }

  /// Runs it and compares everything that the row says, and what holds of every run.
  @discardableResult
  func expectOutcome(sourceLocation: SourceLocation = #_sourceLocation) throws -> Drive {
    var configuration = try Sample.configuration(type)
    var provider = try HonestProvider()
    try deviation.change(&configuration, &provider)
    let drive = try Drive.run(configuration, provider, sourceLocation: sourceLocation)
    let complaints = Set(drive.complaints)
    #expect(
      complaints == deviation.complaints,
      "\(complaints.map(\.rawValue).sorted()) stand, \(deviation.complaints.map(\.rawValue).sorted()) should",
      sourceLocation: sourceLocation)
    #expect(drive.exitCode == deviation.exitCode, sourceLocation: sourceLocation)
    let stopped = drive.transcript.stages.first { $0.failure != nil }?.stage
    #expect(stopped == deviation.stops, sourceLocation: sourceLocation)
    if let stops = deviation.stops, stops <= .callback {
      #expect(drive.tokenRequests.isEmpty, "no code is sent", sourceLocation: sourceLocation)
      #expect(!drive.transcript[.exchange].messages.contains { $0.method == "POST" })
    }
    if let stops = deviation.stops, stops < .api {
      #expect(drive.apiRequests.isEmpty, "no API is called", sourceLocation: sourceLocation)
    }
    return drive
  }
}
