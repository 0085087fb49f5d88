@testable import Recording

@testable import HybridFlow
@testable import Inspection
@testable import OpenID

extension FuzzParser {
  /// The readers behind what people paste, each by itself.
  static let pastes: [FuzzParser] = [
    FuzzParser(
      name: "program",
      words: jsonWords + [
        "{'code': 'abc'", "True", "None", "undefined", "=>", ": ", "[Object: null prototype] {",
        "=", "id_token=eyJ", "\\u0027", "Map(2) {", "`", "}", "]", ",", "'", "\\", "datetime(",
      ], check: program),
    FuzzParser(
      name: "payload",
      words: [
        "code: ", "code\n", "state=", "\n\n", "Form Data\n", "id_token:eyJ", "\r\n", ": ", "view",
        "Request Payload", "\t", "code=abc\n",
      ], check: payload),
    FuzzParser(
      name: "copied",
      words: [
        "curl ", "curl.exe ^\"", "^\" ^\r\n", "^&", "^%^", "--data-raw ", "Invoke-WebRequest ",
        "Invoke-RestMethod -Uri ", "-Body ", "-Method POST", "`\"", "`n", "@{", "@\"\n", "\n\"@",
        "fetch(\"https://a.example/cb\", {", "\"body\": \"code=abc\"", "});", "$'", "\\u0021", "''",
        "-H ", "'Authorization: Bearer x'", "https://a.example/cb", "code=abc&state=x",
      ], check: copied),
    FuzzParser(
      name: "har",
      words: jsonWords + [
        "\"log\":{\"entries\":[", "\"request\":{\"method\":\"POST\"",
        "\"url\":\"https://a/?code=x\"",
        "\"postData\":{", "\"text\":\"code=abc\"", "\"params\":[{\"name\":\"code\",\"value\":",
        "\"response\":{", "\"content\":{", "\"encoding\":\"base64\"", "\"redirectURL\":\"",
        "\"headers\":[{\"name\":\"Location\",\"value\":\"",
      ], check: archive),
    FuzzParser(
      name: "posting",
      words: [
        "<form method=\"post\" action=\"", "<input type=hidden ", "name=\"code\" value=\"x\">",
        "name='id_token' value='", "&#x2F;", "&amp;", "<!--", "</form>", "onload=", ">", "<html>",
        "<script>document.forms[0].submit()</script>", "<noscript>",
      ], check: posting),
    FuzzParser(
      name: "neighbour",
      words: [
        "<samlp:Response", "SAMLResponse=", "wresult=", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----", "-----END ", "AKIA", "ghp_", "Set-Cookie: ", "Basic ",
        "1//0", "PHNhbWxw", "v^1.1#i", "wa=wsignin1.0",
      ], check: neighbour),
    FuzzParser(
      name: "loose", words: jsonWords + looseWords, check: loose),
    FuzzParser(
      name: "token",
      words: jsonWords + [
        ".", "~", "=", "%2E", "=3D", "=\n", "+", "/", "eyJhbGciOiJub25lIn0", "e30", "ZXlK", "\\",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0", "WyJhIiwiYiIsMV0", "\u{200B}", "Bearer ",
      ], check: token),
    FuzzParser(
      name: "claims",
      words: jsonWords + [
        "\"typ\":\"at+jwt\"", "\"typ\":\"dpop+jwt\"", "\"typ\":\"dc+sd-jwt\"", "\"events\":{",
        "\"exp\":", "\"nbf\":", "\"_sd\":[\"", "\"...\":\"", "\"jwk\":{\"kty\":\"EC\"", "\"htm\":",
        "\"iss\":\"https://a.example\"", "\"aud\":\"https://appleid.apple.com\"", "\"jwks\":{",
        "\"token_introspection\":{", "9223372036854775807", "1e400", "-0", "\"nonce\":\"x\"", "\n",
      ], check: claims),
    FuzzParser(
      name: "key",
      words: jsonWords + [
        "\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"kty\":\"OKP\"", "\"crv\":\"P-256\"", "\"n\":\"",
        "\"e\":\"AQAB\"", "\"x\":\"", "\"y\":\"", "\"alg\":\"ES256\"", "\"use\":\"sig\"",
        "\"d\":\"",
        "\"crv\":\"P-521\"", "\"kid\":\"a\"", "\"x5c\":[\"", "\"key_ops\":[\"verify\"]",
      ], check: key),
    FuzzParser(
      name: "code-challenge",
      words: [
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "=", "+", "/", "-", "_", "0", "f",
        "MTNkMzFlOTYxYTFhZDhlYzJmMTZiMTBjNGM5ODJlMDg3NmE4NzhhZDZkZjE0NDU2NmVlMTg5NGFjYjcwZjljMw==",
      ], check: codeChallenge),
  ]

  private static let looseWords = [
    "code=abc", "&state=", "id_token=eyJhbGciOiJSUzI1NiJ9.e30.AA", "https://app.example/cb?code=",
    "#access_token=", " INFO ", "nonce: ", "\n", "{\"error\":\"access_denied\"}", "\\\"", "%3D",
    "code_verifier=>", "session_state", "<", ">", "(", ")", ",", "eyJhbGciOiJub25lIn0.e30.",
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func program(_ bytes: [UInt8]) throws {
    for start in [0, bytes.count / 2] {
      guard let (value, end) = ProgramObject.read(bytes, at: start) else { continue }
      try demand(end > start && end <= bytes.count, "it ends at \(end) of \(bytes.count)")
      try demand(value.members != nil || value.elements != nil, "neither object nor list")
    }
  }

  private static func payload(_ bytes: [UInt8]) throws {
    guard let fields = PayloadView.fields(text(bytes)) else { return }
    try demand(!fields.isEmpty, "a view without fields")
    for field in fields { try demand(!field.name.isEmpty, "a field without a name") }
  }

  private static func copied(_ bytes: [UInt8]) throws {
    let text = text(bytes)
    let curl = CurlCommand(text).map {
      CopiedRequest(
        wrapping: "a curl command", url: $0.url, body: $0.body, authorization: $0.authorization,
        unread: $0.unread)
    }
    for request in [curl, PowerShellCall.read(text), FetchCall.read(text)] {
      guard let request, let message = PastedReader.message(request) else { continue }
      try demand(message.wrapping != nil, "a request without its wrapping")
      _ = (message.tokens, message.secrets)
    }
  }

  private static func archive(_ bytes: [UInt8]) throws {
    guard let json = try? JSONParser.parse(bytes), let entries = HARParts.entries(json) else {
      return
    }
    for entry in entries.prefix(50) {
      for part in HARParts.parts(entry) { _ = PastedReader.message(part)?.tokens }
    }
  }

  private static func posting(_ bytes: [UInt8]) throws {
    guard let (_, fields) = PostingPage.read(text(bytes)) else { return }
    for field in fields { try demand(!field.name.isEmpty, "a field without a name") }
  }

  private static func neighbour(_ bytes: [UInt8]) throws {
    guard let sentence = Neighbour.name(text(bytes)) else { return }
    try demand(isHarmless(sentence), "a sentence with controls: \(sentence)")
    try demand(sentence.utf8.count < 1000, "a sentence of \(sentence.utf8.count) bytes")
  }

  private static func loose(_ bytes: [UInt8]) throws {
    let found = LooseText(text(bytes))
    try demand(found.sources.count <= 200, "\(found.sources.count) places")
    for source in found.sources {
      try demand(!source.fields.isEmpty, "a place without values")
      for field in source.fields {
        try demand(LoginNames.all.contains(field.name), "an unknown name: \(field.name)")
      }
    }
    try demand(Set(found.tokens).count == found.tokens.count, "a token twice")
  }

  private static func judge(_ text: String) throws {
    guard let message = try? PastedReader.read(text) else { return }
    let examination = PastedExamination(
      message, now: UnixTime(milliseconds: 1_790_000_030_000), compute: { CryptoFinding($0) })
    for check in examination.checks() {
      try demand(!check.why.isEmpty, "\(check.id) has no reason")
    }
  }

  private static func token(_ bytes: [UInt8]) throws {
    let text = text(bytes)
    let token = PastedToken("token", use: nil, text)
    if let slip = token.slip {
      let right = PastedToken("token", use: nil, slip.right)
      try demand(right.jws != nil || right.encryptedParts != nil, "mended, and still broken")
      try demand(right.slip == nil, "mended twice")
    }
    if let parts = token.encryptedParts?.parts { try demand(parts.count == 5, "\(parts.count)") }
    if case .broken = token.form { try demand(token.jws == nil, "broken and whole") }
    try judge(text)
  }

  /// The first line is the header, the rest are the claims.
  private static func claims(_ bytes: [UInt8]) throws {
    let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let claims = parts.count > 1 ? Array(parts[1]) : []
    let text =
      "\(Base64URL.encode(parts[0])).\(Base64URL.encode(claims))."
      + Base64URL.encode([UInt8](repeating: 7, count: 64))
    let token = PastedToken("token", use: nil, text)
    if let header = token.header, let type = header["typ"]?.string {
      try demand(
        !type.isIdentical(toIgnoringCase: "at+jwt") || token.use == .accessToken,
        "an access token taken for \(token.use)")
    }
    try judge(text)
  }

  private static func key(_ bytes: [UInt8]) throws {
    guard let json = try? JSONParser.parse(bytes), let key = JSONWebKey(json) else { return }
    for fault in key.faults {
      try demand(!fault.explanation.isEmpty, "a fault without words")
    }
    if let reason = KeyTrial.unusable(key, { CryptoFinding($0) }) {
      try demand(!reason.isEmpty, "unusable without a reason")
    }
  }

  private static func codeChallenge(_ bytes: [UInt8]) throws {
    let text = text(bytes)
    let isRight =
      bytes.count == 43
      && bytes.allSatisfy { $0.isASCIIWord || $0 == UInt8(ascii: "-") }
    let challenge = CodeChallenge(s256: text)
    try demand((challenge == .wellFormed) == isRight, "\(challenge) for \(text)")
    try demand((challenge.fault == nil) == isRight, "a fault without words")
  }
}
