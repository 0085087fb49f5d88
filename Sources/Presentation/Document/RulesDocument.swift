import HybridFlow
import OpenID

/// The checklist of the rules of a run, as text: nothing in it comes from outside.
public struct RulesDocument: Sendable {
  /// A rule, and how it fared.
  public struct Row: Sendable {
    /// Its number, such as `F14`.
    public let id: String
    /// The rule in a few words.
    public let text: String
    /// How it fared, as a verdict: pass, fail or skip.
    public let verdict: Check.Verdict
    /// The checks that broke, or why it was not judged; empty for a rule that held.
    public let why: String
    /// Where the rule stands.
    public let source: SpecReference
  }

  /// The name of the rules.
  public let title: String
  /// Every rule, in the order of the checklist.
  public let rows: [Row]

  /// Makes the checklist of a run; nil for a run without rules beyond OpenID Connect.
  public init?(_ transcript: Transcript) {
    guard transcript.rules == .fapi1Advanced else { return nil }
    title = transcript.rules.title
    rows = FAPIRule.all.map { rule in
      let (verdict, why): (Check.Verdict, String) =
        switch rule.standing(in: transcript) {
        case .held: (.pass, "")
        case .broken(let ids): (.fail, Self.names(ids))
        case .notJudged(let why): (.skip, why)
        }
      return Row(id: rule.id, text: rule.text, verdict: verdict, why: why, source: rule.spec)
    }
  }

  private static func names(_ ids: [CheckID]) -> String {
    var names: [String] = []
    for id in ids where !names.contains(id.rawValue) { names.append(id.rawValue) }
    return names.joined(separator: ", ")
  }

  /// How many rules held, broke and were not judged, in a few words.
  public var summary: String {
    let held = rows.count { $0.verdict == .pass }
    let broken = rows.count { $0.verdict == .fail }
    let others = rows.count - held - broken
    return "\(held) of \(rows.count) held, \(broken) broken, \(others) not judged"
  }
}
