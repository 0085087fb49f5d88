import OpenID

/// What the tenant remembers under a secret name: few enough, and not for ever.
///
/// Looked up by bytes, because texts that only look alike must not open anything.
struct BoundedMemory<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    var value: Value
    var expiresAt: UnixTime
    var serial: Int
  }

  private let capacity: Int
  private var entries: [[UInt8]: Entry] = [:]
  private var serial = 0

  init(capacity: Int) { self.capacity = capacity }

  var count: Int { entries.count }

  /// Keeps a value; when the memory is full, what has expired goes first and then the oldest.
  mutating func keep(_ value: Value, as name: String, until expiresAt: UnixTime, now: UnixTime) {
    let key = Self.key(name)
    if entries[key] == nil, entries.count >= capacity { makeRoom(now) }
    serial += 1
    entries[key] = Entry(value: value, expiresAt: expiresAt, serial: serial)
  }

  /// The value of this name, unless it has expired.
  func find(_ name: String?, now: UnixTime) -> Value? {
    guard let name, let entry = entries[Self.key(name)], now < entry.expiresAt else { return nil }
    return entry.value
  }

  /// Changes a value in place; nothing happens when there is none.
  mutating func change(_ name: String, _ body: (inout Value) -> Void) {
    let key = Self.key(name)
    guard var entry = entries[key] else { return }
    body(&entry.value)
    entries[key] = entry
  }

  mutating func forget(_ name: String) { entries[Self.key(name)] = nil }

  mutating func forget(where matches: (Value) -> Bool) {
    entries = entries.filter { !matches($0.value.value) }
  }

  private mutating func makeRoom(_ now: UnixTime) {
    let living = entries.values.filter { now < $0.expiresAt }.map(\.serial).sorted()
    // A tenth at once, so that a full memory is not searched for every new entry.
    let last = living.count < capacity ? 0 : living[max(1, capacity / 10) - 1]
    let gone = entries.filter { now >= $0.value.expiresAt || $0.value.serial <= last }
    for key in gone.keys { entries[key] = nil }
  }

  private static func key(_ name: String) -> [UInt8] { Array(name.utf8) }
}

/// A sign-in that has begun at the authorization endpoint and not yet been answered.
struct Transaction: Sendable {
  let id: String
  let request: AcceptedRequest
  /// The browser that began it; no other may finish it.
  let browserID: String
  /// What the pages' forms send back; a page of somebody else does not know it.
  let formToken: String
  /// The subject that has signed in since it began.
  var signedInSubject: String?
  /// The subject that has agreed since it began.
  var consentedSubject: String?
}

/// One browser, with or without somebody signed in.
struct BrowserSession: Sendable {
  /// Stays the same when the cookie changes at sign-in.
  let browserID: String
  var signIn: SignIn?
}

/// Somebody signed in at a browser.
struct SignIn: Sendable {
  var subject: String
  var at: UnixTime
  /// `sid`, which ID tokens carry.
  var sessionID: String
  /// What the person has allowed in this session, by client.
  var consents: [String: Set<String>] = [:]
}

/// What somebody has allowed an application, once: every token goes back to one.
struct Grant: Sendable {
  let id: String
  let clientID: String
  let subject: String
  let scopes: [String]
  let audience: String?
  let nonce: String?
  let signedInAt: UnixTime
  let sessionID: String
}

/// An authorization code that was given out.
struct CodeRecord: Sendable {
  let grant: Grant
  let redirectURI: String
  let codeChallenge: String?
  let issuedAt: UnixTime
  var isUsed = false
  /// The access token that went through the browser with it, if one did.
  var frontAccessToken: String?
}

/// An access token that is no JWT: good for the userinfo endpoint only.
struct OpaqueToken: Sendable {
  let grant: Grant
  let scopes: [String]
}

/// A refresh token that was given out.
struct RefreshRecord: Sendable {
  let grant: Grant
  let chainExpiresAt: UnixTime
  var isUsed = false
}

/// A logout that waits for the person's word.
struct PendingLogout: Sendable {
  let browserID: String
  let destination: WebURL?
}
