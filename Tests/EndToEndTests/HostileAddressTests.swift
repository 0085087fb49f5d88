import Foundation
import OpenID
import TestSupport
import Testing

/// An issuer that others wrote the metadata of: at this machine's port, or elsewhere for its clients.
final class HostileIssuer {
  static let isNeeded: ConditionTrait = .needs("openssl with python3") {
    Place.tool("python3") != nil && Place.tool("openssl") != nil
  }

  let folder: TemporaryFolder
  let program: RunningProgram
  /// The issuer over plain http, on this machine.
  let local: String
  /// The same from elsewhere: reached by the proxy only.
  let remote = "https://issuer.example"

  /// - Parameter endpoints: Members of the document, in place of or beside the good ones.
  init(_ endpoints: [String: String]) async throws {
    folder = try TemporaryFolder()
    var document: JSONValue = [
      "issuer": "ISSUER", "authorization_endpoint": "ISSUER/authorize",
      "token_endpoint": "ISSUER/token", "userinfo_endpoint": "ISSUER/userinfo",
      "jwks_uri": "ISSUER/jwks", "response_types_supported": ["code id_token"],
      "response_modes_supported": ["form_post"], "subject_types_supported": ["public"],
      "id_token_signing_alg_values_supported": ["RS256"],
      "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    ]
    for (name, url) in endpoints { document.set(name, .string(url)) }
    let file = try folder.write(document.compactText, to: "document")
    program = try RunningProgram(
      "\(Place.labs)/elsewhere", ["--state-dir", "\(folder.path)/state", "--document", file])
    local = try await program.line(after: "ready")
  }

  /// What leads to the issuer from elsewhere: a proxy, and the authority of its certificate.
  var way: (environment: [String: String], arguments: [String]) {
    (
      ["https_proxy": local, "HYBRID_FLOW_CLIENT_SECRET": "canary-secret"],
      ["--issuer", remote, "--client-id", "x", "--ca", "\(folder.path)/state/ca.pem"]
    )
  }

  /// Every request that came, by issuer and request line.
  var requests: [String] {
    let data = FileManager.default.contents(atPath: "\(folder.path)/state/requests") ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension EndToEnd {
  /// What an issuer from elsewhere may have the program ask, and what it may have a browser open.
  @Suite(.serialized, HostileIssuer.isNeeded)
  struct HostileAddressTests {
    /// An endpoint on a service of this machine, as a document may write it.
    static let inward: [(member: String, form: String)] = [
      ("jwks_uri", "http://127.0.0.1:PORT/keys"), ("jwks_uri", "https://127.0.0.1:PORT/keys"),
      ("token_endpoint", "http://127.0.0.1:PORT/token"),
      ("token_endpoint", "https://localhost:PORT/token"),
      ("token_endpoint", "https://2130706433:PORT/token"),
      ("token_endpoint", "https://[::ffff:127.0.0.1]:PORT/token"),
      ("authorization_endpoint", "http://localhost:PORT/authorize"),
      ("userinfo_endpoint", "http://x.localhost:PORT/userinfo"),
      ("pushed_authorization_request_endpoint", "http://127.1:PORT/par"),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: inward)
    func `an issuer from elsewhere sends nothing to a service of this machine`(
      row: (member: String, form: String)
    ) async throws {
      let service = try ListeningSocket()
      let url = row.form.replacing("PORT", with: "\(service.port)")
      let issuer = try await HostileIssuer([row.member: url])
      let (environment, arguments) = issuer.way
      let report = try await RunReport.of(
        arguments + [
          "--no-browser", "--redirect-uri", "http://127.0.0.1:0/callback", "--wait", "2",
        ],
        environment: environment)
      report.expectFailed(exit: 3, blame: "provider", code: "provider.check_failed", stage: 1)
      let failed = report.result["failed"]?.strings ?? []
      #expect(failed.contains("discovery-endpoint-reach"), "\(failed)")
      let found = report.stages[0]["checks"]?.elements?
        .first { $0["id"] == "discovery-endpoint-reach" }?["found"]?.string
      #expect(found == "\(row.member): \(url) is this machine itself")
      report.expectSilence(about: "canary-secret")

      let check = try RunningProgram(
        Place.program, ["check"] + arguments, environment: environment)
      #expect(try await check.end() == .exit(3), "\(check.output)\n\(check.errors)")
      #expect(check.output.contains("endpoints-reach"), "\(check.output)")
      // The lines are as wide as a terminal.
      let words = check.output.split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("\(row.member): \(url) is this machine itself"))
      #expect(service.waiting == 0, "somebody came to the service of this machine")
      #expect(issuer.requests.allSatisfy { $0.hasPrefix(issuer.remote) }, "\(issuer.requests)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `the same issuer with addresses of its own is asked for its keys`() async throws {
      let issuer = try await HostileIssuer([:])
      let (environment, arguments) = issuer.way
      let check = try RunningProgram(
        Place.program, ["check"] + arguments, environment: environment)
      try await check.end()
      #expect(!check.output.contains("endpoints-reach"), "\(check.output)")
      #expect(issuer.requests.contains { $0.contains("GET /jwks") }, "\(issuer.requests)")
      let proxy = issuer.local.replacing("http://", with: "")
      #expect(check.output.contains("goes through the proxy \(proxy)"), "\(check.output)")
    }

    /// A program that writes its arguments down, one a line.
    private func recorder(_ name: String, in folder: TemporaryFolder) throws -> String {
      let path = try folder.write(
        "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done > \(folder.path)/part\n"
          + "mv \(folder.path)/part \(folder.path)/arguments\n", to: name)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
      return path
    }

    @Test(.timeLimit(.minutes(1)), arguments: [" ", " --url=%s", " --new %s --"])
    func `a script that opens the browser is handed nothing that a shell reads`(
      words: String
    ) async throws {
      // Each of these signs is allowed in a URI.
      let issuer = try await HostileIssuer([
        "authorization_endpoint": "ISSUER/$(calc)/(a)'!*?x=$(calc);calc&y='(calc)'&z=${calc:0:1}*!"
          .replacing("{", with: "%7B").replacing("}", with: "%7D")
      ])
      let folder = try TemporaryFolder()
      let browser = try recorder("wslview", in: folder)
      _ = try await RunReport.of(
        [
          "--issuer", issuer.local, "--client-id", "x", "--redirect-uri",
          "http://127.0.0.1:0/callback", "--wait", "2",
        ],
        environment: [
          "HYBRID_FLOW_CLIENT_SECRET": "x", "BROWSER": browser + words, "PATH": "/usr/bin:/bin",
        ])
      let data = try #require(FileManager.default.contents(atPath: "\(folder.path)/arguments"))
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
      let line = try #require(lines.first { $0.contains("http://") })
      let at = try #require(line.firstRange(of: "http://"))
      let text = String(line[at.lowerBound...])
      #expect(
        text.hasPrefix(
          issuer.local
            + "/%24%28calc%29/%28a%29%27%21%2A?x=%24%28calc%29%3Bcalc&y=%27%28calc%29%27&"
        ), "\(text)")
      #expect(Set("$`\"'();|<>^!*{}\\,[] ").isDisjoint(with: text), "\(text)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["`calc`", "\"|calc", "a b", "<x>", "{x}", "%zz"])
    func `an endpoint with a byte that no URI has is refused before a browser is opened`(
      part: String
    ) async throws {
      let issuer = try await HostileIssuer(["authorization_endpoint": "ISSUER/authorize?\(part)"])
      let folder = try TemporaryFolder()
      let browser = try recorder("wslview", in: folder)
      let arguments = ["--issuer", issuer.local, "--client-id", "x"]
      let report = try await RunReport.of(
        arguments + ["--redirect-uri", "http://127.0.0.1:0/callback", "--wait", "2"],
        environment: ["HYBRID_FLOW_CLIENT_SECRET": "x", "BROWSER": browser])
      report.expectFailed(exit: 3, blame: "provider", code: "provider.check_failed", stage: 1)
      #expect(report.result["failed"]?.strings == ["discovery-endpoint-uri"])
      let found = report.stages[0]["checks"]?.elements?
        .first { $0["id"] == "discovery-endpoint-uri" }?["found"]?.string
      #expect(found?.hasPrefix("authorization_endpoint: ") == true, "\(found ?? "nothing")")
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/arguments"))
      let check = try RunningProgram(
        Place.program, ["check"] + arguments, environment: ["HYBRID_FLOW_CLIENT_SECRET": "x"])
      #expect(try await check.end() == .exit(3))
      #expect(check.output.contains("endpoints-uri"), "\(check.output)")
      #expect(check.output.contains(found ?? "nothing"), "\(check.output)")
      #expect(!issuer.requests.contains { $0.contains("/authorize") }, "\(issuer.requests)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the person types is the person's own word`() async throws {
      let service = try ListeningSocket()
      let port = service.port
      let report = try await RunReport.of(
        [
          "--issuer", "https://issuer.example", "--client-id", "x", "--timeout", "1",
          "--authorization-endpoint", "https://issuer.example/authorize", "--token-endpoint",
          "http://127.0.0.1:\(port)/token", "--jwks-uri", "http://127.0.0.1:\(port)/keys",
          "--no-browser", "--redirect-uri", "http://127.0.0.1:0/callback",
        ], environment: ["HYBRID_FLOW_CLIENT_SECRET": "x"])
      #expect(report.ending == .exit(5), "nobody answers there, but it was asked")
      #expect(service.waiting > 0)
    }
  }
}
