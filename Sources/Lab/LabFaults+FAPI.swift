import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong under FAPI 1.0 Advanced: each rule broken once.
extension Lab {
  /// The consent that a run asks for, as in UK Open Banking.
  private static let intent = "urn:bank:intent:58923"

  private static func part2(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", section)
  }

  static let fapiFaults: [LabFault] = fapiRequestFaults + fapiAnswerFaults

  private static let fapiRequestFaults: [LabFault] = [
    LabFault(
      "par-left-out", .fapi, tenantRule: "par-required", types: [.codeIDToken], at: .callback,
      sections: [.rfc(9126, "5")], by: .application([.leavesOutPush]),
      prepare: { $0.askAsFAPI() },
      does: "The application sends its signed request through the browser, and pushes nothing.",
      gain: "The browser, and whoever reads along in it, sees everything that is asked for.",
      lesson: """
        A signed request cannot be changed, but anyone on its way can read it: amounts, accounts, \
        the name of the person. Pushed over the back channel it is read by nobody, and the browser \
        carries a reference that is good once. Banks and Auth0\u{2019}s compliance levels demand it. \
        The refusal names Pushed Authorization Requests and comes at the very first step, so \
        nothing else can be tested before.
        """),
    LabFault(
      "request-object-left-out", .fapi, .requestObjectSigned, types: [.codeIDToken],
      at: .authorize, sections: [.rfc(9101, "4")], by: .application([]),
      prepare: {
        $0.askAsFAPI()
        $0.signsRequest = false
      },
      does: "The application pushes plain parameters, and signs nothing.",
      gain: "Nobody can prove later who asked for what.",
      lesson: """
        Pushing hides a request from the browser, and the client proves itself while it pushes. \
        Only a signature keeps that proof: a bank can show the signed request years later, and \
        the client cannot deny it. So FAPI 1.0 Advanced wants both. FAPI 2.0 leaves the signature \
        to a profile of its own. The explorer does not send such a request.
        """),
    LabFault(
      "request-object-expired", .fapi, tenantRule: "object-unexpired",
      types: [.codeIDToken], at: .authorize, sections: [.rfc(7519, "4.1.4"), part2("5.2.2 (13)")],
      by: .application([.signsRequestByOldClock]), prepare: { $0.askAsFAPI() },
      does: "The clock of the application is half an hour slow, and so are its signed requests.",
      gain: "Nobody gains: an honest client is refused, and its own checks see nothing wrong.",
      lesson: """
        By its own clock the application signs a request that is good for five minutes. When it \
        arrives, it ended long ago, and the answer is invalid_request_object. No check on the same \
        machine can notice that. Compare the Date header of the provider with the clock of the \
        client before you look for anything else: virtual machines that slept and containers \
        without time service are the usual cause.
        """),
    LabFault(
      "request-object-too-long", .fapi, .requestObjectLifetime, types: [.codeIDToken],
      at: .authorize, sections: [part2("5.2.2 (17)")],
      by: .application([.signsLongLivedRequest]), prepare: { $0.askAsFAPI() },
      does: "The application signs requests that are good for two hours.",
      gain: "Whoever finds one in a log can send it again long after it was meant.",
      lesson: """
        A signed request proves that the client asked. It does not prove that the client asks now. \
        Between nbf and exp there may be an hour at most, and nbf may lie an hour back at most. \
        Shorter is better, and a pushed request needs a minute. Libraries that make client \
        assertions often have one setting for all lifetimes: a day for comfort there makes every \
        request object invalid.
        """),
    LabFault(
      "nbf-missing", .fapi, .requestObjectLifetime, types: [.codeIDToken], at: .authorize,
      sections: [part2("5.2.2 (17)"), .rfc(7519, "4.1.5")],
      by: .application([.signsRequestWithoutBegin]), prepare: { $0.askAsFAPI() },
      does: "The application leaves nbf out of its signed request.",
      gain: "An end alone can lie a year ahead: the request is good until then.",
      lesson: """
        The limit of an hour is measured from nbf to exp. Without nbf nothing is measured, so FAPI \
        wants both claims. The older rule of OpenID Connect asks for neither, and many libraries \
        write iat and exp only. Then everything works with an ordinary provider, and the first \
        request to a bank comes back with invalid_request_object.
        """),
    LabFault(
      "request-object-for-another", .fapi, .requestObjectAudience, types: [.codeIDToken],
      at: .authorize, sections: [.rfc(9101, "10.8")],
      by: .application([.signsRequestForAnother]), prepare: { $0.askAsFAPI() },
      does: "The application makes its signed request out for another provider.",
      gain: "That provider can send the request on, as if the application had asked there.",
      lesson: """
        aud says for whom a signed request is meant. FAPI wants the issuer there, with each slash \
        at its end. A common mistake is the address of the authorization or the token endpoint, \
        copied from the rules for client assertions; another one is the issuer of the test system. \
        A provider that does not look at aud takes requests that were signed for somebody else.
        """),
    LabFault(
      "outside-differs", .fapi, .requestObjectOutsideEqual, types: [.codeIDToken],
      at: .authorize, sections: [part2("5.2.3 (16)"), .rfc(9101, "6.3")],
      by: .application([.repeatsOutside]), prepare: { $0.askAsFAPI() },
      does: "Beside the reference to the pushed request the address asks for another scope.",
      gain: "A provider that mixes both gives more than what was signed.",
      lesson: """
        A request can stand in two places: inside the signed object, and in the address beside it. \
        Only what is inside was signed. A provider that fills gaps from outside lets the browser \
        add a scope or another redirect URI. So the provider uses nothing from outside, and the \
        client sends nothing there: with PAR client_id and request_uri alone.
        """),
    LabFault(
      "pkce-left-out-of-par", .fapi, .requestPKCE, types: [.codeIDToken], at: .authorize,
      sections: [part2("5.2.2 (18)")], by: .application([]),
      prepare: {
        $0.askAsFAPI()
        $0.usesPKCE = false
      },
      does: "The application pushes its request without a code challenge.",
      gain: "A stolen code has one defence less.",
      lesson: """
        Elsewhere PKCE is advice, and here it is a rule: whoever pushes the request sends an S256 \
        challenge with it. The signature on the answer already ties code and state together. PKCE \
        protects the last step as well, when the code is redeemed, and the provider itself checks \
        it. That is why the same finding is a warning without these rules and stops the run with \
        them.
        """),
    LabFault(
      "secret-instead-of-key", .fapi, .clientAuthProfile, also: [.discoveryAuthMethod],
      types: [.codeIDToken], at: .authorize,
      sections: [part2("5.2.2 (14)")], by: .application([]),
      prepare: {
        $0.askAsFAPI()
        $0.clientAuthentication = .basic
        $0.clientSecret = Secret("a-client-secret-that-two-sides-know")
      },
      does: "The application proves itself with a client secret.",
      gain: "Whoever reads the secret, at either side or on the way, is the application.",
      lesson: """
        A secret is known to two parties and travels with every request. It turns up in logs, in \
        tickets and in old copies of settings. A key pair is different: the private half never \
        leaves the client, and what travels is a signature that is good for a minute. FAPI allows \
        private_key_jwt, or a client certificate with mutual TLS, and no client without either.
        """),
    LabFault(
      "token-through-the-browser", .fapi, .requestTypeProfile, also: [.discoveryResponseType],
      types: [.codeIDToken],
      at: .authorize, sections: [part2("5.2.2 (2)")], by: .application([]),
      prepare: {
        $0.askAsFAPI()
        $0.responseType = .codeIDTokenToken
      },
      does: "The application asks for an access token through the browser as well.",
      gain: "A token that opens accounts lies in the browser, tied to nobody.",
      lesson: """
        Under FAPI an access token is tied to the client that may use it, by its certificate. The \
        browser has no such certificate, so a token that comes through it can be used by whoever \
        finds it. The hybrid flow is wanted here for another reason: the ID token beside the code \
        signs the answer. code id_token has all of that, and nothing more.
        """),
  ]

  private static let fapiAnswerFaults: [LabFault] = [
    LabFault(
      "s-hash-missing", .fapi, .sHashPresent, types: [.codeIDToken],
      sections: [part2("5.2.2.1 (5)")], by: .tenant([.claims(.firstIDToken, [.drop("s_hash")])]),
      prepare: { $0.askAsFAPI() },
      does: "The ID token through the browser has no s_hash.",
      gain: "An attacker joins the signed token of one login with the state of another.",
      lesson: """
        The ID token is the signature on the answer: c_hash covers the code, nonce the session, \
        iss the sender. Without s_hash nothing signed covers state, and state is what the \
        application uses to find the login that it began. A missing claim is easily overlooked, \
        because code that compares s_hash only when it is there is silent. Under FAPI it has to be \
        there.
        """),
    LabFault(
      "ps256-replaced-by-rs256", .fapi, .idTokenAlgProfile, also: [.idTokenAlgAllowlist],
      types: [.codeIDToken], sections: [.core("3.1.3.7 (7)")],
      by: .tenant([.signature(.firstIDToken, .otherAlgorithm)]), prepare: { $0.askAsFAPI() },
      does: "The ID token is signed with RS256, by the right key.",
      gain: "An attack on the older kind of signature would be enough to forge answers.",
      lesson: """
        RS256 and PS256 use the same key, and a library verifies both without a word. FAPI allows \
        PS256 and ES256 only, because the padding of RS256 has a history of attacks on careless \
        verifiers. The provider needs one setting for each client. Most libraries take every \
        algorithm that the metadata list: tell yours the one that you expect.
        """),
    LabFault(
      "issued-a-week-ago", .fapi, .idTokenIat, types: [.codeIDToken],
      sections: [.core("3.1.3.7 (10)")],
      by: .tenant([.claims(.firstIDToken, [.moment("iat", seconds: -604_800)])]),
      prepare: { $0.askAsFAPI() },
      does: "The ID token was made a week ago by its iat, and has not expired.",
      gain: "A token that somebody kept for days is taken for a login of now.",
      lesson: """
        Nothing in OpenID Connect says how old a token may be: an application may set a limit. So \
        without these rules the same finding is a warning here. The tests for FAPI clients send a \
        token whose iat is a week old and expect that the client refuses it. An expiry far in the \
        future does not make an old token new.
        """),
    LabFault(
      "intent-id-other", .fapi, .intentIDMatch, also: [.requestAsSent], types: [.codeIDToken],
      by: .tenant([
        .claims(.firstIDToken, [.set("openbanking_intent_id", "urn:bank:intent:90210")])
      ]),
      prepare: {
        $0.askAsFAPI()
        $0.extraParameters.append(
          FormField(
            "claims",
            #"{"id_token":{"openbanking_intent_id":{"value":"\#(intent)","essential":true}}}"#))
      },
      does: "The ID token names another consent than the one that was asked for.",
      gain: "Ada agrees to one payment, and the application carries out another one.",
      lesson: """
        In open banking a payment or an access is first registered at the bank and gets a number. \
        The login asks for consent to that number, in the claims parameter, and the ID token \
        repeats it. An application that does not compare the two takes the consent to a small \
        payment for one to a large one. The signature does not help: both tokens are genuine.
        """),
    LabFault(
      "personal-data-in-front", .fapi, .frontTokenPersonalData, types: [.codeIDToken],
      by: .tenant([.claims(.firstIDToken, [.set("email", "ada@demo.example")])]),
      prepare: { $0.askAsFAPI() },
      does: "The readable ID token through the browser has the e-mail address in it.",
      gain: "Extensions, histories and proxies learn who uses which bank.",
      lesson: """
        The first ID token passes through the browser, and its claims are only encoded: anyone who \
        sees the address or the form reads them. It has to sign the answer, and for that it needs \
        nothing about the person. Name, e-mail address and tax number belong into the ID token of \
        the token endpoint or into userinfo, or the token is encrypted. A warning here, because \
        the login itself is genuine.
        """),
    LabFault(
      "intent-id-unlisted", .fapi, .discoveryClaimsParameter, types: [.codeIDToken], at: .login,
      sections: [.core("5.5")],
      by: .tenant([.document(.metadata, [.drop("claims_parameter_supported")])]),
      prepare: {
        $0.askAsFAPI()
        $0.extraParameters.append(
          FormField(
            "claims",
            #"{"id_token":{"openbanking_intent_id":{"value":"\#(intent)","essential":true}}}"#))
      },
      does: "The discovery document does not say that the provider reads the claims parameter.",
      gain: "Nobody gains: the consent may be read all the same, or left out without a word.",
      lesson: """
        A provider that does not read the claims parameter is free to ignore it, and a login         without the consent looks like any other. claims_parameter_supported tells beforehand,         and what is absent means false. It is a warning, because documents are often incomplete.         The ID token decides: openbanking_intent_id has to be in it with the value that was asked         for, and another check looks at that.
        """),
    LabFault(
      "interaction-id-not-echoed", .fapi, .fapiInteractionID, types: [.codeIDToken], at: .data,
      by: .tenant([.response(.api, .header("x-fapi-interaction-id", ""))]),
      prepare: { $0.askAsFAPI() },
      does: "The API does not repeat the name that the application gave to the call.",
      gain: "Nobody gains. When money is missing, the two logs cannot be joined.",
      lesson: """
        Two companies share each call and neither sees the log of the other. So the client gives \
        every call a random name, a UUID, and the API repeats it. A support case then begins with \
        one value in place of times and guesses. When the header is missing, it is often a gateway \
        in front of the API that passes known headers only. In Brazil it is mandatory.
        """),
  ]
}
