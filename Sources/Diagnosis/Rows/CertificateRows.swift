import HybridFlow

extension DiagnosisEngine {
  /// Mutual TLS: what servers and products say when the client's certificate is missing or wrong.
  static let certificateRows: [DiagnosisRow] = [
    DiagnosisRow(
      "nginx-no-client-certificate", .generic, [.token, .api],
      .literal("No required SSL certificate was sent"),
      cause:
        "The nginx before the server wants a TLS certificate of the client (mutual TLS), and none"
        + " came.",
      fix:
        "Give it with --client-cert FILE and --client-cert-key FILE. If the client needs none, use"
        + " the address without mutual TLS.",
      source: .code("nginx, src/http/ngx_http_special_response.c")),
    DiagnosisRow(
      "nginx-client-certificate-refused", .generic, [.token, .api],
      .literal("400 The SSL certificate error"),
      cause:
        "The nginx before the server does not accept the client\u{2019}s certificate: it expired,"
        + " its authority is not in ssl_client_certificate, or its extendedKeyUsage has no clientAuth.",
      fix: "Send the certificate with the chain above it, or give nginx the authority; look at the"
        + " dates and the usages too: openssl x509 -noout -dates -ext extendedKeyUsage.",
      source: .code("nginx, src/http/ngx_http_special_response.c")),
    DiagnosisRow(
      "keycloak-no-certificate-to-bind", .keycloak, [.token],
      .literal("Client Certification missing for MTLS HoK Token Binding"),
      cause:
        "The client is set to certificate-bound tokens, and no certificate arrived at Keycloak: it"
        + " was not shown, or the proxy before Keycloak did not pass it on.",
      fix: "Show the certificate at the address of mtls_endpoint_aliases. Keycloak needs"
        + " https-client-auth=request, and behind a proxy the x509cert-lookup provider for it. Or"
        + " switch off: Clients > the client > Advanced > OAuth 2.0 Mutual TLS Certificate Bound"
        + " Access Tokens.",
      source: .code("keycloak/keycloak, TokenManager and MtlsHoKTokenUtil")),
    DiagnosisRow(
      "keycloak-certificate-does-not-fit", .keycloak, [.token, .api],
      .literal(
        "Client certificate missing, or its thumbprint and one in the refresh token did NOT match"),
      .literal("Client certificate missing, or its thumbprint and one in the token did NOT match"),
      cause:
        "The token is bound to a certificate, and the request came with another one or with none.",
      fix:
        "Use one certificate for the token endpoint, for refreshes and for the API; after a renewal"
        + " sign in again.",
      source: .code("keycloak/keycloak, MtlsHoKTokenUtil")),
    DiagnosisRow(
      "oidc-provider-no-certificate", .nodeOIDCProvider, [.token],
      .literal("client certificate was not provided"),
      cause: "The client is registered with tls_client_auth or self_signed_tls_client_auth, and no"
        + " certificate arrived.",
      fix:
        "Show it at the address of mtls_endpoint_aliases; behind a proxy getCertificate has to read"
        + " the header in which it is passed on.",
      source: .code("panva/node-oidc-provider, lib/shared/client_auth.js")),
    DiagnosisRow(
      "oidc-provider-certificate-not-registered", .nodeOIDCProvider, [.token],
      .literal("unregistered client certificate provided"),
      .literal("certificate subject value does not match the registered one"),
      .literal("client certificate was not verified"),
      cause: "A certificate arrived, and it is not the one that the client has registered.",
      fix:
        "tls_client_auth: compare tls_client_auth_subject_dn with the subject, and the chain with"
        + " the trusted authorities. self_signed_tls_client_auth: put the certificate into x5c of the"
        + " client\u{2019}s jwks.",
      source: .code("panva/node-oidc-provider, lib/shared/client_auth.js")),
    DiagnosisRow(
      "duende-mtls-failed", .duende, [.token],
      .literal("mTLS authentication failed"),
      cause:
        "Duende IdentityServer got no client certificate at its mTLS endpoint, or one that it does"
        + " not accept.",
      fix:
        "Use the addresses of mtls_endpoint_aliases, and look that the proxy passes the certificate"
        + " on; compare thumbprint or subject with the client\u{2019}s secrets of type X509.",
      source: .thread("DuendeSoftware/products#2079")),
    DiagnosisRow(
      "wso2-certificate-missing", .wso2, [.token],
      .literal("Transport certificate not found in the request"),
      .literal("TLS certificate not found in the request"),
      .literal("Invalid transport certificate. Certificate passed through the request not valid"),
      cause:
        "WSO2 found no client certificate that it accepts, in the TLS connection or in the header"
        + " in which the proxy passes it on.",
      fix: "Show the certificate; compare the name of the header with client_certificate_header in"
        + " deployment.toml, and look at the dates of the certificate.",
      source: .thread(
        "wso2/financial-services-accelerator#118, #119, #387")),
  ]
}
