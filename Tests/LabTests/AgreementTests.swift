import Cryptography
import Foundation
import OpenID
import TestSupport
import Testing

extension LabTests {
  /// Our signatures and hash claims against those of Python's `cryptography`.
  @Suite struct AgreementTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// A Python that has the module: one in `.build/agreement`, or the system's.
    static let python: String? = {
      let root = folder.deletingLastPathComponent().deletingLastPathComponent()
      let own = root.appending(path: ".build/agreement/bin/python3").path
      return ([own] + Script.pythons).first { path in
        (try? Script.run(path, ["-c", "import cryptography"], input: Data())) != nil
      }
    }()

    private func lines(_ data: Data) throws -> [JSONValue] {
      try data.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    private static func keys() throws -> [SigningKey] {
      let rsa = try SigningKey.generate(.rs256, keyID: "rsa")
      let others: [SignatureAlgorithm] = [.es256, .es384, .es512, .edDSA]
      return try [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512].map { try rsa.withAlgorithm($0) }
        + others.map { try SigningKey.generate($0, keyID: $0.rawValue) }
        + [SigningKey.generate(.edDSA, keyID: "Ed448", edwardsCurve: .ed448)]
    }

    private static var tokenCount: Int {
      ProcessInfo.processInfo.environment["HYBRID_FLOW_AGREEMENT_TOKENS"].flatMap(Int.init) ?? 2200
    }

    private func hashClaim(_ value: String, _ algorithm: SignatureAlgorithm, curve: String?) throws
      -> String
    {
      let digest = try Digest.hash(
        Array(value.utf8), algorithm.hashClaimDigest(curve: curve))
      return Base64URL.encode(digest.prefix(digest.count / 2))
    }

    private func flipped(_ text: String, segment: Int) throws -> String {
      var parts = text.split(separator: ".").map(String.init)
      var bytes = try Base64URL.decode(parts[segment])
      let index = Int.random(in: 0..<bytes.count)
      bytes[index] ^= 1 << UInt8.random(in: 0..<8)
      parts[segment] = Base64URL.encode(bytes)
      return parts.joined(separator: ".")
    }

    @Test(
      .needs("python3 with the module cryptography, nor a venv with it in .build/agreement") {
        AgreementTests.python != nil
      },
      .timeLimit(.minutes(3)))
    func `thousands of our tokens are judged alike`() async throws {
      let python = try #require(Self.python)
      let keys = try Self.keys()
      var input = ""
      var ours: [(valid: Bool, hash: String)] = []
      for number in 0..<Self.tokenCount {
        if number % 50 == 0 { await Task.yield() }
        let key = keys[number % keys.count]
        let value = try Randomness.token(byteCount: 1 + number % 64)
        let payload: JSONValue = ["sub": .string(value), "n": .number(JSONNumber(Int64(number)))]
        var token = try key.compactJWS(
          header: key.header(type: "JWT"), payload: Array(payload.compactText.utf8))
        if number % 2 == 1 { token = try flipped(token, segment: number % 4 == 1 ? 1 : 2) }
        let jws = try CompactJWS(token)
        let valid = try Signature.verify(jws, algorithm: key.algorithm, key: key.publicJWK)
        #expect(valid == (number % 2 == 0))
        ours.append(
          (valid, try hashClaim(value, key.algorithm, curve: key.publicJWK.curve)))
        let line: JSONValue = [
          "jwk": key.publicJWK.json, "token": .string(token), "value": .string(value),
        ]
        input += line.compactText + "\n"
      }
      let script = Self.folder.appending(path: "agreement.py").path
      let theirs = try lines(Script.run(python, [script, "judge"], input: Data(input.utf8)))
      #expect(theirs.count == ours.count)
      let disagreements = zip(ours, theirs).filter { own, other in
        other["valid"]?.bool != own.valid || other["hash"]?.string != own.hash
      }
      #expect(disagreements.isEmpty, "\(disagreements.count) of \(ours.count)")
    }

    @Test(
      .needs("python3 with the module cryptography, nor a venv with it in .build/agreement") {
        AgreementTests.python != nil
      },
      .timeLimit(.minutes(3)))
    func `tokens that Python signed verify here`() throws {
      let python = try #require(Self.python)
      let script = Self.folder.appending(path: "agreement.py").path
      let made = try lines(Script.run(python, [script, "sign", "1100"], input: Data()))
      #expect(made.count == 1100)
      for line in made {
        let token = try CompactJWS(try #require(line["token"]?.string))
        let key = try #require(line["jwk"].flatMap(JSONWebKey.init))
        let algorithm = try #require(token.algorithm)
        #expect(try Signature.verify(token, algorithm: algorithm, key: key), "\(algorithm)")
        let value = try #require(line["value"]?.string)
        #expect(try hashClaim(value, algorithm, curve: key.curve) == line["hash"]?.string)
      }
    }
  }
}
