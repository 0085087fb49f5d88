import Cryptography
import Glibc
import HybridFlow
import Inspection
import Network
import OpenID
import Platform
import Recording
import Redaction
import Session
import Settings
import TextUI

/// Decodes a pasted text, and makes the checks that are possible.
public final class DecodeCommand {
  private let message: PastedMessage
  /// What was opened with the person's own key; nil where nothing was encrypted, or no key given.
  private let opening: DecodeOpening?
  private let outerSecrets: [KnownSecret]
  private let issuer: WebURL?
  private let clientID: String?
  private let extras: PastedExtras
  private let givenKeys: [JSONWebKey]?
  private let skewSeconds: Int64
  private let options: ClientOptions
  private let isJSON: Bool
  private let style: PrintStyle
  private let reveals: Bool

  /// The result.
  public struct Outcome: Sendable, Equatable {
    /// The text for standard output.
    public var text: String
    /// The text for standard error; nil for none.
    public var complaint: String?
    /// The exit code.
    public var exit: Int32
  }

  /// Reads the text from the file that the operand names, or from standard input.
  ///
  /// - Throws: ``UsageError`` when there is no text, its form is unknown, or an option is wrong.
  public init(
    _ invocation: Invocation, _ style: PrintStyle = PrintStyle(),
    environment: [String: String] = [:]
  ) throws(UsageError) {
    let reader = ConnectionReader(invocation: invocation)
    issuer = invocation.has(.issuer) ? try reader.issuer() : nil
    clientID = invocation[.clientID].flatMap { $0.isEmpty ? nil : $0 }
    var extras = PastedExtras(
      code: try Self.value(.code, invocation),
      accessToken: try Self.value(.accessToken, invocation),
      nonce: try Self.value(.nonce, invocation))
    extras.certificate = try invocation[.certificate].map(Self.certificate)
    self.extras = extras
    let own = try invocation[.key].map(DecodeOpening.keys) ?? []
    let given = try own.isEmpty ? invocation[.key].map(Self.keys) : nil
    if given != nil, issuer != nil {
      throw UsageError("--key and --issuer: give one, the keys or whose keys to fetch.")
    }
    skewSeconds = try reader.seconds(.clockSkew)
    let caFile = try reader.caFile()
    options = ClientOptions(
      timeoutSeconds: Int(try reader.seconds(.timeout)),
      caFile: caFile, userAgent: "hybrid-flow/\(ProgramVersion.text)", environment: environment)
    isJSON = invocation.has(.json)
    self.style = style
    reveals = invocation.has(.reveal)
    let bytes = try Self.bytes(invocation.operands.first)
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(PastedError) {
      let outer = try PastedReader.read(text)
      let isEncrypted = outer.tokens.contains { $0.encryptedParts != nil }
      let opening = own.isEmpty || !isEncrypted ? nil : DecodeOpening(outer, text, keys: own)
      self.opening = opening
      outerSecrets = opening == nil ? [] : outer.secrets
      message = try opening?.text.map(PastedReader.read) ?? outer
      // A key of one's own verifies nothing inside, which the issuer has signed.
      let path = invocation[.key] ?? ""
      givenKeys = opening == nil && !own.isEmpty ? try? Self.keys(path) : given
    } catch {
      throw UsageError(error.message)
    }
  }

  /// The value of an option, or what stands in the file that it names after an @.
  private static func value(
    _ setting: Setting, _ invocation: Invocation
  ) throws(UsageError) -> String? {
    guard let text = invocation[setting], !text.isEmpty else { return nil }
    guard let path = text.dropping(prefix: "@") else { return text }
    let bytes = try SystemFiles.read(
      String(path), option: setting.place, limitBytes: Limit.tokenBytes)
    var value = String(decoding: bytes, as: UTF8.self)[...]
    while let rest = value.dropping(suffix: "\n") ?? value.dropping(suffix: "\r") { value = rest }
    return String(value)
  }

  private static func certificate(_ path: String) throws(UsageError) -> ClientCertificate {
    let bytes = try SystemFiles.read(
      path, option: Setting.certificate.place, limitBytes: ClientIdentity.pemLimitBytes)
    do throws(ClientCertificateError) {
      return try ClientCertificate(pem: bytes)
    } catch {
      throw UsageError("--certificate \(path): \(error).")
    }
  }

  private static func keys(_ path: String) throws(UsageError) -> [JSONWebKey] {
    let bytes = try SystemFiles.read(
      path, option: Setting.key.place, limitBytes: PastedReader.textBytes)
    do throws(PastedError) {
      let keys = try PastedReader.read(String(decoding: bytes, as: UTF8.self)).keys
      if !keys.isEmpty { return keys }
    } catch {
      throw UsageError("--key \(path): \(error.message)")
    }
    throw UsageError(
      "--key \(path): no key stands in it. Give PEM (a public key or a certificate), a JWK, or a "
        + "set of them.")
  }

  private static func bytes(_ operand: String?) throws(UsageError) -> [UInt8] {
    guard let operand, operand != "-" else {
      guard operand != nil || isatty(STDIN_FILENO) == 0 else {
        throw UsageError(
          "There is nothing to decode. Name a file, or pipe the text in: "
            + "hybrid-flow decode < callback.txt.")
      }
      do throws(UsageError) {
        return try SystemFiles.read(
          "/dev/stdin", option: "decode", limitBytes: PastedReader.textBytes)
      } catch {
        // The person has not named /dev/stdin.
        throw UsageError(
          error.message.replacing(bytes: "decode /dev/stdin: the file", with: "Standard input"))
      }
    }
    // Every user of the machine can see a token on the command line.
    if access(operand, F_OK) != 0, let text = try? PastedReader.read(operand),
      // A misspelt file name looks like an opaque token.
      text.kind != .opaqueToken
    {
      throw UsageError(
        "Give the text in a file or on standard input, not as an argument: other users of this "
          + "machine can read arguments.")
    }
    do throws(UsageError) {
      return try SystemFiles.read(operand, option: "decode", limitBytes: PastedReader.textBytes)
    } catch {
      // An operand that is not a file name may be a bare token.
      throw UsageError(
        Redactor(secrets: WireSecrets.all(inPasted: "token=" + operand)).mask(error.message))
    }
  }

  /// Decodes and checks the text, after fetching the keys if an issuer was named.
  public func run() -> Outcome {
    var keys = givenKeys.map { PastedKeys.given(JSONWebKeySet(keys: $0)) } ?? .none
    var complaints: [String] = []
    if let issuer, message.tokens.contains(where: { $0.jws != nil }) {
      keys = fetchKeys(of: issuer)
      if case .unreachable(let reason) = keys {
        complaints.append("hybrid-flow: --issuer \(issuer): \(reason).")
      }
    }
    let examination = PastedExamination(
      message, issuer: issuer, clientID: clientID, extras: extras, keys: keys,
      clockSkewSeconds: skewSeconds,
      now: .now, compute: { CryptoFinding($0) })
    let checks = (opening?.checks ?? []) + examination.checks()
    let redactor =
      reveals
      ? Redactor.revealing : Redactor(secrets: message.secrets + outerSecrets + extras.secrets)
    complaints += opening?.words.map { "hybrid-flow: \($0)." } ?? []
    if reveals { complaints.append("hybrid-flow: secrets are shown, because of --reveal.") }
    let report = DecodeReport(
      message: examination.message, tokens: examination.allTokens, checks: checks,
      redactor: redactor,
      now: examination.now)
    let exit: Int32 =
      if case .unreachable = keys { ExitCode.unreadable } else {
        checks.contains { $0.verdict == .fail } ? ExitCode.check : ExitCode.success
      }
    return Outcome(
      text: isJSON ? DecodeJSON.text(report) : DecodeText(report, style).text(),
      complaint: complaints.isEmpty
        ? nil : complaints.map { HarmlessText.line($0) + "\n" }.joined(),
      exit: exit)
  }

  // MARK: - Keys

  /// Why the keys are missing, in words.
  private struct KeyFault: Error {
    var reason: String
  }

  private func fetchKeys(of issuer: WebURL) -> PastedKeys {
    do throws(KeyFault) {
      let loop = PollLoop()
      let client = HTTPClient(loop: loop, options: options)
      guard let address = try? ProviderMetadata.documentURL(of: issuer) else {
        throw KeyFault(reason: "it is no issuer")
      }
      let document = try fetch(address, "the discovery document", client, loop)
      guard let metadata = ProviderMetadata(document) else {
        throw KeyFault(reason: "the discovery document is no JSON object")
      }
      // Metadata of another issuer give no keys for this one: the issuer's check says so.
      guard metadata.issuer?.isIdentical(to: issuer.text) == true else {
        return .published(metadata, JSONWebKeySet(keys: []))
      }
      // Nor do metadata with an address to which nothing may be sent.
      guard !EndpointRules(metadata, issuer: issuer).names.contains("jwks_uri") else {
        return .published(metadata, JSONWebKeySet(keys: []))
      }
      guard let text = metadata.jwksURI, let url = try? WebURL(text) else {
        throw KeyFault(reason: "the discovery document has no usable jwks_uri")
      }
      let json = try fetch(url, "the keys", client, loop)
      do throws(KeySetError) {
        return .published(metadata, try JSONWebKeySet(json))
      } catch {
        throw KeyFault(reason: "what stands at jwks_uri is no set of keys: \(error.explanation)")
      }
    } catch {
      return .unreachable(error.reason)
    }
  }

  private func fetch(
    _ url: WebURL, _ what: String, _ client: HTTPClient, _ loop: PollLoop
  ) throws(KeyFault) -> JSONValue {
    var result: Result<HTTPExchange, TransportError>?
    let request = HTTPRequest(method: "GET", url: url, headers: ["Accept": "application/json"])
    client.send(request) { result = $0 }
    // libcurl has its own time limit; this one is a safeguard.
    _ = loop.run(withinMilliseconds: options.timeoutMilliseconds + 1000) { result != nil }
    switch result {
    case nil:
      client.cancelAll()
      throw KeyFault(reason: "\(what) did not come in time")
    case .failure(let fault): throw KeyFault(reason: fault.description)
    case .success(let exchange):
      guard exchange.response.status == 200 else {
        throw KeyFault(
          reason: "\(what) was answered with HTTP \(exchange.response.status), not 200")
      }
      do throws(JSONError) {
        return try JSONParser.parse(exchange.response.body)
      } catch {
        throw KeyFault(reason: "\(what): not JSON, \(error.explanation)")
      }
    }
  }
}
