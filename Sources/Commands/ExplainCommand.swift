import Diagnosis
import Export
import Glibc
import HybridFlow
import Inspection
import OpenID
import Platform
import Presentation
import Recording
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
  private let style: PrintStyle

  /// Reads the text from the operand, or from standard input.
  ///
  /// - Throws: ``UsageError`` when there is no text, or the issuer is not a URL.
  public init(_ invocation: Invocation, _ style: PrintStyle = PrintStyle()) throws(UsageError) {
    self.style = style
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
      // A folder may be called like an error; a file without a blank in its name is meant.
      var status = stat()
      let isFile =
        !operand.holds(" ") && stat(operand, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      text =
        isFile
        ? Self.text(
          try SystemFiles.read(operand, option: "explain", limitBytes: Self.textBytes)) : operand
    } else if invocation.operands.isEmpty, isatty(STDIN_FILENO) == 1 {
      throw UsageError(
        "There is nothing to explain. Give the error in quotes, or pipe it in: "
          + "hybrid-flow explain 'invalid_grant …'.")
    } else {
      let bytes = try SystemFiles.read("/dev/stdin", option: "explain", limitBytes: Self.textBytes)
      text = Self.text(bytes)
    }
  }

  /// The text as it was before a mail or a page encoded it once more.
  private static func text(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return PastedReader.undone(text) ?? text
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
      match.values = match.values.map { ComparedValue($0.name, redactor.mask($0.text)) }
      return match
    }
    return isJSON ? json(matches) : words(matches)
  }

  private func json(_ matches: [DiagnosisMatch]) -> String {
    let list = matches.map { match -> JSONValue in
      let values = match.values.map { value -> JSONValue in
        ["name": .string(value.name), "text": .string(value.text)]
      }
      return [
        "id": .string(match.id), "confidence": .string(match.confidence.word),
        "provider": .string(match.provider.rawValue),
        "blame": match.blame.map { .string($0.rawValue) } ?? .null,
        "cause": .string(match.cause), "fix": .string(match.fix), "values": .array(values),
        "basis": .string(match.basis), "source": .string(match.source),
      ]
    }
    return RunJSON.text(of: ["matches": .array(list)])
  }

  private func words(_ matches: [DiagnosisMatch]) -> String {
    guard let first = matches.first else {
      return unexplained() ?? """
        Nothing is known about this text.
        Paste more of it: the error code, its description, the HTTP status, and the page's own words.
        With --issuer the provider is known as well; "hybrid-flow run" shows every message.

        """
    }
    let best = style.hasCards ? card(first) : lines(first)
    return ([best] + matches.dropFirst().map(lines)).joined(separator: "\n")
  }

  // MARK: No error

  /// What a text is that holds no known error, and which checks it fails; nil when it is unknown.
  private func unexplained() -> String? {
    let message: PastedMessage
    do throws(PastedError) {
      message = try PastedReader.read(text)
    } catch {
      return error.isKnown ? Self.line(error.message) + "\n" : nil
    }
    let failed = PastedExamination(
      message, issuer: issuer, now: .now,
      compute: { CryptoFinding($0) }
    ).checks().filter { $0.verdict == .fail }
    let redactor = Redactor(secrets: message.secrets)
    let mark = Check.Verdict.fail.mark(isASCII: style.isASCII)
    var lines = ["No known error stands in this text. It is \(message.title.lowercasedFirst)."]
    lines += failed.map { "  \(mark) \($0.id): \(redactor.line($0.why))" }
    lines.append(
      failed.isEmpty
        ? "\"hybrid-flow decode\" shows what is in it, and checks it."
        : "\"hybrid-flow decode\" shows what is in it, and every check.")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: One explanation

  /// On a terminal: what happened, who has to change something, why, and where.
  private func card(_ match: DiagnosisMatch) -> String {
    let (what, why) = CauseDocument.firstSentence(of: Self.line(match.cause))
    var card = Card("\(Check.Verdict.fail.mark(isASCII: style.isASCII)) \(what)", .fail)
    card.rows = [("who", Self.who(match))]
    if !why.isEmpty { card.rows.append(("why", why)) }
    card.rows += match.values.map { ($0.name, Self.line($0.text)) }
    card.rows += [
      ("fix", Self.line(match.fix)), ("sure", Self.sure(match)), ("from", Self.line(match.source)),
    ]
    return card.text(isASCII: style.isASCII, ink: style.ink)
  }

  /// In a pipe, and for further explanations: a line each.
  private func lines(_ match: DiagnosisMatch) -> String {
    let ink = style.ink
    var lines = [
      "\(ink(.strong, match.provider.title)), \(match.confidence.word) confidence",
      "  \(ink(.fail, "Cause:"))  \(Self.line(match.cause))",
      "  \(ink(.muted, "Who:"))    \(Self.who(match))",
    ]
    lines += match.values.map { value in
      "  \(ink(.muted, Self.line(value.name).capitalized + ":")) \(Self.line(value.text))"
    }
    lines += [
      "  \(ink(.pass, "Fix:"))    \(Self.line(match.fix))",
      "  \(ink(.muted, "Sure:"))   \(Self.sure(match))",
      "  \(ink(.muted, "Source:")) \(Self.line(match.source))",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func who(_ match: DiagnosisMatch) -> String {
    match.blame?.words ?? "nobody: nothing is set up wrongly"
  }

  private static func sure(_ match: DiagnosisMatch) -> String {
    let basis = line(match.basis)
    return match.provider == .generic
      ? "\(match.confidence.word), because \(basis)"
      : "\(match.confidence.word), because \(basis) (\(match.provider.title))"
  }

  private static func line(_ text: String) -> String { HarmlessText.line(text) }
}
