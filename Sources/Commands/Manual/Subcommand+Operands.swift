import OpenID
import Settings

extension Subcommand {
  /// The kind of the operand at this index, from 0; nil where none is allowed.
  func operandKind(at index: Int, after earlier: [String]) -> ValueKind? {
    guard index < mostOperands else { return nil }
    switch self {
    case .explore: return .recording
    case .run, .check, .drill, .workshop, .tenant, .testApp, .watch, .paths, .man: return nil
    case .decode: return .file
    case .explain: return .free
    case .lab: return .fault
    case .replay, .compare, .export: return .recording
    case .screenshots: return .folder
    case .theme:
      if index == 0 { return .words(["list", "check"]) }
      return earlier.first == "check" ? .theme : nil
    case .completion: return .words(Shell.allCases.map(\.rawValue))
    case .help: return .topic
    }
  }
}
