import Diagnosis
import Explorer
import HybridFlow
import Lab
import OpenID
import Platform
import Presentation
import Recording
import Settings
import TextUI

/// The completions for the word that is being typed, read from the tables of the parser.
public struct Completion: Sendable, Equatable {
  /// A word to offer.
  public struct Candidate: Sendable, Equatable {
    /// The whole word, with the option before an equals sign.
    public var word: String
    /// A short description; empty if the word needs none.
    public var help: String
  }

  /// What the shell adds by itself.
  public enum Files: String, Sendable {
    /// Nothing.
    case none
    /// Files and folders.
    case files
  }

  /// The words that fit, in the order of the tables.
  public var candidates: [Candidate] = []
  /// Whether files fit as well.
  public var files = Files.none

  /// The hidden command with which the shells ask.
  public static let command = "__complete"

  /// The first line says whether files fit; each further line is a word, a tab and its description.
  public var text: String {
    candidates.reduce("\(files.rawValue)\n") { $0 + "\($1.word)\t\($1.help)\n" }
  }

  /// Completes the last of these words; those before it are not changed.
  ///
  /// This cannot fail: for invalid words, it offers nothing.
  ///
  /// - Parameters:
  ///   - words: The words after the program's name, up to the cursor; the last may be empty.
  ///   - environment: The environment with settings, themes and recordings.
  public init(of words: [String], environment: [String: String]) {
    let typed = words.last ?? ""
    var before = words.dropLast()
    var command = Subcommand.explore
    if let first = before.first, !first.begins(with: "-") {
      guard let known = Subcommand(rawValue: first) else { return }
      command = known
      before = before.dropFirst()
    } else if before.isEmpty, !typed.begins(with: "-") {
      offer(Subcommand.listed.map { Candidate(word: $0.rawValue, help: $0.summary) }, typed)
      return
    }
    let shelves = Shelves(environment: environment)
    var line = TypedLine()
    for word in before { line.add(word, command) }
    if let option = line.pending {
      offer(option.values ?? .free, typed, shelves)
    } else if !line.isPastOptions, typed.begins(with: "-"), typed != "-" {
      offerOption(typed, command, line.given, shelves)
    } else if let kind = command.operandKind(at: line.operands.count, after: line.operands) {
      offer(kind, typed, shelves)
      if command == .lab { candidates.removeAll { line.operands.contains($0.word) } }
    }
  }

  /// The words before the cursor, as far as they affect the completion.
  private struct TypedLine {
    var given: Set<String> = []
    var operands: [String] = []
    var pending: Setting?
    var isPastOptions = false

    mutating func add(_ word: String, _ command: Subcommand) {
      if pending != nil {
        pending = nil
      } else if !isPastOptions, word == "--" {
        isPastOptions = true
      } else if !isPastOptions, word.begins(with: "-"), word != "-" {
        let name = String(word.before("="))
        given.insert(name)
        let option = Setting.options(of: command).first { $0.name == name }
        if word == name, option?.argument != nil { pending = option }
      } else {
        operands.append(word)
      }
    }
  }

  private mutating func offerOption(
    _ typed: String, _ command: Subcommand, _ given: Set<String>, _ shelves: Shelves
  ) {
    if let (name, value) = typed.cut(at: "=") {
      guard let option = Setting.options(of: command).first(where: { $0.name == name }) else {
        return
      }
      offer(option.values ?? .free, String(value), shelves)
      for index in candidates.indices {
        candidates[index].word = "\(name)=" + candidates[index].word
      }
      return
    }
    let options = Setting.listed(for: command).filter {
      $0.isRepeatable || !given.contains($0.name)
    }
    offer(options.map { Candidate(word: $0.name, help: Self.short($0.help)) }, typed)
  }

  private mutating func offer(_ kind: ValueKind, _ typed: String, _ shelves: Shelves) {
    switch kind {
    case .free: break
    case .file, .folder: files = .files
    case .words(let words): offer(words.map { Candidate(word: $0, help: "") }, typed)
    case .list(let words):
      let parts = typed.split(at: ",", omittingEmptySubsequences: false)
      let start = parts.dropLast().map { $0 + "," }.joined()
      let rest = words.filter { !parts.dropLast().contains(Substring($0)) }
      offer(rest.map { Candidate(word: start + $0, help: "") }, typed)
    case .profile: offer(shelves.profiles, typed)
    case .preset: offer(Self.presets, typed)
    case .theme:
      offer(shelves.themes, typed)
      files = .files
    case .fault: offer(faults: Lab.faults, typed)
    case .tenantFault: offer(faults: Lab.faults.filter { $0.tenantFault != nil }, typed)
    case .check: offer(CheckID.allCases.map { Candidate(word: $0.rawValue, help: "") }, typed)
    case .recording:
      offer(shelves.recordings, typed)
      files = .files
    case .format:
      offer(ExportFormat.allCases.map { Candidate(word: $0.rawValue, help: $0.help) }, typed)
    case .topic:
      let commands = Subcommand.listed.map { Candidate(word: $0.rawValue, help: $0.summary) }
      offer(commands + Self.topics, typed)
    }
  }

  private mutating func offer(faults: [LabFault], _ typed: String) {
    offer(faults.map { Candidate(word: $0.id, help: Self.short($0.does)) }, typed)
  }

  private static var presets: [Candidate] {
    ProviderPreset.allCases.map { Candidate(word: $0.rawValue, help: $0.title) }
  }

  private static var topics: [Candidate] {
    [Candidate(word: PresetHelp.name, help: PresetHelp.summary)] + presets
      + FrameworkPreset.allCases.map { Candidate(word: $0.rawValue, help: $0.title) }
  }

  /// Adds the matching candidates; a name that would change in a line of text is left out.
  private mutating func offer(_ all: [Candidate], _ typed: String) {
    candidates += all.filter {
      $0.word.begins(with: typed) && HarmlessText.line($0.word) == $0.word
    }
    .map { Candidate(word: $0.word, help: HarmlessText.line($0.help)) }
  }

  /// The beginning of a help text: a list of words has no room for more.
  private static func short(_ help: String) -> String {
    let words = help.before(anyOf: ";:(").split(at: " ")
    let all = words.joined(separator: " ")
    guard all.utf8.count > 60 else { return all }
    return all.prefix(bytes: 60).split(at: " ").dropLast().joined(separator: " ") + " …"
  }
}

/// The profiles, themes and recordings on this machine.
private struct Shelves {
  let environment: [String: String]

  var profiles: [Completion.Candidate] {
    let settings = try? SettingsFile(environment: environment).read()
    return (settings?.profiles ?? []).map { .init(word: $0.name, help: "") }
  }

  var themes: [Completion.Candidate] {
    ThemeStore(folder: ProgramPaths(environment: environment).themes).themes.map {
      .init(word: $0.id, help: $0.name)
    }
  }

  var recordings: [Completion.Candidate] {
    let store = RecordingStore(folder: ProgramPaths(environment: environment).recordings)
    return store.shipped.map { .init(word: $0.name, help: $0.header?.title ?? "") }
      + store.own.map { .init(word: $0.name, help: RecordingStore.about($0)) }
  }
}
