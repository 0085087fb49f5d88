import OpenID

/// Finds secrets in messages by the names under which they travel.
///
/// The transcript knows the values that the flow took in. Some pass by before the flow knows them:
/// a code stands in the tenant's page before the application has it.
public enum WireSecrets {
  /// The secrets of all messages so far.
  public static func all(in transcript: Transcript) -> [KnownSecret] {
    messages(of: transcript).flatMap(secrets(of:))
  }

  fileprivate static func messages(of transcript: Transcript) -> [Message] {
    transcript.messages + transcript.afterwards.flatMap(\.record.messages)
  }

  /// What must not be seen of a run beside what its transcript knows to be secret: what passed by
  /// in messages, the configured client secret, and the password that was typed.
  public static func beside(
    _ transcript: Transcript, _ configuration: FlowConfiguration, password: Secret? = nil
  ) -> [KnownSecret] {
    all(in: transcript) + configured(configuration, password: password)
  }

  /// What is secret before anything was sent: the client secret, and the password to be typed.
  public static func configured(
    _ configuration: FlowConfiguration, password: Secret? = nil
  ) -> [KnownSecret] {
    [configuration.clientSecret, password].compactMap(\.self)
      .map { KnownSecret($0.reveal(), keepsEnds: false) }
  }

  static func secrets(of message: Message) -> [KnownSecret] {
    var found = fields(address: message.url)
    for name in ["Location", "Content-Location", "Referer"] {
      found += message.headers.all(name).flatMap(fields(address:))
    }
    switch message.headers.mediaType {
    case "application/x-www-form-urlencoded":
      found += fields(String(decoding: message.body, as: UTF8.self))
    case "text/html":
      if message.body.count <= Limit.responseBodyBytes, let url = try? WebURL(message.url),
        let page = try? HTMLPage(bytes: message.body, url: url)
      {
        for input in page.forms.flatMap(\.inputs) where input.isHidden {
          found += secret(input.name, input.value)
        }
      }
    case .some(let type) where type.ends(with: "json"):
      if let json = try? JSONParser.parse(message.body) {
        for member in json.members ?? [] {
          if let text = member.value.string { found += secret(member.name, text) }
        }
      }
    default: break
    }
    for line in message.headers.all("Set-Cookie") {
      let pair = line.before(";")
      let value = pair.cut(at: "=")?.after ?? pair
      found.append(KnownSecret(String(value), keepsEnds: false))
    }
    return found
  }

  /// The fields of the query and of the fragment.
  private static func fields(address: String) -> [KnownSecret] {
    address.after(anyOf: "?#").split(at: "#").flatMap { fields($0) }
  }

  private static func fields(_ text: some StringProtocol) -> [KnownSecret] {
    guard let fields = try? FormEncoding.decode(text) else { return [] }
    return fields.flatMap { secret($0.name, $0.value) }
  }

  private static func secret(_ name: String, _ value: String) -> [KnownSecret] {
    switch SecretPolicy.kind(of: name) {
    case .endsShown: [KnownSecret(value, keepsEnds: true)]
    case .hidden: [KnownSecret(value, keepsEnds: false)]
    case .personal, nil: []
    }
  }
}

/// ``WireSecrets`` of a transcript that grows: each message is read once.
public struct WireSecretReader: Sendable {
  private var read: [(message: Message, secrets: [KnownSecret])] = []

  /// Makes a reader that has read nothing.
  public init() {}

  /// The secrets of all messages so far; another transcript than before is read anew.
  public mutating func all(in transcript: Transcript) -> [KnownSecret] {
    let messages = WireSecrets.messages(of: transcript)
    let same = zip(read, messages).prefix { $0.message == $1 }.count
    read.removeSubrange(same...)
    for message in messages[same...] {
      read.append((message, WireSecrets.secrets(of: message)))
    }
    return read.flatMap(\.secrets)
  }
}
