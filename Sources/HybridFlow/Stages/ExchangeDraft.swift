import OpenID

// The token request as the flow makes it, and as a person may have changed it.
extension ExchangeStages {
  /// Takes what a person changed; the request is written when it is sent.
  static func change(
    _ trusted: Trusted, _ edit: RequestEdit, _ step: inout FlowStep
  ) -> FlowMachine.State {
    var trusted = trusted
    trusted.edit = edit
    let draft = draft(trusted)
    step.transcript[.exchange].draft = draft
    step.noteEdit(.exchange, draft, edit)
    return .trusted(trusted)
  }

  /// The request with the parameters that prove who the client is behind its own.
  ///
  /// OpenID Connect Core 1.0, section 3.1.3.1.
  static func draft(_ trusted: Trusted) -> RequestDraft {
    let requested = trusted.requested
    let configuration = trusted.configuration
    let mistakes = configuration.experiment.mistakes
    var fields = [
      FormField("grant_type", "authorization_code"), FormField("code", trusted.code),
    ]
    // RFC 6749, section 4.1.3: required where the authorization request had one.
    if let asked = requested.sent("redirect_uri") {
      let slash = mistakes.contains(.changesRedirectURI) ? "/" : ""
      fields.append(FormField("redirect_uri", asked + slash))
    }
    if requested.usesPKCE {
      fields.append(
        FormField("code_verifier", requested.prepared.secrets.codeVerifier.reveal()))
    }
    fields += [
      FormField(
        RequestDraft.methodName, requested.prepared.clientAuthentication.rawValue),
      FormField("client_id", configuration.clientID),
    ]
    if let secret = configuration.clientSecret {
      fields.append(FormField("client_secret", secret.reveal()))
    }
    var endpoint = requested.prepared.tokenEndpoint
    if mistakes.contains(.mixesEndpoints),
      let other = try? endpoint.resolving("/another-issuer/oauth/token")
    {
      endpoint = other
    }
    return RequestDraft(
      kind: .token, endpoint: endpoint, made: fields,
      redirectURI: requested.sent("redirect_uri") ?? "", challenge: [],
      isWrapped: false, edit: trusted.edit)
  }

  /// The request that a draft stands for: its credentials go where the method wants them.
  static func request(_ draft: RequestDraft, _ trusted: Trusted) -> TokenRequest {
    draft.tokenRequest(draft.fields, otherwise: trusted.requested.prepared.clientAuthentication)
  }
}

extension RequestDraft {
  /// The token request of these parameters, of which the ``credentialNames`` go where the method
  /// wants them.
  ///
  /// A client without a secret has nothing to prove who it is with.
  ///
  /// - Parameter method: How the client proves who it is where the parameters do not say.
  func tokenRequest(
    _ fields: [FormField], otherwise method: ClientAuthenticationMethod
  ) -> TokenRequest {
    let chosen = fields[Self.methodName].flatMap(ClientAuthenticationMethod.init) ?? method
    let secret = fields["client_secret"]
    let needsSecret = chosen == .basic || chosen == .post
    let wasSecret = made["client_secret"] != nil
    return TokenRequest(
      endpoint: endpoint, fields: fields.filter { !Self.credentialNames.contains($0.name) },
      method: needsSecret && secret == nil && wasSecret ? .none : chosen,
      clientID: fields["client_id"] ?? "", clientSecret: secret.map { Secret($0) })
  }

  /// The token request of these parameters, as it would go over the wire now.
  public func message(of fields: [FormField]) -> HTTPRequest {
    tokenRequest(fields, otherwise: .none).httpRequest()
  }
}
