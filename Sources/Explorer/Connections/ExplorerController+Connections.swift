import HybridFlow
import Network
import OpenID
import Platform
import Preflight
import Presentation
import Session
import Settings

extension ExplorerController {
  /// Does what the person requested about connections.
  func perform(_ order: ConnectionOrder) {
    guard let connections else { return }
    switch order {
    case .list: model.offer(connections: connections.list())
    case .use(let id): use(id, connections)
    case .secret(let secret):
      guard var prepared = connections.awaited else { return }
      connections.awaited = nil
      prepared.connection.configuration.clientSecret = secret
      connect(to: prepared, connections)
    case .giveUp:
      connections.awaited = nil
      connections.resolver.cancel()
      model.tellConnections("Given up; the connection in use stays.")
    case .edit(let name):
      attempt { () throws(UsageError) in self.model.edit(try connections.form(of: name)) }
    case .judge(let form): model.judge(connections.judged(form))
    case .judgeFiles(let form): model.judge(connections.judged(form, readsFiles: true))
    case .save(let form): save(form, connections)
    case .delete(let name):
      attempt { () throws(UsageError) in
        try connections.file.remove(profile: name)
        self.model.offer(connections: connections.list())
        self.model.tellConnections("The profile \(name) is deleted.")
      }
    case .check(let id): check(id, connections)
    case .checkForm(let form): check(form, connections)
    case .endCheck: connections.endCheck()
    }
  }

  private func attempt(_ action: () throws(UsageError) -> Void) {
    do throws(UsageError) {
      try action()
    } catch {
      fail(error)
    }
  }

  private func fail(_ fault: UsageError) {
    model.tellConnections(connections?.brief(fault) ?? fault.message, isBad: true)
  }

  // MARK: Saving

  private func save(_ given: ProfileForm, _ connections: ConnectionController) {
    let form = connections.judged(given, readsFiles: true)
    if let fault = form.fault, fault.isStrict || !given.insists {
      model.judge(form)
      let rest = fault.isStrict ? "" : " Save once more to keep it as it is."
      return model.refuseProfile(fault.message + rest, insists: !fault.isStrict)
    }
    do throws(UsageError) {
      let profile = try connections.profile(form)
      try connections.file.save(profile, replacing: form.original)
      if let old = form.original, connections.inUse == .profile(old) {
        connections.inUse = .profile(profile.name)
      }
      model.closeProfile()
      model.offer(connections: connections.list(), marking: .profile(profile.name))
      model.tellConnections("Saved. Enter starts over at \(profile.name); t tests it first.")
    } catch {
      model.judge(form)
      model.refuseProfile("Not saved. \(connections.short(error.message))")
    }
  }

  // MARK: Using one

  private func use(_ id: ConnectionID, _ connections: ConnectionController) {
    connections.awaited = nil
    do throws(UsageError) {
      let prepared = try connections.prepare(id)
      if prepared.wantsSecret {
        connections.awaited = prepared
        return model.askSecret(of: prepared.connection.configuration.clientID)
      }
      guard let origin = prepared.origin else { return connect(to: prepared, connections) }
      connections.resolver.find(
        origin,
        waiting: { self.model.awaitSecret(of: $0) },
        then: { [weak self] result in
          guard let self else { return }
          self.isStale = true
          switch result {
          case .failure(let fault): self.fail(fault)
          case .success(let secret):
            var prepared = prepared
            prepared.connection.configuration.clientSecret = secret
            self.connect(to: prepared, connections)
          }
        })
    } catch {
      fail(error)
    }
  }

  /// Starts over with another connection; the old one stays if this one cannot start.
  private func connect(to prepared: PreparedConnection, _ connections: ConnectionController) {
    var connection = prepared.connection
    let tenant: TenantHost?
    do throws(TenantHostError) {
      tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: session.loop) : nil
    } catch {
      return model.tellConnections(error.message, isBad: true)
    }
    connections.endCheck()
    connections.inUse = prepared.id
    model.connect(to: RunSummary(connection.configuration))
    change(
      to: FlowSession(loop: session.loop, tenant: tenant, options: connection.session),
      connection.configuration)
    model.tell("A new run at \(HarmlessText.line(prepared.name)).")
  }

  // MARK: Looking at one

  private func check(_ id: ConnectionID?, _ connections: ConnectionController) {
    let order = ConnectionOrder.check(id)
    // A profile in use may have changed: the saved settings are checked.
    if id == nil || id == .demo && connections.inUse == .demo {
      let connection = Connection(
        configuration: honest, session: session.options, isDemo: honest.observesTenant,
        usesRealBrowser: false)
      model.beginFindings(of: model.summary.tenantName, again: order)
      return connections.look(at: connection, tenant: session.tenant, face: self)
    }
    attempt { () throws(UsageError) in
      let prepared = try connections.prepare(id ?? connections.inUse)
      self.check(prepared, again: order, connections)
    }
  }

  private func check(_ given: ProfileForm, _ connections: ConnectionController) {
    let form = connections.judged(given, readsFiles: true)
    do throws(UsageError) {
      let prepared = try connections.prepare(try connections.profile(form))
      check(prepared, again: .checkForm(form), connections)
    } catch {
      model.judge(form)
      model.refuseProfile(connections.short(error.message))
    }
  }

  private func check(
    _ prepared: PreparedConnection, again order: ConnectionOrder,
    _ connections: ConnectionController
  ) {
    connections.endCheck()
    model.beginFindings(of: prepared.name, again: order)
    var connection = prepared.connection
    guard let origin = prepared.origin else {
      return connections.look(at: connection, tenant: nil, face: self)
    }
    connections.resolver.find(
      origin, waiting: { self.model.awaitFindings(of: $0) }
    ) { [weak self] result in
      guard let self else { return }
      var findings: [CheckFinding] = []
      switch result {
      case .success(let secret): connection.configuration.clientSecret = secret
      case .failure(let fault):
        // The tenant can be checked without it.
        findings.append(
          CheckFinding(
            "client-secret", .error, "The client secret cannot be had.",
            evidence: connections.brief(fault),
            fix: "Mend the place that client_secret names, or name another."))
      }
      connections.look(at: connection, tenant: nil, having: findings, face: self)
    }
  }
}

extension ConnectionController {
  /// Stops the check of a tenant.
  func endCheck() {
    check?.cancel()
    check = nil
    checkedTenant?.stop()
    checkedTenant = nil
    if awaited == nil { resolver.cancel() }
  }

  /// Checks a tenant and shows each finding.
  fileprivate func look(
    at given: Connection, tenant: TenantHost?, having earlier: [CheckFinding] = [],
    face: ExplorerController
  ) {
    endCheck()
    for finding in earlier { face.model.add(FindingEntry(finding)) }
    var connection = given
    if connection.isDemo, tenant == nil {
      do throws(TenantHostError) {
        checkedTenant = try DemoSetup.start(&connection, loop: face.session.loop)
      } catch {
        return face.model.endFindings(error.message)
      }
    }
    let check = TenantCheck(
      loop: face.session.loop, configuration: connection.configuration,
      options: connection.session)
    (tenant ?? checkedTenant)?.register(
      redirectURI: check.redirectURI, clientID: connection.configuration.clientID)
    check.onFinding = { [weak face] finding in
      face?.model.add(FindingEntry(finding))
      face?.isStale = true
    }
    check.onReport = { [weak face, weak self] report in
      var report = report
      report.findings += earlier
      face?.model.endFindings(report.summary)
      face?.isStale = true
      self?.checkedTenant?.stop()
      self?.checkedTenant = nil
    }
    self.check = check
    check.start()
  }
}

extension FindingEntry {
  /// Makes the explorer's entry of a finding.
  init(_ finding: CheckFinding) {
    let severity: Severity =
      switch finding.severity {
      case .error: .error
      case .warning: .warning
      case .info: .info
      }
    self.init(
      id: finding.id, severity: severity, message: finding.message, evidence: finding.evidence,
      fix: finding.fix, source: finding.spec?.description)
  }
}
