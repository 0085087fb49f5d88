import HybridFlow
import Lab
import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import Session

/// The cookie's way and the account at stage 10, honest and in the lab, in two sizes.
@Suite struct OwnStateGoldenTests {
  @Test(arguments: ["80x24", "120x36"])
  func `the cookie and the account look as they did`(size: String) throws {
    for (stage, view, name) in [
      (Stage.authorize, DetailView.cookie, "cookie"), (.callback, .cookie, "cookie"),
      (.data, .account, "account"),
    ] {
      var model = Sample.walk[stage.number - 1]
      model.view = view
      try GoldenTests().compare(model, "view-\(stage.id)-\(name)", size)
    }
  }

  @Test(arguments: [
    ("cookie-lost", Stage.callback, DetailView.cookie),
    ("cookie-planted", .callback, .cookie), ("account-by-email", .data, .account),
    ("account-by-sub-only", .data, .account), ("linked-by-unverified-email", .data, .account),
  ])
  func `in the lab they say whose it is`(id: String, stage: Stage, view: DetailView) throws {
    for size in ["80x24", "120x36"] {
      let item = try ForgedTests.Case(try #require(Lab.fault(id)), .codeIDToken)
      var model = item.model(at: stage)
      model.view = view
      try GoldenTests().compare(model, "lab-\(id)", size)
    }
  }
}
