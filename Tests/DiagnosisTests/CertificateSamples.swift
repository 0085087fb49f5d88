/// What servers say when the certificate of a client is missing or wrong.
extension Sample {
  private static func page(_ text: String) -> String {
    "HTTP/1.1 400 Bad Request\nServer: nginx\nContent-Type: text/html\n\n<html>\n<head><title>\(text)"
      + "</title></head>\n<body>\n<center><h1>400 Bad Request</h1></center>\n<center>\(text)</center>\n"
      + "<hr><center>nginx/1.22.1</center>\n</body>\n</html>"
  }

  static let certificates: [Sample] = [
    Sample("nginx-no-client-certificate", page("No required SSL certificate was sent")),
    Sample("nginx-client-certificate-refused", page("400 The SSL certificate error")),
    Sample(
      "keycloak-no-certificate-to-bind",
      json("invalid_request", "Client Certification missing for MTLS HoK Token Binding"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-certificate-does-not-fit",
      json(
        "invalid_grant",
        "Client certificate missing, or its thumbprint and one in the refresh token did NOT match"),
      at: Issuer.keycloak),
    Sample(
      "oidc-provider-no-certificate",
      json("invalid_client", "client certificate was not provided")),
    Sample(
      "oidc-provider-certificate-not-registered",
      json("invalid_client", "unregistered client certificate provided")),
    Sample("duende-mtls-failed", "mTLS authentication failed"),
    Sample(
      "wso2-certificate-missing",
      json("invalid_client", "Transport certificate not found in the request")),
  ]
}
