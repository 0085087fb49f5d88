import DemoTenant
import HybridFlow
import OpenID

/// Values in the wrong place or of the wrong kind: a key in a name, a claim in a header, a password
/// in an answer, two people in one `sub`.
extension Lab {
  static let keyNameFaults: [LabFault] = [
    keyName(
      "kid-is-a-url", .name("https://attacker.example/jwks.json"),
      does: "The key name of the first ID token is an address, and a stranger has signed it.",
      gain: "A program that fetches it verifies the forgery with the attacker’s own key.",
      lesson: """
        A kid names one of the keys that the application already has. RFC 7515 leaves its form open, \
        so it may even look like an address, and some programs fetch it. Then the \
        forger supplies the key, and makes the server send requests into its own network. A name is \
        looked up, never opened: what the issuer’s set does not hold is unknown, whatever it looks \
        like.
        """),
    keyName(
      "kid-is-a-path", .name("../../../../dev/null"),
      does: "The key name of the first ID token is a path to a file, and a stranger has signed it.",
      gain: "A program that reads the file as its key verifies with a content that anyone knows.",
      lesson: """
        Where keys lie in files or in a table, it is tempting to put kid into the file name or into \
        the query. A file that is empty on every machine then makes a key that everyone knows, and a \
        quotation mark makes a query of its own. The name comes from a stranger until the signature \
        is verified, so it is compared with the names of the published keys, byte for byte, and used \
        for nothing else.
        """),
    keyName(
      "kid-is-a-key", .keyAsName,
      does:
        "The key name of the first ID token is a whole public key, and its owner has signed it.",
      gain: "A program that reads the key out of the name lets the token vouch for itself.",
      lesson: """
        It is the trick with the header field jwk in another place: the token brings the key that \
        verifies it. A library that refuses jwk may still hand kid to code that takes JSON for a \
        key. The signature then fits, because the forger made both. A key counts only when it comes \
        from the issuer’s address over TLS; nothing inside the token can make it trusted.
        """),
  ]

  private static func keyName(
    _ id: String, _ trick: SignatureTrick, does: String, gain: String, lesson: String
  ) -> LabFault {
    LabFault(
      id, .signature, .idTokenNoRemoteKey, also: [.idTokenKidKnown], types: LabFault.withIDToken,
      sections: [.rfc(7515, "4.1.4"), .rfc(8725, "3.10")],
      by: .tenant([.signature(.firstIDToken, trick)]), does: does, gain: gain, lesson: lesson)
  }

  static let headerFaults: [LabFault] = [
    LabFault(
      "claims-in-header", .claims, .idTokenHeaderClaims, types: LabFault.withIDToken,
      by: .tenant([
        .header(
          .firstIDToken, [.set("sub", "auth0|administrator"), .set("iss", "https://a.example/")])
      ]),
      does: "The header of the first ID token repeats sub and iss with other values.",
      gain: "A program that reads the header, or puts both together, signs in the administrator.",
      lesson: """
        The header says how the token is protected, the payload says who signed in. RFC 7519 allows \
        to repeat claims in the header, so that an encrypted token can be sorted before it is opened, \
        and asks the receiver to compare them. Some programs merge the two parts into one table, and \
        the header wins. The explorer takes no claim from the header, and refuses a token whose two \
        parts disagree.
        """)
  ]

  static let profileFaults: [LabFault] = [
    LabFault(
      "userinfo-sub-twice", .api, .userinfoSub, at: .data, sections: [.rfc(8259, "4")],
      by: .tenant([.response(.userinfo, .repeatMember("sub", "auth0|administrator"))]),
      does: "The userinfo names its subject twice: first a stranger, then the person.",
      gain:
        "The check reads the one, the code behind it the other, and opens a stranger’s account.",
      lesson: """
        Plain JSON may repeat a name, and parsers disagree about what that means: most take the last \
        value, some the first, a few keep both. A program that compares with one parser and works \
        with another has compared nothing. Userinfo is not signed, so anyone between the servers can \
        write such a text. The explorer reads no object with a repeated name, and says which name it \
        was.
        """),
    LabFault(
      "userinfo-sub-list", .api, .userinfoSub, at: .data,
      by: .tenant([.document(.userinfo, [.join("sub", "auth0|administrator")])]),
      does: "The userinfo names two subjects in a list: the person, and a stranger.",
      gain: "Code that asks whether the list contains the person says yes, and takes either.",
      lesson: """
        The audience of a token may be a list, so some code handles every claim as if it could be \
        one. A subject is a single string. Where a list is searched for the right person, the check \
        passes; where its first or last element is used afterwards, somebody else signs in. The type \
        of a value is checked before the value, and a list of people is nobody.
        """),
  ]

  static let repeatedFormFaults: [LabFault] = [
    LabFault(
      "redirect-307-after-password", .transport, .callbackNoCredentials,
      also: [.callbackMethod, .responseModeExact],
      by: .tenant([.loginRepeated]),
      does: "The provider answers its login form with a redirect of status 307.",
      gain: "The application, and everybody who reads its logs, has the person’s password.",
      lesson: """
        A redirect with 307 tells the browser to send the same request once more, to the new address: \
        method, body and all. After a login form the body is name and password, and the new address \
        is the application. It did not ask for them, and cannot stop them. A provider answers with \
        303, which makes a GET without a body. The application can only notice, keep nothing, and \
        tell the person to choose another password.
        """)
  ]

  static let sharedAddressFaults: [LabFault] = [
    LabFault(
      "two-issuers-one-redirect", .mixUp, .responseIss,
      sections: [.rfc(9700, "4.4.2"), .rfc(9207, "4")],
      by: .tenant([
        .document(.metadata, [.drop("authorization_response_iss_parameter_supported")]),
        .answer([.drop("iss")]),
      ]),
      blaming: .party(.application, "careless"),
      prepare: { $0.mistakes.insert(.sharesRedirectURI) },
      does: "Two providers answer at the same redirect URI, and this one sends no iss.",
      gain: "A code of the honest provider is carried to the token endpoint of the attacker’s.",
      lesson: """
        Platforms that connect to hundreds of services like to register one redirect URI for all. If \
        a provider sends iss, the answer still says where it comes from. If it does not, nothing \
        does: state only says which run was meant, and an attacker who offers one of the services \
        began that run. Each provider needs a redirect URI of its own then. With a single provider, \
        a missing iss is harmless, and the check is silent.
        """)
  ]

  static let assertionFaults: [LabFault] = [
    LabFault(
      "assertion-audience-injected", .tokenEndpoint, .assertionAudience, at: .exchange,
      sections: [SpecReference("draft-ietf-oauth-rfc7523bis", "")], by: .application([]),
      prepare: {
        $0.clientAuthentication = .privateKeyJWT
        $0.assertionAudience = .tokenEndpoint
      },
      does:
        "The application makes its client assertion out for the token endpoint of the metadata.",
      gain: "An attacker’s provider collects assertions that are good at an honest one.",
      lesson: """
        A client assertion is a signed proof of who the client is, and aud says where it counts. For \
        years the address of the token endpoint was the advice. But that address stands in metadata, \
        and an attacker’s metadata can name an honest provider’s: the application then signs a proof \
        for the honest one and hands it to the attacker. The issuer is in the application’s own \
        configuration, so it alone should stand there. A warning, because some providers still ask \
        for the other.
        """)
  ]
}
