import HybridFlow
import OpenID

/// Finds secrets in messages by their names and by their shape: see ``SecretFinder``.
///
/// The transcript knows the values that the flow stored. Some pass before the flow knows them: a
/// code is in the tenant's page before the application has it. Others are never stored.
public enum WireSecrets {
  /// The secrets of all messages so far.
  public static func all(in transcript: Transcript) -> [KnownSecret] {
    SecretFinder.secrets(messages(of: transcript).map(found(in:)))
  }

  fileprivate static func messages(of transcript: Transcript) -> [Message] {
    transcript.messages + transcript.afterwards.flatMap(\.record.messages)
  }

  /// The secrets of a run that its transcript does not mark as such: those seen in messages, the
  /// configured client secret, and the typed password.
  public static func beside(
    _ transcript: Transcript, _ configuration: FlowConfiguration, password: Secret? = nil
  ) -> [KnownSecret] {
    all(in: transcript) + configured(configuration, password: password)
  }

  /// The secrets before anything is sent: the client secret, and the password to be typed.
  public static func configured(
    _ configuration: FlowConfiguration, password: Secret? = nil
  ) -> [KnownSecret] {
    [configuration.clientSecret, password].compactMap(\.self)
      .map { KnownSecret($0.reveal(), keepsEnds: false) }
  }

  /// The secrets, certain and likely, in a pasted text.
  public static func all(inPasted text: String) -> [KnownSecret] {
    var finder = SecretFinder()
    finder.read(text: Array(text.utf8), guesses: true)
    for line in text.lines {
      // A header of its own, or an argument of curl.
      for piece in [line] + line.split(atAnyOf: "'\"") { finder.read(pastedHeader: piece) }
    }
    return finder.secrets
  }

  /// The secrets, certain and likely, in a message.
  static func found(in message: Message) -> SecretFinder {
    var finder = SecretFinder()
    for content in [message.content, message.honest].compactMap(\.self) {
      switch content {
      case .request(let request): finder.read(request, url: request.url?.text ?? message.url)
      case .response(let response):
        finder.read(address: message.url, guesses: true)
        finder.read(response, isAnswer: [.exchange, .verify, .tokens].contains(message.stage))
      }
    }
    return finder
  }
}

/// ``WireSecrets`` of a transcript that grows: each message is read once.
public struct WireSecretReader: Sendable {
  private var read: [(message: Message, found: SecretFinder)] = []
  private var secrets: [KnownSecret] = []

  /// Makes a reader that has read nothing.
  public init() {}

  /// The secrets of all messages so far; for another transcript it starts again.
  public mutating func all(in transcript: Transcript) -> [KnownSecret] {
    let messages = WireSecrets.messages(of: transcript)
    let same = zip(read, messages).prefix { $0.message == $1 }.count
    guard same < messages.count || same < read.count else { return secrets }
    read.removeSubrange(same...)
    for message in messages[same...] { read.append((message, WireSecrets.found(in: message))) }
    secrets = SecretFinder.secrets(read.map(\.found))
    return secrets
  }
}
