"""The checks of a relying party, one function each, in one table: NAMES lists them.

A check returns nothing, or says what is wrong; then the login is refused. Those of an ID token are
made for the one of the browser before the code is sent, and for the one of the token endpoint under
the same name with second_ before it; second_sub compares the two as well. Rules: OpenID Connect
Core 1.0, 3.1.3.7 and 3.3.2; RFC 6749; RFC 7515; RFC 9207; Form Post Response Mode.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

SKEW = 60  # seconds by which clocks may differ
OLDEST = 600  # seconds after which an ID token was hardly made for this login
ACR = "two-factors"
YEAR = 366 * 86400


class Refused(Exception):
    """The login is refused."""


def decoded(text):
    """base64url, with or without padding."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


class Token:
    """A JWT as a careless program reads it: whatever can be read of it."""

    def __init__(self, text):
        self.text = text
        parts = (text.split(".") + ["", "", ""])[:3]
        self.signed = ".".join(parts[:2]).encode()
        self.header, self.claims = self.part(parts[0]), self.part(parts[1])
        try:
            self.signature = decoded(parts[2])
        except ValueError:
            self.signature = b""

    @staticmethod
    def part(text):
        try:
            value = json.loads(decoded(text))
            return value if isinstance(value, dict) else {}
        except ValueError:
            return {}

    def number(self, name):
        value = self.claims.get(name)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


TABLE = []  # (when, name, function)


def check(when):
    """Puts a function into the table, under its own name."""

    def put(function):
        TABLE.append((when, function.__name__, function))
        return function

    return put


def run(when, wanted, answer):
    """Makes the wanted checks of one moment."""
    for moment, name, function in TABLE:
        if moment == when and name in wanted:
            complain(name, function(answer))


def run_token(when, wanted, answer, token, before):
    """Makes the wanted checks of an ID token."""
    for moment, name, function in TABLE:
        if moment == when and before + name in wanted:
            complain(before + name, function(answer, token))


def complain(name, what):
    if what:
        raise Refused(f"{name}: {what}")


def chosen(text, fail):
    """The names of a list with commas."""
    if text == "all":
        return set(NAMES)
    names = {name for name in text.split(",") if name}
    if names - set(NAMES):
        fail(f"no such check: {', '.join(sorted(names - set(NAMES)))}")
    return names


# The metadata, before the browser leaves


@check("metadata")
def metadata_issuer(c):
    if c.metadata.get("issuer") != c.options.issuer:
        return "the metadata are those of another issuer"


@check("metadata")
def metadata_endpoints(c):
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        safe = r"(https://|http://(localhost|127\.0\.0\.1)[:/])[^\s#\"`|]*"
        if not re.fullmatch(safe, str(c.metadata.get(name, "https://none/"))):
            return f"{name} is no address to be trusted"
        host, own = (urlsplit(url).hostname for url in (c.metadata.get(name, ""), c.options.issuer))
        if re.fullmatch(r"[0-9.]+|.*:.*", host or "") and host != own:
            return f"{name} is an address inside a network"


# The answer through the browser


@check("answer")
def method(c):
    if c.method != "POST":
        return "the answer did not come by POST"


@check("answer")
def content_type(c):
    if c.method == "POST" and c.kind != "application/x-www-form-urlencoded":
        return "the answer is no form"


@check("answer")
def encoding(c):
    if re.search(r"%(?![0-9A-Fa-f]{2})", c.text):
        return "a percent sign encodes nothing"


@check("answer")
def duplicates(c):
    names = [name for name, _ in c.pairs]
    if len(names) != len(set(names)):
        return "a parameter came twice"


@check("answer")
def credentials(c):
    if {"password", "username"} & set(c.fields):
        return "the browser brought what was typed into the provider's login form"


@check("answer")
def cookie(c):
    if c.cookies != 1:
        return f"{c.cookies} session cookies came"


@check("answer")
def private_keys(c):
    if any({"d", "p", "q", "k"} & set(key) for key in c.keys()):
        return "the provider publishes what only it may know"


@check("answer")
def state(c):
    if not c.login or c.fields.get("state") != c.login.state:
        return "the state is not the one of this browser's login"


@check("answer")
def single_use(c):
    if c.login and c.login.used:
        return "this login was answered before"


@check("answer")
def response_iss(c):
    if c.metadata.get("authorization_response_iss_parameter_supported") is not True:
        return None
    if c.fields.get("iss") != c.options.issuer:
        return "the answer is not from the provider that was asked"


@check("answer")
def error(c):
    if "error" in c.fields:
        return c.fields["error"] or "the provider answered with an error"


@check("answer")
def response_type(c):
    for name in ("code", "id_token", "access_token"):
        promised = name.replace("access_", "") in c.options.response_type.split(" ")
        if (name in c.fields) != promised and "error" not in c.fields:
            return f"{name} {'is missing' if promised else 'was not asked for'}"


@check("answer")
def refresh_token(c):
    if "refresh_token" in c.fields:
        return "a refresh token came through the browser"


@check("answer")
def token_type(c):
    if "access_token" in c.fields and c.fields.get("token_type", "").lower() != "bearer":
        return "the access token is not said to be a bearer token"


@check("answer")
def expires_in(c):
    text = c.fields.get("expires_in", "1")
    if not text.isdigit() or not 0 < int(text[:20]) < YEAR:
        return "the lifetime of the access token makes no sense"


# An ID token: as a text, and as it was read


def strict(text):
    """A JSON object in which no name stands twice."""

    def once(pairs):
        if len(pairs) != len(dict(pairs)):
            raise ValueError("a name stands twice")
        return dict(pairs)

    value = json.loads(text, object_pairs_hook=once)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


@check("text")
def structure(c, text):
    parts = text.split(".")
    if len(parts) != 3 or not re.fullmatch(r"[A-Za-z0-9_.-]+", text):
        return "not three segments of base64url"
    try:
        header, _ = strict(decoded(parts[0])), strict(decoded(parts[1]))
    except ValueError as problem:
        return f"not read: {problem}"
    if not isinstance(header.get("kid", ""), str):
        return "the key name is no text"


@check("token")
def alg(c, token):
    if token.header.get("alg") != "RS256":
        return "it is not signed with RS256"


@check("token")
def listed_alg(c, token):
    listed = c.metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    if token.header.get("alg") not in listed:
        return "the provider does not list its algorithm"


@check("token")
def crit(c, token):
    if "crit" in token.header:
        return "the header demands an extension that nobody knows here"


@check("token")
def remote_key(c, token):
    name = str(token.header.get("kid", ""))
    if {"jwk", "jku", "x5u", "x5c"} & set(token.header) or re.search(r"[/\\{]", name):
        return "the header brings its own key"


@check("token")
def typ(c, token):
    if str(token.header.get("typ", "")).lower() in ("at+jwt", "logout+jwt", "dpop+jwt"):
        return "it is no ID token, by its type"


@check("token")
def header_claims(c, token):
    for name in ("iss", "sub", "aud"):
        if name in token.header and token.header[name] != token.claims.get(name):
            return f"header and claims have different values of {name}"


@check("token")
def kid(c, token):
    keys = candidates(c, token)
    if len(keys) != 1:
        return f"{len(keys)} keys of the provider fit its name"


@check("token")
def signature(c, token):
    """With every algorithm that the header can name: which of them is right says alg."""
    name = str(token.header.get("alg"))
    if name.lower() == "none":
        return None
    brought = token.header.get("jwk")
    keys = [brought] if isinstance(brought, dict) else candidates(c, token)
    if not any(fits(key, name, token) for key in keys):
        return "no key of the provider fits"


def candidates(c, token):
    """The keys that the header can mean; they are fetched once more for an unknown name."""
    for fresh in (False, True):
        keys = [key for key in c.keys(fresh) if key.get("use", "sig") == "sig"]
        keys = [key for key in keys if key.get("kty") in ("RSA", "EC")]
        named = [key for key in keys if key.get("kid") == token.header.get("kid")]
        if "kid" not in token.header:
            return keys
        if named:
            return named
    return []


def fits(key, name, token):
    """Whether the signature is good under this key with this algorithm."""
    size = name[2:]
    if size not in ("256", "384", "512"):
        return False
    digest = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[size]()
    if name.startswith("HS"):
        # The mistake itself: what is public is taken for the shared secret.
        secret = json.dumps(key, separators=(",", ":")).encode()
        made = hmac.new(secret, token.signed, "sha" + size).digest()
        return hmac.compare_digest(made, token.signature)
    try:
        if name.startswith("ES") and key.get("kty") == "EC":
            curve = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}
            x, y = (number(key[axis]) for axis in "xy")
            half = len(token.signature) // 2
            r, s = (int.from_bytes(part, "big")
                    for part in (token.signature[:half], token.signature[half:]))
            public = ec.EllipticCurvePublicNumbers(x, y, curve[key["crv"]]()).public_key()
            public.verify(utils.encode_dss_signature(r, s), token.signed, ec.ECDSA(digest))
            return True
        if key.get("kty") != "RSA":
            return False
        public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
        if public.key_size < 2048:
            return False
        scheme = padding.PKCS1v15() if name.startswith("RS") else padding.PSS(
            padding.MGF1(digest), digest.digest_size)
        public.verify(token.signature, token.signed, scheme, digest)
        return True
    except (InvalidSignature, KeyError, ValueError):
        return False


def number(text):
    return int.from_bytes(decoded(text), "big")


@check("token")
def iss(c, token):
    if token.claims.get("iss") != c.options.issuer:
        return "it is not from the provider that was asked"


@check("token")
def sub(c, token):
    value = token.claims.get("sub")
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        return "it does not say who signed in"
    if token is c.second and c.first and value != c.first.claims.get("sub"):
        return "the two ID tokens are about different people"


def audience(token):
    value = token.claims.get("aud")
    return value if isinstance(value, list) else [value]


@check("token")
def aud(c, token):
    if c.options.client_id not in audience(token):
        return "it was made for another application"


@check("token")
def aud_extra(c, token):
    if set(map(str, audience(token))) - {c.options.client_id}:
        return "it was made for others as well"


@check("token")
def azp(c, token):
    if token.claims.get("azp", c.options.client_id) != c.options.client_id:
        return "it was issued to another application"


@check("token")
def exp(c, token):
    value = token.number("exp")
    if value is None or value + SKEW <= time.time():
        return "it is over, or does not say when"


@check("token")
def lifetime(c, token):
    if (token.number("exp") or 0) > time.time() + YEAR:
        return "it lives for years"


@check("token")
def iat(c, token):
    value = token.number("iat")
    if value is None or not time.time() - OLDEST <= value <= time.time() + SKEW:
        return "it was not made just now"


@check("token")
def nbf(c, token):
    if "nbf" in token.claims and (token.number("nbf") or YEAR * 9999) > time.time() + SKEW:
        return "it is not valid yet"


@check("token")
def nonce(c, token):
    if not c.login or token.claims.get("nonce") != c.login.nonce:
        return "the nonce is not the one of this login"


@check("token")
def auth_time(c, token):
    value = token.number("auth_time")
    if value is None or value < time.time() - 300 - SKEW:
        return "the person signed in too long ago"


@check("token")
def fresh_login(c, token):
    if not c.login or (token.number("auth_time") or 0) < c.login.began - SKEW:
        return "the person did not sign in anew"


@check("token")
def acr(c, token):
    """A provider may leave the claim out; one that names another did not do what was asked."""
    if token.claims.get("acr", ACR) != ACR:
        return "the login is weaker than what was asked for"


@check("token")
def booleans(c, token):
    for name in ("email_verified", "phone_number_verified"):
        if not isinstance(token.claims.get(name, False), bool):
            return f"{name} is neither true nor false"


def half_hash(token, text):
    """The left half of the digest (Core 3.3.2.11)."""
    size = str(token.header.get("alg"))[2:]
    digest = hashlib.new("sha" + (size if size in ("256", "384", "512") else "256"), text.encode())
    half = digest.digest()[: digest.digest_size // 2]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def hashed(token, name, text, required):
    if name not in token.claims and not required:
        return None
    if not isinstance(text, str) or token.claims.get(name) != half_hash(token, text):
        return "it does not belong to what came beside it"


@check("token")
def c_hash(c, token):
    """Required through the browser, compared where it stands at the token endpoint."""
    return hashed(token, "c_hash", c.fields.get("code"), token is c.first)


@check("token")
def at_hash(c, token):
    if token is c.first:
        if "access_token" not in c.fields:
            return None
        return hashed(token, "at_hash", c.fields["access_token"], True)
    return hashed(token, "at_hash", c.tokens.get("access_token"), False)


@check("token")
def s_hash(c, token):
    return hashed(token, "s_hash", c.fields.get("state"), False)


# The token endpoint


@check("tokens")
def token_status(c):
    if c.response.status != 200 or not c.tokens:
        return f"the token endpoint answered {c.response.status}, or no JSON object"


@check("tokens")
def token_content_type(c):
    if c.response.kind != "application/json":
        return "the token response is not called JSON"


@check("tokens")
def token_encoding(c):
    if c.response.headers.get("Content-Encoding"):
        return "the token response is said to be compressed"


@check("tokens")
def no_store(c):
    if "no-store" not in c.response.headers.get("Cache-Control", "").lower():
        return "caches may keep the token response"


@check("tokens")
def access_token(c):
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", str(c.tokens.get("access_token", ""))):
        return "there is no access token that a header can carry"


@check("tokens")
def second_token_type(c):
    if str(c.tokens.get("token_type", "")).lower() != "bearer":
        return "the access token is not said to be a bearer token"


@check("tokens")
def second_expires_in(c):
    value = c.tokens.get("expires_in", 1)
    if not isinstance(value, int) or not 0 < value < YEAR:
        return "the lifetime of the access token makes no sense"


@check("tokens")
def scope(c):
    granted = c.tokens.get("scope", "openid profile email")
    if set(str(granted).split(" ")) < {"openid", "profile", "email"}:
        return "less was granted than was asked for"


@check("tokens")
def second_token(c):
    if not isinstance(c.tokens.get("id_token"), str):
        return "the token endpoint gave no ID token"


@check("tokens")
def other_access_token(c):
    if c.tokens.get("access_token", 0) == c.fields.get("access_token", 1):
        return "the access token has been in the browser"


# Both ID tokens, side by side


def differing(c, names):
    if not c.first or not c.second:
        return None
    for name in names:
        if c.first.claims.get(name) != c.second.claims.get(name):
            return f"the two ID tokens have different values of {name}"


@check("both")
def same_login(c):
    return differing(c, ["auth_time", "acr", "amr"])


@check("both")
def same_profile(c):
    both = set(c.first.claims) & set(c.second.claims) if c.first and c.second else ()
    return differing(c, set(both) & {"name", "email", "given_name", "family_name"})


# Userinfo


@check("userinfo")
def userinfo_status(c):
    if not c.userinfo or c.userinfo.status != 200:
        return "the userinfo endpoint did not answer 200"


@check("userinfo")
def userinfo_content_type(c):
    if not c.userinfo or c.userinfo.kind not in ("application/json", "application/jwt"):
        return "the userinfo is called neither JSON nor JWT"


@check("userinfo")
def userinfo_sub(c):
    person = (c.second or c.first or Token("")).claims.get("sub")
    try:
        said = c.profile if c.userinfo.kind == "application/jwt" else strict(c.userinfo.body)
    except (AttributeError, ValueError):
        return "the userinfo cannot be read"
    if not isinstance(person, str) or said.get("sub") != person:
        return "the userinfo is about somebody else"


def signed_userinfo(c):
    if c.userinfo and c.userinfo.kind == "application/jwt":
        return Token(c.userinfo.body.decode("latin-1"))
    return None


@check("userinfo")
def userinfo_signature(c):
    token = signed_userinfo(c)
    if token and (alg(c, token) or signature(c, token)):
        return "the provider has not signed it"


@check("userinfo")
def userinfo_aud(c):
    token = signed_userinfo(c)
    if token and (aud(c, token) or iss(c, token)):
        return "it was made for another application, or by another provider"


NAMES = []
for _when, _name, _ in TABLE:
    NAMES += [_name, "second_" + _name] if _when in ("text", "token") else [_name]
