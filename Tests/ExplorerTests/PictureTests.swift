import Explorer
import Foundation
import Testing

@Suite struct PictureTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "screenshots")

  @Test func `every picture has a name of its own, and two of one page are the same`() throws {
    #expect(Set(PictureBook.pages.map(\.fileName)).count == PictureBook.pages.count)
    let page = PictureBook.pages[4]
    #expect(try PictureBook().svg(page) == PictureBook().svg(page))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: folder.path)))
  func `the kept pictures are those of today's program`() throws {
    let book = try PictureBook()
    for page in PictureBook.pages {
      let kept = try? String(
        contentsOf: Self.folder.appending(path: page.fileName), encoding: .utf8)
      let isCurrent = try kept == book.svg(page)
      #expect(isCurrent, "\(page.fileName) is stale: run hybrid-flow screenshots")
    }
  }
}
