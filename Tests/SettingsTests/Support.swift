import Foundation
import OpenID
import Testing

@testable import Settings
@testable import Platform

/// A home with a settings file.
final class TestHome {
  let folder: String
  var file: String { folder + "/config/hybrid-flow/settings.json" }
  var environment: [String: String] {
    ["HOME": folder, "XDG_CONFIG_HOME": folder + "/config"]
  }
  var settings: SettingsFile { SettingsFile(environment: environment) }

  init(_ text: String? = nil, mode: Int = 0o600) throws {
    folder =
      FileManager.default.temporaryDirectory
      .appending(path: "settings-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder + "/config/hybrid-flow", withIntermediateDirectories: true)
    if let text { try write(text, to: file, mode: mode) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ text: String, to path: String, mode: Int = 0o600) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  func read() throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
  }

  /// The connection that a command line means here.
  func connection(_ arguments: String..., more: [String: String] = [:]) throws -> Connection {
    let variables = environment.merging(more) { _, new in new }
    return try Connection.read(
      Invocation.parse(["run"] + arguments), secrets: ClientSecretSource(environment: variables))
  }

  /// What is said about a command line, or nothing when it is understood.
  func complaint(_ arguments: String..., more: [String: String] = [:]) throws -> String? {
    let variables = environment.merging(more) { _, new in new }
    do throws(UsageError) {
      _ = try Connection.read(
        Invocation.parse(["run"] + arguments), secrets: ClientSecretSource(environment: variables))
      return nil
    } catch {
      return error.message
    }
  }
}
