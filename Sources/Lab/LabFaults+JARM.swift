import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong with an answer that comes as one JWT: the application asks for form_post.jwt.
extension Lab {
  /// Asks for the answer as a JWT.
  private static func asking(_ configuration: inout FlowConfiguration) {
    configuration.responseMode = .formPostJWT
  }

  /// Asks for the answer as a JWT that is encrypted, as the client has registered it.
  private static func askingEncrypted(_ configuration: inout FlowConfiguration) {
    asking(&configuration)
    configuration.decryption = ClientDecryption(
      responses: TokenEncryption(.ecdhESA256KW, .a256GCM))
  }

  static let jarmFaults: [LabFault] = jarmSignatureFaults + jarmClaimFaults + jarmCarriageFaults

  private static let jarmSignatureFaults: [LabFault] = [
    LabFault(
      "jarm-alg-none", .jarm, .jarmAlg, by: .tenant([.signature(.response, .unsigned("none"))]),
      prepare: asking,
      does: "The answer says alg none of itself, and has no signature.",
      gain: "Anybody can write an answer: an error, or the code of another login.",
      lesson: """
        The header of a JWT says how it is signed, and whoever writes the JWT writes the header. \
        With alg none there is no signature at all, and libraries that believe the header find \
        nothing to complain about. An answer in a JWT must always be signed: JARM forbids none \
        without exception. The application decides which algorithms it takes, and the answer only \
        says which of them it used.
        """),
    LabFault(
      "jarm-alg-confused", .jarm, .jarmAlg,
      by: .tenant([.signature(.response, .publicKeyAsSecret)]), prepare: asking,
      does: "The answer is signed by HMAC, with the public key of the tenant as the secret.",
      gain: "The key is public, so anybody can sign an answer like this.",
      lesson: """
        A library with one function for all algorithms takes the key and the algorithm that the \
        header names. If the header says HS256, the text of the public key becomes the secret, and \
        that text is on the web for everyone. The attacker signs with it, and the library says that \
        the signature is right. The application must know beforehand which algorithm its tenant \
        uses, and refuse the others before it takes a key.
        """),
    LabFault(
      "jarm-signature-forged", .jarm, .jarmSignature,
      by: .tenant([.signature(.response, .stranger)]), prepare: asking,
      does: "The answer is signed by a key of the attacker, under the kid of the tenant.",
      gain: "The attacker decides which code the application exchanges.",
      lesson: """
        An answer in a JWT looks the same whoever has signed it. The kid in its header is only a \
        name, and anybody can write that name. What counts is whether the signature verifies with \
        the key that the tenant publishes under it. As long as that is not known, no word of the \
        answer may be used: no code, no state, and no error either. Decode, verify, and only then \
        read.
        """),
  ]

  private static let jarmClaimFaults: [LabFault] = [
    LabFault(
      "jarm-iss-of-another", .jarm, .jarmIss,
      by: .tenant([.claims(.response, [.set("iss", "https://other.example/")])]), prepare: asking,
      does: "The answer names another issuer than the tenant that was asked.",
      gain: "A mix-up: the code of one provider is sent to the token endpoint of another.",
      lesson: """
        An application with several providers has to know which of them an answer comes from. \
        Without that it can be led to send the code of an honest provider to a dishonest one. In a \
        plain answer the parameter iss tells it; in a JWT the claim iss does, and it is signed. \
        Compare it with the issuer to which this browser was sent, character by character, before \
        anything else in the answer is used.
        """),
    LabFault(
      "jarm-iss-missing", .jarm, .jarmIss,
      by: .tenant([.claims(.response, [.drop("iss")])]), prepare: asking,
      does: "The answer does not say who made it.",
      gain: "An answer of another provider fits as well as one of this one.",
      lesson: """
        A claim that is compared only when it is there protects from nothing: whoever wants to get \
        past the comparison leaves the claim out. JARM makes iss a duty in every answer, so its \
        absence is a broken rule, not an older version. The same holds for aud and exp. Write the \
        check so that a missing value fails, and test it with an answer in which it is missing.
        """),
    LabFault(
      "jarm-aud-of-another", .jarm, .jarmAud,
      by: .tenant([.claims(.response, [.set("aud", "another-client")])]), prepare: asking,
      does: "The answer was made for another client of the same tenant.",
      gain: "Whoever runs that client brings its answers, really signed, to this application.",
      lesson: """
        A tenant signs the answers to all its clients with the same key. So a signature that \
        verifies says only that the tenant made this answer, not for whom. An attacker who has a \
        client of his own there gets as many signed answers as he likes. The claim aud names the \
        client, and the application takes only those that name it. PKCE and the nonce would notice \
        later; here it shows at once.
        """),
    LabFault(
      "jarm-aud-missing", .jarm, .jarmAud, by: .tenant([.claims(.response, [.drop("aud")])]),
      prepare: asking,
      does: "The answer does not say for which client it was made.",
      gain: "The answer to any client of the tenant fits.",
      lesson: """
        Code that asks whether aud is another client’s name finds nothing wrong when there is no \
        aud at all. The question has to be the other way round: is it ours? An answer without the \
        claim is refused, as JARM requires it in every one. Such small differences between two \
        ways of asking are what certification suites test, with one answer for each claim that is \
        left out.
        """),
    LabFault(
      "jarm-expired", .jarm, .jarmExp,
      by: .tenant([.claims(.response, [.moment("exp", seconds: -3600)])]), prepare: asking,
      does: "The answer ran out an hour ago.",
      gain: "An answer that was found later, in a log or a history, is taken once more.",
      lesson: """
        An answer travels through a browser, and that takes seconds. So the JWT around it lives for \
        minutes only: JARM recommends ten at most. One that is over was kept somewhere in between, \
        and somebody brings it again, or a clock is wrong. Look at the clock first: it is the \
        harmless reason, and a frequent one. A minute of difference is allowed, an hour is not.
        """),
    LabFault(
      "jarm-exp-missing", .jarm, .jarmExp, by: .tenant([.claims(.response, [.drop("exp")])]),
      prepare: asking,
      does: "The answer does not say when it ends.",
      gain: "An answer that somebody has kept is good for ever.",
      lesson: """
        Without exp an answer never gets old, and whoever finds it in a log next year can bring it. \
        State would stop that in an application that forgets each state after one use, and the code \
        inside is long used up. Each of these is another wall behind this one. A library that \
        treats a missing exp as “no end” takes the first wall away, so the claim has to be asked \
        for by name.
        """),
    LabFault(
      "jarm-claim-twice", .jarm, .jarmStructure,
      by: .tenant([.text(.response, .repeatClaim("code", "code-of-the-attacker-0123456789"))]),
      prepare: asking,
      does: "The claim code stands twice in the answer, with two values.",
      gain: "One reader checks the first code, and another one sends the second.",
      lesson: """
        JSON with the same name twice has no fixed meaning: some readers keep the first value, most \
        the last, a few both. As long as one program does all the work, nobody notices. Behind a \
        gateway that checks the answer and an application that reads it again, two different codes \
        can come out of one signed text. A JWT with repeated names is refused as a whole; which of \
        them was meant is not worth guessing.
        """),
    LabFault(
      "jarm-replayed", .jarm, .jarmState,
      by: .attacker(.otherAnswer(.ownState)), prepare: asking,
      does: "The attacker brings the signed answer to a login of his own.",
      gain: "The person works in the account of the attacker, and leaves data there.",
      lesson: """
        This answer is genuine in every part: signed by the tenant, made for this client, fresh. \
        Only it belongs to another login, which the attacker began himself. No signature can tell \
        that. The state can, because the application made it for one browser and one login; inside \
        the JWT it is signed as well. So an answer in a JWT needs the comparison of state as much \
        as a plain one.
        """),
  ]

  private static let jarmCarriageFaults: [LabFault] = [
    LabFault(
      "jarm-downgraded", .jarm, .jarmModeExact, by: .tenant([.answerMode(.formPost)]),
      prepare: asking,
      does: "A JWT was asked for, and the answer comes as plain parameters.",
      gain: "Whoever can change the answer on its way needs no key any more.",
      lesson: """
        A protection that the sender may leave out protects only from honest senders. If an \
        application asks for a signed answer and takes a plain one as well, an attacker simply \
        sends a plain one. Some providers ignore a response mode that they do not know, and answer \
        as they always do: that is the harmless reason, and their metadata show it. In both cases \
        the answer is refused, since nothing in it is proved.
        """),
    LabFault(
      "jarm-plain-though-encrypted", .jarm, .jarmEncryptedAsRegistered,
      by: .tenant([.encryption(.response, .none)]), prepare: askingEncrypted,
      does: "The answer comes signed only, although the client has registered encryption.",
      gain: "The browser, and whatever reads along there, gets code and tokens to read.",
      lesson: """
        A signed answer can be read by everybody on the way: its parts are only encoded. Who \
        registers encryption as well wants that nobody can, and may then even take the answer in a \
        query. If the application opens encrypted answers and takes plain ones too, all that is \
        left to the good will of the sender. Most often one side simply lacks the registration. \
        Either way the answer is refused, and then one looks at both.
        """),
    LabFault(
      "jarm-error-forged", .jarm, .jarmModeExact,
      by: .attacker(
        .edit([
          .drop("response"), .set("error", "access_denied"),
          .set("error_description", "Your account is locked. Call 555-0100."),
        ])), prepare: asking,
      does: "Somebody in the browser takes the answer away and writes an error in its place.",
      gain: "The application shows words of the attacker as if the tenant had said them.",
      lesson: """
        Errors travel as every other answer does: in the JWT, signed. That is easily forgotten, \
        because an error carries nothing valuable. But an application acts on it: it ends the \
        login, it shows the description, it may send the person somewhere else. A plain error where \
        a JWT was asked for is a text that anybody could have written. It is refused, and its words \
        are not shown as the tenant’s.
        """),
    LabFault(
      "jarm-code-beside", .jarm, .jarmNothingOutside,
      by: .attacker(.edit([.add("code", "code-of-the-attacker-0123456789")])), prepare: asking,
      does: "Somebody adds a plain code beside the signed answer.",
      gain: "An application that reads parameters first exchanges the code of the attacker.",
      lesson: """
        The signature covers what is inside the JWT, and nothing around it. Frameworks often put \
        all parameters of a request into one table, and code that was written before JARM looks \
        there for code. It finds the attacker’s, while the check of the JWT, done somewhere else, \
        is content. When a JWT was asked for, response is the only parameter that counts, and an \
        answer with others beside it is refused.
        """),
    LabFault(
      "jarm-two-responses", .jarm, .callbackNoDuplicates,
      by: .attacker(.edit([.add("response", "eyJhbGciOiJub25lIn0.e30.")])), prepare: asking,
      does: "The parameter response stands twice: the signed answer, and one of the attacker.",
      gain: "One part of the application verifies the first, and another part reads the second.",
      lesson: """
        No parameter may stand twice in an answer; the rule is as old as OAuth 2.0. With JARM \
        there is only one parameter, so two of them are two answers. Which of them a framework \
        hands out is a matter of its taste: the first, the last, or both in a list. If the \
        verifying code and the reading code differ in that, the verified answer is not the one \
        that is used. Two are refused before either is opened.
        """),
    LabFault(
      "jarm-query-with-id-token", .jarm, .requestModeNotQuery, types: LabFault.withIDToken,
      at: .authorize,
      sections: [.jarm("2.3.1")], by: .application([]), prepare: { $0.responseMode = .queryJWT },
      does: "The application asks for a signed answer with an ID token in the query.",
      gain: "Code and tokens can be read in histories, logs and Referer headers.",
      lesson: """
        A signature shows that nobody has changed the answer. It hides nothing: the parts of a JWT \
        are only encoded, and anybody can read them. In a query the whole answer lands in the \
        history of the browser, in the logs of the server, and in the Referer of the next request. \
        So JARM allows query.jwt for answers with tokens only if the JWT is encrypted. Ask for \
        form_post.jwt.
        """),
  ]
}
