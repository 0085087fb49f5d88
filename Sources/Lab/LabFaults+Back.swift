import DemoTenant
import HybridFlow
import OpenID

/// Faults in the back channel: the second ID token, the token endpoint, the API.
extension Lab {
  static let secondTokenFaults: [LabFault] = [
    LabFault(
      "second-token-of-another-person", .second, .secondIDTokenSub, types: LabFault.withIDToken,
      at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.set("sub", "auth0|6743f0a1c0ffee0000000002")])]),
      does: "The second ID token is about another person than the first.",
      gain: "The page greets one person while the API returns the data of another.",
      lesson: """
        The first ID token says who came through the browser, the second whose code was redeemed. \
        If they differ, two people have been mixed: by an attack that no other check has noticed, \
        or by a fault in the provider’s session handling. The subject must be the same in both. The \
        certification suite does not test this; test it yourself.
        """),
    LabFault(
      "second-token-missing", .second, .backIDTokenPresent, at: .tokens,
      by: .tenant([.document(.tokens, [.drop("id_token")])]),
      does: "The token endpoint answers without an ID token.",
      gain: "Nothing binds the access token to this login any more.",
      lesson: """
        In every hybrid flow the token endpoint returns an ID token, whether one came through the \
        browser or not. Without it the access token is a key without a label: nobody knows for \
        which request and which person it was issued. The usual cause is harmless: openid is \
        missing among the scopes. Do not go on with the first token alone.
        """),
    LabFault(
      "second-token-for-another-client", .second, .idTokenAud, also: [.idTokenAudExtra],
      at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.set("aud", "another-application")])]),
      does: "The ID token of the token endpoint was made for another application.",
      gain: "A token endpoint that confuses its clients would sign in the wrong people.",
      lesson: """
        Every ID token is checked for itself, with the complete list. Where a first one came, it \
        is not enough that issuer and subject of the two agree, because the audience may have been \
        exchanged with the code. A token for somebody else means that the code was issued to \
        somebody else; the tenant should have noticed that in stage 7.
        """),
    LabFault(
      "another-login", .second, .secondIDTokenEventClaims, types: LabFault.withIDToken,
      at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.moment("auth_time", seconds: -600)])]),
      does: "The two ID tokens tell of logins at different times.",
      gain: "A strong login in one token could cover for a weak one in the other.",
      lesson: """
        auth_time, acr and amr describe the login: when, how strong, by which means. Both tokens are \
        about the same login, so both should say the same. The specification writes “should”, and \
        some providers leave claims out of one token, so that this is a warning. It tells which \
        claims differ or are missing.
        """),
    LabFault(
      "profile-changed", .second, .secondIDTokenUserClaims, types: LabFault.withIDToken,
      at: .tokens, by: .tenant([.claims(.secondIDToken, [.set("name", "Somebody Else")])]),
      does: "The two ID tokens give the person different names.",
      gain: "Anyone who reads one token only may act on an outdated or foreign name.",
      lesson: """
        The token through the browser often says less about the person, for privacy; that is \
        allowed. But what both of them say should agree. A difference can be innocent, because \
        somebody changed their profile in between. It is still worth a warning: names and e-mail \
        addresses are data from outside, and no key to an account.
        """),
  ]

  static let tokenEndpointFaults: [LabFault] = [
    LabFault(
      "token-answer-html", .tokenEndpoint, .tokenResponseStatusJSON, at: .tokens,
      by: .tenant([
        .response(.tokens, .body(mediaType: "text/html", text: "<h1>Please sign in</h1>"))
      ]),
      does: "In place of JSON the token endpoint answers with the page of a proxy.",
      gain: "Nothing; but a program that guesses at such a page behaves unpredictably.",
      lesson: """
        Hotel networks, company proxies and maintenance pages answer 200 with HTML. The application \
        reads the body strictly as a JSON object and gives up otherwise, naming status and media \
        type. It does not repeat the request: perhaps the real endpoint received the code before \
        something else answered in its place.
        """),
    LabFault(
      "token-answer-500", .tokenEndpoint, .tokenResponseStatusJSON, at: .tokens,
      by: .tenant([.response(.tokens, .status(500))]),
      does: "The token endpoint answers with tokens under the status 500.",
      gain: "Tokens of a failed transaction could be used although nobody recorded them.",
      lesson: """
        The status is part of the answer. A server that fails half-way may send a complete body and \
        still have rolled everything back. Only 200 with a JSON object counts as success; an OAuth \
        error says why not; everything else is unreadable. Looking for the access token without \
        looking at the status is a shortcut to strange bugs.
        """),
    LabFault(
      "token-answer-cacheable", .tokenEndpoint, .tokenResponseNoStore, at: .tokens,
      by: .tenant([.response(.tokens, .header("Cache-Control", "public, max-age=3600"))]),
      does: "The token endpoint allows caches to keep its answer.",
      gain: "Anyone who reads the cache has the tokens, for an hour in this case.",
      lesson: """
        A token response is a bunch of keys. “no-store” tells everything on the way to forget it. \
        POST answers are rarely cached, and the application cannot undo what a proxy has done, so \
        this is a warning for the provider. The same header protects the page that carries the \
        answer through the browser, where it matters even more.
        """),
    LabFault(
      "token-type-other", .tokenEndpoint, .tokenTypeBack, at: .tokens,
      by: .tenant([.document(.tokens, [.set("token_type", "DPoP")])]),
      does: "The token endpoint issues a token of another type than Bearer.",
      gain: "A token that needs a proof of possession would be sent around without one.",
      lesson: """
        token_type says how a token is to be used. Bearer means that holding it is enough; DPoP \
        wants a signature with each request. A client must not use a token whose type it does not \
        understand. Upper and lower case do not matter here, unlike almost everywhere else: bearer \
        is Bearer.
        """),
    LabFault(
      "token-answer-as-page", .tokenEndpoint, .answerContentType, at: .tokens,
      by: .tenant([.response(.tokens, .header("Content-Type", "text/html"))]),
      does: "The token endpoint sends its JSON under the name of a web page.",
      gain: "A browser that is led there shows the answer, and runs what stands in it as a page.",
      lesson: """
        Content-Type says what a body is. JSON with tokens must come as application/json, so that no \
        browser ever takes it for a page and no cache for a picture. Many libraries do not look and \
        parse what came; others refuse. The explorer reads it, because it is JSON, and warns: \
        something on the way may have changed the headers.
        """),
    LabFault(
      "token-answer-compressed", .tokenEndpoint, .answerNotCompressed, at: .tokens,
      by: .tenant([.response(.tokens, .header("Content-Encoding", "gzip"))]),
      does: "The token endpoint says that its answer is compressed, which nobody asked for.",
      gain: "Nothing directly; two readers may see two different bodies.",
      lesson: """
        Who can unpack a body says so in Accept-Encoding. The explorer does not, so that the bytes \
        on the screen are the bytes of the wire. A header that names a compression all the same is \
        wrong, or a proxy has changed the body. A body that really is compressed cannot be read as \
        JSON here, and the message says why.
        """),
    LabFault(
      "lifetime-as-text", .tokenEndpoint, .expiresIn, at: .tokens,
      by: .tenant([.document(.tokens, [.set("expires_in", "86400")])]),
      does: "The token endpoint writes the lifetime of its access token as a text.",
      gain: "Nothing for an attacker; clients that compute with it may be wrong.",
      lesson: """
        In JSON a lifetime is a number. Some providers write it in quotation marks. A language that \
        adds a text to a number joins them, and the token then lives until the year 60000; another \
        one stops with an error. The explorer understands what is meant and warns, because the next \
        client may not.
        """),
    LabFault(
      "lifetime-negative", .tokenEndpoint, .expiresIn, at: .tokens,
      by: .tenant([.document(.tokens, [.set("expires_in", -60)])]),
      does: "The token endpoint says that its access token ended a minute ago.",
      gain: "Nothing for an attacker; a client may ask for new tokens without end.",
      lesson: """
        A lifetime counts from the moment of the answer, so it is positive. A negative one comes from \
        a server that subtracts two clocks. An application that believes it refreshes at once, gets \
        another such token, and refreshes again: a loop that ends when the provider locks it out. \
        Only the API knows whether the token is good.
        """),
    LabFault(
      "lifetime-of-years", .tokenEndpoint, .expiresIn, at: .tokens,
      by: .tenant([.document(.tokens, [.set("expires_in", 86_400_000)])]),
      does: "The token endpoint gives the lifetime of its access token in milliseconds.",
      gain: "Nothing for an attacker; a client may use the token long after it has ended.",
      lesson: """
        86400 seconds are a day, 86400000 are almost three years: somebody has counted milliseconds. \
        Added to the time of today, larger numbers leave what a clock can hold, and turn negative. \
        So the explorer warns beyond a year. An application should treat the number as a hint, and \
        be ready for invalid_token at any time.
        """),
    LabFault(
      "no-access-token", .tokenEndpoint, .tokenResponseStatusJSON, at: .tokens,
      by: .tenant([.document(.tokens, [.drop("access_token")])]),
      does: "The token endpoint answers with an ID token but without an access token.",
      gain: "Nothing; the application has no key for the API.",
      lesson: """
        A success without an access token is none: the standard requires it in every successful \
        answer, even where nobody wants to call an API. Where an access token came through the \
        browser, the temptation is to fall back on it. That one was exposed to more eyes, and was \
        not meant for this.
        """),
    LabFault(
      "header-in-token", .tokenEndpoint, .tokenResponseStatusJSON, also: [.backAtHash],
      at: .tokens,
      by: .tenant([
        .document(.tokens, [.set("access_token", "abc\r\nX-Role: administrator")])
      ]),
      does: "The access token contains a line break and a header line of its own.",
      gain: "The application would send a header to the API that it never wrote.",
      lesson: """
        The access token goes into a header of the next request, letter by letter. A line break in \
        it ends that header and begins another one, written by the one who made the token. Bearer \
        tokens are visible ASCII without blanks; the application looks before it uses one, and so \
        should every HTTP library below it.
        """),
    LabFault(
      "scope-reduced", .tokenEndpoint, .scopeGranted, at: .tokens,
      by: .tenant([.document(.tokens, [.set("scope", "openid profile")])]),
      does: "The provider grants less than was asked for, and says so.",
      gain: "Nothing for an attacker; the application runs into refusals later.",
      lesson: """
        A provider may grant less: because the person unticked something, or a rule forbids it. \
        If the scopes differ from the request, the answer must name those that were granted; \
        silence means all. An application that does not look learns it from the API, with 403, in \
        the middle of something.
        """),
    LabFault(
      "refresh-token-missing", .tokenEndpoint, .refreshTokenExpected, at: .tokens,
      by: .tenant([.document(.tokens, [.drop("refresh_token")])]),
      does: "The application asks for offline access, and no refresh token comes.",
      gain: "Nothing for an attacker; the person must sign in again when the token ends.",
      lesson: """
        offline_access is a wish. It usually needs the person’s consent, the grant type of the \
        client, and often a switch at the API. If one is missing, many providers say nothing and \
        leave the refresh token out. The application should notice at once, and not after a day, \
        when the access token has expired at night.
        """),
    LabFault(
      "same-access-token-twice", .tokenEndpoint, .accessTokensCompare,
      types: LabFault.withAccessToken, at: .tokens, by: .tenant([.sameAccessToken]),
      informing: "the same token twice",
      does: "The token endpoint gives out the access token that the browser has seen already.",
      gain: "Anyone who read along in the browser holds the token that opens the API.",
      lesson: """
        The specification leaves it open whether the two access tokens are the same. If they are, \
        the second channel protects nothing: the token that calls the API has been in the browser, \
        with its extensions and histories. So compare them, and look at the lifetimes. Where no \
        access token comes through the browser at all, the question does not arise.
        """),
    LabFault(
      "redirect-uri-changed", .tokenEndpoint, .redirectURISame, at: .exchange,
      by: .application([.changesRedirectURI]),
      does: "The application writes the redirect URI of the token request one slash longer.",
      gain: "Where providers compare loosely, codes for one address are redeemed for another.",
      lesson: """
        The redirect URI of the token request must be the text of the authorization request. The \
        tenant compares the two, so that a code which was sent to an attacker’s address cannot be \
        redeemed by the real application. Build the text once and keep it with the run. Frameworks \
        that compute it from headers get it wrong behind proxies.
        """),
  ]

  static let apiFaults: [LabFault] = [
    LabFault(
      "userinfo-of-another-person", .api, .userinfoSub, at: .data,
      by: .tenant([.document(.userinfo, [.set("sub", "auth0|6743f0a1c0ffee0000000002")])]),
      does: "The userinfo endpoint returns the profile of another person.",
      gain: "The application stores a stranger’s e-mail address with this person’s account.",
      lesson: """
        The userinfo answers for the person the access token belongs to. If that token was exchanged, \
        the profile is somebody else’s, and still genuine. So the subject of the userinfo must \
        equal the subject of the ID token, and otherwise all of it is thrown away, not only the \
        subject. The certification suite tests this.
        """),
    LabFault(
      "userinfo-without-subject", .api, .userinfoSub, at: .data,
      by: .tenant([.document(.userinfo, [.drop("sub")])]),
      does: "The userinfo endpoint does not say whose profile it returns.",
      gain: "Any profile would be accepted as that of the person who signed in.",
      lesson: """
        The subject is the one claim that userinfo always has, whatever the scopes are. Without it \
        there is nothing to compare, and a profile that cannot be attributed belongs to nobody. \
        Older social networks answer with an id of their own in its place: that is not OpenID \
        Connect, and needs a decision of its own.
        """),
    LabFault(
      "userinfo-as-text", .api, .answerContentType, at: .data,
      by: .tenant([.response(.userinfo, .header("Content-Type", "text/plain"))]),
      does: "The userinfo endpoint sends its JSON as plain text.",
      gain: "Nothing directly; anyone who trusts the name of a body can be led astray.",
      lesson: """
        Userinfo comes in two forms, and Content-Type tells them apart: application/json for plain \
        claims, application/jwt for a signed token. An endpoint that says neither leaves the reader \
        to guess, and guessing wrong means to skip a signature. The explorer reads JSON where JSON \
        stands and warns of the name.
        """),
    LabFault(
      "userinfo-forged", .api, .userinfoSigned, at: .data,
      by: .tenant([.signedUserinfo(.stranger, [])]),
      does: "The userinfo comes as a signed token, and a stranger has signed it.",
      gain: "Anyone who sits between the servers writes names, roles and e-mail addresses.",
      lesson: """
        A client may register for signed userinfo. Then the answer is a token with a signature, an \
        issuer and an audience, and everything that holds for tokens holds for it. Decoding it \
        without verifying would be worse than plain JSON, because it looks safe. The keys are those \
        of the issuer, as always.
        """),
    LabFault(
      "userinfo-for-another-client", .api, .userinfoSigned, at: .data,
      by: .tenant([.signedUserinfo(nil, [.set("aud", "another-application")])]),
      does: "The signed userinfo was made for another application.",
      gain: "A profile that another application was given could be presented here.",
      lesson: """
        Signed userinfo names its audience for the same reason as an ID token: it can be handed on. \
        The signature is right and the issuer too, but the letter is addressed to somebody else. \
        Perhaps scopes differ there, and the person never allowed this application to see what \
        stands in it. It is refused.
        """),
    LabFault(
      "access-token-expired", .api, .apiWWWAuthenticate, at: .data,
      by: .tenant([.claims(.secondAccessToken, [.moment("exp", seconds: -10)])]),
      informing: "invalid_token",
      does: "The access token has expired before it reaches the API.",
      gain: "Nothing for an attacker: the API refuses, and says why.",
      lesson: """
        Only the API decides about an access token; the application must not read it. When the API \
        refuses, the header WWW-Authenticate says why: invalid_token for one that expired or was \
        revoked, insufficient_scope for one that allows too little. The first calls for a refresh, \
        the second for another authorization request. Asking again with the same token helps in \
        neither case.
        """),
    LabFault(
      "token-in-url", .api, .bearerHeaderOnly, at: .api, by: .application([.tokenInQuery]),
      does: "The application puts the access token into the URL of the API.",
      gain: "Anyone who reads a log, a history or a Referer header can call the API.",
      lesson: """
        URLs get written down in many places: in the logs of servers and proxies, in histories, in \
        monitoring, in the Referer header of the next request. Count a token in a URL as \
        published. It belongs into the Authorization header, and only there. The API should refuse \
        tokens in the query, so that nobody gets used to it.
        """),
    LabFault(
      "first-access-token-used", .api, .useSecondAccessToken, types: LabFault.withAccessToken,
      at: .api, by: .application([.usesFirstAccessToken]),
      does: "The application calls the API with the access token that came through the browser.",
      gain: "Scripts, extensions and histories of the browser may hold the same token.",
      lesson: """
        Two access tokens are there, and both work. The first passed through the browser, where \
        scripts and extensions read along; the second came directly. Auth0’s own page says that the \
        first should not be used to call APIs. Its shorter life is a hint. Use it for what the page \
        itself needs, or do not ask for it.
        """),
    LabFault(
      "token-for-another-api", .api, .accessTokenAud, at: .api,
      by: .tenant([.claims(.secondAccessToken, [.set("aud", ["https://other.example/"])])]),
      does: "The access token names another API than the one that was asked for.",
      gain: "An API that does not look would serve tokens that were meant for others.",
      lesson: """
        The access token is a letter to the API, and the audience is its address. The API must find \
        itself there; this one does not, and refuses with invalid_token. For the client the token is \
        opaque by right: the explorer reads it to teach, not to decide. The usual cause is a missing \
        audience in the authorization request.
        """),
  ]
}
