import Diagnosis
import HybridFlow
import OpenID
import Platform
import Presentation
import Redaction
import TextUI

/// A run to be exported: the transcript, and what is needed to describe it.
///
/// Every export is a pure function of this value, whether it is a live run, a lab run or a
/// recording.
public struct ExportedRun: Sendable {
  /// The source of the transcript.
  public enum Origin: Sendable, Equatable {
    /// A run that has just ended, or is still in progress.
    case live
    /// A run with a fault of the lab.
    case lab(fault: String)
    /// A recording.
    case replay(of: String)
  }

  /// The transcript.
  public var transcript: Transcript
  /// The summary of the connection.
  public var summary: RunSummary
  /// The tenant\u{2019}s issuer, as configured: outside text.
  public var issuer: String
  /// The source of the transcript.
  public var origin: Origin
  /// The probable cause of a failure; nil for a run that ended well.
  public var diagnosis: RunDiagnosis?
  /// Secrets to hide in addition to those of the transcript.
  public var secrets: [KnownSecret]
  /// Whether secrets are shown.
  public var reveals: Bool
  /// The version of the program that exports.
  public var version = ProgramVersion.text

  /// Makes a run to be exported.
  public init(
    transcript: Transcript, summary: RunSummary, issuer: String, origin: Origin = .live,
    diagnosis: RunDiagnosis? = nil, secrets: [KnownSecret] = [], reveals: Bool = false
  ) {
    self.transcript = transcript
    self.summary = summary
    self.issuer = issuer
    self.origin = origin
    self.diagnosis = diagnosis
    self.secrets = secrets
    self.reveals = reveals
  }

  /// Makes a run from its configuration.
  ///
  /// - Parameter password: The password that the person typed, if the program knows it.
  public init(
    transcript: Transcript, configuration: FlowConfiguration, redirectURI: WebURL? = nil,
    password: Secret? = nil, origin: Origin = .live, reveals: Bool = false
  ) {
    var summary = RunSummary(configuration)
    if let redirectURI { summary.redirectURI = HarmlessText.line(redirectURI.text) }
    self.init(
      transcript: transcript, summary: summary, issuer: configuration.issuer.text, origin: origin,
      diagnosis: RunDiagnosis(transcript, configuration),
      secrets: WireSecrets.beside(transcript, configuration, password: password),
      reveals: reveals)
  }

  /// The redactor that decides how secrets are shown, for every export.
  public var redactor: Redactor {
    reveals ? .revealing : Redactor(secrets: transcript.secrets + secrets)
  }

  /// The note about secrets at the top of every export: one sentence, our own words.
  public var maskingNotice: String {
    reveals
      ? "NOT MASKED: secrets, passwords, cookies, codes and tokens stand here as they travelled."
      : "Masked: client secrets, passwords and cookies as \(Redactor.dots); codes, tokens and "
        + "verifiers but for their first and last characters."
  }

  /// The program and the export: one sentence, our own words.
  public var title: String {
    "hybrid-flow \(version): a run of the hybrid flow \(originWords)"
  }

  /// The source in words; a recording\u{2019}s name is outside text and made harmless.
  var originWords: String {
    let tenant = summary.isDemo ? "at the demo tenant" : "at a tenant"
    switch origin {
    case .live: return tenant
    case .lab(let fault):
      let off = transcript.checksOff.map(\.rawValue).sorted().joined(separator: ", ")
      return "\(tenant), with the lab\u{2019}s fault \(fault)"
        + (off.isEmpty ? "" : ", SWITCHED OFF: \(off)")
    case .replay(let name): return "\(tenant), REPLAY of \(HarmlessText.line(name))"
    }
  }

  /// The result in a word or two.
  var outcome: String {
    switch exitCode {
    case nil: "under way"
    case ExitCode.success: "passed"
    default: "failed"
    }
  }

  /// The heading of a report: `Hybrid flow: failed at stage 5`.
  var heading: String {
    let stopped = transcript.stages.first { $0.failure != nil }
    return "Hybrid flow: \(outcome)" + (stopped.map { " at stage \($0.stage.number)" } ?? "")
  }

  /// The exit code of `run`; nil while the run is in progress.
  public var exitCode: Int32? {
    if let failure = transcript.firstFailure { return failure.exitCode }
    let isOver = transcript.stages.allSatisfy { $0.status == .passed || $0.status == .skipped }
    return isOver ? ExitCode.success : nil
  }

  /// The run in this form.
  ///
  /// - Parameters:
  ///   - size: The size of the screen, for the formats with one.
  ///   - theme: The theme of the screen.
  public func text(
    as format: ExportFormat, size: ScreenSize = WalkFrames.usualSize, theme: Theme
  ) -> String {
    switch format {
    case .har: HARExport(self).text
    case .markdown: MarkdownExport(self).text
    case .html: HTMLExport(self).text
    case .mermaid: MermaidExport(self).text
    case .curl: CurlExport(self).text
    case .asciicast: AsciicastExport(self, size: size, theme: theme).text
    case .svg: WalkFrames(self, theme: theme).animatedSVG(size: size)
    }
  }
}

/// A request and its response, one of which may be missing.
struct Exchange: Sendable {
  /// The request; nil when only the response was seen.
  var request: Message?
  /// The response; nil when none was received or seen.
  var response: Message?
  /// The action after the flow to which it belongs.
  var action: AfterAction?

  /// The request, or the response if there is no request.
  let first: Message

  /// Every exchange of a run, in order of their start.
  static func all(in transcript: Transcript) -> [Exchange] {
    let after = transcript.afterwards.flatMap { after in
      pairs(after.record.messages).map { exchange in
        var exchange = exchange
        exchange.action = after.action
        return exchange
      }
    }
    return pairs(transcript.messages) + after
  }

  private static func pairs(_ messages: [Message]) -> [Exchange] {
    var exchanges: [Exchange] = []
    for message in messages.sorted(by: { $0.id < $1.id }) {
      guard message.response != nil else {
        exchanges.append(Exchange(request: message, first: message))
        continue
      }
      // The newest request that waits for a response from there.
      let asked = exchanges.lastIndex {
        $0.response == nil && $0.request?.from == message.to && $0.request?.to == message.from
          && $0.first.method == message.method && $0.first.url == message.url
      }
      if let asked {
        exchanges[asked].response = message
      } else {
        exchanges.append(Exchange(response: message, first: message))
      }
    }
    return exchanges
  }
}
