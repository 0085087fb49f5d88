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
}
