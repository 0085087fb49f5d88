import OpenID
import Platform
import Presentation
import Session
import Settings
import TextUI

/// The explorer's work with themes.
extension ExplorerController {
  func keepTheme() {
    guard let themes else { return }
    themes.isHeld = { [weak self] in self?.model.isChoosingTheme ?? true }
    themes.onChange = { [weak self] theme in
      self?.model.replace(theme: theme)
      self?.isStale = true
    }
    themes.onFault = { [weak self] reason in
      self?.model.refuseTheme(reason)
      self?.isStale = true
    }
    themes.start(on: session.loop)
  }

  /// Takes the theme that fits the terminal, unless the person has begun already.
  public func settle(theme id: String) {
    guard !hasKeys, let theme = themes?.themes().first(where: { $0.id == id }) else { return }
    model.theme = theme
    themes?.follow(id)
    isStale = true
  }

  func use(theme id: String) {
    let known = themes?.themes() ?? [model.theme]
    if let theme = known.first(where: { $0.id == id }) {
      model.use(theme: theme)
      themes?.follow(id)
    } else {
      let nearest = Spelling.nearest(to: id, among: known.map(\.id))
      model.tell(
        "There is no theme \u{201C}\(HarmlessText.line(id))\u{201D}"
          + (nearest.map { "; did you mean \($0)?" } ?? "."))
    }
  }

  /// Saves a theme as the one to start with, and shows the result.
  func keep(theme id: String) {
    guard let connections, let themes else { return }
    let name = HarmlessText.line(model.theme.name)
    do throws(UsageError) {
      try connections.file.save(theme: themes.settingsName(id))
      model.tell("Theme \(name), kept in the settings.")
    } catch {
      let reason = HarmlessText.line(connections.brief(error))
      model.tell("Theme \(name), not kept: \(reason)")
    }
  }
}
