import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Export
@testable import Lab

/// What a fault has changed, in what people hand on.
struct ExportForgedTests {
  private static func text(_ id: String, _ format: ExportFormat) throws -> String {
    let fault = try #require(Lab.fault(id))
    return try ExportSample.text(try ExportSample.of(fault, fault.types[0]), format)
  }

  @Test(arguments: ["swapped-code", "edited-claims", "no-pkce", "second-token-missing"])
  func `the page shows the changed message beside the honest one`(id: String) throws {
    let page = try Self.text(id, .html)
    let blocks = page.components(separatedBy: "<pre class=\"beside\">").dropFirst()
    #expect(blocks.count == 1)
    let block = try #require(blocks.first).components(separatedBy: "</pre>")[0]
    #expect(block.contains("honest") && block.contains("Honest beside"), "\(block)")
    #expect(block.contains("changed") || block.contains("missing"), "\(block)")
    for line in block.split(separator: "\n") { #expect(line.count <= 90, "\(line)") }
  }

  @Test func `an honest page compares nothing`() throws {
    let page = try ExportSample.text(try ExportSample.honest.get(), .html)
    #expect(!page.contains("class=\"beside\""))
  }

  @Test func `the diagram has the attacker, and the way past them`() throws {
    let lines = try Self.text("swapped-code", .mermaid).split(separator: "\n").map(String.init)
    let lanes = lines.filter { $0.contains("participant") }
    #expect(lanes.count == 5 && lanes[1].hasSuffix("as \u{2620} Mallory"), "\(lanes)")
    #expect(lines.contains { $0.contains("U->>M: 5 POST /callback") && !$0.contains("changed") })
    #expect(
      lines.contains { $0.contains("M->>A: 5 POST /callback") && $0.contains("swapped-code") })
    for id in ["no-pkce", "second-token-missing"] {
      #expect(try !Self.text(id, .mermaid).contains("Mallory"))
    }
  }
}
