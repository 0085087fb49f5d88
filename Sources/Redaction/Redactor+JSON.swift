import OpenID

extension Redactor {
  /// The field with a secret masked, by its name or by known values.
  public func shown(_ field: FormField) -> String {
    let byName = show(field)
    return byName == field.value ? mask(byName) : byName
  }

  /// JSON with its secrets masked at any depth.
  ///
  /// Strings are masked after unescaping, because a secret may have been escaped in JSON.
  public func masked(_ value: JSONValue) -> JSONValue {
    guard isActive else { return value }
    switch value {
    case .string(let text): return .string(mask(text))
    case .array(let elements): return .array(elements.map { masked($0) })
    case .object(let members):
      return .object(
        members.map { member in
          guard let text = member.value.string else {
            return JSONMember(mask(member.name), masked(member.value))
          }
          let isPrivate =
            JSONWebKey.privateMemberNames.contains(member.name) && value["kty"] != nil
          let shown =
            isPrivate ? Redactor.dots : shown(FormField(member.name, text))
          return JSONMember(mask(member.name), .string(shown))
        })
    case .null, .bool, .number: return value
    }
  }

  /// The ranges of strings in JSON that are secret by the names of their members, without the ends
  /// that may be shown.
  public func hiddenRanges(inJSON bytes: [UInt8]) -> [Range<Int>] {
    guard isActive else { return [] }
    var ranges: [Range<Int>] = []
    JSONStrings.walk(bytes) { path, value, range in
      let kind = path.last.flatMap { SecretPolicy.kind(of: $0) }
      guard kind == .hidden || kind == .endsShown, !value.isEmpty else { return }
      let isWrittenAsIs = range.count == value.utf8.count + 2
      let keepsEnds =
        kind == .endsShown && isWrittenAsIs && !Self.shortened(value).isIdentical(to: Self.dots)
      let (start, end) = keepsEnds ? (7, 5) : (1, 1)
      ranges.append((range.lowerBound + start)..<(range.upperBound - end))
    }
    return ranges
  }
}
