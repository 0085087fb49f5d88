import OpenID

/// What the application's page at the redirect URI does with the address at which it was opened, and
/// whom it lets look.
///
/// The page and the check on it are made from the same value. OAuth 2.0 Security Best Current
/// Practice (RFC 9700), section 4.2.4.
public struct CallbackPageTraits: Sendable, Equatable {
  /// Whether it takes the answer out of the address before anything else.
  public let clearsAddress: Bool
  /// Its `Referrer-Policy`; nil without the header.
  public let referrerPolicy: String?
  /// Scripts of others that it loads.
  public let foreignScripts: [String]

  /// The page as it should be.
  public static let careful = CallbackPageTraits(
    clearsAddress: true, referrerPolicy: "same-origin", foreignScripts: [])
  /// A page made like any other of a site: with the site's statistics, and nothing cleared.
  public static let careless = CallbackPageTraits(
    clearsAddress: false, referrerPolicy: nil,
    foreignScripts: ["https://statistics.example/page.js"])
}

extension FlowConfiguration {
  /// The traits of the application's page in this run.
  var callbackPage: CallbackPageTraits {
    experiment.mistakes.contains(.leavesAnswerInAddress) ? .careless : .careful
  }
}

extension CallbackPageTraits {
  /// Judges the page at which an answer in an address arrived.
  func check(_ answer: AuthorizationResponse) -> Check {
    let expected = "a page without scripts of others, and the answer out of its address"
    guard answer.carrier != .body else {
      return Check(
        .errorPageClean, .pass, expected: expected, found: "no answer in an address",
        why: "The answer came in a body: there is nothing in the address to read.")
    }
    let faults =
      (clearsAddress ? [] : ["the answer stays in the address"])
      + (["no-referrer", "same-origin"].contains(referrerPolicy) ? [] : ["no Referrer-Policy"])
      + (foreignScripts.isEmpty ? [] : ["a script of " + foreignScripts.joined(separator: ", ")])
    return Check(
      .errorPageClean, faults.isEmpty ? .pass : .warn, expected: expected,
      found: faults.isEmpty ? "the address is cleared" : faults.joined(separator: "; "),
      why: faults.isEmpty
        ? "The page takes the answer out of the address, and lets nobody else look."
        : "The author of that script reads code and tokens out of the address, even when the answer "
          + "is refused.")
  }
}

// The rule.
extension CheckID {
  package static let errorPageClean = CheckID(
    "error-page-clean", .warning,
    rule: "the page at the redirect URI clears its address, and loads nothing of others",
    shows: "code and tokens left in the address of an error page, for scripts of others to read",
    next: "Clear the address first, load nothing from elsewhere, and send Referrer-Policy.",
    spec: .rfc(9700, "4.2.4"))
}
