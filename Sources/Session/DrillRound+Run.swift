import HybridFlow
import Lab
import OpenID

/// A round of a drill, run without sockets.
extension DrillRound {
  /// The run, up to where its fault is stopped, or would be.
  ///
  /// - Throws: When the fixed key or the settings cannot be used.
  public func run() throws -> ScriptedRun { try run(with: fault) }

  /// The rules that this run breaks, with the tenant's own.
  public func complaints(in transcript: Transcript) -> Set<String> {
    let outcome = LabOutcome(fault: fault, type: type, transcript: transcript)
    return Set(outcome.complaints.map(\.id.rawValue) + outcome.tenantComplaints)
  }

  /// The fields that the fault changes, found by laying its message beside that of an honest run
  /// with the same chance and clock; empty when there is no such field.
  public var changedFields: [String] {
    guard let fault, let mark = fault.mark(for: type), let forged = try? run(with: fault),
      let honest = try? run(with: nil)
    else { return [] }
    let pairs = [forged, honest].map { mark.messages(in: $0.machine.transcript) }
    for (forged, honest) in zip(pairs[0], pairs[1]) {
      let changed = MessageFields(forged).differences(from: MessageFields(honest))
      if !changed.isEmpty { return changed }
    }
    return []
  }

  private func run(with fault: LabFault?) throws -> ScriptedRun {
    let scene = ScriptedRun.Scene(fault: fault?.tenantFault, attack: fault?.attack)
    var run = try ScriptedRun(scene: scene) { configuration in
      configure(&configuration)
      guard fault == nil else { return }
      configuration.mistakes = []
      configuration.tampering = nil
    }
    run.run(to: goal)
    run.act(then)
    return run
  }
}

extension Tampering {
  /// The messages at this place; the authorization response is read where it arrives.
  fileprivate func messages(in transcript: Transcript) -> [Message] {
    let records = [transcript[stage]] + transcript.afterwards.map(\.record)
    let all = records.flatMap(\.messages)
    if stage == .callback {
      return all.filter { $0.stage == .callback && $0.from == .browser && $0.to == .application }
    }
    return all.filter {
      $0.stage == stage && $0.from == from && $0.to == to
        && $0.url.before(anyOf: "?#").ends(with: pathSuffix)
    }
  }
}

/// The names and values of a message, tokens taken apart.
private struct MessageFields {
  private var values: [(name: String, value: String)] = []

  init(_ message: Message) {
    switch message.content {
    case .request(let request):
      for part in [request.query, request.fragment ?? ""] where !part.isEmpty {
        add(form: part)
      }
      if let authorization = request.headers["Authorization"] {
        add("Authorization", authorization)
      }
      add("Content-Type", request.headers.mediaType ?? "")
      values.append(("method", request.method))
    case .response(let response):
      values.append(("status", String(response.status)))
      for name in ["Content-Type", "Cache-Control", "Content-Encoding", "Location"] {
        add(name, response.headers[name] ?? "")
      }
      if let location = response.headers["Location"] {
        add(form: String(location.after(anyOf: "?#")))
      }
    }
    add(body: message)
  }

  /// The names whose values are not the same in both, in the order of this one.
  func differences(from other: MessageFields) -> [String] {
    var names: [String] = []
    for name in values.map(\.name) + other.values.map(\.name) where !names.contains(name) {
      let (mine, theirs) = (all(name), other.all(name))
      if mine != theirs { names.append(name) }
    }
    var told: [String] = []
    for name in names {
      let token = String(name.before("."))
      // A token that only one side can read is one change.
      let shown = isRead(token) == other.isRead(token) ? name : token
      if !told.contains(shown) { told.append(shown) }
    }
    // A token that says something else has another signature: that is no second change.
    told = told.filter { name in
      guard let token = name.dropping(suffix: ".signature") else { return true }
      return told.count { $0.begins(with: token + ".") } == 1
    }
    guard told.count > Self.fieldsMax else { return told }
    return told.filter { $0 == "Content-Type" || $0 == "status" } + ["the body"]
  }

  /// More changed fields than these are the body as a whole.
  private static let fieldsMax = 8

  /// Whether a token of this name was taken apart.
  private func isRead(_ token: String) -> Bool {
    values.contains { $0.name.begins(with: token + ".") }
  }

  private func all(_ name: String) -> [String] {
    values.filter { $0.name.isIdentical(to: name) }.map(\.value)
  }

  private mutating func add(form: String) {
    for field in (try? FormEncoding.decode(form)) ?? [] { add(field.name, field.value) }
  }

  private mutating func add(body message: Message) {
    guard !message.body.isEmpty else { return }
    if message.headers.mediaType == "application/x-www-form-urlencoded" {
      for field in (try? FormEncoding.decode(message.body)) ?? [] { add(field.name, field.value) }
    } else if let members = (try? JSONParser.parse(message.body))?.members {
      for member in members { add(member.name, member.value.string ?? member.value.compactText) }
    }
  }

  private mutating func add(_ name: String, _ value: String) {
    guard let token = try? CompactJWS(value) else {
      values.append((name, value))
      return
    }
    for part in [token.header, try? JSONParser.parse(token.payload)] {
      for member in part?.members ?? [] {
        values.append(("\(name).\(member.name)", member.value.compactText))
      }
    }
    values.append(("\(name).signature", Base64URL.encode(token.signature)))
  }
}
