#!/usr/bin/env python3
"""Makes tokens of every kind with joserfc and jwcrypto, for Tests/Fixtures/jwt. See ../README.md.

    make.py FOLDER

Names, hosts and keys are made up; the claims are those that the providers' documentation shows.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from joserfc import jwe as joserfc_jwe
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from jwcrypto import jwe as jwcrypto_jwe
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

NOW = 1_790_000_000
HOUR = 3600
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed-1", "use": "sig"})
CLIENT = ECKey.generate_key("P-256", {"kid": "client-1", "use": "sig"})
SECRET = OctKey.import_key("made-up-secret-of-a-client-0123456789abcdef")
FOR_RSA = RSAKey.generate_key(2048, {"kid": "enc-rsa", "use": "enc"})
FOR_EC = ECKey.generate_key("P-256", {"kid": "enc-ec", "use": "enc"})
DIRECT = OctKey.generate_key(256, {"kid": "enc-dir"})
CODE, ACCESS, STATE = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf", "made-up-access-token", "af0ifjsldkj"
ALGORITHMS = [
    "RS256", "PS256", "ES256", "EdDSA", "Ed25519", "HS256", "RSA-OAEP", "RSA-OAEP-256",
    "ECDH-ES", "dir", "A128CBC-HS256", "A256GCM"]


def half(text):
    return base64.urlsafe_b64encode(
        hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def sign(claims, key=RSA, alg="RS256", **header):
    """A compact JWT by joserfc."""
    top = {"alg": alg, "typ": "JWT", "kid": key.kid, **header}
    top = {name: value for name, value in top.items() if value is not None}
    registry = joserfc_jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    return joserfc_jwt.encode(top, claims, key, registry=registry)


def sign2(claims, key=RSA, alg="RS256", **header):
    """The same by jwcrypto."""
    token = jwcrypto_jws.JWS(json.dumps(claims).encode())
    top = {"alg": alg, "kid": key.kid, **header}
    token.add_signature(
        jwcrypto_jwk.JWK(**key.as_dict(private=True)), None, json.dumps(top), None)
    return token.serialize(compact=True)


def user(**more):
    return {"iss": "https://op.example.com", "sub": "248289761001", "aud": "web",
            "iat": NOW, "exp": NOW + HOUR, **more}


def entra(version, **more):
    issuer = {"1.0": "https://sts.windows.net/3f0c0e0e-1d2a-4c6e-9b59-6c7a2c1a4b11/",
              "2.0": "https://login.microsoftonline.com/3f0c0e0e-1d2a-4c6e-9b59-6c7a2c1a4b11/v2.0"}
    return {"iss": issuer[version], "iat": NOW, "nbf": NOW, "exp": NOW + HOUR, "aio": "AVQAq/8T",
            "oid": "11c0a0a4-3b2c-44b2-a1a2-0a8b4f0f6b01", "rh": "0.AXoA", "scp": "access_as_user",
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "uti": "fqiBqXLPj0eQa82S-IYFAA",
            "tid": "3f0c0e0e-1d2a-4c6e-9b59-6c7a2c1a4b11", "ver": version, **more}


def encrypted(payload, alg, enc, key, **header):
    """A compact JWE by joserfc."""
    return joserfc_jwe.encrypt_compact(
        {"alg": alg, "enc": enc, "kid": key.kid, **header}, payload, key,
        algorithms=ALGORITHMS)


def encrypted2(payload, alg, enc, key, **header):
    """The same by jwcrypto."""
    public = jwcrypto_jwk.JWK(**key.as_dict(private=False))
    token = jwcrypto_jwe.JWE(
        payload.encode(), json.dumps({"alg": alg, "enc": enc, "kid": key.kid, **header}),
        recipient=public)
    return token.serialize(compact=True)


def json_serialized(claims, flattened):
    token = jwcrypto_jws.JWS(json.dumps(claims).encode())
    for key, alg in ((RSA, "RS256"), (EC, "ES256"))[: 1 if flattened else 2]:
        token.add_signature(jwcrypto_jwk.JWK(**key.as_dict(private=True)), None,
                            json.dumps({"alg": alg}), json.dumps({"kid": key.kid}))
    return token.serialize(compact=False)


def sd_jwt():
    """RFC 9901: the issuer's JWT, two disclosures, and no key binding."""
    disclosures = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode()
                   for one in (["salt-one-0123456789", "given_name", "Ada"],
                               ["salt-two-0123456789", "email", "ada@example.com"])]
    digests = [base64.urlsafe_b64encode(
        hashlib.sha256(one.encode()).digest()).rstrip(b"=").decode() for one in disclosures]
    token = sign2({"iss": "https://issuer.example.com", "iat": NOW, "exp": NOW + HOUR,
                   "vct": "https://credentials.example.com/identity", "_sd": digests,
                   "_sd_alg": "sha-256", "cnf": {"jwk": CLIENT.as_dict(private=False)}},
                  EC, "ES256", typ="dc+sd-jwt")
    return "~".join([token, *disclosures, ""])


def kinds():
    """Each token: its file, the kind, who signs, and the key that verifies it (or none)."""
    at = "https://api.example.com"
    assertion = {"iss": "web", "sub": "web", "aud": "https://op.example.com/token",
                 "jti": "bd5a2c11", "iat": NOW, "exp": NOW + 60}
    yield "id-token-front", "id_token", sign(user(
        nonce="n-0S6_WzA2Mj", c_hash=half(CODE), at_hash=half(ACCESS), s_hash=half(STATE)))
    yield "id-token-back", "id_token", sign2(user(nonce="n-0S6_WzA2Mj", auth_time=NOW - 30), typ="JWT")
    yield "id-token-google", "id_token", sign2(
        {"iss": "https://accounts.google.com", "azp": "1.apps.googleusercontent.com",
         "aud": "1.apps.googleusercontent.com", "sub": "10769150350006150715113082367",
         "hd": "example.com", "email": "ada@example.com", "email_verified": True,
         "at_hash": half(ACCESS), "nonce": "n-1", "iat": NOW, "exp": NOW + HOUR}, typ="JWT")
    yield "id-token-hs256", "id_token", sign(
        user(nonce="n-0S6_WzA2Mj"), SECRET, "HS256", kid=None)
    yield "id-token-eddsa", "id_token", sign(user(nonce="n-2"), ED, "EdDSA")
    yield "access-rfc9068", "access_token", sign(
        {"iss": "https://op.example.com", "sub": "5ba552d67", "aud": at, "exp": NOW + HOUR,
         "iat": NOW, "jti": "dbe39bf3a3ba4238a513f51d6e1691c4", "client_id": "s6BhdRkqt3",
         "scope": "openid profile read", "auth_time": NOW - 60, "acr": "1"}, typ="at+jwt")
    yield "access-entra-v1", "access_token", sign(
        entra("1.0", aud="api://web-api", appid="6e74172b-be56-4843-9ff4-e66a39bb12e3",
              appidacr="1", ipaddr="203.0.113.9", name="Ada", unique_name="ada@example.com",
              upn="ada@example.com", amr=["pwd"], acr="1"), x5t="hS5iVu3tbuTPrGxIVGa_yb0HXk4")
    yield "access-entra-v2", "access_token", sign(
        entra("2.0", aud="6e74172b-be56-4843-9ff4-e66a39bb12e3", azpacr="1", name="Ada",
              azp="0a0b0c0d-be56-4843-9ff4-e66a39bb12e3", preferred_username="ada@example.com"))
    yield "access-entra-app-only", "access_token", sign(
        {name: value for name, value in entra(
            "2.0", aud="6e74172b-be56-4843-9ff4-e66a39bb12e3", azpacr="2", idtyp="app",
            azp="0a0b0c0d-be56-4843-9ff4-e66a39bb12e3", roles=["Reports.Read"]).items()
         if name != "scp"})
    yield "access-entra-graph", "access_token", sign(
        entra("1.0", aud="00000003-0000-0000-c000-000000000000", app_displayname="Web",
              appid="6e74172b-be56-4843-9ff4-e66a39bb12e3", appidacr="1", xms_tcdt=1_500_000_000),
        nonce="Jqz2ZkVxUFvWm0F3T1g", x5t="hS5iVu3tbuTPrGxIVGa_yb0HXk4")
    yield "access-okta", "access_token", sign(
        {"ver": 1, "jti": "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE", "iss":
         "https://org.okta.com/oauth2/default", "aud": "api://default", "iat": NOW,
         "exp": NOW + HOUR, "cid": "0oa7", "uid": "00ujmkLgagxeRrAg20g3", "sub": "ada@example.com",
         "scp": ["openid", "email"], "auth_time": NOW - 9}, typ=None)
    yield "access-auth0", "access_token", sign2(
        {"iss": "https://t.eu.auth0.com/", "sub": "auth0|123", "iat": NOW, "exp": NOW + 86400,
         "aud": [at, "https://t.eu.auth0.com/userinfo"], "azp": "client", "scope":
         "openid profile", "permissions": ["read:all"]}, typ="JWT")
    yield "access-auth0-m2m", "access_token", sign(
        {"iss": "https://t.eu.auth0.com/", "sub": "client@clients", "aud": at, "iat": NOW,
         "exp": NOW + 86400, "azp": "client", "gty": "client-credentials"})
    yield "access-cognito", "access_token", sign(
        {"sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["admin"], "iss":
         "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example", "version": 2,
         "client_id": "xxxx", "token_use": "access", "scope": "openid", "auth_time": NOW,
         "event_id": "b1", "exp": NOW + HOUR, "iat": NOW, "jti": "j", "username": "ada"}, typ=None)
    yield "id-token-cognito", "id_token", sign(
        {"sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "aud": "xxxx", "token_use": "id", "iss":
         "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example", "auth_time": NOW,
         "cognito:username": "ada", "exp": NOW + HOUR, "iat": NOW, "origin_jti": "o"}, typ=None)
    keycloak = {"exp": NOW + 300, "iat": NOW, "jti": "onrtac:8f7c", "iss":
                "https://kc.example.com/realms/demo", "sub": "f:1", "sid": "7e", "azp": "web"}
    yield "access-keycloak", "access_token", sign(
        {**keycloak, "aud": "account", "typ": "Bearer", "acr": "1", "allowed-origins": ["*"],
         "realm_access": {"roles": ["user"]}, "resource_access": {}, "scope": "openid"})
    yield "refresh-keycloak", "refresh_token", sign(
        {**keycloak, "aud": "https://kc.example.com/realms/demo", "typ": "Refresh", "scope":
         "openid"}, SECRET, "HS256", kid="b6d2")
    yield "id-token-keycloak", "id_token", sign(
        {**keycloak, "aud": "web", "typ": "ID", "nonce": "n", "at_hash": half(ACCESS), "acr": "1"})
    yield "logout-token", "logout_token", sign(
        {"iss": "https://op.example.com", "sub": "248289761001", "aud": "web", "iat": NOW,
         "exp": NOW + 120, "jti": "bWJq", "sid": "08a5019c",
         "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}, typ="logout+jwt")
    yield "logout-token-without-typ", "logout_token", sign2(
        {"iss": "https://op.example.com", "aud": "web", "iat": NOW, "jti": "bWJq", "sid": "08",
         "events": {"http://schemas.openid.net/event/backchannel-logout": {}}})
    yield "client-assertion", "client_assertion", sign(assertion, CLIENT, "ES256")
    yield "client-assertion-secret", "client_assertion", sign(assertion, SECRET, "HS256", kid=None)
    yield "client-assertion-entra", "client_assertion", sign2(
        {**assertion, "aud": "https://login.microsoftonline.com/3f0c/oauth2/v2.0/token",
         "nbf": NOW, "iss": "6e74172b-be56-4843-9ff4-e66a39bb12e3",
         "sub": "6e74172b-be56-4843-9ff4-e66a39bb12e3"}, RSA, "PS256", typ="JWT",
        **{"x5t#S256": "A7pcNPzZmM5B0jVGM1ZnEQ0bQ2rWcJwRvQp1b5K7m9o"})
    yield "client-secret-apple", "client_assertion", sign(
        {"iss": "DEF123GHIJ", "iat": NOW, "exp": NOW + 86400 * 180, "aud":
         "https://appleid.apple.com", "sub": "com.mytest.app"}, CLIENT, "ES256", typ=None)
    yield "request-object", "request", sign(
        {"iss": "web", "aud": "https://op.example.com", "response_type": "code id_token",
         "client_id": "web", "redirect_uri": "https://app.example.com/cb", "scope": "openid",
         "state": STATE, "nonce": "n", "nbf": NOW, "exp": NOW + 300}, CLIENT, "ES256",
        typ="oauth-authz-req+jwt")
    yield "request-object-without-typ", "request", sign2(
        {"iss": "web", "aud": "https://op.example.com", "response_type": "code id_token",
         "client_id": "web", "redirect_uri": "https://app.example.com/cb", "scope": "openid",
         "nonce": "n", "claims": {"id_token": {"acr": {"essential": True}}}}, CLIENT, "ES256")
    yield "jarm", "response", sign(
        {"iss": "https://op.example.com", "aud": "web", "exp": NOW + 600, "code": CODE,
         "state": STATE}, typ=None)
    yield "jarm-error", "response", sign(
        {"iss": "https://op.example.com", "aud": "web", "exp": NOW + 600,
         "error": "access_denied", "state": STATE}, typ=None)
    yield "dpop", "dpop_proof", sign(
        {"jti": "-BwC3ESc6acc2lTc", "htm": "POST", "htu": "https://op.example.com/token",
         "iat": NOW}, CLIENT, "ES256", typ="dpop+jwt", kid=None, jwk=CLIENT.as_dict(
            private=False))
    yield "dpop-ath", "dpop_proof", sign2(
        {"jti": "e1j3V", "htm": "GET", "htu": at, "iat": NOW, "nonce": "eyJ7S", "ath":
         base64.urlsafe_b64encode(hashlib.sha256(ACCESS.encode()).digest()).rstrip(b"=").decode()},
        CLIENT, "ES256", typ="dpop+jwt", jwk={
            name: value for name, value in CLIENT.as_dict(private=False).items()
            if name in ("kty", "crv", "x", "y")})
    yield "userinfo", "userinfo", sign(
        {"iss": "https://op.example.com", "aud": "web", "sub": "248289761001", "name": "Ada",
         "email": "ada@example.com", "email_verified": True}, typ=None)
    yield "userinfo-without-iss", "userinfo", sign2({"sub": "248289761001", "name": "Ada"})
    yield "introspection", "introspection", sign(
        {"iss": "https://op.example.com", "aud": "https://rs.example.com", "iat": NOW,
         "token_introspection": {"active": True, "sub": "Z5O3upPC88QrAjx00dis", "scope": "read",
                                 "client_id": "s6"}}, typ="token-introspection+jwt")
    yield "sd-jwt", "sd_jwt", sd_jwt()
    yield "software-statement", "software_statement", sign(
        {"software_id": "4NRB1-0XZABZI9E6-5SM3R", "client_name": "Example client",
         "client_uri": "https://client.example.net/", "iss": "https://directory.example.com",
         "iat": NOW, "redirect_uris": ["https://client.example.net/cb"]}, typ=None)
    yield "entity-statement", "entity_statement", sign(
        {"iss": "https://op.example.com", "sub": "https://op.example.com", "iat": NOW,
         "exp": NOW + 86400, "jwks": {"keys": [EC.as_dict(private=False)]},
         "authority_hints": ["https://ta.example.com"],
         "metadata": {"openid_provider": {"issuer": "https://op.example.com"}}},
        EC, "ES256", typ="entity-statement+jwt")
    yield "signed-metadata", "signed_metadata", sign(
        {"iss": "https://op.example.com", "issuer": "https://op.example.com",
         "authorization_endpoint": "https://op.example.com/authorize", "jwks_uri":
         "https://op.example.com/jwks", "response_types_supported": ["code", "code id_token"]},
        typ=None)
    yield "security-event", "security_event", sign(
        {"iss": "https://op.example.com", "aud": "web", "iat": NOW, "jti": "756E69717565",
         "sub_id": {"format": "iss_sub", "iss": "https://op.example.com", "sub": "1"},
         "events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked":
                    {"event_timestamp": NOW}}}, typ="secevent+jwt")
    yield "unsecured", "id_token", unsecured(user(nonce="n-0S6_WzA2Mj"))
    yield "id-token-flattened", "id_token", json_serialized(user(nonce="n-3"), True)
    yield "id-token-general", "id_token", json_serialized(user(nonce="n-3"), False)
    inner = sign(user(nonce="n-0S6_WzA2Mj", c_hash=half(CODE)))
    yield "nested-rsa-oaep", "encrypted", encrypted(
        inner, "RSA-OAEP", "A256GCM", FOR_RSA, cty="JWT")
    yield "nested-ecdh-es", "encrypted", encrypted2(
        inner, "ECDH-ES", "A128CBC-HS256", FOR_EC, cty="JWT")
    yield "nested-dir", "encrypted", encrypted(inner, "dir", "A256GCM", DIRECT, cty="JWT")
    yield "encrypted-rsa-oaep-256", "encrypted", encrypted2(
        json.dumps(user(nonce="n")), "RSA-OAEP-256", "A128CBC-HS256", FOR_RSA)
    yield "encrypted-json", "encrypted", encrypted_json(inner)


def encrypted_json(payload):
    """A JWE in JSON serialization, for two receivers."""
    token = jwcrypto_jwe.JWE(payload.encode(), json.dumps({"enc": "A256GCM", "cty": "JWT"}))
    for key, alg in ((FOR_RSA, "RSA-OAEP"), (FOR_EC, "ECDH-ES+A256KW")):
        token.add_recipient(jwcrypto_jwk.JWK(**key.as_dict(private=False)),
                            json.dumps({"alg": alg, "kid": key.kid}))
    return token.serialize(compact=False)


def unsecured(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    return f"{part({'alg': 'none'})}.{part(claims)}."


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for name, kind, text in kinds():
        (folder / f"{name}.txt").write_text(text + "\n")
        index.append({"name": name, "kind": kind})
    (folder / "kinds.json").write_text(json.dumps(index, indent=1) + "\n")
    public = [key.as_dict(private=False) for key in (RSA, EC, ED, CLIENT)]
    (folder / "keys.json").write_text(json.dumps({"keys": public}, indent=1) + "\n")
    # Made for these files alone; they open the encrypted ones.
    private = [key.as_dict(private=True) for key in (FOR_RSA, FOR_EC, DIRECT)]
    (folder / "decryption-keys.json").write_text(json.dumps({"keys": private}, indent=1) + "\n")


if __name__ == "__main__":
    main()
