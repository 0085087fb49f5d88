import DemoTenant
import Export
import HybridFlow
import Lab
import OpenID
import TextUI
import Trial

/// A certification plan at an application: each module, and what the application made of it.
struct TestAppPlan {
  /// One module, and what became of it.
  struct Result {
    var module: PlanModule
    /// Whether the application did what the module expects; nil where nothing can be said.
    var isRight: Bool?
    /// The word of `--json`.
    var word: String
    /// Why, in a sentence without its full stop.
    var why: String
    var seen: [String] = []
    var seconds = 0.0
  }

  let plan: CertificationPlan
  let variant: PlanVariant
  private let modules: [PlanModule]
  private let encrypts: Bool
  private let request: [FormField]

  /// The plan in the variant of what the application asks for; nil when it has none.
  init?(_ plan: CertificationPlan, _ honest: HonestLogin, _ client: TenantClient) {
    guard let variant = plan.variants.first(where: { $0.type == honest.traits.type }) else {
      return nil
    }
    (self.plan, self.variant) = (plan, variant)
    (encrypts, request) = (client.encryption?.idTokens != nil, honest.traits.request)
    modules = plan.modules.filter { $0.isIn(variant) && $0.notRun == nil }
  }

  /// Why the plan says nothing about this application; nil when it does.
  func obstacle(_ traits: ApplicationTraits) -> String? {
    guard plan.name == .formPost, !traits.takesFormPost else { return nil }
    return "--plan form-post: your application does not ask for response_mode=form_post. Take "
      + "--plan hybrid."
  }

  /// What has to be tried; of the others the honest logins say enough.
  var rows: [LabFault] {
    modules.filter { $0.request == nil && !$0.isHonest && lack(for: $0) == nil }
      .map { $0.row(in: variant) }
  }

  /// Every module in its order.
  func results(_ report: Trial.Report) -> [Result] {
    modules.map { module in
      if let why = lack(for: module) {
        return Result(module: module, word: "not_applicable", why: why)
      }
      if let rule = module.request { return result(module, rule, report.honest) }
      if module.isHonest {
        return Result(module: module, isRight: true, word: "right", why: "it signed in")
      }
      guard let result = report.results.first(where: { $0.fault.id == module.name }) else {
        return Result(module: module, word: "not_applicable", why: "it was not tried")
      }
      return Self.result(module, result)
    }
  }

  /// What the application does not ask for, so that a module says nothing about it.
  private func lack(for module: PlanModule) -> String? {
    switch module.need {
    case nil: nil
    case .encryptedIDTokens:
      encrypts ? nil : "its ID tokens are not encrypted: --client with id-token-encryption"
    case .intentID:
      request["claims"]?.holds("openbanking_intent_id") == true
        ? nil : "your application asks for no openbanking_intent_id"
    case .responseJWT:
      request["response_mode"].flatMap { ResponseMode(rawValue: $0) }?.isJWT == true
        ? nil : "your application asks for no answer in a JWT"
    }
  }

  private func result(
    _ module: PlanModule, _ rule: PlanModule.RequestRule, _ honest: HonestLogin
  ) -> Result {
    let exchanges = honest.visits.flatMap(\.tenant.codeExchanges)
    if rule == .basicAuthentication, exchanges.isEmpty {
      return Result(
        module: module, word: "not_applicable", why: "your application does not redeem the code")
    }
    let lack = rule.lack(
      in: honest.traits.request, usesBasic: exchanges.allSatisfy(\.usesBasic))
    return Result(
      module: module, isRight: lack == nil, word: lack == nil ? "right" : "wrong",
      why: lack ?? "the honest login shows it")
  }

  private static func result(_ module: PlanModule, _ result: TrialResult) -> Result {
    let isRight: Bool? =
      switch result.verdict {
      case .caught: true
      case .letThrough: module.expectation == .rejectOrTryKeys
      case .unclear, .notApplicable: nil
      }
    return Result(
      module: module, isRight: isRight,
      word: isRight.map { $0 ? "right" : "wrong" } ?? result.verdict.word,
      why: result.verdict.why, seen: result.seen, seconds: result.seconds)
  }

  // MARK: What is printed

  /// The table, with what was seen where it was not as expected.
  func text(_ results: [Result], style: PrintStyle) -> String {
    let width = results.map { plan.shortName($0.module).count }.max() ?? 0
    var output = "\(plan.suiteName), '\(variant.title)'\n\n"
    for result in results {
      let name = plan.shortName(result.module)
      let gap = String(repeating: " ", count: width + 2 - name.count)
      output += "\(mark(result, style)) \(name)\(gap)\(result.module.expectation.words)\n"
      if result.isRight == true { continue }
      for line in [result.why] + (result.isRight == false ? result.seen : []) {
        output += HelpText.wrapped(HarmlessText.line(line), width: HelpText.columns - 6)
          .map { "      \($0)\n" }.joined()
      }
    }
    let counts = Self.words.map { word in
      "\(results.count { $0.word == word }) \(word.split(at: "_").joined(separator: " "))"
    }
    return output + "\n\(results.count) modules: \(counts.joined(separator: ", ")).\n"
  }

  private static let words = ["right", "wrong", "unclear", "not_applicable"]

  private func mark(_ result: Result, _ style: PrintStyle) -> String {
    switch result.isRight {
    case true?: style.ink(.pass, style.isASCII ? "+" : "✓")
    case false?: style.ink(.fail, style.isASCII ? "X" : "✗")
    case nil: style.ink(.muted, result.word == "unclear" ? "?" : style.isASCII ? "-" : "–")
    }
  }

  /// A line for each module, then the result.
  func json(_ results: [Result], exit: Int32) -> String {
    let lines = results.map { result -> JSONValue in
      [
        "type": "module", "plan": .string(plan.name.rawValue), "id": .string(result.module.name),
        "variant": .string(variant.title), "response_type": .string(variant.type.rawValue),
        "does": .string(result.module.does),
        "expected": .string(result.module.expectation.words), "verdict": .string(result.word),
        "did": .string(result.why), "seen": .array(result.seen.map(JSONValue.string)),
      ]
    }
    var end: JSONValue = [
      "type": "result", "status": .string(exit == ExitCode.success ? "passed" : "failed"),
      "plan": .string(plan.name.rawValue), "exit": .number(JSONNumber(Int64(exit))),
    ]
    for word in Self.words {
      end.set(word, .number(JSONNumber(Int64(results.count { $0.word == word }))))
    }
    return (lines + [end]).map { RunJSON.text(of: $0) }.joined()
  }

  /// One suite, a case for each module.
  func junit(_ results: [Result]) -> JUnitReport {
    let cases = results.map { result in
      let text = (["expected: \(result.module.expectation.words)"] + result.seen)
        .joined(separator: "\n")
      let outcome: JUnitCase.Outcome =
        switch result.isRight {
        case true?: .passed
        case false?: .failed(message: result.why, text: text)
        case nil where result.word == "unclear": .error(message: result.why, text: text)
        case nil: .skipped(result.why)
        }
      return JUnitCase(
        name: result.module.name, className: "test-app", seconds: result.seconds, outcome: outcome)
    }
    let suite = JUnitSuite(
      name: plan.suiteName, cases: cases, seconds: results.map(\.seconds).reduce(0, +))
    return JUnitReport(name: "hybrid-flow test-app --plan \(plan.name.rawValue)", suites: [suite])
  }
}
