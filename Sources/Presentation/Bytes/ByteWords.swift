import Anatomy
import HybridFlow
import OpenID
import TextUI

extension BytePart.Kind {
  /// What the bytes are, in a few words.
  package var words: String {
    switch self {
    case .method: "method"
    case .target: "where to"
    case .version: "version of HTTP"
    case .status: "status"
    case .reason: "the status in words"
    case .headerName: "name of the header"
    case .headerValue: "value"
    case .scheme: "scheme of the credentials"
    case .credentials: "credentials"
    case .fieldName: "name of the field"
    case .fieldValue: "value"
    case .escape: "stands for another byte"
    case .mark: "keeps two things apart"
    case .lineEnd: "carriage return and line feed: the line ends"
    case .tokenHeader: "JOSE header, base64url"
    case .tokenPayload: "payload, base64url"
    case .tokenSignature: "signature, base64url"
    case .jsonName: "name of the member"
    case .jsonString: "string"
    case .jsonLiteral: "number, true, false or null"
    case .jsonMark: "mark of JSON"
    case .white: "blank between values"
    case .tag: "tag of the page"
    case .text: "text"
    }
  }

  var role: Role {
    switch self {
    case .method: .wireMethod
    case .target: .wireURL
    case .version, .mark, .lineEnd, .white, .reason: .textMuted
    case .status: .wireStatusOK
    case .headerName: .wireHeader
    case .scheme, .tag: .wireMethod
    case .fieldName: .wireParameter
    case .escape: .statusInfo
    case .tokenHeader: .wireMethod
    case .tokenPayload: .wireToken
    case .tokenSignature, .credentials: .wireURL
    case .jsonName: .jsonKey
    case .jsonString: .jsonString
    case .jsonLiteral: .jsonNumber
    case .jsonMark: .jsonPunctuation
    case .headerValue, .fieldValue, .text: .text
    }
  }
}

/// What the bytes of a signature are.
enum SignatureForm {
  /// RFC 7518, sections 3.2 to 3.5; RFC 8037, section 3.1.
  static func words(_ token: CompactJWS?) -> String {
    switch token?.algorithm {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: "one number as long as the RSA key"
    case .es256, .es384, .es512: "two numbers, r and s"
    case .edDSA: "a point and a number, R and S"
    case .hs256, .hs384, .hs512: "a keyed hash"
    case nil: "of an algorithm that is not checked here"
    }
  }
}

extension String {
  /// The text; a blank in quotation marks, so that it is seen.
  var quotedBlank: String { self == " " ? "\u{201C} \u{201D}" : self }
}
