#!/usr/bin/env python3
"""Records logins with real browsers' own HAR writers. See ../README.md.

    record.py --program HYBRID_FLOW --to FOLDER [--browser NAME] [--only SCENARIO,…] [--late]

Each recording gets a FILE.truth.txt: what happened, and what the browser's last page said.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import browsers
import person

LABS = Path(__file__).resolve().parent.parent
TENANT = "http://localhost:{}/"


class Lab:
    """The parties of one scenario, ended when it is over."""

    def __init__(self, program):
        self.program, self.started = program, []
        self.folder = Path(tempfile.mkdtemp(prefix="har-lab-"))
        self.folder.chmod(0o755)
        self.secret = self.folder / "secret"
        self.secret.write_text("secret-of-the-lab-0123456789abcdef")
        self.log = open(self.folder / "log", "w", encoding="utf-8")

    def start(self, *command, **more):
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=self.log, text=True,
            **more)
        self.started.append(process)
        return process

    def tenant(self, client, redirect):
        """The demo tenant, which calls itself localhost."""
        port = browsers.free_port()
        issuer = TENANT.format(port)
        process = self.start(
            self.program, "tenant", "--port", port, "--issuer", issuer, "--client",
            f"id={client},secret-file={self.secret},redirect-uri={redirect}")
        process.stdout.readline()
        return issuer

    def provider(self, client, redirect):
        """idpyoidc."""
        process = self.start(
            LABS / "provider/start", "--state-dir", self.folder / "op", "--client-id", client,
            "--secret-file", self.secret, "--redirect-uri", redirect)
        return process.stdout.readline().split()[1]

    def application(self, issuer, client, redirect, *options):
        """hybrid-flow run, as the application; returns its process and the authorization URL."""
        process = self.start(
            self.program, "run", "--issuer", issuer, "--client-id", client,
            "--client-secret-file", self.secret, "--redirect-uri", redirect, "--no-browser",
            "--json", "--wait", "60", *options, env={**os.environ, "BROWSER": ""})
        # The URL is printed for the person, on standard error.
        began = time.monotonic()
        while time.monotonic() - began < 15:
            text = (self.folder / "log").read_text()
            found = re.findall(r"https?://\S+[?&]client_id=\S+", text)
            if len(found) > getattr(self, "seen", 0):
                self.seen = len(found)
                return process, found[-1]
            time.sleep(0.1)
        raise RuntimeError("no authorization URL: " + text[-2000:])

    def result(self, process):
        """The last line of the application's own report."""
        try:
            out = process.communicate(timeout=20)[0]
        except subprocess.TimeoutExpired:
            process.terminate()
            out = process.communicate()[0]
        lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        last = lines[-1] if lines else {}
        return {name: last.get(name) for name in ("status", "exit", "failed", "blame", "code")}

    def apache(self, client, *options, tenant=None, port=None):
        """mod_auth_openidc on 127.0.0.1: another site than the tenant's localhost."""
        port = port or browsers.free_port()
        issuer = tenant or self.tenant(client, f"http://127.0.0.1:{port}/private/callback")
        process = self.start(
            LABS / "relying-party/start", "--state-dir", self.folder / "rp", "--port", port,
            "--issuer", issuer, "--client-id", client, "--secret-file", self.secret, *options)
        return process.stdout.readline().split()[1]

    def errors(self):
        log = self.folder / "rp/error.log"
        return re.findall(r"oidc_[a-z_]+: [^\n]*", log.read_text())[-3:] if log.exists() else []

    def close(self):
        for process in reversed(self.started):
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def run_at(party, options=(), decision="accept", uri=None, times=1):
    """Logins of `hybrid-flow run` at one of the two providers."""
    def scenario(lab, browser):
        port = browsers.free_port()
        redirect = f"http://localhost:{port}/callback"
        issuer = getattr(lab, party)("web", redirect)
        who = {"tenant": {}, "provider": {"user": "lab-person", "password": "lab-password"}}[party]
        facts = []
        for _ in range(times):
            process, url = lab.application(
                issuer, "web", uri.format(port) if uri else redirect, *options)
            page = person.walk(browser, url, decision=decision, **who)
            if uri or page["title"] == "too slow":
                process.terminate()
            facts += [page, {"application": lab.result(process)}]
        return facts
    return scenario


def apache(*options, decision="accept", pause=0, reloads=0, opens=1):
    """Logins at mod_auth_openidc."""
    def scenario(lab, browser):
        url = lab.apache("apache", *options)
        facts = []
        for _ in range(opens):
            facts.append(person.walk(browser, url, decision=decision, pause=pause))
        for _ in range(reloads):
            browser.reload()
            facts.append(person.finish(browser, "ada@demo.example", "hybrid", decision))
        return facts + [{"mod_auth_openidc": lab.errors()}]
    return scenario


LAX = ("--directive", "OIDCCookieSameSite On")
TRUTHS = {
    "tenant-success": "One login, form post, code id_token. Stages 2 to 5 seen; the answer holds "
    "code, id_token, state (and iss). The application redeemed the code by itself: not in the file.",
    "tenant-three": "One login, code id_token token: the answer holds an access token as well.",
    "tenant-declined": "The person declined at the consent page: error=access_denied with state. "
    "Blame: person.",
    "tenant-wrong-uri": "The redirect URI is not registered: the tenant shows a page (400) and "
    "sends nobody back. No answer came; the flow ends at stage 3. Blame: settings.",
    "tenant-two-logins": "Two logins, one after the other, with their own state and nonce; at the "
    "second the tenant knows the person already.",
    "tenant-fragment": "One login, response_mode=fragment: the answer is in the fragment of the "
    "Location header, which a browser never sends: the application gets nothing, and its page says "
    "so. Stages 2 to 5 are in the file; the code and the ID token stand in the fragment.",
    "provider-success": "One login at idpyoidc by form post.",
    "provider-none": "prompt=none without a session at idpyoidc: the answer is an error, or the "
    "page that the provider shows.",
    "provider-wrong-uri": "idpyoidc refuses an unregistered redirect URI with a page; nobody is "
    "sent back. Blame: settings.",
    "provider-fragment": "One login at idpyoidc, answer in the fragment; the application gets "
    "nothing.",
    "apache-success": "One login by mod_auth_openidc at the demo tenant; its state cookie has no "
    "SameSite, is younger than two minutes and comes back with the cross-site POST (Lax + POST in "
    "Chromium; Firefox sends it too).",
    "apache-lost-cookie": "mod_auth_openidc with SameSite=Lax on its state cookie: the form post "
    "comes from another site (localhost to 127.0.0.1), so the cookie is not sent; the application "
    "fails after a good answer. The cookie was set before leaving, with SameSite=Lax.",
    "apache-lost-cookie-reload": "As apache-lost-cookie; then the page of the failure is loaded "
    "again, which posts the same answer once more.",
    "apache-late": "As apache-success, but the person took 130 s: the cookie without SameSite is "
    "older than two minutes, and Chromium no longer sends it with a cross-site POST. Firefox does.",
    "apache-reload": "A good login; then the last page is loaded again.",
    "apache-declined": "The person declined: access_denied by form post; the cookie came back.",
    "apache-fragment": "response_mode=fragment at mod_auth_openidc: its page posts the fragment "
    "to its own redirect URI with response_mode=fragment added.",
    "apache-two-logins": "A good login, then the protected page again: no second login is needed.",
}
SCENARIOS = {
    "tenant-success": run_at("tenant"),
    "tenant-three": run_at("tenant", ("--response-type", "code id_token token")),
    "tenant-declined": run_at("tenant", decision="decline"),
    "tenant-wrong-uri": run_at("tenant", uri="http://localhost:{}/other"),
    "tenant-two-logins": run_at("tenant", times=2),
    "tenant-fragment": run_at("tenant", ("--response-mode", "fragment")),
    "provider-success": run_at("provider"),
    "provider-none": run_at("provider", ("--prompt", "none")),
    "provider-wrong-uri": run_at("provider", uri="http://localhost:{}/other"),
    "provider-fragment": run_at("provider", ("--response-mode", "fragment")),
    "apache-success": apache(),
    "apache-lost-cookie": apache(*LAX),
    "apache-lost-cookie-reload": apache(*LAX, reloads=1),
    "apache-reload": apache(reloads=1),
    "apache-declined": apache(decision="decline"),
    "apache-fragment": apache("--response-mode", "fragment"),
    "apache-two-logins": apache(opens=2),
    "apache-late": apache(pause=130),
}
KINDS = {kind.name: kind for kind in (browsers.DevTools, browsers.Playwright, browsers.Firefox)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--browser", choices=sorted(KINDS), action="append")
    parser.add_argument("--only", default="")
    parser.add_argument("--late", action="store_true", help="also the ones that take minutes")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    only = [name for name in options.only.split(",") if name]
    with sync_playwright() as playwright:
        for kind in options.browser or KINDS:
            for name, scenario in SCENARIOS.items():
                if only and name not in only or name == "apache-late" and not options.late:
                    continue
                lab, browser, path = Lab(options.program), None, options.to / f"{kind}-{name}"
                try:
                    browser = KINDS[kind](playwright)
                    facts = scenario(lab, browser)
                    browser.save(str(path))
                    Path(f"{path}.truth.txt").write_text(
                        TRUTHS[name] + "\n\n" + "\n".join(map(json.dumps, facts)) + "\n")
                    print(path.name, "ok", facts[0]["title"], facts[-1], flush=True)
                except Exception as fault:
                    print(path.name, "FAILED", repr(fault)[:600], flush=True)
                finally:
                    if browser:
                        browser.close()
                    lab.close()


if __name__ == "__main__":
    sys.exit(main())
