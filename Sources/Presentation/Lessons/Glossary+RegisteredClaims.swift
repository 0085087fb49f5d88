import OpenID

/// Claims of the registry of RFC 7519, section 10.1, that come with other specifications than
/// OpenID Connect Core.
extension Glossary {
  static let registeredClaims: [Group] = [
    Group(
      .rfc(7519, "4.1"),
      [
        "iss": "who issued it", "sub": "whom it is about", "aud": "whom it is for",
        "exp": "when it expires", "nbf": "not valid before this time", "iat": "when it was issued",
        "jti": "names this one token",
      ]),
    Group(
      .core("2"),
      [
        "auth_time": "when the person signed in", "nonce": "the random value of the request",
        "acr": "how strong the login was, as a class", "amr": "how the person proved themselves",
        "azp": "the client that it was issued to",
      ]),
    Group(
      .core("3.3.2.11"),
      [
        "at_hash": "left half of the access token's digest",
        "c_hash": "left half of the code's digest",
      ]),
    Group(Source.fapi, ["s_hash": "left half of the state's digest"]),
    Group(
      Source.openBankingUK,
      ["openbanking_intent_id": "the consent or payment that the person was asked about"]),
    Group(Source.frontChannelLogout, ["sid": "names the session at the tenant"]),
    Group(.core("7.4"), ["sub_jwk": "the key of a self-issued token"]),
    Group(.rfc(7800, "3.1"), ["cnf": "the key that belongs to its bearer"]),
    Group(
      .rfc(8693, "4"),
      [
        "act": "who acts in the person's place", "may_act": "who may act in the person's place",
        "scope": "what it allows, in words", "client_id": "the application that asked for it",
      ]),
    Group(
      .rfc(9068, "2.2.3.1"),
      [
        "roles": "roles that the person has", "groups": "groups that the person belongs to",
        "entitlements": "single rights that the person has",
      ]),
    Group(.rfc(9396, "9.1"), ["authorization_details": "rights in detail"]),
    Group(.rfc(9701, "5"), ["token_introspection": "what the server says of the token"]),
    Group(
      .rfc(8417, "2.2"),
      [
        "events": "what has happened, each event by its URI", "toe": "when it happened",
        "txn": "names the whole transaction",
      ]),
    Group(
      .rfc(8485, "3"),
      ["vot": "how far to trust the login, in parts", "vtm": "where those parts are explained"]),
    Group(
      Source.identityAssurance,
      [
        "place_of_birth": "where the person was born", "nationalities": "the person's countries",
        "birth_family_name": "surname at birth", "birth_given_name": "first names at birth",
        "birth_middle_name": "middle names at birth", "salutation": "Mr, Ms and the like",
        "title": "a title, such as that of a doctor", "msisdn": "telephone number, in digits only",
        "also_known_as": "a name of the stage or the order",
      ]),
    Group(
      .rfc(9901, "4"),
      [
        "_sd": "digests of claims that are kept back until they are shown",
        "_sd_alg": "how those digests were made",
        "sd_hash": "digest of what was shown together with this token",
      ]),
    Group(
      SpecReference("SD-JWT VC (draft)", "2"),
      [
        "vct": "the kind of credential", "vct#integrity": "digest of the description of that kind",
        "vc": "a verifiable credential", "vp": "a presentation of credentials",
      ]),
    Group(
      SpecReference("Token Status List (draft)", "5"),
      [
        "status": "where to see whether it has been revoked",
        "status_list": "which tokens have been revoked", "ttl": "seconds that it may be kept",
      ]),
    Group(
      Source.federationClaims,
      [
        "authority_hints": "who stands above it in the federation",
        "trust_anchor_hints": "whom it trusts at the top", "jwks": "its public keys",
        "metadata": "what it says of itself, by role",
        "metadata_policy": "rules for the metadata of those below",
        "metadata_policy_crit": "rules that nobody may pass over",
        "constraints": "limits for the chain of trust", "crit": "claims that nobody may pass over",
        "trust_marks": "seals that others gave it",
        "trust_mark_issuers": "who may give which seal",
        "trust_mark_owners": "whose seals they are",
        "trust_mark_type": "the kind of seal", "source_endpoint": "where this was fetched",
        "trust_chain": "the statements from it up to the top", "delegation": "the right to give it",
        "ref": "where more about it stands", "logo_uri": "its logo",
      ]),
    Group(
      .rfc(9449, "4.2"),
      [
        "htm": "the method of the request", "htu": "the address of the request",
        "ath": "the hash of the access token that goes with it",
      ]),
    Group(
      .rfc(9447, "4"),
      ["atc": "proof of the right to a telephone number or a name"]),
    Group(
      .rfc(8225, "5"),
      [
        "orig": "who calls, as a telephone number or URI", "dest": "who is called",
        "mky": "keys of the call's media",
      ]),
    Group(
      .rfc(8588, "4"),
      ["attest": "how sure the carrier is of the caller", "origid": "names the call's origin"]),
    Group(
      SpecReference("RFC 8055, RFC 8443, RFC 8946 and RFC 9027", ""),
      [
        "sip_*": "a field of a SIP request", "rph": "the priority of a call",
        "div": "from where a call was diverted", "opt": "the original passport of a call",
        "sph": "the priority of an emergency call",
      ]),
    Group(
      .rfc(9795, "5"),
      [
        "rcd": "name and picture of a caller", "rcdi": "digests of what they refer to",
        "crn": "why somebody calls",
      ]),
    Group(.rfc(9246, "2"), ["cdni*": "a rule for content behind a signed address"]),
    Group(
      .rfc(9711, "4"),
      [
        "ueid": "names the device, for life", "sueids": "names the device, for a while",
        "oemid": "who made the device", "hwmodel": "the model of the device",
        "hwversion": "the version of the device", "uptime": "seconds since it was started",
        "bootcount": "how often it was started", "bootseed": "names this start",
        "dbgstat": "whether it can be debugged", "oemboot": "whether it started what it should",
        "location": "where it is", "eat_profile": "the profile of the attestation",
        "submods": "its parts, each with its own claims", "dloas": "its certificates of security",
        "swname": "the name of its software", "swversion": "the version of its software",
        "manifests": "lists of its software", "measurements": "digests of its software",
        "measres": "whether those digests are right", "intuse": "what the attestation is for",
        "eat_nonce": "the random value of who asked",
      ]),
    Group(
      .rfc(9200, "5.10"),
      [
        "ace_profile": "how a small device is to be talked to", "cnonce": "the device's nonce",
        "exi": "seconds that it lives from when it is first seen",
      ]),
    Group(
      .rfc(9560, "3"),
      [
        "rdap_allowed_purposes": "what registration data may be used for",
        "rdap_dnt_allowed": "whether such queries are not logged",
      ]),
    Group(
      .rfc(7095, "3"), ["jcard": "a business card"]),
    Group(
      SpecReference("IANA registry of JSON Web Token claims", ""),
      ["geohash": "where it holds, as a hash"]),
    Group(
      .rfc(9321, "3"), ["sig_val_claims": "that a signature was looked at, and what came of it"]),
    Group(
      SpecReference("3GPP TS 29.510", "6.3.5"),
      [
        "consumer*": "the network that uses a function", "producer*": "the network that offers it",
        "sourceNfInstanceId": "the function that asks in another one's name",
        "nfInstanceId": "the network function that it is about",
        "analyticsIdList": "which analyses may be asked for",
        "resOwnerId": "whose data they are",
      ]),
    Group(Source.nativeSSO, ["ds_hash": "digest of the secret that a device keeps"]),
    Group(
      SpecReference("OpenID Connect CIBA Core 1.0", "10.3.1"),
      [
        "urn:openid:params:jwt:claim:rt_hash": "left half of the refresh token's digest",
        "urn:openid:params:jwt:claim:auth_req_id": "the request without a browser",
      ]),
  ]
}
