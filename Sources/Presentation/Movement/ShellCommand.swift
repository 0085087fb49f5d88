import OpenID
import Redaction

/// A request as a shell command, with variables for secrets.
///
/// The text of a request comes from outside, and people paste what they copied: every word is
/// quoted so that the shell runs none of it, and it contains no control characters.
package struct ShellCommand {
  /// A piece of a word: text, or a shell variable.
  private enum Piece {
    case text(String)
    case variable(String)
  }

  let text: String

  /// Fields whose values are passed in a variable.
  package static let variables: [String: String] = [
    "client_secret": "CLIENT_SECRET", "client_assertion": "CLIENT_ASSERTION", "code": "CODE",
    "code_verifier": "CODE_VERIFIER", "access_token": "ACCESS_TOKEN",
    "refresh_token": "REFRESH_TOKEN", "id_token": "ID_TOKEN", "id_token_hint": "ID_TOKEN",
    "password": "PASSWORD", "token": "TOKEN",
  ]

  init(_ request: HTTPRequest, _ url: String, _ redactor: Redactor) {
    var words: [[Piece]] = []
    if url.holds("[") || url.holds("{") { words.append([.text("--globoff")]) }
    words.append(Self.address(url, redactor))
    let isForm = request.headers.mediaType == "application/x-www-form-urlencoded"
    let fields = isForm ? try? FormEncoding.decode(request.body) : nil
    let method = request.method
    if !method.isIdentical(toIgnoringCase: request.body.isEmpty ? "GET" : "POST") {
      words += [[.text("--request")], [.text(request.method)]]
    }
    for header in request.headers.lines {
      words += Self.header(header, hasForm: fields != nil, redactor)
    }
    if let fields {
      for field in fields {
        let name = FormEncoding.encode([FormField(field.name, "")])
        words += [[.text("--data-urlencode")], [.text(name)] + Self.value(field, redactor)]
      }
    } else if !request.body.isEmpty {
      let body = String(decoding: request.body, as: UTF8.self)
      words += [[.text("--data-raw")], [.text(redactor.mask(body))]]
    }
    text = "curl " + words.map(Self.quoted).joined(separator: " ")
  }

  private static func value(_ field: FormField, _ redactor: Redactor) -> [Piece] {
    if redactor.isActive, let name = variables[field.name] { return [.variable(name)] }
    return [.text(redactor.show(field))]
  }

  private static func address(_ url: String, _ redactor: Redactor) -> [Piece] {
    guard redactor.isActive, let parts = try? WebURL(url), let fields = try? parts.queryFields(),
      fields.contains(where: { variables[$0.name] != nil })
    else { return [.text(redactor.mask(url))] }
    var pieces: [Piece] = [.text(String(url.before("?")))]
    for (index, field) in fields.enumerated() {
      pieces.append(.text(index == 0 ? "?" : "&"))
      if let name = variables[field.name] {
        pieces += [.text(FormEncoding.encode([FormField(field.name, "")])), .variable(name)]
      } else {
        pieces.append(.text(redactor.mask(FormEncoding.encode([field]))))
      }
    }
    return pieces
  }

  /// Headers that curl sends itself, or that describe the body.
  private static let ownHeaders: Set<String> = [
    "host", "content-length", "connection", "user-agent", "accept-encoding",
  ]

  /// Whether curl sends a header by itself.
  package static func isImplied(_ header: HTTPHeader, hasForm: Bool) -> Bool {
    let name = header.name.asciiLowercased
    return ownHeaders.contains(name) || hasForm && name == "content-type"
      || name == "accept" && header.value == "*/*"
  }

  private static func header(
    _ header: HTTPHeader, hasForm: Bool, _ redactor: Redactor
  ) -> [[Piece]] {
    if isImplied(header, hasForm: hasForm) { return [] }
    let flag: [Piece] = [.text("--header")]
    guard redactor.isActive else { return [flag, [.text("\(header.name): \(header.value)")]] }
    switch HeaderCredential(header) {
    case .bearer: return [flag, [.text("\(header.name): Bearer "), .variable("ACCESS_TOKEN")]]
    case .bound: return [flag, [.text("\(header.name): DPoP "), .variable("ACCESS_TOKEN")]]
    case .proof: return [flag, [.text("\(header.name): "), .variable("DPOP_PROOF")]]
    case .basic(let user, _):
      return [[.text("--user")], [.text(user + ":"), .variable("CLIENT_SECRET")]]
    case .other: return [flag, [.text("\(header.name): "), .variable("AUTHORIZATION")]]
    case .cookies: return [flag, [.text("\(header.name): "), .variable("COOKIE")]]
    case nil: return [flag, [.text("\(header.name): \(redactor.show(header))")]]
    }
  }

  private static func quoted(_ word: [Piece]) -> String {
    var merged: [Piece] = []
    for piece in word {
      if case .text(let next) = piece, case .text(let last)? = merged.last {
        merged[merged.count - 1] = .text(last + next)
      } else {
        merged.append(piece)
      }
    }
    return merged.map { piece in
      switch piece {
      case .variable(let name): "\"$\(name)\""
      case .text(let text): quoted(text)
      }
    }.joined()
  }

  /// A word that the shell reads back byte for byte.
  static func quoted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let isPlain = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="),
        UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: ","):
        true
      default: false
      }
    }
    if isPlain, !bytes.isEmpty { return text }
    if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) {
      var output = "'"
      for byte in bytes {
        output += byte == UInt8(ascii: "'") ? "'\\''" : String(UnicodeScalar(byte))
      }
      return output + "'"
    }
    // Bash, zsh and ksh read this form; it makes all invisible bytes visible.
    var output = "$'"
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "'"): output += "\\'"
      case UInt8(ascii: "\\"): output += "\\\\"
      case 0x20...0x7E: output += String(UnicodeScalar(byte))
      default:
        // Octal escapes end after three digits; a hexadecimal one could take in the next letter.
        let digits = String(byte, radix: 8)
        output += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
      }
    }
    return output + "'"
  }
}
