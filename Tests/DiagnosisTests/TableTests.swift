import OpenID
import Testing

@testable import Diagnosis

extension Sample {
  static let all: [Sample] =
    auth0 + keycloak + okta + entra + google + apple + servers + libraries + codes
    + moreLibraries + moreProducts + otherWords + foreignRows + certificates + proofs
    + pushedRequests
}

@Suite struct `The table` {
  @Test(arguments: Sample.all)
  func `explains a provider's literal answer by its own row first`(sample: Sample) {
    let evidence = DiagnosisEvidence(pasted: sample.text, issuer: sample.issuerURL)
    let matches = DiagnosisEngine.diagnose(evidence: evidence)
    #expect(
      matches.first?.id == sample.id,
      "\(matches.map { "\($0.id) \($0.confidence.word)" }) \(evidence.codes) \(evidence.facts)")
  }

  @Test func `has a literal answer or a run for each of its rows`() {
    let covered = Set(Sample.all.map(\.id) + RunCase.all.map(\.id))
    let rows = DiagnosisEngine.rows.map(\.id)
    #expect(rows.filter { !covered.contains($0) } == [])
    #expect(covered.filter { !rows.contains($0) } == [])
  }

  @Test func `has its rows, each once, with cause, fix and source`() {
    let rows = DiagnosisEngine.rows
    #expect(rows.count >= 200)
    #expect(Set(rows.map(\.id)).count == rows.count)
    for row in rows {
      #expect(row.cause.last == "." && row.fix.last == ".", "\(row.id)")
      #expect(!row.source.reference.isEmpty, "\(row.id)")
      #expect(!row.patterns.isEmpty, "\(row.id)")
      #expect(
        row.id.utf8.allSatisfy {
          $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        }, "\(row.id)")
      for pattern in row.patterns {
        // A pattern without any demand would fit everything.
        #expect(
          !pattern.phrases.isEmpty || !pattern.facts.isEmpty
            || pattern.needsCode && !pattern.codes.isEmpty, "\(row.id)")
      }
    }
  }

  @Test func `has no phrase that is too short to be looked for`() {
    #expect(DiagnosisIndex.shared.rejected == [])
  }

  @Test func `has only codes that are recognised`() {
    let known = Set(DiagnosisIndex.shared.codes.map(\.name))
    for row in DiagnosisEngine.rows {
      for pattern in row.patterns { #expect(Set(pattern.codes).isSubset(of: known), "\(row.id)") }
    }
  }

  @Test func `says in the console of each provider where to change things`() {
    let places: [Provider: Int] = DiagnosisEngine.rows.reduce(into: [:]) {
      if $1.fix.contains(" > ") { $0[$1.provider, default: 0] += 1 }
    }
    for provider in [Provider.auth0, .keycloak, .okta, .entra, .google] {
      #expect(places[provider, default: 0] >= 3, "\(provider)")
    }
  }

  @Test(arguments: [
    ("https://demo.eu.auth0.com/", Provider.auth0),
    ("https://sso.example.org/realms/demo", .keycloak),
    ("https://dev-1.okta.com", .okta), ("https://id.example.org/oauth2/default", .okta),
    ("https://login.microsoftonline.com/common/v2.0", .entra),
    ("https://demo.b2clogin.com/demo/v2.0", .azureB2C),
    ("https://accounts.google.com", .google), ("https://appleid.apple.com", .apple),
    ("https://id.example.org/application/o/demo/", .authentik),
    ("https://fs.example.org/adfs", .adfs), ("https://gitlab.com", .gitlab),
    ("https://is.example.org/oauth2/token", .wso2), ("https://a.my.salesforce.com", .salesforce),
    ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", .cognito),
  ])
  func `knows a product by its issuer`(issuer: String, provider: Provider) throws {
    #expect(Provider.guess(issuer: try WebURL(issuer)) == provider)
  }

  @Test(arguments: [
    "https://id.example.org", "https://notauth0.com/", "https://auth0.com.example.org/",
    "https://okta.com.evil.example/", "https://cognito-idp.evil.example/",
    "https://gitlab.com.evil.example", "https://id.example.org/adfs/other",
  ])
  func `makes no guess from a host that only looks like one`(issuer: String) throws {
    #expect(Provider.guess(issuer: try WebURL(issuer)) == nil)
  }
}
