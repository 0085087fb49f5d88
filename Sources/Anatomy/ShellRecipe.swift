import HybridFlow
import OpenID

/// A line for a POSIX shell with coreutils and openssl that makes a value of the run once more.
public struct ShellRecipe: Sendable, Equatable {
  /// What the line prints, in our own words.
  public let what: String
  /// The variables that must hold values of the run, such as `CODE`.
  public let variables: [String]
  /// The line, which holds no value of the run.
  public let line: String

  /// The lines for the values that appear in a stage.
  public static func all(for record: StageRecord, of transcript: Transcript) -> [ShellRecipe] {
    switch record.stage {
    case .authorize:
      let fields = record.messages.compactMap { $0.response?.headers["Location"] ?? $0.url }
      return fields.contains { $0.holds("code_challenge_method=S256") } ? [codeChallenge] : []
    case .exchange:
      let isBasic = record.messages.contains {
        $0.headers["Authorization"]?.begins(with: "Basic ") ?? false
      }
      return isBasic ? [basic] : []
    default: return record.tokens.flatMap { tokenRecipes($0, of: transcript) }
    }
  }

  /// RFC 7636, section 4.2.
  static let codeChallenge = ShellRecipe(
    what: "code_challenge: the verifier, hashed", variables: ["CODE_VERIFIER"],
    line: #"printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary | "#
      + "basenc -w0 --base64url | tr -d =")

  /// RFC 6749, section 2.3.1: both are form-encoded before.
  static let basic = ShellRecipe(
    what: "Authorization: Basic, id and secret form-encoded",
    variables: ["CLIENT_ID", "CLIENT_SECRET"],
    line: #"printf %s "$CLIENT_ID:$CLIENT_SECRET" | base64 -w0"#)

  private static func tokenRecipes(
    _ token: TokenRecord, of transcript: Transcript
  ) -> [ShellRecipe] {
    guard let jws = token.jws else { return [] }
    let variable =
      switch token.use {
      case .idToken: "ID_TOKEN"
      case .accessToken: "ACCESS_TOKEN"
      case .refreshToken: "REFRESH_TOKEN"
      case .response: "RESPONSE"
      }
    // Of an encrypted token the shell reads the outer header, and no more.
    let names = token.envelope == nil ? ["header", "payload"] : ["header"]
    let segments = (token.envelope?.text ?? jws.text).split(at: ".")
    var recipes = zip(names, segments).enumerated().map {
      segment($1.0, number: $0 + 1, of: variable, characters: $1.1.utf8.count)
    }
    // Of EdDSA the digest depends on the key's curve.
    guard token.use == .idToken, jws.algorithm != .edDSA,
      let digest = jws.algorithm?.hashClaimDigest(curve: nil)
    else {
      return recipes
    }
    for (claim, variable) in [("c_hash", "CODE"), ("at_hash", "ACCESS_TOKEN"), ("s_hash", "STATE")]
    where token.claims?[claim] != nil {
      recipes.append(hash(claim, of: variable, digest))
    }
    return recipes
  }

  /// A segment as JSON; base64url leaves out the padding that `basenc` wants.
  ///
  /// RFC 7515, appendix C.
  private static func segment(
    _ name: String, number: Int, of variable: String, characters: Int
  ) -> ShellRecipe {
    let padding = String(repeating: "=", count: (4 - characters % 4) % 4)
    let pad = padding.isEmpty ? "" : " | sed 's/$/\(padding)/'"
    return ShellRecipe(
      what: "\(name) of \(variable.asciiLowercased), as JSON", variables: [variable],
      line: "printf %s \"$\(variable)\" | cut -d. -f\(number)\(pad) | basenc -d --base64url")
  }

  /// The left half of a digest.
  ///
  /// OpenID Connect Core 1.0, section 3.3.2.11.
  private static func hash(
    _ claim: String, of variable: String, _ digest: DigestAlgorithm
  ) -> ShellRecipe {
    let name =
      switch digest {
      case .sha256: "-sha256"
      case .sha384: "-sha384"
      case .sha512: "-sha512"
      case .shake256x114: "-shake256 -xoflen 114"
      case .shake256x64: "-shake256 -xoflen 64"
      }
    return ShellRecipe(
      what: "what \(claim) has to be", variables: [variable],
      line: "printf %s \"$\(variable)\" | openssl dgst \(name) -binary"
        + " | head -c\(digest.byteCount / 2) | basenc -w0 --base64url | tr -d =")
  }
}
