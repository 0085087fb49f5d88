import Lab

/// Faults that an application may overlook: a specification allows it, or nothing it uses is wrong.
///
/// They are errors for the application of a run, which is stricter than it must be.
enum Allowance {
  /// Why it is allowed that this application went on; nil when it is not.
  static func of(_ fault: LabFault, _ visit: Visit) -> String? {
    if let planted = planted[fault.id], visit.pages.contains(where: { $0.holds(planted) }) {
      return nil
    }
    if let token = visit.frontAccessToken, fault.id == "token-nobody-asked-for",
      visit.tenant.calls.contains(where: { $0.token == token })
    {
      return nil
    }
    return reasons[fault.id]
  }

  /// The wrong value, for the faults that bring one beside the right one.
  private static let planted = [
    "claim-twice": "auth0|administrator", "userinfo-sub-twice": "auth0|administrator",
    "claims-in-header": "auth0|administrator",
  ]

  private static let reasons = [
    "claim-twice": "the last of two equal names counts, which RFC 7519, 4, allows",
    "userinfo-sub-twice": "the last of two equal names counts, which RFC 8259, 4, leaves open",
    "claims-in-header": "nothing is taken from the header, and RFC 7519, 5.3, asks for no more",
    "s-hash-wrong": "s_hash is a claim of FAPI: who does not know it ignores it (Core, 2)",
    "broken-encoding": "the value stays as it is written, as in the URL Standard",
    "type-switched": "what was not asked for is ignored (RFC 6749, 4.1.2)",
    "token-nobody-asked-for": "what was not asked for is ignored (RFC 6749, 4.1.2)",
  ]
}
