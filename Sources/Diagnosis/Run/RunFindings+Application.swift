import HybridFlow
import OpenID

// Why an application did not take an answer: the cookies of the browser tell it.
extension RunFacts {
  func refusedAnswerFinding(_ fault: ApplicationFault) -> DiagnosisMatch {
    switch fault {
    case .unanswered:
      made(
        "run-file-ends", .high, nil, "The file ends here: no answer to this request is in it.",
        "Record again, from before the click on Login until the application shows who is signed in, "
          + "or an error.", basis: "nothing follows in the file")
    case .refusedAnswer(let status, let cookies): refusal(status, cookies)
    }
  }

  private func refusal(_ status: Int, _ cookies: [LostCookie]?) -> DiagnosisMatch {
    guard let lost = cookies else { return unseenCookies(status) }
    // A rule of the browser is a cause; a cookie that is missing for no known reason is only a trace.
    guard let cookie = lost.first(where: { $0.reason != .unexplained }) else {
      return unknownRefusal(status, missing: lost.map(\.name))
    }
    let names = lost.filter { $0.reason == cookie.reason }.map(\.name)
    return made(
      "run-cookie-lost", .high, .application,
      "The cookie \(names.joined(separator: ", ")) did not come back with the answer: "
        + "\(cookie.reason.cause) Without it the application does not know its own login "
        + "(HTTP \(status)).",
      cookie.reason.fix,
      values: [
        ComparedValue("the cookie", names.joined(separator: ", ")),
        ComparedValue("the application", "HTTP \(status)"),
      ],
      basis: "the file shows the cookie set, and not sent", source: "RFC 6265bis, section 5.8.3")
  }

  private func unseenCookies(_ status: Int) -> DiagnosisMatch {
    made(
      "run-answer-refused-there", .low, nil,
      "The application refused the answer with HTTP \(status), although every check here that could "
        + "be made passes. A lost cookie is the most frequent reason, but this file has no cookies.",
      "Record again and export with sensitive data, so that the cookies are in the file; or look into "
        + "the application\u{2019}s log at that time.",
      values: [ComparedValue("the application", "HTTP \(status)")],
      basis: "this is what the file shows")
  }

  private func unknownRefusal(_ status: Int, missing: [String] = []) -> DiagnosisMatch {
    let trace =
      missing.isEmpty
      ? " No cookie that the file shows was lost."
      : " The cookie \(missing.joined(separator: ", ")) was set before and did not come back; no rule "
        + "in the file explains why."
    return made(
      "run-answer-refused-there", .low, nil,
      "The application refused the answer with HTTP \(status), although every check here that could "
        + "be made passes.\(trace)",
      "Look into the application\u{2019}s log at that time: only it knows why.",
      values: [ComparedValue("the application", "HTTP \(status)")],
      basis: "this is what the file shows")
  }
}

extension LostCookie.Reason {
  /// What to do about it, in a sentence.
  var fix: String {
    switch self {
    case .strict, .lax, .laxByDefault:
      "Let the application set the cookie of a login with SameSite=None; Secure, over https. Where "
        + "the code comes in a query or a fragment, Lax is enough."
    case .noneWithoutSecure: "Add Secure, and serve the application over https."
    case .secure: "Register and use an https redirect URI."
    case .host:
      "Start the login at the host of the redirect URI, or set Domain for both hosts."
    case .path: "Set Path=/, or the path of the redirect URI."
    case .expired: "Let the cookie live as long as a person may need to sign in."
    case .unexplained: "Look into the application\u{2019}s log at that time."
    }
  }
}
