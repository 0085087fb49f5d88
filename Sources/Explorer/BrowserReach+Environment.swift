import Network
import Presentation

extension BrowserReach {
  /// Finds where the person's browser is; a `$BROWSER` counts as one on this machine.
  public init(environment: [String: String], isWSL: Bool = Browser.isWSL) {
    func isSet(_ names: String...) -> Bool { names.contains { environment[$0]?.isEmpty == false } }
    if isSet("SSH_CONNECTION", "SSH_TTY") {
      self = .overSSH
    } else {
      let hasBrowser = isSet("BROWSER") || Browser.hasDisplay(environment, isWSL: isWSL)
      self = hasBrowser ? .here : .noDisplay
    }
  }
}
