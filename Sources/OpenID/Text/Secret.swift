/// A value that cannot print itself: client secrets, passwords, codes, tokens, cookies.
///
/// `print`, string interpolation, `dump` and a debugger's mirror all show a placeholder. Only an
/// explicit call of ``reveal()`` gives the value.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: String

  /// Wraps a value.
  public init(_ value: String) { self.value = value }

  /// Returns the value itself, for the one place that needs it.
  public func reveal() -> String { value }

  /// The number of UTF-8 bytes.
  public var byteCount: Int { value.utf8.count }

  /// Whether there is nothing in it.
  public var isEmpty: Bool { value.isEmpty }

  /// A placeholder.
  public var description: String { "[secret]" }
  /// A placeholder.
  public var debugDescription: String { "[secret]" }
  /// Nothing: `dump` would print a private property otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable {
  /// Compares every byte, also after a difference, because one side is untrusted.
  public static func == (left: Secret, right: Secret) -> Bool {
    constantTimeEqual(Array(left.value.utf8), Array(right.value.utf8))
  }
}

/// Compares two byte strings in a time that depends on their lengths only.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for index in left.indices { difference |= left[index] ^ right[index] }
  return difference == 0
}

extension StringProtocol {
  /// Whether both texts are the same bytes.
  ///
  /// Swift's `==` treats canonically equivalent texts as equal; the specifications compare code
  /// points (OpenID Connect Core 1.0, section 14), so issuers, nonces and states use this.
  @_specialize(where Self == String, Other == String)
  @_specialize(where Self == String, Other == Substring)
  @_specialize(where Self == Substring, Other == String)
  @_specialize(where Self == Substring, Other == Substring)
  public func isIdentical<Other: StringProtocol>(to other: Other) -> Bool {
    constantTimeEqual(Array(utf8), Array(other.utf8))
  }
}
