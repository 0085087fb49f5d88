import HybridFlow
import Inspection
import OpenID

/// The answer first: one line for each token, of what it is and whether its signature holds.
struct DecodeBanner {
  private let report: DecodeReport

  init(_ report: DecodeReport) { self.report = report }

  /// The line.
  func line(_ token: PastedToken) -> String {
    ([what(token)] + state(token)).joined(separator: " \u{00B7} ")
  }

  /// The mark in front of it.
  func verdict(_ token: PastedToken) -> Check.Verdict {
    switch token.form {
    case .signed:
      if report.isUnsigned(token) { return .fail }
      let checks = report.checks.filter { $0.part == token.name }
      if checks.contains(where: { $0.verdict == .fail }) { return .fail }
      return report.signature(token) == .valid ? .pass : .warn
    case .broken: return .fail
    case .encrypted, .opaque: return .skip
    }
  }

  private func what(_ token: PastedToken) -> String {
    let title =
      token.use == .unknown && token.jws == nil ? "token" : token.use.title
    let first = title.capitalized
    let isNamed = token.name.isIdentical(to: token.use.rawValue) || token.name == "token"
    return isNamed ? first : "\(first) (\(token.name))"
  }

  private func state(_ token: PastedToken) -> [String] {
    switch token.form {
    case .signed(let jws):
      if report.isUnsigned(token) {
        return ["NOT SIGNED: alg is none, anybody could have written it"]
      }
      return ["signed \(jws.algorithmName)", signature(token)] + time(token)
    case .encrypted(let header):
      let names = ["alg", "enc"].compactMap { header?[$0]?.string }
      return ["encrypted" + (names.isEmpty ? "" : " " + names.joined(separator: ", "))]
        + ["NOT READ: only the holder of the key can"]
    case .broken(let fault): return ["DAMAGED: \(fault.explanation)"]
    case .opaque: return ["opaque: only its issuer can read it"]
    }
  }

  private func signature(_ token: PastedToken) -> String {
    let check = report.signatureCheck(token)
    switch report.signature(token) {
    case .valid: return "SIGNATURE VALID" + (check?.found.map { " (\($0))" } ?? "")
    case .invalid:
      return check?.expected?.holds("as long as") == true
        ? "DAMAGED: its signature is cut off, or something was added" : "SIGNATURE NOT VALID"
    case .notVerified, .none:
      let why = check?.why ?? "nothing here verifies such tokens"
      let reason = why.dropping(prefix: "not run: ").map(String.init) ?? why
      return "SIGNATURE NOT VERIFIED: " + (reason.dropping(suffix: ".").map(String.init) ?? reason)
    }
  }

  /// Whether its time is over, by `exp`.
  private func time(_ token: PastedToken) -> [String] {
    guard let end = token.claims?["exp"]?.integer, end <= report.now.seconds else { return [] }
    return ["expired " + DecodeText.distance(from: report.now.seconds, to: end)]
  }
}
