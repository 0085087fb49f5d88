import Foundation
import OpenID

/// The files of `Tests/Fixtures`, for every test target.
public enum Fixture {
  /// A file or a member that a test relies on is not there.
  public struct Missing: Error, CustomStringConvertible {
    /// What was looked for.
    public let description: String
  }

  /// The folder, found from this source file.
  public static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures", isDirectory: true)

  /// Returns a file's bytes.
  public static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Returns a file's JSON.
  public static func json(_ name: String) throws -> JSONValue {
    try JSONParser.parse(try bytes(name))
  }

  /// Returns the published vectors; see `Fixtures/NOTICE.md`.
  public static func vectors() throws -> JSONValue { try cachedVectors.get() }

  private static let cachedVectors = Result { try json("vectors.json") }
}

extension JSONValue {
  /// The value at a path such as `oidc_core.examples`; numbers index arrays.
  public func at(_ path: String) throws -> JSONValue {
    var value = self
    for step in path.split(separator: ".") {
      let next: JSONValue?
      if let elements = value.elements, let index = Int(step), elements.indices.contains(index) {
        next = elements[index]
      } else {
        next = value[String(step)]
      }
      guard let next else { throw Fixture.Missing(description: "no \(step) in \(path)") }
      value = next
    }
    return value
  }

  /// The string at a path.
  public func text(_ path: String) throws -> String {
    guard let text = try at(path).string else {
      throw Fixture.Missing(description: "\(path) is no string")
    }
    return text
  }

  /// The elements of the array at a path.
  public func list(_ path: String) throws -> [JSONValue] {
    guard let elements = try at(path).elements else {
      throw Fixture.Missing(description: "\(path) is no array")
    }
    return elements
  }

  /// The key at a path.
  public func key(_ path: String) throws -> JSONWebKey {
    guard let key = JSONWebKey(try at(path)) else {
      throw Fixture.Missing(description: "\(path) is no key")
    }
    return key
  }
}
