import Foundation
import OpenID
import Testing

@testable import Settings
@testable import Platform
@testable import HybridFlow

@Suite struct SettingsFileTests {
  @Test func `a file that is not there says nothing`() throws {
    #expect(try TestHome().settings.read() == Settings())
  }

  @Test func `relative folders of the environment are ignored`() {
    let file = SettingsFile(environment: ["HOME": "/home/ada", "XDG_CONFIG_HOME": "config"])
    #expect(file.path == "/home/ada/.config/hybrid-flow/settings.json")
    let other = SettingsFile(environment: ["HOME": "/home/ada", "XDG_CONFIG_HOME": "/etc/x"])
    #expect(other.path == "/etc/x/hybrid-flow/settings.json")
  }

  @Test func `the looks are read`() throws {
    let home = try TestHome(
      """
      {"theme": "nord", "glyphs": "ascii", "mouse": false, "color": 256,
       "keys": {"quit": "x", "help": ["h", "F2"]}}
      """)
    let settings = try home.settings.read()
    #expect(settings.theme == "nord")
    #expect(settings.glyphs == "ascii")
    #expect(settings.mouse == false)
    #expect(settings.color == "256")
    #expect(settings.keys.map(\.command) == ["quit", "help"])
    #expect(settings.keys.map(\.keys) == [["x"], ["h", "F2"]])
    let explore = try Invocation.parse(["explore", "--theme", "projector-light"])
      .completed(by: home.settings)
    #expect(explore[.theme] == "projector-light", "the command line wins")
    #expect(explore[.color] == "256")
    #expect(explore.has(.ascii))
  }

  @Test(arguments: [
    ("{\"themes\": \"nord\"}", "themes is no setting. Did you mean theme?"),
    ("{\"theme\": 3}", "theme is a text, not a number"),
    ("{\"glyphs\": \"emoji\"}", "glyphs is one of unicode, ascii"),
    ("{\"mouse\": \"yes\"}", "mouse is true or false, not a text"),
    ("{\"keys\": {\"quit\": []}}", "keys.quit is a key or an array of keys"),
    ("[]", "it is a JSON object, not an array"),
    ("{\"theme\": \"nord\"", "it is not JSON"),
    ("{\"theme\": \"a\", \"theme\": \"b\"}", "the name theme twice"),
    ("{\"profiles\": []}", "profiles is a JSON object, not an array"),
    (
      "{\"profiles\": {\"work\": {\"client_idd\": \"x\"}}}",
      "profiles.work.client_idd is no setting. Did you mean client_id?"
    ),
    ("{\"profiles\": {\"work\": {\"max_age\": \"1\"}}}", "profiles.work.max_age is a whole number"),
    ("{\"profiles\": {\"work\": {\"pkce\": 1}}}", "profiles.work.pkce is true or false"),
    (
      "{\"profiles\": {\"work\": {\"parameters\": {\"a\": 1}}}}",
      "profiles.work.parameters.a is a text, not a number"
    ),
    ("{\"profiles\": {\"a b\": {}}}", "profiles.a b has no usable name"),
    (
      "{\"profiles\": {\"work\": {\"client_secret\": \"hunter2\"}}}",
      "profiles.work.client_secret is not the secret itself"
    ),
    (
      "{\"profiles\": {\"work\": {\"client_secret\": {\"value\": \"hunter2\"}}}}",
      "i_know_this_is_readable"
    ),
    (
      "{\"profiles\": {\"work\": {\"client_secret\": {\"env\": \"A\", \"file\": \"b\"}}}}",
      "profiles.work.client_secret names one of env, file and command"
    ),
    (
      "{\"profiles\": {\"work\": {\"client_secret\": {\"fill\": \"b\"}}}}",
      "profiles.work.client_secret.fill is no setting. Did you mean file?"
    ),
  ])
  func `what is wrong is named with its place, and never a secret`(
    _ text: String, _ expected: String
  ) throws {
    let home = try TestHome(text)
    do throws(UsageError) {
      _ = try home.settings.read()
      Issue.record("it was taken: \(text)")
    } catch {
      #expect(error.message.contains(expected), "\(error.message)")
      #expect(error.message.contains(home.file), "\(error.message)")
      #expect(!error.message.contains("hunter2"))
    }
  }

  @Test func `a file beyond the limit is not read`() throws {
    let home = try TestHome("{\"theme\": \"" + String(repeating: "x", count: 1_100_000) + "\"}")
    #expect(throws: UsageError.self) { try home.settings.read() }
  }

  @Test(arguments: [(0o600, true), (0o640, false), (0o644, false)])
  func `a secret in the file wants a file that is private`(_ mode: Int, _ taken: Bool) throws {
    let text = """
      {"profiles": {"work": {"issuer": "https://i.example", "client_id": "web",
       "client_secret": {"value": "hunter2", "i_know_this_is_readable": true}}}}
      """
    let home = try TestHome(text, mode: mode)
    let complaint = try home.complaint("--profile", "work")
    #expect((complaint == nil) == taken, "\(complaint ?? "")")
    if !taken { #expect(complaint?.contains("chmod 600") == true) }
    if taken {
      #expect(
        try home.connection("--profile", "work").configuration.clientSecret == Secret("hunter2"))
    }
  }

  // MARK: Writing

  @Test func `a profile is added without disturbing what else stands there`() throws {
    let home = try TestHome(
      """
      {"profiles": {"b": {"issuer": "https://b.example"}, "a": {"max_age": 1.0e1}},
       "theme": "nord"}
      """, mode: 0o644)
    let profile = try Profile(name: "new", json: ["client_id": "web"])
    try home.settings.save(profile)
    #expect(
      try home.read() == """
        {
          "profiles": {
            "b": {
              "issuer": "https://b.example"
            },
            "a": {
              "max_age": 1.0e1
            },
            "new": {
              "client_id": "web"
            }
          },
          "theme": "nord"
        }

        """)
    let attributes = try FileManager.default.attributesOfItem(atPath: home.file)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    var edited = try #require(try home.settings.read().profile("b"))
    try edited.set("client_id", "other")
    try home.settings.save(edited)
    #expect(try home.settings.read().profiles.map(\.name) == ["b", "a", "new"])
    #expect(try home.settings.read().profile("b") == edited)
    try home.settings.remove(profile: "a")
    #expect(try home.settings.read().profiles.map(\.name) == ["b", "new"])
    #expect(throws: UsageError.self) { try home.settings.remove(profile: "a") }
    let left = try FileManager.default.contentsOfDirectory(
      atPath: home.folder + "/config/hybrid-flow")
    #expect(left == ["settings.json"], "nothing temporary is left behind")
  }

  @Test func `folders are made, links stay links, and a broken file is left alone`() throws {
    let fresh = try TestHome()
    try FileManager.default.removeItem(atPath: fresh.folder + "/config")
    try fresh.settings.save(try Profile(name: "one", json: ["client_id": "web"]))
    #expect(try fresh.settings.read().profiles.map(\.name) == ["one"])

    let linked = try TestHome()
    let target = linked.folder + "/dotfiles.json"
    try linked.write("{}", to: target)
    try FileManager.default.createSymbolicLink(
      atPath: linked.file, withDestinationPath: target)
    try linked.settings.save(try Profile(name: "one", json: ["client_id": "web"]))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: linked.file) == target)
    #expect(try linked.settings.read().profiles.map(\.name) == ["one"])

    let broken = try TestHome("{\"theme\": 1}")
    #expect(throws: UsageError.self) {
      try broken.settings.save(try Profile(name: "one", json: ["client_id": "web"]))
    }
    #expect(try broken.read() == "{\"theme\": 1}")
  }

  @Test func `an edit that does not fit changes nothing`() throws {
    var profile = try Profile(name: "one", json: ["client_id": "web"])
    #expect(throws: UsageError.self) { try profile.set("client_id", 1) }
    #expect(throws: UsageError.self) { try profile.set("client_idd", "x") }
    #expect(profile.json == ["client_id": "web"])
    try profile.set("client_id", nil)
    #expect(profile.json == .object([]))
  }
}
