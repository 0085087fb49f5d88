import Network
import Testing

@testable import Explorer
@testable import Session
@testable import Settings
@testable import Presentation

/// Which variables are withheld from the programs that are started.
struct SecretVariablesTests {
  private static let canaries = Dictionary(
    uniqueKeysWithValues: ["HYBRID_FLOW_CLIENT_SECRET", "A", "B", "C", "FORM", "FO"]
      .map { ($0, "canary-\($0)") })

  /// The canaries that a child still gets.
  private func left(_ variables: SecretVariables, _ home: TestHome) -> String {
    let own = home.environment.merging(Self.canaries) { $1 }
    let given = variables.childEnvironment(of: own).variables
    return given.keys.filter { Self.canaries[$0] != nil }.sorted().joined(separator: " ")
  }

  @Test(arguments: [
    (nil, "A B C FO FORM"), ("{", "A B C FO FORM"), ("[]", "A B C FO FORM"),
    (#"{"profiles": {"x": {"client_secret": {"env": "A"}}}}"#, "B C FO FORM"),
    (
      #"{"what": 1, "profiles": {"x": {"client_secret": {"env": "A", "file": "f"}}, "y": 1,"#
        + #" "z": {"client_secret": {"env": 7}}, "w": {"client_secret": {"env": "B"}}}}"#,
      "C FO FORM"
    ),
  ])
  func `those of all profiles, whatever else is wrong with the settings`(
    settings: String?, expected: String
  ) throws {
    #expect(left(SecretVariables(), try TestHome(settings)) == expected)
  }

  @Test func `a profile that is gone leaves its variable withheld, and one that comes counts`()
    throws
  {
    let home = try TestHome(#"{"profiles": {"x": {"client_secret": {"env": "A"}}}}"#)
    let variables = SecretVariables()
    #expect(left(variables, home) == "B C FO FORM")
    try home.write(#"{"profiles": {"y": {"client_secret": {"env": "B"}}}}"#, to: home.file)
    #expect(left(variables, home) == "C FO FORM")
  }

  @Test func `the one in a form, as it stands there now`() throws {
    let home = try TestHome()
    let source = ClientSecretSource(environment: home.environment)
    let given = try Invocation.parse(["explore"])
    let controller = ConnectionController(
      given: given, started: try Connection.read(given, secrets: source),
      environment: home.environment, loop: PollLoop())
    #expect(left(source.variables, home) == "A B C FO FORM")
    var form = try controller.form(of: nil)
    for (text, expected) in [("FO", "A B C FORM"), ("FORM", "A B C FO")] {
      for index in form.rows.indices {
        if form.rows[index].id == ProfileEditor.secretID { form.rows[index].value = "env" }
        if form.rows[index].id == ProfileEditor.secretValueID { form.rows[index].value = text }
      }
      form = controller.judged(form)
      #expect(left(source.variables, home) == expected)
    }
  }
}
