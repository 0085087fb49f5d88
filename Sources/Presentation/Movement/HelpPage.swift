import HybridFlow
import OpenID
import TextUI

/// What there is to say about a place, and the keys that matter for it.
///
/// Everything else is found with the palette: the page fits on one small screen.
struct HelpPage {
  private(set) var title = ""
  private(set) var document = Document()
  /// The rows that can be done, in order.
  private(set) var items: [KeyBinding] = []
  /// The block of each.
  private(set) var blocks: [Int] = []

  private let model: ExplorerModel
  private let contexts: [KeyContext]
  private var seen: Set<String> = []

  /// Makes the page of a model without the help.
  init(_ model: ExplorerModel) {
    self.model = model
    contexts = model.contexts
    let own = contexts.last ?? .detail
    if KeyContext.walking.contains(own), own != .button {
      addPlace()
      addNow()
      add(Self.moving, "move", most: .max)
      add(Self.reading, "read", most: .max)
      // The page fits on the screen, and the last row leads to everything that it leaves out.
      let room = model.size.rows - Self.frameRows - document.blocks.count - 1
      add(Self.acting, "do", most: max(3, min(Self.acting.count, room)))
      add([.open(.commandLine)], "else", most: 1)
      if model.size.rows - Self.frameRows >= document.blocks.count + 2 {
        document.gap()
        document.line(
          "Click a pane, a tab, a stage, an arrow or a key; Shift selects text.", .textMuted)
      }
    } else {
      title = own.title
      addNow()
      for binding in model.keys.bindings where binding.contexts.contains(own) {
        // These three work everywhere, and no place is about them.
        if binding.contexts.count == KeyContext.allCases.count { continue }
        add(binding, "here")
      }
    }
  }

  private static let moving: [KeyCommand] = [
    .pane(.forward), .pane(.back), .pane(.jump), .pane(.nextPane), .pane(.nextView),
  ]
  private static let reading: [KeyCommand] = [
    .move(.down), .pane(.open), .open(.followValue), .open(.search), .open(.copy), .pane(.secrets),
  ]
  /// The rarest first: what works only now is what one looks for.
  private static let acting: [KeyCommand] = [
    .pane(.giveUp), .open(.paste), .pane(.copyAddress), .pane(.otherAuthentication),
    .pane(.exchangeNow), .pane(.toEnd), .pane(.browser), .open(.edit), .pane(.runAgain),
    .open(.lab), .pane(.restart), .open(.notes), .pane(.present), .open(.connections),
    .open(.export),
  ]
  /// The rows of the screen that are not the page's: borders and edges.
  private static let frameRows = 4

  private mutating func addPlace() {
    let layout = model.layout
    let stage = model.shownStage
    switch model.focus {
    case .detail:
      let view = model.shownView(layout)
      title = "\(view.title), stage \(stage.number)"
      document.paragraph(view.about, .textStrong)
    case .sequence:
      title = "The diagram"
      document.paragraph(
        "Who sends what to whom, in order; dotted lines bypass the browser.", .textStrong)
    case .stages:
      title = "The ten stages"
      document.paragraph("Where the run is, and how each stage ended.", .textStrong)
    case .explain:
      title = "The lesson, stage \(stage.number)"
      document.paragraph(DetailView.explain.about, .textStrong)
    }
    document.gap()
  }

  /// Adds the keys of the modes that are on.
  private mutating func addNow() {
    for context in contexts.dropLast() {
      for binding in model.keys.bindings where binding.contexts == [context] {
        if binding.unavailable(model) == nil { add(binding, "now") }
      }
    }
  }

  /// Adds rows: all of them where there is room for all, or the first that work.
  private mutating func add(_ commands: [KeyCommand], _ group: String, most: Int) {
    var rows = 0
    for command in commands where rows < most {
      let binding = model.keys.bindings.first {
        $0.command == command && !$0.contexts.isDisjoint(with: contexts) && !$0.keys.isEmpty
      }
      guard let binding, group != "do" || binding.unavailable(model) == nil else { continue }
      add(binding, group)
      rows += 1
    }
  }

  private mutating func add(_ binding: KeyBinding, _ group: String) {
    guard seen.insert(binding.action).inserted else { return }
    let reason = binding.unavailable(model)
    let isFirst = items.isEmpty || lastGroup != group
    lastGroup = group
    let told = reason.map { "Not now: \($0.before(";"))." } ?? help(of: binding)
    items.append(binding)
    blocks.append(document.blocks.count)
    document.add(
      .columns([
        Span(TextFitting.pad(isFirst ? group : "", 5), .textMuted),
        Span(
          " " + TextFitting.pad(Self.keys(binding), Self.keyCells),
          reason == nil ? .footerKey : .textMuted, .bold),
        Span(" " + TextFitting.pad(binding.label, Self.labelCells), .text),
        Span(" " + told, reason == nil ? .textMuted : .statusInfo),
      ]))
  }
  private var lastGroup = ""
  private static let keyCells = 9
  private static let labelCells = 13
  /// The cells before the help, and those of the box.
  private static let headCells = 5 + keyCells + labelCells + 3 + 6

  /// The first clause that there is room for.
  private func help(of binding: KeyBinding) -> String {
    let brief = ExplorerModel.brief(binding.help)
    let room = min(HelpOverlay.columnsMax, model.size.columns) - Self.headCells
    guard CellWidth.width(of: brief) > room, brief.holds(",") else { return brief }
    return brief.before(",") + "."
  }

  /// As many keys as there is room for.
  private static func keys(_ binding: KeyBinding) -> String {
    if binding.command == .pane(.jump) { return binding.keyText }
    var text = ""
    for key in binding.keys.map(\.name) {
      let longer = text.isEmpty ? key : "\(text) \(key)"
      if CellWidth.width(of: longer) > keyCells { break }
      text = longer
    }
    return text
  }
}

extension DetailView {
  /// What the view shows, in a sentence.
  var about: String {
    switch self {
    case .page: "The page that the person sees; Tab goes to its fields."
    case .wire: "The messages of the stage as they were sent, line by line."
    case .decoded: "Tokens and values taken apart: claims, times, signatures, holders."
    case .compare: "The first ID token beside the second, claim by claim."
    case .checks: "What the application verified; Enter shows how it was computed."
    case .holders: "Who holds which value by the end of the stage, and what is new."
    case .after: "What can be done with the tokens after the flow."
    case .explain: "The lesson of the stage: why it is so, and what could go wrong."
    default: "\(title), for the stage on the screen."
    }
  }
}
