import HybridFlow
import OpenID

/// The checks of a pasted authorization or token request.
enum PastedRequestChecks {
  /// OpenID Connect Core 1.0, sections 3.1.2.1, 3.2.2.1 and 3.3.2.1.
  static func authorize(_ message: PastedMessage) -> [PastedCheck] {
    let part = message.kind.rawValue
    let fields = message.fields
    var checks = [noRepeats(part, fields), noSecret(part, fields)]
    if message["request_uri"] != nil || message["request"] != nil {
      let place = message["request"] == nil ? "at the provider" : "in the request object"
      return checks
        + RequestChecks.all(.unknown("stand \(place)"), .reader).map { PastedCheck(part, $0) }
    }
    checks.append(required(part, message, "client_id", "Nothing says who asks."))
    checks.append(redirectURI(part, message))
    checks.append(responseType(part, message))
    return checks + RequestChecks.all(.known(fields), .reader).map { PastedCheck(part, $0) }
  }

  private static func noRepeats(_ part: String, _ fields: [FormField]) -> PastedCheck {
    let repeated = fields.repeatedNames
    return PastedCheck(
      part, "request-no-duplicates", repeated.isEmpty ? .pass : .fail,
      expected: "each parameter once",
      found: repeated.isEmpty
        ? "each parameter once" : "repeated: " + repeated.joined(separator: ", "),
      why: repeated.isEmpty
        ? "Every reader sees the same request."
        : "The provider has to refuse it, or takes one value where somebody else takes another.",
      spec: .rfc(6749, "3.1"))
  }

  private static func noSecret(_ part: String, _ fields: [FormField]) -> PastedCheck {
    let names = ["client_secret", "password", "code_verifier", "access_token"]
    let leaked = names.filter { fields[$0] != nil }
    return PastedCheck(
      part, "request-no-secret", leaked.isEmpty ? .pass : .fail, expected: "no secrets",
      found: leaked.isEmpty ? "no secrets" : leaked.joined(separator: ", "),
      why: leaked.isEmpty
        ? "Nothing secret goes through the browser."
        : "It goes through the browser, where others can read it: it is no secret any more.",
      spec: .rfc(6749, "2.3.1"))
  }

  private static func required(
    _ part: String, _ message: PastedMessage, _ name: String, _ why: String
  ) -> PastedCheck {
    let value = message[name]
    return PastedCheck(
      part, "request-" + name.split(at: "_").joined(separator: "-"),
      value == nil ? .fail : .pass, expected: name, found: value ?? "absent",
      why: value == nil ? why : "It is there.", spec: .core("3.1.2.1"))
  }

  private static func redirectURI(_ part: String, _ message: PastedMessage) -> PastedCheck {
    func check(_ verdict: Check.Verdict, _ why: String) -> PastedCheck {
      PastedCheck(
        part, "request-redirect-uri", verdict,
        expected: "an absolute URI without a fragment; https, or http on this machine",
        found: message["redirect_uri"] ?? "absent", why: why, spec: .core("3.1.2.1"))
    }
    guard let text = message["redirect_uri"] else {
      return check(.fail, "OpenID Connect requires it in every request.")
    }
    if text.utf8.contains(UInt8(ascii: "#")) {
      return check(.fail, "A redirect URI must not have a fragment.")
    }
    do throws(WebURLError) {
      let url = try WebURL(text)
      if url.isHTTPS { return check(.pass, "The answer travels encrypted.") }
      return url.isLoopback
        ? check(.pass, "Plain http is excused because it does not leave the machine.")
        : check(.warn, "Codes and tokens could be read on the way.")
    } catch {
      guard error == .unsupportedScheme, let scheme = text.cut(at: ":")?.before,
        !scheme.isEmpty, !text.begins(with: "/")
      else { return check(.fail, "It is no absolute URI.") }
      return check(.warn, "A scheme of its own can be taken by another application.")
    }
  }

  private static func responseType(_ part: String, _ message: PastedMessage) -> PastedCheck {
    let words = Set((message["response_type"] ?? "").split(at: " ").map(String.init))
    let found = message["response_type"] ?? "absent"
    let isHybrid = ResponseType(words: words.sorted().joined(separator: " ")) != nil
    let verdict: Check.Verdict
    let why: String
    if isHybrid {
      (verdict, why) = (.pass, "It is one of the three of the hybrid flow.")
    } else if words == ["code"] {
      (verdict, why) = (.pass, "It is the code flow: nothing but a code comes by the browser.")
    } else if words == ["id_token"] {
      (verdict, why) = (.pass, "It is the implicit flow for signing on: no code, no access token.")
    } else if words == ["id_token", "token"] || words == ["token"] {
      (verdict, why) = (
        .warn, "It is the implicit flow: access tokens come by the browser, and no code."
      )
    } else {
      (verdict, why) = (.fail, "No specification defines this response type.")
    }
    return PastedCheck(
      part, "request-response-type", verdict, expected: "a defined response type", found: found,
      why: why, spec: .multipleResponseTypes("3"))
  }

  // MARK: - Token requests

  /// RFC 6749, section 4.1.3; RFC 7636, section 4.1.
  static func token(_ message: PastedMessage) -> [PastedCheck] {
    let part = message.kind.rawValue
    var checks = [noRepeats(part, message.fields)]
    if message.carrier != "body" {
      checks.append(
        PastedCheck(
          part, "token-request-in-body", .fail, expected: "a body",
          found: message.carrier ?? "nothing",
          why: "Secrets and codes in a URL can end up in logs.", spec: .rfc(6749, "2.3.1")))
    }
    guard message["grant_type"] == "authorization_code" else { return checks }
    let code = message["code"]
    checks.append(
      PastedCheck(
        part, "token-request-code", code == nil ? .fail : .pass, expected: "a code",
        found: code == nil ? "absent" : "a code",
        why: code == nil ? "There is nothing to redeem." : "It can be redeemed once.",
        spec: .rfc(6749, "4.1.3")))
    checks.append(
      PastedCheck(
        part,
        ExchangeChecks.redirectURI(
          asked: .unknown(PastedExamination.absent), sent: message["redirect_uri"] ?? "")))
    guard let verifier = message["code_verifier"] else {
      checks.append(
        PastedCheck(
          part,
          Check(
            .requestPKCE, .warn, expected: "code_verifier", found: "absent",
            why: "Without PKCE nothing ties the code to the one who asked for it.")))
      return checks
    }
    let fits =
      (43...128).contains(verifier.utf8.count)
      && verifier.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
      }
    checks.append(
      PastedCheck(
        part, "token-request-verifier", fits ? .pass : .fail,
        expected: "43 to 128 letters, digits, - . _ ~",
        found: "\(verifier.utf8.count) bytes",
        why: fits ? "It has the form of a verifier." : "No verifier looks like this.",
        spec: .rfc(7636, "4.1")))
    return checks
  }
}
