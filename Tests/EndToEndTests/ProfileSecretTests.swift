import Foundation
import Testing

extension EndToEnd {
  /// A profile's secret and another provider on the command line.
  @Suite(.serialized, Person.isNeeded)
  struct ProfileSecretTests {
    private let tenant: RunningTenant
    private let home: TemporaryFolder
    private let environment: [String: String]
    private static let canary = "canary-of-the-profile-71c2"

    init() async throws {
      tenant = try await RunningTenant()
      home = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: "\(home.path)/hybrid-flow", withIntermediateDirectories: false)
      _ = try home.write(Self.canary, to: "hybrid-flow/secret")
      _ = try home.write(
        """
        {"profiles": {"own": {"issuer": "https://own.example/", "client_id": "\(Registration.id)",
          "client_secret": {"file": "secret"}, "redirect_uri": "\(tenant.client.redirectURI)"}}}
        """, to: "hybrid-flow/settings.json")
      environment = try Person.environment(
        secret: tenant.client.secret, more: ["XDG_CONFIG_HOME": home.path], in: tenant.folder)
    }

    @Test(.timeLimit(.minutes(1)))
    func `without another secret it ends with 2, says why, and asks nobody anything`() async throws
    {
      var environment = environment
      environment["HYBRID_FLOW_CLIENT_SECRET"] = nil
      let program = try RunningProgram(
        Place.program, ["run", "--profile", "own", "--issuer", tenant.issuer],
        environment: environment)
      #expect(try await program.end(within: 10) == .exit(2))
      #expect(program.output == "")
      #expect(program.errors.contains("its client secret and key are not used"))
      #expect(program.errors.contains("https://own.example/"))
      #expect(program.errors.contains(tenant.issuer))
      #expect(!program.errors.contains(Self.canary))
      #expect(program.errors.split(separator: "\n").count == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `with another secret the run is warned about, and the profile's is in no message`()
      async throws
    {
      let program = try RunningProgram(
        Place.program,
        ["run", "--json", "--reveal", "--profile", "own", "--issuer", tenant.issuer],
        environment: environment)
      #expect(try await program.end(within: 30) == .exit(0), "\(program.errors)")
      #expect(program.errors.contains("its client secret and key are not used"))
      // Everything that was sent stands here, the secret that was used among it.
      let sent = program.output + program.errors
      let basic = Data("\(Registration.id):\(tenant.client.secret)".utf8).base64EncodedString()
      let wrong = Data("\(Registration.id):\(Self.canary)".utf8).base64EncodedString()
      #expect(sent.contains(basic))
      #expect(!sent.contains(Self.canary) && !sent.contains(wrong))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a check goes on with a warning`() async throws {
      var environment = environment
      environment["HYBRID_FLOW_CLIENT_SECRET"] = nil
      let program = try RunningProgram(
        Place.program, ["check", "--profile", "own", "--issuer", tenant.issuer],
        environment: environment)
      #expect(try await program.end(within: 20) == .exit(0), "\(program.output)")
      #expect(program.errors.contains("its client secret and key are not used"))
      #expect(program.output.contains("Nothing here keeps a login from working"))
    }
  }
}
