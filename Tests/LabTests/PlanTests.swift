import HybridFlow
import OpenID
import Testing
import TextUI

@testable import Commands
@testable import Lab
@testable import Platform
@testable import Session
@testable import Settings

extension LabTests {
  /// `hybrid-flow lab --plan`: the modules of the OpenID Foundation’s plans.
  @Suite struct PlanTests {
    private static let plans = CertificationPlan.Name.allCases.map(CertificationPlan.named)

    private func lab(_ words: [String]) throws -> (Paper, RunOutcome) {
      let invocation = try Invocation.parse(["lab"] + words)
      let paper = Paper()
      let style = PrintStyle(isASCII: invocation.has(.ascii))
      let command = try #require(try PlanCommand(invocation, style: style, sink: paper))
      return (paper, command.run())
    }

    @Test func `every module of every plan ends as the plan expects`() async throws {
      for plan in Self.plans {
        for module in plan.modules where module.notRun == nil {
          for variant in plan.variants where module.isIn(variant) {
            await Task.yield()
            let outcome = try module.outcome(in: variant)
            #expect(outcome.isRight, "\(module.name), \(variant.title): \(outcome.did)")
            let spoilt = try Lab.run(of: module.row(in: variant), type: variant.type).spoilt
            #expect(spoilt.isEmpty == module.isHonest, "\(module.name)")
          }
        }
      }
    }

    /// As many as the suite’s own lists have.
    @Test(arguments: [CertificationPlan.Name.hybrid, .formPost])
    func `a plan of the core has the suite’s modules`(name: CertificationPlan.Name) throws {
      let plan = CertificationPlan.named(name)
      let counts = plan.variants.map { variant in plan.modules.count { $0.isIn(variant) } }
      #expect(counts == [16, 14, 18])
      #expect(Set(plan.modules.map(\.name)).count == plan.modules.count)
      #expect(plan.modules.allSatisfy { $0.name.hasPrefix(plan.prefix) })
    }

    @Test func `the plan of FAPI has the suite’s modules, and says which are not run`() throws {
      let plan = CertificationPlan.fapi1Advanced
      #expect(plan.modules.count == 27)
      #expect(plan.modules.count { $0.notRun != nil } == 3)
      #expect(Set(plan.modules.map(\.name)).count == plan.modules.count)
      #expect(plan.variants.map(\.letter) == ["p", "v", "m", "w"])
    }

    @Test func `the plan of JARM has the suite’s eight refusals and the honest login`() {
      let plan = CertificationPlan.jarm
      #expect(plan.modules.count { $0.name.contains("-ensure-jarm-") } == 8)
      #expect(plan.modules.count { $0.isHonest } == 1)
      #expect(Set(plan.modules.map(\.name)).count == plan.modules.count)
    }

    @Test func `an application without the check is told from one that has it`() throws {
      let plan = CertificationPlan.hybrid
      let variant = try #require(plan.variants.first)
      for (name, check) in [
        ("-invalid-chash", CheckID.cHashMatch), ("-nonce-invalid", .nonceMatch),
        ("-missing-sub", .idTokenSubPresent),
      ] {
        let module = try #require(plan.modules.first { $0.name.hasSuffix(name) })
        let run = try Lab.run(
          of: module.row(in: variant), type: variant.type, checksOff: [check])
        let outcome = PlanOutcome(module, variant, run.machine.transcript)
        #expect(!outcome.isRight, "\(name): \(outcome.did)")
      }
    }

    @Test func `an application that does not send what it must is told`() throws {
      let plan = CertificationPlan.hybrid
      let variant = try #require(plan.variants.first)
      let basic = try #require(plan.modules.first { $0.request == .basicAuthentication })
      let run = try ScriptedRun { $0.clientAuthentication = .post }
      var posting = run
      posting.runToEnd()
      #expect(!PlanOutcome(basic, variant, posting.machine.transcript).isRight)
      #expect(PlanModule.RequestRule.nonce.lack(in: [], usesBasic: true) != nil)
      let scope = [FormField("scope", "openid")]
      #expect(PlanModule.RequestRule.profileScopes.lack(in: scope, usesBasic: true) != nil)
    }

    @Test(arguments: CertificationPlan.Name.allCases)
    func `the table has eighty columns, a row for each module and its totals`(
      name: CertificationPlan.Name
    ) throws {
      let (paper, outcome) = try lab(["--plan", name.rawValue, "--ascii"])
      #expect(outcome == .exit(0))
      #expect(paper.output.utf8.allSatisfy { $0 < 0x80 })
      let lines = paper.output.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
      let plan = CertificationPlan.named(name)
      for module in plan.modules {
        let name = plan.shortName(module)
        let start = module.notRun == nil ? name + " " : name
        #expect(lines.count { $0.hasPrefix(start) } == 1, "\(module.name)")
      }
      #expect(paper.output.contains(" as expected, 0 otherwise.\n"))
    }

    @Test func `for machines each run is a line, and a result follows`() throws {
      let (paper, outcome) = try lab([
        "--plan", "hybrid", "--json", "--response-type", "code token",
      ])
      #expect(outcome == .exit(0))
      #expect(paper.lines.count == 15)
      #expect(paper.lines.dropLast().allSatisfy { $0["verdict"] == "right" })
      #expect(paper.lines.last?["modules"] == 14)
      #expect(paper.lines.last?["wrong"] == 0)
    }

    @Test(arguments: [
      ["--plan", "hybird"], ["--plan", "hybrid", "--all"], ["--plan", "hybrid", "mix-up"],
      ["--plan", "hybrid", "--without-check", "nonce-match"],
    ])
    func `what does not go together is refused`(words: [String]) throws {
      #expect(throws: UsageError.self) { try lab(words) }
    }
  }
}
