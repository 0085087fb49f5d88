import Cryptography
import DemoTenant
import HybridFlow
import OpenID

/// What a run of this program wants of the built-in tenant; each change signs everyone out.
extension TenantHost {
  /// Encrypts the ID tokens of a client like this from now on; nil only signs them.
  func encrypt(_ encryption: TenantEncryption?, clientID: String) {
    guard let index = settings.clients.firstIndex(where: { $0.id == clientID }),
      settings.clients[index].encryption != encryption
    else { return }
    settings.clients[index].encryption = encryption
    tenant = nil
  }

  /// Opens request objects that are encrypted for this key from now on; nil takes signed ones alone.
  func openRequests(with key: DecryptionKey?) {
    let keys = key.map { [$0] } ?? []
    guard settings.requestKeys.map(\.publicJWK) != keys.map(\.publicJWK) else { return }
    settings.requestKeys = keys
    tenant = nil
  }

  /// Wants a nonce in each proof of possession from now on, or none.
  func demandProofNonce(_ isWanted: Bool) {
    guard settings.demandsProofNonce != isWanted else { return }
    settings.demandsProofNonce = isWanted
    tenant = nil
  }

  /// Takes over the habits of Apple for a client whose team has this key; nil gives them up.
  ///
  /// It signs everyone out when something changes.
  func behaveAsApple(_ team: (id: String, key: JSONWebKey)?) {
    guard let team else {
      guard plainSettings != nil else { return }
      takeCertificates(nil)
      guard var plain = plainSettings else { return }
      plain.fault = settings.fault
      settings = plain
      plainSettings = nil
      tenant = nil
      return
    }
    let client = settings.clients.first
    guard client?.appleTeam != team.id || client?.keys != [team.key] else { return }
    beginAnew()
    settings.takeAppleHabits(team: team.id, key: team.key)
    tenant = nil
  }

  /// Enforces FAPI 1.0 Advanced for a client with this key; nil gives that up.
  ///
  /// It signs everyone out when something changes.
  func demandFAPI(_ key: JSONWebKey?, pushed: Bool = true) {
    guard let key else { return behaveAsApple(nil) }
    let isDone =
      settings.demands == .fapi1Advanced && settings.demandsPush == pushed
      && settings.clients.first?.keys == [key]
    guard !isDone else { return }
    beginAnew()
    settings.demandFAPI(clientKey: key, pushed: pushed)
    tenant = nil
  }

  /// Goes back to how the tenant was before any wish, and remembers that.
  private func beginAnew() {
    takeCertificates(nil)
    behaveAsApple(nil)
    plainSettings = settings
  }
}

extension TenantHost {
  /// Enforces these rules for whoever asks, without changing what clients have registered.
  package func enforce(_ rules: SecurityRules) {
    guard rules == .fapi1Advanced else { return }
    settings.demandFAPI()
    tenant = nil
  }
}
