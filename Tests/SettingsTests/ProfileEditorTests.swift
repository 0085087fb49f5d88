import Foundation
import Network
import OpenID
import Presentation
import Testing

@testable import Explorer
@testable import Settings
@testable import Platform
@testable import HybridFlow

/// From profiles to forms and back, and what is said while a form is filled in.
@Suite struct ProfileEditorTests {
  private func controller(_ home: TestHome, _ more: [String: String] = [:]) throws
    -> ConnectionController
  {
    let given = try Invocation.parse(["explore"])
    let environment = home.environment.merging(more) { _, new in new }
    let started = try Connection.read(
      given, secrets: ClientSecretSource(environment: [:]), needsSecret: false)
    return ConnectionController(
      given: given, started: started, environment: environment, loop: PollLoop())
  }

  private func filled(_ form: ProfileForm, _ values: [String: String]) -> ProfileForm {
    var form = form
    for index in form.rows.indices {
      if let value = values[form.rows[index].id] { form.rows[index].value = value }
    }
    return form
  }

  @Test func `every setting has its row, and only there`() throws {
    let form = try controller(TestHome()).form(of: nil)
    let ids = form.rows.map(\.id).filter { !$0.contains(".") && $0 != "name" }
    #expect(Set(ids) == Set(Setting.profileSettings.compactMap(\.profileKey)))
    #expect(ids.count == Setting.profileSettings.count)
    for row in form.rows {
      #expect(!row.help.isEmpty && !row.help.contains("--client-id"), "\(row.id): \(row.help)")
    }
    let sections = form.rows.map(\.section)
    let runs = zip(sections, sections.dropFirst()).count { $0 != $1 } + 1
    #expect(runs == Set(sections).count, "each heading stands once")
  }

  @Test func `a profile that is opened and saved is the same`() throws {
    let home = try TestHome(ProfileTests.work)
    let controller = try controller(home, ["WORK_SECRET": "s"])
    let form = try controller.form(of: "work")
    #expect(!form.isChanged && form.fault == nil, "\(String(describing: form.fault))")
    #expect(try controller.profile(form) == home.settings.read().profile("work"))
  }

  @Test func `a name that is shown in another way is not changed by that`() throws {
    let home = try TestHome("{\"profiles\": {\"e\u{202E}\": {\"client_id\": \"a\"}}}")
    let controller = try controller(home)
    let form = filled(try controller.form(of: "e\u{202E}"), ["client_id": "b"])
    #expect(form.value("name") == "e\u{27E8}U+202E\u{27E9}")
    #expect(try controller.profile(form).name.unicodeScalars.map(\.value) == [0x65, 0x202E])
  }

  @Test func `what others changed in the file meanwhile is kept, and nothing is lost with it`()
    throws
  {
    let home = try TestHome(
      "{\"profiles\": {\"p\": {\"client_id\": \"a\", \"issuer\": \"https://t.example/\"}}}")
    let controller = try controller(home)
    let form = filled(try controller.form(of: "p"), ["client_id": "b"])
    try home.settings.save(
      try Profile(name: "p", json: ["issuer": "https://t.example/", "max_age": 5]))
    #expect(
      try controller.profile(form).json
        == ["issuer": "https://t.example/", "max_age": 5, "client_id": "b"])
    try home.settings.remove(profile: "p")
    #expect(
      try controller.profile(form).json == ["client_id": "b", "issuer": "https://t.example/"])
  }

  /// What is typed for each setting, and what stands in the file then.
  static let typed: [(String, String, JSONValue)] = [
    ("issuer", "https://t.example/", "https://t.example/"),
    ("client_id", "web", "web"), ("max_age", "600", 600), ("pkce", "false", false),
    ("par", "true", true),
    ("resources", "https://a.example urn:b", ["https://a.example", "urn:b"]),
    ("claims", "{\"userinfo\": {\"email\": null}}", ["userinfo": ["email": .null]]),
    ("parameters", "a=1&b=x%26y", ["a": "1", "b": "x&y"]),
    ("response_type", "code token", "code token"), ("client_key_file", "k.pem", "k.pem"),
    ("open_browser", "false", false), ("scope", "openid email", "openid email"),
  ]

  @Test(arguments: typed)
  func `what is typed is written as its kind`(
    _ name: String, _ text: String, _ expected: JSONValue
  ) throws {
    let home = try TestHome()
    let controller = try controller(home)
    let form = filled(try controller.form(of: nil), ["name": "new", name: text])
    let profile = try controller.profile(form)
    #expect(profile.json == .object([JSONMember(name, expected)]))
    try home.settings.save(profile)
    // Emptied, it is gone again.
    let emptied = filled(try controller.form(of: "new"), [name: ""])
    #expect(try controller.profile(emptied).json == .object([]))
    // Read again, it says the same.
    let again = try controller.form(of: "new")
    #expect(try controller.profile(again) == profile)
  }

  /// What is wrong while it is typed, at which row, and whether the file would not take it.
  static let faults: [([String: String], String, String, Bool)] = [
    (["max_age": "soon"], "max_age", "max_age is a whole number, not a text", true),
    (["claims": "{"], "claims", "claims is not JSON", true),
    (["claims": "[]"], "claims", "claims is a JSON object, not an array", true),
    (["parameters": "a=%zz"], "parameters", "NAME=VALUE", true),
    (["name": "a b"], "name", "no usable name", true),
    (["name": "taken"], "name", "already", true),
    (["client_secret": "env"], "client_secret.value", "client_secret.env is a text", true),
    (
      ["client_secret": "value", "client_secret.value": "hunter2"],
      "client_secret.i_know_this_is_readable", "holds the secret itself", true
    ),
    (["issuer": "ftp://x"], "issuer", "does not begin with https://", false),
    (["issuer": "http://far.example/"], "issuer", "plain http is for this machine only", false),
    (["issuer": ""], "issuer", "it is the demo tenant", false),
    (["client_id": ""], "client_id", "Name the client_id", false),
    (["redirect_uri": "http://x.example/cb"], "redirect_uri", "this machine", false),
    (["redirect_uri": "https://x.example/cb#x"], "redirect_uri", "has no #", false),
    (["allow_http": "http://x.example"], "allow_http", "alone", false),
    (["prompt": "none login"], "prompt", "none stands alone", false),
    (["ca": "/no/such/file"], "ca", "No such file", false),
    (["issuer": "", "preset": "auth0"], "domain", "Auth0 needs domain, such as", false),
    (["issuer": "", "preset": "keycloak", "domain": "h"], "realm", "Keycloak needs realm", false),
    (["preset": "google"], "issuer", "exclude each other", false),
    (["client_auth": "private_key_jwt"], "client_auth", "needs client_key_file", false),
    (
      ["client_auth": "none", "client_secret": "env", "client_secret.value": "X"],
      "client_secret", "without a secret", false
    ),
  ]

  @Test(arguments: faults)
  func `what is wrong is said at once, at its row, in the words of the form`(
    _ values: [String: String], _ row: String, _ text: String, _ isStrict: Bool
  ) throws {
    let home = try TestHome("{\"profiles\": {\"taken\": {}}}")
    let controller = try controller(home)
    let usual = ["name": "new", "issuer": "https://t.example/", "client_id": "web"]
    let form = controller.judged(
      filled(try controller.form(of: nil), usual.merging(values) { _, new in new }),
      readsFiles: true)
    let fault = try #require(form.fault)
    #expect(fault.message.contains(text), "\(fault.message)")
    #expect(fault.row == row, "\(fault.message)")
    #expect(fault.isStrict == isStrict)
    #expect(!fault.message.contains("--client-id") && !fault.message.contains("hunter2"))
  }

  @Test func `no file is read while a person types, but when a field is left`() throws {
    let home = try TestHome(
      """
      {"profiles": {"p": {"issuer": "https://t.example/", "client_id": "w", "ca": "ca.pem"}}}
      """)
    let file = home.file.replacingOccurrences(of: "settings.json", with: "ca.pem")
    try home.write("", to: file)
    let controller = try controller(home)
    var form = try controller.form(of: "p")
    #expect(form.fault == nil)
    // From now on, whoever reads finds nothing.
    for path in [file, home.file] { try FileManager.default.removeItem(atPath: path) }
    for text in ["a", "ap", "api"] {
      form = controller.judged(filled(form, ["audience": text]))
      #expect(form.fault == nil, "\(text)")
    }
    form = controller.judged(form, readsFiles: true)
    #expect(form.fault?.row == "ca")
    // What was found is remembered as long as the same file is named.
    form = controller.judged(filled(form, ["audience": "apis"]))
    #expect(form.fault?.row == "ca")
    form = controller.judged(filled(form, ["ca": "other.pem"]))
    #expect(form.fault == nil)
  }

  @Test func `a preset asks for what it needs and says the issuer it makes`() throws {
    let controller = try controller(TestHome())
    var form = controller.judged(filled(try controller.form(of: nil), ["preset": "keycloak"]))
    let shown = form.rows.filter(\.isShown).map(\.id)
    #expect(shown.contains("domain") && shown.contains("realm") && !shown.contains("tenant"))
    form = controller.judged(
      filled(form, ["name": "k", "domain": "sso.example", "realm": "r", "client_id": "web"]))
    #expect(form.rows.first { $0.id == "issuer" }?.placeholder == "https://sso.example/realms/r")
    #expect(form.rows.first { $0.id == "scope" }?.placeholder == "openid profile email")
    #expect(form.fault == nil && form.notes.contains { $0.contains("Standard flow on") })
    let connection = try controller.prepare(controller.profile(form)).connection
    #expect(connection.configuration.issuer.text == "https://sso.example/realms/r")
  }

  @Test func `every choice is one that the connection takes`() throws {
    let controller = try controller(TestHome())
    for setting in Setting.profileSettings {
      guard case .choice(let choices) = setting.kind, let name = setting.profileKey,
        setting != .preset
      else { continue }
      for choice in choices {
        let profile = try Profile(
          name: "p",
          json: .object([
            JSONMember("issuer", "https://t.example/"), JSONMember("client_id", "web"),
            JSONMember(name, .string(choice)),
          ]))
        do throws(UsageError) {
          _ = try controller.prepare(profile)
        } catch {
          // Some want a key beside them; none is unknown.
          let wanted = ["--client-key", "--client-cert"]
          #expect(wanted.contains { error.message.contains($0) }, "\(error.message)")
        }
      }
    }
  }

  @Test func `a variable that is there is taken for a new profile, and its value shown nowhere`()
    throws
  {
    let controller = try controller(TestHome(), [ClientSecretSource.variable: "canary"])
    let form = try controller.form(of: nil)
    #expect(form.value("client_secret") == "env")
    #expect(form.value("client_secret.value") == ClientSecretSource.variable)
    #expect(!form.isChanged, "nothing was typed")
    #expect(!form.rows.contains { $0.value.contains("canary") || $0.help.contains("canary") })
  }

  @Test func `a literal secret is masked, and stays as it is when it is not touched`() throws {
    let home = try TestHome(
      """
      {"profiles": {"v": {"issuer": "https://t.example/", "client_id": "web", "client_secret":
        {"value": "hunter2", "i_know_this_is_readable": true}}}}
      """)
    let controller = try controller(home)
    var form = try controller.form(of: "v")
    #expect(form.rows.first { $0.id == "client_secret.value" }?.kind == .secret)
    form = filled(form, ["client_id": "other"])
    #expect(try controller.profile(form).clientSecret == .value(Secret("hunter2")))
    let list = controller.list()
    #expect(!list.entries.contains { $0.secret.contains("hunter2") })
    #expect(list.entries.last?.secret == "in the settings file itself")
  }

  // MARK: The list

  @Test func `the list tells where each secret comes from, and what cannot be used`() throws {
    let home = try TestHome(
      """
      {"profiles": {
        "env": {"issuer": "https://t.example/", "client_id": "w", "client_secret": {"env": "E"}},
        "command": {"issuer": "https://t.example/", "client_id": "w",
                    "client_secret": {"command": "pass show private/thing"}},
        "asked": {"issuer": "https://t.example/", "client_id": "w"},
        "public": {"issuer": "https://t.example/", "client_id": "w", "client_auth": "none"},
        "bad": {"issuer": "https://t.example/"}
      }}
      """)
    let list = try controller(home).list()
    #expect(list.fault == nil && list.inUse == .demo)
    #expect(
      list.entries.map(\.secret) == [
        "made anew with each start", "from the variable E", "from the command pass",
        "asked for each time", "none: a public client", "",
      ])
    #expect(list.entries.last?.fault?.contains("--client-id") == true)
  }

  @Test func `broken settings are told, and the demo tenant stays`() throws {
    let home = try TestHome("{\"profiles\": {\"work\": {\"client_idd\": \"x\"}}}")
    let controller = try controller(home)
    let list = controller.list()
    #expect(list.entries.map(\.id) == [.demo])
    let fault = try #require(list.fault)
    #expect(fault.contains("settings.json") && fault.contains("Did you mean client_id?"))
    #expect(throws: UsageError.self) { try controller.form(of: nil) }
  }

  @Test func `the explorer starts without settings that cannot be read, but not without a profile`()
    throws
  {
    let home = try TestHome("{\"theme\": 1}")
    let plain = try Invocation.parse(["explore"]).completedForExplorer(by: home.settings)
    #expect(plain.complaint?.contains("theme is a text") == true)
    #expect(plain.keys.isEmpty)
    #expect(throws: UsageError.self) {
      try Invocation.parse(["explore", "--profile", "x"]).completedForExplorer(by: home.settings)
    }
  }

  @Test func `which one is in use at the start follows from the command line`() throws {
    let home = try TestHome(
      "{\"profiles\": {\"w\": {\"issuer\": \"https://t.example/\", \"client_id\": \"w\"}}}")
    for (arguments, expected) in [
      ([], ConnectionID.demo), (["--response-type", "code token"], .demo),
      (["--profile", "w"], .profile("w")), (["--profile", "w", "--timeout", "3"], .profile("w")),
      (["--profile", "w", "--scope", "openid"], .commandLine),
      (["--issuer", "https://t.example/", "--client-id", "x"], .commandLine),
    ] {
      let given = try Invocation.parse(["explore"] + arguments)
      let started = try Connection.read(
        given, secrets: ClientSecretSource(environment: home.environment), needsSecret: false)
      let controller = ConnectionController(
        given: given, started: started, environment: home.environment, loop: PollLoop())
      #expect(controller.inUse == expected, "\(arguments)")
      #expect(controller.list().entries.contains { $0.id == expected }, "\(arguments)")
    }
  }
}
