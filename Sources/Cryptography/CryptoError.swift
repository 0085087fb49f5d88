import COpenSSL
import OpenID

/// Why a cryptographic operation could not be done.
///
/// An invalid signature is not an error: ``Signature`` returns false. The texts name what is wrong
/// with a key; they never contain a key or a part of one.
public enum CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The key cannot be used for the algorithm; the text says why.
  case unusableKey(String)
  /// The request is outside what this program supports.
  case unsupported(String)
  /// The token names another algorithm than the requested one.
  case algorithmMismatch(header: String, asked: SignatureAlgorithm)
  /// The system has no random bytes, for this reason.
  case noRandomness(reason: String)
  /// libcrypto failed; the text names the operation and the library's reason.
  case openSSLFailure(String)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .unusableKey(let reason): "The key cannot be used: \(reason)."
    case .unsupported(let what): "Not supported: \(what)."
    case .algorithmMismatch(let header, let asked):
      "The header says \(header), but the check is for \(asked.rawValue)."
    case .noRandomness(let reason): "The system gives no random bytes: \(reason)."
    case .openSSLFailure(let operation): "The cryptographic library failed: \(operation)."
    }
  }

  /// The error of an operation that has just failed on this thread; empties the error queue.
  static func openSSL(_ operation: String) -> CryptoError {
    guard let reason = crypto_take_reason() else { return .openSSLFailure(operation) }
    return .openSSLFailure("\(operation) (\(String(cString: reason)))")
  }

  /// The error for a key that libcrypto has just refused; empties the error queue.
  static func refusedKey(_ summary: String) -> CryptoError {
    guard let reason = crypto_take_reason() else { return .unusableKey(summary) }
    return .unusableKey("\(summary) (\(String(cString: reason)))")
  }
}
