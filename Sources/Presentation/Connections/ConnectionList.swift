import OpenID
import TextUI

/// Which connection is meant.
public enum ConnectionID: Sendable, Hashable {
  /// The built-in tenant.
  case demo
  /// What the command line said.
  case commandLine
  /// A profile of the settings file.
  case profile(String)
}

/// A connection that can be used, as the explorer tells of it; never with its secret.
public struct ConnectionEntry: Sendable, Equatable {
  /// Which one.
  public let id: ConnectionID
  /// What it is called.
  public let name: String
  /// The issuer, or why there is none.
  public let issuer: String
  /// The client's identifier.
  public let clientID: String
  /// The response type in words, such as `code id_token`.
  public let responseType: String
  /// Where the client secret comes from; never the secret.
  public let secret: String
  /// Why it cannot be used as it is; nil when it can.
  public let fault: String?

  /// Describes a connection; the texts are made harmless.
  public init(
    id: ConnectionID, name: String, issuer: String, clientID: String, responseType: String,
    secret: String, fault: String? = nil
  ) {
    self.id = id
    self.name = HarmlessText.line(name)
    self.issuer = HarmlessText.line(issuer)
    self.clientID = HarmlessText.line(clientID)
    self.responseType = HarmlessText.line(responseType)
    self.secret = HarmlessText.line(secret)
    self.fault = fault.map(HarmlessText.line)
  }

  /// The profile's name in the settings file; nil for what does not stand there.
  var profile: String? {
    if case .profile(let name) = id { name } else { nil }
  }
}

/// Every connection there is.
public struct ConnectionList: Sendable, Equatable {
  /// The demo tenant first, then the command line, then the profiles in the file's order.
  public let entries: [ConnectionEntry]
  /// The one whose flow is on the screen.
  public let inUse: ConnectionID
  /// The settings file.
  public let path: String
  /// File, place and reason, when the settings cannot be read; nothing is written to them then.
  public let fault: String?

  /// Describes the connections; the texts are made harmless.
  public init(entries: [ConnectionEntry], inUse: ConnectionID, path: String, fault: String? = nil) {
    (self.entries, self.inUse) = (entries, inUse)
    self.path = HarmlessText.line(path)
    self.fault = fault.map(HarmlessText.line)
  }
}

/// What the person wants done about connections.
public enum ConnectionOrder: Sendable, Equatable {
  /// Gather them and offer them to the model.
  case list
  /// Start over at this one.
  case use(ConnectionID)
  /// Look at this one without a login; nil means the one in use.
  case check(ConnectionID?)
  /// Look at what is being filled in.
  case checkForm(ProfileForm)
  /// Give the look up.
  case endCheck
  /// Open the form of a profile; nil means a new one.
  case edit(String?)
  /// Say what is wrong with the form as it stands, and what is known by now.
  case judge(ProfileForm)
  /// Write the form into the settings.
  case save(ProfileForm)
  /// Take a profile out of the settings.
  case delete(String)
  /// The client secret that was asked for.
  case secret(Secret)
  /// Wait for a secret no longer.
  case giveUp
}

/// The list of connections over the panes.
struct ConnectionMenu: Sendable, Equatable {
  /// What is waited for before a connection can be used.
  enum Wait: Sendable, Equatable {
    /// A program prints the secret; what it is called.
    case program(String)
    /// The person types it.
    case typing(client: String, TextEntry)
  }

  var list: ConnectionList
  var index = 0
  /// What happened last.
  var message: String?
  var isBad = false
  var wait: Wait?
  /// The profile that is about to be deleted.
  var deletes: String?

  init(_ list: ConnectionList) {
    self.list = list
    index = list.entries.firstIndex { $0.id == list.inUse } ?? 0
  }

  var chosen: ConnectionEntry? { list.entries.indices.contains(index) ? list.entries[index] : nil }
}

extension ExplorerModel {
  /// Opens the list of connections, or brings it up to date; ``ConnectionOrder/list`` asks for it.
  public mutating func offer(connections list: ConnectionList, marking id: ConnectionID? = nil) {
    guard var menu = modes.connections else {
      modes.connections = ConnectionMenu(list)
      return
    }
    let here = id ?? menu.chosen?.id
    menu.index =
      list.entries.firstIndex { $0.id == here }
      ?? min(menu.index, max(0, list.entries.count - 1))
    menu.list = list
    modes.connections = menu
  }

  /// Says in the list what came of it.
  public mutating func tellConnections(_ text: String, isBad: Bool = false) {
    modes.connections?.wait = nil
    modes.connections?.message = HarmlessText.line(text)
    modes.connections?.isBad = isBad
    if modes.connections == nil { say(HarmlessText.line(text)) }
  }

  /// Says that a program is asked for the secret.
  public mutating func awaitSecret(of program: String) {
    modes.connections?.message = nil
    modes.connections?.wait = .program(HarmlessText.line(program))
  }

  /// Asks the person for a client's secret; what is typed is not shown.
  public mutating func askSecret(of client: String) {
    modes.connections?.message = nil
    modes.connections?.wait = .typing(
      client: HarmlessText.line(client), TextEntry(limit: 4096, isRaw: true))
  }

  /// Shows the run of another connection from now on, with everything masked.
  public mutating func connect(to summary: RunSummary) {
    self.summary = summary
    revealsSecrets = false
    modes.connections = nil
    modes.profile = nil
    modes.findings = nil
    modes.lab = nil
    modes.play = nil
    view = .wire
  }

  var chosenProfileUnavailable: String? {
    guard let entry = modes.connections?.chosen else { return "there is no connection" }
    switch entry.id {
    case .profile: return nil
    case .demo: return "the demo tenant is built in; a adds a connection of your own"
    case .commandLine: return "this one is the command line\u{2019}s; a adds one to the settings"
    }
  }

  var addProfileUnavailable: String? {
    modes.connections?.list.fault == nil
      ? nil : "the settings cannot be read, and nothing is written over them"
  }

  var takeSecretUnavailable: String? {
    switch modes.connections?.wait {
    case .typing(_, let entry)?: entry.text.isEmpty ? "the secret is still to be typed" : nil
    case .program?: "a program is asked for the secret"
    case nil: "no secret is waited for"
    }
  }

  var connectionsUnavailable: String? {
    offersConnections ? nil : "there is one connection only here"
  }

  static let unusable = "This one cannot be used as it is; e edits it."

  mutating func moveConnections(to index: Int) {
    modes.connections?.index = index
    modes.connections?.message = nil
  }

  /// What the keys of the list do.
  mutating func performConnections(_ command: KeyCommand) -> [ExplorerAction] {
    switch command {
    case .connections: return [.connections(.list)]
    case .useConnection:
      guard let entry = modes.connections?.chosen else { return [] }
      if entry.fault != nil {
        say(Self.unusable)
        return []
      }
      return [.connections(.use(entry.id))]
    case .addProfile: return [.connections(.edit(nil))]
    case .editProfile:
      return modes.connections?.chosen?.profile.map { [.connections(.edit($0))] } ?? []
    case .deleteProfile:
      let name = modes.connections?.chosen?.profile
      modes.connections?.deletes = name
    case .closeConnections: modes.connections = nil
    case .takeSecret:
      guard case .typing(_, let entry)? = modes.connections?.wait else { return [] }
      modes.connections?.wait = nil
      return [.connections(.secret(Secret(entry.text)))]
    case .leaveSecret:
      modes.connections?.wait = nil
      return [.connections(.giveUp)]
    case .confirm: return confirm()
    case .decline:
      modes.connections?.deletes = nil
      modes.profile?.asksToLeave = false
    default: return performProfile(command)
    }
    return []
  }

  private mutating func confirm() -> [ExplorerAction] {
    if modes.profile?.asksToLeave == true {
      modes.profile = nil
      return []
    }
    guard let name = modes.connections?.deletes else { return [] }
    modes.connections?.deletes = nil
    return [.connections(.delete(name))]
  }
}
