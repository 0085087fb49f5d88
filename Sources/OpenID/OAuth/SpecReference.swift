/// A place in a specification, written the same way in code, on the screen and in `--json`.
public struct SpecReference: Sendable, Hashable, CustomStringConvertible {
  /// The document, such as `OpenID Connect Core 1.0` or `RFC 6749`.
  public var document: String
  /// The section, such as `3.3.2.11`; empty for the whole document.
  public var section: String

  /// Makes a reference.
  public init(_ document: String, _ section: String) {
    self.document = document
    self.section = section
  }

  /// OpenID Connect Core 1.0.
  public static func core(_ section: String) -> SpecReference {
    SpecReference("OpenID Connect Core 1.0", section)
  }
  /// OpenID Connect Discovery 1.0.
  public static func discovery(_ section: String) -> SpecReference {
    SpecReference("OpenID Connect Discovery 1.0", section)
  }
  /// OAuth 2.0 Multiple Response Type Encoding Practices.
  public static func multipleResponseTypes(_ section: String) -> SpecReference {
    SpecReference("OAuth 2.0 Multiple Response Types", section)
  }
  /// OAuth 2.0 Form Post Response Mode.
  public static func formPost(_ section: String) -> SpecReference {
    SpecReference("OAuth 2.0 Form Post Response Mode", section)
  }
  /// JWT Secured Authorization Response Mode for OAuth 2.0.
  public static func jarm(_ section: String) -> SpecReference { SpecReference("JARM", section) }
  /// An RFC by its number.
  public static func rfc(_ number: Int, _ section: String) -> SpecReference {
    SpecReference("RFC \(number)", section)
  }

  /// The document and section: `OpenID Connect Core 1.0, 3.3.2.11`.
  public var description: String { section.isEmpty ? document : "\(document), \(section)" }

  /// The reference for narrow columns: `Core 3.3.2.11`.
  public var short: String {
    let name =
      switch document {
      case "OpenID Connect Core 1.0": "Core"
      case "OpenID Connect Discovery 1.0": "Discovery"
      case "OAuth 2.0 Multiple Response Types": "Response Types"
      case "OAuth 2.0 Form Post Response Mode": "Form Post"
      default: document
      }
    return section.isEmpty ? name : "\(name) \(section)"
  }
}
