import OpenID

/// What a server's certificate says about itself: untrusted text, on one line each.
public struct PeerCertificate: Sendable, Equatable {
  /// Whom it is about, in the notation of RFC 2253.
  public var subject: String
  /// Who signed it.
  public var issuer: String
  /// The host names and addresses that it is for; RFC 5280, section 4.2.1.6.
  public var names: [String]
  /// How many more names it has.
  public var furtherNames: Int
  /// When it begins to hold.
  public var begins: UnixTime?
  /// When it ends to hold.
  public var ends: UnixTime?

  /// Makes a certificate's description.
  public init(
    subject: String, issuer: String, names: [String] = [], furtherNames: Int = 0,
    begins: UnixTime? = nil, ends: UnixTime? = nil
  ) {
    self.subject = subject
    self.issuer = issuer
    self.names = names
    self.furtherNames = furtherNames
    self.begins = begins
    self.ends = ends
  }

  /// Whether it names itself as its issuer.
  public var isSelfIssued: Bool { subject.isIdentical(to: issuer) }

  /// Its names in one line; without any, its subject, which clients no longer look at.
  public var nameList: String {
    guard !names.isEmpty else { return "none" }
    return names.joined(separator: ", ") + (furtherNames == 0 ? "" : " and \(furtherNames) more")
  }

  /// From when to when it holds.
  public var period: String {
    let times = [begins, ends].map { $0.map { CivilTime($0).text } ?? "?" }
    return "from \(times[0]) to \(times[1])"
  }

  /// All of it in one line.
  public var summary: String {
    "certificate of \(subject), for \(nameList), \(period), "
      + (isSelfIssued ? "issued by itself" : "issued by \(issuer)")
  }

  /// Its parts, with a name each.
  public var parts: [TransportDetail] {
    [
      TransportDetail("certificate of", subject), TransportDetail("for the names", nameList),
      TransportDetail("valid", period), TransportDetail("issued by", issuer),
    ]
  }
}

/// Lines of a word and its value, as ``CCurl`` writes a certificate.
struct CertificateLines {
  private let lines: [(word: Substring, value: Substring)]

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    lines = text.split(at: "\n").compactMap { $0.cut(at: " ").map { (word: $0, value: $1) } }
  }

  private func all(_ word: String) -> [String] {
    lines.filter { $0.word.begins(with: word) && $0.word.utf8.count == word.utf8.count }
      .map { String($0.value) }
  }

  func number(_ word: String) -> Int? { all(word).first.flatMap { Int($0) } }

  var certificate: PeerCertificate {
    let time = { (word: String) in
      self.all(word).first.flatMap { Int64($0) }.map { UnixTime(seconds: $0) }
    }
    return PeerCertificate(
      subject: all("subject").first ?? "nobody", issuer: all("issuer").first ?? "nobody",
      names: all("name"), furtherNames: number("more") ?? 0, begins: time("begins"),
      ends: time("ends"))
  }
}
