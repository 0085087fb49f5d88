import OpenID

/// What the application owes the token endpoint; stage 6.
enum ExchangeChecks {
  static func all(_ trusted: Trusted) -> [Check] {
    let requested = trusted.requested
    let metadata = requested.prepared.metadata
    let endpoint = requested.prepared.tokenEndpoint.text
    let bound = metadata.tokenEndpoint?.isIdentical(to: endpoint) == true
    let sent = requested.sent("redirect_uri") ?? ""
    return [
      Check(
        .noExchangeBeforeFrontOK, .pass, expected: "no failed check in stage 5",
        found: "no failed check in stage 5",
        why: trusted.frontToken == nil
          ? "The answer was checked as far as this response type allows: no ID token guards the code."
          : "The first ID token vouches for the code."),
      Check(
        .codeExchangeOnce, .pass, expected: "the first time", found: "the first time",
        why: "The code is sent once, and not again after a time-out."),
      Check(
        .redirectURISame, .pass, expected: sent, found: sent,
        why: "The same text stands in both requests."),
      Check(
        .issuerBoundEndpoint, bound ? .pass : .fail, expected: metadata.tokenEndpoint ?? "absent",
        found: endpoint,
        why: bound
          ? "The code goes to the issuer that was asked."
          : "The code would go to somebody else."),
    ]
  }
}
