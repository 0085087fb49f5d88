import DemoTenant
import OpenID

extension TenantHost {
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
    takeCertificates(nil)
    if plainSettings == nil { plainSettings = settings }
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
    takeCertificates(nil)
    if plainSettings == nil { plainSettings = settings }
    settings.demandFAPI(clientKey: key, pushed: pushed)
    tenant = nil
  }
}
