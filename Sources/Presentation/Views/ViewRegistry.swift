import HybridFlow
import TextUI

// All views of a stage are registered here; the rest is in their own files.
//
// To add a view: write a file of this directory with an extension of `DetailView` that says what
// it is, and an extension of `Reader` that makes its document; then name it in `allCases`.

/// One of the views of a stage: its names, when there is one, and how its document is made.
public struct DetailView: Sendable, Identifiable {
  /// What a document changes with, besides the run and the keys that open and close its rows.
  enum Changes {
    /// Nothing else.
    case withRun
    /// The time: it tells how far away other times are.
    case withTime
    /// Every key: it is laid out anew each time.
    case withKeys
  }

  /// The name on the command line.
  public let id: String
  /// The name on the tab.
  public let title: String
  /// Whether the shown stage has it; nil for a view of every stage.
  let applies: (@Sendable (ExplorerModel) -> Bool)?
  /// Whether a wide screen shows it in a pane of its own, and not behind a tab.
  let hasOwnPane: Bool
  /// Whether it tells of the run, so that it is outdated when another run replaces that one.
  let tellsOfRun: Bool
  /// What its document changes with.
  let changes: Changes
  /// Whether it has nothing but a note to show; nil for never.
  ///
  /// The tabs ask in every frame: this must not make the document.
  let isEmpty: (@Sendable (ExplorerModel) -> Bool)?
  /// What stands behind the title on the tab, and how much of it where there is little room.
  let badge: (@Sendable (ExplorerModel, _ hasRoom: Bool) -> [Span])?
  /// Makes the document.
  let document: @Sendable (Reader) -> Document

  init(
    _ id: String, _ title: String, applies: (@Sendable (ExplorerModel) -> Bool)? = nil,
    hasOwnPane: Bool = false, tellsOfRun: Bool = true, changes: Changes = .withRun,
    isEmpty: (@Sendable (ExplorerModel) -> Bool)? = nil,
    badge: (@Sendable (ExplorerModel, _ hasRoom: Bool) -> [Span])? = nil,
    document: @escaping @Sendable (Reader) -> Document
  ) {
    (self.id, self.title, self.applies) = (id, title, applies)
    (self.hasOwnPane, self.tellsOfRun, self.changes) = (hasOwnPane, tellsOfRun, changes)
    (self.isEmpty, self.badge, self.document) = (isEmpty, badge, document)
  }
}

extension DetailView: CaseIterable {
  /// Every view, in the order of the tabs.
  public static let allCases: [DetailView] = [
    .page, .story, .wire, .decoded, .forged, .compare, .checks, .rules, .carriage, .signedAnswer,
    .proof,
    .holders, .cookie, .account, .after, .explain,
  ]

  /// The titles of the views of every stage.
  static var usualTitles: [String] { allCases.filter { $0.applies == nil }.map(\.title) }
}

extension DetailView: Hashable, CustomStringConvertible {
  /// The name on the command line.
  public var description: String { id }

  /// Views are told apart by their names.
  public static func == (left: Self, right: Self) -> Bool { left.id == right.id }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension ExplorerModel {
  /// The views of the shown stage in this layout.
  func views(_ layout: Layout) -> [DetailView] {
    DetailView.allCases.filter {
      !($0.hasOwnPane && layout.hasExplainPane) && $0.applies?(self) != false
    }
  }

  /// The view in the detail pane; the wanted one if the stage has it.
  func shownView(_ layout: Layout) -> DetailView { views(layout).contains(view) ? view : .story }

  /// Whether a view has no content for the shown stage, except a note.
  func isEmpty(_ view: DetailView) -> Bool { view.isEmpty?(self) == true }
}
