#!/usr/bin/env python3
"""A small relying party that decodes everything and checks nothing, unless --checks says otherwise.

A bad example on purpose: it is what an application looks like whose author saw the login work and
went home. Each name in --checks adds exactly one check, from the table in checks.py; all of them
make it careful. Prints "ready URL" when it listens, and ends with SIGTERM.
"""

import argparse
import base64
import hashlib
import html
import http.client
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

import checks

SECONDS = 10  # for one answer of the provider
BYTES = 1_000_000  # of a request


@dataclass
class Login:
    """One login that was begun here: what was sent along."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    began: float = field(default_factory=time.time)
    used: bool = False


@dataclass
class Answer:
    """What is known of one login while it is worked through; the checks read it."""

    options: argparse.Namespace
    metadata: dict
    login: Login  # None when this browser began none
    method: str
    kind: str  # the media type
    text: str  # form or query, before it was decoded
    pairs: list  # of the form or the query, in order
    cookies: int  # how many session cookies came
    keys: object = None  # fetches the key set
    fields: dict = field(default_factory=dict)
    first: checks.Token = None  # the ID token of the browser
    second: checks.Token = None  # the ID token of the token endpoint
    tokens: dict = field(default_factory=dict)  # the token response
    response: object = None  # the same with status and headers
    userinfo: object = None  # the userinfo response
    profile: dict = field(default_factory=dict)  # what it says


@dataclass
class Response:
    status: int
    headers: object
    body: bytes

    @property
    def kind(self):
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    def json(self):
        """What can be read of it; careless: nothing is an empty object."""
        try:
            value = json.loads(self.body)
            return value if isinstance(value, dict) else {}
        except ValueError:
            return {}


def fetch(url, form=None, headers=()):
    """Asks the provider; a status of an error is an answer too."""
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, data, dict(headers))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return Response(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Response(error.code, error.headers, error.read())


class Application:
    """The relying party: sessions, what it knows of the provider, and the login itself."""

    def __init__(self, options):
        self.options = options
        self.sessions = {}
        self.lock = threading.Lock()
        self.cached = {}
        self.secret = ""
        if options.client_secret_file:
            with open(options.client_secret_file, encoding="utf-8") as file:
                self.secret = file.read().strip()

    @property
    def redirect_uri(self):
        return f"http://localhost:{self.options.port}/callback"

    # What it knows of the provider

    def document(self, url, fresh=False):
        if fresh or self.options.no_cache or url not in self.cached:
            self.cached[url] = fetch(url).json()
        return self.cached[url]

    def metadata(self):
        issuer = self.options.issuer.rstrip("/")
        return self.document(issuer + "/.well-known/openid-configuration")

    def keys(self, fresh=False):
        keys = self.document(self.metadata()["jwks_uri"], fresh).get("keys", [])
        return [key for key in keys if isinstance(key, dict)]

    # The login

    def begin(self, session):
        """The address of the authorization request."""
        login = session["login"] = Login()
        session.pop("user", None)
        options, metadata = self.options, self.metadata()
        checks.run("metadata", options.checks, Answer(options, metadata, login, "", "", "", [], 0))
        request = {
            "client_id": options.client_id,
            "response_type": options.response_type,
            "response_mode": "form_post",
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email",
            "state": login.state,
            "nonce": login.nonce,
        }
        if options.pkce:
            digest = hashlib.sha256(login.verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            request.update(code_challenge=challenge, code_challenge_method="S256")
        # These three ask for something; the check of the same name looks whether it was done.
        if "auth_time" in options.checks:
            request["max_age"] = "300"
        if "fresh_login" in options.checks:
            request["prompt"] = "login"
        if "acr" in options.checks:
            request["acr_values"] = checks.ACR
        start = metadata["authorization_endpoint"]
        return start + ("&" if "?" in start else "?") + urlencode(request)

    def finish(self, answer):
        """Who signed in, by the answer that came to the redirect URI."""
        wanted = self.options.checks
        answer.fields = dict(reversed(answer.pairs))
        answer.keys = self.keys
        checks.run("answer", wanted, answer)
        if answer.login:
            answer.login.used = True
        if "id_token" in answer.fields:
            checks.run_token("text", wanted, answer, answer.fields["id_token"], "")
            answer.first = checks.Token(answer.fields["id_token"])
            checks.run_token("token", wanted, answer, answer.first, "")
        self.exchange(answer)
        checks.run("tokens", wanted, answer)
        if isinstance(answer.tokens.get("id_token"), str):
            checks.run_token("text", wanted, answer, answer.tokens["id_token"], "second_")
            answer.second = checks.Token(answer.tokens["id_token"])
            checks.run_token("token", wanted, answer, answer.second, "second_")
        checks.run("both", wanted, answer)
        person = dict((answer.first or answer.second or checks.Token("")).claims)
        if self.options.userinfo:
            self.ask_userinfo(answer)
            checks.run("userinfo", wanted, answer)
            person.update(answer.profile)
        if not person:
            raise checks.Refused("nothing that came says who signed in")
        return person

    def exchange(self, answer):
        form = {"grant_type": "authorization_code", "code": answer.fields.get("code", "")}
        form["redirect_uri"] = self.redirect_uri
        if self.options.pkce and answer.login:
            form["code_verifier"] = answer.login.verifier
        pair = f"{quote_plus(self.options.client_id)}:{quote_plus(self.secret)}"
        header = "Basic " + base64.b64encode(pair.encode()).decode()
        url = answer.metadata["token_endpoint"]
        answer.response = fetch(url, form, {"Authorization": header}.items())
        answer.tokens = answer.response.json()

    def ask_userinfo(self, answer):
        token = str(answer.tokens.get("access_token", ""))
        url = answer.metadata["userinfo_endpoint"]
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer.userinfo = fetch(url, None, headers.items())
        except ValueError:
            return  # a token that no header can carry
        if answer.userinfo.kind == "application/jwt":
            answer.profile = checks.Token(answer.userinfo.body.decode("latin-1")).claims
        elif answer.userinfo.status == 200:
            answer.profile = answer.userinfo.json()


class Handler(BaseHTTPRequestHandler):
    """The pages."""

    application = None
    server_version = "careless"

    def do_GET(self):
        self.serve("")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= BYTES:
            return self.page(413, "Too large")
        return self.serve(self.rfile.read(length).decode("utf-8", "replace"))

    def serve(self, body):
        url = urlsplit(self.path)
        identifier, session, count = self.session()
        try:
            if url.path == "/":
                return self.start(session)
            if url.path == "/login":
                return self.redirect(self.application.begin(session), identifier)
            if url.path == "/logout":
                session.clear()
                return self.page(200, "You are signed out.")
            if url.path == "/callback":
                return self.callback(url.query, body, identifier, session, count)
            return self.page(404, "There is no such page.")
        except checks.Refused as refusal:
            return self.page(400, f"The login was refused: {refusal}")
        except (KeyError, TypeError, ValueError, OSError, http.client.HTTPException) as error:
            return self.page(500, f"The login failed: {type(error).__name__}: {error}")

    def start(self, session):
        if "user" not in session:
            return self.redirect("/login")
        return self.page(200, "Signed in as {name} ({email})".format(**session["user"]))

    def callback(self, query, body, identifier, session, count):
        application = self.application
        text = "&".join(part for part in (query, body) if part)
        kind = (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()
        answer = Answer(
            application.options, application.metadata(), session.get("login"), self.command, kind,
            text, parse_qsl(text.strip(), keep_blank_values=True), count)
        person = application.finish(answer)
        # Only what was shown so far is remembered of the person.
        email, name = person.get("email", "no e-mail"), person.get("name", person.get("sub"))
        session["user"] = {"name": name, "email": email}
        return self.redirect("/", identifier)

    def session(self):
        """The session of this browser, a new one when it has none, and how many it named."""
        name = "careless_session"
        lines = "; ".join(self.headers.get_all("Cookie") or [])
        values = [p.split("=", 1)[1] for p in lines.split("; ") if p.startswith(name + "=")]
        try:
            identifier = SimpleCookie(lines)[name].value
        except (CookieError, KeyError):
            identifier = secrets.token_urlsafe(32)
        with self.application.lock:
            if identifier not in self.application.sessions:
                identifier = secrets.token_urlsafe(32)
            return identifier, self.application.sessions.setdefault(identifier, {}), len(values)

    def redirect(self, address, identifier=None):
        self.send_response(303)
        self.send_header("Location", address)
        if identifier:
            site = "Lax" if self.application.options.lax_cookie else "None; Secure"
            cookie = f"careless_session={identifier}; Path=/; HttpOnly; SameSite={site}"
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self, status, text):
        body = f"<!DOCTYPE html><title>Careless</title><p>{html.escape(text)}</p>\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main(relying_party=Application, pages=Handler):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--issuer", required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret-file")
    parser.add_argument("--response-type", default="code id_token")
    parser.add_argument("--checks", default="", help="a list with commas, or: all")
    parser.add_argument("--pkce", action="store_true")
    parser.add_argument("--userinfo", action="store_true")
    parser.add_argument("--lax-cookie", action="store_true")
    parser.add_argument("--no-cache", action="store_true", help="fetch metadata and keys each time")
    parser.add_argument("--list", action="version", version="\n".join(checks.NAMES))
    options = parser.parse_args()
    options.checks = checks.chosen(options.checks, parser.error)
    pages.application = relying_party(options)
    with ThreadingHTTPServer(("127.0.0.1", options.port), pages) as server:
        server.daemon_threads = True
        options.port = server.server_address[1]
        print(f"ready http://localhost:{options.port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
