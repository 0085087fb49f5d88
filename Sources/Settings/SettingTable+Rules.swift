import DemoTenant
import HybridFlow

/// The rules of a run, and of a tenant.
extension Setting {
  package static let rules = Setting(
    "--rules", "NAME", .request, flow.union([.tenant, .watch]),
    .choice(SecurityRules.allCases.map(\.rawValue)),
    profile: "rules", usual: .value(SecurityRules.openID.rawValue),
    "fapi1-advanced asks and judges as FAPI 1.0 Advanced wants: code id_token, a request that is "
      + "signed and pushed, PKCE, PS256, the client's own key; for tenant and watch: refuse "
      + "everything else")
}
