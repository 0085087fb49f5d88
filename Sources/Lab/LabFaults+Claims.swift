import DemoTenant
import HybridFlow
import OpenID

/// Faults of the claims in the first ID token.
extension Lab {
  static let claimFaults: [LabFault] = [
    first(
      "iss-missing", .claims, .idTokenIssPresent, [.drop("iss")],
      does: "The first ID token does not say who issued it.",
      gain: "A token without a sender would pass as a token of any sender.",
      lesson: """
        Five claims stand in every ID token: iss, sub, aud, exp and iat. A missing one is not a \
        detail to be filled in by guessing. If the issuer is absent, the question whether it is the \
        right one cannot be answered, and a check that cannot be answered fails. Absence and \
        mismatch are told apart here.
        """),
    first(
      "sub-missing", .claims, .idTokenSubPresent, [.drop("sub")],
      does: "The first ID token does not say who signed in.",
      gain: "All people without an identifier would share one account.",
      lesson: """
        Issuer and subject together are the only claims by which an account may be found: the \
        subject is unique at its issuer and never given to another person. E-mail addresses and \
        names change hands. Without a subject the token says that somebody signed in, which is no \
        use. Programs that read the missing value as an empty text invent a person.
        """),
    first(
      "sub-not-text", .claims, .idTokenSubPresent, [.set("sub", 42)],
      does: "The subject is a number in place of a string.",
      gain: "Two identifiers that are different as text may be equal as numbers.",
      lesson: """
        Identifiers are text, at most 255 ASCII characters. As numbers they lose leading zeros, \
        and large ones lose their last digits in many languages, so that two people become one. The \
        application checks the type of every claim before it looks at the value, and does not \
        convert anything on the way.
        """),
    first(
      "aud-missing", .claims, .idTokenAudPresent, [.drop("aud")],
      does: "The first ID token does not say for whom it was made.",
      gain: "A token made for any other application would be accepted here.",
      lesson: """
        The audience is what keeps applications at one provider apart. Without it, every shop, game \
        and forum that a person signs in to could take the token it received and use it somewhere \
        else. So an ID token without an audience is for nobody, and it is certainly not for this \
        application.
        """),
    first(
      "aud-of-another-client", .claims, .idTokenAud, also: [.idTokenAudExtra],
      [.set("aud", "another-application")],
      does: "The first ID token was made for another application at the same provider.",
      gain: "The operator of any other application could sign in here as its users.",
      lesson: """
        The token is genuine: right issuer, right signature, right person. But it was handed to \
        another application, and the people who run that one could post it here. The audience must \
        contain our own client id, compared exactly. This is the check that single sign-on stands \
        on: one provider, many applications, no mixing.
        """),
    first(
      "aud-shared", .claims, .idTokenAudExtra, [.join("aud", "another-application")],
      does: "The first ID token names this application and another one.",
      gain: "The other application holds a token that is valid here, and can use it.",
      lesson: """
        An audience may be a list. If it names somebody else as well, that somebody legitimately \
        holds a token that works here. Unless the application knows and trusts all audiences, it \
        refuses. APIs are another matter: access tokens often name several. ID tokens are letters \
        to one reader.
        """),
    first(
      "azp-of-another-client", .claims, .idTokenAzp, [.set("azp", "another-application")],
      does: "The authorized party in the first ID token is another application.",
      gain: "Little by itself; but it shows that the token was asked for by somebody else.",
      lesson: """
        The claim azp names the party that asked for the token, where that is not the audience. The \
        specification now advises to ignore it unless an extension says otherwise, because \
        providers use it in different ways. So this is a warning and not a failure: a sign to look \
        at the provider’s set-up.
        """),
    LabFault(
      "weak-login", .claims, .acr, at: .callback, withoutIDTokenAt: .tokens,
      by: .tenant([
        .claims(.firstIDToken, [.set("acr", "password")]),
        .claims(.secondIDToken, [.set("acr", "password")]),
      ]),
      prepare: { $0.extraParameters = [FormField("acr_values", "two-factors")] },
      does: "The application asks for two factors, and the provider lets a password do.",
      gain: "A stolen password is enough where the application believes that it is not.",
      lesson: """
        acr_values is a wish, not an order: the provider may answer with a weaker login and says so \
        in the claim acr. An application that needs two factors for a payment must read that claim \
        and refuse the payment. Asking and not looking gives a false feeling of safety. Here it is \
        shown as a warning.
        """),
  ]

  static let kindFaults: [LabFault] = [
    kind(
      "typ-of-access-token", "at+jwt",
      does: "The first ID token says in its header that it is an access token.",
      gain: "An access token that was made for an API would sign somebody in.",
      lesson: """
        Tokens of several kinds carry the same signature, issuer and subject. The header’s typ tells \
        them apart: at+jwt is an access token, logout+jwt tells of a logout. An ID token says JWT or \
        nothing. Older providers are careless with it, so this is a warning; the audience and the \
        nonce are what an access token does not have.
        """),
    kind(
      "typ-of-logout-token", "logout+jwt",
      does: "The first ID token says in its header that it tells of a logout.",
      gain: "A message that ends a session would be taken for one that begins it.",
      lesson: """
        A logout token looks almost like an ID token: issuer, subject, audience, time and session. \
        It must have no nonce, for exactly this reason, and its typ should be logout+jwt. Compare \
        both before you believe a token to be what you wait for. RFC 8725 asks for explicit types, \
        so that no token can be used for something else.
        """),
  ]

  private static func kind(
    _ id: String, _ type: String, does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, .claims, .idTokenTyp, types: LabFault.withIDToken, sections: [.rfc(7519, "5.1")],
      by: .tenant([.header(.firstIDToken, [.set("typ", .string(type))])]), does: does, gain: gain,
      lesson: lesson)
  }

  static let hashFaults: [LabFault] = [
    first(
      "c-hash-missing", .hashes, .cHashPresent, [.drop("c_hash")],
      does: "The first ID token carries no hash of the code.",
      gain: "A swapped code would go unnoticed, because nothing says which code was meant.",
      lesson: """
        In the hybrid flow c_hash is required, because it is the only tie between the signed token \
        and the code beside it. An application that compares “if present” protects nobody: the \
        attacker uses a token from a flow that has none. The certification suite leaves the claim \
        out and expects that the code is never sent.
        """),
    first(
      "c-hash-longer", .hashes, .cHashMatch, [.append("c_hash", "1")],
      does: "The hash of the code has one character more than it should.",
      gain: "A comparison of the beginning only would accept hashes that do not fit.",
      lesson: """
        The hash is the left half of the digest, so it is easy to write a comparison that looks at \
        a beginning only. The length counts as well. For RS256 it is 16 bytes, 22 characters. The \
        explorer shows the computation step by step: the code’s bytes, the digest, its left half, \
        the text, and both values side by side.
        """),
    first(
      "c-hash-not-text", .hashes, .cHashMatch, [.set("c_hash", 5)],
      does: "The hash of the code is a number in place of a string.",
      gain: "A careless conversion may turn it into something that compares as equal.",
      lesson: """
        A claim of the wrong type cannot be right. The temptation is to convert it, or to treat it \
        as absent and go on. Both are ways around the check, and an attacker who can influence the \
        type would take them. So a number where a hash should be is a hash that does not match, and \
        the run stops.
        """),
    first(
      "at-hash-missing", .hashes, .atHashPresent, types: [.codeIDTokenToken],
      [.drop("at_hash")],
      does: "An access token comes through the browser, and the ID token has no hash of it.",
      gain: "The access token beside the ID token could be anybody’s.",
      lesson: """
        With “code id_token token” both hashes are required, one for each value that travels beside \
        the ID token. Without at_hash the access token is a loose sheet of paper: perhaps issued to \
        another application, perhaps for another person. In “code id_token” there is no access \
        token in the browser, so none is needed there.
        """),
    first(
      "at-hash-longer", .hashes, .atHashMatch, types: [.codeIDTokenToken],
      [.append("at_hash", "1")],
      does: "The hash of the access token has one character more than it should.",
      gain: "A comparison of the beginning only would accept tokens that do not fit.",
      lesson: """
        The same rule as for the code: digest of the token’s text as it came, left half, base64url \
        without padding, compared with its length. The text is hashed, not its decoded content, and \
        the algorithm is that of the ID token which carries the claim. An opaque access token is \
        hashed in the same way.
        """),
    first(
      "s-hash-wrong", .hashes, .sHashMatch, [.set("s_hash", "LDktKdoQak3Pk0cnXxCltA")],
      does: "The first ID token carries the hash of another state.",
      gain: "Token and state of two runs could be put together.",
      lesson: """
        Some providers add s_hash, the hash of the state, although only the profiles for banks ask \
        for it. It ties the token to the state as c_hash ties it to the code. An application must \
        not demand it, but if it is there and wrong, the token was issued for another run. Such an \
        answer is not believed.
        """),
    LabFault(
      "second-at-hash-wrong", .hashes, .backAtHash, at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.append("at_hash", "1")])]),
      does: "The ID token of the token endpoint carries the hash of another access token.",
      gain: "Tokens of two answers could be mixed by a cache or a faulty proxy.",
      lesson: """
        At the token endpoint both tokens come in one answer over one connection, so the hash is \
        optional there. If it is present, it is a signed claim, and a signed claim that does not hold \
        ends the run: something between the servers mixes answers. Note which token it is about: the \
        second one. Comparing it with the access token of the browser is a classic mistake.
        """),
    LabFault(
      "second-c-hash-wrong", .hashes, .backCHash, at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.append("c_hash", "1")])]),
      does: "The ID token of the token endpoint carries the hash of another code.",
      gain: "Little; but the token endpoint answers about a code that was not sent.",
      lesson: """
        This ID token may have c_hash as well. The application knows which code it has sent, so \
        the comparison costs nothing. A mismatch means that the answer belongs to another request, \
        perhaps out of a cache that should not exist. The specification does not ask for the claim \
        here; but the issuer has signed it, and what is signed and wrong is not believed.
        """),
  ]

  static let timeFaults: [LabFault] = [
    first(
      "exp-missing", .times, .idTokenExpPresent, [.drop("exp")],
      does: "The first ID token does not say when it ends.",
      gain: "A token that never ends can be used years after it leaked.",
      lesson: """
        Every ID token has an end, because every token leaks sooner or later: into logs, backups, \
        browser histories. Without exp an old find is as good as a new login. A missing end is not \
        read as “for ever” and not as “now” either; the token lacks a required claim and is \
        refused for that.
        """),
    first(
      "exp-not-a-number", .times, .idTokenExpPresent, [.set("exp", "4102444800")],
      does: "The end of the first ID token is a text in place of a number.",
      gain: "Comparing text with numbers may make every token look fresh.",
      lesson: """
        Times are numbers: seconds since 1970. As text they are compared letter by letter in some \
        languages, so that “9” is later than “1764000000”. The types in a token are part of its \
        meaning. A provider that writes a text here has a bug that other clients will stumble over \
        as well.
        """),
    first(
      "expired", .times, .idTokenExp, [.moment("exp", seconds: -120)],
      does: "The first ID token has expired two minutes ago.",
      gain: "Old tokens from logs and histories would still open the door.",
      lesson: """
        The token is compared with the clock of the application, with some leeway, because clocks \
        differ: sixty seconds here. More than a few minutes is too much. If fresh tokens seem \
        expired, look at the clock of your own machine first; virtual machines that slept are \
        famous for this.
        """),
    LabFault(
      "expired-code", .times, tenantRule: "code-unexpired", types: ResponseType.allCases,
      sections: [.rfc(6749, "4.1.2"), .core("3.1.3.2")], by: .tenant([.codeDelay(seconds: 90)]),
      does: "The code arrives at the token endpoint 90 seconds old, and a code lives 60.",
      gain: "Anyone who finds an old code in a log or a history could still try to redeem it.",
      lesson: """
        A code passes through the browser, so it may be left behind there: it works once, and for a \
        short time only. RFC 6749 recommends ten minutes at the most; this tenant gives a minute. \
        Only the tenant knows when it issued the code, so only the tenant can refuse it, with \
        invalid_grant. Nothing can be repaired then: the application has to begin a new sign-in. \
        Otherwise the demo lets its codes wait while you read.
        """),
    first(
      "iat-missing", .times, .idTokenIatPresent, [.drop("iat")],
      does: "The first ID token does not say when it was made.",
      gain: "A long-lived token from last week could not be told from a fresh one.",
      lesson: """
        The end says how long a token is valid, the issue time says how old it is. Both are \
        needed: a token with a life of ten hours may have been caught nine hours ago. The \
        certification suite leaves iat out and expects a refusal. It is one of the five claims that \
        stand in every ID token.
        """),
    first(
      "issued-in-the-future", .times, .idTokenIat, [.moment("iat", seconds: 600)],
      does: "The first ID token was made ten minutes in the future.",
      gain: "Nothing directly; but every other comparison of times is off as well.",
      lesson: """
        A token from the future means that two clocks disagree. The specification leaves the limits \
        to the application, so this is a warning here and not a failure. Take it seriously all the \
        same: with a wrong clock expired tokens look fresh, or fresh ones expired. Let both \
        machines use a time server.
        """),
    first(
      "issued-long-ago", .times, .idTokenIat, [.moment("iat", seconds: -7200)],
      does: "The first ID token was made two hours ago, although the login was just now.",
      gain: "A replayed token would not attract attention.",
      lesson: """
        A token for this login is made at this login. One that is two hours old was probably made \
        for another, even when it has not expired. The nonce would tell for certain; the age is a \
        second sign, useful where somebody looks into logs. Some providers cache tokens, so the \
        explorer warns and goes on.
        """),
    first(
      "not-yet-valid", .times, .idTokenNbf, [.moment("nbf", seconds: 600)],
      does: "The first ID token becomes valid ten minutes from now.",
      gain: "A token made in store for a later day would be good today.",
      lesson: """
        The claim nbf, “not before”, is rare in ID tokens. Where it is present, a token must not be \
        accepted before that moment, give or take the leeway for clocks: RFC 7519 leaves no choice. \
        Usually it is a matter of clocks. Microsoft and some others set it to the issue time, so \
        that a slow clock of the application shows up here first.
        """),
    first(
      "lives-for-years", .times, .idTokenLifetime, [.moment("exp", seconds: 315_360_000)],
      does: "The first ID token is valid for ten years.",
      gain: "Anyone who finds it years later, in a log or a backup, can still use it.",
      lesson: """
        An ID token says that somebody has signed in just now. It is read once, within seconds; \
        minutes or hours of life are plenty. No specification sets a limit, so this is a warning. A \
        date thousands of years away is a common mistake: milliseconds in place of seconds. The \
        application should end its own session when it sees fit, whatever the token says.
        """),
    LabFault(
      "second-token-not-yet-valid", .times, .idTokenNbf, at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.moment("nbf", seconds: 600)])]),
      does: "The ID token of the token endpoint becomes valid ten minutes from now.",
      gain: "A token dated ahead would be used before its issuer wanted it used.",
      lesson: """
        The ID token of the token endpoint comes over a connection that nobody else could write to, \
        and goes through the same list of checks as one from the browser. Its nbf binds as well: before that moment, and \
        beyond the leeway for clocks, it must not be accepted. Waiting ten minutes is no way out; \
        compare the clocks of both machines.
        """),
    LabFault(
      "second-token-expired", .times, .idTokenExp, at: .tokens,
      by: .tenant([.claims(.secondIDToken, [.moment("exp", seconds: -120)])]),
      does: "The ID token of the token endpoint has already expired when it arrives.",
      gain: "An answer out of a cache would be taken for a fresh one.",
      lesson: """
        A token that has expired on arrival was not made for this request. Perhaps a proxy \
        answered from its cache, which it must never do with a token response. Every ID token goes \
        through the same list of checks; it makes no difference that this one came over a \
        connection that nobody could read.
        """),
    LabFault(
      "auth-time-missing", .times, .authTime, at: .callback, withoutIDTokenAt: .tokens,
      by: .tenant([
        .claims(.firstIDToken, [.drop("auth_time")]),
        .claims(.secondIDToken, [.drop("auth_time")]),
      ]),
      prepare: { $0.maxAgeSeconds = 300 },
      does: "The application limits the age of the login, and the token does not tell it.",
      gain: "Somebody at an unlocked computer goes on with a login from this morning.",
      lesson: """
        max_age asks the provider to let the person sign in anew if the last time is too long ago. \
        Whether it did so can be seen in auth_time only, which is required as soon as max_age was \
        sent. Without looking, the application has only asked politely. Before a payment, that is \
        not enough.
        """),
    LabFault(
      "login-too-old", .times, .authTime, at: .callback, withoutIDTokenAt: .tokens,
      by: .tenant([
        .claims(.firstIDToken, [.moment("auth_time", seconds: -7200)]),
        .claims(.secondIDToken, [.moment("auth_time", seconds: -7200)]),
      ]),
      prepare: { $0.maxAgeSeconds = 300 },
      does: "The login is two hours old, although at most five minutes were asked for.",
      gain: "A session left open somewhere is enough to confirm something important.",
      lesson: """
        The token is fresh, the login is not: issue time and login time are two different things. \
        With single sign-on a token can be made in an instant from a session of this morning. Who \
        needs the person in front of the screen must send max_age and compare auth_time, with the \
        same leeway for clocks as elsewhere.
        """),
  ]

  private static func first(
    _ id: String, _ group: LabFault.Group, _ check: CheckID, also: Set<CheckID> = [],
    types: [ResponseType] = LabFault.withIDToken, _ edits: [JSONEdit],
    does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, group, check, also: also, types: types,
      by: .tenant([.claims(.firstIDToken, edits)]), does: does, gain: gain, lesson: lesson)
  }
}
