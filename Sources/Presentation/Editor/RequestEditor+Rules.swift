import HybridFlow
import OpenID
import TextUI

// The rules about the parameters of a request.
extension RequestEditor {
  /// A problem that the person should know before the request is sent.
  struct Problem: Sendable, Equatable {
    /// The parameters with the problem.
    var names: [String]
    /// The check that will fail; nil for a mere warning.
    var fails: CheckID?
    var text: String
  }

  /// The known values of the marked parameter; others can be typed.
  var choices: [String] { row.map { choices(of: $0.name) } ?? [] }

  private func choices(of name: String) -> [String] {
    switch (draft.kind, name) {
    case (.authorization, "response_type"): ResponseType.allCases.map(\.rawValue)
    case (.authorization, "response_mode"): ResponseMode.allCases.map(\.rawValue)
    case (.authorization, "prompt"): ["login", "consent", "select_account", "none"]
    case (.authorization, "code_challenge_method"): ["S256", "plain"]
    case (.token, "grant_type"): ["authorization_code", "refresh_token"]
    case (.token, RequestDraft.methodName): methods
    default: []
    }
  }

  private var methods: [String] {
    let simple: [ClientAuthenticationMethod] = [.basic, .post, .none]
    let made = draft.made[RequestDraft.methodName] ?? ""
    let all = simple.map(\.rawValue)
    return all.contains(made) ? all : [made] + all
  }

  /// Names that a person may want to add, in the order of the glossary.
  var names: [String] {
    let known = Set(rows.filter { !$0.isRemoved }.map(\.name))
    return Glossary.entries(in: lexicon).map(\.name).filter {
      !known.contains($0) && !$0.ends(with: "*")
    }
  }

  var lexicon: Glossary.Context {
    draft.kind == .authorization ? .authorizationRequest : .tokenRequest
  }

  /// What a parameter means, in one line.
  func meaning(of name: String) -> String {
    if draft.kind == .token, name == RequestDraft.methodName {
      return "how the client proves who it is; the name is that of its registration"
    }
    return Glossary.entry(name, in: lexicon)?.meaning
      ?? "not standard, as far as this program knows"
  }

  /// Whether a value is masked unless secrets are shown.
  func isSecret(_ name: String) -> Bool {
    draft.kind == .token && ["code", "code_verifier", "client_secret"].contains(name)
  }

  /// The problems of the request as it is now.
  var problems: [Problem] {
    let fields = fields
    return checked(fields) + repeated(fields)
      + (draft.kind == .authorization ? front(fields) : back(fields))
  }

  /// The checks that will fail.
  var failing: [CheckID] { problems.compactMap(\.fails) }

  /// Why the request cannot be written at all; nil if it can.
  var unusable: String? {
    guard draft.kind == .authorization else { return nil }
    guard (try? draft.endpoint.adding(fields)) == nil else { return nil }
    return "the URL is longer than any server reads"
  }

  private func checked(_ fields: [FormField]) -> [Problem] {
    draft.checks(on: fields).compactMap { check in
      let names: [String] =
        switch check.id {
        case .requestOpenIDScope: ["scope"]
        case .requestNonce: ["nonce"]
        case .requestState: ["state"]
        case .requestPKCE: ["code_challenge", "code_challenge_method"]
        case .requestModeNotQuery: ["response_mode"]
        case .redirectURISame: ["redirect_uri"]
        default: []
        }
      switch check.verdict {
      case .fail:
        return Problem(
          names: names, fails: check.id, text: "\(check.id.rawValue) will fail: \(check.why)")
      case .warn:
        return Problem(
          names: names, fails: nil, text: "\(check.id.rawValue) will warn: \(check.why)")
      case .pass, .skip: return nil
      }
    }
  }

  private func repeated(_ fields: [FormField]) -> [Problem] {
    fields.repeatedNames.filter { $0 != "resource" }.map {
      Problem(
        names: [$0], text: "\($0) stands more than once, which RFC 6749, section 3.1, forbids.")
    }
  }

  private func front(_ fields: [FormField]) -> [Problem] {
    var problems: [Problem] = []
    let type = fields["response_type"] ?? ""
    if ResponseType(words: type) == nil {
      problems.append(
        Problem(
          names: ["response_type"],
          text: type.isEmpty
            ? "Without a response type the tenant must refuse the request."
            : "This is no type of the hybrid flow; the tenant may refuse it."))
    }
    if let redirect = fields["redirect_uri"], !redirect.isIdentical(to: draft.redirectURI) {
      problems.append(
        Problem(
          names: ["redirect_uri"],
          text: "Nobody listens there: the answer will not come back here."))
    } else if fields["redirect_uri"] == nil {
      problems.append(
        Problem(names: ["redirect_uri"], text: "OpenID Connect requires a redirect URI."))
    }
    if let made = draft.made["client_id"], fields["client_id"] != made {
      problems.append(
        Problem(
          names: ["client_id"],
          text: "The tokens would be somebody else\u{2019}s: aud is compared with \(made)."))
    }
    return problems
  }

  private func back(_ fields: [FormField]) -> [Problem] {
    let expected = [
      ("grant_type", "This is not the grant of this flow: expect unsupported_grant_type."),
      ("code", "The tenant has issued no such code: expect invalid_grant."),
      (
        "code_verifier",
        "Its digest is not the code challenge that was sent: expect invalid_grant."
      ),
      ("client_id", "The code was issued to another client: expect invalid_client."),
      ("client_secret", "The client cannot prove who it is: expect invalid_client."),
    ]
    return expected.compactMap { name, text in
      guard let made = draft.made[name], fields[name]?.isIdentical(to: made) != true else {
        return nil
      }
      return Problem(names: [name], text: text)
    }
  }

  /// Completes a typed name, for a parameter that is being added.
  mutating func completeName() {
    guard case .name(let entry)? = typing else { return }
    let names = names
    let typed = entry.text
    let next: String?
    if let here = names.firstIndex(of: typed) {
      next = names[(here + 1) % names.count]
    } else {
      next = names.first { $0.begins(with: typed) }
    }
    guard let next else { return }
    typing = .name(TextEntry(next, limit: Self.nameCharacters))
  }
}
