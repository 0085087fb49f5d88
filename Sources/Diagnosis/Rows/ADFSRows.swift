import OpenID

extension DiagnosisEngine {
  /// The error messages of AD FS.
  static let adfsRows: [DiagnosisRow] = [
    DiagnosisRow(
      "adfs-token-confidential", .adfs, [.page, .callback],
      .literal("does not support the response type 'token' for confidential clients"),
      .wording("does not support the response type"),
      cause: "AD FS gives no access token through the browser to a client that has a secret.",
      fix: "Ask for code id_token; the access token comes from the token endpoint.",
      source: .thread("jumbojett/OpenID-Connect-PHP#375"))
  ]
}
