import OpenID

/// Headers of HTTP messages.
extension Glossary {
  static let sharedHeaders: [Group] = [
    Group(.rfc(9110, "8.3"), ["Content-Type": "what kind of data the body holds"]),
    Group(.rfc(9110, "8.4"), ["Content-Encoding": "how the body is compressed"]),
    Group(.rfc(9110, "8.5"), ["Content-Language": "the language of the body"]),
    Group(.rfc(9110, "8.6"), ["Content-Length": "how many bytes the body has"]),
    Group(.rfc(9110, "7.6.1"), ["Connection": "whether the connection stays open"]),
    Group(.rfc(9110, "7.6.3"), ["Via": "proxies on the way"]),
    Group(.rfc(9110, "6.6.1"), ["Date": "when the message was made"]),
    Group(.rfc(9110, "6.6.2"), ["Trailer": "headers that follow the body"]),
    Group(.rfc(9110, "7.8"), ["Upgrade": "another protocol to go on with"]),
    Group(.rfc(9112, "6.1"), ["Transfer-Encoding": "how the body is cut for the way"]),
    Group(.rfc(9111, "5.2"), ["Cache-Control": "whether it may be stored"]),
    Group(.rfc(9111, "5.4"), ["Pragma": "no-cache for old caches"]),
    Group(
      SpecReference("RFC 2068", "19.7.1.1"), ["Keep-Alive": "how long the connection may rest"]),
    Group(.rfc(9218, "5"), ["Priority": "how urgent the message is"]),
    Group(
      SpecReference("FAPI 1.0 Baseline", "6.2.1"),
      ["x-fapi-interaction-id": "names this call in the logs of both sides"]),
    Group(
      Source.openBankingUK,
      ["x-jws-signature": "signature over the body, which is sent apart from it"]),
    Group(
      Source.custom,
      [
        "X-Request-ID": "names this request in logs", "X-Correlation-ID": "names a run of requests",
      ]),
  ]

  static let requestHeaders: [Group] = [
    Group(.rfc(9110, "7.2"), ["Host": "the server that is meant"]),
    Group(
      .rfc(9110, "11.6.2"),
      ["Authorization": "Basic: the client's id and secret; Bearer: an access token"]),
    Group(.rfc(9110, "10.1.5"), ["User-Agent": "the program that asks"]),
    Group(.rfc(9110, "12.5.1"), ["Accept": "kinds of data that are welcome"]),
    Group(.rfc(9110, "12.5.2"), ["Accept-Charset": "charsets that are welcome; out of use"]),
    Group(.rfc(9110, "12.5.3"), ["Accept-Encoding": "compressions that are welcome"]),
    Group(.rfc(9110, "12.5.4"), ["Accept-Language": "languages that are welcome"]),
    Group(.rfc(9110, "10.1.1"), ["Expect": "100-continue asks before a large body is sent"]),
    Group(.rfc(9110, "10.1.3"), ["Referer": "the page that led here; may be missing"]),
    Group(.rfc(9110, "10.1.4"), ["TE": "transfer encodings that are welcome"]),
    Group(.rfc(9110, "13.1.2"), ["If-None-Match": "only if it is not the copy that is known"]),
    Group(.rfc(9110, "13.1.3"), ["If-Modified-Since": "only if it is newer than this"]),
    Group(.rfc(9110, "14.2"), ["Range": "which part is wanted"]),
    Group(
      .rfc(6454, "7"),
      ["Origin": "where the form was; null when its page hides it"]),
    Group(
      .rfc(6265, "4.2"), ["Cookie": "this server's cookies; Lax ones stay out of a cross-site post"]
    ),
    Group(.rfc(7239, "4"), ["Forwarded": "what a proxy saw of the client"]),
    Group(.rfc(9449, "4.1"), ["DPoP": "proof that the sender has the key of the token"]),
    Group(
      SpecReference("FAPI 1.0 Baseline", "6.2.2"),
      [
        "x-fapi-auth-date": "when the person last signed in at the client",
        "x-fapi-customer-ip-address": "the person's address; sent only while they are there",
      ]),
    Group(
      Source.openBankingUK,
      [
        "x-customer-user-agent": "the browser of the person, passed on by the client",
        "x-idempotency-key": "names this payment: sent twice, it is made once",
      ]),
    Group(
      Source.fetchMetadata,
      [
        "Sec-Fetch-Site": "whether the request comes from the same site",
        "Sec-Fetch-Mode": "why the browser asks: navigate for a page",
        "Sec-Fetch-Dest": "what the answer is for: document for a page",
        "Sec-Fetch-User": "?1 when a person caused it",
        "Sec-Fetch-Storage-Access": "whether the request may use cookies of a third party",
      ]),
    Group(Source.clientHints, ["Sec-CH-UA*": "the browser and its system, in parts"]),
    Group(.rfc(8942, "2"), ["Sec-CH-*": "something that the server asked to know"]),
    Group(Source.fetch, ["Sec-Purpose": "prefetch when nobody has asked for it yet"]),
    Group(
      Source.fetch,
      [
        "Access-Control-Request-Method": "asks whether a script may send this method",
        "Access-Control-Request-Headers": "asks whether a script may send these headers",
      ]),
    Group(
      Source.upgradeInsecure, ["Upgrade-Insecure-Requests": "the browser would rather have https"]),
    Group(SpecReference("W3C Global Privacy Control", ""), ["Sec-GPC": "do not sell my data"]),
    Group(Source.traceContext, ["traceparent": "this request's place in a trace"]),
    Group(Source.traceContext, ["tracestate": "more about the trace, by vendors"]),
    Group(
      Source.custom,
      [
        "DNT": "do not track; out of use", "X-Requested-With": "set by scripts",
        "X-Forwarded-*": "what a proxy saw of the client",
        "X-Real-IP": "the address of the client, by a proxy",
      ]),
    Group(Source.auth0, ["Auth0-Client": "name and version of the library, base64"]),
  ]

  static let responseHeaders: [Group] = [
    Group(.rfc(9110, "10.2.2"), ["Location": "where to go next"]),
    Group(
      .rfc(9110, "11.6.1"), ["WWW-Authenticate": "how to prove oneself here, and what was wrong"]),
    Group(.rfc(9110, "11.7.1"), ["Proxy-Authenticate": "how to prove oneself to the proxy"]),
    Group(.rfc(9110, "10.2.1"), ["Allow": "methods that work here"]),
    Group(.rfc(9110, "10.2.3"), ["Retry-After": "when to try again"]),
    Group(.rfc(9110, "10.2.4"), ["Server": "the program that answers"]),
    Group(.rfc(9110, "12.5.5"), ["Vary": "headers of the request that the answer depends on"]),
    Group(.rfc(9110, "8.7"), ["Content-Location": "another address of the same"]),
    Group(.rfc(9110, "8.8.2"), ["Last-Modified": "when it was last changed"]),
    Group(.rfc(9110, "8.8.3"), ["ETag": "names this version of it"]),
    Group(.rfc(9110, "14.3"), ["Accept-Ranges": "whether parts can be asked for"]),
    Group(.rfc(9111, "5.1"), ["Age": "seconds that it has been in a cache"]),
    Group(.rfc(9111, "5.3"), ["Expires": "until when it may be kept; a past date for never"]),
    Group(.rfc(6265, "4.1"), ["Set-Cookie": "a cookie for the browser to keep"]),
    Group(.rfc(6266, "4"), ["Content-Disposition": "whether to show it or to save it"]),
    Group(.rfc(6797, "6.1"), ["Strict-Transport-Security": "come back by https only"]),
    Group(.rfc(7034, "2"), ["X-Frame-Options": "whether another page may frame this one"]),
    Group(.rfc(7838, "3"), ["Alt-Svc": "the same service at another place"]),
    Group(.rfc(8288, "3"), ["Link": "related addresses"]),
    Group(.rfc(9449, "8"), ["DPoP-Nonce": "value to put into the next DPoP proof"]),
    Group(
      Source.csp,
      [
        "Content-Security-Policy": "what the page may load, run and post to",
        "Content-Security-Policy-Report-Only": "a policy that is only watched",
      ]),
    Group(
      Source.fetch,
      [
        "X-Content-Type-Options": "nosniff: take the type as it stands",
        "Access-Control-*": "what scripts of other sites may read",
        "Cross-Origin-Resource-Policy": "who may load this",
        "Timing-Allow-Origin": "who may measure this",
      ]),
    Group(
      Source.html,
      [
        "Cross-Origin-Opener-Policy": "keeps windows of other sites apart",
        "Cross-Origin-Embedder-Policy": "what the page may embed",
        "Origin-Agent-Cluster": "keeps origins of one site apart",
        "Refresh": "where to go, after a while",
      ]),
    Group(
      Source.referrerPolicy,
      ["Referrer-Policy": "what the next server learns of this page's address"]),
    Group(
      Source.permissionsPolicy,
      ["Permissions-Policy": "features of the browser that the page may use"]),
    Group(
      Source.reporting,
      [
        "NEL": "where to report network errors", "Report-To": "where to send reports",
        "Reporting-Endpoints": "where to send reports",
      ]),
    Group(.rfc(8942, "3.1"), ["Accept-CH": "what the server would like to know of the browser"]),
    Group(
      SpecReference("W3C Server Timing", ""), ["Server-Timing": "how long the server took"]),
    Group(
      Source.auth0,
      [
        "X-Auth0-RequestId": "names this request in the tenant's logs",
        "X-Auth0-*": "Auth0's own, about how the request was handled",
        "ot-baggage-*": "Auth0's own, for its traces", "ot-tracer-*": "Auth0's own, for its traces",
      ]),
    Group(
      Source.okta,
      [
        "X-Okta-Request-Id": "names this request in Okta's logs",
        "X-Rate-Limit-*": "how many requests are left",
      ]),
    Group(
      Source.entra,
      ["x-ms-*": "Microsoft's own, to find the request in its logs"]),
    Group(Source.cloudflare, ["CF-*": "Cloudflare's own, about the way through its network"]),
    Group(
      Source.custom,
      [
        "P3P": "privacy policy for old browsers; out of use",
        "X-Powered-By": "the software behind; better left out",
        "X-XSS-Protection": "a filter of old browsers; out of use",
        "X-DNS-Prefetch-Control": "whether names of links are looked up early",
        "X-Download-Options": "for old browsers; out of use",
        "X-Permitted-Cross-Domain-Policies": "for plug-ins; out of use",
        "X-Robots-Tag": "what search engines may do",
        "X-RateLimit-*": "how many requests are left",
        "X-UA-Compatible": "for old browsers; out of use",
      ]),
  ]

  static let challengeAttributes: [Group] = [
    Group(.rfc(9110, "11.6.1"), ["scheme": "how to come back: Bearer with an access token"]),
    Group(
      .rfc(6750, "3"),
      [
        "realm": "what is protected", "scope": "what a token would have to allow",
        "error": "why the token was refused; missing when none came",
        "error_description": "the reason in words for developers",
        "error_uri": "a page about the error",
      ]),
    Group(.rfc(9728, "5.1"), ["resource_metadata": "where the API describes itself"]),
    Group(
      .rfc(9470, "3"),
      ["acr_values": "how strong a login is wanted", "max_age": "how fresh a login is wanted"]),
    Group(.rfc(9449, "7.1"), ["algs": "how DPoP proofs may be signed"]),
    Group(.rfc(7617, "2.1"), ["charset": "how to encode name and password"]),
  ]
}
