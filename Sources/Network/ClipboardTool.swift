import CSystem
import Glibc

/// A program of the desktop that accepts copied text.
public struct ClipboardTool: Sendable, Hashable {
  /// The program and its arguments.
  public var arguments: [String]

  /// The programs for this desktop, in order of preference; empty over ssh.
  ///
  /// A program on a remote machine would fill that machine's clipboard, not the person's.
  public static func candidates(
    environment: [String: String], isWSL: Bool = Browser.isWSL
  ) -> [ClipboardTool] {
    func has(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    if has("SSH_CONNECTION") || has("SSH_TTY") { return [] }
    var tools: [[String]] = []
    if has("WAYLAND_DISPLAY") { tools.append(["wl-copy"]) }
    if has("DISPLAY") {
      tools += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    }
    if isWSL { tools.append(["clip.exe"]) }
    return tools.map(ClipboardTool.init)
  }

  /// Passes text to the first program that can be started, and returns its name.
  ///
  /// - Parameter children: The programs still running; those that have ended are reaped here.
  public static func give(
    _ text: String, to candidates: [ClipboardTool], environment: ChildEnvironment,
    children: inout [Int32]
  ) -> String? {
    children.removeAll {
      if case .ended = ChildProcess.state(of: $0) { true } else { false }
    }
    for tool in candidates {
      guard let program = tool.arguments.first,
        let path = ChildProcess.find(program, environment.variables["PATH"])
      else { continue }
      let bytes = Array(text.utf8)
      let file = system_memory_file(bytes, bytes.count)
      guard file >= 0 else { return nil }
      defer { close(file) }
      if case .success(let child) = ChildProcess.start(
        path, tool.arguments, environment, input: file)
      {
        children.append(child)
        return program
      }
    }
    return nil
  }
}
