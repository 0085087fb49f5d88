import DemoTenant
import HybridFlow
import OpenID

/// Faults of the ID token: signature, claims, hashes, times.
extension Lab {
  static let signatureFaults: [LabFault] = [
    signature(
      "forged-signature", .idTokenSignature, .stranger,
      does: "An attacker signs an ID token with a key of their own, under the provider’s key name.",
      gain: "Anyone who can write JSON signs in as anybody, for instance as the administrator.",
      lesson: """
        The key name in a token’s header is a hint where to look, not a proof. The application \
        takes the key of that name from the issuer’s published set and verifies the signature with \
        it. The attacker’s signature fails there. Decoding a token shows what it says; only \
        verifying shows who said it.
        """),
    signature(
      "edited-claims", .idTokenSignature, .editedAfterwards([.set("sub", "auth0|administrator")]),
      does: "An attacker changes the subject inside an honest ID token and keeps its signature.",
      gain: "The attacker becomes any person whose identifier they know.",
      lesson: """
        A token is readable by everyone, so it is also editable by everyone: base64url is no \
        protection. What protects is that the signature covers every byte of header and claims as \
        they stand. One changed letter, and it no longer verifies. So verify first, and read the \
        claims only afterwards.
        """),
    signature(
      "flipped-bit", .idTokenSignature, .flippedBit,
      does: "One bit of the signature is wrong.",
      gain: "A verification that is not exact could be worn down bit by bit.",
      lesson: """
        A signature is right or wrong; nearly right does not exist. One wrong bit may be an accident \
        on the way or an attempt, and the application cannot know which. It must not matter. Use the \
        verification of a cryptographic library, treat its errors as a no, and never compare \
        signatures yourself.
        """),
    signature(
      "empty-signature", .idTokenSignature, .empty,
      does: "The signature is missing, while the header still promises one.",
      gain: "Libraries that skip an empty signature would believe every word.",
      lesson: """
        The token keeps its three segments, but the third is empty. Some libraries once took “no \
        signature bytes” for “nothing to verify” and passed the token. An empty signature is a \
        signature that does not verify. The application asks for the yes of the library; the \
        absence of a no is not enough.
        """),
    signature(
      "alg-none", .idTokenAlgNone, .unsigned("none"),
      does: "The header says that the token is not signed at all.",
      gain: "Anybody writes tokens in a text editor and signs in with them.",
      lesson: """
        The standard has an algorithm called “none”, for tokens that are protected otherwise. A \
        library that obeys the header accepts such a token from anyone; this was one of the most \
        common holes of all. An ID token from the browser is never unsigned. The application states \
        which algorithm it wants.
        """),
    signature(
      "alg-none-respelt", .idTokenAlgNone, .unsigned("nOnE"),
      does: "The same, with “none” spelt in mixed case.",
      gain: "A filter for the exact word lets the unsigned token through.",
      lesson: """
        After the first attacks many libraries refused the word “none”, in lower case only, and were \
        broken again with “None” and “nOnE”. A list of what is forbidden is always one spelling \
        behind. The right question is the opposite one: is this exactly the algorithm that was \
        agreed? Everything else is refused.
        """),
    signature(
      "hs256-confusion", .idTokenAlgAllowlist, .publicKeyAsSecret,
      does: "The token is signed with HMAC, and the secret is the provider’s public key.",
      gain: "The public key is public: everybody could sign valid tokens with it.",
      lesson: """
        Verification takes a key and an algorithm. If the token may choose the algorithm, it \
        chooses HMAC, and the library uses the RSA key’s public text as a shared secret, which \
        everybody knows. So the algorithm comes from the application’s configuration, and a key is \
        only used for the kind of algorithm it was made for.
        """),
    signature(
      "other-algorithm", .idTokenAlgAllowlist, .otherAlgorithm,
      does: "The provider signs with another algorithm than the one that was agreed.",
      gain: "The weakest algorithm that the library knows decides about the security of all.",
      lesson: """
        The signature may well be genuine, made with the provider’s own key. Still the token must \
        not decide how it is verified. A client registers one algorithm, RS256 unless it says \
        otherwise, and takes no other. Changing it is an agreement between provider and client, not \
        a surprise inside a token.
        """),
    signature(
      "embedded-key", .idTokenNoRemoteKey, also: [.idTokenSignature], .embeddedKey,
      does: "The header brings its own public key, and the signature fits that key.",
      gain: "The attacker’s token vouches for itself and is believed.",
      lesson: """
        The header field jwk can hold a public key. A library that uses it verifies the attacker’s \
        signature with the attacker’s key, and everything fits. A key is only worth something when \
        it is known from elsewhere: from the issuer’s address, fetched over TLS. What the token \
        brings along is not looked at.
        """),
    LabFault(
      "key-from-a-url", .signature, .idTokenNoRemoteKey, also: [.idTokenSignature],
      types: LabFault.withIDToken,
      by: .tenant([
        .signature(.firstIDToken, .stranger),
        .header(.firstIDToken, [.set("jku", "https://attacker.example/jwks.json")]),
      ]),
      does: "A stranger signs, and the header names the address of the stranger’s key.",
      gain: "The attacker chooses the key, and makes the application send requests for them.",
      lesson: """
        The header field jku points to a set of keys, x5u to a certificate. Following such a \
        pointer hands the choice of the key to the one who wrote the token, and lets a stranger make \
        the server fetch any address, inside its own network too. The application knows where its \
        issuer publishes keys, and looks nowhere else.
        """),
    LabFault(
      "critical-header", .signature, .idTokenCrit, types: LabFault.withIDToken,
      by: .tenant([
        .header(.firstIDToken, [.set("crit", ["b64"]), .set("b64", true)])
      ]),
      does: "The header demands an extension that the application does not understand.",
      gain: "Sender and receiver read the same token in two different ways.",
      lesson: """
        The field crit lists header fields that a receiver must understand or else refuse the token. \
        Ignoring it means to verify something else than what the signer meant, for instance an \
        unencoded payload. ID tokens need no such extension, so the rule is easy here: a token with \
        crit is refused.
        """),
    signature(
      "unknown-key", .idTokenKidKnown, .unknownKey,
      does: "The token names a key that the issuer does not publish, also after a second look.",
      gain: "A fallback such as “try any key” would let strangers in sooner or later.",
      lesson: """
        An unknown key name may be honest: providers change keys. So the application fetches the \
        set once more, but only once, and only for an answer with its own state, because otherwise \
        anybody could make it fetch all day. If the name is still unknown, the token is refused. No \
        other key is tried.
        """),
    LabFault(
      "unnamed-key", .signature, .idTokenKidAbsentMultiple, at: .callback,
      withoutIDTokenAt: .tokens, by: .tenant([.keys(.unnamedAmongSeveral)]),
      does: "The issuer publishes two keys, and its tokens do not say which one they mean.",
      gain: "Nothing at once; but verification becomes guesswork, and slow with many keys.",
      lesson: """
        With one key the name is superfluous; with several the provider has to write it. An \
        application may refuse such a token or try the keys that fit; this one tries them, at most \
        ten, and says so. Trying is safe as long as every candidate comes from the issuer’s set \
        and fits the algorithm. The warning is for the provider.
        """),
    LabFault(
      "only-key-unnamed", .signature, .idTokenKidAbsentSingle, types: LabFault.withIDToken,
      by: .tenant([.header(.firstIDToken, [.drop("kid")])]), informing: "one fitting key",
      does: "The first ID token does not name its key, and the issuer publishes only one.",
      gain: "Nothing: with one key there is nothing to confuse.",
      lesson: """
        The key name is needed only where there is a choice. An issuer with a single key may leave \
        it out, and the certification suite expects that the application copes. So this is an \
        information, neither a failure nor a warning. It becomes one on the day on which the issuer \
        publishes a second key, for instance to change from one to the other.
        """),
    LabFault(
      "key-name-not-text", .signature, .idTokenStructure, types: LabFault.withIDToken,
      sections: [.rfc(7515, "4.1.4")],
      by: .tenant([.header(.firstIDToken, [.set("kid", 5)])]),
      does: "The first ID token names its key by a number in place of a string.",
      gain: "Read as “no name”, it lets the token be tried with keys that it did not name.",
      lesson: """
        A header field of the wrong type is not an absent one. Where it is taken for absent, a rule \
        about it is skipped in silence: here, that the key of that name and no other is used. \
        Another reader turns the number into a text and finds a key. Two readers, two keys. So the \
        token is malformed, before any key is looked for.
        """),
    LabFault(
      "key-for-encryption", .signature, .idTokenKidKnown, at: .callback,
      withoutIDTokenAt: .tokens, by: .tenant([.keys(.forEncryption)]),
      does: "The key of that name is published for encryption, not for signatures.",
      gain: "Keys that serve two purposes can be played off against each other.",
      lesson: """
        Published keys say what they are for: sig or enc. A key for encryption is often handled \
        with other care, by other systems, and using it for signatures mixes two protocols that \
        were proven separately. So use, key_ops and alg of a key are looked at before it is used. \
        Here no key is left.
        """),
    LabFault(
      "weak-key", .signature, .idTokenSignature, at: .callback, withoutIDTokenAt: .tokens,
      sections: [.rfc(7518, "3.3")], by: .tenant([.keys(.weak)]),
      does: "The issuer publishes an RSA key of 1024 bits.",
      gain: "Anyone who factors the modulus, with money and some months, signs for the provider.",
      lesson: """
        A signature is as strong as its key. RSA below 2048 bits has been called too weak for years; \
        the JSON standards forbid it. The application must measure the modulus itself, because a \
        library may happily verify with any length. It is not the token that is wrong here: the \
        provider has to change its key.
        """),
    LabFault(
      "no-keys", .signature, .idTokenKidKnown, at: .callback, withoutIDTokenAt: .tokens,
      by: .tenant([.keys(.none)]),
      does: "The issuer’s key set is empty.",
      gain: "Code that reads “no key, so nothing to verify” accepts every token.",
      lesson: """
        An empty set is what a half-finished deployment or a broken cache looks like. The token may \
        be genuine, but nobody can know. Refusing signs people out for a while; accepting signs \
        strangers in. An application that cannot verify must fail closed, say so clearly, and try \
        the keys again a little later.
        """),
    LabFault(
      "replaced-keys", .signature, .idTokenSignature, at: .callback, withoutIDTokenAt: .tokens,
      by: .tenant([.keys(.replaced)]),
      does: "Under the name of the signing key another key is published.",
      gain: "Nothing as long as the signature is verified; everything when it is not.",
      lesson: """
        A key name is reused for another key, by mistake or by an attacker at a cache. The name \
        fits and the type fits, but the signature does not verify. Keys should get new names \
        whenever they change, such as their thumbprint. The application treats the failure as what \
        it is: a signature of somebody else.
        """),
    LabFault(
      "second-token-forged", .signature, .idTokenSignature, at: .tokens,
      by: .tenant([.signature(.secondIDToken, .stranger)]),
      does: "The ID token of the token endpoint is signed with a stranger’s key.",
      gain: "A proxy or cache between the servers could speak for the provider.",
      lesson: """
        The specification lets TLS stand in for the signature at the token endpoint. But TLS often \
        ends at a proxy, and the token travels on inside the network and into logs and stores. The \
        signature costs a millisecond and holds wherever the token goes. A careful application \
        verifies every ID token in the same way.
        """),
    LabFault(
      "second-token-unsigned", .signature, .idTokenAlgNone, at: .tokens,
      by: .tenant([.signature(.secondIDToken, .unsigned("none"))]),
      does: "The ID token of the token endpoint is not signed at all.",
      gain: "Everybody between token endpoint and application can write the person’s identity.",
      lesson: """
        Unsigned ID tokens are allowed in one case only: the client registered for them, and no ID \
        token comes through the browser. Only “code token” could ever be such a case, and there \
        too this client has agreed on an algorithm. It takes that one and no other, from whichever \
        endpoint the token comes.
        """),
  ]

  private static func signature(
    _ id: String, _ check: CheckID, also: Set<CheckID> = [], _ trick: SignatureTrick,
    does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, .signature, check, also: also, types: LabFault.withIDToken,
      by: .tenant([.signature(.firstIDToken, trick)]), does: does, gain: gain, lesson: lesson)
  }
}
