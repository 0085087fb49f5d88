import HybridFlow
import OpenID

/// The parameters of an authorization response, wherever an entry has them.
struct HARAnswer {
  /// Where the parameters are.
  enum Source {
    /// A request that went to the redirect URI.
    case arrival
    /// The `Location` of a response, which is all that some files have of a fragment.
    case departure
    /// A form in a page, which was not seen to be posted.
    case page
  }
  /// The entry.
  let entry: HAREntry
  let source: Source
  /// The address to which it went, without query and fragment.
  let place: String
  /// Where in the request the parameters were.
  let carrier: PastedAnswer.Carrier
  /// The parameters as they were written, not decoded.
  let raw: String
  /// The parameters, decoded.
  let fields: [FormField]

  /// The parameters of the answer, also where one JWT carries them: to find out whose it is.
  var told: [FormField] { ResponseJWT.told(by: fields) }

  private static let marks: Set<String> = ["code", "id_token", "access_token", "error", "response"]

  /// The fields of a form, if it is an answer: it brings something, and is not a request.
  private static func answer(_ raw: String) -> [FormField]? {
    guard raw.utf8.contains(UInt8(ascii: "=")), let fields = try? FormEncoding.decode(raw) else {
      return nil
    }
    let names = Set(fields.map(\.name))
    guard !names.isDisjoint(with: marks), !names.contains("grant_type"),
      !names.contains("response_type")
    else { return nil }
    // A page of an application may have a parameter called code.
    let isSure =
      names.contains("state") || names.contains("id_token") || names.contains("session_state")
    let isJWT = fields["response"].map { ResponseJWT.claims(in: $0)?["iss"] != nil } ?? false
    return isSure || isJWT || names.contains("error") || names.contains("access_token")
      ? fields : nil
  }

  private static func parts(_ address: String) -> (place: String, query: String?, fragment: String?)
  {
    let (front, fragment) = address.parting(at: "#")
    let (place, query) = front.parting(at: "?")
    return (String(place), query.map(String.init), fragment.map(String.init))
  }

  /// Every answer that an entry shows.
  static func all(in entry: HAREntry, _ bytes: [UInt8]) -> [HARAnswer] {
    var found: [HARAnswer] = []
    func add(_ source: Source, _ place: String, _ carrier: PastedAnswer.Carrier, _ raw: String?) {
      guard let raw, let fields = answer(raw) else { return }
      found.append(
        HARAnswer(
          entry: entry, source: source, place: place, carrier: carrier, raw: raw, fields: fields))
    }
    let own = parts(entry.address)
    if entry.method == "POST", let posted = entry.posted(in: bytes) {
      add(.arrival, own.place, .body, String(decoding: posted.body, as: UTF8.self))
    }
    add(.arrival, own.place, .fragment, own.fragment)
    add(.arrival, own.place, .query, own.query)
    if let target = entry.target(in: bytes) {
      let there = parts(target)
      add(.departure, there.place, .fragment, there.fragment)
      add(.departure, there.place, .query, there.query)
    }
    return found
  }

  /// The answer that a page would post by itself.
  static func inPage(_ entry: HAREntry, _ bytes: [UInt8]) -> HARAnswer? {
    guard entry.mediaType == "text/html", let url = entry.url,
      let body = entry.content(in: bytes, most: Limit.requestBodyBytes * 2),
      let page = try? HTMLPage(bytes: body, url: url)
    else { return nil }
    for form in page.forms where form.method.isIdentical(toIgnoringCase: "POST") {
      guard let action = try? page.target(of: form) else { continue }
      let raw = FormEncoding.encode(form.submission(values: [], pressing: nil))
      guard let fields = answer(raw) else { continue }
      return HARAnswer(
        entry: entry, source: .page, place: parts(action.text).place, carrier: .body, raw: raw,
        fields: fields)
    }
    return nil
  }
}
