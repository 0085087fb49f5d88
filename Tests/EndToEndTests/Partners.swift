import Foundation
import OpenID
import TestSupport
import Testing

/// The suites that start processes: one test at a time, for the sake of their deadlines.
@Suite(.serialized) struct EndToEnd {}

/// What is known of a client at a provider.
struct Registration {
  static let id = "test-application"
  /// Nothing may ever print this.
  var secret = "canary-" + String(UInt64.random(in: .min ... .max), radix: 36) + "-secret"
  let port: UInt16
  var redirectURI: String { "http://127.0.0.1:\(port)/callback" }

  /// - Parameter ending: What the secret ends with, after characters that are its own.
  init(ending: String = "-secret") throws { self.init(port: try Place.freePort(), ending: ending) }

  init(port: UInt16, ending: String = "-secret") {
    self.port = port
    secret = "canary-" + String(UInt64.random(in: .min ... .max), radix: 36) + ending
  }
}

/// `hybrid-flow tenant` with one client.
final class RunningTenant {
  let folder: TemporaryFolder
  let program: RunningProgram
  let issuer: String
  let client: Registration

  /// - Parameter watches: Whether it is `hybrid-flow watch --json`.
  init(
    redirectURI: String? = nil, secret: String? = nil, watches: Bool = false
  ) async throws {
    folder = try TemporaryFolder()
    var client = try Registration()
    if let secret { client.secret = secret }
    self.client = client
    let secretFile = try folder.write(client.secret, to: "secret")
    let fields = [
      "id=\(Registration.id)", "secret-file=\(secretFile)",
      "redirect-uri=\(redirectURI ?? client.redirectURI)",
    ]
    program = try RunningProgram(
      Place.program,
      (watches ? ["watch", "--json"] : ["tenant"])
        + ["--port", "0", "--client", fields.joined(separator: ",")])
    guard watches else {
      issuer = try await program.line(after: "issuer")
      return
    }
    let line = try await program.line(after: "{\"type\":\"tenant\",")
    issuer = try JSONParser.parse(Array("{\(line)".utf8))["issuer"]?.string ?? ""
  }

  /// The options of a run at this tenant, with a person at a browser; the secret comes apart.
  func connection() -> [String] {
    ["--issuer", issuer, "--client-id", Registration.id, "--redirect-uri", client.redirectURI]
  }
}

/// A person with a browser, as `$BROWSER` has it.
enum Person {
  static let isNeeded: ConditionTrait = .needs("python3") { Place.tool("python3") != nil }

  static func environment(
    secret: String, user: String = "ada@demo.example", password: String = "hybrid",
    more: [String: String] = [:], in folder: TemporaryFolder
  ) throws -> [String: String] {
    let base = [
      "HYBRID_FLOW_CLIENT_SECRET": secret, "BROWSER": try browser(in: folder),
      "LAB_USER": user, "LAB_PASSWORD": password, "LAB_REPORT": "\(folder.path)/report",
    ]
    return base.merging(more) { $1 }
  }

  /// A name for the script without the characters that mean something in `$BROWSER`.
  static func browser(in folder: TemporaryFolder) throws -> String {
    let link = "\(folder.path)/browser"
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "\(Place.labs)/browser")
    }
    return link
  }
}

/// idpyoidc, an OpenID provider that others wrote.
final class RunningProvider {
  static let user = "lab-person"
  static let password = "lab-password"
  private static let start = "\(Place.labs)/provider/start"

  /// The first one to ask fetches it.
  static let isNeeded: ConditionTrait = .needs("idpyoidc: no python3-venv, or no PyPI") {
    await installation.value
  }

  private static let installation = Task<Bool, Never> {
    guard Place.tool("python3") != nil, let program = try? RunningProgram(start, ["--install"]),
      let ending = try? await program.end(within: 300)
    else { return false }
    if ending != .exit(0) { print("idpyoidc is not there:\n\(program.errors)") }
    return ending == .exit(0)
  }

  let folder: TemporaryFolder
  let program: RunningProgram
  let issuer: String
  let client: Registration

  init(
    clientAuth: String = "both", redirectURI: String? = nil, secretEnding: String = "-secret",
    more: [String] = []
  ) async throws {
    folder = try TemporaryFolder()
    client = try Registration(ending: secretEnding)
    let secretFile = try folder.write(client.secret, to: "secret")
    program = try RunningProgram(
      Self.start,
      [
        "--state-dir", "\(folder.path)/state", "--client-id", Registration.id,
        "--secret-file", secretFile, "--redirect-uri", redirectURI ?? client.redirectURI,
        "--client-auth", clientAuth, "--user", Self.user, "--password", Self.password,
      ] + more)
    issuer = try await program.line(after: "ready")
  }

  func connection() -> [String] {
    ["--issuer", issuer, "--client-id", Registration.id, "--redirect-uri", client.redirectURI]
  }

  func environment(
    secret: String? = nil, more: [String: String] = [:]
  ) throws -> [String: String] {
    try Person.environment(
      secret: secret ?? client.secret, user: Self.user, password: Self.password, more: more,
      in: folder)
  }

  /// What stood on the last page that the person at the browser saw.
  func lastPage() async throws -> String {
    let data = try await waitFor("report of the browser") {
      FileManager.default.contents(atPath: "\(folder.path)/report").flatMap {
        $0.last == UInt8(ascii: "\n") ? $0 : nil
      }
    }
    return try JSONParser.parse(Array(data))["text"]?.string ?? ""
  }
}

/// Apache with mod_auth_openidc.
enum RelyingParty {
  static let isNeeded: ConditionTrait = .needs("apache2 with mod_auth_openidc") {
    Place.tool("apache2") != nil
      && FileManager.default.fileExists(atPath: "/usr/lib/apache2/modules/mod_auth_openidc.so")
  }
}
