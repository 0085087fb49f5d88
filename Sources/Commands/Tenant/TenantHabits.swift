import Cryptography
import DemoTenant
import HybridFlow
import OpenID
import Platform
import Settings

/// What a client at a tenant with the habits of Apple has in the place of a secret.
struct AppleClientFields {
  /// The .p8 file; only the public half of its key is kept.
  var file: String?
  /// The id of the key; nil takes it from the name of the file.
  var keyID: String?
  /// The id of the team.
  var team: String?

  /// Registers team and key, if they are given.
  func register(in client: inout TenantClient, _ origin: String) throws(UsageError) {
    guard file != nil || team != nil || keyID != nil else { return }
    guard let file, let team else {
      throw UsageError("\(origin): a key of Apple needs both, its file and the id of its team.")
    }
    guard client.secret == nil, client.keys.isEmpty else {
      throw UsageError(
        "\(origin): the client \(client.id) signs its secret: leave out the other credentials.")
    }
    guard let id = keyID ?? AppleKeyFile.keyID(ofFile: file) else {
      throw UsageError(
        "\(origin): the id of the key is missing: it is not in the name of the file \(file).")
    }
    let option = UsageError.Place(["\(origin) apple key"])
    client.keys = [try AppleKeyFile.read(file, keyID: id, option: option).publicJWK]
    client.appleTeam = team
    client.tokenEndpointAuthMethod = .post
  }
}

extension TenantOptions {
  static func habit(_ name: String, _ origin: String) throws(UsageError) -> TenantHabit {
    guard let habit = TenantHabit(rawValue: name) else {
      let names = TenantHabit.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(origin) \(name): it is one of \(names).")
    }
    return habit
  }

  /// With the habits of Apple each client signs its secret, and only then.
  func checkHabits() throws(UsageError) {
    let isApple = habits.contains(.apple)
    for client in clients where (client.appleTeam != nil) != isApple {
      throw UsageError(
        isApple
          ? "--habits apple: the client \(client.id) needs apple-key=FILE.p8 and apple-team=ID."
          : "--client \(client.id): a key of Apple needs --habits apple.")
    }
  }
}

extension TenantOptions {
  /// The rules of this name; nil for those of OpenID Connect, which every tenant heeds.
  static func demands(_ name: String, _ origin: String) throws(UsageError) -> SecurityDemands? {
    guard let rules = SecurityRules(rawValue: name) else {
      let names = SecurityRules.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(origin) \(name): it is one of \(names).")
    }
    switch rules {
    case .openID: return nil
    case .fapi1Advanced: return .fapi1Advanced
    }
  }

  /// Under FAPI 1.0 Advanced each client has a key, and none has a secret.
  func checkDemands() throws(UsageError) {
    guard demands == .fapi1Advanced else { return }
    guard habits.isEmpty else {
      throw UsageError("--rules fapi1-advanced: Apple does otherwise. Leave out --habits.")
    }
    for client in clients where client.keys.isEmpty || client.secret != nil {
      throw UsageError(
        "--rules fapi1-advanced: the client \(client.id) needs jwks-file=FILE with its public key, "
          + "and no secret.")
    }
  }
}
