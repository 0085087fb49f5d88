import HybridFlow
import OpenID
import Redaction

// What the application keeps for itself: its cookie, and the account that a login opens.
extension RunJSON {
  /// The way of the application’s cookie; its value stands nowhere.
  static func cookie(_ trail: CookieTrail) -> JSONValue {
    let (status, rule): (String, String?) =
      switch trail.end {
      case nil: (trail.setAt == nil ? "not_set" : "set", nil)
      case .returned?: ("returned", nil)
      case .withheld(let reason)?: ("lost", reason.rawValue)
      case .replaced?: ("replaced", nil)
      case .unknown?: ("unknown", nil)
      }
    return [
      "name": .string(trail.name), "same_site": .string(trail.cookie.sameSite.rawValue),
      "set_by": .string(trail.start.text), "wanted_at": .string(trail.redirectURI.text),
      "cross_site": trail.isCrossSite.map(JSONValue.bool) ?? .null, "status": .string(status),
      "rule": rule.map(JSONValue.string) ?? .null,
    ]
  }

  /// The account that the login opened, or would have opened.
  static func account(_ opening: AccountOpening, _ redactor: Redactor) -> JSONValue {
    let outcome =
      switch opening.outcome {
      case .new: "new"
      case .own: "own"
      case .other: "other"
      case .linked: "linked"
      case .none: "none"
      }
    return [
      "key": .string(opening.key.rawValue), "outcome": .string(outcome),
      "account": opening.number.map { .number(JSONNumber(Int64($0))) } ?? .null,
      "owner": opening.owner.map { .string(redactor.mask($0)) } ?? .null,
      "opened": .bool(!opening.isStopped && opening.number != nil),
      "before": .array(opening.before.map { row($0, redactor) }),
      "person": row(opening.person, redactor),
    ]
  }

  private static func row(_ account: Account, _ redactor: Redactor) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string(redactor.mask($0)) } ?? .null }
    return [
      "name": text(account.owner), "iss": text(account.issuer), "sub": text(account.subject),
      "email": text(account.email), "email_proven": .bool(account.isEmailProven),
    ]
  }
}
