import HybridFlow

extension DiagnosisEngine {
  /// Microsoft Entra ID's errors about the person who signs in.
  ///
  /// The numbers serve only for explanations; the program depends on none of them.
  static let entraPersonRows: [DiagnosisRow] = [
    DiagnosisRow(
      "entra-not-in-tenant", .entra, [.page, .callback],
      .literal("AADSTS50020"),
      cause: "The account belongs to another directory or is a personal one.",
      fix: "Sign in with an account of this tenant, or invite it as a guest: Users > Invite"
        + " external user.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-select-account", .entra, [.page, .callback],
      .literal("AADSTS16000"),
      blame: nil,
      cause: "The account that is signed in does not exist in the tenant of the app; a choice of"
        + " accounts is due.",
      fix: "Send prompt=select_account, or sign out first and take an account of this tenant.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-account-unknown", .entra, [.page],
      .literal("AADSTS50034"),
      blame: .person,
      cause: "There is no such account in this directory.",
      fix: "Compare name and tenant; invite the account as a guest if it should be able to sign"
        + " in.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-not-assigned", .entra, [.page, .callback],
      .literal("AADSTS50105"),
      cause: "The app demands an assignment, and the person has none.",
      fix: "Enterprise applications > your app > Users and groups: assign the person.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-consent-missing", .entra, [.page, .callback, .token],
      .literal("AADSTS65001"),
      cause: "Neither the person nor an administrator has consented to what the app asks for.",
      fix: "Send prompt=consent once, or App registrations > your app > API permissions > Grant"
        + " admin consent.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-admin-consent", .entra, [.page, .callback],
      .literal("AADSTS90094"),
      .literal("AADSTS90095"),
      cause: "What the app asks for needs the consent of an administrator.",
      fix: "App registrations > your app > API permissions > Grant admin consent, or ask for"
        + " less.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-consent-declined", .entra, [.callback, .page],
      .literal("AADSTS65004"),
      blame: .person,
      cause: "The person declined on the consent page.",
      fix: "Sign in again and accept, or ask for fewer permissions.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-no-session", .entra, [.callback],
      .literal("AADSTS50058"),
      blame: nil,
      cause: "prompt=none was sent, and nobody is signed in in this browser, or its cookies are"
        + " blocked.",
      fix: "Leave prompt=none out.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-password-wrong", .entra, [.page],
      .literal("AADSTS50126"),
      blame: .person,
      cause: "User name or password is wrong.",
      fix: "Sign in again, or reset the password.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-account-locked", .entra, [.page],
      .literal("AADSTS50053"),
      blame: .person,
      cause: "Too many failed attempts locked the account, or the address it came from is"
        + " suspected.",
      fix: "Wait, or look under Monitoring & health > Sign-in logs for the reason.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-account-disabled", .entra, [.page],
      .literal("AADSTS50057"),
      cause: "The account is disabled.",
      fix: "Users > the person > Edit > Account enabled.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-password-expired", .entra, [.page],
      .literal("AADSTS50055"),
      blame: .person,
      cause: "The password has expired.",
      fix: "Set a new password when asked.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-mfa-required", .entra, [.callback, .page, .token],
      .literal("AADSTS50076"),
      .literal("AADSTS50074"),
      .literal("AADSTS50079"),
      .literal("AADSTS50072"),
      blame: nil,
      cause: "A policy demands a second factor that this login did not have.",
      fix: "Start a new interactive login without prompt=none; the policy stands under"
        + " Protection > Conditional Access.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-conditional-access", .entra, [.callback, .page, .token],
      .literal("AADSTS53003"),
      .literal("AADSTS50131"),
      .literal("AADSTS530035"),
      cause: "A Conditional Access policy or the security defaults forbid this login.",
      fix: "Monitoring & health > Sign-in logs > the attempt > Conditional Access names the"
        + " policy.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-device-not-compliant", .entra, [.callback, .page],
      .literal("AADSTS53000"),
      .literal("AADSTS53001"),
      cause: "A policy admits managed devices only.",
      fix: "Use a managed device, or exclude the app under Protection > Conditional Access.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-grant-revoked", .entra, [.token],
      .literal("AADSTS50173"),
      blame: .person,
      cause: "The grant was revoked, for instance by a new password.",
      fix: "Sign in again.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-tenant-restricted", .entra, [.page],
      .literal("AADSTS500021"),
      .literal("AADSTS500022"),
      .literal("AADSTS500212"),
      .literal("AADSTS500213"),
      cause: "A tenant restriction or a cross-tenant policy keeps this account out.",
      fix: "Let the administrators of both tenants look at External Identities > Cross-tenant"
        + " access settings.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
  ]
}
