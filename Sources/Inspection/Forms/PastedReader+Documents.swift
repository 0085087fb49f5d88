import HybridFlow
import OpenID

/// JSON documents, archives of a browser, and objects of programs.
extension PastedReader {
  /// JSON, or an object as a program prints it.
  static func object(_ text: String) throws(PastedError) -> PastedMessage {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(text)
    } catch {
      let bytes = Array(text.utf8)
      if let printed = ProgramObject.read(bytes), var message = try document(printed.value) {
        if case .duplicateName(let name) = error.reason {
          message.notes.append("It has \(name) twice; it is not known which one counts.")
        }
        return message
      }
      let found = LooseText(text)
      if let message = message(found) { return message }
      throw PastedError(
        message: "This begins like JSON, but is none: \(error.explanation(in: bytes)).")
    }
    if let message = try document(json) { return message }
    if let message = message(LooseText(text)) { return message }
    if json.elements?.contains(where: { JSONWebKey($0) != nil }) == true { try requireKeySet(json) }
    throw PastedError(
      message: "This is JSON, but neither a token response, nor keys, nor a discovery document.")
  }

  /// A document by its members, under the names that the specifications give them.
  private static func document(_ json: JSONValue) throws(PastedError) -> PastedMessage? {
    if let entries = HARParts.entries(json) { return try archive(entries) }
    if let token = serialized(json) ?? encryptedToken(json) { return single(token) }
    if json["keys"]?.elements != nil || json["keys"]?.members != nil { try requireKeySet(json) }
    if let kind = documentKind(json) { return PastedMessage(kind, json: json) }
    // A program's object of a request or a cache: the names are its own.
    let members = (json.members ?? []).map { JSONMember(LoginNames.written($0.name), $0.value) }
    let names = Set(members.map(\.name))
    if names.contains("token_type"), !names.isDisjoint(with: ["access_token", "id_token"]) {
      return PastedMessage(.tokenResponse, json: .object(members))
    }
    let fields = members.compactMap { member -> FormField? in
      let text = member.value.only ?? member.value.integer.map { "\($0)" }
      return text.map { FormField(member.name, $0) }
    }
    guard let kind = kind(of: fields, "") else { return nil }
    return PastedMessage(
      kind == .callback || kind == .formBody ? .values : kind, wrapping: "an object of a program",
      fields: fields)
  }

  /// The kind of a document by the members that only it has.
  static func documentKind(_ json: JSONValue) -> PastedMessage.Kind? {
    func has(_ names: String...) -> Bool { names.contains { json[$0] != nil } }
    if json["keys"]?.elements != nil || JSONWebKey(json) != nil { return .keySet }
    if has("issuer", "authorization_endpoint", "jwks_uri") { return .metadata }
    if has("redirect_uris"), has("client_id") { return .registration }
    if json["request_uri"] != nil, has("expires_in") { return .pushedResponse }
    if json["active"]?.bool != nil { return .introspection }
    // The answer through the browser, in the hands of a program, has a code or a state.
    if has("access_token", "id_token", "refresh_token"), !has("code", "state") {
      return .tokenResponse
    }
    if json["error"]?.string != nil { return .errorResponse }
    if json["sub"]?.string != nil { return .userinfo }
    return nil
  }

  /// The compact form of a JWS in JSON serialization with one signature.
  ///
  /// RFC 7515, section 7.2.
  private static func serialized(_ json: JSONValue) -> String? {
    guard let payload = json["payload"]?.string else { return nil }
    let signature = json["signatures"]?.elements?.first ?? json
    guard let header = signature["protected"]?.string, let value = signature["signature"]?.string
    else { return nil }
    return "\(header).\(payload).\(value)"
  }

  /// The messages of a browser's archive.
  private static func archive(
    _ entries: [JSONValue]
  ) throws(PastedError) -> PastedMessage? {
    let parts = entries.flatMap(HARParts.parts)
    guard var message = PastedCollection.one(parts.compactMap(message)) else {
      if let neighbour = parts.lazy.compactMap(Neighbour.name).first {
        throw PastedError(message: neighbour, isKnown: true)
      }
      return nil
    }
    message.wrapping = entries.count == 1 ? "a HAR entry" : "a HAR of \(entries.count) entries"
    if entries.count > 1, message.isFrontAnswer {
      message.notes.append(
        "\u{201C}hybrid-flow replay\u{201D} steps through the login in it, at the time it had.")
    }
    return message
  }

  private static func requireKeySet(_ json: JSONValue) throws(PastedError) {
    do throws(KeySetError) {
      _ = try JSONWebKeySet(json)
    } catch {
      throw PastedError(message: "This set of keys is not read: \(error.explanation).")
    }
  }
}
