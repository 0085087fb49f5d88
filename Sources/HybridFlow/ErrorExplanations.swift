import OpenID

extension TokenError {
  /// Why a token cannot be decoded, in a sentence.
  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "It is larger than \(Limit.tokenBytes) bytes: \(bytes)."
    case .segmentCount(5): "It has five segments: it is encrypted, for somebody else to read."
    case .segmentCount(let count) where count < 3:
      "It is no JWT: a signed one has three segments between dots, this has \(count). Was it cut?"
    case .segmentCount(let count):
      "It is no JWT: a signed one has three segments between dots, this has \(count): what follows "
        + "the third dot is too much."
    case .segment(let name, let fault): "Its \(name) is not base64url: \(fault.explanation)."
    case .json(let name, let fault): "Its \(name) is not JSON: \(fault.explanation)."
    case .notAnObject(let name): "Its \(name) is JSON, but not an object."
    case .missingAlgorithm: "Its header names no algorithm."
    case .mistypedParameter(let name): "In its header \(name) is not a string, as it must be."
    }
  }
}

extension EncodedTextError {
  /// What is wrong and where, without a full stop.
  public var explanation: String {
    switch self {
    case .invalidByte(let byte, let offset):
      let name =
        switch byte {
        case UInt8(ascii: "="): "padding, the sign ="
        case UInt8(ascii: "+"), UInt8(ascii: "/"):
          "the sign \(Unicode.Scalar(byte)) of ordinary base64"
        case 0x20: "a blank"
        case 0x09: "a tab"
        case 0x0A, 0x0D: "a line break"
        case 0x21...0x7E: "the sign \(Unicode.Scalar(byte))"
        default: "a byte 0x\(String(byte, radix: 16))"
        }
      return "\(name), at character \(offset + 1) of it"
    case .invalidLength(let count):
      return "no text encodes to its \(count) \(count == 1 ? "character" : "characters"): one was "
        + "lost, or one is too much"
    case .nonCanonical:
      return "its last character has bits that mean nothing: it was cut, or changed"
    case .invalidUTF8: return "the bytes are not UTF-8"
    }
  }
}

extension JSONError {
  /// What is wrong and where, without a full stop.
  public var explanation: String {
    let what =
      switch reason {
      case .tooLarge: "larger than \(Limit.jsonBytes) bytes"
      case .tooDeep: "nested deeper than \(Limit.jsonDepth) levels"
      case .unexpectedEnd: "the text ends inside a value"
      case .unexpectedByte(let byte): "a byte 0x\(String(byte, radix: 16)) that cannot stand here"
      case .trailingBytes: "something after the value"
      case .badNumber: "a malformed number"
      case .badEscape: "a malformed escape"
      case .controlCharacter: "a control character inside a string"
      case .invalidUTF8: "bytes that are not UTF-8"
      case .duplicateName(let name): "the name \(name) twice in one object"
      }
    return "\(what), at byte \(offset)"
  }
}
