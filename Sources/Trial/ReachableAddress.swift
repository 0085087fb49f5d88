import DemoTenant
import OpenID

extension Fault {
  /// The same fault with the addresses in token headers leading to a real place: then it shows
  /// whether an application goes there.
  func pointing(to address: String) -> Fault {
    Fault(id, actions.map { $0.pointing(to: address) })
  }
}

extension TenantAction {
  fileprivate func pointing(to address: String) -> TenantAction {
    switch self {
    case .header(let token, let edits):
      .header(
        token,
        edits.map { edit in
          if case .set(let name, .string(let text)) = edit, text.begins(with: "https://") {
            return .set(name, .string(address))
          }
          return edit
        })
    case .signature(let token, .name(let text)) where text.begins(with: "https://"):
      .signature(token, .name(address))
    default: self
    }
  }
}
