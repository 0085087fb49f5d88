import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// Requests to the redirect URI that were refused before they were read as a response.
  static let refusedRows: [DiagnosisRow] = [
    DiagnosisRow(
      "run-answer-was-https", .generic, [.callback],
      .seen(.wording, .answerRefused(.tls)),
      blame: .environment,
      cause: "Somebody spoke https to the redirect URI\u{2019}s port, which speaks plain http. A"
        + " browser does so when it was told to use https for this host, or when the redirect URI"
        + " is registered with https.",
      fix: "Give the redirect URI with https:// in --redirect-uri, as it is registered: a"
        + " certificate is made for the run. Or register it with http, and use 127.0.0.1 where the"
        + " browser insists on https for localhost.",
      source: .document("RFC 8252, section 7.3; RFC 6797")),
    DiagnosisRow(
      "run-answer-was-http", .generic, [.callback],
      .seen(.literal, .answerRefused(.plainHTTP)),
      blame: .settings,
      cause: "The answer came by plain http to the redirect URI\u{2019}s port, which speaks https:"
        + " the address that the browser was sent to begins with http://.",
      fix: "Register the redirect URI with https:// at the provider, exactly as --redirect-uri has"
        + " it, and sign in again.",
      source: .document("OpenID Connect Core 1.0, section 3.1.2.1; RFC 9110, section 4.2.2")),
    DiagnosisRow(
      "run-answer-certificate-refused", .generic, [.callback],
      .seen(.literal, .answerRefused(.certificateRefused)),
      blame: .environment,
      cause: "The browser does not trust the certificate of the redirect URI: it broke off the TLS"
        + " handshake with an alert, so the answer was not sent. A certificate that was made for the"
        + " run is known to nobody; one of your own has to be trusted, valid and for this host.",
      fix:
        "In the browser\u{2019}s warning compare the SHA-256 fingerprint with the one shown here,"
        + " and go on. To have no warning: mkcert -install, mkcert localhost, then --tls-cert and"
        + " --tls-key; or dotnet dev-certs https --trust.",
      source: .document("RFC 8446, section 6.2")),
    DiagnosisRow(
      "run-answer-old-tls", .generic, [.callback],
      .seen(.literal, .answerRefused(.oldTLS)),
      blame: .environment,
      cause: "What connected to the redirect URI\u{2019}s port speaks only versions of TLS before"
        + " 1.2: an old browser, or a program or proxy between.",
      fix: "Use a browser that speaks TLS 1.2 or 1.3; take proxies out of the way to this machine.",
      source: .document("RFC 8996")),
    DiagnosisRow(
      "run-answer-no-tls", .generic, [.callback],
      .seen(.wording, .answerRefused(.noTLS)),
      blame: .environment,
      cause: "What came to the redirect URI\u{2019}s port is not TLS, or nothing that both sides"
        + " speak: another protocol, or something in between that changes it.",
      fix: "Look at the browser for what it shows; take proxies and port forwards out of the way.",
      source: .document("RFC 8446, section 4.1.1")),
    DiagnosisRow(
      "run-answer-with-many-cookies", .generic, [.callback],
      .seen(.literal, .answerRefused(.cookies)),
      blame: .environment,
      cause: "The browser sent so many cookies with the answer that the request was refused (431)."
        + " Cookies know no ports: every application that ever ran on this host name left its own.",
      fix: "Delete the browser\u{2019}s cookies for the host of the redirect URI, or use another"
        + " name for it, such as 127.0.0.1 in place of localhost, and register that.",
      source: .document("RFC 6265, section 8.5; RFC 6585, section 5")),
    DiagnosisRow(
      "run-answer-head-too-large", .generic, [.callback],
      .seen(.wording, .answerRefused(.headTooLarge)),
      blame: .environment,
      cause: "The request at the redirect URI had a head that is too large (431): an answer in the"
        + " address instead of a form, or header lines that something in between has added.",
      fix: "Send response_mode=form_post; look in the browser\u{2019}s developer tools what makes"
        + " the request so long.",
      source: .document("RFC 6585, section 5")),
    DiagnosisRow(
      "run-answer-too-large", .generic, [.callback],
      .seen(.wording, .answerRefused(.bodyTooLarge)),
      cause: "What was posted to the redirect URI is larger than an answer may be here (413). ID"
        + " tokens grow like that with groups and roles in them.",
      fix: "Let the provider leave groups, roles and pictures out of the ID token, or give them by"
        + " userinfo.",
      source: .document("RFC 9110, section 15.5.14")),
    DiagnosisRow(
      "run-answer-without-length", .generic, [.callback],
      .seen(.wording, .answerRefused(.noLength)),
      blame: .environment,
      cause: "A POST without a length came to the redirect URI (411). No browser sends one: it was"
        + " a program, or a proxy that takes Content-Length away.",
      fix:
        "Let the program that posts send Content-Length; take proxies out of the way to this machine.",
      source: .document("RFC 9110, section 15.5.12")),
    DiagnosisRow(
      "run-answer-for-other-host", .generic, [.callback],
      .seen(.wording, .answerRefused(.otherHost)),
      blame: .environment,
      cause: "A request came to the redirect URI\u{2019}s port under a host name that is not the"
        + " redirect URI\u{2019}s (421): through a tunnel or proxy that changes Host, or from a page"
        + " that tries this port under a name of its own.",
      fix: "Let the tunnel or proxy keep Host, or register and give the redirect URI under the name"
        + " that the browser uses.",
      source: .document("RFC 9110, section 15.5.20")),
    DiagnosisRow(
      "run-answer-not-http", .generic, [.callback],
      .seen(.wording, .answerRefused(.malformed)),
      blame: .environment,
      cause: "What came to the redirect URI\u{2019}s port is not HTTP/1.1 as it should be: another"
        + " protocol, or something in between that changes requests.",
      fix: "Look at stage 5 for what came; take proxies and port forwards out of the way.",
      source: .document("RFC 9112")),
    DiagnosisRow(
      "run-answer-incomplete", .generic, [.callback],
      .seen(.wording, .answerRefused(.tooSlow)), .seen(.wording, .answerRefused(.brokenOff)),
      blame: .environment,
      cause: "A request at the redirect URI began and did not arrive to its end: its sender stopped"
        + " or was cut off.",
      fix: "Start again and wait for the page that says how it ended; look at tunnels and proxies"
        + " between browser and this machine.",
      source: .document("RFC 9110, section 15.5.9")),
  ]
}
