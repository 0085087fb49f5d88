import DemoTenant
import Diagnosis

/// The settings of frameworks, of Sign in with Apple, and of what the tenant does wrong.
extension Setting {
  private static let frameworks =
    FrameworkPreset.allCases.map(\.rawValue).joined(separator: " or ")

  package static let framework = Setting(
    "--framework", "NAME", .connection, flow,
    .choice(FrameworkPreset.allCases.map(\.rawValue)),
    profile: "framework",
    "send what this framework of applications sends by default: \(frameworks); beside --issuer, "
      + "--preset or the demo tenant")

  package static let appleKey = Setting(
    "--apple-key", "FILE", .client, flow, .file, profile: "apple_key_file",
    "for Sign in with Apple: the .p8 file with the team's private key; each request gets a client "
      + "secret signed with it, good for five minutes and kept nowhere")
  package static let appleTeam = Setting(
    "--apple-team", "ID", .client, flow, .text, profile: "apple_team",
    "with --apple-key: the Team ID, ten characters")
  package static let appleKeyID = Setting(
    "--apple-key-id", "ID", .client, flow, .text, profile: "apple_key_id",
    usual: .words("the one in the name AuthKey_ID.p8"), "with --apple-key: the Key ID")

  package static let habits = Setting(
    "--habits", "NAME", .tenant, [.tenant, .watch], .choice(TenantHabit.allCases.map(\.rawValue)),
    "behave as this product does: apple answers as Sign in with Apple, and its clients have "
      + "'apple-key=FILE.p8,apple-team=ID' instead of a secret; by public documents, unverified at "
      + "Apple itself")

  package static let fault = Setting(
    "--fault", "ID", .tenant, [.tenant, .watch], .text, suggests: .tenantFault,
    "commit this fault of the lab in every login, and be honest otherwise; 'hybrid-flow lab --list' "
      + "names them")
  package static let faultHeader = Setting(
    "--fault-header", .tenant, [.tenant, .watch],
    "let a request choose a fault by the header X-Hybrid-Flow-Fault: an authorization request for "
      + "its whole login, another request for its own answer")
}
