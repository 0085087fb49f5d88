import OpenID
import Platform

extension Invocation {
  /// The command line, completed with its profile and the defaults of the settings file.
  ///
  /// The command line wins. The file is read when a profile is named, and always for the explorer,
  /// because it contains the explorer's looks.
  ///
  /// - Throws: ``UsageError``, also for an unknown profile.
  public func completed(by file: SettingsFile) throws(UsageError) -> Invocation {
    let hasLooks = [.explore, .replay, .drill, .workshop].contains(command)
    guard !isCompleted, hasLooks || has(.profile) else { return self }
    let settings = try file.read()
    var result = self
    result.isCompleted = true
    if hasLooks { result.addLooks(settings) }
    guard let name = self[.profile] else { return result }
    guard let profile = settings.profile(name) else {
      let names = settings.profiles.map(\.name)
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      let known = names.isEmpty ? "There is none." : "There are \(names.joined(separator: ", "))."
      throw UsageError(at: .profile, " \(name): \(file.path) has no such profile.\(hint) \(known)")
    }
    result.add(profile, file)
    return result
  }

  /// The completed command line of the explorer, and the error in the settings if the explorer can
  /// start without them because no profile was named.
  ///
  /// - Throws: ``UsageError`` when the named profile cannot be read.
  public func completedForExplorer(by file: SettingsFile) throws(UsageError) -> (
    invocation: Invocation, keys: [(command: String, keys: [String])], complaint: String?
  ) {
    do throws(UsageError) {
      return (try completed(by: file), try file.read().keys, nil)
    } catch {
      guard !has(.profile) else { throw error }
      var result = self
      result.isCompleted = true
      return (result, [], error.message)
    }
  }

  private mutating func addLooks(_ settings: Settings) {
    let usual: [(Setting, String?)] = [
      (.theme, has(.projector) ? nil : settings.theme), (.color, settings.color),
      (.ascii, settings.glyphs == "ascii" ? "" : nil),
      (.noMouse, settings.mouse == false ? "" : nil),
    ]
    for (option, value) in usual {
      if let value, !has(option) { values[option] = [value] }
    }
  }

  /// The options that name a provider: one of them on the command line replaces all.
  private static let provider: [Setting] =
    [.issuer, .preset, .domain, .realm, .tenant] + ExplicitEndpoints.settings

  /// Fills in the values of a profile that the command line does not give.
  public mutating func add(_ profile: Profile, _ file: SettingsFile) {
    let chooses = has(.issuer) || has(.preset)
    let known = Set(Setting.options(of: command))
    let own = file.optionValues(profile)
    let elsewhere = elsewhere(from: own)
    for (option, texts) in own where known.contains(option) {
      if chooses, Self.provider.contains(option) { continue }
      if elsewhere != nil, Self.clientKey.contains(option) { continue }
      if option == .parameters {
        let given = all(option).map { $0.before("=") }
        let further = texts.filter { !given.contains($0.before("=")) }
        values[option] = further + all(option)
      } else if values[option] == nil {
        values[option] = texts
        origins[option] = Profile.place(
          of: profile.name, option.profileKey ?? "", file: file.path)
      }
    }
    let isGiven = has(.clientSecretFile) || has(.clientSecretCommand)
    if let elsewhere {
      withhold(profile, elsewhere, isReplaced: isGiven || has(.clientKey) || has(.appleKey))
    } else if !isGiven {
      secretOrigin = profile.secretOrigin(in: file)
    }
  }

  /// The error, reworded for the settings file if the value came from there.
  public func placed(_ error: UsageError) -> UsageError {
    guard let origin = origins.first(where: { $0.key.place == error.place }) else { return error }
    var error = error
    error.place = origin.value
    return error
  }
}
