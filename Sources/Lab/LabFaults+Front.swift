import DemoTenant
import HybridFlow
import OpenID

/// Attacks on the code, the run and the issuer.
extension Lab {
  static let codeFaults: [LabFault] = [
    LabFault(
      "swapped-code", .code, .cHashMatch, types: LabFault.withIDToken,
      by: .attacker(.swapCode),
      does: "An attacker in the browser replaces the code by one from a sign-in of their own.",
      gain: "The application acts for the attacker’s account while it greets the victim.",
      lesson: """
        The code passes through the browser, so it can be exchanged there. The first ID token is \
        signed and carries the hash of the code it was issued with. The application hashes the \
        code that arrived and compares. A swapped code has another hash, and is never sent to the \
        token endpoint.
        """),
    LabFault(
      "swapped-code-unsigned", .code, tenantRule: "code-pkce", types: [.codeToken],
      sections: [.rfc(7636, "4.6"), .rfc(9700, "4.5")], by: .attacker(.swapCode),
      does: "The same swap where no ID token comes through the browser.",
      gain: "Without PKCE and the nonce, the victim works in the attacker’s account.",
      lesson: """
        With “code token” nothing signed vouches for the code: no check in the browser’s answer can \
        see the swap. The code verifier helps instead. The swapped code was issued for another \
        challenge, so the token endpoint refuses it. That is why PKCE belongs into every flow, \
        also for applications with a secret.
        """),
    LabFault(
      "swapped-code-without-pkce", .code, .backNonceMatch, also: [.nonceMatch, .requestPKCE],
      types: [.codeToken], at: .tokens, by: .attacker(.swapCode),
      prepare: { $0.usesPKCE = false },
      does: "The same swap against an application that leaves PKCE out.",
      gain: "The application signs the victim in as the attacker, and uploads go to their account.",
      lesson: """
        Without PKCE the token endpoint has no reason to refuse: client and redirect URI are the \
        right ones. The last defence is the nonce inside the ID token of the token endpoint. It \
        belongs to the attacker’s run, not to this one. Nothing of the answer may be used before \
        that comparison, not even the access token.
        """),
    LabFault(
      "altered-code", .code, tenantRule: "code-known", types: [.codeToken],
      sections: [.core("3.1.3.2")], by: .attacker(.edit([.append("code", "1")])),
      does: "Something on the way adds one character to the code, and no ID token guards it.",
      gain: "Nothing: a code that was never issued opens no door, wherever it comes from.",
      lesson: """
        A code is a name for a grant that the tenant remembers, long and random. Changing it gives \
        a name nobody knows. The application cannot tell, because “code token” brings no hash of \
        the code, but the tenant can: it refuses with invalid_grant, and the application has to \
        start again.
        """),
    LabFault(
      "swapped-access-token", .code, .atHashMatch, types: [.codeIDTokenToken],
      by: .attacker(.swapAccessToken),
      does: "An attacker replaces the access token in the browser’s answer by their own.",
      gain: "Whatever the application writes with that token lands in the attacker’s account.",
      lesson: """
        The ID token names the access token it was issued with, by hash, just as it names the code. \
        Replacing the access token breaks that tie. In “code token” there is no such tie at all, \
        which is one reason to leave access tokens out of the browser and take the one from the \
        token endpoint.
        """),
    LabFault(
      "sends-code-anyway", .code, .noExchangeBeforeFrontOK, also: [.cHashMatch],
      types: LabFault.withIDToken, at: .exchange, by: .application([.exchangesAnyway]),
      does: "The application logs the failed c_hash and sends the swapped code all the same.",
      gain: "The attack succeeds although the check had noticed it.",
      lesson: """
        A check that only writes a log line protects nobody. Once any error-level check of the \
        browser’s answer has failed, the code must not leave the application: sending it would \
        redeem it, for the attacker’s account or for nobody. The certification suite watches for \
        exactly this call to the token endpoint.
        """),
    LabFault(
      "sends-code-twice", .code, .codeExchangeOnce, at: .exchange,
      by: .application([.sendsCodeTwice]),
      does: "The application sends the same code once more, as a blind retry would.",
      gain: "Nothing for an attacker, but the person can lose the login: the tokens are revoked.",
      lesson: """
        A code is good for one use. A provider that sees it twice cannot know whether one of the \
        two senders is a thief; it must refuse, and should revoke what the first exchange gave. \
        After a time-out nobody knows whether the first request arrived. So do not repeat it: \
        begin a new sign-in.
        """),
  ]

  static let replayFaults: [LabFault] = [
    LabFault(
      "replayed-id-token", .replay, .nonceMatch, also: [.cHashMatch, .atHashMatch],
      types: LabFault.withIDToken, by: .attacker(.replayIDToken),
      does: "An attacker posts an ID token of the same person that they caught in an earlier run.",
      gain: "Anyone who once saw an ID token can sign in as its owner for as long as it lives.",
      lesson: """
        The old token has a perfect signature, the right issuer, the right audience, and is still \
        valid. Only the nonce ties a token to one request: a random value that the application \
        made up for this run and that the token must bring back. The old token brings an old one. \
        Its hashes do not fit either.
        """),
    LabFault(
      "nonce-missing", .replay, .noncePresent, types: LabFault.withIDToken,
      by: .tenant([.claims(.firstIDToken, [.drop("nonce")])]),
      does: "The provider leaves the nonce out of the first ID token.",
      gain: "Any ID token for this client, from any run, would be accepted.",
      lesson: """
        A comparison that is skipped when the value is missing is no comparison. If the request had \
        a nonce, the token must have one: otherwise an attacker would simply use tokens from \
        requests without. So the absence is a failure of its own, found before anybody compares \
        the two values.
        """),
    LabFault(
      "nonce-altered", .replay, .nonceMatch, types: LabFault.withIDToken,
      by: .tenant([.claims(.firstIDToken, [.append("nonce", "1")])]),
      does: "The nonce in the first ID token has one character more than the one that was sent.",
      gain: "A comparison by prefix would accept many tokens that were made for other requests.",
      lesson: """
        The nonce is compared byte by byte and with its length, exactly as it was sent. Comparing \
        only the beginning, ignoring case or normalising Unicode opens the door for values that \
        merely look alike. The certification suite tests this with one character appended to an \
        otherwise correct value.
        """),
    LabFault(
      "nonce-wrong-type", .replay, .nonceMatch, types: LabFault.withIDToken,
      by: .tenant([.claims(.firstIDToken, [.set("nonce", 5)])]),
      does: "The nonce in the first ID token is a number in place of a string.",
      gain: "Languages that compare across types may call unequal values equal.",
      lesson: """
        JSON knows strings, numbers and booleans, and some languages convert between them when they \
        compare: zero equals almost anything there. A claim of the wrong type is treated as a wrong \
        value, without any attempt to understand it. The nonce was sent as text and must come back \
        as text.
        """),
    LabFault(
      "second-nonce-missing", .replay, .backNonceMatch, also: [.noncePresent], at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.drop("nonce")])]),
      does: "The ID token of the token endpoint has no nonce.",
      gain: "An injected code would go unnoticed where nothing else guards it.",
      lesson: """
        It is tempting to check a nonce in the browser’s answer only, and to trust the token \
        endpoint for the rest. But this ID token is about the code that was sent, and only its \
        nonce tells for which request that code was issued. So every ID token of the flow must \
        carry it, and every one is compared.
        """),
    LabFault(
      "second-nonce-replayed", .replay, .backNonceMatch, also: [.nonceMatch], at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.set("nonce", "nonce-of-another-run-0123456789")])]),
      does: "The ID token of the token endpoint carries the nonce of another run.",
      gain: "The code of somebody else would be redeemed in this person’s name.",
      lesson: """
        A token from the token endpoint comes over a protected connection, and is still no proof of \
        what it was asked for. If the code was injected, everything about the answer is genuine \
        except that it belongs to another run. The nonce says so, and it is looked at before the \
        access token is used.
        """),
    LabFault(
      "guessable-nonce", .replay, .requestNonce, at: .authorize, by: .application([]),
      prepare: { $0.extraParameters = [FormField("nonce", "12345")] },
      does: "The application sends a nonce of five digits.",
      gain:
        "An attacker prepares tokens for all hundred thousand values and replays the right one.",
      lesson: """
        A nonce protects because nobody can know it in advance. Counters, clocks and short numbers \
        can be guessed or tried. Take 128 random bits or more from the system’s generator, for \
        each request anew. The explorer refuses to send anything less, so this request never \
        leaves the application.
        """),
    LabFault(
      "no-nonce", .replay, .requestNonce, types: LabFault.withIDToken, at: .authorize,
      by: .application([]),
      prepare: { $0.extraParameters = [FormField("nonce", "")] },
      does: "The application asks for an ID token through the browser without a nonce.",
      gain: "Every ID token of this client can be replayed, and none can be told from another.",
      lesson: """
        In the plain code flow the nonce is optional. As soon as an ID token comes through the \
        browser it is required, because there anybody may put an old one in its place. Providers \
        should refuse such a request; a careful application does not even send it. Make the value \
        fresh for each sign-in.
        """),
  ]

  static let csrfFaults: [LabFault] = [
    LabFault(
      "login-csrf", .csrf, .stateMatch, also: [.nonceMatch],
      by: .attacker(.otherAnswer(.ownState)),
      does: "An attacker makes the victim’s browser post the answer of the attacker’s own sign-in.",
      gain: "The victim works in the attacker’s account and leaves searches, files, cards there.",
      lesson: """
        Everything in that answer is genuine, whatever it carries. It just was not this browser \
        that asked. The state is a random value that the application remembers for the run it \
        started, and that comes back with the answer. The attacker’s answer has the attacker’s \
        state. It is refused, and nothing in it is used.
        """),
    LabFault(
      "login-csrf-without-state", .csrf, .stateMatch, also: [.nonceMatch],
      by: .attacker(.otherAnswer(.noState)),
      does: "The same, and the attacker leaves the state out altogether.",
      gain: "Where a missing state counts as no objection, the forged login succeeds.",
      lesson: """
        Code that reads “if there is a state, compare it” is a common mistake: the attacker just \
        leaves it away. A value that was sent must come back, or the answer is not ours. The same \
        holds for errors: an error without our state says nothing about our request, and is not \
        believed.
        """),
    LabFault(
      "stolen-state", .csrf, .nonceMatch, types: LabFault.withIDToken,
      by: .attacker(.otherAnswer(.victimsState)),
      does: "The attacker has read the victim’s state and posts their own answer with it.",
      gain: "Where only the state is checked, the victim is signed in as the attacker.",
      lesson: """
        The state stands in URLs and in the browser, so it may leak. Then it protects no longer, \
        and the nonce has to: it is inside the signed token, where the attacker cannot write. Two \
        values with two jobs, one around the answer and one inside the token. A careful application \
        checks both.
        """),
    LabFault(
      "stolen-state-without-id-token", .csrf, tenantRule: "code-pkce", types: [.codeToken],
      sections: [.rfc(9700, "4.7.1"), .rfc(7636, "4.6")],
      by: .attacker(.otherAnswer(.victimsState)),
      does: "The same with “code token”, where no signed nonce comes through the browser.",
      gain: "Without PKCE the application would redeem the attacker’s code for the victim.",
      lesson: """
        The answer has the right state and no ID token, so the application sees nothing wrong and \
        sends the code. The tenant compares the code verifier with the challenge of the request \
        that the code was issued for, which was the attacker’s. It refuses. PKCE is the defence \
        against forged logins that no leak in the browser defeats.
        """),
    LabFault(
      "guessable-state", .csrf, .requestState, at: .authorize, by: .application([]),
      prepare: { $0.extraParameters = [FormField("state", "12345")] },
      does: "The application sends a state of five digits.",
      gain: "An attacker guesses the state and can forge a login after a few tries.",
      lesson: """
        A state that can be guessed is a decoration. Some applications put the page to return to \
        into it, and nothing else: anybody can write that. Use 128 random bits or more, keep them \
        with the browser’s session, and use them once. What the application wants to remember \
        belongs into that session.
        """),
    LabFault(
      "state-altered", .csrf, .stateMatch, by: .tenant([.answer([.append("state", "1")])]),
      does: "The provider sends the state back with one character more.",
      gain: "A comparison by prefix could be satisfied with parts of a leaked value.",
      lesson: """
        The state is opaque to the provider and must come back as it was sent, byte by byte. \
        Providers that trim, decode twice or change the case break it. The application does not try \
        to repair anything: a state that is nearly right is wrong. Look at the raw body of the POST \
        to see what really arrived.
        """),
  ]

  static let mixUpFaults: [LabFault] = [
    LabFault(
      "mix-up", .mixUp, .responseIss, also: [.responseIssVsIDToken],
      by: .attacker(.edit([.set("iss", "https://attacker.example/")])),
      does: "The answer says that it comes from another provider than the one that was asked.",
      gain: "An application with several providers would send its code to the attacker’s.",
      lesson: """
        An application that knows several providers must know which of them has answered. In a \
        mix-up the attacker runs one of them and makes the application take an honest provider’s \
        code to the attacker’s token endpoint. The iss parameter names the sender of the answer. It \
        is compared with the provider of this run.
        """),
    LabFault(
      "iss-left-out", .mixUp, .responseIss, by: .tenant([.answer([.drop("iss")])]),
      does: "The provider’s metadata promise an iss parameter, and the answer has none.",
      gain: "An attacker strips the parameter, and the defence against mix-up is gone.",
      lesson: """
        A defence that can be switched off by leaving something out is none. The provider has \
        announced in its metadata that each answer names it, so an answer without the name is \
        refused. Only where nothing was promised may it be absent. Some proxies and libraries drop \
        unknown parameters: pass everything on.
        """),
    LabFault(
      "id-token-of-another-issuer", .mixUp, .responseIssVsIDToken, also: [.idTokenIss],
      types: LabFault.withIDToken, by: .tenant([.claims(.firstIDToken, [.append("iss", "1")])]),
      does: "Answer and ID token name two different issuers.",
      gain: "A token of one tenant would be taken for a token of its neighbour.",
      lesson: """
        The answer names its sender twice: in the iss parameter and inside the signed token. If the \
        two differ, at least one of them lies, and nobody can say which. Tenants of one cloud share \
        software and sometimes keys, so that a neighbour’s token may even verify. The issuer is \
        compared character by character.
        """),
    LabFault(
      "answer-of-another-tenant", .mixUp, .idTokenIss, also: [.responseIss],
      types: LabFault.withIDToken,
      by: .tenant([
        .claims(.firstIDToken, [.set("iss", "https://neighbour.example/")]),
        .answer([.set("iss", "https://neighbour.example/")]),
      ]),
      does: "Answer and ID token agree on an issuer, but it is not the one that was asked.",
      gain: "The people of one tenant could sign in to the application of another.",
      lesson: """
        Agreement between two values proves nothing when both come from the same sender. The issuer \
        that counts is the one in the application’s own configuration, from which it also took the \
        keys. One slash at the end makes another issuer. That is a common mistake in set-ups, and \
        rightly a failure.
        """),
    LabFault(
      "token-endpoint-of-another-issuer", .mixUp, .issuerBoundEndpoint, at: .exchange,
      sections: [.rfc(9207, "1")], by: .application([.mixesEndpoints]),
      does: "The application takes the code to the token endpoint of another issuer.",
      gain: "The other issuer receives a fresh code, and with it the client’s proof of identity.",
      lesson: """
        This is the moment at which a mix-up pays: the application carries the code to the wrong \
        counter, with its own credentials. So every run remembers the issuer it was started with, \
        and uses the endpoints of that issuer’s metadata only. Nothing in the answer, not even a \
        genuine one, may choose an endpoint.
        """),
    LabFault(
      "second-token-of-another-issuer", .mixUp, .secondIDTokenIss, also: [.idTokenIss],
      types: LabFault.withIDToken, at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.append("iss", "1")])]),
      does: "The second ID token names another issuer than the first.",
      gain: "A token endpoint behind a wrong proxy could speak for a tenant it does not know.",
      lesson: """
        Both ID tokens of a hybrid flow are about one sign-in at one issuer, so they must name the \
        same one. A published example in the specification itself gets this wrong: http in one \
        place, https in the other. The two channels meet only here, and here they are compared with \
        each other.
        """),
  ]
}
