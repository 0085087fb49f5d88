import Foundation
import HybridFlow
import Testing

@testable import Explorer

/// The pictures in `screenshots/` are those of the program as it is.
///
/// `hybrid-flow screenshots` draws them anew.
@Suite struct PictureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "screenshots")
  private static let remedy = "is not what the program draws: run hybrid-flow screenshots"

  private static func kept(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func `every stage is there in three sizes and in three themes`() {
    for stage in Stage.allCases {
      let pages = PictureBook.pages.filter { $0.scene == PictureBook.Scene(stage) }
      #expect(Set(pages.map(\.size)).count == 3 && Set(pages.map(\.themeID)).count == 3)
    }
  }

  @Test func `the folder holds the pictures of the book and nothing else`() throws {
    let names = PictureBook.pages.map(\.fileName) + [PictureBook.attackFileName]
    #expect(Set(names).count == names.count)
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(kept.sorted() == names.sorted())
  }

  @Test func `the kept pictures are those of today's program`() throws {
    let book = try PictureBook()
    for page in PictureBook.pages {
      let isCurrent = try Self.kept(page.fileName) == book.svg(page)
      #expect(isCurrent, "\(page.fileName) \(Self.remedy)")
    }
    let isCurrent = try Self.kept(PictureBook.attackFileName) == book.attack()
    #expect(isCurrent, "\(PictureBook.attackFileName) \(Self.remedy)")
  }

  @Test func `the attack plays for less than a quarter of a minute, and is caught`() throws {
    let picture = try PictureBook().attack()
    let durations = picture.matches(of: /([0-9]+)ms step-end/).compactMap { Int($0.1) }
    #expect((durations.max() ?? 99_000) <= 15_000, "\(durations)")
    #expect(picture.contains("c-hash-match"))
  }
}
