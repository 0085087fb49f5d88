import HybridFlow
import OpenID
import Platform

/// A HAR that somebody named, and the logins in it.
public struct HARBook: Sendable {
  /// The name by which it was opened.
  public let name: String
  private let file: HARFile
  private let found: HARLogins
  private let server: HARFile?

  /// The logins, in the order in which they began.
  public var logins: [HARLogin] { found.logins }
  /// What is wrong with the file although it can be read, in sentences.
  public var warnings: [String] { file.warnings }

  /// Reads a file.
  ///
  /// - Parameter server: A second HAR, of the server or of a proxy before it, for what the browser
  ///   does not see.
  /// - Throws: ``UsageError`` that says what is wrong with it, or what it holds instead of a login.
  public init(
    _ bytes: [UInt8], named name: String, server: (bytes: [UInt8], name: String)? = nil
  ) throws(UsageError) {
    self.name = name
    file = try Self.read(bytes, name)
    if let server {
      self.server = try Self.read(server.bytes, server.name)
    } else {
      self.server = nil
    }
    found = HARLogins(file)
    guard !found.logins.isEmpty else {
      throw UsageError(
        "\(name) holds no login of the hybrid flow. \(HARAbsence.words(file, found))")
    }
  }

  private static func read(_ bytes: [UInt8], _ name: String) throws(UsageError) -> HARFile {
    do throws(HARError) {
      return try HARFile(bytes)
    } catch {
      throw UsageError("\(name) cannot be read as a HAR: \(error.message).")
    }
  }

  /// The run of a login; without a number, of the only one.
  ///
  /// - Throws: ``UsageError`` that says how to choose one of several.
  public func recording(login number: Int? = nil) throws(UsageError) -> Recording {
    guard number != nil || logins.count == 1 else {
      throw UsageError(
        "\(name) holds \(logins.count) logins: give --login N. \"hybrid-flow replay \(name)\" lists them."
      )
    }
    guard let login = logins.first(where: { $0.number == number ?? 1 }) else {
      throw UsageError(
        "--login \(number ?? 1): \(name) holds \(logins.count == 1 ? "one login" : "\(logins.count) logins")."
      )
    }
    do throws(HARError) {
      return try HARRun.recording(file, found, login, named: name, server: server)
    } catch {
      throw UsageError("\(name): \(error.message).")
    }
  }

  /// The logins, a line each.
  public var listing: String {
    logins.map { login in
      let again = login.repeats > 1 ? ", asked for \(login.repeats) times" : ""
      let reloads = login.answers > 1 ? ", \(login.answers) times" : ""
      return HarmlessText.line(
        "  \(login.number)  \(CivilTime(login.at).text)  \(login.clientID) at \(login.provider), "
          + "\(login.responseType.isEmpty ? "type not in the file" : login.responseType)\(again): "
          + "\(login.outcome)\(reloads)")
    }.joined(separator: "\n") + "\n"
  }

  /// The logins as JSON, one object a line.
  public var json: String {
    logins.map { login in
      JSONValue.line(
        ("type", "login"), ("login", .whole(Int64(login.number))),
        ("at", .whole(login.at.milliseconds)), ("client_id", .string(login.clientID)),
        ("provider", .string(login.provider)), ("response_type", .string(login.responseType)),
        ("requests", .whole(Int64(login.repeats))), ("answers", .whole(Int64(login.answers))),
        ("outcome", .string(login.outcome))
      ).compactText + "\n"
    }.joined()
  }
}

/// What a HAR holds instead of a login of this flow.
enum HARAbsence {
  static func words(_ file: HARFile, _ found: HARLogins) -> String {
    let count = file.entries.count == 1 ? "its one entry" : "its \(file.entries.count) entries"
    if let type = found.otherTypes.first {
      return
        "It holds a login with response_type=\(type.prefix(scalars: 40)), which is another flow: "
        + "the hybrid flow asks for a code and a token at once."
    }
    for (mark, what) in marks where file.entries.contains(where: { holds($0, file.bytes, mark) }) {
      return "Among \(count) is \(what)."
    }
    if found.unknownTypes > 0 {
      return "Among \(count) is a login whose parameters travelled another way, and no answer from "
        + "which its flow could be told."
    }
    if found.strayAnswers > 0 {
      return
        "Among \(count) is an answer to the redirect URI, but not the request that it answers: "
        + "record again from before the click on Login. decode reads the answer alone."
    }
    return
      "Among \(count) is no authorization request: no address with client_id and response_type. "
      + "Record from before the click on Login, with \u{201C}Preserve log\u{201D} switched on."
  }

  private static let marks: [(String, String)] = [
    ("SAMLRequest=", "a login by SAML, which is another protocol"),
    ("SAMLResponse=", "a login by SAML, which is another protocol"),
    ("wa=wsignin", "a login by WS-Federation, which is another protocol"),
    (
      "grant_type=",
      "a request to a token endpoint, but none to an authorization endpoint: record from before the "
        + "click on Login"
    ),
  ]

  private static func holds(_ entry: HAREntry, _ bytes: [UInt8], _ mark: String) -> Bool {
    if entry.address.holds(mark) { return true }
    guard entry.hasPost, let posted = entry.posted(in: bytes) else { return false }
    return String(decoding: posted.body, as: UTF8.self).holds(mark)
  }
}
