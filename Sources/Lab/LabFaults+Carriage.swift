import DemoTenant
import HybridFlow
import OpenID

/// Faults in the delivery of the response, and in the setup.
extension Lab {
  static let transportFaults: [LabFault] = [
    LabFault(
      "answer-in-url", .transport, .callbackMethod, also: [.responseModeExact],
      by: .tenant([.answerMode(.query)]),
      does: "The provider ignores form_post and puts code and tokens into the URL.",
      gain: "The code and all tokens can get into histories, logs and the next Referer header.",
      lesson: """
        The application asked for a POST. An answer by GET carries everything in the URL, which \
        browsers remember and servers often log. For the hybrid flow the query is forbidden \
        altogether. The application could read the values, but then it would get used to a leak; \
        so it refuses, and says what the provider should change.
        """),
    LabFault(
      "answer-as-json", .transport, .callbackContentType,
      by: .attacker(.contentType("application/json")),
      does: "The answer is posted under a media type that no form of a browser sends.",
      gain: "Scripts on other sites could imitate the answer in formats read less strictly.",
      lesson: """
        A form post has one media type, application/x-www-form-urlencoded. Anything else was sent \
        by a script or a tool, and two programs may read such a body differently. Accepting several \
        formats at one endpoint multiplies the ways in. Character sets behind the type are allowed, \
        another type is not.
        """),
    LabFault(
      "parameter-twice", .transport, .callbackNoDuplicates,
      by: .attacker(.edit([.add("code", "a-second-code-0123456789012345678901")])),
      does: "The answer carries the parameter code twice.",
      gain: "A filter looks at the first value, the application uses the second.",
      lesson: """
        Which of two equal names counts? Some libraries take the first, some the last, some both as \
        a list. An attacker uses the difference: what is checked is not what is used. The standard \
        forbids repeated parameters, in requests and answers. The application refuses the whole \
        answer instead of choosing one value.
        """),
    LabFault(
      "broken-encoding", .transport, .callbackNoDuplicates,
      by: .attacker(.appendBytes("&session=%GG")),
      does: "The body of the answer contains a percent sign that encodes nothing.",
      gain: "Lenient readers guess, each in its own way, and see different values.",
      lesson: """
        Decoding that guesses is decoding that differs. A “%GG” may be kept, dropped or replaced, \
        depending on the library, and the values around it move along. The body is decoded \
        strictly: two hexadecimal digits behind each percent sign, valid UTF-8 afterwards. Otherwise \
        nothing in it is believed. Browsers never send such a thing.
        """),
    LabFault(
      "double-post", .transport, .callbackSingleUse, by: .attacker(.sentTwice),
      does: "The browser posts the same answer twice, by reload or by an impatient click.",
      gain: "A second exchange of the code makes the provider revoke everything.",
      lesson: """
        People reload pages and click twice. The first answer with the right state is taken and the \
        state is used up; every later one is answered politely and not processed. Otherwise the code \
        would be sent a second time, and the provider would think of a theft. The application sends \
        the browser on to another page at once.
        """),
    LabFault(
      "error-with-code", .transport, .responseErrorExclusive,
      by: .tenant([.answer([.add("error", "server_error")])]),
      does: "The answer is an error and brings a code all the same.",
      gain: "Half of the program sees a failure, the other half a login.",
      lesson: """
        An answer is an error or a success. If both are there, one part of the program may show an \
        error page while another redeems the code. Somebody has put the answer together from two, \
        or the provider is broken. The application refuses it as malformed, and does not show the \
        description as if the provider had said it.
        """),
    LabFault(
      "token-nobody-asked-for", .transport, .responseTypeExact, also: [.atHashPresent],
      types: [.codeIDToken],
      by: .tenant([.answer([.add("access_token", "a-token-nobody-asked-for-0123456789")])]),
      does: "An access token comes along although only code and ID token were asked for.",
      gain: "An access token of the attacker’s slips in where no check expects one.",
      lesson: """
        The response type is an agreement about what comes back. Something more is not a present: \
        the checks for it may be missing, since nobody expected it. Here at_hash would be needed to \
        tie the token to the answer, and in this type it is absent. What was not asked for is not \
        used, and the answer is refused.
        """),
    LabFault(
      "code-missing", .transport, .responseTypeExact, by: .tenant([.answer([.drop("code")])]),
      does: "The answer comes without the code.",
      gain: "Nothing directly; a program that goes on would sign people in without the exchange.",
      lesson: """
        All that was asked for must be there. Without the code the second channel is gone, and with \
        it the proof of the application’s own identity and the protected tokens. An attacker who \
        removes the code may hope that the program contents itself with the ID token. It is a \
        failure, not a smaller flow.
        """),
    LabFault(
      "refresh-token-in-browser", .transport, .responseNoRefreshToken,
      by: .tenant([.answer([.add("refresh_token", "a-refresh-token-0123456789012345")])]),
      does: "The provider sends a refresh token through the browser.",
      gain: "Anyone who reads along in the browser has access for weeks.",
      lesson: """
        A refresh token lives for weeks and makes new access tokens without the person. It never \
        travels through the browser, in no response type. The application does not use it, masks it \
        and warns; the damage is done on the way already. The provider must be told, and the token \
        should be revoked at once.
        """),
    LabFault(
      "token-type-missing", .transport, .tokenTypeFront, types: LabFault.withAccessToken,
      by: .tenant([.answer([.drop("token_type")])]),
      does: "The access token in the browser’s answer comes without its type.",
      gain: "A token of another kind could be taken for a bearer token.",
      lesson: """
        Wherever an access token is issued, its type must be said, in the browser’s answer as at the \
        token endpoint. A client must not use a token whose type it does not know, and a type that \
        is not told is not known. Some providers forget it here; tell them, for the run stops. Upper \
        and lower case do not matter.
        """),
    LabFault(
      "token-type-other-front", .transport, .tokenTypeFront, types: LabFault.withAccessToken,
      by: .tenant([.answer([.set("token_type", "DPoP")])]),
      does: "The access token in the browser’s answer is said to be of another type than Bearer.",
      gain: "A token that needs a proof of possession would be sent around without one.",
      lesson: """
        A type is an instruction for use. Bearer means: anyone who holds it may use it. DPoP and mac \
        want a proof with every request. Nothing of the kind was agreed on, and at the authorization \
        endpoint there is nobody who could have shown a key. So somebody else has written this \
        answer, or the client is set up for something it does not do.
        """),
    LabFault(
      "lifetime-beyond-clocks", .transport, .expiresIn, types: LabFault.withAccessToken,
      by: .tenant([.answer([.set("expires_in", "99999999999999999999")])]),
      does:
        "The browser’s answer says that its access token lives for three million million years.",
      gain: "A careless addition overflows, and the token looks expired, fresh, or crashes.",
      lesson: """
        In the browser’s answer every value is a text, and the lifetime should be digits that a clock \
        can count. This one fits into no 64 bits. Added to the time of day without a look, it turns \
        negative or ends the program. Nothing signs it either: anybody on the way may write it. The \
        explorer warns and computes nothing with it.
        """),
    LabFault(
      "claim-twice", .transport, .idTokenStructure, types: LabFault.withIDToken,
      by: .tenant([.text(.firstIDToken, .repeatClaim("sub", "auth0|administrator"))]),
      does: "The first ID token contains the claim sub twice, properly signed.",
      gain: "One reader sees the person, another one the administrator.",
      lesson: """
        JSON does not forbid equal names strictly enough, and parsers differ: the first counts, or \
        the last, or both are merged. A token with two subjects means two people, depending on who \
        reads. The standard for tokens allows to refuse it, and the explorer’s parser does, at any \
        depth, before any claim is looked at.
        """),
    LabFault(
      "token-cut-off", .transport, .idTokenStructure, types: LabFault.withIDToken,
      by: .tenant([.text(.firstIDToken, .dropSignature)]),
      does: "The first ID token has two segments in place of three.",
      gain: "Programs that split at the dots and read the middle part notice nothing.",
      lesson: """
        A signed token has three segments, an encrypted one five. Many programs split the text at \
        the dots and decode the middle one; they do not even see that the signature is missing. \
        Check the form first: exactly three segments, each strict base64url without padding, header \
        and claims JSON objects. Then verify. Then read.
        """),
    LabFault(
      "token-padded", .transport, .idTokenStructure, types: LabFault.withIDToken,
      by: .tenant([.text(.firstIDToken, .append("="))]),
      does: "The first ID token ends in an equals sign, as ordinary base64 does.",
      gain: "Several texts for one token defeat lists of tokens that were used or revoked.",
      lesson: """
        Tokens use base64url without padding, and there is exactly one right spelling for each \
        token. Lenient decoders accept padding, line breaks or the letters of ordinary base64, so \
        that one token has many texts. Anyone who remembers used tokens by their text is then fooled. \
        Strictness here costs nothing: honest providers write it correctly.
        """),
  ]

  static let configurationFaults: [LabFault] = [
    LabFault(
      "metadata-of-another-issuer", .configuration, .discoveryIssuerMatch, at: .login,
      by: .tenant([.document(.metadata, [.set("issuer", "https://attacker.example/")])]),
      does: "The discovery document speaks for another issuer than the one it was fetched for.",
      gain: "All endpoints and keys would come from the attacker’s document.",
      lesson: """
        Everything that follows stands on this document: where the browser goes, where the code \
        goes, which keys count. Its issuer must be the configured one, byte for byte. The most \
        frequent reason for a failure is harmless, a slash at the end too many or too few. Configure \
        the issuer exactly as the document names it.
        """),
    LabFault(
      "plain-http", .configuration, .discoveryHTTPS, at: .login,
      by: .tenant([.document(.metadata, [.set("token_endpoint", "http://tenant.example/token")])]),
      does: "The discovery document names a token endpoint without TLS.",
      gain: "Everybody on the way reads code and client secret and takes the tokens.",
      lesson: """
        At the token endpoint the application shows its secret. Without TLS anybody in between \
        reads it, and can answer in the endpoint’s name as well. Plain http is excused only on the \
        same machine, where nothing leaves it: so the demo tenant works. There is no switch to turn \
        this off for real ones.
        """),
    LabFault(
      "shell-in-endpoint", .configuration, .discoveryEndpointURI, at: .login,
      by: .tenant([.document(.metadata, [.append("authorization_endpoint", "?`calc`&x=\"|calc")])]),
      does: "The authorization endpoint in the metadata holds backticks, a quote and a pipe.",
      gain: "A script that opens the browser may run what stands in the address.",
      lesson: """
        The address of the authorization endpoint goes to the program that opens a browser, often a script \
        around another shell. A backtick, a quote or a pipe in it may then begin a command. None of \
        them stands in a URI: RFC 3986 has them percent-encoded. So an endpoint with such a byte is \
        refused before anything is sent or opened, and what is handed to a browser is encoded besides.
        """),
    LabFault(
      "endpoint-inside-your-network", .configuration, .discoveryEndpointReach, at: .login,
      by: .tenant([
        .document(
          .metadata, [.set("userinfo_endpoint", "https://169.254.169.254/latest/meta-data/")])
      ]),
      does: "The metadata name a userinfo endpoint at a link-local address.",
      gain: "The application asks, with its token, a service that the attacker cannot reach.",
      lesson: """
        Metadata are written by others, and the application sends its secret and its tokens where they \
        say. An address on its own machine or in its own network leads to services that trust \
        anyone who can reach them: routers, databases, the metadata service of a cloud. An issuer from \
        elsewhere has no business there. What you type yourself, you may; what a document says, not.
        """),
    LabFault(
      "hybrid-not-listed", .configuration, .discoveryResponseType, at: .login,
      by: .tenant([
        .document(.metadata, [.set("response_types_supported", ["code", "id_token"])])
      ]),
      does: "The provider does not list the hybrid response types.",
      gain: "Nothing for an attacker; the login will probably be refused.",
      lesson: """
        The metadata list what a provider offers; the order of the words within a type does not \
        matter. A type that is not listed may still work, or may be switched on for each client. So \
        this is a warning, given before anybody logs in. At Auth0, look at the grant types of the \
        application: Implicit and Authorization Code are both needed.
        """),
    LabFault(
      "form-post-not-listed", .configuration, .discoveryFormPost, at: .login,
      by: .tenant([
        .document(.metadata, [.set("response_modes_supported", ["query", "fragment"])])
      ]),
      does: "The provider does not list form_post among its response modes.",
      gain: "Nothing for an attacker; the answer may end in the fragment, unseen by the server.",
      lesson: """
        Without form_post a hybrid answer goes into the fragment, the part of a URL behind the hash \
        sign, which browsers do not send to servers. The application then waits for ever. Some \
        providers support form_post without listing it. So it is a warning, and if a GET without \
        parameters arrives later, you know why.
        """),
    LabFault(
      "client-authentication-not-listed", .configuration, .discoveryAuthMethod, at: .login,
      by: .tenant([
        .document(
          .metadata, [.set("token_endpoint_auth_methods_supported", ["client_secret_post"])])
      ]),
      prepare: { $0.clientAuthentication = .basic },
      does: "The token endpoint does not list the client authentication that is configured.",
      gain: "Nothing for an attacker; expect invalid_client in stage 7.",
      lesson: """
        The secret can travel in a header or in the form, and a provider may take only one of the \
        two. Where nothing is listed, the header counts as supported. A mismatch shows up late, as \
        invalid_client, and looks like a wrong secret. Knowing it in stage 1 saves an hour of \
        comparing secrets letter by letter.
        """),
    LabFault(
      "endpoint-with-fragment", .configuration, .discoveryNoFragment, at: .login,
      by: .tenant([
        .document(
          .metadata, [.append("userinfo_endpoint", "#profile")])
      ]),
      does: "The discovery document names an endpoint with a fragment.",
      gain: "What stands behind the # is never sent: another address is asked than the one named.",
      lesson: """
        A fragment is for the browser alone; it never reaches a server. The standard forbids it in \
        the addresses of endpoints: parameters that an application appends would end behind the # and \
        get lost, state and nonce among them. The explorer leaves it out and asks the rest, and says \
        so. The operator should mend the document.
        """),
    LabFault(
      "private-key-published", .configuration, .jwksNoPrivate, at: .login,
      by: .tenant([.keys(.withPrivateMember)]),
      does: "The published key set contains a private part of the signing key.",
      gain: "Everybody signs tokens in the provider’s name, for every application.",
      lesson: """
        A key set is public by purpose. If a private member stands in it, the key is lost, and with \
        it all tokens of the issuer. Verification would still succeed, which is exactly the \
        problem: a forged token looks perfect. So the application looks at the set itself and stops \
        before anybody logs in. The provider must change the key.
        """),
    LabFault(
      "algorithm-not-listed", .configuration, .idTokenAlgAllowlist, at: .callback,
      withoutIDTokenAt: .tokens,
      by: .tenant([
        .document(.metadata, [.set("id_token_signing_alg_values_supported", ["ES256"])])
      ]),
      does: "The metadata list another algorithm than the one that tokens are signed with.",
      gain: "Tokens under an algorithm that the provider has given up would be accepted.",
      lesson: """
        Two lists decide about the algorithm: what the client expects, and what the provider says it \
        uses. If they do not meet, one of them is out of date. Perhaps the provider changed to \
        another algorithm and an old key still signs somewhere. The application does not choose the \
        more convenient of the two; it stops and shows both.
        """),
    LabFault(
      "openid-not-asked-for", .configuration, .requestOpenIDScope, at: .authorize,
      by: .application([]),
      prepare: { $0.scope = ["profile", "email"] },
      does: "The application leaves the scope openid out.",
      gain: "The behaviour is undefined; a login may be built on a mere permission.",
      lesson: """
        openid is the word that makes a request OpenID Connect. Without it the provider speaks plain \
        OAuth: an access token may come, but no statement about who signed in. Taking an access token \
        for a login is an old and serious mistake. Auth0’s sample link leaves the scope out, so it \
        is easy to copy the mistake.
        """),
    LabFault(
      "no-pkce", .configuration, .requestPKCE, at: .authorize, by: .application([]),
      prepare: { $0.usesPKCE = false },
      does: "The application sends no code challenge.",
      gain: "A code that is stolen or injected has one defence less.",
      lesson: """
        PKCE ties the code to the login that asked for it: only who knows the verifier can redeem \
        it. It was made for phones. Today clients without a secret must use it, and it is \
        recommended for all others. In the hybrid flow the nonce gives similar protection, under \
        conditions; both together are better. The request goes out, with a warning.
        """),
    LabFault(
      "query-asked-for", .configuration, .requestModeNotQuery, at: .authorize,
      by: .application([]),
      prepare: { $0.responseMode = .query },
      does: "The application asks for the answer in the query of the URL.",
      gain: "Tokens in URLs are read by logs, histories and the servers of linked pages.",
      lesson: """
        For response types with tokens the query is forbidden, and honest providers refuse. The \
        default is the fragment, which no server sees; form_post is what an application on a server \
        wants. Asking for the query by mistake usually comes from copying a request of the plain \
        code flow. The explorer does not send it.
        """),
  ]
}
