import Diagnosis
import HybridFlow
import OpenID

extension ExplorerModel {
  var authenticationUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    if authenticationRetry != nil { return nil }
    guard transcript.stop != nil else { return "the tenant has not refused the client" }
    return "the run did not fail over how the client\u{2019}s secret was sent"
  }

  /// Starts over with the other client authentication method: a code works once.
  mutating func switchAuthentication() -> [ExplorerAction] {
    guard let retry = authenticationRetry else { return [] }
    say("Starting over with \(retry.other.rawValue).")
    return [.authenticate(retry.other)]
  }
}

extension Reader {
  /// The other client authentication method, if the tenant refused the client.
  var retryRows: [(String, String)] {
    guard let retry = model.authenticationRetry else { return [] }
    let key = model.keyName(of: .otherAuthentication)
    var rows: [(String, String)] = []
    if let trap = retry.trap { rows.append(("The trap", trap)) }
    rows.append(
      ("Or", "\(key): \(retry.offer). A code works once, so that this is a new sign-in."))
    return rows
  }
}
