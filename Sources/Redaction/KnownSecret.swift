import HybridFlow
import OpenID

/// A secret value, and how much of it may be shown.
public struct KnownSecret: Sendable, Hashable {
  let value: String
  let keepsEnds: Bool

  /// Makes a secret; codes and tokens show their ends, passwords and client secrets nothing.
  public init(_ value: String, keepsEnds: Bool) {
    self.value = value
    self.keepsEnds = keepsEnds
  }

  /// Its possible forms in a message.
  var writtenForms: [String] {
    // Codes and tokens are written the same in a form, a URL, HTML and JSON.
    let isWrittenOneWay = value.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    return isWrittenOneWay ? [value] : Self.writtenForms(of: value)
  }

  /// A value as it is, in a form or URL with upper- or lower-case hexadecimal digits, in HTML, in
  /// JSON; the number and order of the forms never change.
  static func writtenForms(of value: String) -> [String] {
    let form = FormEncoding.encode(value)
    let query = PercentEncoding.encode(value)
    let json = JSONValue.string(value).compactText.dropFirst(bytes: 1).dropLast(bytes: 1)
    return [
      value, form, query, lowercasingEscapes(form), lowercasingEscapes(query),
      HTMLEntities.encode(value, apostrophe: "'"), HTMLEntities.encode(value, apostrophe: "&#39;"),
      HTMLEntities.encode(value, apostrophe: "&#x27;"), String(json),
      json.split(at: "/", omittingEmptySubsequences: false).joined(separator: "\\/"),
    ]
  }

  private static func lowercasingEscapes(_ text: String) -> String {
    var output: [UInt8] = []
    var digits = 0
    for byte in text.utf8 {
      let isDigit = digits > 0 && (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
      output.append(isDigit ? byte | 0x20 : byte)
      digits = byte == UInt8(ascii: "%") ? 2 : max(0, digits - 1)
    }
    return String(decoding: output, as: UTF8.self)
  }
}

extension FlowValue {
  /// Whether its ends may be shown: those of codes, tokens and verifiers, never of passwords.
  public var keepsEnds: Bool { name != "cookie" && SecretPolicy.kind(of: name) != .hidden }
}

extension Transcript {
  /// The secrets seen in this run: tokens, values, and the credentials in headers.
  public var secrets: [KnownSecret] {
    let records = records
    var secrets = records.flatMap(\.tokens).flatMap { token in
      [token.text, token.content].compactMap { $0 }.map { KnownSecret($0, keepsEnds: true) }
    }
    for value in records.lazy.flatMap(\.values) where value.isSecret {
      secrets.append(KnownSecret(value.value, keepsEnds: value.keepsEnds))
    }
    var finder = SecretFinder()
    for message in records.lazy.flatMap(\.messages) {
      for header in message.headers.lines + (message.honest?.headers.lines ?? []) {
        finder.read(credentialsOf: header)
      }
    }
    return secrets + finder.secrets
  }

  /// A redactor that knows the secrets of this run.
  public func redactor(revealing: Bool = false) -> Redactor {
    revealing ? .revealing : Redactor(secrets: secrets)
  }
}
