/// Every limit for data on the wire, with its unit in its name.
///
/// Larger input is refused with a message that names the limit, never truncated silently.
public enum Limit {
  /// A URL, sent or received.
  ///
  /// Browsers and servers commonly stop near 8 KiB to 32 KiB.
  public static let urlBytes = 32 * 1024
  /// The head of an HTTP request to the loopback server: request line and headers.
  public static let requestHeadBytes = 32 * 1024
  /// Header lines of one message.
  public static let headerLines = 100
  /// The body of a request to the loopback server: ID tokens with groups reach tens of KiB.
  public static let requestBodyBytes = 256 * 1024
  /// The body of a response from a provider or API.
  public static let responseBodyBytes = 4 * 1024 * 1024
  /// The head of a response from a provider or API.
  public static let responseHeadBytes = 64 * 1024
  /// A JSON text.
  public static let jsonBytes = 4 * 1024 * 1024
  /// Nested arrays and objects in a JSON text.
  public static let jsonDepth = 64
  /// A compact JWS.
  public static let tokenBytes = 1024 * 1024
  /// Forms of one page, and inputs and buttons of all of them together.
  public static let formControls = 2000
  /// Keys of a JWK set.
  public static let keysPerSet = 100
}
