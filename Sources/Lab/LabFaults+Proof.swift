import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong with proofs of possession: each request proves the key to which the access token
/// is bound.
///
/// RFC 9449.
extension Lab {
  /// The thumbprint of the key in RFC 9449, section 6.1: of nobody here.
  private static let foreignThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

  private static let proving: @Sendable (inout FlowConfiguration) -> Void = {
    $0.proofAlgorithm = .es256
  }

  static let proofFaults: [LabFault] = proofsOfOthers + proofsAtToken + proofsAtAPI

  /// What the provider gets wrong.
  private static let proofsOfOthers: [LabFault] = [
    LabFault(
      "bound-token-as-bearer-type", .proof, .dpopTokenType, types: [.codeIDToken], at: .tokens,
      by: .tenant([.document(.tokens, [.set("token_type", "Bearer")])]), prepare: proving,
      does: "The provider takes the proof, and answers that the token is an ordinary bearer token.",
      gain: "Whoever reads the access token somewhere can use it: nothing binds it.",
      lesson: """
        A provider that does not know proofs of possession ignores the header, as any server ignores \
        a header that it does not know. The login goes on, and nothing looks wrong. The one sign is \
        token_type: DPoP says that the token is bound, Bearer that it is not. A client that wanted a \
        bound token must not use the other kind, or somebody between the two could take the header \
        away and nobody would notice.
        """),
    LabFault(
      "cnf-of-another-key", .proof, .dpopCnf, types: [.codeIDToken], at: .tokens,
      by: .tenant([
        .claims(
          .secondAccessToken,
          [.set("cnf", .object([JSONMember("jkt", .string(foreignThumbprint))]))])
      ]), prepare: proving,
      does: "The access token is bound to the key of somebody else.",
      gain: "The token works for that somebody, and for nobody here.",
      lesson: """
        The provider writes the thumbprint of the key into the access token: cnf with jkt, the \
        SHA-256 of the public key. An API compares it with the key of the proof that comes along. If \
        the provider confuses two requests, or takes the thumbprint over the wrong members of the \
        key, our token is bound to a stranger. Our calls then fail at the API, far from where it went \
        wrong. The comparison at the token endpoint shows it at once.
        """),
    LabFault(
      "cnf-key-missing", .proof, .dpopCnf, types: [.codeIDToken], at: .tokens,
      by: .tenant([.claims(.secondAccessToken, [.drop("cnf")])]), prepare: proving,
      does: "The answer says DPoP, and the access token is bound to no key.",
      gain: "An API that looks into the token finds nothing to compare, and takes it from anybody.",
      lesson: """
        token_type is one word beside the token; it is for the client. An API never sees it. What the \
        API sees is the token itself, and there the binding is the claim cnf. If it is missing, the \
        API has no key to compare the proof with. Both have to say the same, so a careful client \
        reads both before it relies on the promise.
        """),
  ]

  /// What the application gets wrong where tokens are issued.
  private static let proofsAtToken: [LabFault] = [
    LabFault(
      "proof-for-another-address", .proof, tenantRule: "dpop-htu", types: [.codeIDToken],
      sections: [.rfc(9449, "4.3")], by: .application([.provesOtherAddress]), prepare: proving,
      does: "The proof names another address than that of the request.",
      gain: "Nothing: a proof that was made for one endpoint opens no other.",
      lesson: """
        A proof says to which address its request goes. So somebody who reads it along the way \
        cannot send it elsewhere. In practice the claim is wrong for a harmless reason: a proxy in \
        front of the server changes scheme, host or path, and client and server then mean different \
        addresses. Query and fragment do not belong into it. Compare htu with the address that the \
        server knows itself by.
        """),
    LabFault(
      "proof-for-another-method", .proof, tenantRule: "dpop-htm", types: [.codeIDToken],
      sections: [.rfc(9449, "4.3")], by: .application([.provesOtherMethod]), prepare: proving,
      does: "The proof names another method than that of the request.",
      gain: "Nothing: a proof for reading cannot be used to write.",
      lesson: """
        The method stands in the proof beside the address. Without it, a proof that was made to read \
        something could be sent along with a request that changes or deletes it. A client that makes \
        its proofs in one place and its requests in another easily leaves the method as it was. The \
        name is written in capitals, as HTTP writes it.
        """),
    LabFault(
      "proof-with-private-key", .proof, tenantRule: "dpop-jwk", types: [.codeIDToken],
      sections: [.rfc(9449, "4.3")], by: .application([.showsPrivateKey]), prepare: proving,
      does: "The application puts a private part of a key into the header of its proof.",
      gain: "Whoever reads the request has the key, and with it every token that is bound to it.",
      lesson: """
        The header of a proof shows the public key, so that the server can verify the signature. \
        Libraries keep both halves of a key in one object, and one that writes out the whole object \
        sends the secret half along. The key is then worth nothing. A server refuses such a proof, \
        and so tells the client about its mistake; the client has to throw the key away.
        """),
    LabFault(
      "two-proofs", .proof, tenantRule: "dpop-one-header", types: [.codeIDToken],
      sections: [.rfc(9449, "4.3")], by: .application([.sendsTwoProofs]), prepare: proving,
      does: "The request carries two DPoP headers.",
      gain: "Nothing here. Where two servers read one request, each could look at another proof.",
      lesson: """
        A request may have one proof. With two it is open which of them counts: a proxy may judge \
        the first, and the server behind it the second. So the request is refused as a whole. It \
        happens where a piece of middleware adds a proof, and the HTTP client, which sends the \
        request again, adds its own.
        """),
    LabFault(
      "proof-nonce-ignored", .proof, .dpopNonceHonoured, types: [.codeIDToken], at: .exchange,
      by: .application([.ignoresProofNonce]), prepare: proving,
      does: "The server asks for a nonce in the proof, and the application sends one without.",
      gain: "Nothing: the server asks again, and the login never ends.",
      lesson: """
        A proof could be made long in advance by somebody who has the key for a moment. A server \
        that wants to be sure gives out a nonce, and takes only proofs that have it. The first \
        request is then refused with use_dpop_nonce, and the nonce stands in the header DPoP-Nonce \
        of that answer. That is no failure: the client sends the request once more, with the nonce \
        in a new proof. One that does not know this stops at its first login.
        """),
  ]

  /// What the application gets wrong where tokens are used.
  private static let proofsAtAPI: [LabFault] = [
    LabFault(
      "proof-nonce-of-another-server", .proof, .dpopNonceHonoured, types: [.codeIDToken], at: .api,
      by: .application([.mixesProofNonces]), prepare: proving,
      does: "The application sends the API the nonce that the token endpoint gave.",
      gain: "Nothing: the API does not know it, and asks for its own.",
      lesson: """
        Token endpoint and API each give out nonces, and neither knows those of the other, even when \
        both have the same address. A client that keeps one nonce for all sends the wrong one, is \
        refused, learns the right one, and then has the wrong one for the next call of the token \
        endpoint. It works, at the price of two requests for each. With a client that tries only \
        once it does not work at all.
        """),
    LabFault(
      "proof-sent-again", .proof, tenantRule: "dpop-once", types: [.codeIDToken], at: .data,
      sections: [.rfc(9449, "11.1")], by: .application([.repeatsProof]), prepare: proving,
      does: "The proof of a call has the number of one that was sent before.",
      gain: "Nothing: a server that remembers the numbers takes each of them once.",
      lesson: """
        A proof that somebody reads on the way is good for the same request, to the same address, \
        for a minute or so. The number in it, jti, closes that gap: a server remembers the numbers \
        that it has seen, and takes none twice. The client has to draw a new one for every request, \
        also when it sends a request once more. One that draws the number when the program starts is \
        refused from its second request on.
        """),
    LabFault(
      "proof-by-another-key", .proof, tenantRule: "token-key", types: [.codeIDToken], at: .data,
      sections: [.rfc(9449, "7.1")], by: .application([.swapsProofKey]), prepare: proving,
      does: "The application calls the API with a good proof, signed by another key.",
      gain: "Nothing: the token is bound to the first key, and a thief has only another.",
      lesson: """
        This is what a thief can do: the token is copied, and a proof is made with a key of their own. \
        Everything in the proof is right, and its signature verifies. What does not fit is the \
        thumbprint: cnf of the token names the key of the application. An application does this to \
        itself where the key is made anew at each start while the token is kept, or where two servers \
        of one application have a key each.
        """),
    LabFault(
      "proof-hash-in-hexadecimal", .proof, tenantRule: "dpop-ath", types: [.codeIDToken], at: .data,
      sections: [.rfc(9449, "4.2")], by: .application([.writesHexTokenHash]), prepare: proving,
      does: "The digest of the access token in the proof is written in hexadecimal.",
      gain: "Nothing: the API compares texts, and these two are different.",
      lesson: """
        With an access token goes a proof that names it, by its SHA-256. So a proof for one token \
        cannot be sent with another. The digest is written in base64url without padding, 43 \
        characters. A library of today writes it in hexadecimal, 64 characters: the right digest in \
        the wrong letters. Every server refuses it, and the message says only that ath is wrong.
        """),
    LabFault(
      "proof-hash-missing", .proof, tenantRule: "dpop-ath", types: [.codeIDToken], at: .data,
      sections: [.rfc(9449, "4.3")], by: .application([.leavesOutTokenHash]), prepare: proving,
      does: "The proof of a call does not name the access token that goes with it.",
      gain: "Nothing here. Without it, a proof could be moved from one token to another.",
      lesson: """
        At the token endpoint there is no access token yet, and the proof has no ath. A client that \
        makes its proofs for the API with the same code forgets the claim there. Somebody who can \
        place a token of their own beside our proof would then use our key for it. So an API wants \
        ath whenever a token comes along.
        """),
    LabFault(
      "bound-token-sent-as-bearer", .proof, tenantRule: "token-scheme", types: [.codeIDToken],
      at: .data, sections: [.rfc(9449, "7.2")], by: .application([.sendsBoundTokenAsBearer]),
      prepare: proving,
      does: "The application sends a bound access token as an ordinary bearer token.",
      gain: "Nothing: an API that looks into the token sees that it is bound.",
      lesson: """
        A bound token is sent with the scheme DPoP, and a proof beside it. Most HTTP libraries write \
        Bearer by themselves. An API that takes both kinds must refuse a bound token under that name, \
        or the binding would be worth nothing: a thief would simply leave the proof out. The answer \
        is 401, with DPoP in WWW-Authenticate.
        """),
  ]
}
