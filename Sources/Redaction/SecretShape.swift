/// Whether a value has the shape of a secret, under any name: long and random.
///
/// Codes, tokens and handles come from random generators (RFC 6749, section 10.10, limits the
/// probability of guessing one to 2^-128), and text written by people looks different. The measure
/// is rough on purpose and prefers to hide: a value wrongly taken for a secret still shows its
/// ends.
enum SecretShape {
  /// Shorter values are not long: one-time passwords, words, numbers.
  static let valueBytes = 16
  /// The fewest letters and digits in parts that are neither word nor number.
  static let randomBytes = 8
  /// The fewest digits for digits alone: fewer are a number, a time or a counter.
  static let digitBytes = 24
  /// `{"` in base64url: every JOSE header begins with it.
  static let jwtStart = "eyJ".utf8
  /// The most digits at one end of a word: a time to the second, as in `build20240501120000`.
  private static let numberBytes = 14
  /// How many bytes of a value are examined; a secret is recognised in fewer.
  private static let lookedAtBytes = 4096

  /// Whether a value is long and random: at least ``valueBytes`` long, with at least
  /// ``randomBytes`` letters and digits in pieces that are not words, numbers or times.
  ///
  /// A piece is a run of letters and digits of ASCII. UUIDs, hexadecimal, base64url and JWTs are
  /// random; words and identifiers, URLs, scopes, e-mail addresses, dates, versions, one-time
  /// passwords and texts with blanks are not.
  static func isRandom(_ value: some StringProtocol) -> Bool {
    let bytes = Array(value.utf8.prefix(lookedAtBytes))
    guard bytes.count >= valueBytes, !bytes.contains(where: { $0 <= 0x20 }) else { return false }
    if isAddress(bytes) { return false }
    if isUUID(bytes) { return true }
    var random = 0
    for piece in (bytes.split { !isLetter($0) && !isDigit($0) }) {
      if isRandom(piece: piece) { random += piece.count }
      if random >= randomBytes { return true }
    }
    return false
  }

  /// Whether a value looks like a JWT, signed in three parts or encrypted in five (RFC 7515, 7516).
  static func isJWT(_ value: some StringProtocol) -> Bool {
    let bytes = value.utf8
    guard bytes.starts(with: jwtStart) else { return false }
    var dots = 0
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        dots += 1
      } else if !isLetter(byte), !isDigit(byte), byte != 0x2D, byte != 0x5F {
        return false
      }
    }
    return dots == 2 || dots == 4
  }

  /// Every word of a text that looks like a JWT with three or five segments.
  static func tokens(in bytes: [UInt8]) -> [String] {
    var found: [String] = []
    var start: Int?
    var dots = 0
    for index in 0...bytes.count {
      let byte = index < bytes.count ? bytes[index] : 0
      let isDot = byte == UInt8(ascii: ".")
      if isLetter(byte) || isDigit(byte) || byte == 0x2D || byte == 0x5F || isDot && start != nil {
        if start == nil { (start, dots) = (index, 0) }
        if isDot { dots += 1 }
      } else if let first = start {
        let text = bytes[first..<index]
        if dots == 2 || dots == 4, text.starts(with: jwtStart) {
          found.append(String(decoding: text, as: UTF8.self))
        }
        start = nil
      }
    }
    return found
  }

  /// Whether a value has both letters and digits, and is not a short word.
  static func isMixed(_ value: some StringProtocol) -> Bool {
    value.utf8.count >= randomBytes && value.utf8.contains(where: isLetter)
      && value.utf8.contains(where: isDigit)
  }

  /// `scheme://…`, or a name, one `@` and a host.
  private static func isAddress(_ bytes: [UInt8]) -> Bool {
    let scheme = bytes.prefix {
      isLetter($0) || isDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
    }
    if !scheme.isEmpty, bytes[scheme.endIndex...].starts(with: "://".utf8) { return true }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(UInt8(ascii: "."))
      && parts[1].allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D || $0 == 0x2E }
  }

  /// RFC 9562, section 4.
  private static func isUUID(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.joined().allSatisfy(isHex)
  }

  private static func isRandom(piece: ArraySlice<UInt8>) -> Bool {
    let digits = piece.count(where: isDigit)
    if digits == piece.count { return digits >= digitBytes }
    if digits == 0 { return isRandom(letters: piece) }
    // A date and a time without separators, as in 20240501T120000Z.
    if piece.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "Z") }) {
      return digits >= digitBytes
    }
    let runs = piece.indices.dropFirst().count { isDigit(piece[$0]) != isDigit(piece[$0 - 1]) } + 1
    if runs > 2 { return true }
    let letters = piece.filter(isLetter)
    return digits > numberBytes || isRandom(letters: letters[...])
  }

  /// Whether letters alone are random: neither a word nor several joined words.
  private static func isRandom(letters: ArraySlice<UInt8>) -> Bool {
    // Camel case has long words; in random letters the case changes often.
    let words = wordCount(letters)
    if words > 1, letters.count * 2 < words * 5 { return true }
    guard letters.count >= randomBytes else { return false }
    let pairs = zip(letters, letters.dropFirst())
    let usual = pairs.count { isUsual($0, $1) }
    // Of random letter pairs, four in ten are usual; of those in words, more than nine in ten.
    return usual * 10 < (letters.count - 1) * (letters.count < 12 ? 6 : 7)
  }

  /// For each letter `a` to `z`, the letters that follow it in words of English and of programs.
  private static let followers = [
    "bcdgiklmnprstuvxy", "aeijlorsuy", "acdehiklorstu", "abcdeilorsu", "abcdefgilmnopqrstvwxy",
    "aefilorstu", "aehilnorsu", "aeiort", "abcdefglmnoprstvxz", "", "aeis", "adeilostuy",
    "abeilmopsu", "acdefgiklnopstuv", "abcdfgiklmnoprstuvw", "aehiloprstuy", "u",
    "acdegiklmnoprstuvy", "acehiklmopstuy", "acdefhilmoprstuy", "abcefilmnprst", "aei", "aehior",
    "cept", "lpst", "e",
  ].map { $0.utf8.reduce(UInt32(0)) { $0 | 1 << UInt32($1 - 0x61) } }

  private static func isUsual(_ letter: UInt8, _ next: UInt8) -> Bool {
    followers[Int((letter | 0x20) - 0x61)] >> UInt32((next | 0x20) - 0x61) & 1 == 1
  }

  /// The number of words in camel case: `parseHTTPRequest` has three.
  private static func wordCount(_ letters: ArraySlice<UInt8>) -> Int {
    letters.indices.dropFirst().count { index in
      let next = index + 1
      return isUpper(letters[index])
        && (!isUpper(letters[index - 1]) || next < letters.endIndex && !isUpper(letters[next]))
    } + 1
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}
