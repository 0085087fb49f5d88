import Network
import TextUI

/// Keeps the active theme up to date with its files while a loop runs.
///
/// Files are looked at only while the active theme or one of its ancestors is a person's own; the
/// themes that the program brings along cost nothing.
public final class ThemeController {
  /// Told the theme once its files have come to rest.
  var onChange: ((Theme) -> Void)?
  /// Told why the files cannot be used.
  var onFault: ((String) -> Void)?
  /// Whether a change has to wait.
  var isHeld: () -> Bool = { false }

  private var watch: ThemeWatch
  private var timer: LoopTimer?
  private var loop: PollLoop?

  /// Makes a keeper for a theme from a shelf.
  public init(shelf: ThemeStore, active: LoadedTheme) {
    watch = ThemeWatch(shelf: shelf, active: active)
  }

  /// The themes to choose from, with files that have come since.
  func themes() -> [Theme] {
    watch.refresh()
    return watch.shelf.themes
  }

  /// Looks after another theme from now on.
  func follow(_ id: String) {
    watch.follow(id)
    schedule(afterMilliseconds: ThemeWatch.pollMilliseconds)
  }

  /// What the settings call a theme, so that another start finds it.
  func settingsName(_ id: String) -> String { watch.shelf.settingsName(id) }

  func start(on loop: PollLoop) {
    self.loop = loop
    schedule(afterMilliseconds: ThemeWatch.pollMilliseconds)
  }

  func stop() {
    timer?.cancel()
    timer = nil
    loop = nil
  }

  private func schedule(afterMilliseconds delay: Int) {
    timer?.cancel()
    timer = nil
    guard watch.hasFiles else { return }
    timer = loop?.after(milliseconds: delay) { [weak self] in self?.look() }
  }

  private func look() {
    var delay = ThemeWatch.pollMilliseconds
    if !isHeld() {
      switch watch.look() {
      case .same: break
      case .moving: delay = ThemeWatch.restMilliseconds
      case .changed(let theme): onChange?(theme)
      case .broken(let reason): onFault?(reason)
      }
    }
    schedule(afterMilliseconds: delay)
  }
}
