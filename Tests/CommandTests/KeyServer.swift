import Cryptography
import Foundation
import Network
import OpenID
import Synchronization
import Testing

/// A provider that only publishes: its discovery document and its keys, at a port of its own.
final class KeyServer: Sendable {
  private struct State {
    var port: Int?
    var isStopped = false
    var asked: [String] = []
  }

  private let state = Mutex(State())
  let key: SigningKey

  /// Starts on a thread of its own, because the program that asks is another process.
  init(_ key: SigningKey, speakingFor other: String? = nil) async throws {
    self.key = key
    Thread.detachNewThread { [self] in
      let loop = PollLoop()
      let server = HTTPServer(loop: loop)
      server.handler = { [self] request, _ in answer(request, other) }
      let port = try? server.listen(host: "127.0.0.1", port: 0)
      state.withLock { $0.port = port }
      while !state.withLock({ $0.isStopped }) { loop.turn(maximumMilliseconds: 20) }
      server.stop()
    }
    for _ in 0..<1000 where state.withLock({ $0.port }) == nil {
      try await Task.sleep(for: .milliseconds(5))
    }
    _ = try #require(state.withLock { $0.port })
  }

  deinit { stop() }

  func stop() { state.withLock { $0.isStopped = true } }

  var issuer: String { "http://127.0.0.1:\(state.withLock { $0.port } ?? 0)/" }
  /// The paths that were asked for.
  var asked: [String] { state.withLock { $0.asked } }

  private func answer(_ request: HTTPRequest, _ other: String?) -> HTTPResponse {
    state.withLock { $0.asked.append(request.path) }
    let json: JSONValue
    switch request.path {
    case "/.well-known/openid-configuration":
      json = [
        "issuer": .string(other ?? issuer), "jwks_uri": .string(issuer + "keys"),
        "authorization_endpoint": .string(issuer + "authorize"),
        "token_endpoint": .string(issuer + "token"),
        "response_types_supported": ["code id_token"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
      ]
    case "/keys": json = ["keys": .array([key.publicJWK.json])]
    default: return HTTPResponse(status: 404)
    }
    return HTTPResponse(status: 200, mediaType: "application/json", text: json.compactText)
  }

  /// An ID token of this provider, or one that only looks like it.
  func token(signedBy forger: SigningKey? = nil, endsIn seconds: Int64 = 600) throws -> String {
    let now = Int64(Date().timeIntervalSince1970)
    let claims: JSONValue = [
      "iss": .string(issuer), "sub": "somebody", "aud": "my-app",
      "iat": .number(JSONNumber(now)), "exp": .number(JSONNumber(now + seconds)),
      "nonce": "a-nonce-of-some-length-0123456789",
    ]
    return try (forger ?? key).compactJWS(
      header: key.header(type: "JWT"), payload: Array(claims.compactText.utf8))
  }
}
