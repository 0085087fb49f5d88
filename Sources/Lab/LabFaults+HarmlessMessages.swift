import DemoTenant
import HybridFlow
import OpenID

/// Oddities of the messages around the tokens.
extension Lab {
  static let harmlessAnswers: [LabFault] = [
    LabFault(
      harmless: "state-with-odd-letters", sections: [.rfc(6749, "4.1.2"), .rfc(6749, "B")],
      by: .tenant([]),
      prepare: {
        $0.extraParameters.append(
          FormField("state", "a+b c%20d/\u{FC}\u{4E2D}?&=#\"\u{27}~ 0123456789012345678901"))
      },
      does: "The state has blanks, plus and percent signs, and letters from elsewhere.",
      because: "It is encoded on the way there and back, and compared as text."),
    LabFault(
      harmless: "fields-nobody-knows", sections: [.rfc(6749, "4.1.2")],
      by: .tenant([
        .answer([
          .add("session_state", "c2Vzc2lvbg.c2FsdA"), .add("authuser", "0"), .add("prompt", "none"),
          .add("user", #"{"name":{"firstName":"Ada"}}"#), .add("client_info", "eyJ1aWQiOiIxIn0"),
        ])
      ]),
      does: "The answer has fields that the flow does not know: session_state, user and others.",
      because: "Unknown parameters are ignored; nothing in them is believed."),
    LabFault(
      harmless: "iss-not-promised", sections: [.rfc(9207, "2.4")],
      by: .tenant([
        .document(.metadata, [.drop("authorization_response_iss_parameter_supported")]),
        .answer([.drop("iss")]),
      ]),
      does: "The provider neither promises nor sends the parameter iss.",
      because: "It is needed only where several issuers answer at one redirect URI."),
    LabFault(
      harmless: "lifetime-not-said", sections: [.rfc(6749, "5.1"), .rfc(6749, "4.2.2")],
      by: .tenant([
        .answer([.drop("expires_in")]), .document(.tokens, [.drop("expires_in")]),
      ]),
      does: "Nothing says how long the access tokens live.",
      because: "expires_in is recommended, not required."),
    LabFault(
      harmless: "token-type-in-small-letters", sections: [.rfc(6749, "5.1")],
      by: .tenant([
        .answerWhere("token_type", "bearer"), .document(.tokens, [.set("token_type", "bearer")]),
      ]),
      does: "The token type is written bearer.",
      because: "The type is read in any case."),
    LabFault(
      harmless: "token-type-in-capitals", sections: [.rfc(6749, "5.1")],
      by: .tenant([
        .answerWhere("token_type", "BEARER"), .document(.tokens, [.set("token_type", "BEARER")]),
      ]),
      does: "The token type is written BEARER.",
      because: "The type is read in any case."),
    LabFault(
      harmless: "form-ends-with-line-break", sections: [.rfc(9112, "2.2")],
      by: .attacker(.appendBytes("\r\n")),
      does: "The form that brings the answer ends in a line break.",
      because: "A client may end a body with one, if it counts it; no value contains it."),
    LabFault(
      harmless: "form-with-charset", sections: [.rfc(9110, "8.3.1")],
      by: .attacker(.contentType("application/x-www-form-urlencoded; charset=UTF-8")),
      does: "The media type of the form names a character set.",
      because: "A parameter does not change the type."),
    LabFault(
      harmless: "header-names-in-capitals", sections: [.rfc(9110, "5.1")],
      by: .attacker(.capitalHeaders),
      does: "The names of the browser’s headers are written in capitals.",
      because: "Header names are read in any case; HTTP/2 writes them small."),
  ]

  static let harmlessDocuments: [LabFault] = [
    LabFault(
      harmless: "scope-not-said", sections: [.rfc(6749, "5.1")],
      by: .tenant([.document(.tokens, [.drop("scope")])]),
      does: "The token response does not say what was granted.",
      because: "A missing scope means that everything asked for was granted."),
    LabFault(
      harmless: "token-response-with-more", sections: [.rfc(6749, "5.1")],
      by: .tenant([
        .document(
          .tokens,
          [
            .set("ext_expires_in", 3600), .set("not-before-policy", 0), .set("foci", "1"),
            .set("session_state", "c2Vzc2lvbg"), .set("refresh_expires_in", 1800),
          ])
      ]),
      does: "The token response has members that no specification knows.",
      because: "Unknown members are ignored."),
    LabFault(
      harmless: "metadata-with-more", sections: [.discovery("3")],
      by: .tenant([
        .document(
          .metadata,
          [
            .set("cloud_instance_name", "tenant.example"), .set("http_logout_supported", true),
            .set("mtls_endpoint_aliases", ["token_endpoint": "https://mtls.example/token"]),
            .set("something_new", [1, ["a": .null]]),
          ])
      ]),
      does: "The discovery document has members that the application does not know.",
      because: "Unknown members are ignored."),
    LabFault(
      harmless: "metadata-without-lists", sections: [.discovery("3")],
      by: .tenant([
        .document(
          .metadata,
          [
            .drop("scopes_supported"), .drop("claims_supported"), .drop("grant_types_supported"),
            .drop("code_challenge_methods_supported"), .drop("acr_values_supported"),
          ])
      ]),
      does: "The discovery document leaves out every list that it may leave out.",
      because: "These lists are recommended or optional."),
    LabFault(
      harmless: "words-in-another-order", sections: [.multipleResponseTypes("3")],
      by: .tenant([
        .document(
          .metadata,
          [
            .set(
              "response_types_supported",
              ["code", "id_token code", "token code", "token id_token code"])
          ])
      ]),
      does: "The response types are listed with their words in another order.",
      because: "The order of the words means nothing."),
    LabFault(
      harmless: "json-with-blanks", sections: [.rfc(8259, "2"), .rfc(8259, "7")],
      by: .tenant([
        .response(.metadata, .loose), .response(.keys, .loose), .response(.tokens, .loose),
        .response(.userinfo, .loose), .response(.api, .loose),
      ]),
      does: "Every document is written with blanks, line breaks and escaped slashes.",
      because: "They mean nothing in JSON."),
    LabFault(
      harmless: "json-with-charset", sections: [.rfc(9110, "8.3.1"), .rfc(8259, "11")],
      by: .tenant([
        .response(.metadata, .header("Content-Type", "application/json;charset=UTF-8")),
        .response(.keys, .header("Content-Type", "application/jwk-set+json")),
        .response(.tokens, .header("Content-Type", "Application/JSON; charset=utf-8")),
        .response(.userinfo, .header("Content-Type", "application/json; charset=UTF-8")),
      ]),
      does: "The media types have a character set, capitals, or the name that is made for keys.",
      because: "Case and parameters do not change the type, and keys have one of their own."),
    LabFault(
      harmless: "more-caching-words", sections: [.rfc(9111, "5.2"), .rfc(6749, "5.1")],
      by: .tenant([
        .response(.tokens, .header("Cache-Control", "private, No-Store, max-age=0")),
        .response(.tokens, .header("Pragma", "")),
      ]),
      does: "The token response forbids storing among other words, and without Pragma.",
      because: "no-store is enough, in any case and in any company."),
    LabFault(
      harmless: "userinfo-signed-honestly", sections: [.core("5.3.2")],
      by: .tenant([.signedUserinfo(nil, [])]),
      does: "The userinfo comes as a token that the provider has signed.",
      because: "A client may register for it; signature, iss and aud are right."),
    LabFault(
      harmless: "key-set-with-more", sections: [.rfc(7517, "5"), .rfc(7517, "4")],
      by: .tenant([.keys(.amongStrangers)]),
      does: "The key set has keys of other kinds and uses beside the signing key.",
      because: "Keys that do not fit are ignored."),
  ]
}
