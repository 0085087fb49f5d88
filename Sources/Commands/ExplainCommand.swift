import Diagnosis
import Export
import Glibc
import OpenID
import Platform
import Redaction
import Settings
import TextUI

/// Explains a pasted error: cause and fix, or that it is unknown.
public struct ExplainCommand {
  /// The most bytes of a pasted text that are read.
  static let textBytes = 8 * 1024 * 1024

  private let text: String
  private let issuer: WebURL?
  private let isJSON: Bool
  private let ink: Ink

  /// Reads the text from the operand, or from standard input.
  ///
  /// - Throws: ``UsageError`` when there is no text, or the issuer is not a URL.
  public init(_ invocation: Invocation, _ ink: Ink = Ink()) throws(UsageError) {
    self.ink = ink
    if let issuer = invocation[.issuer] {
      do throws(WebURLError) {
        self.issuer = try WebURL(issuer)
      } catch {
        throw UsageError("--issuer \(issuer): it is no http or https URL.")
      }
    } else {
      issuer = nil
    }
    isJSON = invocation.has(.json)
    if let operand = invocation.operands.first, operand != "-" {
      text = operand
    } else if invocation.operands.isEmpty, isatty(STDIN_FILENO) == 1 {
      throw UsageError(
        "There is nothing to explain. Give the error in quotes, or pipe it in: "
          + "hybrid-flow explain 'invalid_grant …'.")
    } else {
      let bytes = try SystemFiles.read("/dev/stdin", option: "explain", limitBytes: Self.textBytes)
      text = String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Looks the text up and returns the explanation.
  public func output() -> String {
    let redactor = Redactor(secrets: WireSecrets.all(inPasted: text))
    let matches = DiagnosisEngine.diagnose(
      evidence: DiagnosisEvidence(pasted: text, issuer: issuer)
    ).map { match in
      // Advice may repeat the pasted text.
      var match = match
      match.cause = redactor.mask(match.cause)
      match.fix = redactor.mask(match.fix)
      return match
    }
    return isJSON ? json(matches) : words(matches)
  }

  private func json(_ matches: [DiagnosisMatch]) -> String {
    let list = matches.map { match -> JSONValue in
      [
        "id": .string(match.id), "confidence": .string(match.confidence.word),
        "provider": .string(match.provider.rawValue), "cause": .string(match.cause),
        "fix": .string(match.fix), "source": .string(match.source),
      ]
    }
    return RunJSON.text(of: ["matches": .array(list)])
  }

  private func words(_ matches: [DiagnosisMatch]) -> String {
    guard !matches.isEmpty else {
      return """
        Nothing is known about this text.
        Paste more of it: the error code, its description, the HTTP status, and the page's own words.
        With --issuer the provider is known as well; "hybrid-flow run" shows every message.

        """
    }
    return matches.map { match in
      """
      \(ink(.strong, match.provider.title)), \(match.confidence.word) confidence
        \(ink(.fail, "Cause:"))  \(HarmlessText.line(match.cause))
        \(ink(.pass, "Fix:"))    \(HarmlessText.line(match.fix))
        \(ink(.muted, "Source:")) \(HarmlessText.line(match.source))

      """
    }.joined(separator: "\n")
  }
}
