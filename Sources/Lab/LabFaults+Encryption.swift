import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong with encrypted ID tokens: the client of these runs has registered encryption.
extension Lab {
  /// Registers an encryption for the client of a run.
  private static func encrypting(
    _ algorithm: KeyManagementAlgorithm = .ecdhESA256KW
  ) -> @Sendable (inout FlowConfiguration) -> Void {
    { $0.decryption = ClientDecryption(idTokens: TokenEncryption(algorithm, .a256GCM)) }
  }

  /// A row about the first ID token, whose encryption is spoilt.
  private static func fault(
    _ id: String, _ check: CheckID, _ trick: EncryptionTrick,
    sections: [SpecReference] = [],
    prepare: @escaping @Sendable (inout FlowConfiguration) -> Void = encrypting(),
    does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, .encryption, check, types: LabFault.withIDToken, sections: sections,
      by: .tenant([.encryption(.firstIDToken, trick)]), prepare: prepare, does: does, gain: gain,
      lesson: lesson)
  }

  /// The public half of a key with which the client signs: that of RFC 7515, appendix A.3.
  private static let signingKey: JSONValue = [
    "kty": "EC", "use": "sig", "alg": "ES256", "kid": "client-signs", "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  ]

  static let encryptionFaults: [LabFault] = formFaults + keyFaults + contentFaults

  private static let formFaults: [LabFault] = [
    fault(
      "plain-though-encrypted", .idTokenEncryptedAsRegistered, .none,
      does: "The ID token comes signed only, although the client has registered encryption.",
      gain: "Everybody on the way reads who signed in, and nobody notices.",
      lesson: """
        A client that has registered encryption counts on it: its tokens pass through browsers, \
        proxies and logs, and nobody there is to read them. If it takes a plain token as well, \
        whoever can make the provider forget the registration takes the protection away, unseen. \
        So the rule has two directions: registered means encrypted, and a plain token is refused, \
        even if its signature is right.
        """),
    fault(
      "enc-rsa15", .idTokenEncAllowlist, .rsa15,
      sections: [.rfc(7518, "4.2"), .rfc(8725, "3.2")], prepare: encrypting(.rsaOAEP256),
      does: "The content key is carried by RSA1_5, with the old padding of RSA.",
      gain: "A client that answers right and wrong paddings differently gives its key away.",
      lesson: """
        Bleichenbacher showed in 1998 that the old padding of RSA can be opened by asking. An \
        attacker sends thousands of altered texts and only has to learn which of them looked well \
        formed: by another error, or another time. In the end the content key is known. Careful \
        servers make every failure look alike, and many tried and failed. The safe way is a client \
        that never takes this algorithm, whatever the token says.
        """),
    fault(
      "enc-zip", .idTokenEncAllowlist, .packed,
      sections: [.rfc(7516, "4.1.3"), .rfc(8725, "3.6")],
      does: "The content was packed before it was locked, and zip asks the reader to unpack it.",
      gain: "A few bytes become gigabytes at the reader, or their length tells of a secret.",
      lesson: """
        An encrypted token may be packed before it is locked, and the reader unpacks it. Packing \
        is cheap and unpacking is not bounded by it: a token of a few kilobytes can fill the \
        memory of a server. And what is packed together with text of an attacker betrays by its \
        length whether both are alike. An ID token gains nothing by it, so the safe answer is no.
        """),
    fault(
      "enc-p2c", .idTokenEncAllowlist, .password(rounds: 100_000),
      sections: [.rfc(7518, "4.8.1"), .rfc(8725, "3.7")],
      does: "A password locks the token, and p2c in the header says in how many rounds.",
      gain: "The sender decides how long the reader computes: one token stops a server.",
      lesson: """
        With the algorithms of the PBES2 family the key comes from a password, and p2c in the \
        header says how many rounds are computed. The sender writes that number. Several \
        libraries have computed as many rounds as a token demanded that nobody had verified, and \
        stood still meanwhile. An ID token is never locked with a password, so these parameters have no place \
        in it and are refused unread.
        """),
  ]

  private static let keyFaults: [LabFault] = [
    fault(
      "enc-unknown-kid", .idTokenDecrypts, .header([.set("kid", "of-somebody-else")]),
      sections: [.core("10.2.1")],
      does: "The header names a key that the client does not have.",
      gain: "Nothing, if it is refused; a client that tries every key opens what is not for it.",
      lesson: """
        A client may have several keys for encryption, an old one and a new one, and kid says for \
        which of them a token is. A name that is not among them means that the token is for \
        somebody else, or for a key that was thrown away. Trying all keys in turn hides such \
        mistakes and gives an attacker more to play with. The name decides; without a key of that \
        name nothing is opened.
        """),
    fault(
      "enc-with-signing-key", .idTokenDecrypts, .signingKey,
      sections: [.rfc(7517, "4.2")],
      prepare: {
        encrypting()(&$0)
        $0.decryption?.keys = [signingKey].compactMap(JSONWebKey.init)
      },
      does: "The ID token is encrypted for the key with which the client signs.",
      gain: "One key for two purposes: what opens tokens for strangers may sign for them too.",
      lesson: """
        A key has one purpose. Whoever decrypts what strangers send, and shows anything of the \
        result, lends them the private key for one computation; with RSA the same computation \
        makes a signature. So clients publish two keys, one with use sig and one with use enc, and \
        open tokens with the second only. A provider that takes the first one it finds has not \
        read use.
        """),
    fault(
      "enc-key-part-present-with-dir", .idTokenDecrypts, .keyPart,
      sections: [.rfc(7518, "4.5")], prepare: encrypting(.direct),
      does: "With dir, where both sides have the key already, the part for it is not empty.",
      gain: "Readers that take the part, or skip it, see two different tokens in one text.",
      lesson: """
        With dir nothing is carried: both sides make the key of the content from the client \
        secret, and the second part of the token is empty. The tag does not cover that part. So \
        somebody can fill it, and a reader that does not look takes the token all the same: many \
        texts for one token, and a place to hide things in. Empty means empty, and anything else \
        is refused.
        """),
    fault(
      "enc-point-off-curve", .idTokenDecrypts, .pointOffCurve,
      sections: [.rfc(7518, "4.6.1.1"), .rfc(8725, "3.4")],
      does: "The sender\u{2019}s point in epk is on no curve.",
      gain: "With many such points, the client\u{2019}s private key comes out, piece by piece.",
      lesson: """
        With ECDH-ES the sender puts a point into the header, and the reader multiplies it by its \
        private key. Nothing forces the point to be on the curve. On another curve with few points \
        the result tells the remainder of the private key, and a dozen tokens tell all of it. In \
        2017 several libraries for JWT were caught with this. Whether the point is on the curve \
        must be asked before anything is computed.
        """),
  ]

  private static let contentFaults: [LabFault] = [
    fault(
      "enc-tag-flipped", .idTokenDecrypts, .flippedTag,
      sections: [.rfc(7516, "5.2"), .rfc(7516, "11.5")],
      does: "One bit of the authentication tag is wrong.",
      gain: "Without the tag, bits of the content can be changed without opening it.",
      lesson: """
        Encryption hides, and does not keep from changes: in some modes whoever flips a bit of the \
        ciphertext flips the same bit of the text. Therefore every token carries a tag, made with \
        the content key over header, vector and ciphertext. It is compared before anything is \
        read. And every failure sounds the same to a stranger: a server that says at which step it \
        failed answers questions of the attacker.
        """),
    fault(
      "enc-header-altered", .idTokenDecrypts, .headerAfterwards([.set("typ", "JWE")]),
      sections: [.rfc(7516, "5.1")],
      does: "A member was added to the header after the token had been locked.",
      gain: "Without the tag over it, a header could name another algorithm, type or key.",
      lesson: """
        The header of an encrypted token can be read by everybody, and changed by everybody on the \
        way. What protects it is the tag: it is made over the characters of the header as they \
        came, so that even another order of the members breaks it. A reader that writes the header \
        anew before it compares gets other characters, and either refuses good tokens or has to \
        leave the header out.
        """),
    fault(
      "enc-wrong-cty", .idTokenNested, .header([.set("cty", "JSON")]),
      sections: [.rfc(7516, "4.1.12")],
      does: "A signed token is inside, and the header says that something else is.",
      gain: "A reader that goes by cty skips the signature of what is inside.",
      lesson: """
        What is inside an encrypted token is told by cty: JWT means that another token is inside, \
        which has to be read and verified in turn. A program that finds another word takes the \
        content for the claims themselves and never sees a signature. So header and content have \
        to agree, and if they do not, the token is refused rather than guessed.
        """),
    fault(
      "enc-without-signature", .idTokenNested, .bareClaims,
      sections: [.core("10.2"), .rfc(9101, "10.2")],
      does: "The claims are encrypted and not signed: no token is inside.",
      gain: "Anybody encrypts claims of their choice to the public key, and is believed.",
      lesson: """
        The key for encrypting is public; that is what it is for. So an encrypted text proves \
        nothing about who wrote it: an attacker locks any claims for the client, and the client \
        alone can open them, which feels like a proof and is none. Only the signature of the \
        issuer says where claims come from. The order is fixed: sign first, encrypt then, and \
        verify what comes out.
        """),
    LabFault(
      "enc-inner-alg-none", .encryption, .idTokenAlgNone, types: LabFault.withIDToken,
      by: .tenant([.signature(.firstIDToken, .unsigned("none"))]), prepare: encrypting(),
      does: "The token inside the encrypted one says alg none, and has no signature.",
      gain: "Encryption is taken for proof, and the claims of anybody are believed.",
      lesson: """
        A token that had to be opened looks trustworthy, and some libraries leave the rest out: \
        decrypted is verified, they say. But the outer form only hides. Everything that holds for \
        a plain token holds for the inner one, from its alg to its nonce, and the algorithm that \
        counts for c_hash and at_hash is the inner one too. None is refused inside as it is \
        outside.
        """),
    LabFault(
      "enc-inner-for-another-client", .encryption, .idTokenAud, also: [.idTokenAudExtra],
      types: LabFault.withIDToken,
      by: .tenant([.claims(.firstIDToken, [.set("aud", "another-application")])]),
      prepare: encrypting(),
      does: "The token inside, rightly signed, is for another client.",
      gain: "A token from another application, encrypted anew, signs its owner in here.",
      lesson: """
        Whoever runs another application gets tokens of its people, signed by the same provider. \
        Such a token can be taken out, encrypted for this client\u{2019}s public key and put into \
        an answer. It opens, its signature is right, and the encryption makes it look as if it had \
        been made for this client. Only aud inside says for whom it was issued. That it could be \
        opened is no answer to this question.
        """),
  ]
}
