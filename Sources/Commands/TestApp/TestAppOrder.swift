import DemoTenant
import Export
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Settings
import Trial

/// The options of `hybrid-flow test-app`, read from the command line.
public struct TestAppOrder: Sendable {
  /// The tenant's options.
  public var tenant: TenantOptions
  /// The application.
  public var subject: TrialSubject
  /// The faults to try, in the order of the lab.
  public var faults: [LabFault]
  /// The certification plan to go through in their place.
  public var plan: CertificationPlan?
  /// The response type that the application must ask for; nil takes what it asks for.
  public var type: ResponseType?
  /// The words of the command that restarts the application; nil without one.
  public var restart: [String]?
  /// What a child process gets of the environment.
  public var childEnvironment: ChildEnvironment
  /// The options of the browser's requests.
  public var client: ClientOptions
  /// The browser that visits the application; nil: the built-in one.
  public var chromium: ChromiumProgram?
  /// Where the report goes as Markdown.
  public var markdown: String?
  /// Where it goes as JUnit.
  var junit: JUnitOrder?

  /// The faults of the lab that an application can meet: all but the harmless ones.
  private static let all = Lab.faults

  /// Reads the options.
  ///
  /// - Throws: ``UsageError``.
  public static func read(
    _ invocation: Invocation, secrets: ClientSecretSource
  ) throws(UsageError) -> TestAppOrder {
    let reader = ConnectionReader(invocation: invocation)
    guard let text = invocation[.start] else {
      throw UsageError(
        "\"test-app\" needs --start URL, the address of your application that begins a login, and "
          + "--client 'id=ID,secret-file=FILE,redirect-uri=URI'.")
    }
    let start = try reader.url(text, of: .start)
    var tenant = try TenantOptions.read(invocation, secrets: secrets)
    tenant.usualHost = "localhost"
    guard tenant.clients.count == 1, let client = tenant.clients.first else {
      throw UsageError(
        tenant.clients.isEmpty
          ? "--client is missing: 'id=ID,secret-file=FILE,redirect-uri=URI', as your application has it."
          : "One --client only: the application under test.")
    }
    var subject = TrialSubject(start: start, client: client)
    subject.signedInText = invocation[.signedIn]
    if let text = invocation[.signOut] { subject.signOut = try reader.url(text, of: .signOut) }
    subject.ownHost = invocation[.ownHost].map(TenantOptions.bare)
    for (url, option) in [(start, Setting.start)] + (subject.signOut.map { [($0, .signOut)] } ?? [])
    where !url.isLoopback && subject.ownHost != url.host {
      throw UsageError(
        "\(option.name) \(url.host): that is not this machine. If the host is your own, add "
          + "--i-own-this \(url.host).")
    }
    var options = ClientOptions()
    if invocation.has(.timeout) {
      options.timeoutMilliseconds = Int(try reader.seconds(.timeout)) * 1000
    }
    options.caFile = invocation[.ca]
    let plan = try plan(invocation)
    if plan?.name == .fapi1Advanced {
      tenant.demands = .fapi1Advanced
      // The plan is run by value as well.
      tenant.demandsPush = false
    }
    let childEnvironment = secrets.variables.childEnvironment(of: secrets.environment)
    let markdown = invocation[.markdown]
    if let markdown { try ExportFile.check(markdown, replaces: false) }
    return TestAppOrder(
      tenant: tenant, subject: subject, faults: try faults(invocation),
      plan: plan,
      type: invocation.has(.responseType) ? try reader.responseType() : nil,
      restart: try invocation[.restart].map { line throws(UsageError) in
        try ClientSecretSource.words(line, option: .init(["--restart"]))
      },
      childEnvironment: childEnvironment, client: options,
      chromium: try chromium(invocation, childEnvironment),
      markdown: markdown, junit: try JUnitOrder.read(invocation))
  }

  private static func chromium(
    _ invocation: Invocation, _ environment: ChildEnvironment
  ) throws(UsageError) -> ChromiumProgram? {
    guard invocation.has(.browser) else { return nil }
    if invocation.has(.ca) {
      throw UsageError(
        "--ca does not go with --browser: Chromium trusts the authorities of this machine. Add "
          + "yours there, or leave --browser out.")
    }
    guard let program = ChromiumProgram(in: environment) else {
      throw UsageError(
        "--browser: there is no \(ChromiumProgram.names.joined(separator: ", ")) in PATH. Install "
          + "Chromium (Debian: apt install chromium) or Google Chrome.")
    }
    return program
  }

  private static func plan(_ invocation: Invocation) throws(UsageError) -> CertificationPlan? {
    guard let plan = try CertificationPlan.read(invocation) else { return nil }
    let others: [Setting] = [.only, .list, .markdown]
    if let other = others.first(where: invocation.has) {
      throw UsageError("\(other.name) does not go with --plan: leave one of them out.")
    }
    return plan
  }

  /// The faults that `--only` names, or all.
  public static func faults(_ invocation: Invocation) throws(UsageError) -> [LabFault] {
    let names = invocation.all(.only).flatMap { $0.split(at: ",") }.map(\.trimmingBlanks)
      .filter { !$0.isEmpty }
    guard !names.isEmpty else {
      if invocation.has(.only) { throw UsageError("--only names no fault.") }
      return all
    }
    for name in names where Lab.fault(name) == nil {
      if Lab.row(name) != nil {
        throw UsageError(
          "--only \(name): it is harmless, and an application may accept it. It is no fault.")
      }
      throw .unknownFault(name)
    }
    return all.filter { fault in names.contains { $0.isIdentical(to: fault.id) } }
  }
}
