import Glibc
import Network
import OpenID
import Platform
import Session
import Settings
import TextUI

/// Copies text to where the person can paste it, and says where that is.
final class Copier {
  private let screen: any Screen
  private let options: SessionOptions
  private var children: [Int32] = []

  init(screen: any Screen, options: SessionOptions) {
    (self.screen, self.options) = (screen, options)
  }

  /// Copies in every available way, and says which.
  func copy(_ text: String) -> String {
    let environment = options.childEnvironment
    let way = screen.copyToClipboard(text, environment: environment.variables)
    let tool = ClipboardTool.give(
      text, to: ClipboardTool.candidates(environment: options.environment),
      environment: environment, children: &children)
    let size = text.utf8.count == 1 ? "1 byte" : "\(text.utf8.count) bytes"
    switch (way, tool) {
    case (.tmux, nil): return "Copied \(size) to tmux\u{2019}s buffer and on to the terminal."
    case (.tmux, let tool?): return "Copied \(size) to tmux\u{2019}s buffer and by \(tool)."
    case (.terminal, nil): return "Copied \(size): the terminal was asked to take it (OSC 52)."
    case (_, let tool?): return "Copied \(size) by \(tool)."
    case (.tooLong, nil): return keep(text, size)
    }
  }

  /// A file is the last way: no terminal takes so much at once.
  private func keep(_ text: String, _ size: String) -> String {
    let folder = ProgramPaths(environment: options.environment).recordings
    let path = folder + "/clip.txt"
    guard Self.write(text, to: path, in: folder) else {
      return "\(size) are more than the terminal takes, and \(HarmlessText.line(path)) cannot be "
        + "written."
    }
    return "\(size) are more than the terminal takes: they are in \(HarmlessText.line(path))."
  }

  private static func write(_ text: String, to path: String, in folder: String) -> Bool {
    guard SystemFiles.makeFolder(folder) == nil else { return false }
    // A new file: never a file or a link that another user left there.
    let fresh = path + ".new"
    unlink(fresh)
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    let reason = SystemFiles.write(Array(text.utf8), to: descriptor)
    close(descriptor)
    guard reason == 0 else {
      unlink(fresh)
      return false
    }
    return rename(fresh, path) == 0
  }
}
