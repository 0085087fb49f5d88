import OpenID

/// Values that the tenant stores under a secret name, limited in number and time.
///
/// Names are compared by bytes, because a text that only looks alike must not match.
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

  /// Whether a value can be stored under this name without removing another valid one.
  func hasRoom(for name: String, now: UnixTime) -> Bool {
    entries.count < capacity || entries[Self.key(name)] != nil
      || entries.values.contains { now >= $0.expiresAt }
  }

  /// Stores a value; a full memory first drops expired values and then the oldest.
  mutating func keep(_ value: Value, as name: String, until expiresAt: UnixTime, now: UnixTime) {
    let key = Self.key(name)
    if entries[key] == nil, entries.count >= capacity { makeRoom(now) }
    serial += 1
    entries[key] = Entry(value: value, expiresAt: expiresAt, serial: serial)
  }

  /// The value for this name, unless it has expired.
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
    // A tenth at once, so that a full memory is not searched for every new value.
    let last = living.count < capacity ? 0 : living[max(1, capacity / 10) - 1]
    let gone = entries.filter { now >= $0.value.expiresAt || $0.value.serial <= last }
    for key in gone.keys { entries[key] = nil }
  }

  private static func key(_ name: String) -> [UInt8] { Array(name.utf8) }
}

/// Counts wrong passwords by name, for a limited time.
///
/// A running counter is never dropped for another name: trying a thousand names must not reset the
/// first one's counter. Names without a counter of their own share some hundred counters, which
/// only expire with time.
struct FailureCounts: Sendable {
  /// The longest name with a counter of its own; real names are shorter.
  static let nameBytes = 320
  static let sharedCounters = 256

  private var named: BoundedMemory<Int>
  private var shared: BoundedMemory<Int>

  init(capacity: Int) {
    named = BoundedMemory(capacity: capacity)
    shared = BoundedMemory(capacity: Self.sharedCounters)
  }

  var count: Int { named.count + shared.count }

  /// Wrong passwords in a row.
  func failures(of name: String, now: UnixTime) -> Int {
    let own = Self.isShort(name) ? named.find(name, now: now) : nil
    return own ?? shared.find(Self.counter(of: name), now: now) ?? 0
  }

  /// Counts one more, until this time.
  mutating func add(_ name: String, until: UnixTime, now: UnixTime) {
    let failures = failures(of: name, now: now) + 1
    if Self.isShort(name), named.hasRoom(for: name, now: now) {
      named.keep(failures, as: name, until: until, now: now)
    } else {
      shared.keep(failures, as: Self.counter(of: name), until: until, now: now)
    }
  }

  /// Called after the right password; a shared counter stays, because it counts other names too.
  mutating func forget(_ name: String) { named.forget(name) }

  private static func isShort(_ name: String) -> Bool { name.utf8.count <= nameBytes }

  /// The shared counter of a name, by the FNV-1a hash of its bytes.
  private static func counter(of name: String) -> String {
    let sum = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return String(sum % UInt64(sharedCounters))
  }
}

/// A sign-in that began at the authorization endpoint and has no response yet.
struct Transaction: Sendable {
  let id: String
  let request: AcceptedRequest
  /// The browser that began it; no other may finish it.
  let browserID: String
  /// A token in the pages' forms that pages of other sites do not know.
  let formToken: String
  /// The subject that has signed in since the transaction began.
  var signedInSubject: String?
  /// The subject that has agreed since the transaction began.
  var consentedSubject: String?
  /// The fault that was chosen for this login.
  let fault: Fault?
}

/// One browser, signed in or not.
struct BrowserSession: Sendable {
  /// Stays the same when the cookie changes at sign-in.
  let browserID: String
  var signIn: SignIn?
}

/// A person's sign-in at a browser.
struct SignIn: Sendable {
  var subject: String
  var at: UnixTime
  /// `sid`, which ID tokens carry.
  var sessionID: String
  /// What the person has allowed in this session, by client.
  var consents: [String: Set<String>] = [:]
}

/// A person's consent for an application, to which every token refers.
struct Grant: Sendable {
  let id: String
  let clientID: String
  let subject: String
  let scopes: [String]
  let audience: String?
  let nonce: String?
  let signedInAt: UnixTime
  let sessionID: String
  /// The fault that was chosen for the login.
  let fault: Fault?
  /// The `openbanking_intent_id` that the request asked for.
  var intentID: String?
}

/// An authorization code that was issued.
struct CodeRecord: Sendable {
  let grant: Grant
  let redirectURI: String
  let codeChallenge: String?
  let issuedAt: UnixTime
  /// The thumbprint of the key to which it is bound; nil for a code without one.
  var proofKey: String?
  var isUsed = false
  /// The access token sent through the front channel with it, if there was one.
  var frontAccessToken: String?
}

/// An access token that is not a JWT: valid for the userinfo endpoint only.
struct OpaqueToken: Sendable {
  let grant: Grant
  let scopes: [String]
  /// The thumbprint of the certificate to which it is bound; nil for a bearer token.
  let thumbprint: String?
  /// The thumbprint of the key to which it is bound; nil for one without.
  let proofKey: String?
}

/// A refresh token that was issued.
struct RefreshRecord: Sendable {
  let grant: Grant
  let chainExpiresAt: UnixTime
  /// The thumbprint of the key to which it is bound; a confidential client's is bound to none.
  ///
  /// RFC 9449, section 5.
  let proofKey: String?
  var isUsed = false
}

/// A logout that waits for the person's confirmation.
struct PendingLogout: Sendable {
  let browserID: String
  let destination: WebURL?
}
