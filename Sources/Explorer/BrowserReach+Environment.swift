import Network
import Presentation

extension BrowserReach {
  /// Reads where the person's browser is; a `$BROWSER` of their own counts as one that is here.
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
