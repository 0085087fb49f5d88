import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Session
import Settings

/// Sets up the demo tenant of the explorer and of `run`.
public enum DemoSetup {
  /// Starts the tenant on a free port and completes the configuration with its values.
  ///
  /// - Throws: ``TenantHostError``.
  public static func start(
    _ connection: inout Connection, loop: PollLoop, keys: [SigningKey]? = nil,
    people: ((_ issuer: String) -> [Person])? = nil, fault: Fault? = nil
  ) throws(TenantHostError) -> TenantHost {
    let secret: Secret
    do throws(CryptoError) {
      secret = Secret(try Randomness.token())
    } catch {
      throw .cannotListen("there is no randomness: \(error)")
    }
    let clientKey = connection.session.clientKey
    // Two sites, as a tenant and an application are in real life: cookies ignore ports.
    let name = connection.configuration.redirectURI.host == "127.0.0.1" ? "localhost" : "127.0.0.1"
    let host = try TenantHost(loop: loop, keys: keys) { port in
      let issuer = "http://\(name):\(port)/"
      var settings = TenantSettings.demo(issuer: issuer, redirectURIs: [], secret: secret)
      settings.waitForReaders()
      if let people { settings.people = people(issuer) }
      settings.fault = fault
      // A client with a key signs: its demo tenant registers the key.
      if let clientKey { settings.clients[0].keys = [clientKey.publicJWK] }
      return settings
    }
    connection.configuration.issuer = host.issuer
    // A tenant with the habits of Apple has a client that signs its own secret, and no API.
    if connection.configuration.appleTeam != nil { return host }
    if connection.configuration.clientAuthentication != ClientAuthenticationMethod.none {
      connection.configuration.clientSecret = connection.demoSecret ?? secret
    }
    if connection.configuration.apiURL == nil {
      connection.configuration.apiURL = try? host.issuer.resolving(TenantSettings.demoResourcePath)
    }
    return host
  }
}
