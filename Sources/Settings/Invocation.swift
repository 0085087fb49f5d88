import OpenID
import Platform

/// A parsed command line.
public struct Invocation: Sendable, Equatable {
  /// The command.
  public var command: Subcommand
  /// The values by option; an option without a value has an empty one.
  public var values: [Setting: [String]]
  /// The operands after the command.
  public var operands: [String]
  /// Where the client secret comes from, according to the profile.
  public var secretOrigin: ClientSecretOrigin?
  /// The profile's credentials that belong to another provider than the command line names.
  var withheld: WithheldSecret?
  /// Whether profile and settings have been filled in.
  var isCompleted = false
  /// Where values come from that are not from the command line, for messages.
  var origins: [Setting: UsageError.Place] = [:]

  /// Makes an invocation from parsed values.
  public init(command: Subcommand, values: [Setting: [String]], operands: [String]) {
    self.command = command
    self.values = values
    self.operands = operands
  }

  /// The last value of an option.
  public subscript(setting: Setting) -> String? { values[setting]?.last }
  /// Every value of an option.
  public func all(_ setting: Setting) -> [String] { values[setting] ?? [] }
  /// Whether an option was given.
  public func has(_ setting: Setting) -> Bool { values[setting] != nil }

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
    if name == "-h" { name = Setting.help.name }
    if name == "--client-secret" { throw .clientSecretArgument }
    guard let option = Setting.option(name) else {
      throw .unknownOption(name, command)
    }
    guard option.commands.contains(command) else {
      let owners = Subcommand.allCases.filter(option.commands.contains).map(\.rawValue)
      throw UsageError(
        "\(name) is no option of \"\(command.rawValue)\", but of \(owners.joined(separator: ", "))."
      )
    }
    if let alone = option.alone {
      if value == nil, case .choice(let words) = option.kind, let next = rest.first,
        words.contains(next)
      {
        value = rest.popFirst()
      }
      value = value ?? alone
    } else if let argument = option.argument {
      guard let given = value ?? rest.popFirst() else {
        throw UsageError("\(name) needs a value: \(name) \(argument).")
      }
      value = given
    } else if value != nil {
      throw UsageError("\(name) takes no value.")
    }
    guard !has(option) || option.isRepeatable || option.argument == nil else {
      throw UsageError("\(name) is there twice. Give it once.")
    }
    values[option, default: []].append(value ?? "")
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
    let names = Setting.options(of: command).map(\.name)
    let hint = Spelling.nearest(to: word, among: names).map { " Did you mean \($0)?" } ?? ""
    return UsageError(
      "\(word) is no option.\(hint) See hybrid-flow help \(command.rawValue).")
  }

  static let clientSecretArgument = UsageError(
    "The client secret is never an argument: other users of this machine can read arguments. "
      + "Use HYBRID_FLOW_CLIENT_SECRET, --client-secret-file FILE, "
      + "--client-secret-command 'COMMAND', or wait to be asked for it.")
}
