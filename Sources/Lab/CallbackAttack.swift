import DemoTenant
import HybridFlow
import OpenID

/// What somebody between browser and application does with the answer on its way.
public enum CallbackAttack: Sendable, Equatable {
  /// Puts the code of another run in its place.
  case swapCode
  /// Puts the access token of another run in its place.
  case swapAccessToken
  /// Puts an ID token of the same person, from another run, in its place.
  case replayIDToken
  /// Puts the whole answer of another run in its place.
  case otherAnswer(StateChoice)
  /// Changes fields.
  case edit([FieldEdit])
  /// Changes the media type.
  case contentType(String)
  /// Puts other bytes in the place of the whole body.
  case body([UInt8])
  /// Adds bytes to the body.
  case appendBytes(String)
  /// Lets it arrive twice.
  case sentTwice

  /// Which state an answer of another run brings along.
  public enum StateChoice: Sendable, Equatable {
    case ownState, noState, victimsState
  }

  /// The run from which the attacker takes something; nil when nothing of it is needed.
  public func otherRun(_ configuration: FlowConfiguration, redirectURI: String) -> OtherRun? {
    let name: String
    switch self {
    case .swapCode, .swapAccessToken, .otherAnswer: name = "bob@demo.example"
    case .replayIDToken: name = "ada@demo.example"
    case .edit, .contentType, .body, .appendBytes, .sentTwice: return nil
    }
    return OtherRun(
      signInName: name, clientID: configuration.clientID, redirectURI: redirectURI,
      responseType: configuration.responseType.rawValue, scopes: configuration.scope,
      audience: configuration.audience, nonce: "nonce-of-another-run-0123456789012345678901",
      state: "state-of-another-run-0123456789012345678901",
      // A challenge whose verifier only the attacker knows.
      codeChallenge: configuration.usesPKCE ? "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" : nil)
  }

  /// What arrives at the application in place of this request.
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
    case .body(let bytes): return [carrying(bytes, request)]
    case .appendBytes(let text): return [carrying(request.body + Array(text.utf8), request)]
    case .sentTwice: return [request, request]
    }
    return [carrying(Array(FormEncoding.encode(fields).utf8), request)]
  }

  private func replace(_ name: String, in fields: inout [FormField], from other: [FormField]?) {
    guard let value = other?[name] else { return }
    FieldEdit.set(name, value).apply(to: &fields)
  }

  private func carrying(_ body: [UInt8], _ request: HTTPRequest) -> HTTPRequest {
    var changed = request
    changed.body = body
    changed.headers.set("Content-Length", String(body.count))
    return changed
  }
}
