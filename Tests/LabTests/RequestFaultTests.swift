import HybridFlow
import OpenID
import Testing

@testable import Lab
@testable import Session

extension LabTests {
  /// Requests that were changed in the browser, and what is left in an address.
  @Suite struct RequestFaultTests {
    private func answers(_ outcome: LabOutcome) throws -> [[FormField]] {
      try outcome.transcript[.callback].messages
        .filter { $0.from == .browser && $0.to == .application }
        .map { try FormEncoding.decode($0.body) }
    }

    @Test(arguments: ResponseType.allCases)
    func `a switched mode gives the application the names and no value`(type: ResponseType) throws {
      let fault = try #require(Lab.fault("mode-switched"))
      let outcome = try Lab.outcome(of: fault, type: type)
      #expect(outcome.status == .caught && outcome.stoppedAt == .callback)
      let answer = try #require(try answers(outcome).last)
      #expect(answer["kept_in_browser"]?.contains("code") == true)
      #expect(answer["code"] == nil && answer["id_token"] == nil && answer["access_token"] == nil)
      #expect(outcome.transcript.tokens.isEmpty)
    }

    @Test(arguments: ResponseType.allCases)
    func `a login that is older than was asked for is said to be`(type: ResponseType) throws {
      let fault = try #require(Lab.fault("request-altered"))
      let outcome = try Lab.outcome(of: fault, type: type)
      let check = try #require(outcome.transcript.checks.first { $0.id == .requestAsSent })
      #expect(check.verdict == .warn && check.expected?.contains("prompt=login") == true)
      #expect(outcome.stoppedAt == nil)
      // The address that left the application has prompt, and the one that arrived has not.
      let changed = try #require(outcome.transcript.changedMessages.first)
      #expect(!changed.url.contains("prompt="))
      guard case .request(let honest) = changed.honest else {
        Issue.record("no original")
        return
      }
      #expect(honest.target.contains("prompt=login"))
      // Unchanged, the same request has the person sign in again.
      var run = try ScriptedRun {
        $0.responseType = type
        $0.extraParameters = [FormField("prompt", "login")]
      }
      run.runToEnd()
      let honestCheck = run.machine.transcript.checks.first { $0.id == .requestAsSent }
      #expect(honestCheck?.verdict == .pass)
    }

    @Test func `an error page is judged by what it really does`() {
      let path = FragmentRelay.path(token: "pictures-of-this-lab-g")
      for takesEverything in [true, false] {
        let careful = FragmentPage.page(path: path, takesEverything: takesEverything)
        let traits = CallbackPageTraits.careful
        #expect(careful.headers["Referrer-Policy"] == traits.referrerPolicy)
        let script = careful.bodyText.components(of: "<script>").last ?? ""
        let clears = script.offset(of: "history.replaceState")
        let reads = script.offset(of: "URLSearchParams")
        #expect(clears != nil && reads != nil && (clears ?? 0) < (reads ?? 0))
        #expect(
          !careful.bodyText.contains("src=\"http") && !careful.bodyText.contains("<link rel=\"s"))
        let page = FragmentPage.page(path: path, takesEverything: takesEverything, .careless)
        #expect(page.headers["Referrer-Policy"] == CallbackPageTraits.careless.referrerPolicy)
        #expect(page.headers["Content-Security-Policy"] == nil)
        #expect(!page.bodyText.contains("replaceState"))
        for foreign in CallbackPageTraits.careless.foreignScripts {
          #expect(page.bodyText.contains("<script src=\"\(foreign)\"></script>"))
        }
      }
    }

    @Test(arguments: ResponseType.allCases)
    func `what is left in an address stays there although the answer is refused`(
      type: ResponseType
    ) throws {
      let fault = try #require(Lab.fault("left-over-answer"))
      let outcome = try Lab.outcome(of: fault, type: type)
      #expect(outcome.status == .caught && outcome.stoppedAt == .callback)
      #expect(Set(outcome.complaints.map(\.id)) == [.errorPageClean, .stateMatch])
      #expect(!outcome.transcript[.exchange].messages.contains { $0.request != nil })
      // The same page of a careful application leaves nothing.
      var run = try ScriptedRun {
        $0.responseType = type
        $0.responseMode = .fragment
      }
      run.runToEnd()
      let check = run.machine.transcript.checks.first { $0.id == .errorPageClean }
      #expect(check?.verdict == .pass && check?.found == "the address is cleared")
      #expect(run.machine.situation == .finished)
    }
  }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }

  fileprivate func offset(of text: String) -> Int? {
    firstRange(of: text).map { distance(from: startIndex, to: $0.lowerBound) }
  }
}
