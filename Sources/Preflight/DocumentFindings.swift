import Diagnosis
import HybridFlow
import Network
import OpenID
import Session

/// Findings about a document that did not come, or cannot be read.
struct DocumentFindings {
  /// The finding's id: `discovery` or `jwks`.
  let id: String
  /// What was asked for, as the beginning of a sentence: `The discovery document`.
  let subject: String
  let url: WebURL
  let spec: SpecReference

  static func discovery(_ url: WebURL) -> DocumentFindings {
    DocumentFindings(
      id: "discovery", subject: "The discovery document", url: url, spec: .discovery("4"))
  }

  static func keys(_ url: WebURL) -> DocumentFindings {
    DocumentFindings(id: "jwks", subject: "The key set", url: url, spec: .rfc(7517, "5"))
  }

  private var isDiscovery: Bool { id == "discovery" }
  /// Who names the address: the issuer is given here, the others stand in the document.
  private var addressBlame: Blame { isDiscovery ? .settings : .provider }

  private func finding(
    _ message: String, _ evidence: String, fix: String?, _ blame: Blame
  ) -> CheckFinding {
    CheckFinding(
      id, .error, message, evidence: evidence, fix: fix, spec: spec, blame: blame,
      isUnreadable: true)
  }

  /// No answer came.
  static func unreachable(_ id: String, _ url: WebURL, _ fault: TransportError) -> CheckFinding {
    let failure = TransportFailure(fault)
    let details = fault.details.map { "\($0.name): \($0.text)" }.joined(separator: "; ")
    let evidence = ["\(url.origin)\(url.path)", details.isEmpty ? nil : details]
    return CheckFinding(
      id, .error, fault.brief.capitalized + ".",
      evidence: evidence.compactMap { $0 }.joined(separator: ": "),
      fix: fault.remedy.map { $0.capitalized + "." }, blame: failure.blame, isUnreadable: true)
  }

  /// A response that is not the document, as far as its status or text says why; nil when it only
  /// says that nothing is there, so that another address may be meant.
  func unusable(_ response: HTTPResponse, issuer: WebURL) -> CheckFinding? {
    let words = ResponseWords(response)
    let evidence = "\(url): \(words.words)"
    let title = (words.description ?? "").asciiLowercased
    if response.status >= 400, title.holds("ssl certificate") || title.holds("client certificate") {
      return finding(
        "The server answers only clients with a TLS certificate (mutual TLS).", evidence,
        fix: "This program has none to show: ask for an address without mutual TLS.", .settings)
    }
    switch response.status {
    case 300..<400: return redirected(words, evidence)
    case 401, 403: return forbidden(words, response, evidence)
    case 429:
      return finding(
        "The provider wants fewer requests.", evidence,
        fix: words.retryAfter.map { wait in
          wait.isDigits ? "Wait \(wait) seconds, then try again." : "Try again after \(wait)."
        } ?? "Wait, then try again.", .provider)
    case 500...: return failing(words, evidence)
    case 200: return unreadable(response, words, evidence)
    default: return said(words, evidence, issuer)
    }
  }

  private func redirected(_ words: ResponseWords, _ evidence: String) -> CheckFinding {
    guard let location = words.location, let target = try? url.resolving(location) else {
      return finding(
        "\(subject) is redirected to nowhere.", evidence, fix: "Look at the provider\u{2019}s log.",
        .provider)
    }
    let issuer = target.text.dropping(suffix: "/.well-known/openid-configuration")
    let fix =
      issuer.map {
        "Redirects of it are not followed. Use --issuer \($0), if that is the provider."
      }
      ?? "Redirects of it are not followed. A login page in its place means that a proxy or gateway "
      + "protects it: let requests to this address through."
    return finding(
      "\(subject) is redirected to \(target.origin)\(target.path).", evidence, fix: fix,
      addressBlame)
  }

  private func forbidden(
    _ words: ResponseWords, _ response: HTTPResponse, _ evidence: String
  ) -> CheckFinding {
    let text = String(decoding: response.body.prefix(8192), as: UTF8.self)
    let isWall = ProbeRefusal.isWall(
      "\(words.description ?? "") \(text.prefix(bytes: 2048))", response)
    return finding(
      isWall
        ? "A bot wall answers in the place of the provider (HTTP \(response.status))."
        : "The server does not show it to us (HTTP \(response.status)).",
      evidence,
      fix: "It has to be public: let its operator allow requests to \(url.path), or try from "
        + "another network.", .provider)
  }

  private func failing(_ words: ResponseWords, _ evidence: String) -> CheckFinding {
    let isGateway = [502, 503, 504].contains(words.status)
    let wait = words.retryAfter.map { $0.isDigits ? " It asks to wait \($0) seconds." : "" } ?? ""
    return finding(
      isGateway
        ? "A gateway or proxy before the provider answers that it cannot be reached (HTTP "
          + "\(words.status))."
        : "The provider\u{2019}s server fails (HTTP \(words.status)).",
      evidence, fix: "Try again; then look whether the provider runs.\(wait)", .provider)
  }

  private func unreadable(
    _ response: HTTPResponse, _ words: ResponseWords, _ evidence: String
  ) -> CheckFinding? {
    let fault: JSONError
    do throws(JSONError) {
      let json = try JSONParser.parse(response.body)
      guard json.members == nil else { return foreign(json, evidence) }
      return finding(
        "\(subject) is JSON, but no object.", "\(evidence): \(json.typePhrase)",
        fix: "Look at what the provider answers there.", .provider)
    } catch {
      fault = error
    }
    guard words.body != .page else {
      let title = words.description.map { ": \u{201C}\($0)\u{201D}" } ?? ""
      return finding(
        "A page in HTML is there in the place of it\(title).", evidence,
        fix: (isDiscovery ? "Compare --issuer with the provider\u{2019}s console; a" : "A")
          + " login page or a portal may stand before it.", addressBlame)
    }
    guard words.body != .empty else { return nil }
    if JSONError.hasByteOrderMark(response.body) {
      return finding(
        "\(subject) begins with a byte order mark (BOM), which JSON does not have.", evidence,
        fix:
          "Save it as UTF-8 without BOM at the provider: many clients refuse it (RFC 8259, section "
          + "8.1).", .provider)
    }
    if response.body.starts(with: "-----BEGIN".utf8) {
      return finding(
        "\(subject) is PEM, where JSON is wanted.", evidence,
        fix: "Let the provider publish it as JSON.", .provider)
    }
    let what = fault.explanation(in: response.body)
    let message =
      switch fault.reason {
      case .unexpectedEnd: "\(subject) is cut off."
      case .duplicateName(let name):
        "\(subject) has \(name) twice; it is not known which one counts."
      default: "\(subject) is not JSON."
      }
    return finding(
      message, "\(url): \(what); \(response.body.count) bytes" + response.codingNote,
      fix: fault.reason == .unexpectedEnd
        ? "Try again; then look at the server, and at proxies that cut answers."
        : "Let the provider correct what it sends there.", .provider)
  }

  /// An object that is no such document.
  private func foreign(_ json: JSONValue, _ evidence: String) -> CheckFinding? {
    guard isDiscovery, ProviderMetadata(json)?.isForeign == true else { return nil }
    let names = (json.members ?? []).prefix(5).map(\.name)
    return finding(
      json["keys"] == nil
        ? "There is JSON at this address, and no discovery document."
        : "There is a key set at this address, and no discovery document.",
      "\(evidence), with " + (names.isEmpty ? "no members" : names.joined(separator: ", ")),
      fix: "Compare --issuer with the provider\u{2019}s console.", .settings)
  }

  /// Another status: what an error in the body says, if the table of causes knows it.
  private func said(
    _ words: ResponseWords, _ evidence: String, _ issuer: WebURL
  ) -> CheckFinding? {
    guard let description = words.description, [.json, .oauthError].contains(words.body) else {
      return nil
    }
    let text = (words.code.map { "error: \($0) " } ?? "") + "error_description: \(description)"
    let best = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text, issuer: issuer))
      .first
    guard let best, best.confidence > .low else {
      guard words.body == .oauthError, words.status != 404 else { return nil }
      return finding(
        "The provider refuses: \(words.code ?? "an error").", evidence,
        fix: "Compare --issuer with the provider\u{2019}s console.", .settings)
    }
    return finding(best.cause, evidence, fix: best.fix, best.blame ?? .settings)
  }
}
