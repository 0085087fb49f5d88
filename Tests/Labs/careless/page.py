#!/usr/bin/env python3
"""The careless relying party as a page application: scripts sign in, and nothing works without them.

The answer comes as a fragment. The page at the redirect URI reads it, clears the address and posts
the fields to its server, which works as application.py does: same arguments, same checks.
"""

import json

import application

PAGE = """<!DOCTYPE html><title>Careless page</title><p id="text">One moment.</p>
<script>
const show = (text) => { document.getElementById("text").textContent = text; };
const say = async (answer) => {
  const said = await answer.json();
  if (said.login) location.replace(said.login); else show(said.text);
};
const answer = location.hash.slice(1);
const form = {"Content-Type": "application/x-www-form-urlencoded"};
if (location.pathname === "/callback") {
  history.replaceState(null, "", "/");
  fetch("/answer", {method: "POST", headers: form, body: answer}).then(say);
} else {
  fetch("/me").then(say);
}
</script>
"""


class Application(application.Application):
    """The server asks for a fragment."""

    def begin(self, session):
        return super().begin(session).replace("response_mode=form_post", "response_mode=fragment")


class Handler(application.Handler):
    """One page for every address, and JSON for its scripts."""

    def serve(self, body):
        place = self.path.split("?")[0]
        if self.command == "GET" and place in ("/", "/callback"):
            return self.send(200, "text/html; charset=utf-8", PAGE)
        if place == "/me":
            return self.tell_who()
        if place == "/answer":
            self.path = "/callback"
        return super().serve(body)

    def tell_who(self):
        identifier, session, _ = self.session()
        if "user" in session:
            return self.page(200, "Signed in as {name} ({email})".format(**session["user"]))
        return self.redirect(self.application.begin(session), identifier)

    def redirect(self, address, identifier=None):
        """A script learns of it, and goes there itself."""
        if address == "/":
            return self.tell_who()
        return self.send(200, "application/json", json.dumps({"login": address}), identifier)

    def page(self, status, text):
        return self.send(status, "application/json", json.dumps({"text": text}))

    def send(self, status, kind, text, identifier=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        if identifier:
            cookie = f"careless_session={identifier}; Path=/; HttpOnly; SameSite=Lax"
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    application.main(Application, Handler)
