import Foundation
import HybridFlow
import OpenID
import Testing

/// The catalogue of a careful relying party's checks, written down once more beside the code: an
/// id that is lost, invented or judged otherwise shows here.
@Suite struct CatalogueTests {
  /// How a broken rule is judged: E must stop the flow, W warns, I informs.
  enum Level: String {
    case E, W, I

    var severity: Severity {
      switch self {
      case .E: .error
      case .W: .warning
      case .I: .information
      }
    }
  }

  static let catalogue: [(id: String, level: Level)] = [
    // Configuration.
    ("discovery-issuer-match", .E),
    ("discovery-https", .E),
    ("discovery-endpoint-uri", .E),
    ("discovery-endpoint-reach", .E),
    ("discovery-response-type", .W),
    ("discovery-form-post", .W),
    ("discovery-auth-method", .W),
    ("discovery-no-fragment", .W),
    ("discovery-claims-parameter", .W),
    ("jwks-no-private", .E),
    // The provider's keys under FAPI 1.0 Advanced.
    ("keys-profile", .E),
    // Every answer that is read past the browser.
    ("answer-content-type", .W),
    ("answer-not-compressed", .W),
    // Request.
    ("request-openid-scope", .E),
    ("request-nonce", .E),
    ("request-state", .W),
    ("request-pkce", .W),
    ("request-mode-not-query", .E),
    // The request under FAPI 1.0 Advanced.
    ("request-type-profile", .E),
    ("redirect-uri-https", .E),
    ("client-auth-profile", .E),
    ("request-object-signed", .E),
    ("request-object-audience", .E),
    ("request-object-lifetime", .E),
    ("request-object-outside-equal", .E),
    // The answer through the browser.
    ("callback-method", .E),
    ("response-mode-exact", .E),
    ("callback-content-type", .E),
    ("callback-no-duplicates", .E),
    ("callback-single-use", .E),
    ("callback-no-credentials", .E),
    ("error-page-clean", .W),
    ("state-match", .E),
    ("response-iss", .E),
    ("response-iss-vs-id-token", .E),
    ("response-type-exact", .E),
    ("response-no-refresh-token", .W),
    ("response-error-exclusive", .E),
    ("token-type-front", .E),
    // The JWT that carries it.
    ("jarm-mode-exact", .E),
    ("jarm-nothing-outside", .E),
    ("jarm-encrypted-as-registered", .E),
    ("jarm-structure", .E),
    ("jarm-alg", .E),
    ("jarm-iss", .E),
    ("jarm-aud", .E),
    ("jarm-exp", .E),
    ("jarm-signature", .E),
    ("jarm-state", .E),
    ("unsigned-field-not-used", .E),
    ("expires-in", .W),
    // The ID tokens, first and second.
    ("id-token-encrypted-as-registered", .E),
    ("id-token-enc-allowlist", .E),
    ("id-token-decrypts", .E),
    ("id-token-nested", .E),
    ("id-token-structure", .E),
    ("id-token-alg-none", .E),
    ("id-token-alg-allowlist", .E),
    ("id-token-crit", .E),
    ("id-token-no-remote-key", .E),
    ("id-token-header-claims", .E),
    ("id-token-typ", .W),
    ("id-token-kid-known", .E),
    ("id-token-kid-absent-single", .I),
    ("id-token-kid-absent-multiple", .W),
    ("id-token-signature", .E),
    ("id-token-iss", .E),
    ("id-token-iss-present", .E),
    ("id-token-sub-present", .E),
    ("id-token-aud-present", .E),
    ("id-token-aud", .E),
    ("id-token-aud-extra", .E),
    ("id-token-azp", .W),
    ("id-token-booleans", .W),
    ("id-token-exp-present", .E),
    ("id-token-exp", .E),
    ("id-token-lifetime", .W),
    ("id-token-iat-present", .E),
    ("id-token-iat", .W),
    ("id-token-nbf", .E),
    ("nonce-present", .E),
    ("nonce-match", .E),
    ("auth-time", .W),
    ("acr", .W),
    ("request-as-sent", .W),
    // The answer through the browser.
    ("c-hash-present", .E),
    ("c-hash-match", .E),
    ("at-hash-present", .E),
    ("at-hash-match", .E),
    ("s-hash-match", .E),
    // ID tokens under FAPI 1.0 Advanced.
    ("id-token-alg-profile", .E),
    ("s-hash-present", .E),
    ("front-token-personal-data", .W),
    ("intent-id-match", .E),
    // The application's own cookie.
    ("session-cookie-returned", .E),
    // The exchange.
    ("no-exchange-before-front-ok", .E),
    ("code-exchange-once", .E),
    ("redirect-uri-same", .E),
    ("issuer-bound-endpoint", .E),
    ("pkce-enforced", .E),
    ("assertion-audience", .W),
    // The answer of the token endpoint.
    ("token-response-status-json", .E),
    ("token-response-no-store", .W),
    ("token-type-back", .E),
    ("back-id-token-present", .E),
    ("second-id-token-iss", .E),
    ("second-id-token-sub", .E),
    ("second-id-token-event-claims", .W),
    ("second-id-token-user-claims", .W),
    ("back-nonce-match", .E),
    ("back-at-hash", .E),
    ("back-c-hash", .E),
    ("access-tokens-compare", .I),
    ("scope-granted", .W),
    ("refresh-token-expected", .W),
    // The client's certificate, and tokens bound to it.
    ("mtls-alias-used", .E),
    ("access-token-front-unbound", .W),
    ("access-token-cnf-certificate", .E),
    ("bound-token-with-certificate", .E),
    ("cnf-same-in-introspection", .E),
    // The proof of the client's key, and tokens bound to it.
    ("dpop-token-type", .E),
    ("dpop-cnf", .E),
    ("dpop-nonce-honoured", .E),
    ("dpop-retry-once", .E),
    // The connections under FAPI 1.0 Advanced.
    ("tls-profile", .W),
    // The API and userinfo.
    ("use-second-access-token", .W),
    ("bearer-header-only", .E),
    ("api-www-authenticate", .I),
    ("userinfo-sub", .E),
    ("userinfo-signed", .E),
    ("access-token-aud", .I),
    ("fapi-interaction-id", .E),
    // The account that the login opens.
    ("account-key", .E),
    ("account-link-proof", .E),
    // Refresh.
    ("refresh-same-iss-sub-aud", .E),
    ("refresh-rotation", .W),
    // Logout.
    ("logout-state", .W),
  ]

  @Test func `the ids are those of the catalogue, no more and no less`() {
    let ids = Self.catalogue.map(\.id)
    #expect(Set(ids).count == ids.count)
    let known = Set(CheckID.allCases.map(\.rawValue))
    #expect(Set(ids).subtracting(known).sorted() == [], "missing in the code")
    #expect(known.subtracting(ids).sorted() == [], "not in the catalogue")
    #expect(CheckID.allCases.map(\.rawValue) == ids, "in another order")
  }

  @Test func `each is as severe as the catalogue says`() throws {
    for row in Self.catalogue {
      let id = try #require(CheckID(rawValue: row.id))
      #expect(id.severity == row.level.severity, "\(row.id)")
    }
  }

  @Test func `each says what it wants, what its breach shows and where the rule stands`() {
    for id in CheckID.allCases {
      #expect(!id.rule.isEmpty && !id.shows.isEmpty && !id.next.isEmpty, "\(id.rawValue)")
      #expect(!id.spec.document.isEmpty && !id.spec.section.isEmpty, "\(id.rawValue)")
    }
  }

  @Test func `each that is declared beside its function is listed there too`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/HybridFlow")
    let paths = try #require(FileManager.default.enumerator(atPath: folder.path)?.allObjects)
    var declared: [String] = []
    for case let path as String in paths where path.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /= CheckID\(\s*"([^"]+)"/) {
        declared.append(String(match.output.1))
      }
    }
    #expect(declared.sorted() == CheckID.allCases.map(\.rawValue).sorted())
  }
}
