/// What a HAR says was posted.
///
/// http://www.softwareishard.com/blog/har-12-spec/#postData
public enum HARPostData {
  /// The posted text; nil when there is none.
  ///
  /// Some writers leave it out and keep the fields.
  public static func text(_ data: JSONValue) -> String? {
    if let text = data["text"]?.string, !text.isEmpty { return text }
    let fields = (data["params"]?.elements ?? []).compactMap { field -> FormField? in
      field["name"]?.string.map { FormField($0, field["value"]?.string ?? "") }
    }
    guard !fields.isEmpty else { return nil }
    // Some writers decode the values, others leave them as they were sent.
    let raw = fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let isRaw = fields.allSatisfy { field in
      !field.value.holds(anyOf: " &+") && (try? FormEncoding.decode("a=" + field.value)) != nil
    }
    return isRaw ? raw : FormEncoding.encode(fields)
  }
}
