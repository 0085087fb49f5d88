import DemoTenant
import HybridFlow
import OpenID
import Testing

@testable import Trial

/// A page of an application as a visit ends at it.
func endPage(
  _ text: String, at address: String = "http://localhost:3000/home", status: Int = 200,
  cookies: Set<String> = []
) throws -> EndPage {
  EndPage(
    url: try WebURL(address), status: status, text: text, body: text, cookieNames: cookies)
}

/// A visit that ended at this page.
func visit(_ page: EndPage, stays: Bool? = nil) -> Visit {
  var visit = Visit(end: .page(page))
  visit.stays = stays
  visit.deliveredAnswer = true
  return visit
}

@Suite struct SignInSignsTests {
  let people = TenantSettings.demoPeople(issuer: "http://localhost:9000/")

  private func signs(
    _ honest: Visit, declined: Visit, text: String? = nil
  ) -> SignInSigns? {
    SignInSigns(honest: [honest, honest], declined: declined, text: text, people: people)
  }

  @Test func `a session outweighs a name on a page`() throws {
    let learnt = try #require(
      signs(
        visit(try endPage("Hello Ada Lovelace"), stays: true),
        declined: visit(try endPage("Sorry", status: 400), stays: false)))
    #expect(learnt.asksAgain)
    // An error page may repeat the name out of the token that it refuses.
    let refused = visit(try endPage("No: Ada Lovelace has a wrong token"), stays: false)
    #expect(learnt.judge(refused) == .notSignedIn)
    guard case .signedIn = learnt.judge(visit(try endPage("Hello"), stays: true)) else {
      Issue.record("a session is a sign-in, whatever the page says")
      return
    }
    guard case .unclear = learnt.judge(visit(try endPage("Hello"), stays: nil)) else {
      Issue.record("without an answer from the start address nothing is known")
      return
    }
  }

  @Test func `without a session the person’s profile decides, also another person’s`() throws {
    let learnt = try #require(
      signs(
        visit(try endPage("Hello Ada Lovelace")),
        declined: visit(try endPage("Sorry", status: 400))))
    #expect(!learnt.asksAgain)
    for words in ["Hello Ada Lovelace", "Hello bob@demo.example"] {
      guard case .signedIn = learnt.judge(visit(try endPage(words))) else {
        Issue.record("\(words) is a sign-in")
        continue
      }
    }
    #expect(learnt.judge(visit(try endPage("Sorry", status: 400))) == .notSignedIn)
    // The same place without the name: an error page and a nameless welcome look the same.
    guard case .unclear = learnt.judge(visit(try endPage("Hello nobody"))) else {
      Issue.record("the place alone decides nothing where a name is usual")
      return
    }
  }

  @Test func `the given text alone decides`() throws {
    let declined = visit(try endPage("Please sign in"), stays: false)
    let learnt = try #require(
      signs(
        visit(try endPage("Log out"), stays: true), declined: declined, text: "Log out"))
    #expect(learnt.signs == [.text("Log out")])
    #expect(learnt.judge(visit(try endPage("Please sign in"))) == .notSignedIn)
    #expect(
      signs(
        visit(try endPage("Log out")), declined: visit(try endPage("Log out")), text: "Log out")
        == nil)
  }

  @Test func `nothing is learnt where a declined login looks the same`() throws {
    let same = visit(try endPage("Welcome", cookies: ["a"]), stays: true)
    #expect(signs(same, declined: same) == nil)
  }

  @Test func `a cookie is a sign where nothing else differs`() throws {
    let learnt = try #require(
      signs(
        visit(try endPage("Welcome", cookies: ["before", "session"])),
        declined: visit(try endPage("Welcome", cookies: ["before"]))))
    #expect(learnt.signs == [.cookies(["session"])])
    #expect(learnt.judge(visit(try endPage("Welcome", cookies: ["before"]))) == .notSignedIn)
    guard case .signedIn = learnt.judge(visit(try endPage("x", cookies: ["session"]))) else {
      Issue.record("the cookie is there")
      return
    }
  }

  @Test func `a visit without a page of the application is no sign-in`() throws {
    let learnt = try #require(
      signs(
        visit(try endPage("Hello Ada Lovelace"), stays: true),
        declined: visit(try endPage("Sorry"), stays: false)))
    let url = try WebURL("http://localhost:3000/")
    #expect(learnt.judge(Visit(end: .elsewhere(url))) == .notSignedIn)
    guard case .unclear = learnt.judge(Visit(end: .noAnswer(url, why: "it broke off"))) else {
      Issue.record("who does not answer is not judged")
      return
    }
  }
}
