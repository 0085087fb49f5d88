import HybridFlow
import OpenID
import Testing

@testable import Redaction

/// What stands for a secret in the events of a run still teaches.
@Suite struct EventMaskTests {
  private func mask(personal: Bool = true) -> EventMask {
    EventMask(replacesPersonal: personal) { bytes in
      // Not the real thing, and enough for tests of shape: every bit depends on all before it.
      var state: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return (0..<32).map { index in
        state = (state ^ UInt64(index)) &* 0x9E37_79B9_7F4A_7C15
        return UInt8(truncatingIfNeeded: state >> 32)
      }
    }
  }

  private func fetched(_ json: JSONValue) -> FlowEvent {
    let url = try? WebURL("https://op.example/token")
    return .fetched(
      .token,
      url.map { HTTPRequest(method: "POST", url: $0) } ?? HTTPRequest(method: "POST", target: "/"),
      HTTPResponse(status: 200, mediaType: "application/json", text: json.compactText))
  }

  private func json(_ event: FlowEvent) -> JSONValue? {
    guard case .fetched(_, _, let response) = event else { return nil }
    return try? JSONParser.parse(response.body)
  }

  @Test func `placeholders keep length, shape and equality`() throws {
    var mask = mask()
    let opaque = "v2.local-Abc_DEF.0123456789abcdefABCDEF"
    let hex = "0123456789abcdef0123456789abcdef"
    let first = json(
      mask.mask(fetched(["access_token": .string(opaque), "refresh_token": .string(hex)])))
    let again = json(mask.mask(fetched(["refresh_token": .string(opaque)])))
    let one = try #require(first?["access_token"]?.string)
    #expect(one != opaque && one.utf8.count == opaque.utf8.count)
    #expect(one.map { "._-".contains($0) } == opaque.map { "._-".contains($0) })
    #expect(again?["refresh_token"]?.string == one, "the same value, the same placeholder")
    let two = try #require(first?["refresh_token"]?.string)
    #expect(two != hex && two.count == hex.count && two.allSatisfy(\.isHexDigit))
    var other = EventMask(replacesPersonal: true) { _ in Array(repeating: 7, count: 32) }
    #expect(
      json(other.mask(fetched(["access_token": .string(opaque)])))?["access_token"]
        != first?["access_token"])
    // What is a placeholder already stays one.
    #expect(
      json(mask.mask(fetched(["access_token": .string(one)])))?["access_token"]?.string == one)
  }

  @Test func `a JWT keeps its header and claims, but neither signature nor person`() throws {
    let claims: JSONValue = [
      "iss": "https://op.example/", "sub": "auth0|6743f0a1", "aud": "client", "exp": 1_795_424_400,
      "email": "ada@lovelace.example", "name": "Ada \u{C5}ngstr\u{F6}m",
      "address": ["locality": "London", "formatted": "12 Square"],
      "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
    ]
    let header: JSONValue = ["alg": "RS256", "kid": "key-1", "typ": "JWT"]
    let signature = [UInt8](repeating: 0xA5, count: 256)
    let parts = [Array(header.compactText.utf8), Array(claims.compactText.utf8), signature]
    let text = parts.map { Base64URL.encode($0) }.joined(separator: ".")
    var mask = mask()
    let shown = try #require(
      json(mask.mask(fetched(["id_token": .string(text)])))?["id_token"]?.string)
    #expect(shown.utf8.count == text.utf8.count)
    let token = try CompactJWS(shown)
    #expect(token.header == header && token.signature.count == 256 && token.signature != signature)
    let kept = try token.claims()
    for name in ["iss", "aud", "exp", "at_hash"] { #expect(kept[name] == claims[name], "\(name)") }
    for name in ["sub", "email", "name", "address"] {
      #expect(kept[name] != claims[name], "\(name)")
    }
    #expect(kept["email"]?.string?.contains("@") == true)
    for word in ["ada", "Ada", "lovelace", "London", "\u{C5}"] {
      #expect(!kept.compactText.contains(word), "\(word)")
    }
    var lenient = self.mask(personal: false)
    let demo = try #require(
      json(lenient.mask(fetched(["id_token": .string(text)])))?["id_token"]?.string)
    #expect(try CompactJWS(demo).claims() == claims, "the people of the demo tenant are nobody")
  }

  @Test func `what an API told goes as well, and credentials in other headers`() throws {
    let url = try WebURL("https://api.example/me")
    let data: JSONValue = ["note": "Ada has an appointment", "list": ["one", 2, true], "n": .null]
    func event(_ status: Int, _ type: String, _ text: String) -> FlowEvent {
      var request = HTTPRequest(method: "GET", url: url)
      request.headers.add("X-API-Key", "canary-key-123456")
      return .fetched(.api, request, HTTPResponse(status: status, mediaType: type, text: text))
    }
    var mask = mask()
    guard
      case .fetched(_, let request, let response) = mask.mask(
        event(200, "application/json", data.compactText))
    else { return }
    #expect(!response.bodyText.contains("Ada") && !response.bodyText.contains("one"))
    #expect(json(.fetched(.api, request, response))?.members?.map(\.name) == ["note", "list", "n"])
    #expect(response.body.count == data.compactText.utf8.count)
    #expect(request.headers["X-API-Key"]?.hasPrefix("masked-") == true)
    guard case .fetched(_, _, let plain) = mask.mask(event(200, "text/plain", "Ada was here")),
      case .fetched(_, _, let refused) = mask.mask(
        event(401, "application/json", #"{"error":"invalid_token"}"#))
    else { return }
    #expect(!plain.bodyText.contains("Ada") && plain.body.count == 12)
    #expect(refused.bodyText == #"{"error":"invalid_token"}"#)
  }

  @Test func `an error's code is no authorization code`() {
    var mask = mask()
    let error: JSONValue = ["error": "invalid_grant", "code": "access_denied"]
    #expect(json(mask.mask(fetched(error))) == error)
  }

  @Test func `a text that only looks like JSON keeps its faults`() throws {
    let texts = [
      #"{"access_token":"abcdefgh12345678","access_token":"abcdefgh12345678"}"#,
      #"{"access_token":"abcdefgh12345678""#, #"{"access_token": "abcdefgh12345678",}"#,
      "<html>no</html>", #"{"a":"\u12"}"#, "{", "\"", #"{"access_token":"abc\"#,
    ]
    for text in texts {
      var mask = mask()
      let url = try WebURL("https://op.example/token")
      let event = FlowEvent.fetched(
        .token, HTTPRequest(method: "POST", url: url),
        HTTPResponse(status: 200, mediaType: "application/json", text: text))
      guard case .fetched(_, _, let response) = mask.mask(event) else { continue }
      #expect(!response.bodyText.contains("abcdefgh12345678"))
      func fault(_ bytes: [UInt8]) -> String {
        do throws(JSONError) {
          _ = try JSONParser.parse(bytes)
          return ""
        } catch { return error.explanation }
      }
      #expect(fault(response.body) == fault(Array(text.utf8)), "\(text)")
    }
  }
}
