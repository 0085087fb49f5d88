import OpenID
import Presentation
import Testing
import TestSupport

/// The members that specifications register and providers publish, by their place.
struct MemberTests {
  @Test func `no member of a real document goes unexplained`() throws {
    let places = try #require(try Fixture.json("members.json").members)
    var count = 0
    for place in places {
      let context = try #require(Glossary.Context(rawValue: place.name))
      for list in place.value.members ?? [] {
        for name in (list.value.string ?? "").split(separator: " ").map(String.init) {
          count += 1
          #expect(Glossary.entry(name, in: context) != nil, "\(context): \(name)")
        }
      }
    }
    #expect(count > 500)
  }

  @Test func `a name that only looks registered is told as a habit`() throws {
    let own = try #require(Glossary.entry("shiny_new_endpoint", in: .metadata))
    #expect(!own.isStandard)
    #expect(Glossary.entry("shiny_new_thing", in: .metadata) == nil)
    #expect(Glossary.entry("_endpoint", in: .metadata) == nil)
    let registered = try #require(Glossary.entry("token_endpoint", in: .metadata))
    #expect(registered.isStandard)
  }
}
