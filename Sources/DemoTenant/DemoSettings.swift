import OpenID

extension TenantSettings {
  /// The `client_id` of the explorer at the demo tenant.
  public static let demoClientID = "hybrid-flow-explorer"
  /// The identifier of the demo API.
  public static let demoAudience = "https://api.demo.example/"
  /// The scopes that the explorer asks for by default.
  public static let demoScopes = ["openid", "profile", "email", "read:appointments"]
  /// The address of the demo API's first resource, below the issuer.
  public static let demoResourcePath = "/api/appointments"

  /// The built-in tenant: one application, one API, a handful of people.
  ///
  /// The caller provides the secret and makes a new one at every start.
  public static func demo(
    issuer: String, redirectURIs: [String], secret: Secret, postLogoutRedirectURIs: [String] = []
  ) -> TenantSettings {
    TenantSettings(
      issuer: issuer,
      clients: [
        TenantClient(
          id: demoClientID, secret: secret, redirectURIs: redirectURIs,
          postLogoutRedirectURIs: postLogoutRedirectURIs, name: "Hybrid Flow Explorer")
      ],
      people: demoPeople(issuer: issuer), apis: [demoAPI])
  }

  /// Keeps a sign-in from expiring while people read: codes do not age, and pages stay valid as
  /// long as a session.
  ///
  /// For a tenant inside the program that displays it; one that serves others uses real time.
  public mutating func waitForReaders() {
    codesWait = true
    lifetimes.transactionSeconds = lifetimes.sessionSeconds
    lifetimes.pushedRequestSeconds = lifetimes.sessionSeconds
  }

  /// The API of the built-in tenant.
  public static var demoAPI: API {
    API(
      identifier: demoAudience, name: "Calendar API",
      permissions: [
        Permission("read:appointments", "See your appointments"),
        Permission("read:contacts", "See the people you meet"),
      ],
      resources: [
        APIResource(
          path: demoResourcePath, scope: "read:appointments",
          content: [
            JSONMember(
              "appointments",
              [
                [
                  "id": "a-101", "title": "Tea with Charles", "day": "Tuesday", "at": "16:00",
                  "place": "Dorset Street 1",
                ],
                [
                  "id": "a-102", "title": "Bring the bicycle to the workshop", "day": "Wednesday",
                  "at": "08:30", "place": "The corner of Mill Lane",
                ],
                [
                  "id": "a-103", "title": "Choir: bring the second part", "day": "Friday",
                  "at": "19:00", "place": "The old library",
                ],
              ])
          ]),
        APIResource(
          path: "/api/contacts", scope: "read:contacts",
          content: [
            JSONMember(
              "contacts",
              [
                ["name": "Charles", "likes": "gear wheels"],
                ["name": "Mary", "likes": "telescopes"],
              ])
          ]),
      ])
  }

  /// The people of the built-in tenant; the first is always `ada@demo.example`.
  public static func demoPeople(issuer: String) -> [Person] {
    let pictures = (issuer.dropping(suffix: "/") ?? issuer[...]) + "/pictures/"
    return [
      Person(
        subject: "auth0|6743f0a1c0ffee0000000001", signInName: "ada@demo.example",
        password: "hybrid", note: "a complete profile",
        claims: [
          JSONMember("name", "Ada Lovelace"), JSONMember("given_name", "Ada"),
          JSONMember("family_name", "Lovelace"), JSONMember("nickname", "ada"),
          JSONMember("preferred_username", "ada"),
          JSONMember("picture", .string(pictures + "ada.svg")),
          JSONMember("birthdate", "1815-12-10"), JSONMember("zoneinfo", "Europe/London"),
          JSONMember("locale", "en-GB"), JSONMember("updated_at", 1_764_000_000),
          JSONMember("email", "ada@demo.example"), JSONMember("email_verified", true),
        ]),
      Person(
        subject: "auth0|6743f0a1c0ffee0000000002", signInName: "bob@demo.example",
        password: "hybrid", note: "an e-mail address that nobody has verified",
        claims: [
          JSONMember("name", "Bob Unverified"), JSONMember("nickname", "bob"),
          JSONMember("updated_at", 1_763_000_000), JSONMember("email", "bob@demo.example"),
          JSONMember("email_verified", false),
        ]),
      Person(
        subject: "auth0|6743f0a1c0ffee0000000003", signInName: "nameless@demo.example",
        password: "hybrid", note: "no name, no e-mail address, no profile at all", claims: []),
      Person(
        subject: "auth0|6743f0a1c0ffee0000000004", signInName: "zoe@demo.example",
        password: "hybrid", note: "a long name in many scripts",
        claims: [
          JSONMember(
            "name",
            .string(
              "Zo\u{EB} Wilhelmine \u{2018}\u{6F22}\u{5B57}\u{2019} "
                + "\u{A8}-\u{41F}\u{435}\u{442}\u{440}\u{43E}\u{432}\u{430} \u{645}\u{631}\u{64A}"
                + "\u{645} von und zu Hohenfels-Schwarzenbach \u{1F469}\u{200D}\u{1F680}")),
          JSONMember("given_name", "Zo\u{EB}"), JSONMember("nickname", "zo\u{EB}"),
          JSONMember("locale", "de-DE"), JSONMember("updated_at", 1_700_000_000),
          JSONMember("email", "zoe@demo.example"), JSONMember("email_verified", true),
        ]),
      Person(
        subject: "auth0|6743f0a1c0ffee0000000005", signInName: "grace@demo.example",
        password: "hybrid", note: "a second factor: amr and acr say so",
        claims: [
          JSONMember("name", "Grace Hopper"), JSONMember("given_name", "Grace"),
          JSONMember("family_name", "Hopper"), JSONMember("nickname", "grace"),
          JSONMember("picture", .string(pictures + "grace.svg")),
          JSONMember("updated_at", 1_764_100_000), JSONMember("email", "grace@demo.example"),
          JSONMember("email_verified", true), JSONMember("phone_number", "+1 555 0100"),
          JSONMember("phone_number_verified", true),
          JSONMember(
            "address",
            ["formatted": "1 Harbour Road\nArlington", "locality": "Arlington", "country": "US"]),
        ],
        authenticationMethods: ["pwd", "otp", "mfa"],
        authenticationContext: "http://schemas.openid.net/pape/policies/2007/06/multi-factor"),
    ]
  }
}

extension Person {
  fileprivate init(
    subject: String, signInName: String, password: String, note: String, claims: [JSONMember],
    authenticationMethods: [String] = ["pwd"], authenticationContext: String? = nil
  ) {
    self.init(
      subject: subject, signInName: signInName, password: Secret(password), note: note,
      claims: claims, authenticationMethods: authenticationMethods,
      authenticationContext: authenticationContext)
  }
}
