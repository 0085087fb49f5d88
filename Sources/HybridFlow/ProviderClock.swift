import OpenID

/// The provider's clock against this machine's, by the `Date` header of a response.
///
/// RFC 9110, section 6.6.1. The header has whole seconds, and the way here takes time as well, so
/// a few seconds say nothing.
public struct ProviderClock: Sendable, Equatable {
  /// By how many seconds the provider's clock is ahead of this machine's; negative when behind.
  public let secondsAhead: Int64
  /// From what it is known, at the end of a sentence.
  private var source = "by its Date header"

  /// Compares the clocks; nil for a response without a date that can be read.
  public init?(_ response: HTTPResponse, at now: UnixTime) {
    guard let date = response.headers["Date"].flatMap({ UnixTime(httpDate: $0) }) else {
      return nil
    }
    // Neither is far from the present: there is nothing to overflow.
    secondsAhead = date.seconds - now.seconds
  }

  /// Compares the clocks by a token that was made just before it came; nil for times out of range.
  public init?(issuedAt: Int64, receivedAt: UnixTime) {
    let (ahead, overflow) = issuedAt.subtractingReportingOverflow(receivedAt.seconds)
    guard !overflow else { return nil }
    secondsAhead = ahead
    source = "by the time in its token"
  }

  /// Compares the clocks by the first response of the tenant that has a date.
  public init?(_ transcript: Transcript) {
    let clocks = transcript.messages.lazy.filter { $0.from == .authorizationServer }
      .compactMap { message in
        message.response.flatMap { ProviderClock($0, at: message.at) }
      }
    guard let first = clocks.first else { return nil }
    self = first
  }

  /// How far this machine's clock is off, as a sentence; nil within the leeway.
  public func sentence(leeway: Int64) -> String? {
    guard secondsAhead.magnitude > max(leeway, 5).magnitude else { return nil }
    let length = Self.length(Int64(clamping: secondsAhead.magnitude))
    return secondsAhead > 0
      ? "This machine\u{2019}s clock is \(length) behind the provider\u{2019}s, \(source)."
      : "This machine\u{2019}s clock is \(length) ahead of the provider\u{2019}s, \(source)."
  }

  /// A length of time in minutes, or in seconds where that is short.
  package static func length(_ seconds: Int64) -> String {
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 7200 { return "\((seconds + 30) / 60) min" }
    return seconds < 172_800 ? "\((seconds + 1800) / 3600) h" : "\((seconds + 43200) / 86400) days"
  }
}
