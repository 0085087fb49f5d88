import HybridFlow
import OpenID
import Presentation
import Session
import Testing

/// Walks the demo flow and asks the lexicon about every name that appears.
struct ExplanationTests {
  /// A name and where it may be explained.
  private struct Seen: Hashable {
    var name: String
    var contexts: [Glossary.Context]
    var isExplained: Bool { contexts.contains { Glossary.entry(name, in: $0) != nil } }
  }

  @Test(
    "the demo flow shows no name without an explanation", .timeLimit(.minutes(1)),
    arguments: ResponseType.allCases, ["ada@demo.example", "grace@demo.example"])
  func isComplete(type: ResponseType, person: String) throws {
    let machines = try ScriptedRun.afterEachStage(person: PersonAtKeyboard(name: person)) {
      $0.responseType = type
      $0.scope += ["address", "phone", "offline_access"]
      $0.alsoUserinfo = true
      $0.maxAgeSeconds = 3600
    }
    let transcript = try #require(machines.last).transcript
    #expect(transcript.failure == nil)
    let seen = Set(
      transcript.messages.flatMap { Self.names(in: $0) }
        + transcript.tokens.flatMap { Self.names(in: $0) })
    // A walk that shows next to nothing would prove nothing.
    #expect(seen.count > 100)
    #expect(seen.filter { !$0.isExplained }.map(\.name).sorted() == [])
  }

  private static func names(in token: TokenRecord) -> [Seen] {
    let context: Glossary.Context = token.use == .idToken ? .idTokenClaim : .accessTokenClaim
    let header = (token.header?.members ?? []).map { Seen(name: $0.name, contexts: [.joseHeader]) }
    return header + (token.claims?.members ?? []).map { Seen(name: $0.name, contexts: [context]) }
  }

  private static func names(in message: Message) -> [Seen] {
    let headerContext: Glossary.Context =
      message.request == nil ? .httpResponseHeader : .httpRequestHeader
    var seen = message.headers.lines.map { Seen(name: $0.name, contexts: [headerContext]) }
    for line in message.headers.all("Set-Cookie") + message.headers.all("Cookie") {
      let name = line.prefix { $0 != "=" }
      seen.append(Seen(name: String(name), contexts: [.cookie]))
    }
    if let query = message.request.flatMap({ try? FormEncoding.decode($0.query) }) {
      let contexts: [Glossary.Context] =
        message.request?.path.hasSuffix("/authorize") == true
        ? [.authorizationRequest] : [.pageField]
      seen += query.map { Seen(name: $0.name, contexts: contexts) }
    }
    switch message.headers.mediaType {
    case "application/x-www-form-urlencoded":
      let context: Glossary.Context =
        switch message.stage {
        case .callback: .authorizationResponse
        case .exchange: .tokenRequest
        default: .pageField
        }
      let fields = (try? FormEncoding.decode(message.body)) ?? []
      seen += fields.map { Seen(name: $0.name, contexts: [context]) }
    case "application/json":
      seen += members(of: message)
    default: break
    }
    return seen
  }

  private static func members(of message: Message) -> [Seen] {
    guard let json = try? JSONParser.parse(message.body) else { return [] }
    switch message.stage {
    case .tokens, .verify, .exchange:
      return (json.members ?? []).map { Seen(name: $0.name, contexts: [.tokenResponse]) }
    case .api, .data:
      return leaves(of: json).map { Seen(name: $0, contexts: [.apiBody, .userinfo]) }
    default:
      let contexts: [Glossary.Context] = [json["keys"] == nil ? .metadata : .jwk]
      return leaves(of: json).map { Seen(name: $0, contexts: contexts) }
    }
  }

  private static func leaves(of json: JSONValue) -> [String] {
    let inside = (json.elements ?? []) + (json.members ?? []).map(\.value)
    return (json.members ?? []).map(\.name) + inside.flatMap(leaves)
  }
}
