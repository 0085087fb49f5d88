/// Draws frames one after the other in one SVG, with a style sheet only.
///
/// An unchanged row is stored once. Without animation, by the reader's choice or for lack of
/// support, the last frame is shown.
public enum AnimatedSVG {
  /// A frame and how long it is shown.
  public struct Step: Sendable, Hashable {
    /// The frame.
    public var frame: Frame
    /// The duration.
    public var milliseconds: Int

    /// Makes a step.
    public init(frame: Frame, milliseconds: Int) {
      (self.frame, self.milliseconds) = (frame, milliseconds)
    }
  }

  /// The most steps of a picture; readers do not wait longer.
  public static let stepsMax = 200

  /// Draws the first ``stepsMax`` steps, in the size of the first.
  public static func svg(
    _ steps: [Step], theme: Theme, title: String, description: String
  ) -> String {
    let steps = Array(steps.prefix(stepsMax))
    let size = steps.first?.frame.size ?? ScreenSize(columns: 0, rows: 0)
    var canvas = SVGCanvas(theme: theme)
    var rowNames: [String: String] = [:]
    var definitions = ""
    var body = ""
    for (index, step) in steps.enumerated() {
      body += "<g class=\"f f\(index)\">"
      for row in 0..<min(size.rows, step.frame.size.rows) {
        let content = canvas.row(row, of: step.frame)
        guard !content.isEmpty else { continue }
        let name: String
        if let known = rowNames[content] {
          name = known
        } else {
          name = "r\(rowNames.count)"
          rowNames[content] = name
          definitions += "<g id=\"\(name)\">\(content)</g>\n"
        }
        body += "<use href=\"#\(name)\" y=\"\(row * SVGCanvas.cellHeight)\"/>"
      }
      body += SVGWriter.cursor(of: step.frame, theme: theme) + "</g>\n"
    }
    return SVGDocument(
      size: size, ground: canvas.ground, outline: canvas.outline, title: title,
      description: description,
      rules: canvas.rules + rules(for: steps), definitions: definitions, body: body
    ).text
  }

  private static func rules(for steps: [Step]) -> [String] {
    guard steps.count > 1 else { return [] }
    let total = steps.reduce(0) { $0 + max(1, $1.milliseconds) }
    var rules = [".f{visibility:hidden}", ".f\(steps.count - 1){visibility:visible}"]
    var start = 0
    var moving: [String] = []
    for (index, step) in steps.enumerated() {
      let end = start + max(1, step.milliseconds)
      // Each state holds until the next mark, so that there are no states in between.
      var marks = start > 0 ? "0%{visibility:hidden}" : ""
      marks += "\(percent(start, of: total)){visibility:visible}"
      if end < total { marks += "\(percent(end, of: total)){visibility:hidden}" }
      rules.append("@keyframes k\(index){\(marks)}")
      moving.append(".f\(index){animation:k\(index) \(total)ms step-end infinite}")
      start = end
    }
    return rules + ["@media (prefers-reduced-motion:no-preference){\(moving.joined())}"]
  }

  private static func percent(_ part: Int, of total: Int) -> String {
    let thousandths = part * 100_000 / total
    let rest = String(thousandths % 1000)
    let padded = String(repeating: "0", count: 3 - rest.utf8.count) + rest
    return "\(thousandths / 1000).\(padded)%"
  }
}
