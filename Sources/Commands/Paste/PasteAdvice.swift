import OpenID

/// What a person has to know before they leave for a sign-in whose answer goes to the site of
/// somebody else.
struct PasteAdvice {
  private let redirectURI: WebURL

  init(_ redirectURI: WebURL) { self.redirectURI = redirectURI }

  /// How to paste.
  static let invitation =
    "Then paste the answer here: the address at which the browser ended, the form data of the POST, "
    + "\u{201C}Copy as cURL\u{201D}, or the entry of a HAR. What you paste is not shown.\n\n"

  var text: String {
    let plain =
      redirectURI.isHTTPS
      ? "" : "PLAIN HTTP: everybody on the way to \(redirectURI.host) can read the answer.\n"
    return plain
      + "The answer goes to \(redirectURI.origin), not to this machine. The code in it is good only "
      + "once: if the site there redeems it first, you will see invalid_grant. Keep the answer from "
      + "it before you sign in:\n"
      + "  - open the browser\u{2019}s developer tools (F12) and block the request to\n"
      + "    \(redirectURI.origin)\(redirectURI.path)\n"
      + "  - it is listed under Network as failed: copy it from there, or copy the address\n\n"
  }
}
