import DemoTenant
import HybridFlow
import OpenID

/// What an attacker in the browser does to the authorization response, or to the request before it.
public enum CallbackAttack: Sendable, Equatable {
  /// Replaces the code by that of another run.
  case swapCode
  /// Replaces the access token by that of another run.
  case swapAccessToken
  /// Replaces the ID token by one of the same person from another run.
  case replayIDToken
  /// Replaces the whole response by that of another run.
  case otherAnswer(StateChoice)
  /// Changes fields.
  case edit([FieldEdit])
  /// Changes the media type.
  case contentType(String)
  /// Replaces the whole body by these bytes.
  case body([UInt8])
  /// Adds bytes to the body.
  case appendBytes(String)
  /// Writes the names of its headers in capitals.
  case capitalHeaders
  /// Sends it twice.
  case sentTwice
  /// Changes the parameters of the authorization request, as a page or an extension can that hands
  /// the browser its address; in a browser in which the person signed in this long ago.
  case alteredRequest([FieldEdit], signedInSecondsAgo: Int64? = nil)
  /// Plants a second session cookie, in front of the application's own.
  case plantCookie

  /// Which state the response of another run has.
  public enum StateChoice: Sendable, Equatable {
    case ownState, noState, victimsState
  }

  /// Whether the forged values are those of another run.
  public var takesFromAnotherRun: Bool {
    switch self {
    case .swapCode, .swapAccessToken, .otherAnswer, .replayIDToken: true
    case .edit, .contentType, .body, .appendBytes, .capitalHeaders, .sentTwice, .alteredRequest,
      .plantCookie:
      false
    }
  }

  /// Who has signed in earlier in the attacked browser.
  public var signInName: String { "ada@demo.example" }

  /// The run from which the attacker takes a value; nil when none is needed.
  public func otherRun(_ configuration: FlowConfiguration, redirectURI: String) -> OtherRun? {
    let name: String
    switch self {
    case .swapCode, .swapAccessToken, .otherAnswer: name = "bob@demo.example"
    case .replayIDToken: name = "ada@demo.example"
    case .edit, .contentType, .body, .appendBytes, .capitalHeaders, .sentTwice, .alteredRequest,
      .plantCookie:
      return nil
    }
    var run = OtherRun(
      signInName: name, clientID: configuration.clientID, redirectURI: redirectURI,
      responseType: configuration.responseType.rawValue, scopes: configuration.scope,
      audience: configuration.audience, nonce: "nonce-of-another-run-0123456789012345678901",
      state: "state-of-another-run-0123456789012345678901",
      // A challenge whose verifier only the attacker knows.
      codeChallenge: configuration.usesPKCE ? "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" : nil)
    run.isJWT = configuration.responseMode.isJWT
    return run
  }

  /// The requests that arrive at the application instead of this one.
  public func requests(for request: HTTPRequest, other: [FormField]?) -> [HTTPRequest] {
    guard request.method == "POST", var fields = try? FormEncoding.decode(request.body) else {
      return [request]
    }
    switch self {
    case .swapCode: replace("code", in: &fields, from: other)
    case .swapAccessToken: replace("access_token", in: &fields, from: other)
    case .replayIDToken: replace("id_token", in: &fields, from: other)
    case .otherAnswer(let choice):
      let state = fields["state"] ?? ""
      fields = other ?? fields
      switch choice {
      case .ownState: break
      case .noState: FieldEdit.drop("state").apply(to: &fields)
      case .victimsState: FieldEdit.set("state", state).apply(to: &fields)
      }
    case .edit(let edits): edits.forEach { $0.apply(to: &fields) }
    case .contentType(let type):
      var changed = request
      changed.headers.set("Content-Type", type)
      return [changed]
    case .capitalHeaders:
      var changed = request
      changed.headers = HTTPHeaders(
        request.headers.lines.map { line in
          let name = line.name.utf8.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }
          return HTTPHeader(String(decoding: name, as: UTF8.self), line.value)
        })
      return [changed]
    case .body(let bytes): return [carrying(bytes, request)]
    case .appendBytes(let text): return [carrying(request.body + Array(text.utf8), request)]
    case .sentTwice: return [request, request]
    case .alteredRequest: return [request]
    case .plantCookie: return [planting(request)]
    }
    return [carrying(Array(FormEncoding.encode(fields).utf8), request)]
  }

  /// The address to which the browser goes instead of this one, to ask for a sign-in.
  public func authorizeURL(_ url: WebURL) -> WebURL {
    guard case .alteredRequest(let edits, _) = self, var fields = try? url.queryFields(),
      let bare = try? WebURL(String(url.text.before(anyOf: "?#")))
    else { return url }
    edits.forEach { $0.apply(to: &fields) }
    return (try? bare.adding(fields)) ?? url
  }

  private func replace(_ name: String, in fields: inout [FormField], from other: [FormField]?) {
    guard let value = other?[name] else { return }
    FieldEdit.set(name, value).apply(to: &fields)
  }

  /// A neighbour's cookie with a longer `Path` comes first (RFC 6265, section 5.4).
  private func planting(_ request: HTTPRequest) -> HTTPRequest {
    guard let line = request.headers["Cookie"],
      let own = request.headers.sentCookies.first(where: { $0.name.holds("session_") })
    else { return request }
    var changed = request
    changed.headers.set("Cookie", "\(own.name)=planted-by-a-neighbour-0123456789; \(line)")
    return changed
  }

  private func carrying(_ body: [UInt8], _ request: HTTPRequest) -> HTTPRequest {
    var changed = request
    changed.body = body
    changed.headers.set("Content-Length", String(body.count))
    return changed
  }
}
