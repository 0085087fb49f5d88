import OpenID

/// One request to the tenant.
struct Call {
  let request: HTTPRequest
  let number: Int
  let now: UnixTime
  /// The path below the issuer; nil for a path outside it.
  let path: String?
  /// The fault that was chosen for this very request.
  var chosenFault: Fault?
  /// The fault that the answer commits.
  var fault: Fault?
  /// The thumbprint of the key that the request has proved; nil for a bearer token's.
  var provenKey: String?

  init(request: HTTPRequest, number: Int, now: UnixTime, basePath: String) {
    self.request = request
    self.number = number
    self.now = now
    var target = request.path
    // RFC 9112, 3.2.2: a server must accept the absolute form as well.
    if let url = try? WebURL(target) { target = url.path.isEmpty ? "/" : url.path }
    path = target.dropping(prefix: basePath + "/").map { "/" + $0 }
  }

  var isPOST: Bool { request.method == "POST" }

  /// The error response for a method that the path does not allow; nil for an allowed one.
  func refusingMethods(otherThan methods: [String]) -> HTTPResponse? {
    guard !methods.contains(request.method) else { return nil }
    var response = HTTPResponse(
      status: 405, mediaType: "text/plain; charset=utf-8", text: "Method not allowed.\n")
    response.headers.add("Allow", methods.joined(separator: ", "))
    return response
  }

  /// The parameters of the query, or of the form for a POST.
  func parameters() throws(ParameterError) -> Parameters {
    isPOST ? try formParameters() : try Parameters(encoded: Array(request.query.utf8))
  }

  /// The parameters of a form body.
  func formParameters() throws(ParameterError) -> Parameters {
    guard request.headers.mediaType == "application/x-www-form-urlencoded" else {
      throw .mediaType
    }
    return try Parameters(encoded: request.body)
  }

  /// The cookie of this name.
  func cookie(_ name: String) -> String? {
    for line in request.headers.all("Cookie") {
      for pair in line.split(at: ";") {
        let parts = pair.split(at: "=", maxSplits: 1)
        if parts.count == 2, parts[0].trimmingBlanks.isIdentical(to: name) {
          return parts[1].trimmingBlanks
        }
      }
    }
    return nil
  }
}

/// Why parameters could not be read.
enum ParameterError: Error, Equatable {
  /// Not `application/x-www-form-urlencoded`.
  case mediaType
  /// A broken percent-encoding or bytes that are not UTF-8.
  case encoding
  /// A value larger than ``TenantLimit/parameterBytes``.
  case tooLong(String)

  var words: String {
    switch self {
    case .mediaType: "The body is not application/x-www-form-urlencoded"
    case .encoding: "The parameters are not properly encoded"
    case .tooLong: "A parameter is longer than \(TenantLimit.parameterBytes) bytes"
    }
  }
}

/// The parameters of one request.
struct Parameters {
  /// Those with a value, in order.
  ///
  /// RFC 6749, section 3.1: a parameter without a value is treated as absent.
  let fields: [FormField]
  /// The repeated names, which RFC 6749, section 3.1, forbids.
  let repeatedNames: [String]

  init(encoded bytes: [UInt8]) throws(ParameterError) {
    guard let all = try? FormEncoding.decode(bytes) else { throw .encoding }
    for field in all where field.value.utf8.count > TenantLimit.parameterBytes {
      throw .tooLong(field.name)
    }
    repeatedNames = all.repeatedNames
    fields = all.filter { !$0.value.isEmpty }
  }

  /// Parameters that were read elsewhere.
  init(fields all: [FormField]) {
    repeatedNames = all.repeatedNames
    fields = all.filter { !$0.value.isEmpty }
  }

  /// The value of a parameter; nil for a repeated one.
  subscript(name: String) -> String? { repeatedNames.contains(name) ? nil : fields[name] }

  /// The words of a space-separated parameter.
  func words(_ name: String) -> [String] { spaceSeparated(self[name]) }
}

func spaceSeparated(_ text: String?) -> [String] {
  (text ?? "").split(at: " ").map(String.init)
}

/// An OAuth error, as every endpoint sends it.
///
/// RFC 6749, sections 4.1.2.1 and 5.2.
struct OAuthError: Error, Equatable {
  var code: String
  var description: String

  init(_ code: String, _ description: String) {
    self.code = code
    // RFC 6749, 4.1.2.1: no quotation mark, no backslash, nothing outside printable ASCII.
    self.description = String(
      description.unicodeScalars.map { scalar in
        let isAllowed = (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
        return isAllowed ? Character(scalar) : "?"
      })
  }
}
