import DemoTenant
import HybridFlow
import OpenID

/// What goes wrong at Sign in with Apple: the demo tenant takes over its habits.
extension Lab {
  /// The team of the runs.
  static let appleTeam = "DEF123GHIJ"

  static let appleFaults: [LabFault] = [
    LabFault(
      "apple-user-field-altered", .apple, .unsignedFieldNotUsed, types: [.codeIDToken],
      by: .attacker(
        .edit([
          .set(
            "user",
            #"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"eve@demo.example"}"#)
        ])),
      prepare: { $0.askAsAtApple(team: appleTeam) },
      does: "Somebody in the browser changes the e-mail address in the field user.",
      gain: "An application that finds accounts by that field opens the account of the victim.",
      lesson: """
        Apple tells the name of a person once, at the first consent, in a form field beside the \
        tokens. Nobody signs that field, and the browser carries it, so its text can be written by \
        hand. The ID token is signed and has the e-mail address as well. Only that one counts; the \
        name may be shown, and is proved by nothing.
        """),
    LabFault(
      "apple-nonce-missing-though-supported", .apple, .noncePresent, types: [.codeIDToken],
      by: .tenant([.claims(.firstIDToken, [.drop("nonce")])]),
      prepare: { $0.askAsAtApple(team: appleTeam) },
      does: "The ID token says that it supports a nonce, and has none.",
      gain: "An ID token from another login, caught earlier, is taken for one of this login.",
      lesson: """
        Tokens of Apple have the claim nonce_supported, because very old devices cannot keep a \
        nonce. Code written for them skips the check whenever the nonce is missing, and so takes \
        any token without one. On the web a nonce that was sent always comes back: if it is \
        missing, the answer is refused, whatever nonce_supported says.
        """),
    LabFault(
      "verified-is-a-word", .apple, .idTokenBooleans, types: [.codeIDToken],
      by: .tenant([
        .claims(.firstIDToken, [.set("email_verified", "no")]),
        .claims(.secondIDToken, [.set("email_verified", "no")]),
      ]),
      prepare: { $0.askAsAtApple(team: appleTeam) },
      does: "The claim email_verified is the text \u{201C}no\u{201D} instead of true or false.",
      gain: "An address that nobody has verified counts as verified, and opens an account.",
      lesson: """
        By the specification email_verified is true or false. Apple has sent it as a text, \
        \u{201C}true\u{201D} or \u{201C}false\u{201D}, and code that has to take both often \
        asks only whether there is something at all. In many languages every text that is not \
        empty counts as true, and so does \u{201C}false\u{201D}. The safe comparison takes true \
        and the text \u{201C}true\u{201D}, and nothing else.
        """),
    LabFault(
      "apple-secret-too-long-lived", .apple, tenantRule: "secret-lifetime", types: [.codeIDToken],
      sections: [.rfc(7519, "4.1.4")], by: .application([.signsLongLivedSecret]),
      prepare: { $0.askAsAtApple(team: appleTeam) },
      does: "The application signs a client secret that is good for longer than half a year.",
      gain: "Nothing: the provider refuses it, and nobody can sign in.",
      lesson: """
        At Apple the client secret is a JWT that the team signs, and it may live for 15 777 000 \
        seconds, about half a year. One that lives longer is refused with invalid_client and no \
        other word. The safe way is the short one: sign a secret for each request, good for \
        minutes. Then a leaked secret is soon worthless, and none runs out unseen.
        """),
    LabFault(
      "apple-secret-wrong-sub", .apple, tenantRule: "secret-subject", types: [.codeIDToken],
      sections: [.rfc(7519, "4.1.2")], by: .application([.signsSecretForAnother]),
      prepare: { $0.askAsAtApple(team: appleTeam) },
      does: "The application signs a client secret whose subject is the app, not the web client.",
      gain: "Nothing: a secret for one client does not open another one.",
      lesson: """
        A team has several clients: the app has an App ID, the web page a Services ID. The secret \
        names in sub for which of them it was made, and sub has to be the client_id of the same \
        request. The two are easily mixed up, as the same key signs for both. The answer is \
        invalid_client, without a word about which claim it was.
        """),
  ]
}
