extension Sample {
  /// Row and number; the text is what the service says, or the number alone where it varies.
  private static let entraNumbers: [(id: String, number: String, text: String)] = [
    (
      "entra-reply-address", "AADSTS50011",
      "The redirect URI 'http://localhost:8910/callback' specified in the request does"
        + " not match the redirect URIs configured for the application"
    ),
    (
      "entra-reply-address-missing", "AADSTS900971",
      "No reply address provided."
    ),
    (
      "entra-id-token-off", "AADSTS700054",
      "response_type 'id_token' is not enabled for the application."
    ),
    (
      "entra-response-type", "AADSTS70005",
      "response_type 'token' is not supported for the application."
    ),
    (
      "entra-response-mode", "AADSTS70007",
      "'query' is not a supported value of 'response_mode' when requesting a token."
    ),
    (
      "entra-app-not-in-tenant", "AADSTS700016",
      "Application with identifier '6731' was not found in the directory 'Demo'."
    ),
    (
      "entra-app-not-found", "AADSTS700011",
      "Application with identifier '6731' was not found in the directory 'Demo'."
    ),
    (
      "entra-app-disabled", "AADSTS70001",
      "The request could not be completed."
    ),
    (
      "entra-secret-wrong", "AADSTS7000215",
      "Invalid client secret provided. Ensure the secret being sent in the request is"
        + " the client secret value, not the client secret ID."
    ),
    (
      "entra-secret-expired", "AADSTS7000222",
      "The provided client secret keys for app '6731' are expired."
    ),
    (
      "entra-secret-missing", "AADSTS7000218",
      "The request body must contain the following parameter: 'client_assertion' or"
        + " 'client_secret'."
    ),
    (
      "entra-public-client-secret", "AADSTS700025",
      "Client is public so neither 'client_assertion' nor 'client_secret' should be"
        + " presented."
    ),
    (
      "entra-credentials", "AADSTS70002",
      "The request could not be completed."
    ),
    (
      "entra-assertion-signature", "AADSTS700027",
      "The request could not be completed."
    ),
    (
      "entra-assertion-subject", "AADSTS50048",
      "The request could not be completed."
    ),
    (
      "entra-assertion-invalid", "AADSTS50012",
      "The request could not be completed."
    ),
    (
      "entra-scope-invalid", "AADSTS70011",
      "The request could not be completed."
    ),
    (
      "entra-resource-not-found", "AADSTS500011",
      "The request could not be completed."
    ),
    (
      "entra-resource-unknown", "AADSTS50001",
      "The request could not be completed."
    ),
    (
      "entra-resource-not-listed", "AADSTS650057",
      "The request could not be completed."
    ),
    (
      "entra-misconfigured", "AADSTS650056",
      "The request could not be completed."
    ),
    (
      "entra-misconfigured", "AADSTS65005",
      "The request could not be completed."
    ),
    (
      "entra-single-tenant-common", "AADSTS50194",
      "Application '6731'(Demo) is not configured as a multi-tenant application. Usage"
        + " of the /common endpoint is not supported for such applications."
    ),
    (
      "entra-tenant-not-found", "AADSTS90002",
      "The request could not be completed."
    ),
    (
      "entra-tenant-unknown", "AADSTS50059",
      "The request could not be completed."
    ),
    (
      "entra-not-in-tenant", "AADSTS50020",
      "The request could not be completed."
    ),
    (
      "entra-select-account", "AADSTS16000",
      "The request could not be completed."
    ),
    (
      "entra-account-unknown", "AADSTS50034",
      "The request could not be completed."
    ),
    (
      "entra-not-assigned", "AADSTS50105",
      "The request could not be completed."
    ),
    (
      "entra-consent-missing", "AADSTS65001",
      "The user or administrator has not consented to use the application with ID '6731'"
        + " named 'Demo'."
    ),
    (
      "entra-admin-consent", "AADSTS90094",
      "The request could not be completed."
    ),
    (
      "entra-admin-consent", "AADSTS90095",
      "The request could not be completed."
    ),
    (
      "entra-consent-declined", "AADSTS65004",
      "User declined to consent to access the app."
    ),
    (
      "entra-no-session", "AADSTS50058",
      "A silent sign-in request was sent but no user is signed in."
    ),
    (
      "entra-password-wrong", "AADSTS50126",
      "The request could not be completed."
    ),
    (
      "entra-account-locked", "AADSTS50053",
      "The request could not be completed."
    ),
    (
      "entra-account-disabled", "AADSTS50057",
      "The request could not be completed."
    ),
    (
      "entra-password-expired", "AADSTS50055",
      "The request could not be completed."
    ),
    (
      "entra-mfa-required", "AADSTS50076",
      "The request could not be completed."
    ),
    (
      "entra-mfa-required", "AADSTS50074",
      "The request could not be completed."
    ),
    (
      "entra-mfa-required", "AADSTS50079",
      "The request could not be completed."
    ),
    (
      "entra-mfa-required", "AADSTS50072",
      "The request could not be completed."
    ),
    (
      "entra-conditional-access", "AADSTS53003",
      "The request could not be completed."
    ),
    (
      "entra-conditional-access", "AADSTS50131",
      "The request could not be completed."
    ),
    (
      "entra-conditional-access", "AADSTS530035",
      "The request could not be completed."
    ),
    (
      "entra-device-not-compliant", "AADSTS53000",
      "The request could not be completed."
    ),
    (
      "entra-device-not-compliant", "AADSTS53001",
      "The request could not be completed."
    ),
    (
      "entra-grant-revoked", "AADSTS50173",
      "The request could not be completed."
    ),
    (
      "entra-tenant-restricted", "AADSTS500021",
      "The request could not be completed."
    ),
    (
      "entra-tenant-restricted", "AADSTS500022",
      "The request could not be completed."
    ),
    (
      "entra-tenant-restricted", "AADSTS500212",
      "The request could not be completed."
    ),
    (
      "entra-tenant-restricted", "AADSTS500213",
      "The request could not be completed."
    ),
    (
      "entra-code-redeemed", "AADSTS54005",
      "OAuth2 Authorization code was already redeemed, please retry with a new valid"
        + " code or use an existing refresh token."
    ),
    (
      "entra-grant-expired", "AADSTS70008",
      "The provided authorization code or refresh token has expired due to inactivity."
    ),
    (
      "entra-refresh-inactive", "AADSTS700082",
      "The request could not be completed."
    ),
    (
      "entra-refresh-inactive", "AADSTS700084",
      "The request could not be completed."
    ),
    (
      "entra-refresh-invalid", "AADSTS70000",
      "The request could not be completed."
    ),
    (
      "entra-code-of-other-tenant", "AADSTS700005",
      "Provided Authorization Code is intended to use against other tenant, thus"
        + " rejected."
    ),
    (
      "entra-verifier-mismatch", "AADSTS501481",
      "The Code_Verifier does not match the code_challenge supplied in the authorization"
        + " request."
    ),
    (
      "entra-challenge-size", "AADSTS50147",
      "The request could not be completed."
    ),
    (
      "entra-challenge-size", "AADSTS501491",
      "The request could not be completed."
    ),
    (
      "entra-parameter-missing", "AADSTS900144",
      "The request body must contain the following parameter: 'client_id'."
    ),
    (
      "entra-parameter-missing", "AADSTS90014",
      "The request could not be completed."
    ),
    (
      "entra-method-not-post", "AADSTS900561",
      "The endpoint only accepts POST, OPTIONS requests. Received a GET request."
    ),
    (
      "entra-malformed", "AADSTS9002313",
      "The request could not be completed."
    ),
    (
      "entra-malformed", "AADSTS90023",
      "The request could not be completed."
    ),
    (
      "entra-malformed", "AADSTS90004",
      "The request could not be completed."
    ),
    (
      "entra-malformed", "AADSTS90100",
      "The request could not be completed."
    ),
    (
      "entra-malformed", "AADSTS90013",
      "The request could not be completed."
    ),
    (
      "entra-not-a-token-request", "AADSTS90056",
      "The request could not be completed."
    ),
    (
      "entra-grant-type", "AADSTS70003",
      "The request could not be completed."
    ),
    (
      "entra-loop", "AADSTS50196",
      "The request could not be completed."
    ),
    (
      "entra-resource-parameter", "AADSTS901002",
      "The request could not be completed."
    ),
    (
      "entra-consumers-endpoint", "AADSTS9002332",
      "The request could not be completed."
    ),
    (
      "entra-consumers-endpoint", "AADSTS9001023",
      "The request could not be completed."
    ),
    (
      "entra-throttled", "AADSTS90055",
      "The request could not be completed."
    ),
    (
      "entra-throttled", "AADSTS90024",
      "The request could not be completed."
    ),
    (
      "entra-jwt-signature", "AADSTS900384",
      "The request could not be completed."
    ),
    (
      "entra-jwt-signature", "AADSTS50006",
      "The request could not be completed."
    ),
    (
      "entra-id-token-hint", "AADSTS50027",
      "The request could not be completed."
    ),
  ]

  static let entra: [Sample] =
    entraNumbers.enumerated().map { index, entry in
      let text =
        "\(entry.number): \(entry.text) Trace ID: 2f5a1c00-7d0e-4c3e-9d61-0a1b2c3d4e5f"
        + " Correlation ID: 9c1d-4e5f Timestamp: 2026-11-22 10:12:13Z"
      // Each third comes as the service's token answer, its page's script, and the form post.
      switch index % 3 {
      case 0:
        return Sample(
          entry.id, json("invalid_request", text.replacing(" Trace", with: "\r\nTrace")))
      case 1:
        return Sample(
          entry.id,
          "<script>$Config={\"sErrorCode\":\"x\",\"strServiceExceptionMessage\":\""
            + text.replacing("'", with: "\\u0027") + "\"};</script>")
      default: return Sample(entry.id, form("invalid_client", text))
      }
    } + [
      Sample(
        "entra-response-type-not-allowed",
        form(
          "unsupported_response",
          "The provided value for the input parameter 'response_type' is not allowed for this"
            + " client. Expected value is 'code'.")),
      Sample(
        "entra-issuer-template",
        log(
          "issuer did not match the issuer returned by provider, expected"
            + " \"https://login.microsoftonline.com/common/v2.0\" got"
            + " \"https://login.microsoftonline.com/{tenantid}/v2.0\"")),
      Sample(
        "entra-issuer-version",
        log(
          "unexpected iss value, expected https://login.microsoftonline.com/0f4d/v2.0, got:"
            + " https://sts.windows.net/0f4d/")),
    ]
}
