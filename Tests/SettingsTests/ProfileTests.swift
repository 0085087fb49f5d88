import OpenID
import Testing

@testable import Settings
@testable import HybridFlow

@Suite struct ProfileTests {
  static let work = """
    {"profiles": {"work": {
      "issuer": "https://tenant.example/", "client_id": "web",
      "client_secret": {"env": "WORK_SECRET"}, "client_auth": "post",
      "redirect_uri": "http://localhost:4000/cb", "response_type": "code id_token token",
      "response_mode": "form_post", "scope": "openid email", "audience": "https://api.example",
      "resources": ["https://r1.example", "urn:r2"], "api": "https://api.example/v1",
      "userinfo": true, "max_age": 600, "acr_values": "gold", "ui_locales": "de en",
      "login_hint": "ada", "prompt": "login", "claims": {"userinfo": {"email": null}},
      "parameters": {"a": "1", "b": "2"}, "pkce": false, "par": true, "clock_skew": 5,
      "wait": 10, "timeout": 3, "open_browser": false, "id_token_alg": "ES256",
      "exchange_at_once": true
    }}}
    """

  @Test func `every setting of a profile reaches the connection`() throws {
    let home = try TestHome(Self.work)
    let connection = try home.connection("--profile", "work", more: ["WORK_SECRET": "s3cret"])
    let configuration = connection.configuration
    #expect(!connection.isDemo)
    #expect(configuration.issuer.text == "https://tenant.example/")
    #expect(configuration.clientID == "web")
    #expect(configuration.clientSecret == Secret("s3cret"))
    #expect(configuration.clientAuthentication == .post)
    #expect(configuration.redirectURI.text == "http://localhost:4000/cb")
    #expect(configuration.responseType == .codeIDTokenToken)
    #expect(configuration.scope == ["openid", "email"])
    #expect(configuration.audience == "https://api.example")
    #expect(configuration.resources == ["https://r1.example", "urn:r2"])
    #expect(configuration.apiURL?.text == "https://api.example/v1")
    #expect(configuration.alsoUserinfo)
    #expect(configuration.maxAgeSeconds == 600)
    #expect(!configuration.usesPKCE)
    #expect(configuration.exchangesAtOnce)
    #expect(configuration.pushesRequest == .always)
    #expect(configuration.clockSkewSeconds == 5)
    #expect(configuration.callbackWaitSeconds == 10)
    #expect(configuration.idTokenAlgorithm == .es256)
    #expect(connection.session.timeoutSeconds == 3)
    #expect(!connection.session.opensBrowser)
    #expect(
      configuration.extraParameters == [
        FormField("prompt", "login"), FormField("acr_values", "gold"),
        FormField("login_hint", "ada"), FormField("ui_locales", "de en"),
        FormField("claims", "{\"userinfo\":{\"email\":null}}"), FormField("a", "1"),
        FormField("b", "2"),
      ])
  }

  @Test func `the command line wins`() throws {
    let home = try TestHome(Self.work)
    let connection = try home.connection(
      "--profile", "work", "--client-id", "other", "--scope", "openid", "--param", "b=3",
      "--max-age", "1", more: ["WORK_SECRET": "s"])
    #expect(connection.configuration.clientID == "other")
    #expect(connection.configuration.scope == ["openid"])
    #expect(connection.configuration.maxAgeSeconds == 1)
    #expect(
      connection.configuration.extraParameters.suffix(2)
        == [FormField("a", "1"), FormField("b", "3")])
    let elsewhere = try home.connection(
      "--profile", "work", "--preset", "google", "--client-auth", "none",
      more: ["WORK_SECRET": "s"])
    #expect(elsewhere.configuration.issuer.text == "https://accounts.google.com")
  }

  @Test func `a value of a profile is complained about at its place`() throws {
    let home = try TestHome(
      """
      {"profiles": {
        "bad": {"issuer": "ftp://x", "client_id": "web"},
        "mode": {"issuer": "https://x.example", "client_id": "web", "response_mode": "jwt.form"},
        "dark": {"issuer": "https://x.example", "client_id": "web",
                 "client_secret": {"env": "NOT_SET"}}
      }}
      """)
    #expect(
      try home.complaint("--profile", "bad")?.contains("profiles.bad.issuer ftp://x") == true)
    #expect(
      try home.complaint("--profile", "mode")?.contains("profiles.mode.response_mode jwt.form")
        == true)
    #expect(
      try home.complaint("--profile", "dark")?
        .contains("profiles.dark.client_secret: the variable NOT_SET is empty") == true)
    let missing = try home.complaint("--profile", "darc")
    #expect(missing?.contains("Did you mean dark?") == true)
    #expect(missing?.contains(home.file) == true)
  }

  @Test func `secrets come from files beside the settings and from commands`() throws {
    let home = try TestHome(
      """
      {"profiles": {
        "file": {"issuer": "https://x.example", "client_id": "w",
                 "client_secret": {"file": "secret.txt"}},
        "home": {"issuer": "https://x.example", "client_id": "w",
                 "client_secret": {"file": "~/at-home.txt"}},
        "command": {"issuer": "https://x.example", "client_id": "w",
                    "client_secret": {"command": "printf 'from a command'"}}
      }}
      """)
    try home.write("beside\n", to: home.folder + "/config/hybrid-flow/secret.txt")
    try home.write("at home\n", to: home.folder + "/at-home.txt")
    let path = ["PATH": "/usr/bin:/bin"]
    for (name, secret) in [
      ("file", "beside"), ("home", "at home"), ("command", "from a command"),
    ] {
      let connection = try home.connection("--profile", name, more: path)
      #expect(connection.configuration.clientSecret == Secret(secret), "\(name)")
    }
    let other = home.folder + "/other.txt"
    try home.write("given", to: other)
    let given = try home.connection("--profile", "file", "--client-secret-file", other)
    #expect(given.configuration.clientSecret == Secret("given"))
  }

  @Test func `each setting stands for an option that there is`() {
    for setting in Setting.profileSettings {
      #expect(setting.kind == .secret || Setting.options.contains(setting), "\(setting.name)")
      #expect(setting.profileKey != nil && !setting.help.isEmpty, "\(setting.name)")
    }
    for list in [Setting.options.map(\.name), Setting.profileSettings.compactMap(\.profileKey)] {
      #expect(Set(list).count == list.count)
    }
  }
}
