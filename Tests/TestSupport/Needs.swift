import Foundation
public import Testing

/// Something of others that a test needs, and that is not here.
public struct MissingInCI: Error, CustomStringConvertible {
  /// What it is.
  public let description: String
}

extension Trait where Self == ConditionTrait {
  /// The test needs something of others: a program, or what a package registry holds.
  ///
  /// Without it the test is skipped. Where `CI` is `true` it fails instead: there `.ci/setup tests`
  /// has installed all that the tests need, and what is skipped proves nothing.
  public static func needs(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ isHere: @escaping @Sendable () async throws -> Bool
  ) -> Self {
    .enabled("there is no \(what)", sourceLocation: sourceLocation) {
      if try await isHere() { return true }
      guard ProcessInfo.processInfo.environment["CI"] == "true" else { return false }
      throw MissingInCI(description: "there is no \(what), and in CI nothing is skipped for that")
    }
  }
}
