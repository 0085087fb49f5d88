import Network
import TextUI

/// Keeps the active theme up to date with its files while a loop runs.
///
/// Files are checked only if the active theme or one of its ancestors is the person's own; the
/// program's themes cost nothing.
public final class ThemeController {
  /// Called with the theme when its files have stopped changing.
  var onChange: ((Theme) -> Void)?
  /// Called with the reason why the files cannot be used.
  var onFault: ((String) -> Void)?
  /// Whether a change has to wait.
  var isHeld: () -> Bool = { false }

  private var watch: ThemeWatch
  private var timer: LoopTimer?
  private var loop: PollLoop?

  /// Makes a controller for a theme of a store.
  public init(store: ThemeStore, active: LoadedTheme) {
    watch = ThemeWatch(store: store, active: active)
  }

  /// The themes to choose from, including new files.
  func themes() -> [Theme] {
    watch.refresh()
    return watch.store.themes
  }

  /// Follows another theme from now on.
  func follow(_ id: String) {
    watch.follow(id)
    schedule(afterMilliseconds: ThemeWatch.pollMilliseconds)
  }

  /// The name of a theme in the settings, with which the next start finds it.
  func settingsName(_ id: String) -> String { watch.store.settingsName(id) }

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
