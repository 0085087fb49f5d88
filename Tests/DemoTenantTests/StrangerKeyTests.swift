import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// The forger of the laboratory has keys of their own, which nobody has to make first.
@Suite struct StrangerKeyTests {
  @Test(arguments: SignatureAlgorithm.allCases)
  func `there is a key for each algorithm, always the same, and never the tenant's`(
    algorithm: SignatureAlgorithm
  ) throws {
    let curves: [EdwardsCurve] = algorithm == .edDSA ? EdwardsCurve.allCases : [.ed25519]
    for curve in curves {
      let own = try SigningKey.generate(algorithm, keyID: "own", edwardsCurve: curve)
      let first = try StrangerKey.like(own)
      let second = try StrangerKey.like(own)
      #expect(first.algorithm == algorithm && first.keyID == "a-stranger")
      #expect(first.publicJWK == second.publicJWK)
      #expect(first.publicJWK.curve == own.publicJWK.curve)
      let input = Array("a message".utf8)
      let signature = try first.sign(input)
      #expect(try second.verify(signature: signature, of: input))
      #expect(try !own.verify(signature: signature, of: input))
    }
  }

  @Test func `two tenants that publish a stranger's key publish the same one`() throws {
    let sets = try (0..<2).map { _ in
      var world = try World {
        $0.fault = Fault("replaced-keys", [.keys(.replaced)])
      }
      return try JSONWebKeySet(JSONParser.parse(world.get("/.well-known/jwks.json").body))
    }
    #expect(sets[0] == sets[1] && sets[0].keys.count == 1)
    #expect(sets[0].keys[0].keyID == (try rsaKey.get().keyID))
    #expect(sets[0].keys[0].bytes("n") != (try rsaKey.get().publicJWK.bytes("n")))
  }
}
