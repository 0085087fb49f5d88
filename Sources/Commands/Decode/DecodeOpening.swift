import Cryptography
import HybridFlow
import Inspection
import OpenID
import Platform
import Session
import Settings

/// The encrypted tokens of a pasted text, opened with the person's own key.
///
/// What was inside takes the place of each in the text, and is then judged as if it had come so.
struct DecodeOpening {
  /// The text with the tokens opened; nil when none was.
  private(set) var text: String?
  /// What opening each of them showed.
  private(set) var checks: [PastedCheck] = []
  /// What was opened, in words, without what was inside.
  private(set) var words: [String] = []

  /// The private keys of a file; none when it has only public ones, or is no file of keys.
  static func keys(_ path: String) throws(UsageError) -> [DecryptionKey] {
    let bytes = try SystemFiles.read(
      path, option: Setting.key.place, limitBytes: SigningKey.pemLimitBytes * 4)
    let text = String(decoding: bytes, as: UTF8.self)
    if text.holds("PRIVATE KEY-----") {
      return (try? DecryptionKeyFile.read(path, option: Setting.key.place)) ?? []
    }
    guard let json = try? JSONParser.parse(bytes) else { return [] }
    return (json["keys"]?.elements ?? [json]).compactMap(JSONWebKey.init).filter {
      !$0.privateMembers.isEmpty
    }.compactMap { try? DecryptionKey(privateJWK: $0) }
  }

  /// Opens what the keys open; for the rest the checks say why not.
  init(_ message: PastedMessage, _ original: String, keys: [DecryptionKey]) {
    var text = original
    var opened = 0
    for token in message.tokens {
      guard case .encrypted = token.form else { continue }
      let opening = TokenOpening(token.text, keys: keys.map(\.publicJWK)) { task in
        DecryptionOutcome(task, keys: keys)
      }
      checks += opening.checks.map { PastedCheck(token.name, $0) }
      guard let content = opening.content, let outer = opening.token else { continue }
      words.append(
        "\(token.name): encrypted (\(outer.algorithmName), \(outer.contentName)), and opened with "
          + "your key; what was inside is told and checked here")
      // A content that is no token stays inside: the checks say what it is.
      guard (try? CompactJWS(content)) != nil else { continue }
      text = text.replacing(bytes: token.text, with: content)
      opened += 1
    }
    if opened > 0 { self.text = text }
  }
}
