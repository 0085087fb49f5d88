import OpenID

/// Claims of single products, in tokens and userinfo; the commonest stand in `vendorClaims`.
extension Glossary {
  static let productClaims: [Group] = [
    Group(
      Source.entra,
      [
        "acct": "0 for a member of the tenant, 1 for a guest",
        "acrs": "rules of Conditional Access that were met",
        "app_displayname": "the application's name", "apptype": "public or confidential client",
        "azpacr": "how the application authenticated", "capolids": "policies that applied",
        "ctry": "the person's country", "deviceid": "the device that signed in",
        "fwd": "address before a proxy",
        "idtyp": "app for a token without a person, user for one with",
        "in_corp": "whether the person sits in the organization's network",
        "onprem_sid": "the person in the directory on the premises",
        "onprem_sam_account_name": "the sign-in name on the premises",
        "platf": "the kind of device", "puid": "Microsoft's own number of the person",
        "pwd_exp": "seconds until the password expires", "pwd_url": "where it can be changed",
        "signin_state": "whether the device is known, or the login is kept",
        "tenant_ctry": "the tenant's country", "tenant_region_scope": "the tenant's region",
        "verified_primary_email": "the person's addresses in the tenant",
        "verified_secondary_email": "the person's further addresses",
        "vnet": "the network that the person sits in",
        "e_exp": "Microsoft's own; to be ignored",
        "extn.*": "an attribute that the tenant defines itself",
        "extension_*": "an attribute that the tenant defines itself",
        "jobTitle": "the person's job", "displayName": "the name to show",
        "businessPhones": "telephone numbers", "givenName": "first names", "surname": "surname",
        "userPrincipalName": "sign-in name; may change, so never a key",
      ]),
    Group(
      Source.b2c,
      [
        "emails": "the person's addresses", "newUser": "whether the account was made just now",
        "idp_access_token": "the token of the login behind the tenant; a secret",
        "trustFrameworkPolicy": "the policy that ran", "correlationId": "names this login",
        "isForgotPassword": "whether a new password is wanted", "city": "town",
        "postalCode": "postal code", "state": "state or province",
        "streetAddress": "street and house", "identityProvider": "who authenticated the person",
        "otherMails": "further addresses", "signInNames.*": "a name to sign in with",
        "objectId": "the person in the tenant", "authenticationSource": "where they signed in",
      ]),
    Group(
      Source.adfs,
      [
        "authmethod": "how the person signed in", "winaccountname": "the account of Windows",
        "primarysid": "the account's number in Windows", "group": "groups of the person",
        "groupsid": "their numbers in Windows", "role": "roles of the person",
        "commonname": "the person's name", "anchor": "a lasting key of the person",
        "mfa_auth_time": "when the second factor was given",
      ]),
    Group(
      Source.keycloak,
      [
        "trusted-certs": "certificates of the client", "organization": "the person's organization",
        "clientHost": "where the client called from", "clientAddress": "where it called from",
        "clientId": "the client itself", "authorization": "rights by User-Managed Access",
        "reuse_id": "counts the uses of a refresh token",
      ]),
    Group(
      Source.auth0,
      [
        "created_at": "when the account was made", "last_ip": "address of the last login",
        "last_login": "when the person signed in last", "logins_count": "how often so far",
        "user_metadata": "what the person may change", "app_metadata": "what only the tenant may",
        "multifactor": "second factors that are set up", "blocked": "whether they are locked out",
        "last_password_reset": "when the password was changed",
      ]),
    Group(
      Source.google,
      [
        "issued_to": "the client that it was given to", "verified_email": "whether it was checked",
        "audience": "whom it is for", "access_type": "offline if it can be renewed",
      ]),
    Group(Source.apple, ["transfer_sub": "the person at the team that the app went to"]),
    Group(
      Source.cognito,
      [
        "username": "the name to sign in with", "device_key": "the device that signed in",
        "version": "version of the token's format", "dateCreated": "when it was joined",
        "providerName": "who authenticated the person", "providerType": "by which protocol",
      ]),
    Group(
      Source.salesforce,
      [
        "organization_id": "the Salesforce organization", "photos": "pictures of the person",
        "urls": "addresses of its APIs", "active": "whether the account is",
        "user_type": "the kind of account", "language": "language of the pages",
        "utcOffset": "time zone, in milliseconds", "is_app_installed": "whether the app is there",
        "custom_attributes": "attributes of the app", "custom_permissions": "rights of the app",
        "mobile_phone": "mobile number", "mobile_phone_verified": "whether it was checked",
        "nick_name": "a casual name", "display_name": "the name to show",
        "timezone": "time zone", "addr_*": "a part of the postal address",
        "is_lightning_login_user": "whether they sign in without a password",
        "last_modified_date": "when the account was changed", "asserted_user": "whether it is sure",
        "sfdc_*": "Salesforce's own", "instance_url": "the host of its APIs",
      ]),
    Group(
      Source.gitlab,
      [
        "groups_direct": "groups without those above", "sub_legacy": "the person, by an older name",
        "namespace_*": "the group of a pipeline's project", "project_*": "a pipeline's project",
        "pipeline_*": "the pipeline", "job_*": "the job in a pipeline",
        "user_login": "who started it", "user_email": "their address",
        "user_access_level": "their role in the project", "user_identities": "their accounts",
        "ci_config_*": "the file that the pipeline was made from",
        "environment*": "the environment of the job", "deployment_*": "the deployment",
      ]),
    Group(
      Source.github,
      [
        "repository*": "the repository of a workflow", "workflow*": "the workflow",
        "job_workflow_*": "the workflow that is called", "run_*": "the run of a workflow",
        "actor*": "who started it", "event_name": "what started it",
        "head_ref": "the branch of a pull request", "base_ref": "where it shall go",
        "ref_*": "the branch or tag, in parts", "sha": "the commit",
        "runner_*": "the machine that runs it", "enterprise*": "the enterprise",
      ]),
    Group(
      Source.identityServer,
      [
        "client_*": "a claim of the client's own"
      ]),
    Group(
      Source.ping,
      [
        "pi.*": "PingFederate's own", "p1.*": "PingOne's own", "env": "the environment at PingOne",
        "org": "the organization at PingOne", "agid": "names the grant", "realm": "the realm",
        "tokenName": "which token it is", "auditTrackingId": "names this run in the log",
        "authGrantId": "names the grant", "cts": "the kind of token in the store",
        "subname": "the person, by their name", "auth_level": "how strong the login was",
        "grant_type": "the grant that it came from", "token_type": "how it is to be used",
        "expires_in": "seconds that it lives",
      ]),
    Group(
      Source.ory,
      ["rat": "when the login was asked for", "ext": "claims that the application's login added"]),
    Group(
      Source.wso2,
      [
        "aut": "APPLICATION or APPLICATION_USER: who asked", "binding_type": "what it is bound to",
        "binding_ref": "names what it is bound to", "isk": "names the session",
        "org_handle": "the organization's short name", "user_org": "the person's organization",
        "keytype": "PRODUCTION or SANDBOX", "subscribedAPIs": "APIs that the client may call",
        "tierInfo": "limits of those APIs", "application": "the application",
      ]),
    Group(Source.firebase, ["firebase": "how the person signed in, and to which project"]),
    Group(
      Source.loginGov,
      [
        "ial": "how sure the identity is", "aal": "how strong the login was",
        "all_emails": "every address of the person", "verified_at": "when they were checked",
        "social_security_number": "the social security number",
      ]),
    Group(
      Source.authentik, ["goauthentik.io/*": "authentik's own", "ak_proxy": "authentik's own"]),
    Group(
      Source.eduPerson,
      [
        "eduperson_*": "an attribute of universities", "eduPerson*": "an attribute of universities",
        "schac_*": "an attribute of universities", "voperson_*": "an attribute of universities",
        "ou": "the department", "edu_person_*": "an attribute of universities",
      ]),
    Group(
      Source.custom,
      [
        "kubernetes.io": "the account and pod in a cluster", "user_name": "sign-in name",
        "authorities": "rights, as Spring writes them", "permission": "rights, in words",
        "login": "sign-in name", "avatar_url": "picture of the person",
        "id": "the account's number",
        "first_name": "first names", "last_name": "surname", "phone": "telephone number",
        "company": "the person's company", "department": "the department", "lang": "language",
        "is_admin": "whether they may do everything", "preferred_language": "language",
        "cn": "the whole name, as LDAP has it", "mail": "e-mail address, as LDAP has it",
        "mobile": "mobile number", "country": "country", "realm_id": "the realm",
        "nationality": "the person's country",
      ]),
  ]
}
