import OpenID

extension Redactor {
  /// A field: by its name, and by what other fields are known to hold.
  public func shown(_ field: FormField) -> String {
    let byName = show(field)
    return byName == field.value ? mask(byName) : byName
  }

  /// JSON with its secrets masked, whatever depth they stand at.
  ///
  /// Texts are masked as values, for a text that holds a secret may have been escaped in JSON.
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
