import HybridFlow
import Inspection
import OpenID
import TextUI

/// What the two algorithms of an encrypted token do, in words.
enum EncryptionWords {
  /// How the key travels: `alg`.
  static func travel(_ token: CompactJWE) -> String {
    switch token.algorithm {
    case .rsaOAEP, .rsaOAEP256, .rsaOAEP384, .rsaOAEP512:
      "the sender draws a content key and locks it with the client\u{2019}s public RSA key"
    case .ecdhES:
      "nothing travels: epk and the client\u{2019}s own key give both sides the same content key"
    case .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW:
      "epk and the client\u{2019}s own key give both sides a key, and that wraps the content key"
    case .direct: "nothing travels: both sides make the content key from the client secret"
    case .a128KW, .a192KW, .a256KW, .a128GCMKW, .a192GCMKW, .a256GCMKW:
      "a key made from the client secret wraps the content key"
    case nil: "in a way that is not taken here"
    }
  }

  /// How the content is locked: `enc`.
  static func lock(_ token: CompactJWE) -> String {
    switch token.content {
    case .a128CBCHS256, .a192CBCHS384, .a256CBCHS512:
      "with one half of the content key (AES-CBC); the other half makes the tag (HMAC)"
    case .a128GCM, .a192GCM, .a256GCM: "with the content key, which makes the tag as well (AES-GCM)"
    case nil: "in a way that is not taken here"
    }
  }
}

extension Reader {
  /// The outside of an encrypted token: how it was locked, its header, and its five parts.
  func addEnvelope(of token: TokenRecord, to document: inout Document) {
    guard let outer = token.envelope else { return }
    document.gap()
    document.line("outside: encrypted, for this client alone", .textStrong, .bold)
    let marks = token.use == .idToken
    document.add(
      .row(
        TableRow(
          name: "the key travels", value: HarmlessText.line(outer.algorithmName),
          meaning: (marks ? mark(.idTokenEncAllowlist) : [])
            + [Span(EncryptionWords.travel(outer), .textMuted)])))
    document.add(
      .row(
        TableRow(
          name: "the content is locked", value: HarmlessText.line(outer.contentName),
          meaning: (marks ? mark(.idTokenDecrypts) : [])
            + [Span(EncryptionWords.lock(outer), .textMuted)])))
    addMembers(outer.header, "outer header", .encryptedHeader, of: token, to: &document)
    document.gap()
    document.line("the five parts", .textStrong, .bold)
    for part in EncryptedParts(outer.text, header: outer.header)?.parts ?? [] {
      document.add(
        .row(
          TableRow(
            name: part.name, value: part.length,
            meaning: [
              Span(part.fault ?? part.meaning, part.fault == nil ? .textMuted : .statusWarn)
            ]
          )))
    }
    document.gap()
    guard token.content != nil else {
      document.paragraph("Not opened: what is inside is not known here.", .statusWarn)
      return
    }
    document.line("inside: what came out of it", .textStrong, .bold)
    document.paragraph(
      token.jws == nil
        ? "No signed token is inside."
        : "A signed token: from here on everything is as with a token that came without encryption.",
      .textMuted)
  }

  /// The five parts of an encrypted token in the view of bytes.
  func addParts(of outer: CompactJWE, to document: inout Document) {
    let parts = EncryptedParts(outer.text, header: outer.header)?.parts ?? []
    for (part, characters) in zip(
      parts, outer.text.split(at: ".", omittingEmptySubsequences: false))
    {
      document.add(
        .row(
          TableRow(
            name: part.name, value: part.length,
            meaning: [
              Span("\(characters.utf8.count) characters; \(part.fault ?? part.meaning)", .textMuted)
            ])))
    }
  }
}
