import OpenID

// The token request as the flow makes it, with a possible edit by the person.
extension ExchangeStages {
  /// Takes the person's edit; the request is written when it is sent.
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

  /// The request parameters, followed by those that authenticate the client.
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
      let verifier = requested.prepared.secrets.codeVerifier.reveal()
      // Written backwards it has the right form and another digest.
      let sent = configuration.triesWrongVerifier ? String(verifier.reversed()) : verifier
      fields.append(FormField("code_verifier", sent))
    }
    fields += [
      FormField(
        RequestDraft.methodName, requested.prepared.clientAuthentication.rawValue),
      FormField("client_id", configuration.clientID),
    ]
    if mistakes.contains(.leavesOutClientID) { fields.removeAll { $0.name == "client_id" } }
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

  /// The request for a draft: its credentials go where the authentication method needs them.
  static func request(_ draft: RequestDraft, _ trusted: Trusted) -> TokenRequest {
    draft.tokenRequest(draft.fields, otherwise: trusted.requested.prepared.clientAuthentication)
  }
}

extension RequestDraft {
  /// The token request for these parameters; the ``credentialNames`` go where the authentication
  /// method needs them.
  ///
  /// If the person removed the secret, the request is sent without client authentication.
  ///
  /// - Parameter method: The authentication method if the parameters do not name one.
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

  /// The token request for these parameters, as it would be sent now.
  public func message(of fields: [FormField]) -> HTTPRequest {
    tokenRequest(fields, otherwise: .none).httpRequest()
  }
}
