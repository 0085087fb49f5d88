"""Judges and makes tokens with Python's cryptography, one JSON object a line.

judge: reads {jwk, token, value}, writes {valid, hash}.
sign N: writes N of {jwk, token, value, hash}, under keys of its own.
"""

import base64
import hashlib
import json
import secrets
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, utils

HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
RAW = serialization.Encoding.Raw
CURVES = {
    "P-256": (ec.SECP256R1, 32),
    "P-384": (ec.SECP384R1, 48),
    "P-521": (ec.SECP521R1, 66),
}
CURVE_OF = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(text):
    return int.from_bytes(decode(text), "big")


def hash_claim(value, alg, curve):
    data = value.encode()
    if alg == "EdDSA":
        whole = hashlib.shake_256(data).digest(114) if curve == "Ed448" else hashlib.sha512(data).digest()
    else:
        whole = hashlib.new("sha" + alg[2:], data).digest()
    return encode(whole[: len(whole) // 2])


def scheme(alg):
    digest = HASHES[alg[2:]]()
    if alg.startswith("RS"):
        return padding.PKCS1v15(), digest
    return padding.PSS(padding.MGF1(digest), digest.digest_size), digest


def is_valid(jwk, alg, data, signature):
    try:
        if jwk["kty"] == "RSA":
            key = rsa.RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
            pad, digest = scheme(alg)
            key.verify(signature, data, pad, digest)
        elif jwk["kty"] == "EC":
            curve, size = CURVES[jwk["crv"]]
            key = ec.EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), curve()).public_key()
            if len(signature) != 2 * size:
                return False
            r = int.from_bytes(signature[:size], "big")
            s = int.from_bytes(signature[size:], "big")
            key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(HASHES[alg[2:]]()))
        else:
            kind = ed448.Ed448PublicKey if jwk["crv"] == "Ed448" else ed25519.Ed25519PublicKey
            kind.from_public_bytes(decode(jwk["x"])).verify(signature, data)
        return True
    except InvalidSignature:
        return False


def judge():
    for line in sys.stdin:
        item = json.loads(line)
        head, body, tail = item["token"].split(".")
        alg = json.loads(decode(head))["alg"]
        valid = is_valid(item["jwk"], alg, (head + "." + body).encode(), decode(tail))
        print(json.dumps({"valid": valid, "hash": hash_claim(item["value"], alg, item["jwk"].get("crv"))}))


def big(value, size=None):
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def makers():
    rsa_key = rsa.generate_private_key(65537, 2048)
    public = rsa_key.public_key().public_numbers()
    rsa_jwk = {"kty": "RSA", "n": big(public.n), "e": big(public.e)}
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]:
        yield alg, rsa_jwk, lambda data, alg=alg: rsa_key.sign(data, *scheme(alg))
    for alg, name in CURVE_OF.items():
        curve, size = CURVES[name]
        key = ec.generate_private_key(curve())
        point = key.public_key().public_numbers()

        def sign(data, key=key, size=size, alg=alg):
            r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(HASHES[alg[2:]]())))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        yield alg, {"kty": "EC", "crv": name, "x": big(point.x, size), "y": big(point.y, size)}, sign
    for name, kind in [("Ed25519", ed25519.Ed25519PrivateKey), ("Ed448", ed448.Ed448PrivateKey)]:
        key = kind.generate()
        jwk = {"kty": "OKP", "crv": name, "x": encode(key.public_key().public_bytes(RAW, serialization.PublicFormat.Raw))}
        yield "EdDSA", jwk, key.sign


def sign(count):
    known = list(makers())
    for index in range(count):
        alg, jwk, maker = known[index % len(known)]
        value = secrets.token_urlsafe(1 + index % 64)
        head = encode(json.dumps({"alg": alg, "typ": "JWT"}).encode())
        body = encode(json.dumps({"sub": value}).encode())
        data = head + "." + body
        token = data + "." + encode(maker(data.encode()))
        print(json.dumps({"jwk": jwk, "token": token, "value": value, "hash": hash_claim(value, alg, jwk.get("crv"))}))


if sys.argv[1] == "judge":
    judge()
else:
    sign(int(sys.argv[2]))
