import OpenID

// Codes and tokens that are bound to the key which a request has proved: RFC 9449, sections 5, 7
// and 10.
extension DemoTenant {
  /// The response to a proof that is refused, where tokens are issued.
  func proofResponse(_ refusal: ProofRefusal) -> HTTPResponse {
    var response = errorResponse(refusal.error)
    if let nonce = refusal.nonce { response.headers.set(DPoP.nonceHeader, nonce) }
    return response
  }

  /// Gives the next nonce along, where the proof still had the one before.
  mutating func addNonce(_ response: inout HTTPResponse, _ call: Call, isResource: Bool) {
    guard settings.demandsProofNonce, response.headers[DPoP.nonceHeader] == nil,
      let text = call.request.headers[DPoP.header],
      let used = (try? CompactJWS(text).claims())?["nonce"]?.string,
      let next = nonce(isResource: isResource, call), next != used
    else { return }
    response.headers.set(DPoP.nonceHeader, next)
  }

  /// The type of a token that is issued to this request.
  func tokenType(_ call: Call) -> JSONValue {
    .string(call.provenKey == nil ? "Bearer" : DPoP.tokenType)
  }

  /// Whether a code or refresh token comes from the one to whose key it is bound; none for an
  /// unbound one.
  ///
  /// RFC 9449, sections 5 and 10.
  func keyFindings(_ rule: String, _ subject: String, _ bound: String?, _ call: Call) -> [Finding] {
    guard let bound else { return [] }
    return [
      Finding(
        rule, "\(subject) comes with a proof of the key to which it is bound", expected: bound,
        found: call.provenKey ?? "no proof",
        passed: call.provenKey?.isIdentical(to: bound) == true,
        .rfc(9449, rule == "code-key" ? "10" : "5"))
    ]
  }

  /// Refuses a bound token that comes without a proof of its key.
  ///
  /// RFC 9449, sections 7.1 and 7.2.
  mutating func requireKey(
    _ bound: String?, _ token: PresentedToken, _ call: Call, at endpoint: TenantEndpoint
  ) throws(BearerRefusal) {
    let isBoundScheme = token.scheme == DPoP.tokenType.asciiLowercased
    guard bound != nil || isBoundScheme else { return }
    let fits = record(
      Finding(
        "token-scheme", "It is sent as what it is",
        expected: bound == nil ? "Bearer: it is bound to no key" : "DPoP: it is bound to a key",
        found: token.scheme, passed: (bound != nil) == isBoundScheme, .rfc(9449, "7.2")),
      at: endpoint, call)
    guard fits, let bound else {
      throw .boundToken(
        OAuthError(
          "invalid_token",
          bound == nil
            ? "The token is bound to no key: send it as Bearer"
            : "The token is bound to a key: send it as DPoP, with a proof"))
    }
    let key: String?
    do throws(ProofRefusal) {
      key = try provenKey(call, at: endpoint, accessToken: token.text)
    } catch {
      throw .boundToken(error.error, nonce: error.nonce)
    }
    let passed = record(
      Finding(
        "token-key", "A proof of its key comes with it", expected: bound,
        found: key ?? "no proof", passed: key?.isIdentical(to: bound) == true,
        .rfc(9449, "7.1")), at: endpoint, call)
    guard passed else {
      throw .boundToken(
        key == nil
          ? OAuthError(DPoP.invalidProof, "The token is bound to a key, and no proof came with it")
          : OAuthError("invalid_token", "The token is bound to another key"))
    }
  }
}

/// An access token as it was presented.
struct PresentedToken {
  let text: String
  /// The scheme of the header, in small letters; `bearer` for a token in a form.
  let scheme: String
}
