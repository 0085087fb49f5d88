import HybridFlow
import Lab
import OpenID
import Platform
import Presentation

/// Reads the list of a workshop: JSON like the settings file, strictly.
public struct WorkshopFile {
  /// The most bytes of a list.
  static let bytesMax = 256 * 1024
  /// The most entries.
  static let entriesMax = 100
  /// The most minutes of an entry.
  static let minutesMax = 600

  private let path: String
  private let bytes: [UInt8]

  /// The list that comes along, read like any other.
  public static func builtIn() throws(UsageError) -> Workshop {
    try WorkshopFile(path: "the built-in list", bytes: Array(BuiltInWorkshop.text.utf8)).read()
  }

  /// Reads a person's own list.
  ///
  /// - Throws: ``UsageError`` that names the file, the line and what to do.
  public static func read(_ path: String) throws(UsageError) -> Workshop {
    let bytes = try SystemFiles.read(path, option: "--script", limitBytes: bytesMax)
    return try WorkshopFile(path: path, bytes: bytes).read()
  }

  init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }

  func read() throws(UsageError) -> Workshop {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(bytes)
    } catch {
      throw fault(at: error.offset, [], "is not JSON: \(error.explanation). Correct it there")
    }
    guard let members = json.members else { throw fault(at: 0, [], "is one JSON object") }
    for member in members where !["title", "entries"].contains(member.name) {
      throw fault(at: 0, [member.name], "is not known: give \"title\" and \"entries\"")
    }
    guard let list = json["entries"]?.elements, !list.isEmpty else {
      throw fault(at: 0, ["entries"], "is an array of at least one entry")
    }
    guard list.count <= Self.entriesMax else {
      throw fault(at: 0, ["entries"], "has more than \(Self.entriesMax) entries: leave some out")
    }
    let starts = entryOffsets
    var entries: [WorkshopEntry] = []
    for (index, value) in list.enumerated() {
      let offset = starts.indices.contains(index) ? starts[index] : 0
      entries.append(
        try EntryReader(
          value, ["entries", String(index + 1)],
          fault: { keys, reason in self.fault(at: offset, keys, reason) }
        ).entry())
    }
    return Workshop(
      title: json["title"]?.string.map { HarmlessText.line($0) } ?? "A workshop", entries: entries,
      fingerprint: fingerprint)
  }

  /// The place of each entry: the braces two levels below the whole.
  private var entryOffsets: [Int] {
    var (depth, isText, isEscaped) = (0, false, false)
    var offsets: [Int] = []
    for (offset, byte) in bytes.enumerated() {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 2, byte == UInt8(ascii: "{") { offsets.append(offset) }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    return offsets
  }

  private func fault(at offset: Int, _ keys: [String], _ reason: String) -> UsageError {
    let line = bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
    return UsageError(
      at: UsageError.Place(file: "\(path), line \(line)", keys.map { HarmlessText.line($0) }),
      " \(reason). hybrid-flow workshop --print-script shows a whole list.")
  }

  /// FNV-1a: tells one list from another, nothing more.
  private var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}

/// Reads one entry.
private struct EntryReader {
  private let json: JSONValue
  private let keys: [String]
  private let fault: ([String], String) -> UsageError

  private static let names = [
    "minutes", "title", "question", "answer", "say", "fault", "check", "without_check", "show",
  ]

  init(
    _ json: JSONValue, _ keys: [String], fault: @escaping ([String], String) -> UsageError
  ) {
    (self.json, self.keys, self.fault) = (json, keys, fault)
  }

  func entry() throws(UsageError) -> WorkshopEntry {
    guard let members = json.members else { throw fault(keys, "is an object") }
    for member in members where !Self.names.contains(member.name) {
      throw fault(keys + [member.name], "is not known: \(Self.names.joined(separator: ", "))")
    }
    guard let minutes = json["minutes"]?.integer.flatMap({ Int(exactly: $0) }),
      (1...WorkshopFile.minutesMax).contains(minutes)
    else {
      throw fault(
        keys + ["minutes"], "is a whole number from 1 to \(WorkshopFile.minutesMax)")
    }
    let lab = try labFault()
    let views = try views()
    guard lab != nil || !views.isEmpty else {
      throw fault(keys + ["show"], "says what to show, such as [\"1 wire\"], or give a \"fault\"")
    }
    return WorkshopEntry(
      minutes: minutes, title: try text("title"), question: try text("question"),
      answer: try text("answer"), say: json["say"] == nil ? "" : try text("say"),
      fault: lab?.id, isCheckOff: try isCheckOff(lab), views: views)
  }

  private func text(_ name: String) throws(UsageError) -> String {
    guard let text = json[name]?.string.map({ HarmlessText.line($0) }), !text.isEmpty,
      text.utf8.count <= 2000
    else { throw fault(keys + [name], "is a text of at most 2000 bytes") }
    return text
  }

  private func labFault() throws(UsageError) -> LabFault? {
    guard let value = json["fault"] else {
      if json["check"] != nil { throw fault(keys + ["check"], "needs a \"fault\"") }
      return nil
    }
    guard let id = value.string, let lab = Lab.fault(id) else {
      let near = value.string.map { Lab.names(near: $0) } ?? []
      throw fault(
        keys + ["fault"],
        "is a fault of hybrid-flow lab --list"
          + (near.isEmpty ? "" : ", such as \(near.joined(separator: ", "))"))
    }
    if let check = json["check"], check.string != lab.caughtBy {
      throw fault(keys + ["check"], "is not what catches \(lab.id): that is \(lab.caughtBy)")
    }
    return lab
  }

  private func isCheckOff(_ lab: LabFault?) throws(UsageError) -> Bool {
    guard let value = json["without_check"] else { return false }
    guard let isOff = value.bool else { throw fault(keys + ["without_check"], "is true or false") }
    guard !isOff || lab?.canSwitchOff == true else {
      throw fault(
        keys + ["without_check"], "needs a \"fault\" that a check of the application stops")
    }
    return isOff
  }

  private func views() throws(UsageError) -> [WorkshopView] {
    guard let value = json["show"] else { return [] }
    guard let texts = value.strings else {
      throw fault(keys + ["show"], "is an array of texts such as \"5 decoded\"")
    }
    var views: [WorkshopView] = []
    for text in texts {
      let words = text.split(at: " ")
      guard words.count == 2, let number = Int(words[0]), let stage = Stage(rawValue: number),
        let view = DetailView.allCases.first(where: { $0.id == words[1] })
      else {
        let names = DetailView.allCases.map(\.id).joined(separator: ", ")
        throw fault(
          keys + ["show"], "has a stage from 1 to 10, a blank, and a view: \(names)")
      }
      views.append(WorkshopView(stage, view))
    }
    return views
  }
}
