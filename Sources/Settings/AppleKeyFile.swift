import Cryptography
import Glibc
import OpenID
import Platform

/// Reads the private key of a team at Apple: a file with the ending .p8, PKCS #8 in PEM, on the
/// curve P-256.
public enum AppleKeyFile: Sendable {
  /// The length of the ids of teams and keys.
  static let idLength = 10
  /// How Apple names the file: this, the key's id, and the ending.
  private static let prefix = "AuthKey_"
  private static let suffix = ".p8"

  /// Reads the key.
  ///
  /// - Parameter keyID: The id under which Apple knows it.
  /// - Throws: ``UsageError`` that says what the file holds instead of such a key; no text of the
  ///   file stands in it.
  public static func read(
    _ path: String, keyID: String, option: UsageError.Place
  ) throws(UsageError) -> SigningKey {
    let bytes = try SystemFiles.read(path, option: option, limitBytes: SigningKey.pemLimitBytes)
    do throws(CryptoError) {
      return try key(bytes, keyID: keyID)
    } catch {
      let reason = fault(bytes) ?? "it holds no key that can be read"
      throw UsageError(at: option, " \(path): \(reason). \(advice)")
    }
  }

  private static let advice =
    "Give the file that Apple offers once, when a key is made: Certificates, Identifiers & "
    + "Profiles > Keys. It begins with -----BEGIN PRIVATE KEY-----"

  /// The key in these bytes: blanks around lines and a byte order mark do not matter.
  static func key(_ bytes: [UInt8], keyID: String) throws(CryptoError) -> SigningKey {
    try SigningKey(pem: plain(bytes), algorithm: .es256, keyID: keyID)
  }

  /// The text without byte order mark, carriage returns, and blanks around its lines.
  private static func plain(_ bytes: [UInt8]) -> [UInt8] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let rest = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    let lines = rest.split(omittingEmptySubsequences: true) { $0 == 0x0A || $0 == 0x0D }
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var text: [UInt8] = []
    for line in lines {
      let start = line.drop(while: isBlank)
      guard let end = start.lastIndex(where: { !isBlank($0) }) else { continue }
      text += start[...end] + [0x0A]
    }
    return text
  }

  // MARK: What is wrong

  /// What the bytes hold instead of a key on P-256; nil when nothing is known of it.
  private static func fault(_ bytes: [UInt8]) -> String? {
    let text = plain(bytes)
    guard !text.isEmpty else { return "the file is empty" }
    guard let label = label(text) else { return faultWithoutLabel(text) }
    switch label {
    case "ENCRYPTED PRIVATE KEY":
      return "the key is encrypted with a passphrase; Apple\u{2019}s is not"
    case "PUBLIC KEY": return "it is a public key, and a private one is needed to sign"
    case "CERTIFICATE": return "it is a certificate, and a private key is needed to sign"
    case "CERTIFICATE REQUEST": return "it is a certificate request, not a private key"
    case "OPENSSH PRIVATE KEY": return "it is a key for SSH"
    case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "EC PARAMETERS":
      return otherKind(text)
        ?? "the key is damaged: a part of it is missing, or was changed when it was copied"
    default: return "it holds something else: \(HarmlessText.line(label))"
    }
  }

  /// The words of the first line of a PEM text.
  private static func label(_ text: [UInt8]) -> String? {
    let start = Array("-----BEGIN ".utf8)
    let lines = text.split(separator: 0x0A)
    guard let line = lines.first(where: { $0.starts(with: start) }),
      line.count < 80, line.suffix(5).elementsEqual("-----".utf8)
    else { return nil }
    return String(validating: line.dropFirst(start.count).dropLast(5), as: UTF8.self)
  }

  private static func faultWithoutLabel(_ text: [UInt8]) -> String {
    if (try? JSONParser.parse(text)) != nil {
      return "it is JSON; a JSON Web Key is for --client-key"
    }
    // A SEQUENCE of ASN.1 with a length of one or two bytes.
    if text.first == 0x30, text.count > 2, text[1] == 0x81 || text[1] == 0x82 || text[1] < 0x80,
      text.contains(where: { $0 < 0x09 || $0 > 0x7E })
    {
      return "it is binary (DER) and not PEM; 'openssl pkey -inform DER' writes it as PEM"
    }
    if text.starts(with: Array("MI".utf8)) {
      return "the first and the last line are missing: -----BEGIN PRIVATE KEY----- and its END"
    }
    return "it is no PEM text"
  }

  /// The kind of a private key that is not on P-256; nil when it cannot be read at all.
  private static func otherKind(_ text: [UInt8]) -> String? {
    let kinds: [(SignatureAlgorithm, String)] = [
      (.rs256, "the key is an RSA key; Apple\u{2019}s are EC keys on the curve P-256"),
      (.es384, "the key is on the curve P-384; Apple\u{2019}s are on P-256"),
      (.es512, "the key is on the curve P-521; Apple\u{2019}s are on P-256"),
      (.edDSA, "the key is an Ed25519 or Ed448 key; Apple\u{2019}s are EC keys on the curve P-256"),
    ]
    if let kind = kinds.first(where: { (try? SigningKey(pem: text, algorithm: $0.0)) != nil }) {
      return kind.1
    }
    // A key that is none of these, such as one on secp256k1, is still refused for its curve.
    do throws(CryptoError) {
      _ = try SigningKey(pem: text, algorithm: .es256)
      return nil
    } catch {
      guard case .unusableKey(let reason) = error, !reason.holds("no unencrypted private key")
      else { return nil }
      return "the key is on another curve than P-256, or of another kind"
    }
  }

  // MARK: Ids and the file itself

  /// The key's id in the name of the file, as Apple writes it; nil when it has another name.
  package static func keyID(ofFile path: String) -> String? {
    let name = path.cut(atLast: "/").map { String($0.after) } ?? path
    guard name.begins(with: prefix), name.ends(with: suffix) else { return nil }
    let id = name.dropFirst(bytes: prefix.utf8.count).dropping(suffix: suffix).map { String($0) }
    return id.flatMap { isID($0) ? $0 : nil }
  }

  /// Whether it looks like the id of a team or key: ten capital letters and digits.
  static func isID(_ text: String) -> Bool {
    text.utf8.count == idLength
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
  }

  /// Whether other people on this machine can read the file; nil when that cannot be known.
  static func isReadableByOthers(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return status.st_mode & 0o044 != 0
  }
}
