import HybridFlow
import OpenID
import Redaction

/// Which account a login opened, as text: redacted and harmless.
package struct AccountDocument: Sendable {
  /// An account as it is told.
  struct Row: Sendable {
    let number: Int
    let owner: String
    let openedBy: String
    let subject: String
    let email: String
    /// What it shares with the person, or that it was opened now.
    let mark: String
    /// Whether the look-up leads to it.
    let isReached: Bool
  }

  private let opening: AccountOpening
  private let redactor: Redactor

  init(_ opening: AccountOpening, _ redactor: Redactor) {
    (self.opening, self.redactor) = (opening, redactor)
  }

  /// By what it was looked up, and what came of it, in a sentence.
  package var sentence: String { told(others: others) }

  /// The same, without the accounts that only look alike.
  var briefSentence: String { told(others: "") }

  private func told(others: String) -> String {
    let by = "by \(opening.key.words)"
    let verb = opening.isStopped ? "would have been" : "was"
    switch opening.outcome {
    case .new(let number):
      return "nobody was found \(by): account \(number) "
        + (opening.isStopped ? "would have been opened" : "was opened, a new one")
        + others + "."
    case .own(let number): return "account \(number) was found \(by): the person\u{2019}s own."
    case .other(let number):
      return
        "account \(number) \(verb) opened \(by): it is \(owner)\u{2019}s, who signs in elsewhere."
    case .linked(let number):
      return "the login \(verb) linked to account \(number), which \(owner) opened, for its e-mail "
        + "address alone."
    case .none: return "none: the ID token has no \(opening.key.claims.joined(separator: ", "))."
    }
  }

  private var owner: String { redactor.line(opening.owner ?? "somebody") }

  /// What stays closed although it looks alike.
  private var others: String {
    let email = opening.sharing("email").map { "account \($0) with the same e-mail address" }
    let subject = opening.sharing("sub").map { "account \($0) with the same sub" }
    let all = email + subject
    guard !all.isEmpty else { return "" }
    return "; " + all.joined(separator: " and ") + (all.count == 1 ? " stays" : " stay") + " closed"
  }

  /// What happened in two or three words, for the heading.
  var short: String {
    switch opening.outcome {
    case .new(let number): opening.isStopped ? "none opened" : "account \(number), new"
    case .own(let number): "account \(number), their own"
    case .other(let number), .linked(let number):
      opening.isStopped ? "account \(number) stays closed" : "account \(number), \(owner)\u{2019}s"
    case .none: "none"
    }
  }

  /// Whether somebody else’s account is at stake.
  var isWrong: Bool {
    switch opening.outcome {
    case .other, .linked: true
    case .new, .own, .none: false
    }
  }

  /// Whether a check kept the account closed.
  var isStopped: Bool { opening.isStopped }

  /// The claims of the key with their values.
  var key: [(name: String, value: String)] {
    opening.key.claims.map { claim in
      let value: String? =
        switch claim {
        case "iss": opening.person.issuer
        case "sub": opening.person.subject
        default: opening.person.email
        }
      return (claim, value.map { redactor.line($0) } ?? "absent")
    }
  }

  /// Who signed in.
  var person: String {
    let name = redactor.line(opening.person.owner)
    return name.isEmpty ? redactor.line(opening.person.subject ?? "") : name
  }

  /// The accounts before, and the new one.
  var rows: [Row] {
    var rows = opening.before.enumerated().map { index, row in
      self.row(row, index + 1, mark(row, index + 1))
    }
    if case .new(let number) = opening.outcome, !opening.isStopped {
      rows.append(row(opening.person, number, "new"))
    }
    return rows
  }

  private func mark(_ row: Account, _ number: Int) -> String {
    if case .own(number) = opening.outcome { return "the person\u{2019}s own" }
    var words: [String] = []
    if opening.sharing("email").contains(number) { words.append("same e-mail") }
    if opening.sharing("sub").contains(number) { words.append("same sub") }
    return words.joined(separator: ", ")
  }

  private func row(_ account: Account, _ number: Int, _ mark: String) -> Row {
    let isNew = number > opening.before.count
    return Row(
      number: number, owner: redactor.line(account.owner),
      openedBy: account.issuer.map { redactor.line($0) } ?? "a password of this application",
      subject: account.subject.map { redactor.line($0) } ?? "",
      email: account.email.map {
        redactor.line($0) + (account.isEmailProven ? "" : ", not proved")
      } ?? "no address",
      mark: mark, isReached: opening.number == number && (isNew || !mark.isEmpty))
  }

  /// Where each key would lead: its words, what is found, and whether that is somebody else’s.
  var alternatives: [(key: String, leads: String, isWrong: Bool)] {
    AccountKey.allCases.map { key in
      let trial = opening.lookedUp(by: key)
      let owner = trial.owner.map { redactor.line($0) } ?? ""
      return switch trial.outcome {
      case .new: (key.words, "nobody: a new account", false)
      case .own(let number): (key.words, "account \(number), the person\u{2019}s own", false)
      case .other(let number), .linked(let number):
        (key.words, "account \(number), which is \(owner)\u{2019}s", true)
      case .none: (key.words, "the claim is missing", true)
      }
    }
  }
}
