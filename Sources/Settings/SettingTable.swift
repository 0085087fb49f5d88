import Diagnosis
import HybridFlow
import OpenID

/// The table of settings. A new one needs its row, and its place among the options.
extension Setting {
  /// Every option there is, in the order of help, manual and completion.
  public static let options: [Setting] = [
    // Connection
    .issuer, .profile, .preset, .domain, .realm, .tenant, .framework,
    .authorizationEndpoint, .tokenEndpoint,
    .jwksURI, .userinfoEndpoint, .clientID, .redirectURI, .allowHTTP, .tlsCertificate, .tlsKey,
    .tlsSelfSigned, .api, .userinfo, .ca, .then, .key, .code,
    .nonce,
    .accessToken, .certificate,
    // Request
    .responseType, .responseMode, .scope, .audience, .prompt, .maxAge, .acrValues, .loginHint,
    .uiLocales, .claims, .resources, .connection, .organization, .parameters, .par, .requestObject,
    .noPKCE, .wrongVerifier, .exchangeAtOnce, .signOnOnly, .cookie, .accountKey, .rules,
    // Client
    .clientAuth, .clientSecretFile, .clientSecretCommand, .clientKey, .clientKeyID,
    .clientKeyAlgorithm, .clientAssertionAudience, .appleKey, .appleTeam, .appleKeyID,
    .clientCertificate, .clientCertificateKey, .idTokenAlgorithm, .encryptionKey,
    .idTokenEncryption, .responseEncryption, .requestObjectEncryption, .dpop, .dpopKey,
    // Limits
    .clockSkew, .wait, .timeout,
    // Output and browser
    .json, .reveal, .ascii, .plain, .full, .record, .recordSecrets, .overwrite, .junit, .theme,
    .projector, .present, .color, .noMouse, .noQuery, .browser, .noBrowser, .paste, .list, .make,
    .loginNumber, .serverLog,
    // Export, lab and tenant
    .format, .output, .force, .lab, .size, .all, .plan, .withoutCheck, .seed,
    .count, .start, .signedIn, .signOut, .restart, .only, .ownHost, .markdown, .notes, .script,
    .printScript, .handout, .answers, .port, .bind, .expose, .client,
    .habits, .mutualTLS, .mutualTLSFolder, .dpopNonce, .fault, .faultHeader, .settings, .help,
    .version,
  ]

  /// Every setting of a profile, in the order in which a person fills them in; those that have no
  /// place in it come last.
  public static let profileSettings: [Setting] = {
    let order: [Setting] = [
      .preset, .domain, .realm, .tenant, .issuer, .framework, .authorizationEndpoint,
      .tokenEndpoint, .jwksURI,
      .userinfoEndpoint, .clientID, .clientSecret, .clientAuth, .clientKey, .clientKeyID,
      .clientKeyAlgorithm, .clientAssertionAudience, .appleKey, .appleTeam, .appleKeyID,
      .clientCertificate, .clientCertificateKey, .redirectURI, .allowHTTP, .tlsCertificate, .tlsKey,
      .tlsSelfSigned, .responseType,
      .responseMode,
      .scope, .audience, .resources, .api, .userinfo, .organization, .connection, .prompt, .maxAge,
      .acrValues, .loginHint, .uiLocales, .claims, .parameters, .noPKCE, .par, .requestObject,
      .rules,
      .exchangeAtOnce, .signOnOnly, .idTokenAlgorithm, .clockSkew, .wait, .timeout, .ca, .noBrowser,
    ]
    return order + options.filter { $0.profileKey != nil && !order.contains($0) }
  }()
}

/// What concerns a connection: most of it can stand in a profile too.
extension Setting {
  /// The commands that have a connection.
  static let flow: Set<Subcommand> = [.explore, .run, .check, .export]
  private static let login: Set<Subcommand> = [.explore, .run, .export]
  /// Signature algorithms without a shared secret.
  private static let asymmetric =
    SignatureAlgorithm.allCases.filter { !$0.isSymmetric }.map(\.rawValue)

  package static let issuer = Setting(
    "--issuer", "URL", .connection,
    [.explore, .run, .check, .decode, .explain, .export, .tenant, .testApp, .watch],
    .text, profile: "issuer",
    "the provider's issuer, exactly as it names itself; without it the demo tenant. For "
      + "decode: whose keys to fetch; without it none. For tenant, watch and test-app: what the "
      + "tenant calls itself when it is reached by another name")
  package static let profile = Setting(
    "--profile", "NAME", .connection, flow, .text, suggests: .profile,
    "a connection of the settings file ('hybrid-flow paths' says where that is)")
  package static let preset = Setting(
    "--preset", "NAME", .connection, flow, .choice(ProviderPreset.allCases.map(\.rawValue)),
    profile: "preset", suggests: .preset,
    "a known kind of provider: makes the issuer from the next three, and sets what it demands; "
      + "'hybrid-flow help presets' lists them, 'hybrid-flow help auth0' says what to switch on "
      + "there")
  package static let domain = Setting(
    "--domain", "HOST", .connection, flow, .text, profile: "domain",
    "for --preset: the provider's host")
  package static let realm = Setting(
    "--realm", "NAME", .connection, flow, .text, profile: "realm",
    "for --preset keycloak: the realm")
  package static let tenant = Setting(
    "--tenant", "ID", .connection, flow, .text, profile: "tenant", usual: .value("default"),
    "for --preset entra: the tenant; okta: the authorization server; cognito: the user pool; "
      + "authentik: the application; wso2: the tenant")
  package static let authorizationEndpoint = Setting(
    "--authorization-endpoint", "URL", .connection, flow, .text, profile: "authorization_endpoint",
    "for a provider without discovery, with the next two")
  package static let tokenEndpoint = Setting(
    "--token-endpoint", "URL", .connection, flow, .text, profile: "token_endpoint",
    "the same: its token endpoint")
  package static let jwksURI = Setting(
    "--jwks-uri", "URL", .connection, flow, .text, profile: "jwks_uri", "the same: its keys")
  package static let userinfoEndpoint = Setting(
    "--userinfo-endpoint", "URL", .connection, flow, .text, profile: "userinfo_endpoint",
    "the same: its userinfo endpoint, if any")
  package static let clientID = Setting(
    "--client-id", "ID", .connection, flow.union([.decode]), .text, profile: "client_id",
    "the application's client id")
  package static let redirectURI = Setting(
    "--redirect-uri", "URL", .connection, flow, .text, profile: "redirect_uri",
    usual: .value("http://localhost:8910/callback"),
    "where the answer is to arrive: http or https on this machine (port 0 takes a free one), or "
      + "https anywhere: then you sign in with a browser and paste the answer")
  package static let api = Setting(
    "--api", "URL", .connection, flow, .text, profile: "api",
    usual: .words("the userinfo endpoint"), "the API of stage 9")
  package static let userinfo = Setting(
    "--userinfo", .connection, flow, profile: "userinfo",
    "ask the userinfo endpoint besides the API")
  package static let ca = Setting(
    "--ca", "FILE", .connection, flow.union([.decode, .testApp]), .file, profile: "ca",
    "a PEM file with further authorities")
  package static let key = Setting(
    "--key", "FILE", .connection, [.decode], .file,
    "verify signatures with these keys: PEM (a public key or a certificate), a JWK or a JWK set; "
      + "with your private key, open what is encrypted for it")
  package static let code = Setting(
    "--code", "CODE|@FILE", .connection, [.decode], .text,
    "the code that came with the token, for c_hash; @FILE keeps it off the command line")
  package static let nonce = Setting(
    "--nonce", "NONCE|@FILE", .connection, [.decode], .text, "the nonce that the application sent")
  package static let accessToken = Setting(
    "--access-token", "TOKEN|@FILE", .connection, [.decode], .text,
    "the access token that came with the token, for at_hash")
  package static let then = Setting(
    "--then", "LIST", .connection, [.run, .export], .text,
    suggests: .list(AfterAction.all.map(\.id)),
    "what to do after the flow, in order: " + AfterAction.all.map(\.id).joined(separator: ", "))

  package static let responseType = Setting(
    "--response-type", "TYPE", .request, flow.union([.lab, .testApp]),
    .choice(ResponseType.allCases.map(\.rawValue)), profile: "response_type",
    usual: .value("code id_token"), "'code id_token', 'code token' or 'code id_token token'")
  package static let responseMode = Setting(
    "--response-mode", "MODE", .request, flow, .choice(ResponseMode.allCases.map(\.rawValue)),
    profile: "response_mode", usual: .value("form_post"),
    "form_post, fragment or query; form_post.jwt, fragment.jwt, query.jwt or jwt: one signed JWT")
  package static let cookie = Setting(
    "--cookie", "SAMESITE", .request, login,
    .choice(SessionCookie.SameSite.allCases.map(\.rawValue)),
    profile: "cookie", usual: .words("none at the demo tenant, no cookie elsewhere"),
    "how the application sets its session cookie before the browser leaves: none, lax, strict or "
      + "unset; the browser is then opened at the application\u{2019}s own start address")
  package static let accountKey = Setting(
    "--account-key", "KEY", .request, login, .choice(AccountKey.allCases.map(\.rawValue)),
    profile: "account_key", usual: .words("iss-sub at the demo tenant, no accounts elsewhere"),
    "by what the application looks up the account at stage 10: iss-sub, sub or email")
  package static let scope = Setting(
    "--scope", "SCOPES", .request, flow, .text, profile: "scope",
    usual: .value("openid profile email"),
    suggests: .words(["openid", "openid profile email", "openid profile email offline_access"]),
    "separated by spaces")
  package static let audience = Setting(
    "--audience", "ID", .request, flow, .text, profile: "audience",
    "the API that the access token is for")
  package static let prompt = Setting(
    "--prompt", "VALUE", .request, flow, .text, profile: "prompt",
    suggests: .words(["none", "login", "consent", "select_account"]),
    "none, login, consent or select_account")
  package static let maxAge = Setting(
    "--max-age", "SECONDS", .request, flow, .seconds(0...315_360_000, usual: nil),
    profile: "max_age", "how old a sign-in may be")
  package static let acrValues = Setting(
    "--acr-values", "VALUES", .request, flow, .text, profile: "acr_values",
    "classes of authentication, best first")
  package static let loginHint = Setting(
    "--login-hint", "NAME", .request, flow, .text, profile: "login_hint",
    "the name for the login page")
  package static let uiLocales = Setting(
    "--ui-locales", "TAGS", .request, flow, .text, profile: "ui_locales",
    "languages for the pages, best first")
  package static let claims = Setting(
    "--claims", "JSON", .request, flow, .object, profile: "claims",
    "claims that are asked for one by one")
  package static let resources = Setting(
    "--resource", "URI", .request, flow, .texts, profile: "resources", repeatable: true,
    "what the access token is for (RFC 8707); may be repeated")
  package static let connection = Setting(
    "--connection", "NAME", .request, flow, .text, profile: "connection", "Auth0's connection")
  package static let organization = Setting(
    "--organization", "ID", .request, flow, .text, profile: "organization", "Auth0's organization")
  package static let parameters = Setting(
    "--param", "NAME=VALUE", .request, flow, .parameters, profile: "parameters", repeatable: true,
    "a further parameter; may be repeated")
  package static let par = Setting(
    "--par", .request, flow, profile: "par",
    "push the request to the provider first (RFC 9126); done unasked where it is demanded")
  package static let requestObject = Setting(
    "--request-object", .request, flow, profile: "request_object",
    "sign the request with the client key (RFC 9101)")
  package static let noPKCE = Setting(
    "--no-pkce", .request, flow.union([.lab]), given: false, profile: "pkce",
    "send no code challenge")
  package static let wrongVerifier = Setting(
    "--wrong-verifier", .request, login,
    "try whether the tenant enforces PKCE: send a wrong code verifier, which it must refuse")
  package static let exchangeAtOnce = Setting(
    "--exchange-at-once", .request, login, profile: "exchange_at_once",
    "run stages 6 to 8 as soon as the answer is trusted: the code cannot run out while you "
      + "explain stage 5")
  package static let signOnOnly = Setting(
    "--sign-on-only", .request, flow, profile: "sign_on_only", "end after stage 5")

  package static let clientAuth = Setting(
    "--client-auth", "METHOD", .client, flow,
    .choice(ConnectionReader.clientAuthentication.map(\.0)), profile: "client_auth",
    usual: .words("auto: what the provider prefers"),
    "auto, basic, post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth or none")
  /// Profiles only: on the command line it would be visible to others.
  package static let clientSecret = Setting(
    "", "ORIGIN", .client, [], .secret, profile: "client_secret",
    "where the client secret comes from: {\"env\": …}, {\"file\": …} or {\"command\": …}")

  package static let clientSecretFile = Setting(
    "--client-secret-file", "FILE", .client, flow, .file, "read the client secret from a file")
  package static let clientSecretCommand = Setting(
    "--client-secret-command", "COMMAND", .client, flow, .text,
    "read it from a command's output; run without a shell")
  package static let clientKey = Setting(
    "--client-key", "FILE", .client, flow, .file, profile: "client_key_file",
    "the client's private key, PEM or JWK, for private_key_jwt and signed requests")
  package static let clientKeyID = Setting(
    "--client-key-id", "KID", .client, flow, .text, profile: "client_key_id",
    usual: .words("the JWK's own, or its thumbprint"), "the kid under which the provider knows it")
  package static let clientKeyAlgorithm = Setting(
    "--client-key-alg", "ALG", .client, flow, .choice(ClientKeyFile.algorithms.map(\.rawValue)),
    profile: "client_key_alg", usual: .words("by the kind of key"), suggests: .words(asymmetric),
    "RS256, ES256, PS256 and others")
  package static let clientAssertionAudience = Setting(
    "--client-assertion-audience", "AUD", .client, flow, .text,
    profile: "client_assertion_audience", usual: .value("issuer"),
    suggests: .words(["issuer", "token-endpoint"]),
    "issuer, token-endpoint or a URL: the aud of private_key_jwt")
  package static let idTokenAlgorithm = Setting(
    "--id-token-alg", "ALG", .client, flow, .choice(SignatureAlgorithm.allCases.map(\.rawValue)),
    profile: "id_token_alg", usual: .value("RS256"), suggests: .words(asymmetric),
    "the algorithm that ID tokens must be signed with")

  package static let clockSkew = Setting(
    "--clock-skew", "SECONDS", .limits, flow.union([.decode]), .seconds(0...3600, usual: 60),
    profile: "clock_skew", "how far clocks may differ")
  package static let wait = Setting(
    "--wait", "SECONDS", .limits, login, .seconds(1...86_400, usual: 300), profile: "wait",
    "how long to wait for the answer")
  package static let timeout = Setting(
    "--timeout", "SECONDS", .limits, flow.union([.decode, .testApp]), .seconds(1...3600, usual: 15),
    profile: "timeout", "how long to wait for one response")

  package static let browser = Setting(
    "--browser", .browser, login.union([.testApp]),
    "use the real browser on the demo tenant as well; for test-app: Chromium without a window, so "
      + "that scripts run (in PATH: chromium, chromium-browser, google-chrome-stable or "
      + "google-chrome)")
  package static let noBrowser = Setting(
    "--no-browser", .browser, login, given: false, profile: "open_browser",
    "open no browser, only show the URL")
}

/// What concerns the program: no profile knows it.
extension Setting {
  private static let screen: Set<Subcommand> = [.explore, .replay, .drill, .workshop, .watch]
  private static let recorded: Set<Subcommand> = [.explore, .run, .lab, .replay, .testApp]
  private static let read: Set<Subcommand> = [.replay, .explore, .export]

  package static let json = Setting(
    "--json", .output,
    [.run, .check, .decode, .explain, .lab, .drill, .replay, .compare, .testApp, .watch],
    "one JSON object a line on standard output; for drill: the result to hand in")
  package static let reveal = Setting(
    "--reveal", .output, [.run, .decode, .replay, .export, .watch], "show secrets, codes and tokens"
  )
  package static let ascii = Setting(
    "--ascii", .output,
    flow.subtracting([.export]).union(
      [.decode, .lab, .drill, .workshop, .replay, .compare, .testApp, .watch]),
    "draw with ASCII characters only")
  package static let plain = Setting(
    "--plain", .output, flow.subtracting([.export]).union([.drill, .replay]),
    "the story of each stage in reading order, as headings and lists: for screen readers, pipes "
      + "and files")
  package static let full = Setting(
    "--full", .output, flow.subtracting([.export]).union([.replay]),
    "as --plain, with every message, token and check, and the lessons")
  package static let record = Setting(
    "--record", "FILE", .output, recorded, .file,
    "write the run to a new file while it goes on, secrets masked; 'hybrid-flow replay FILE' "
      + "plays it")
  package static let recordSecrets = Setting(
    "--record-secrets", .output, recorded,
    "keep every secret in the recording: never hand such a file on")
  package static let overwrite = Setting(
    "--overwrite", .output, recorded, "with --record: replace a file that is there")
  package static let junit = Setting(
    "--junit", "FILE", .output, [.run, .check, .lab, .testApp], .file,
    "write what passed and what failed as JUnit XML as well, secrets masked; a file that is there "
      + "is replaced")
  package static let theme = Setting(
    "--theme", "NAME|FILE", .output, screen.union([.export]), .text, suggests: .theme,
    "one of 'hybrid-flow theme list', or a file")
  package static let projector = Setting(
    "--projector", .output, screen, "the light theme with the strongest contrast")
  package static let present = Setting(
    "--present", .output, [.explore, .replay, .watch],
    "begin in presenter mode: secrets stay masked")
  package static let color = Setting(
    "--color", "WHEN", .output,
    screen.union([.run, .check, .decode, .explain, .lab, .testApp]), .text, usual: .value("auto"),
    suggests: .words(["auto", "always", "never", "16", "256"]), "auto, always, never, 16 or 256")
  package static let noMouse = Setting(
    "--no-mouse", .output, screen, "leave the mouse to the terminal; m takes it")
  package static let noQuery = Setting(
    "--no-query", .output, screen, "do not ask the terminal for its background colour")
  package static let list = Setting(
    "--list", .output, [.lab, .workshop, .replay, .testApp],
    "list the faults and what must catch each, and the harmless oddities that must pass, or those "
      + "that the words fit; for workshop: its entries; for replay: the recordings")
  package static let make = Setting(
    "--make", "FILE", .output, [.replay], .file,
    "make the recordings that come along anew and write them to a file")
  package static let loginNumber = Setting(
    "--login", "N", .output, read, .text, usual: .words("the only one"),
    "which login of a HAR; without it several are listed")
  package static let serverLog = Setting(
    "--server-log", "FILE", .output, read, .file,
    "a second HAR, of the server or of a proxy before it, for the stages that no browser sees")

  package static let format = Setting(
    "--format", "FORMAT", .export, [.export], .text, suggests: .format, ExportFormat.names)
  package static let output = Setting(
    "--output", "FILE", .export, [.export], .text, suggests: .folder,
    "where to write; a new file that only you can read; - is standard output, and so is "
      + "nothing. For svg, a folder with a slash at its end takes one picture a stage")
  package static let force = Setting(
    "--force", .export, [.export], "replace the file if it is there already")
  package static let size = Setting(
    "--size", "COLSxROWS", .export, [.export], .text, usual: .value(usualSize),
    suggests: .words([usualSize, "80x24", "200x50"]), "the size of the screen for asciicast and svg"
  )

  private static let usualSize = "\(ExportFormat.usualColumns)x\(ExportFormat.usualRows)"

  package static let lab = Setting(
    "--lab", "FAULT", .lab, [.explore, .export], .text, suggests: .fault,
    "commit this fault on the demo tenant, as 'hybrid-flow lab' does: the explorer stands where "
      + "it is caught, export hands that run on")
  package static let all = Setting(
    "--all", .lab, [.lab], "commit every fault, and run every harmless oddity, without sockets")
  package static let withoutCheck = Setting(
    "--without-check", "ID", .lab, [.lab, .export], .text, repeatable: true, suggests: .check,
    "let the run go on although this check fails; on the demo tenant only")
  package static let seed = Setting(
    "--seed", "N", .lab, [.drill], .text, usual: .words("another one each time"),
    "what the rounds are chosen by: the same number gives everybody the same rounds")
  package static let count = Setting(
    "--count", "N", .lab, [.drill], .text, usual: .value("10"), "how many rounds")

  package static let notes = Setting(
    "--notes", .workshop, [.workshop],
    "show the teacher's notes and the clock, and follow the workshop that is given in another "
      + "terminal")
  package static let script = Setting(
    "--script", "FILE", .workshop, [.workshop], .file, usual: .words("the built-in list"),
    "a list of your own, in JSON")
  package static let printScript = Setting(
    "--print-script", .workshop, [.workshop], "print the built-in list, to be changed")
  package static let handout = Setting(
    "--handout", "DIR", .workshop, [.workshop], .text, suggests: .folder,
    "write a page with the questions into a folder, as HTML and as Markdown")
  package static let answers = Setting(
    "--answers", .workshop, [.workshop], "with --handout: the answers too")

  package static let port = Setting(
    "--port", "N", .tenant, [.tenant, .testApp, .watch], .text, usual: .value("9000"),
    "the port to listen at; 0 takes a free one")
  package static let bind = Setting(
    "--bind", "ADDRESS", .tenant, [.tenant, .testApp, .watch], .text,
    usual: .words("localhost, both families"),
    suggests: .words(["localhost", "127.0.0.1", "::1"]), "the address to listen at")
  package static let expose = Setting(
    "--expose", .tenant, [.tenant, .testApp, .watch],
    "allow a --bind address that others on the network can reach: by that address, or by the name "
      + "in --issuer")
  package static let settings = Setting(
    "--settings", "FILE", .tenant, [.tenant, .testApp, .watch], .file, "all of it from a JSON file")

  package static let help = Setting(
    "--help", .general, Set(Subcommand.allCases), "show this help")
  package static let version = Setting(
    "--version", .general, Set(Subcommand.allCases), "show the version")
}
