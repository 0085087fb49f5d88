import OpenID

/// Claims about people, in ID tokens and userinfo, and members of an API's response.
extension Glossary {
  static let personClaims: [Group] = [
    Group(
      .core("5.1"),
      [
        "name": "the whole name, as it is displayed", "given_name": "first names",
        "family_name": "surnames", "middle_name": "middle names", "nickname": "a casual name",
        "preferred_username": "a name to call them by; not unique, never a key",
        "profile": "page about the person", "picture": "picture of the person",
        "website": "the person's own page",
        "email": "e-mail address; may change, so never a key",
        "email_verified": "whether the tenant made sure that the address is theirs",
        "gender": "gender", "birthdate": "birthday, YYYY-MM-DD; 0000 for an unsaid year",
        "zoneinfo": "time zone", "locale": "language and region",
        "phone_number": "telephone number",
        "phone_number_verified": "whether the tenant made sure that the number is theirs",
        "address": "postal address, in parts",
        "updated_at": "when the tenant last changed these data",
      ]),
    Group(
      Source.identityAssurance,
      ["verified_claims": "claims that were proved, and how"]),
  ]

  static let vendorClaims: [Group] = [
    Group(
      Source.auth0,
      [
        "org_id": "the organization in whose name the person signed in",
        "org_name": "the organization's name",
        "user_id": "the person's name in the tenant's store",
        "identities": "the accounts that are joined into this person",
      ]),
    Group(
      Source.entra,
      [
        "tid": "the tenant of the person",
        "oid": "the person in that tenant, the same for all applications",
        "ver": "version of the token's format",
        "upn": "sign-in name; may change, so never a key",
        "unique_name": "a name to show; never a key",
        "preferred_name": "a name to show; never a key",
        "appid": "the application that it was given to",
        "appidacr": "how the application authenticated",
        "idp": "who authenticated the person",
        "scp": "what it allows, in words",
        "roles": "roles that the person has in this application",
        "groups": "groups that the person belongs to",
        "hasgroups": "there are more groups than fit",
        "wids": "roles in the whole tenant",
        "ipaddr": "the address that the person signed in from",
        "aio": "Microsoft's own; to be ignored", "rh": "Microsoft's own; to be ignored",
        "uti": "names this one token", "xms_*": "Microsoft's own; to be ignored",
        "login_hint": "hint for the next login or logout",
        "tfp": "the policy of Azure AD B2C that ran",
      ]),
    Group(
      Source.keycloak,
      [
        "typ": "what it is: ID, Bearer or Refresh",
        "session_state": "names the session at the realm",
        "realm_access": "roles in the whole realm",
        "resource_access": "roles in single clients",
        "allowed-origins": "web origins of the client",
        "scope": "what was granted, in words",
      ]),
    Group(
      Source.okta,
      [
        "cid": "the application that it was given to", "uid": "the person's name in the store",
      ]),
    Group(Source.google, ["hd": "the Google Workspace domain of the account"]),
    Group(
      Source.apple,
      [
        "is_private_email": "whether the address is one that Apple forwards",
        "nonce_supported": "whether the device can send a nonce",
        "real_user_status": "whether this is probably a person",
      ]),
    Group(
      Source.cognito,
      [
        "token_use": "what it is: id or access", "event_id": "names the login",
        "origin_jti": "names the first token of this login",
        "cognito:*": "a claim of Amazon Cognito's own",
        "custom:*": "an attribute that the user pool defines itself",
      ]),
  ]

  static let apiMembers: [Group] = [
    Group(
      Source.demo,
      [
        "sub": "whose data these are: the person of the access token",
        "appointments": "what the calendar holds", "contacts": "the people one meets",
        "id": "names the entry", "title": "what it is about", "day": "on which day",
        "at": "at what time", "place": "where", "name": "who", "likes": "what they like",
      ]),
    Group(
      .rfc(6750, "3.1"),
      [
        "error": "a code that says why the API refuses",
        "error_description": "the reason in words for developers; text from outside",
      ]),
    Group(
      Source.custom,
      [
        "message": "the reason in words", "statusCode": "the HTTP status once more",
        "status": "the HTTP status once more", "errorCode": "the API's own code of the error",
      ]),
    Group(
      .rfc(9457, "3.1"),
      [
        "type": "names the kind of problem, as a URI",
        "detail": "what went wrong this time",
        "instance": "names this very problem, as a URI",
      ]),
  ]
}
