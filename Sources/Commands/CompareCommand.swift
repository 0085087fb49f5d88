import Explorer
import Export
import OpenID
import Presentation
import Recording
import Redaction
import Settings

/// `hybrid-flow compare`: two recordings side by side.
public struct CompareCommand {
  private let comparison: RunComparison

  /// Replays both recordings to their ends.
  public init(_ first: (Recording, String), _ second: (Recording, String)) {
    comparison = RunComparison(
      RunComparison.Side(first.0, named: first.1), RunComparison.Side(second.0, named: second.1))
  }

  /// The comparison as text for people.
  public func text(isASCII: Bool) -> String {
    comparison.text(width: 100, glyphs: isASCII ? .ascii : .unicode)
  }

  /// The comparison as JSON, one line per row.
  public var json: String {
    comparison.rows.map { row in
      RunJSON.text(
        of: [
          "part": .string(row.part.rawValue), "place": .string(row.place),
          "name": .string(row.name), "kind": .string(row.kind.rawValue),
          "first": row.first.map(JSONValue.string) ?? .null,
          "second": row.second.map(JSONValue.string) ?? .null,
        ])
    }.joined()
  }
}
