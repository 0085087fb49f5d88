import HybridFlow
import Network
import OpenID
import Platform
import Preflight
import Presentation
import Session
import Settings

/// A connection that is ready, except for its secret.
struct PreparedConnection {
  /// The identity.
  var id: ConnectionID
  /// The name.
  var name: String
  /// The flow and the session; without a secret that is not known yet.
  var connection: Connection
  /// Where the secret comes from; nil if that is not configured.
  var origin: ClientSecretOrigin?

  /// Whether the person has to be asked for the secret.
  var wantsSecret: Bool {
    let configuration = connection.configuration
    let method = configuration.clientAuthentication
    guard !connection.isDemo, origin == nil, configuration.clientSecret == nil,
      method != ClientAuthenticationMethod.none, configuration.appleTeam == nil
    else { return false }
    return !configuration.provesItselfWithoutSecret
  }

  /// Where the secret comes from, in words; never the secret.
  var secretWords: String {
    if connection.configuration.appleTeam != nil { return "signed anew for each request" }
    if connection.isDemo { return "made anew with each start" }
    switch origin?.source {
    case .environment(let name)?: return "from the variable \(name)"
    case .file(let path)?: return "from the file \(path)"
    case .command(let line)?:
      // The first word only: the others may be private.
      return "from the command \(line.split(at: " ").first.map(String.init) ?? "")"
    case .value?: return "in the settings file itself"
    case nil: break
    }
    if connection.configuration.clientAuthentication == ClientAuthenticationMethod.none {
      return "none: a public client"
    }
    if connection.configuration.clientSecret != nil { return "given at the start" }
    return wantsSecret ? "asked for each time" : "none: the client signs with its key"
  }
}

/// The connections of the explorer: the demo tenant, the command line's and the profiles.
///
/// It reads the settings for every request, so that changes by others count too.
public final class ConnectionController {
  /// The command-line options about this machine rather than a provider: they apply to every
  /// connection.
  static let carried: Set<Setting> = [.noBrowser, .browser, .ca, .timeout, .wait, .clockSkew]

  /// The connection on the screen.
  var inUse: ConnectionID
  /// The settings file.
  let file: SettingsFile
  let resolver: SecretResolver
  /// The connection whose secret the person is asked for.
  var awaited: PreparedConnection?
  /// The running check of a tenant, and the demo tenant that was started for it.
  var check: TenantCheck?
  var checkedTenant: TenantHost?

  /// The profile of the form, as it was in the file.
  private var opened: JSONValue?
  /// The profiles as they were last read for the form.
  private var known: [Profile] = []
  /// What is wrong with a file that the form names, and the names by which it was read.
  private var fileFault: (names: [String], fault: ProfileForm.Fault)?
  private let given: Invocation
  private let started: Connection
  private let source: ClientSecretSource

  /// Makes a controller.
  ///
  /// - Parameters:
  ///   - given: The command line, without values from the settings.
  ///   - started: Its connection, before the demo tenant is started.
  ///   - environment: The environment for variables, commands and settings.
  public init(
    given: Invocation, started: Connection, environment: [String: String], loop: PollLoop
  ) {
    (self.given, self.started) = (given, started)
    file = SettingsFile(environment: environment)
    // A person cannot be asked at a terminal on which the explorer draws.
    source = ClientSecretSource(environment: environment)
    resolver = SecretResolver(source: source, loop: loop)
    inUse = Self.id(of: given, started)
  }

  private static func id(of given: Invocation, _ started: Connection) -> ConnectionID {
    let others = Setting.options(of: .explore).filter {
      [.connection, .request, .client].contains($0.group) && given.has($0) && $0 != .profile
        && !carried.contains($0)
    }
    if let name = given[.profile], others.isEmpty { return .profile(name) }
    return started.isDemo && given[.profile] == nil ? .demo : .commandLine
  }

  // MARK: What there is

  /// All connections, and the error in the settings if there is one.
  func list() -> ConnectionList {
    var entries = [entry(.demo)]
    if started.isDemo == false || given.has(.profile),
      Self.id(of: given, started) == .commandLine
    {
      entries.append(entry(.commandLine))
    }
    do throws(UsageError) {
      let settings = try file.read()
      entries += settings.profiles.map { entry($0) }
      return ConnectionList(entries: entries, inUse: inUse, path: short(file.path))
    } catch {
      return ConnectionList(
        entries: entries, inUse: inUse, path: short(file.path), fault: short(error.message))
    }
  }

  /// With `~` for the home folder, to save room on the screen.
  func short(_ text: String) -> String {
    file.home.utf8.count > 1 ? text.replacing(bytes: file.home + "/", with: "~/") : text
  }

  /// The message like `short`, without the settings file, which is already on the screen.
  func brief(_ error: UsageError) -> String {
    var error = error
    if error.place?.file == file.path { error.place?.file = nil }
    return short(error.message.dropping(prefix: " ").map { String($0) } ?? error.message)
  }

  private func entry(_ id: ConnectionID) -> ConnectionEntry {
    do throws(UsageError) {
      let prepared = try prepare(id)
      return entry(prepared)
    } catch {
      return ConnectionEntry(
        id: id, name: "?", issuer: "", clientID: "", responseType: "", secret: "",
        fault: error.message)
    }
  }

  private func entry(_ profile: Profile) -> ConnectionEntry {
    do throws(UsageError) {
      return entry(try prepare(profile))
    } catch {
      return ConnectionEntry(
        id: .profile(profile.name), name: profile.name,
        issuer: profile.json["issuer"]?.string ?? "",
        clientID: profile.json["client_id"]?.string ?? "",
        responseType: profile.json["response_type"]?.string ?? "", secret: "",
        fault: brief(error))
    }
  }

  private func entry(_ prepared: PreparedConnection) -> ConnectionEntry {
    let configuration = prepared.connection.configuration
    return ConnectionEntry(
      id: prepared.id, name: prepared.name,
      issuer: prepared.connection.isDemo ? "part of this program" : configuration.issuer.text,
      clientID: configuration.clientID, responseType: configuration.responseType.rawValue,
      secret: short(prepared.secretWords))
  }

  // MARK: Reading one

  /// Reads a connection, except its secret.
  ///
  /// - Throws: ``UsageError`` that names the place and what it should be.
  func prepare(_ id: ConnectionID) throws(UsageError) -> PreparedConnection {
    switch id {
    case .commandLine:
      return PreparedConnection(id: id, name: "command line", connection: started)
    case .demo:
      let isStarted = started.isDemo && given[.profile] == nil
      let connection = isStarted ? started : try read(invocation())
      return PreparedConnection(id: id, name: "demo tenant", connection: connection)
    case .profile(let name):
      guard let profile = try file.read().profile(name) else {
        throw UsageError(at: file.place, " there is no profile \(name) any more.")
      }
      return try prepare(profile)
    }
  }

  /// Reads a profile, saved or not.
  ///
  /// - Parameter readsFiles: Whether certificates and keys are read; without, the connection can be
  ///   judged but not used.
  func prepare(
    _ profile: Profile, readsFiles: Bool = true
  ) throws(UsageError) -> PreparedConnection {
    var invocation = invocation()
    invocation.add(profile, file)
    let origin = invocation.secretOrigin
    invocation.secretOrigin = nil
    let connection: Connection
    do throws(UsageError) {
      connection = try read(invocation, readsFiles: readsFiles)
    } catch {
      throw invocation.placed(error)
    }
    let method = connection.configuration.clientAuthentication
    if let origin, method == ClientAuthenticationMethod.none {
      throw UsageError(
        at: origin.place, ": client_auth none is for clients without a secret. Leave one out.")
    }
    return PreparedConnection(
      id: .profile(profile.name), name: profile.name, connection: connection, origin: origin)
  }

  private func invocation() -> Invocation {
    Invocation(
      command: .explore, values: given.values.filter { Self.carried.contains($0.key) },
      operands: [])
  }

  private func read(
    _ invocation: Invocation, readsFiles: Bool = true
  ) throws(UsageError) -> Connection {
    // The variable is for the command line's own provider; profiles name their own.
    var connection = try Connection.read(
      completed: invocation.withPreset(), ClientSecretSource(environment: [:]), needsSecret: false,
      readsFiles: readsFiles)
    connection.session.environment = source.environment
    connection.session.secretVariables = started.session.secretVariables
    return connection
  }

  // MARK: Forms

  /// The form of a profile; nil makes an empty one.
  func form(of name: String?) throws(UsageError) -> ProfileForm {
    let settings = try file.read()
    (opened, fileFault) = (nil, nil)
    guard let name else {
      return judged(ProfileEditor.form(nil, environment: source.environment), readsFiles: true)
    }
    guard let profile = settings.profile(name) else {
      throw UsageError(at: file.place, " there is no profile \(name) any more.")
    }
    opened = profile.json
    return judged(ProfileEditor.form(profile, environment: source.environment), readsFiles: true)
  }

  /// The form with its current error and notes.
  ///
  /// - Parameter readsFiles: Whether the settings, certificates and keys are read. While a person
  ///   types they are not: what is known of them is remembered.
  func judged(_ form: ProfileForm, readsFiles: Bool = false) -> ProfileForm {
    var form = form
    ProfileEditor.arrange(&form)
    started.session.secretVariables.stands(inForm: ProfileEditor.secretVariable(form))
    if readsFiles { readProfiles() }
    form.fault = fault(in: form, readsFiles: readsFiles)
    return form
  }

  private func fault(in form: ProfileForm, readsFiles: Bool) -> ProfileForm.Fault? {
    let profile: Profile
    do throws(UsageError) {
      profile = try knownProfile(form)
    } catch {
      let fault = fault(error, isStrict: true)
      // An untouched form is empty, not wrong.
      let isEmpty = form.original == nil && form.value(ProfileEditor.nameID).isEmpty
      return isEmpty && fault.row == ProfileEditor.nameID ? nil : fault
    }
    if let missing = ProfileEditor.missing(form) { return missing }
    do throws(UsageError) {
      _ = try prepare(profile, readsFiles: false)
    } catch {
      return fault(error, isStrict: false)
    }
    let names = ProfileEditor.fileNames(form)
    if readsFiles {
      fileFault = nil
      do throws(UsageError) {
        _ = try prepare(profile)
      } catch {
        fileFault = (names, fault(error, isStrict: false))
      }
    }
    return fileFault.flatMap { $0.names == names ? $0.fault : nil }
  }

  private func fault(_ error: UsageError, isStrict: Bool) -> ProfileForm.Fault {
    ProfileForm.Fault(
      row: ProfileEditor.row(of: error),
      message: ProfileEditor.inForm(brief(ProfileEditor.inProfile(error))), isStrict: isStrict)
  }

  /// The profile from a form, on top of what is now in the file.
  func profile(_ form: ProfileForm) throws(UsageError) -> Profile {
    readProfiles()
    return try knownProfile(form)
  }

  private func readProfiles() { known = (try? file.read().profiles) ?? [] }

  private func knownProfile(_ form: ProfileForm) throws(UsageError) -> Profile {
    // A profile deleted from the file meanwhile is still the base of the form.
    let base = form.original.flatMap { name in
      known.first { $0.name.isIdentical(to: name) }?.json ?? opened
    }
    let profile = try ProfileEditor.profile(form, base: base)
    let isNew = form.original.map { !$0.isIdentical(to: profile.name) } ?? true
    if isNew, known.contains(where: { $0.name.isIdentical(to: profile.name) }) {
      throw UsageError(
        at: .init([ProfileEditor.nameID]),
        ": there is a profile \(profile.name) already. Take another name.")
    }
    return profile
  }
}
