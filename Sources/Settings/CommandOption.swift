import HybridFlow
import OpenID
import Platform

/// An option of the command line: one row of the table for parser, help and completion.
public struct CommandOption: Sendable, Hashable {
  /// The name with its dashes.
  public let name: String
  /// The name of its value in the help; nil for an option without a value.
  public let argument: String?
  /// The help text.
  public let help: String
  /// The commands that have the option.
  public let commands: Set<Subcommand>
  /// Whether it may be given more than once.
  public let isRepeatable: Bool
  /// The heading in the help.
  public let group: Group

  /// The headings of the help.
  public enum Group: String, Sendable, CaseIterable {
    case connection = "Connection"
    case request = "Request"
    case client = "Client"
    case limits = "Limits"
    case output = "Output"
    case browser = "Browser"
    case export = "Export"
    case lab = "Lab"
    case tenant = "Tenant"
    case general = "General"
  }

  init(
    _ name: String, _ argument: String? = nil, _ group: Group, _ commands: Set<Subcommand>,
    repeatable: Bool = false, _ help: String
  ) {
    self.name = name
    self.argument = argument
    self.group = group
    self.commands = commands
    isRepeatable = repeatable
    self.help = help
  }

  private static let flow: Set<Subcommand> = [.explore, .run, .check, .export]
  private static let login: Set<Subcommand> = [.explore, .run, .export]
  private static let screen: Set<Subcommand> = [.explore, .replay]
  private static let recorded: Set<Subcommand> = [.explore, .run, .lab]

  /// Every option there is.
  public static let all: [CommandOption] = [
    CommandOption(
      "--issuer", "URL", .connection,
      [.explore, .run, .check, .decode, .explain, .export, .tenant],
      "the provider's issuer, exactly as it names itself; without it the demo tenant. For "
        + "decode: whose keys to fetch; without it none. For tenant: what it calls itself when "
        + "it is reached by another name"),
    CommandOption(
      "--profile", "NAME", .connection, flow,
      "a connection of the settings file ('hybrid-flow paths' says where that is)"),
    CommandOption(
      "--preset", "NAME", .connection, flow,
      "auth0, keycloak, okta, okta-org, entra or google: makes the issuer from the next three; "
        + "'hybrid-flow help auth0' says what to switch on there"),
    CommandOption("--domain", "HOST", .connection, flow, "for --preset: the provider's host"),
    CommandOption("--realm", "NAME", .connection, flow, "for --preset keycloak: the realm"),
    CommandOption(
      "--tenant", "ID", .connection, flow,
      "for --preset entra: the tenant; for okta: the authorization server (default)"),
    CommandOption(
      "--authorization-endpoint", "URL", .connection, flow,
      "for a provider without discovery, with the next two"),
    CommandOption("--token-endpoint", "URL", .connection, flow, "the same: its token endpoint"),
    CommandOption("--jwks-uri", "URL", .connection, flow, "the same: its keys"),
    CommandOption(
      "--userinfo-endpoint", "URL", .connection, flow, "the same: its userinfo endpoint, if any"),
    CommandOption(
      "--client-id", "ID", .connection, flow.union([.decode]), "the application's client id"),
    CommandOption(
      "--redirect-uri", "URL", .connection, flow,
      "where the answer is to arrive; port 0 takes a free one (http://localhost:8910/callback)"),
    CommandOption("--api", "URL", .connection, flow, "the API of stage 9 (the userinfo endpoint)"),
    CommandOption(
      "--userinfo", nil, .connection, flow, "ask the userinfo endpoint besides the API"),
    CommandOption(
      "--ca", "FILE", .connection, flow.union([.decode]), "a PEM file with further authorities"),
    CommandOption(
      "--then", "LIST", .connection, [.run, .export],
      "what to do after the flow, in order: " + AfterAction.all.map(\.id).joined(separator: ", ")),

    CommandOption(
      "--response-type", "TYPE", .request, flow.union([.lab]),
      "'code id_token', 'code token' or 'code id_token token' ('code id_token')"),
    CommandOption(
      "--response-mode", "MODE", .request, flow, "form_post, fragment or query (form_post)"),
    CommandOption(
      "--scope", "SCOPES", .request, flow, "separated by spaces ('openid profile email')"),
    CommandOption("--audience", "ID", .request, flow, "the API that the access token is for"),
    CommandOption("--prompt", "VALUE", .request, flow, "none, login, consent or select_account"),
    CommandOption("--max-age", "SECONDS", .request, flow, "how old a sign-in may be"),
    CommandOption(
      "--acr-values", "VALUES", .request, flow, "classes of authentication, best first"),
    CommandOption("--login-hint", "NAME", .request, flow, "the name for the login page"),
    CommandOption("--ui-locales", "TAGS", .request, flow, "languages for the pages, best first"),
    CommandOption("--claims", "JSON", .request, flow, "claims that are asked for one by one"),
    CommandOption(
      "--resource", "URI", .request, flow, repeatable: true,
      "what the access token is for (RFC 8707); may be repeated"),
    CommandOption("--connection", "NAME", .request, flow, "Auth0's connection"),
    CommandOption("--organization", "ID", .request, flow, "Auth0's organization"),
    CommandOption(
      "--param", "NAME=VALUE", .request, flow, repeatable: true,
      "a further parameter; may be repeated"),
    CommandOption(
      "--par", nil, .request, flow,
      "push the request to the provider first (RFC 9126); done unasked where it is demanded"),
    CommandOption(
      "--request-object", nil, .request, flow, "sign the request with the client key (RFC 9101)"),
    CommandOption("--no-pkce", nil, .request, flow.union([.lab]), "send no code challenge"),
    CommandOption(
      "--exchange-at-once", nil, .request, login,
      "run stages 6 to 8 as soon as the answer is trusted: the code cannot run out while you "
        + "explain stage 5"),
    CommandOption("--sign-on-only", nil, .request, flow, "end after stage 5"),

    CommandOption(
      "--client-auth", "METHOD", .client, flow,
      "auto, basic, post, private_key_jwt or none (auto: what the provider prefers)"),
    CommandOption(
      "--client-secret-file", "FILE", .client, flow, "read the client secret from a file"),
    CommandOption(
      "--client-secret-command", "COMMAND", .client, flow,
      "read it from a command's output; run without a shell"),
    CommandOption(
      "--client-key", "FILE", .client, flow,
      "the client's private key, PEM or JWK, for private_key_jwt and signed requests"),
    CommandOption(
      "--client-key-id", "KID", .client, flow,
      "the kid under which the provider knows it (the JWK's own, or its thumbprint)"),
    CommandOption(
      "--client-key-alg", "ALG", .client, flow,
      "RS256, ES256, PS256 and others (by the kind of key)"),
    CommandOption(
      "--client-assertion-audience", "AUD", .client, flow,
      "issuer, token-endpoint or a URL: the aud of private_key_jwt (issuer)"),
    CommandOption(
      "--id-token-alg", "ALG", .client, flow,
      "the algorithm that ID tokens must be signed with (RS256)"),

    CommandOption(
      "--clock-skew", "SECONDS", .limits, flow.union([.decode]), "how far clocks may differ (60)"),
    CommandOption("--wait", "SECONDS", .limits, login, "how long to wait for the answer (300)"),
    CommandOption(
      "--timeout", "SECONDS", .limits, flow.union([.decode]),
      "how long to wait for one response (15)"),

    CommandOption(
      "--json", nil, .output,
      [.run, .check, .decode, .explain, .lab, .replay, .compare],
      "one JSON object a line on standard output"),
    CommandOption(
      "--reveal", nil, .output, [.run, .decode, .replay, .export],
      "show secrets, codes and tokens"),
    CommandOption(
      "--ascii", nil, .output,
      flow.subtracting([.export]).union([.decode, .lab, .replay, .compare]),
      "draw with ASCII characters only"),
    CommandOption(
      "--plain", nil, .output, flow.subtracting([.export]).union([.replay]),
      "everything in reading order, as headings and lists: for screen readers, pipes and files"),
    CommandOption(
      "--record", "FILE", .output, recorded,
      "write the run to a new file while it goes on, secrets masked; 'hybrid-flow replay FILE' "
        + "plays it"),
    CommandOption(
      "--record-secrets", nil, .output, recorded,
      "keep every secret in the recording: never hand such a file on"),
    CommandOption(
      "--overwrite", nil, .output, recorded, "with --record: replace a file that is there"),
    CommandOption(
      "--theme", "NAME|FILE", .output, screen.union([.export]),
      "one of 'hybrid-flow theme list', or a file"),
    CommandOption(
      "--projector", nil, .output, screen, "the light theme with the strongest contrast"),
    CommandOption(
      "--present", nil, .output, screen, "begin in presenter mode: secrets stay masked"),
    CommandOption("--color", "WHEN", .output, screen, "auto, never, 16 or 256 (auto)"),
    CommandOption(
      "--no-mouse", nil, .output, screen, "leave the mouse to the terminal; m takes it"),
    CommandOption(
      "--no-query", nil, .output, screen, "do not ask the terminal for its background colour"),

    CommandOption(
      "--browser", nil, .browser, login, "use the real browser on the demo tenant as well"),
    CommandOption("--no-browser", nil, .browser, login, "open no browser, only show the URL"),

    CommandOption(
      "--list", nil, .output, [.lab, .replay],
      "list the faults and what must catch each; for replay: the recordings"),
    CommandOption(
      "--make", "FILE", .output, [.replay],
      "make the recordings that come along anew and write them to a file"),
    CommandOption(
      "--format", "FORMAT", .export, [.export], ExportFormat.names),
    CommandOption(
      "--output", "FILE", .export, [.export],
      "where to write; a new file that only you can read; - is standard output, and so is "
        + "nothing. For svg, a folder with a slash at its end takes one picture a stage"),
    CommandOption("--force", nil, .export, [.export], "replace the file if it is there already"),
    CommandOption(
      "--lab", "FAULT", .lab, [.explore, .export],
      "commit this fault on the demo tenant, as 'hybrid-flow lab' does: the explorer stands where "
        + "it is caught, export hands that run on"),
    CommandOption(
      "--size", "COLSxROWS", .export, [.export],
      "the size of the screen for asciicast and svg "
        + "(\(ExportFormat.usualColumns)x\(ExportFormat.usualRows))"),

    CommandOption("--all", nil, .lab, [.lab], "commit every fault, without sockets"),
    CommandOption(
      "--without-check", "ID", .lab, [.lab, .export], repeatable: true,
      "let the run go on although this check fails; on the demo tenant only"),

    CommandOption(
      "--port", "N", .tenant, [.tenant], "the port to listen at; 0 takes a free one (9000)"),
    CommandOption(
      "--bind", "ADDRESS", .tenant, [.tenant],
      "the address to listen at (localhost, both families)"),
    CommandOption(
      "--expose", nil, .tenant, [.tenant],
      "allow a --bind address that others on the network can reach: by that address, or by the name "
        + "in --issuer"),
    CommandOption(
      "--client", "FIELDS", .tenant, [.tenant], repeatable: true,
      "'id=ID,secret-file=FILE,redirect-uri=URI'; redirect-uri may be repeated, and so may "
        + "--client; also secret-command, jwks-file (the client's public keys, for private_key_jwt), "
        + "post-logout-redirect-uri, name, auth, first-party"),
    CommandOption("--settings", "FILE", .tenant, [.tenant], "all of it from a JSON file"),

    CommandOption("--help", nil, .general, Set(Subcommand.allCases), "show this help"),
    CommandOption("--version", nil, .general, Set(Subcommand.allCases), "show the version"),
  ]

  /// The options of a command in the order of the table.
  public static func of(_ command: Subcommand) -> [CommandOption] {
    all.filter { $0.commands.contains(command) }
  }
}

/// A parsed command line.
public struct Invocation: Sendable, Equatable {
  /// The command.
  public var command: Subcommand
  /// The values by option name; an option without a value has an empty one.
  public var values: [String: [String]]
  /// The operands after the command.
  public var operands: [String]
  /// Where the client secret comes from, according to the profile.
  public var secretOrigin: ClientSecretOrigin?
  /// The profile's credentials that belong to another provider than the command line names.
  var withheld: WithheldSecret?
  /// Whether profile and settings have been filled in.
  var isCompleted = false
  /// Where values come from that are not from the command line, by option, for messages.
  public var origins: [String: String] = [:]

  /// Makes an invocation from parsed values.
  public init(command: Subcommand, values: [String: [String]], operands: [String]) {
    self.command = command
    self.values = values
    self.operands = operands
  }

  /// The last value of an option.
  public subscript(name: String) -> String? { values[name]?.last }
  /// Whether an option was given.
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// Parses the arguments after the program's name.
  public static func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
    var rest = arguments[...]
    var command = Subcommand.explore
    if let first = rest.first, !first.begins(with: "-") {
      guard let known = Subcommand(rawValue: first) else { throw .unknownCommand(first) }
      command = known
      rest = rest.dropFirst()
    }
    var invocation = Invocation(command: command, values: [:], operands: [])
    while let word = rest.popFirst() {
      if word == "--" {
        for operand in rest { try invocation.add(operand: operand) }
        break
      }
      if word.begins(with: "-"), word != "-" {
        try invocation.add(option: word, &rest)
      } else {
        try invocation.add(operand: word)
      }
    }
    return invocation
  }

  private mutating func add(operand: String) throws(UsageError) {
    guard operands.count < command.mostOperands else {
      throw UsageError(
        "\"\(operand)\" is one word too many for \"\(command.rawValue)\". "
          + "See hybrid-flow help \(command.rawValue).")
    }
    operands.append(operand)
  }

  private mutating func add(
    option word: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var name = word
    var value: String?
    if let (before, after) = word.cut(at: "=") { (name, value) = (String(before), String(after)) }
    if name == "-h" { name = "--help" }
    if name == "--client-secret" { throw .clientSecretArgument }
    guard let option = CommandOption.all.first(where: { $0.name == name }) else {
      throw .unknownOption(name, command)
    }
    guard option.commands.contains(command) else {
      let owners = Subcommand.allCases.filter(option.commands.contains).map(\.rawValue)
      throw UsageError(
        "\(name) is no option of \"\(command.rawValue)\", but of \(owners.joined(separator: ", "))."
      )
    }
    if let argument = option.argument {
      guard let given = value ?? rest.popFirst() else {
        throw UsageError("\(name) needs a value: \(name) \(argument).")
      }
      value = given
    } else if value != nil {
      throw UsageError("\(name) takes no value.")
    }
    guard values[name] == nil || option.isRepeatable || option.argument == nil else {
      throw UsageError("\(name) is there twice. Give it once.")
    }
    values[name, default: []].append(value ?? "")
  }
}

extension UsageError {
  /// The error for an unknown command, with a list of the known ones.
  ///
  /// - Parameter presets: The presets allowed in the same position; empty where none is.
  public static func unknownCommand(_ word: String, presets: [String] = []) -> UsageError {
    let names = Subcommand.listed.map(\.rawValue)
    let more = presets.isEmpty ? "" : " The presets are \(presets.joined(separator: ", "))."
    let hint =
      Spelling.nearest(to: word, among: names + presets).map { " Did you mean \"\($0)\"?" } ?? ""
    return UsageError(
      "\"\(word)\" is no command.\(hint) The commands are \(names.joined(separator: ", ")).\(more)")
  }

  static func unknownOption(_ word: String, _ command: Subcommand) -> UsageError {
    let names = CommandOption.of(command).map(\.name)
    let hint = Spelling.nearest(to: word, among: names).map { " Did you mean \($0)?" } ?? ""
    return UsageError(
      "\(word) is no option.\(hint) See hybrid-flow help \(command.rawValue).")
  }

  static let clientSecretArgument = UsageError(
    "The client secret is never an argument: other users of this machine can read arguments. "
      + "Use HYBRID_FLOW_CLIENT_SECRET, --client-secret-file FILE, "
      + "--client-secret-command 'COMMAND', or wait to be asked for it.")
}

/// Suggests a word for a misspelled one.
enum Spelling {
  /// Longer words are not typing errors, and would take long to compare.
  private static let mostBytes = 40

  /// The nearest word if it is near enough.
  static func nearest(to word: String, among words: [String]) -> String? {
    guard word.utf8.count <= mostBytes else { return nil }
    let ranked = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.utf8.count / 4) else {
      return nil
    }
    return best.0
  }

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
