import OpenID
import TextUI

/// The identity of a connection.
public enum ConnectionID: Sendable, Hashable {
  /// The built-in demo tenant.
  case demo
  /// The connection on the command line.
  case commandLine
  /// A profile of the settings file.
  case profile(String)
}

/// A usable connection as the explorer shows it; never with its secret.
public struct ConnectionEntry: Sendable, Equatable {
  /// The identity.
  public let id: ConnectionID
  /// The name.
  public let name: String
  /// The issuer, or why there is none.
  public let issuer: String
  /// The client's identifier.
  public let clientID: String
  /// The response type, such as `code id_token`.
  public let responseType: String
  /// Where the client secret comes from; never the secret.
  public let secret: String
  /// Why it cannot be used as it is; nil when it can.
  public let fault: String?

  /// Makes an entry; the texts are made harmless.
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

  /// The profile's name in the settings file; nil if it is not there.
  var profile: String? {
    if case .profile(let name) = id { name } else { nil }
  }
}

/// All connections.
public struct ConnectionList: Sendable, Equatable {
  /// The demo tenant first, then the command line, then the profiles in the file's order.
  public let entries: [ConnectionEntry]
  /// The connection of the current run.
  public let inUse: ConnectionID
  /// The settings file.
  public let path: String
  /// File, place and reason if the settings cannot be read; then nothing is written to them.
  public let fault: String?

  /// Makes a list; the texts are made harmless.
  public init(entries: [ConnectionEntry], inUse: ConnectionID, path: String, fault: String? = nil) {
    (self.entries, self.inUse) = (entries, inUse)
    self.path = HarmlessText.line(path)
    self.fault = fault.map(HarmlessText.line)
  }
}

/// A person's request about connections.
public enum ConnectionOrder: Sendable, Equatable {
  /// List them.
  case list
  /// Start over with this one.
  case use(ConnectionID)
  /// Check this one without a login; nil means the one in use.
  case check(ConnectionID?)
  /// Check the one in the form.
  case checkForm(ProfileForm)
  /// Stop the check.
  case endCheck
  /// Open the form of a profile; nil means a new one.
  case edit(String?)
  /// Validate the form while it is typed: by what is known, without reading a file.
  case judge(ProfileForm)
  /// Validate the form after a field was changed and left, with the files that it names.
  case judgeFiles(ProfileForm)
  /// Save the form in the settings.
  case save(ProfileForm)
  /// Delete a profile from the settings.
  case delete(String)
  /// The client secret that the person was asked for.
  case secret(Secret)
  /// Stop waiting for a secret.
  case giveUp
}

/// The list of connections over the panes.
struct ConnectionMenu: Sendable, Equatable {
  /// What the connection waits for before it can be used.
  enum Wait: Sendable, Equatable {
    /// A program prints the secret; the program's name.
    case program(String)
    /// The person types it.
    case typing(client: String, TextEntry)
  }

  var list: ConnectionList
  var index = 0
  /// The latest message.
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
  /// Opens or updates the list of connections; the answer to ``ConnectionOrder/list``.
  public mutating func offer(connections list: ConnectionList, marking id: ConnectionID? = nil) {
    guard var menu = overlays[ConnectionMenu.self] else {
      overlays.push(ConnectionMenu(list))
      return
    }
    let here = id ?? menu.chosen?.id
    menu.index =
      list.entries.firstIndex { $0.id == here }
      ?? min(menu.index, max(0, list.entries.count - 1))
    menu.list = list
    overlays[ConnectionMenu.self] = menu
  }

  /// Shows a result in the list.
  public mutating func tellConnections(_ text: String, isBad: Bool = false) {
    overlays[ConnectionMenu.self]?.wait = nil
    overlays[ConnectionMenu.self]?.message = HarmlessText.line(text)
    overlays[ConnectionMenu.self]?.isBad = isBad
    if overlays[ConnectionMenu.self] == nil { say(HarmlessText.line(text)) }
  }

  /// Shows that a program is asked for the secret.
  public mutating func awaitSecret(of program: String) {
    overlays[ConnectionMenu.self]?.message = nil
    overlays[ConnectionMenu.self]?.wait = .program(HarmlessText.line(program))
  }

  /// Asks the person for a client's secret; the input is hidden.
  public mutating func askSecret(of client: String) {
    overlays[ConnectionMenu.self]?.message = nil
    overlays[ConnectionMenu.self]?.wait = .typing(
      client: HarmlessText.line(client), TextEntry(limit: 4096, isRaw: true))
  }

  /// Switches to the run of another connection, with all secrets masked.
  public mutating func connect(to summary: RunSummary) {
    self.summary = summary
    revealsSecrets = false
    overlays = OverlayStack()
    modes.play = nil
    view = .wire
  }

  var connectionsUnavailable: String? {
    offersConnections ? nil : "there is one connection only here"
  }

  /// Checks the marked connection, or the one in use if no list is open.
  mutating func checkConnection() -> [ExplorerAction] {
    let entry = overlays[ConnectionMenu.self]?.chosen
    if entry?.fault != nil {
      say(ConnectionMenu.unusable)
      return []
    }
    return [.connections(.check(entry?.id))]
  }
}

extension ConnectionMenu: Overlay {
  var context: KeyContext { deletes != nil ? .confirm : wait != nil ? .secret : .connections }

  fileprivate static let unusable = "This one cannot be used as it is; e edits it."

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: return accept(&model)
    case .close: return close()
    case .add: return .stays([.connections(.edit(nil))])
    case .edit: return .stays(chosen?.profile.map { [.connections(.edit($0))] } ?? [])
    case .delete: deletes = chosen?.profile
    case .toggle, .filter, .nextChoice, .previousChoice, .undo, .reset, .save, .check, .compare:
      return .notMine
    }
    return .stays()
  }

  /// Deletes, takes the secret, or uses the marked connection, depending on the state.
  private mutating func accept(_ model: inout ExplorerModel) -> OverlayOutcome {
    if let name = deletes {
      deletes = nil
      return .stays([.connections(.delete(name))])
    }
    if case .typing(_, let entry)? = wait {
      wait = nil
      return .stays([.connections(.secret(Secret(entry.text)))])
    }
    guard let chosen else { return .stays() }
    guard chosen.fault == nil else {
      model.say(Self.unusable)
      return .stays()
    }
    return .stays([.connections(.use(chosen.id))])
  }

  private mutating func close() -> OverlayOutcome {
    if deletes != nil {
      deletes = nil
      return .stays()
    }
    guard wait != nil else { return .closes() }
    wait = nil
    return .stays([.connections(.giveUp)])
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    switch command {
    case .accept:
      guard context == .secret else { return nil }
      guard case .typing(_, let entry)? = wait else { return "a program is asked for the secret" }
      return entry.text.isEmpty ? "the secret is still to be typed" : nil
    case .add:
      return list.fault == nil
        ? nil : "the settings cannot be read, and nothing is written over them"
    case .edit, .delete:
      switch chosen?.id {
      case .profile?: return nil
      case .demo?: return "the demo tenant is built in; a adds a connection of your own"
      case .commandLine?:
        return "this one is the command line\u{2019}s; a adds one to the settings"
      case nil: return "there is no connection"
      }
    case .close, .toggle, .filter, .nextChoice, .previousChoice, .undo, .reset, .save, .check,
      .compare:
      return nil
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    guard context == .connections else { return }
    mark(movement.from(index, page: model.overlayPage, last: list.entries.count - 1))
  }

  private mutating func mark(_ index: Int) {
    self.index = index
    message = nil
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard context == .secret, case .typing(let client, var entry)? = wait, entry.edit(key) else {
      return .notMine
    }
    wait = .typing(client: client, entry)
    return .stays()
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    if context == .connections { mark(item) }
    return .stays()
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome {
    context == .connections ? .closes() : .stays()
  }

  func paint(_ painter: inout Painter) { ConnectionOverlay.paint(self, &painter) }
}
