import Cryptography
import DemoTenant
import OpenID
import Synchronization
import Testing

/// The tenant is a value: what it answers follows from what it was given.
@Suite struct PurityTests {
  /// Chance that is the same every time, and counts how often it was asked.
  private final class Chance: Sendable {
    private let state = Mutex<(byte: UInt8, calls: Int)>((0, 0))
    var calls: Int { state.withLock { $0.calls } }

    func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
      state.withLock { state in
        state.calls += 1
        return (0..<count).map { _ in
          state.byte = state.byte &* 5 &+ 17
          return state.byte
        }
      }
    }
  }

  /// Everything that an application is told in one flow, of a tenant with this action.
  private func story(_ action: TenantAction?) throws -> (texts: [String], calls: Int) {
    let chance = Chance()
    var world = try World({ $0.fault = action.map { Fault("told-to", [$0]) } }) {
      (count: Int) throws(CryptoError) -> [UInt8] in try chance.bytes(count)
    }
    let fields = try world.flow(["response_type": "code id_token token"])
    let texts =
      fields.map(\.value) + [world.exchange(fields["code"]).bodyText]
      + ["/.well-known/jwks.json", "/.well-known/openid-configuration"].map {
        world.get($0).bodyText
      }
    return (texts, chance.calls)
  }

  @Test(
    arguments: [
      nil, .signature(.firstIDToken, .stranger), .signature(.secondIDToken, .embeddedKey),
      .keys(.replaced), .keys(.unnamedAmongSeveral), .signature(.firstIDToken, .publicKeyAsSecret),
    ] as [TenantAction?])
  func `the same settings, keys and chance give the same answers, to the last byte`(
    action: TenantAction?
  ) throws {
    let first = try story(action)
    let second = try story(action)
    #expect(first.texts == second.texts)
    #expect(first.calls == second.calls && first.calls > 0)
    #expect(first.texts.allSatisfy { !$0.isEmpty })
  }
}
