import Cryptography
import DemoTenant
import OpenID
import Presentation
import Testing
import TextUI

struct LexiconTests {
  @Test("entries are one short line with a source", arguments: Glossary.Context.allCases)
  func areShort(context: Glossary.Context) {
    let entries = Glossary.entries(in: context)
    #expect(!entries.isEmpty)
    for entry in entries {
      #expect(!entry.meaning.isEmpty && entry.meaning.count <= 90, "\(entry.name)")
      #expect(!entry.meaning.hasSuffix(".") && !entry.meaning.contains("\n"), "\(entry.name)")
      #expect(entry.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x20 }, "\(entry.name)")
      #expect(!entry.source.document.isEmpty, "\(entry.name)")
      #expect(Glossary.entry(entry.name, in: context) != nil)
    }
  }

  /// A provider may use a standard name in its own way, but never twice, and never instead.
  @Test("no name stands twice with the same standing", arguments: Glossary.Context.allCases)
  func areUnique(context: Glossary.Context) {
    var seen: [String: Glossary.Entry] = [:]
    for entry in Glossary.entries(in: context) {
      if let first = seen[entry.name.lowercased()], first.name == entry.name {
        #expect(first.isStandard && !entry.isStandard, "\(entry.name)")
        #expect(Glossary.entry(entry.name, in: context) == first)
      }
      seen[entry.name.lowercased()] = seen[entry.name.lowercased()] ?? entry
    }
  }

  /// Typed from the registries of the specifications, apart from the tables.
  @Test(
    "the names of the standards are known",
    arguments: [
      (
        Glossary.Context.authorizationRequest,
        """
        response_type response_mode client_id redirect_uri scope state nonce display prompt max_age
        ui_locales id_token_hint login_hint acr_values claims claims_locales request request_uri
        registration code_challenge code_challenge_method resource authorization_details dpop_jkt
        audience organization invitation connection
        """
      ),
      (
        .authorizationResponse,
        """
        code id_token access_token token_type expires_in state scope iss session_state error
        error_description error_uri response
        """
      ),
      (
        .tokenRequest,
        """
        grant_type code redirect_uri client_id client_secret code_verifier client_assertion
        client_assertion_type refresh_token scope resource
        """
      ),
      (
        .tokenResponse,
        """
        access_token token_type expires_in refresh_token scope id_token error error_description
        error_uri
        """
      ),
      (.joseHeader, "alg kid typ cty crit jku jwk x5u x5c x5t x5t#S256 b64"),
      // Those of an encrypted token mean something else, and stand apart.
      (.encryptedHeader, "alg enc zip kid typ cty crit epk apu apv iv tag p2s p2c x5t x5t#S256"),
      (.clientHeader, "alg kid typ cty crit jwk x5c x5t x5t#S256"),
      (.logoutToken, "iss aud iat exp jti sub sid events nonce"),
      (.dpopProof, "jti htm htu iat ath nonce"),
      (
        .otherToken,
        "iss sub aud exp iat events sub_id _sd vct cnf software_id jwks metadata issuer"
      ),
      (
        .idTokenClaim,
        """
        iss sub aud exp iat auth_time nonce acr amr azp at_hash c_hash s_hash nbf jti sid name
        given_name family_name middle_name nickname preferred_username profile picture website email
        email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address
        updated_at _claim_names _claim_sources cnf https://example.com/roles tid oid
        openbanking_intent_id
        """
      ),
      (
        .accessTokenClaim,
        """
        iss exp aud sub client_id iat jti auth_time acr amr scope groups roles entitlements nbf cnf
        act may_act azp gty permissions sid scp https://example.com/roles
        """
      ),
      (
        .userinfo,
        """
        sub name given_name email email_verified address formatted street_address locality region
        postal_code country updated_at iss aud
        """
      ),
      (.jwk, "keys kty use key_ops alg kid x5u x5c x5t x5t#S256 n e crv x y d p q dp dq qi oth k"),
      (.clientAssertion, "iss sub aud exp iat jti nbf"),
      (
        .httpRequestHeader,
        """
        Host host ACCEPT User-Agent Accept-Encoding Accept-Language Content-Type Content-Length
        Origin Referer Cookie Connection Authorization Cache-Control Upgrade-Insecure-Requests
        Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest Sec-Fetch-User sec-ch-ua sec-ch-ua-mobile
        sec-ch-ua-platform DNT Sec-GPC Priority Pragma Expect TE DPoP x-fapi-interaction-id
        x-fapi-auth-date x-fapi-customer-ip-address x-customer-user-agent x-idempotency-key
        x-jws-signature
        """
      ),
      (
        .httpResponseHeader,
        """
        Location Set-Cookie Cache-Control Pragma Content-Type Content-Length Date Server Connection
        WWW-Authenticate Strict-Transport-Security X-Content-Type-Options X-Frame-Options
        Content-Security-Policy Referrer-Policy Vary ETag Transfer-Encoding Allow Retry-After
        Access-Control-Allow-Origin Expires Age Last-Modified Keep-Alive Alt-Svc CF-RAY
        x-auth0-requestid X-RateLimit-Limit x-ms-request-id X-Okta-Request-Id
        """
      ),
      (.challengeAttribute, "realm scope error error_description error_uri resource_metadata"),
      (
        .errorCode,
        """
        invalid_request unauthorized_client access_denied unsupported_response_type invalid_scope
        server_error temporarily_unavailable interaction_required login_required
        account_selection_required consent_required invalid_request_uri invalid_request_object
        request_not_supported request_uri_not_supported registration_not_supported invalid_target
        unmet_authentication_requirements unsupported_response_mode invalid_client invalid_grant
        unsupported_grant_type invalid_token insufficient_scope unsupported_token_type
        """
      ),
      (.pageField, "username password state form_token subject action"),
      (.cookie, "demo_tenant_8910 auth0 KEYCLOAK_IDENTITY"),
      (.revocation, "token token_type_hint client_id client_secret"),
      (
        .logout,
        "id_token_hint logout_hint client_id post_logout_redirect_uri state ui_locales form_token"
      ),
      (
        .value,
        """
        openid profile email address phone offline_access form_post query fragment S256 plain none
        login consent select_account Bearer authorization_code refresh_token client_secret_basic
        client_secret_post private_key_jwt RS256 ES256 PS256 EdDSA JWT at+jwt pwd otp mfa
        RSA-OAEP RSA-OAEP-256 ECDH-ES ECDH-ES+A256KW dir A256KW A256GCMKW A128CBC-HS256 A256GCM
        oauth-authz-req+jwt dpop+jwt tls_client_auth form_post.jwt
        """
      ),
    ])
  func knowsTheStandards(context: Glossary.Context, names: String) {
    for name in names.split(whereSeparator: \.isWhitespace) {
      #expect(Glossary.entry(String(name), in: context) != nil, "\(name)")
    }
  }

  @Test("the discovery documents of known providers hold no unknown member")
  func knowsProviders() {
    let names = """
      issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri registration_endpoint
      revocation_endpoint introspection_endpoint end_session_endpoint device_authorization_endpoint
      mfa_challenge_endpoint scopes_supported response_types_supported response_modes_supported
      code_challenge_methods_supported subject_types_supported claims_supported
      token_endpoint_auth_methods_supported id_token_signing_alg_values_supported
      token_endpoint_auth_signing_alg_values_supported request_uri_parameter_supported
      request_parameter_supported backchannel_logout_supported backchannel_logout_session_supported
      frontchannel_logout_supported frontchannel_logout_session_supported check_session_iframe
      grant_types_supported acr_values_supported claim_types_supported claims_parameter_supported
      userinfo_signing_alg_values_supported request_object_signing_alg_values_supported
      require_request_uri_registration tls_client_certificate_bound_access_tokens
      mtls_endpoint_aliases pushed_authorization_request_endpoint
      require_pushed_authorization_requests authorization_response_iss_parameter_supported
      dpop_signing_alg_values_supported prompt_values_supported tenant_region_scope
      cloud_instance_name cloud_graph_host_name msgraph_host rbac_url http_logout_supported
      kerberos_endpoint backchannel_authentication_endpoint
      authorization_signing_alg_values_supported id_token_encryption_enc_values_supported
      request_object_encryption_alg_values_supported request_object_encryption_enc_values_supported
      require_signed_request_object
      """
    for name in names.split(whereSeparator: \.isWhitespace) {
      #expect(Glossary.entry(String(name), in: .metadata) != nil, "\(name)")
    }
  }

  @Test("what the demo tenant publishes and its people have is explained")
  func knowsTheDemoTenant() throws {
    let settings = TenantSettings.demo(
      issuer: "http://localhost:9000/", redirectURIs: ["http://localhost:8910/callback"],
      secret: Secret("a secret for this test"))
    var tenant = try DemoTenant(
      settings: settings, keys: [try SigningKey.generate(.rs256, keyID: "test")],
      randomness: Randomness.bytes)
    let documents: [(path: String, context: Glossary.Context)] = [
      ("/.well-known/openid-configuration", .metadata), ("/.well-known/jwks.json", .jwk),
    ]
    for document in documents {
      let request = HTTPRequest(
        method: "GET", target: document.path, headers: ["Host": "localhost:9000"])
      let response = tenant.handle(request, at: UnixTime(seconds: 1_764_000_000))
      #expect(response.status == 200)
      for header in response.headers.lines {
        #expect(Glossary.entry(header.name, in: .httpResponseHeader) != nil, "\(header.name)")
      }
      let json = try JSONParser.parse(response.body)
      let keys = json["keys"]?.elements?.flatMap { $0.members ?? [] } ?? []
      for member in (json.members ?? []) + keys {
        #expect(Glossary.entry(member.name, in: document.context) != nil, "\(member.name)")
      }
    }
    for claim in settings.people.flatMap(\.claims) {
      #expect(Glossary.entry(claim.name, in: .idTokenClaim) != nil, "\(claim.name)")
      for part in claim.value.members ?? [] {
        #expect(Glossary.entry(part.name, in: .userinfo) != nil, "\(part.name)")
      }
    }
    for content in settings.apis.flatMap(\.resources).flatMap(\.content) {
      #expect(Glossary.entry(content.name, in: .apiBody) != nil, "\(content.name)")
      for entry in content.value.elements ?? [] {
        for member in entry.members ?? [] {
          #expect(Glossary.entry(member.name, in: .apiBody) != nil, "\(member.name)")
        }
      }
    }
  }

  @Test(
    "a name that no standard has is unknown",
    arguments: [
      ("x_color", Glossary.Context.authorizationRequest), ("Client_ID", .authorizationRequest),
      ("", .tokenRequest), ("nonce", .tokenRequest), ("X-Color", .httpResponseHeader),
      ("coo\u{212A}ie", .httpRequestHeader), ("https", .idTokenClaim), ("demo_tenant", .cookie),
      ("code_verifier", .authorizationRequest), ("client_secret", .authorizationResponse),
    ])
  func admitsIgnorance(name: String, context: Glossary.Context) {
    #expect(Glossary.entry(name, in: context) == nil)
  }

  @Test("providers’ own names are told from standard ones")
  func tellsVendors() throws {
    #expect(try #require(Glossary.entry("audience", in: .authorizationRequest)).isStandard == false)
    #expect(try #require(Glossary.entry("scope", in: .authorizationRequest)).isStandard)
    #expect(try #require(Glossary.entry("tid", in: .idTokenClaim)).isStandard == false)
    #expect(
      try #require(Glossary.entry("c_hash", in: .idTokenClaim)).source == .core("3.3.2.11"))
    #expect(
      Glossary.entry("iss", in: .idTokenClaim)?.meaning
        != Glossary.entry("iss", in: .authorizationResponse)?.meaning)
  }
}
