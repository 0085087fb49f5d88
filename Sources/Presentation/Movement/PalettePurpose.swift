import HybridFlow

// The groups of the palette: what people want, as in the list of the program's commands.

extension PaletteRow.Kind {
  /// The group of its rows; that of an action is its command's.
  var purpose: Purpose {
    switch self {
    case .action, .stage, .view, .value, .claim, .field, .header: .see
    case .check: .diagnose
    case .rules: .test
    case .fault, .lesson, .term: .teach
    case .recording, .export, .copy: .keep
    case .theme: .housekeeping
    }
  }
}

extension KeyBinding {
  /// The group of its action.
  var purpose: Purpose {
    switch command {
    case .move: .see
    case .pane(let command): command.purpose
    case .open(let command): command.purpose
    case .overlay(.compare), .overlay(.check): .diagnose
    // Of several places the first group: the order of a set is not to decide.
    case .overlay: Purpose.allCases.first { contexts.map(\.purpose).contains($0) } ?? .see
    }
  }
}

extension PaletteRow {
  /// What stands above the rows of its group where the palette shows everything.
  var heading: String {
    if refusal != nil, kind == .action { return "Not now" }
    return kind.plural.map { "\(purpose.title): \($0)" } ?? purpose.title
  }

  /// Rows in the order of their groups: what can be done, then what can be gone to, then what
  /// cannot be done now.
  static func grouped(_ rows: [PaletteRow]) -> [PaletteRow] {
    let working = rows.filter { $0.kind == .action && $0.refusal == nil }
    let named = rows.filter { $0.kind != .action }
    let refused = rows.filter { $0.kind == .action && $0.refusal != nil }
    return [working, named].flatMap { part in
      Purpose.allCases.flatMap { purpose in part.filter { $0.purpose == purpose } }
    } + refused
  }
}

extension PaletteRow.Kind {
  /// What its rows are, behind the name of the group; nil for what is done.
  fileprivate var plural: String? {
    switch self {
    case .action: nil
    case .stage: "stages"
    case .view: "views"
    case .value: "values to follow"
    case .check: "checks"
    case .claim, .field, .header: "fields, claims and headers"
    case .fault: "faults of the lab"
    case .rules: "rules"
    case .lesson: "lessons"
    case .recording: "recordings"
    case .theme: "themes"
    case .export: "exports"
    case .copy: "copies"
    case .term: "terms"
    }
  }
}

extension PaneCommand {
  fileprivate var purpose: Purpose {
    switch self {
    case .forward, .back, .jump, .follow, .nextPane, .previousPane, .nextView, .previousView, .open,
      .restart, .browser, .secrets, .zoom, .bytes, .giveUp, .nextField, .previousField, .press,
      .leaveForm, .toggleBox, .nextMatch, .previousMatch, .clearSearch, .nextPlace, .previousPlace,
      .stopFollowing, .runAgain, .copyAddress, .exchangeNow, .toEnd:
      .see
    case .otherAuthentication: .diagnose
    case .play, .present, .future, .nextFault, .dropCheck, .drillHint, .endDrill, .workshopNext,
      .workshopBack, .workshopPause:
      .teach
    case .copyAll, .record: .keep
    case .mouse, .quit, .quitNow, .redraw, .suspend: .housekeeping
    }
  }
}

extension OpenCommand {
  fileprivate var purpose: Purpose {
    switch self {
    case .search, .followValue, .connections, .paste, .logins: .see
    case .check: .diagnose
    case .edit: .test
    case .notes, .blank, .lab, .drill, .drillAnswer, .workshop: .teach
    case .copy, .export, .recordings: .keep
    case .help, .commandLine, .themes: .housekeeping
    }
  }
}

extension KeyContext {
  /// The group of what is done in an overlay.
  fileprivate var purpose: Purpose {
    switch self {
    case .stages, .sequence, .detail, .explain, .field, .button, .following, .values, .found,
      .search, .away, .connections, .profile, .secret, .confirm, .paste, .watching, .logins:
      .see
    case .findings, .comparison: .diagnose
    case .editor, .value: .test
    case .notes, .caught, .held, .presenting, .card, .blank, .lab, .drilling, .drillAnswer,
      .drillCard, .workshop, .workshopCard:
      .teach
    case .copy, .recordings: .keep
    case .help, .themes, .command: .housekeeping
    }
  }
}
