import OpenID

/// The credentials of a profile that are not used, because the command line names another provider.
///
/// Only one provider knows a client secret or a client key: another that gets it could act as the
/// client.
struct WithheldSecret: Sendable, Equatable {
  /// The profile with the credentials.
  var profile: String
  /// The issuer that the credentials belong to.
  var issuer: String
  /// The issuer or endpoint on the command line.
  var elsewhere: String
  /// Whether the profile's secret is in the variable that is read by default.
  var isUsualVariable: Bool
  /// Whether the command line gives other credentials, so that no warning is needed.
  var isReplaced: Bool

  /// What the person must know, without the secret; one sentence and what to do.
  var words: String {
    "--profile \(profile): its client secret and key are not used, because they belong to "
      + "\(issuer) and the command line says \(elsewhere)"
  }

  /// What to do about it.
  static let advice =
    "Name the secret for the other one with --client-secret-file FILE or "
    + "--client-secret-command 'COMMAND', or leave the provider to the profile"
}

extension Invocation {
  /// The options that carry the client's key; it is as secret as a password.
  static let clientKey = [
    Setting.clientKey, .clientKeyID, .clientKeyAlgorithm, .appleKey, .appleTeam, .appleKeyID,
    .encryptionKey,
  ]

  /// The issuer or endpoint on the command line that differs from the profile's; nil when it is the
  /// same, or the profile names none.
  ///
  /// Called before the profile is filled in. Issuers are compared byte for byte (OpenID Connect
  /// Discovery 1.0, section 4.3).
  func elsewhere(from profile: [Setting: [String]]) -> (own: String, other: String)? {
    guard let own = Self.issuer(profile) else { return nil }
    let chooses = has(.issuer) || has(.preset)
    var asked = chooses ? [:] : profile
    for (option, value) in values { asked[option] = value }
    let other = Self.issuer(asked) ?? "another provider"
    if !other.isIdentical(to: own) { return (own, other) }
    for option in ExplicitEndpoints.settings {
      if let given = self[option], !given.isIdentical(to: profile[option]?.last ?? "") {
        return (own, given)
      }
    }
    return nil
  }

  /// The issuer that options name, directly or by a preset.
  private static func issuer(_ values: [Setting: [String]]) -> String? {
    let invocation = Invocation(command: .run, values: values, operands: [])
    guard invocation.has(.preset) else { return invocation[.issuer] }
    // An invalid value is refused later; until then it names no provider.
    return (try? invocation.withPreset())?[.issuer]
  }

  /// Notes that the profile's credentials are not used; `isReplaced`: others were given.
  mutating func withhold(
    _ profile: Profile, _ elsewhere: (own: String, other: String), isReplaced: Bool
  ) {
    let hasKey = ["client_key_file", "apple_key_file"].contains { profile.json[$0] != nil }
    guard profile.clientSecret != nil || hasKey else { return }
    withheld = WithheldSecret(
      profile: profile.name, issuer: elsewhere.own, elsewhere: elsewhere.other,
      isUsualVariable: profile.clientSecret == .environment(ClientSecretSource.variable),
      isReplaced: isReplaced)
  }
}
