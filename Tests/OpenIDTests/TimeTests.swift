import Foundation
import TestSupport
import Testing

@testable import OpenID

@Suite struct TimeTests {
  @Test(arguments: [
    (0, "1970-01-01 00:00:00Z"), (951_782_400, "2000-02-29 00:00:00Z"),
    (1_311_280_970, "2011-07-21 20:42:50Z"), (-1, "1969-12-31 23:59:59Z"),
    (-2_203_977_600, "1900-02-28 00:00:00Z"), (-2_203_891_200, "1900-03-01 00:00:00Z"),
    (4_107_542_400, "2100-03-01 00:00:00Z"), (1_735_689_599, "2024-12-31 23:59:59Z"),
    (253_402_300_800, "10000-01-01 00:00:00Z"), (-62_135_596_800, "0001-01-01 00:00:00Z"),
    (-62_167_219_201, "-0001-12-31 23:59:59Z"),
  ]) func `known moments have known dates`(seconds: Int64, text: String) {
    #expect(CivilTime(UnixTime(seconds: seconds)).text == text)
  }

  @Test func `civil time agrees with Foundation`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var generator = SeededGenerator(seed: 6)
    // Foundation changes to the Julian calendar before 1582.
    for _ in 0..<3000 {
      let seconds = Int64.random(in: -12_000_000_000...100_000_000_000, using: &generator)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second],
        from: Date(timeIntervalSince1970: Double(seconds)))
      let civil = CivilTime(UnixTime(seconds: seconds))
      #expect(Int(civil.year) == parts.year)
      #expect(civil.month == parts.month)
      #expect(civil.day == parts.day)
      #expect(civil.hour == parts.hour)
      #expect(civil.minute == parts.minute)
      #expect(civil.second == parts.second)
    }
  }

  @Test(
    arguments: [
      (0, 0), (999, 0), (1000, 1), (-1, -1), (-999, -1), (-1000, -1), (-1001, -2),
      (.max, 9_223_372_036_854_775), (.min, -9_223_372_036_854_776),
    ] as [(Int64, Int64)]) func `seconds are rounded down`(milliseconds: Int64, seconds: Int64)
  {
    #expect(UnixTime(milliseconds: milliseconds).seconds == seconds)
  }

  @Test(arguments: [.min, .min + 1, -1, 0, 1, .max - 1, .max] as [Int64])
  func `no claimed time traps`(seconds: Int64) {
    let time = UnixTime(seconds: seconds)
    _ = CivilTime(time).text
    _ = time.adding(seconds: .max).seconds
    _ = time.adding(seconds: .min).seconds
    #expect(time.adding(seconds: 0) == time)
    #expect(time.adding(seconds: .min) <= time)
    #expect(time <= time.adding(seconds: .max))
  }

  @Test func `times are ordered and the clock is padded`() {
    #expect(UnixTime(milliseconds: 1) < UnixTime(milliseconds: 2))
    #expect(UnixTime(seconds: 5).adding(seconds: -3) == UnixTime(seconds: 2))
    #expect(CivilTime(UnixTime(seconds: 3661)).clock == "01:01:01")
  }
}
