import DemoTenant
import HybridFlow
import OpenID

/// What honest providers and browsers do in their own ways: odd, allowed, and nothing to complain
/// about. An application that refuses one of them locks people out for nothing.
extension Lab {
  /// The oddities, token by token and message by message.
  public static let harmless: [LabFault] =
    harmlessClaims + harmlessHeaders + harmlessAnswers + harmlessDocuments

  /// A change of both ID tokens, and of one that a refresh brings.
  private static func both(_ edits: [JSONEdit]) -> LabFault.Deed {
    .tenant(FaultyToken.idTokens.map { .claims($0, edits) })
  }

  private static func bothHeaders(_ edits: [JSONEdit]) -> LabFault.Deed {
    .tenant(FaultyToken.idTokens.map { .header($0, edits) })
  }

  private static let harmlessClaims: [LabFault] = [
    LabFault(
      harmless: "aud-in-a-list", sections: [.core("2"), .rfc(7519, "4.1.3")],
      by: both([.wrap("aud")]),
      does: "The audience of the ID tokens is a list of one.",
      because: "aud may be a string or a list; with one member both mean the same."),
    LabFault(
      harmless: "azp-beside-aud", sections: [.core("2")],
      by: both([.set("azp", .string(TenantSettings.demoClientID))]),
      does: "The ID tokens name the application as the authorized party, too.",
      because: "azp may stand beside a single audience; here it says the same."),
    LabFault(
      harmless: "times-with-fractions", sections: [.rfc(7519, "2")],
      by: both([
        .exponent("exp"), .moment("nbf", seconds: -1), .exponent("nbf"), .fraction("iat"),
        .fraction("auth_time"),
      ]),
      does: "Times have fractions, or are written with an exponent.",
      because: "A NumericDate is a JSON number of seconds, and need not be whole."),
    LabFault(
      harmless: "clock-a-little-ahead", sections: [.rfc(7519, "4.1.5")],
      by: both([.moment("iat", seconds: 20), .moment("nbf", seconds: 20)]),
      does: "The provider’s clock is twenty seconds ahead.",
      because: "Clocks differ; a leeway of less than a few minutes is expected."),
    LabFault(
      harmless: "claims-nobody-asked-for", sections: [.core("2"), .rfc(7519, "4")],
      by: both([
        .set("groups", ["readers", "writers"]), .set("https://tenant.example/seat", ["row": 4]),
        .set("übrigens", "schön"), .set("middle_name", .null), .set("ver", "2.0"),
      ]),
      does: "The ID tokens carry claims that nobody knows: lists, objects, null, other letters.",
      because: "Claims that are not understood are ignored."),
    LabFault(
      harmless: "second-token-without-hashes", sections: [.core("3.3.3.6"), .core("3.1.3.6")],
      by: .tenant([.claims(.secondIDToken, [.drop("at_hash"), .drop("c_hash")])]),
      does: "The ID token of the token endpoint carries no hash.",
      because: "There the hashes are optional: both tokens came in one answer over TLS."),
    LabFault(
      harmless: "payload-with-blanks", sections: [.rfc(8259, "2"), .rfc(7515, "3")],
      by: .tenant([.text(.firstIDToken, .loose), .text(.secondIDToken, .loose)]),
      does: "The claims are written with blanks, line breaks and escaped slashes.",
      because: "The signature covers the bytes as they are; what they mean is the same JSON."),
  ]

  private static let harmlessHeaders: [LabFault] = [
    LabFault(
      harmless: "kid-left-out", sections: [.core("10.1"), .rfc(7515, "4.1.4")],
      by: bothHeaders([.drop("kid")]),
      does: "The ID tokens do not name their key, and the issuer publishes one.",
      because: "With one fitting key there is nothing to choose."),
    LabFault(
      harmless: "typ-left-out", sections: [.rfc(7515, "4.1.9")], by: bothHeaders([.drop("typ")]),
      does: "The headers do not say that the tokens are JWTs.",
      because: "typ is optional, and no rule of OpenID Connect asks for it."),
    LabFault(
      harmless: "typ-in-small-letters", sections: [.rfc(7515, "4.1.9")],
      by: bothHeaders([.set("typ", "application/jwt")]),
      does: "The type in the headers is written in full, and in small letters.",
      because: "It is a media type: upper and lower case and the prefix do not matter."),
    LabFault(
      harmless: "typ-unknown", sections: [.rfc(7515, "4.1.9")],
      by: bothHeaders([.set("typ", "identity")]),
      does: "The type in the headers is a word that no specification has.",
      because: "It names no other kind of token, and what an ID token’s type is, no rule says."),
    LabFault(
      harmless: "header-repeats-claims", sections: [.rfc(7519, "5.3")],
      by: .tenant([
        .header(.firstIDToken, [.set("aud", .string(TenantSettings.demoClientID))]),
        .header(.secondIDToken, [.set("aud", .string(TenantSettings.demoClientID))]),
      ]),
      does: "The headers repeat the audience, as it stands in the payload.",
      because: "Claims may be repeated in the header if they are the same there."),
    LabFault(
      harmless: "x5t-in-header", sections: [.rfc(7515, "4.1.7")],
      by: bothHeaders([.set("x5t", "dGh1bWJwcmludC1vZi1hLWNl")]),
      does: "The headers carry the thumbprint of a certificate.",
      because: "It names a key and brings none; kid is enough to find it."),
    LabFault(
      harmless: "key-rotated-between-tokens", sections: [.core("10.1.1")],
      by: .tenant([.keys(.rotated)]),
      does: "Between the two tokens the provider changes to a new signing key.",
      because: "An unknown kid is a reason to fetch the keys once more; now it is there."),
  ]
}
