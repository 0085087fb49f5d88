import OpenID
import Platform

extension Invocation {
  /// The command line with the settings of its profile and the usual ones of the file filled in.
  ///
  /// What stands on the command line wins. The file is read when a profile is named and, for the
  /// explorer, always, because its looks stand there.
  ///
  /// - Throws: ``UsageError``, also for a profile that is not there.
  public func completed(by file: SettingsFile) throws(UsageError) -> Invocation {
    let hasLooks = command == .explore || command == .replay
    guard !isCompleted, hasLooks || has("--profile") else { return self }
    let settings = try file.read()
    var result = self
    result.isCompleted = true
    if hasLooks { result.addLooks(settings) }
    guard let name = self["--profile"] else { return result }
    guard let profile = settings.profile(name) else {
      let names = settings.profiles.map(\.name)
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      let known = names.isEmpty ? "There is none." : "There are \(names.joined(separator: ", "))."
      throw UsageError("--profile \(name): \(file.path) has no such profile.\(hint) \(known)")
    }
    result.add(profile, file)
    return result
  }

  /// The command line of the explorer, filled in; with what is wrong with the settings where it can
  /// do without them, because no profile was asked for.
  ///
  /// - Throws: ``UsageError`` when the profile that was asked for cannot be read.
  public func completedForExplorer(by file: SettingsFile) throws(UsageError) -> (
    invocation: Invocation, keys: [(command: String, keys: [String])], complaint: String?
  ) {
    do throws(UsageError) {
      return (try completed(by: file), try file.read().keys, nil)
    } catch {
      guard !has("--profile") else { throw error }
      var result = self
      result.isCompleted = true
      return (result, [], error.message)
    }
  }

  private mutating func addLooks(_ settings: Settings) {
    let usual: [(String, String?)] = [
      ("--theme", has("--projector") ? nil : settings.theme), ("--color", settings.color),
      ("--ascii", settings.glyphs == "ascii" ? "" : nil),
      ("--no-mouse", settings.mouse == false ? "" : nil),
    ]
    for (option, value) in usual {
      if let value, !has(option) { values[option] = [value] }
    }
  }

  /// The options that say which provider is meant: one of them on the command line replaces all.
  private static let provider = [
    "--issuer", "--preset", "--domain", "--realm", "--tenant", "--authorization-endpoint",
    "--token-endpoint", "--jwks-uri", "--userinfo-endpoint",
  ]

  /// Fills in what a profile says where the command line says nothing.
  public mutating func add(_ profile: Profile, _ file: SettingsFile) {
    let chooses = has("--issuer") || has("--preset")
    let known = Set(CommandOption.of(command).map(\.name))
    let place = "\(file.path): profiles.\(profile.name)"
    let own = file.optionValues(profile)
    let elsewhere = elsewhere(from: own)
    for (option, texts) in own where known.contains(option) {
      if chooses, Self.provider.contains(option) { continue }
      if elsewhere != nil, Self.clientKey.contains(option) { continue }
      if option == "--param" {
        let given = (values[option] ?? []).map { $0.before("=") }
        let further = texts.filter { !given.contains($0.before("=")) }
        values[option] = further + (values[option] ?? [])
      } else if values[option] == nil {
        values[option] = texts
        let field = ProfileField.all.first { $0.option == option }
        origins[option] = "\(place).\(field?.name ?? "")"
      }
    }
    let isGiven = has("--client-secret-file") || has("--client-secret-command")
    if let elsewhere {
      withhold(profile, elsewhere, isReplaced: isGiven || has("--client-key"))
    } else if !isGiven, let origin = profile.clientSecret {
      if case .file(let path) = origin {
        secretOrigin = .file(file.absolute(path))
      } else {
        secretOrigin = origin
      }
      origins["client-secret"] = "\(place).client_secret"
    }
  }

  /// A fault in the words of the settings file, where the value came from there.
  public func placed(_ fault: UsageError) -> UsageError {
    let option = String(fault.message.before(anyOf: " :"))
    guard let origin = origins[option] else { return fault }
    return UsageError("\(origin)\(fault.message.dropFirst(bytes: option.utf8.count))")
  }
}
