/// The formats in which a run can be exported.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case har, markdown, html, mermaid, curl, asciicast, svg

  /// What it is, in a sentence.
  public var help: String {
    switch self {
    case .har: "The messages as HAR 1.2, for a browser\u{2019}s developer tools."
    case .markdown: "A report for a ticket."
    case .html: "One page with every byte explained, for a slide, a wiki or printing."
    case .mermaid: "A sequence diagram for Mermaid."
    case .curl: "The back channel as a shell script of curl commands."
    case .asciicast: "The walk as an asciicast, for asciinema."
    case .svg: "The walk as a picture that plays by itself."
    }
  }

  /// The usual file extension, without the dot.
  public var fileExtension: String {
    switch self {
    case .har: "har"
    case .markdown: "md"
    case .html: "html"
    case .mermaid: "mmd"
    case .curl: "sh"
    case .asciicast: "cast"
    case .svg: "svg"
    }
  }

  /// The columns of the screen that ``asciicast`` and ``svg`` show, unless others are asked for.
  public static let usualColumns = 110
  /// The rows of that screen.
  public static let usualRows = 32

  /// Every name, for messages.
  public static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
