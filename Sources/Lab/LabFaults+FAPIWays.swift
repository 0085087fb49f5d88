import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong under FAPI 1.0 Advanced on the ways between the two sides: the addresses, the
/// connections, the keys, and who can read the request.
extension Lab {
  private static func part2(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", section)
  }

  static let fapiWayFaults: [LabFault] = addressFaults + readableRequestFaults + fapiKeyFaults

  private static let addressFaults: [LabFault] = [
    LabFault(
      "redirect-uri-not-https", .fapi, .redirectURIHTTPS, types: [.codeIDToken], at: .authorize,
      by: .application([.asksForPlainRedirect]), prepare: { $0.askAsFAPI() },
      does: "The application wants the answer at a redirect URI of plain http.",
      gain: "Whoever is on the way reads the code and the ID token, and can hold them back.",
      lesson: """
        The answer is signed, so it cannot be changed unseen; over plain http it can be read and \
        kept from the application. So these rules take https alone. Elsewhere http on the same \
        machine is excused, because nothing leaves it. Here it is not: for development they name \
        one address, https://localhost with a fixed port. The demo tenant excuses http on this \
        machine all the same, and the checklist says so.
        """),
    LabFault(
      "outside-differs-by-value", .fapi, .requestObjectOutsideEqual, types: [.codeIDToken],
      at: .authorize, sections: [part2("5.2.3 (9)"), .rfc(9101, "6.3")],
      by: .application([.repeatsOutside]),
      prepare: {
        $0.askAsFAPI()
        $0.pushesRequest = .never
      },
      does: "Beside the signed request the address asks for another scope than the request does.",
      gain: "A provider that reads what stands outside gives more than what was signed.",
      lesson: """
        A request that goes by value stands in the address, and OpenID Connect wants three \
        parameters beside it once more: response_type, client_id and scope. Nobody has signed \
        them there. So they have to be the same as inside, and the provider uses those inside. A \
        difference is a bug of the client that builds both from different settings, or somebody \
        changed the address in the browser.
        """),
    LabFault(
      "answer-by-query", .fapi, .callbackMethod, also: [.responseModeExact], types: [.codeIDToken],
      sections: [.multipleResponseTypes("5")], by: .tenant([.answerMode(.query)]),
      prepare: { $0.askAsFAPI() },
      does: "The provider sends code and ID token in the query of the redirect URI.",
      gain: "Both lie in the log of every server and proxy on the way.",
      lesson: """
        A bank’s answer to code id_token comes in the fragment, which no server sees, or as a form \
        post. In a query it would be in access logs and in the Referer of the next page, together \
        with an ID token that names a customer. Only a response JWT may travel so, since it is one \
        signed parameter. An application that reads the query because the values are there gets \
        used to the leak.
        """),
    LabFault(
      "tls-with-other-suite", .fapi, .tlsProfile, types: [.codeIDToken], at: .tokens,
      by: .application([.speaksOldTLS]), prepare: { $0.askAsFAPI() },
      does: "The application speaks TLS 1.2 at most, and agrees on a suite with an ECDSA key.",
      gain: "Nobody gains at once; the suite is good, and not one of the four.",
      lesson: """
        For TLS 1.2 these rules name four cipher suites, all with an RSA key of the server. Two \
        sides that both know TLS 1.3 never come to that question. A client with an old library, at \
        a server whose certificate has an EC key, agrees on another suite. It is not a weak one, \
        and a test of conformance fails all the same. So it is a warning: the cure is a newer \
        library, or another certificate.
        """),
  ]

  private static let readableRequestFaults: [LabFault] = [
    LabFault(
      "request-object-readable", .fapi, tenantRule: "object-encrypted", types: [.codeIDToken],
      at: .callback, sections: [.rfc(9101, "10.2")], by: .application([.leavesRequestReadable]),
      prepare: {
        $0.askAsFAPI()
        $0.pushesRequest = .never
        $0.requestEncryption = TokenEncryption(.rsaOAEP, .a256GCM)
      },
      does: "The application sends its request through the browser signed only, not encrypted.",
      gain: "The browser, its history and its extensions read what the person agrees to.",
      lesson: """
        A signature keeps a request from being changed. It does not keep it from being read: the \
        object is base64url, and whoever has the address has the amounts and the name. Brazil \
        leaves the choice between two ways. The request is pushed, and the browser carries a \
        reference; or it is signed first, and then encrypted for the provider’s key with use enc. \
        Signed only and through the browser is refused.
        """),
    LabFault(
      "request-object-for-another-key", .fapi, tenantRule: "object-decrypts",
      types: [.codeIDToken], at: .authorize, sections: [.core("10.2.1"), .rfc(9101, "6.1")],
      by: .application([.encryptsForAnotherKey]),
      prepare: {
        $0.askAsFAPI()
        $0.requestEncryption = TokenEncryption(.ecdhES, .a256GCM)
      },
      does: "The application encrypts its request for a key that the provider does not have.",
      gain: "Nobody gains, unless somebody else has that key: then they read the request.",
      lesson: """
        The provider publishes several keys, some to verify and some to encrypt for. The client \
        takes one with use enc that fits the algorithm, and names it with kid. Common mistakes are \
        the key for signatures, an old copy of the key set, and the key of the test system. The \
        answer is only invalid_request_object, since the provider cannot see what is inside. So \
        compare kid with the keys that are published now.
        """),
  ]

  private static let fapiKeyFaults: [LabFault] = [
    LabFault(
      "short-key-published", .fapi, .keysProfile, types: [.codeIDToken], at: .login,
      sections: [SpecReference("FAPI 1.0 Baseline", "5.2.2 (5)"), .rfc(7518, "3.5")],
      by: .tenant([.keys(.weak)]), prepare: { $0.askAsFAPI() },
      does: "The provider publishes an RSA key of 1024 bits.",
      gain: "Who breaks the key, with money and some months, signs answers for the bank.",
      lesson: """
        Under these rules an RSA key has 2048 bits at least. Without them the length of a key is \
        noticed when a token is verified with it, late in the login. Here it is seen when the keys \
        are read, before anybody signs in, and a short key is refused even if no token names it. \
        Such keys are left over from test systems, or come from an old hardware module that makes \
        no longer ones.
        """),
    LabFault(
      "two-keys-one-kid", .fapi, .keysProfile, types: [.codeIDToken], at: .login,
      sections: [.rfc(7517, "4.5")], by: .tenant([.keys(.sameNameTwice)]),
      prepare: { $0.askAsFAPI() },
      does: "The provider publishes two keys with the same kid, use and alg.",
      gain: "A receiver that takes the first refuses genuine tokens; one that tries all is misled.",
      lesson: """
        kid exists so that a receiver need not guess. Two keys of one name are allowed only where \
        kty, use or alg tells them apart. Otherwise one application takes the first key, another \
        the last, a third tries both, and a login works or fails by chance after each restart. It \
        happens when a fixed name such as sig is used again for the next key. A fingerprint of the \
        key as kid cannot collide.
        """),
  ]
}
