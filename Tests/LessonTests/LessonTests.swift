import HybridFlow
import OpenID
import Presentation
import Testing

struct LessonTests {
  @Test(
    "every stage has a lesson of 60 to 150 words", arguments: Stage.allCases, ResponseType.allCases)
  func hasItsLength(stage: Stage, type: ResponseType) {
    let lesson = Lessons.lesson(for: stage, type)
    #expect((60...150).contains(lesson.words), "\(lesson.words) words")
    #expect(!lesson.title.isEmpty && lesson.question.hasSuffix("?"))
    #expect(!lesson.couldGoWrong.isEmpty && !lesson.attackPrevented.isEmpty)
    #expect(lesson.sections.count >= 3)
  }

  @Test("the lesson about the choice of the flow names what speaks against it")
  func compares() {
    let lesson = Lessons.comparison
    #expect((60...150).contains(lesson.words), "\(lesson.words) words")
    #expect(lesson.sections.contains(.rfc(9700, "2.1.2")))
    let text = lesson.paragraphs.joined(separator: " ")
    #expect(text.contains("right choice for nearly every new application"))
    #expect(text.contains("Never ask for an access token in the browser"))
  }

  @Test("no two lessons say the same", arguments: ResponseType.allCases)
  func differs(type: ResponseType) {
    let all = Lessons.all(type)
    #expect(all.count == 11)
    #expect(Set(all.map(\.title)).count == all.count)
    #expect(Set(all.map(\.question)).count == all.count)
    #expect(Set(all.map(\.couldGoWrong)).count == all.count)
    #expect(Set(all.map(\.attackPrevented)).count == all.count)
    let paragraphs = all.flatMap(\.paragraphs)
    #expect(Set(paragraphs).count == paragraphs.count)
  }

  @Test("Auth0’s tutorial is corrected where it misleads, and left alone elsewhere")
  func corrects() {
    let noted = Stage.allCases.filter { Lessons.lesson(for: $0, .codeIDToken).auth0Note != nil }
    #expect(noted == [.authorize, .callback, .exchange, .tokens])
    let notes = Lessons.all(.codeIDToken).compactMap(\.auth0Note).joined(separator: " ")
    let slips = [
      "302", "URL parameter", "without code", "openid", "response_mode", "nonce", "at_hash",
      "client authentication", "Authorization Code Flow",
    ]
    for slip in slips { #expect(notes.contains(slip), "\(slip)") }
  }

  @Test("texts are plain: no controls, no double blanks, whole sentences")
  func isTidy() {
    for lesson in (ResponseType.allCases.map(Optional.some) + [nil]).flatMap(Lessons.all) {
      let texts =
        lesson.paragraphs + [lesson.couldGoWrong, lesson.attackPrevented]
        + (lesson.auth0Note.map { [$0] } ?? [])
      for text in texts {
        #expect(HarmlessText.counted(text).replacements == 0)
        #expect(!text.contains("  ") && text.hasSuffix("."), "\(text)")
      }
      for section in lesson.sections { #expect(!section.section.isEmpty) }
    }
  }

  @Test("every check has a rule, what its breach shows, and a place in a specification")
  func hasRules() {
    for check in CheckID.allCases {
      #expect(!check.rule.isEmpty && !check.shows.isEmpty, "\(check.rawValue)")
      #expect(!check.spec.document.isEmpty && !check.spec.section.isEmpty, "\(check.rawValue)")
    }
  }
}
