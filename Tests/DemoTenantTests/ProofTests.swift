import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// The rules that a proof of possession keeps at the demo tenant: RFC 9449, section 4.3.
@Suite struct ProofTests {
  /// A proof that is wrong in one way, and the rule that it breaks.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var breaks: String?
    var change: @Sendable (inout ProofClient.Proof, World) throws -> Void = { _, _ in }
    var sent: @Sendable (String) -> [String] = { [$0] }
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "as it should be"),
    Row(name: "typ in other letters", change: { proof, _ in proof.header.set("typ", "DPoP+JWT") }),
    Row(
      name: "htu with a query and large letters",
      change: { proof, world in
        let text = proof.claims["htu"]?.string ?? ""
        proof.claims.set(
          "htu", .string("HTTP://LOCALHOST" + text.dropFirst("http://localhost".count) + "?a=b#c"))
      }),
    Row(
      name: "made a minute ago",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds - 60))) }),
    Row(name: "two headers", breaks: "dpop-one-header", sent: { [$0, $0] }),
    Row(name: "no JWT", breaks: "dpop-form", sent: { _ in ["proof"] }),
    Row(name: "no jti", breaks: "dpop-claims", change: { proof, _ in proof.claims.remove("jti") }),
    Row(name: "no iat", breaks: "dpop-claims", change: { proof, _ in proof.claims.remove("iat") }),
    Row(
      name: "another typ", breaks: "dpop-typ",
      change: {
        $0.header.set("typ", "JWT"); _ = $1
      }),
    Row(
      name: "a shared secret", breaks: "dpop-alg",
      change: { proof, _ in
        proof.key = try SigningKey.generate(.hs256, keyID: "shared")
        proof.header.set("alg", "HS256")
      }),
    Row(
      name: "no signature", breaks: "dpop-alg",
      change: { proof, _ in proof.header.set("alg", "none") }),
    Row(
      name: "the signature of another key", breaks: "dpop-signature",
      change: { proof, _ in
        proof.key = try SigningKey.generate(.es256, keyID: "stranger")
      }),
    Row(
      name: "crit", breaks: "dpop-signature",
      change: { proof, _ in proof.header.set("crit", ["b64"]) }),
    Row(
      name: "no key", breaks: "dpop-jwk", change: { proof, _ in proof.header.remove("jwk") }),
    Row(
      name: "a private key", breaks: "dpop-jwk",
      change: { proof, _ in
        var shown = proof.header["jwk"] ?? [:]
        shown.set("d", "AAAA")
        proof.header.set("jwk", shown)
      }),
    Row(
      name: "another method", breaks: "dpop-htm",
      change: { proof, _ in proof.claims.set("htm", "PUT") }),
    Row(
      name: "the method in small letters", breaks: "dpop-htm",
      change: { proof, _ in
        proof.claims.set("htm", .string((proof.claims["htm"]?.string ?? "").lowercased()))
      }),
    Row(
      name: "another address", breaks: "dpop-htu",
      change: { proof, _ in
        proof.claims.set("htu", .string((proof.claims["htu"]?.string ?? "") + "/other"))
      }),
    Row(
      name: "made long ago", breaks: "dpop-fresh",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds - 301))) }),
    Row(
      name: "made in the future", breaks: "dpop-fresh",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds + 61))) }),
  ]

  @Test(arguments: rows)
  func `a proof at the token endpoint has to keep every rule`(_ row: Row) throws {
    var world = try World()
    let code = try world.flow()["code"]
    var proof = try ProofClient.Proof("POST", "/oauth/token", world)
    try row.change(&proof, world)
    let response = ProofClient.token(&world, exchangeFields(code), row.sent(try proof.text()))
    let answer = try json(response)
    guard let rule = row.breaks else {
      #expect(response.status == 200, "\(response.bodyText)")
      #expect(answer["token_type"] == "DPoP")
      #expect(ProofClient.broken(world).isEmpty)
      let claims = try world.verified(answer["access_token"]?.string)
      #expect(DPoP.thumbprint(in: claims) == (try ProofClient.thumbprint(ProofClient.key.get())))
      return
    }
    #expect(response.status == 400)
    #expect(answer["error"] == "invalid_dpop_proof")
    #expect(ProofClient.broken(world).contains(rule), "\(ProofClient.broken(world))")
    // The code is still there for a proof that holds.
    let good = try ProofClient.Proof("POST", "/oauth/token", world).text()
    #expect(ProofClient.token(&world, exchangeFields(code), [good]).status == 200)
  }

  @Test(arguments: rows)
  func `a proof at the API has to keep the same rules`(_ row: Row) throws {
    var world = try World()
    let token = try ProofClient.boundToken(&world)
    for path in ["/userinfo", "/api/appointments"] {
      var proof = try ProofClient.Proof("GET", path, world, with: token)
      try row.change(&proof, world)
      let response = ProofClient.call(&world, path, token, row.sent(try proof.text()))
      guard let rule = row.breaks else {
        #expect(response.status == 200, "\(path): \(response.bodyText)")
        continue
      }
      #expect(response.status == 401, "\(path)")
      let header = response.headers["WWW-Authenticate"]
      let challenge = header.flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP")
      #expect(challenge?["error"] == "invalid_dpop_proof")
      #expect(challenge?["algs"]?.split(separator: " ").contains("ES256") == true)
      #expect(ProofClient.broken(world).contains(rule), "\(ProofClient.broken(world))")
    }
  }

  @Test func `a proof is good once`() throws {
    var world = try World()
    let token = try ProofClient.boundToken(&world)
    let proof = [try ProofClient.Proof("GET", "/userinfo", world, with: token).text()]
    #expect(ProofClient.call(&world, "/userinfo", token, proof).status == 200)
    #expect(ProofClient.call(&world, "/userinfo", token, proof).status == 401)
    #expect(ProofClient.broken(world) == ["dpop-once"])
    // As long as it is fresh; afterwards it is old.
    world.advance(seconds: ProofLimit.secondsMax)
    #expect(ProofClient.call(&world, "/userinfo", token, proof).status == 401)
    #expect(ProofClient.broken(world) == ["dpop-once"])
    world.advance(seconds: 1)
    #expect(ProofClient.call(&world, "/userinfo", token, proof).status == 401)
    #expect(ProofClient.broken(world).contains("dpop-fresh"))
  }

  @Test func `each server asks for a nonce of its own, and renews it`() throws {
    var world = try World { $0.demandsProofNonce = true }
    let code = try world.flow()["code"]
    func proof(_ path: String, _ nonce: String?, with token: String? = nil) throws -> [String] {
      var proof = try ProofClient.Proof(token == nil ? "POST" : "GET", path, world, with: token)
      if let nonce { proof.claims.set("nonce", .string(nonce)) }
      return [try proof.text()]
    }
    let refused = ProofClient.token(&world, exchangeFields(code), try proof("/oauth/token", nil))
    #expect(refused.status == 400)
    #expect(try json(refused)["error"] == "use_dpop_nonce")
    #expect(ProofClient.broken(world) == ["dpop-nonce"])
    let first = try #require(refused.headers["DPoP-Nonce"])
    let taken = ProofClient.token(&world, exchangeFields(code), try proof("/oauth/token", first))
    #expect(taken.status == 200, "\(taken.bodyText)")
    #expect(taken.headers["DPoP-Nonce"] == nil)
    let token = try #require(try json(taken)["access_token"]?.string)

    let path = "/api/appointments"
    let wrong = ProofClient.call(&world, path, token, try proof(path, first, with: token))
    #expect(wrong.status == 401)
    let challenge = wrong.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
    #expect(challenge?["error"] == "use_dpop_nonce")
    #expect(
      world.tenant.ledger.last { $0.rule == "dpop-nonce" }?.found.contains("other side") == true)
    let own = try #require(wrong.headers["DPoP-Nonce"])
    #expect(own != first)
    #expect(ProofClient.call(&world, path, token, try proof(path, own, with: token)).status == 200)

    // The old one is still taken for a while, and the answer brings the new one.
    world.advance(seconds: ProofLimit.nonceSeconds)
    let late = ProofClient.call(&world, path, token, try proof(path, own, with: token))
    #expect(late.status == 200)
    let next = try #require(late.headers["DPoP-Nonce"])
    #expect(next != own)
    world.advance(seconds: ProofLimit.nonceSeconds)
    #expect(ProofClient.call(&world, path, token, try proof(path, own, with: token)).status == 401)
    #expect(ProofClient.call(&world, path, token, try proof(path, next, with: token)).status == 200)
    // A guess is no nonce, and a proof that breaks a rule as well gets no nonce.
    #expect(
      ProofClient.call(&world, path, token, try proof(path, "guess", with: token)).status == 401)
    let both = ProofClient.call(&world, path, token, try proof("/userinfo", nil, with: token))
    #expect(both.headers["DPoP-Nonce"] == nil)
  }
}
