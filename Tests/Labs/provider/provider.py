"""An OpenID provider on loopback for tests: idpyoidc decides, Flask carries.

Nothing of OpenID Connect is done in this file; it hands HTTP requests to idpyoidc's endpoints and
turns what these return into HTTP responses. Prints `ready ISSUER` once it listens.
"""

import argparse
import json
import logging
import os
import secrets
import signal
import socket
import sys
from pathlib import Path

from flask import Flask, Response, redirect, request
from idpyoidc.message.oauth2 import ResponseMessage
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import ClientAuthenticationError, FailedAuthentication
from idpyoidc.server.exception import UnAuthorizedClient
from werkzeug.serving import make_server

HYBRID = ["code id_token", "code token", "code id_token token"]
SCOPES = ["openid", "profile", "email", "offline_access"]
HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state-dir", required=True, type=Path)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--secret-file", required=True, type=Path)
    parser.add_argument("--redirect-uri", action="append", required=True)
    parser.add_argument("--client-auth", choices=["basic", "post", "both"], default="both")
    parser.add_argument("--user", default="lab-person")
    parser.add_argument("--password", default="lab-password")
    parser.add_argument("--algorithm", default="RS256")
    parser.add_argument("--deny-unknown-scopes", action="store_true",
                        help="refuse them; otherwise they are left out")
    return parser.parse_args()


def client_auth_methods(choice):
    return [f"client_secret_{name}" for name in ("basic", "post") if choice in (name, "both")]


class Provider:
    """idpyoidc's server with one client and one person."""

    def __init__(self, options, issuer):
        state = options.state_dir.resolve()
        (state / "private").mkdir(parents=True, exist_ok=True)
        self._write(state / "people.json", {options.user: options.password})
        self._write(state / "claims.json", {options.user: {
            "name": "Lab Person", "given_name": "Lab", "family_name": "Person",
            "email": "person@lab.example", "email_verified": True}})
        # idpyoidc writes its keys below the current folder.
        os.chdir(state)
        configuration = OPConfiguration(
            conf=self._configuration(options, issuer, state), base_path=str(state))
        self.server = Server(configuration, cwd=str(state))
        self.context = self.server.get_context()
        self._register(options)

    @staticmethod
    def _write(path, value):
        path.write_text(json.dumps(value), encoding="utf-8")

    def _register(self, options):
        secret = options.secret_file.read_text(encoding="utf-8").rstrip("\n")
        methods = client_auth_methods(options.client_auth)
        self.context.cdb[options.client_id] = {
            "client_id": options.client_id,
            "client_secret": secret,
            "client_salt": secrets.token_hex(8),
            "redirect_uris": [(uri, {}) for uri in options.redirect_uri],
            "response_types": HYBRID,
            "response_types_supported": HYBRID,
            "allowed_scopes": SCOPES,
            "deny_unknown_scopes": options.deny_unknown_scopes,
            "token_endpoint_auth_method": methods[0],
            "id_token_signed_response_alg": options.algorithm,
            "add_claims": {"always": {}, "by_scope": {}},
        }
        self.server.keyjar.add_symmetric(options.client_id, secret)

    @staticmethod
    def _endpoint(path, name, authentication=None, **settings):
        return {"path": path, "class": f"idpyoidc.server.oidc.{name}",
                "kwargs": {"client_authn_method": authentication, **settings}}

    def _configuration(self, options, issuer, state):
        methods = client_auth_methods(options.client_auth)
        modes = ["form_post", "fragment", "query"]
        return {
            "issuer": issuer,
            "httpc_params": {"verify": False},
            "preference": {
                "response_types_supported": HYBRID,
                "response_modes_supported": modes,
                "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
                "subject_types_supported": ["public"],
                "scopes_supported": SCOPES,
                "token_endpoint_auth_methods_supported": methods,
            },
            "template_dir": str(HERE / "templates"),
            "endpoint": {
                "provider_config": self._endpoint(
                    ".well-known/openid-configuration", "provider_config.ProviderConfiguration"),
                "authorization": self._endpoint(
                    "authorize", "authorization.Authorization",
                    response_types_supported=HYBRID, response_modes_supported=modes),
                "token": self._endpoint("token", "token.Token", methods),
                "userinfo": self._endpoint(
                    "userinfo", "userinfo.UserInfo", ["bearer_header", "bearer_body"]),
            },
            "keys": {
                "uri_path": "keys", "private_path": "private/keys.json", "read_only": False,
                "key_defs": [{"type": "RSA", "use": ["sig"]},
                             {"type": "EC", "crv": "P-256", "use": ["sig"]}],
            },
            "token_handler_args": {
                "jwks_def": {
                    "private_path": "private/token_keys.json", "read_only": False,
                    "key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": kid}
                                 for kid in ("code", "token", "refresh")]},
                "code": {"kwargs": {"lifetime": 120}},
                "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken",
                          "kwargs": {"lifetime": 1800}},
                "refresh": {"kwargs": {"lifetime": 7200}},
                "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
            },
            "authz": {
                "class": "idpyoidc.server.authz.AuthzHandling",
                "kwargs": {"grant_config": {"expires_in": 7200, "usage_rules": {
                    "authorization_code": {
                        "max_usage": 1,
                        "supports_minting": ["access_token", "refresh_token", "id_token"]},
                    "refresh_token": {"supports_minting": ["access_token", "refresh_token"]},
                    "access_token": {}}}}},
            "authentication": {"person": {
                "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                "kwargs": {
                    "verify_endpoint": "/sign-in", "template": "sign_in.html",
                    "db": {"class": "idpyoidc.server.util.JSONDictDB",
                           "kwargs": {"filename": str(state / "people.json")}}}}},
            "cookie_handler": {
                "class": "idpyoidc.server.cookie_handler.CookieHandler",
                "kwargs": {
                    "flags": {"httponly": True, "samesite": "Lax"},
                    "name": {"session": "provider", "register": "provider_client",
                             "session_management": "provider_session"},
                    "keys": {"private_path": "private/cookie_keys.json", "read_only": False,
                             "key_defs": [{"type": "OCT", "use": ["enc"], "kid": "enc"},
                                          {"type": "OCT", "use": ["sig"], "kid": "sig"}]}}},
            "claims_interface": {
                "class": "idpyoidc.server.session.claims.ClaimsInterface", "kwargs": {}},
            "userinfo": {"class": "idpyoidc.server.user_info.UserInfo",
                         "kwargs": {"db_file": str(state / "claims.json")}},
            "add_on": {"pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": False, "code_challenge_method": "S256"}}},
        }

    def ask(self, name):
        """Gives the current HTTP request to an endpoint."""
        endpoint = self.server.get_endpoint(name)
        about = {
            "method": request.method,
            "url": request.url,
            "headers": {key.lower(): value for key, value in request.headers.items()
                        if key.lower() not in ("cookie", "user-agent")},
            "cookie": [{"name": key, "value": value} for key, value in request.cookies.items()],
        }
        parameters = (request.args if request.method == "GET" else request.form).to_dict()
        try:
            message = endpoint.parse_request(parameters, http_info=about)
            if self._is_error(message):
                return self._error(message)
            outcome = endpoint.process_request(message, http_info=about)
        except (ClientAuthenticationError, UnAuthorizedClient):
            return self._error({"error": "invalid_client"}, 401)
        except Exception as fault:  # What idpyoidc raises for a bad request has no common class.
            logging.exception("%s", name)
            return self._error({"error": "invalid_request",
                                "error_description": type(fault).__name__})
        return self._outcome(endpoint, message, outcome)

    def sign_in(self):
        """The sign-in form came back: goes on where the authorization request waited."""
        method = self.context.authn_broker.get_method_by_id("person")
        fields = request.form.to_dict()
        try:
            person = method.verify(**fields)
        except FailedAuthentication:
            return Response("That is not the password.", status=403, mimetype="text/plain")
        waiting = method.unpack_token(fields["token"])
        message = AuthorizationRequest().from_urlencoded(waiting["query"])
        endpoint = self.server.get_endpoint("authorization")
        session = endpoint.create_session(
            message, person, waiting["authn_class_ref"], waiting["iat"], method)
        outcome = endpoint.authz_part2(request=message, session_id=session)
        return self._outcome(endpoint, message, outcome)

    @staticmethod
    def _is_error(message):
        return isinstance(message, ResponseMessage) and "error" in message

    @staticmethod
    def _error(message, status=400):
        body = message.to_json() if isinstance(message, ResponseMessage) else json.dumps(message)
        return Response(body, status=status, mimetype="application/json")

    def _outcome(self, endpoint, message, outcome):
        if self._is_error(outcome):
            return self._error(outcome)
        if "http_response" in outcome:
            return Response(outcome["http_response"], mimetype="text/html")
        if "redirect_location" in outcome:
            return redirect(outcome["redirect_location"])
        described = endpoint.do_response(request=message, **outcome)
        placement = described.get("response_placement", endpoint.response_placement)
        if placement == "body":
            response = Response(described["response"], status=described.get("response_code", 200))
        else:
            response = redirect(described["response"])
        for name, value in described.get("http_headers", []):
            response.headers[name] = value
        for cookie in described.get("cookie") or []:
            response.set_cookie(cookie["name"], cookie.get("value", ""), httponly=True,
                                samesite="Lax")
        return response


def application(provider):
    app = Flask(__name__)
    keys = provider.server.keyjar.export_jwks_as_json
    app.add_url_rule("/.well-known/openid-configuration", "discovery",
                     lambda: provider.ask("provider_config"))
    app.add_url_rule("/keys", "keys", lambda: Response(keys(), mimetype="application/json"))
    for path, name, methods in [("/authorize", "authorization", ["GET", "POST"]),
                                ("/token", "token", ["POST"]),
                                ("/userinfo", "userinfo", ["GET", "POST"])]:
        app.add_url_rule(path, name, lambda name=name: provider.ask(name), methods=methods)
    app.add_url_rule("/sign-in", "sign_in", provider.sign_in, methods=["POST"])
    return app


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # The socket first: the issuer names its port.
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    listener.listen(64)
    port = listener.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    options.secret_file = options.secret_file.resolve()
    app = application(Provider(options, issuer))
    server = make_server("127.0.0.1", port, app, threaded=True, fd=listener.fileno())
    print(f"ready {issuer}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
