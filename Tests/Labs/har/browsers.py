"""Three real browsers' writers of HAR files, each behind the same few verbs.

`open`, `evaluate`, `reload`, `save`: Chromium's developer tools (their own writer, run in the front
end that Chromium serves), Playwright's recorder, and Firefox's network panel (its own exporter,
called over Marionette).
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

QUIET = ["--headless=new", "--no-first-run", "--disable-sync", "--disable-component-update",
         "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-sandbox", "--lang=en"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class DevTools:
    """Chromium with its developer tools open beside the page; needs Playwright only to talk."""

    name = "chromium"

    def __init__(self, playwright):
        self.port = free_port()
        self.profile = tempfile.mkdtemp(prefix="har-chromium-")
        self.process = subprocess.Popen(
            [shutil.which("chromium"), *QUIET, f"--remote-debugging-port={self.port}",
             "--remote-allow-origins=*", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/version").close()
                break
            except OSError:
                time.sleep(0.1)
        self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
        self.context = self.browser.contexts[0]
        self.page = self.context.pages[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/list") as answer:
            page = next(one for one in json.load(answer) if one["type"] == "page")
        self.tools = self.context.new_page()
        self.tools.goto(
            f"devtools://devtools/bundled/devtools_app.html?ws=127.0.0.1:{self.port}"
            f"/devtools/page/{page['id']}&panel=network")
        self.tools.wait_for_timeout(3000)
        self.tools.evaluate("""async () => {
          const common = await import('./core/common/common.js');
          common.Settings.Settings.instance().moduleSetting('network-log.preserve-log').set(true);
        }""")

    def open(self, url):
        try:
            self.page.goto(url, wait_until="commit")
        except Exception:
            pass  # a refused connection is what some of them are about

    def evaluate(self, script):
        return self.page.evaluate(script)

    def reload(self):
        try:
            self.page.reload(wait_until="commit")
        except Exception:
            pass

    def wait(self, seconds):
        self.page.wait_for_timeout(seconds * 1000)

    def save(self, path):
        """Writes PATH.har and PATH-sanitized.har."""
        for suffix, sanitize in ((".har", False), ("-sanitized.har", True)):
            text = self.tools.evaluate("""async (sanitize) => {
              const [har, logs, common] = await Promise.all([import('./models/har/har.js'),
                import('./models/logs/logs.js'), import('./core/common/common.js')]);
              const parts = [];
              const stream = {write: async (text) => { parts.push(text); }, close: async () => {}};
              const requests = logs.NetworkLog.NetworkLog.instance().requests();
              await har.Writer.Writer.write(
                stream, requests, {sanitize}, new common.Progress.Progress());
              return parts.join('');
            }""", sanitize)
            with open(path + suffix, "w", encoding="utf-8") as file:
                file.write(text)

    def close(self):
        self.browser.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class Playwright:
    """Playwright's own recorder, on the Chromium of the machine."""

    name = "playwright"

    def __init__(self, playwright):
        self.browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=QUIET[1:])
        self.path = tempfile.mktemp(suffix=".har")
        self.context = self.browser.new_context(record_har_path=self.path)
        self.page = self.context.new_page()

    open, evaluate, reload, wait = (
        DevTools.open, DevTools.evaluate, DevTools.reload, DevTools.wait)

    def save(self, path):
        self.context.close()
        shutil.move(self.path, path + ".har")

    def close(self):
        self.browser.close()


class Firefox:
    """Firefox with its network panel open, spoken to over Marionette."""

    name = "firefox"

    def __init__(self, _=None):
        self.profile = tempfile.mkdtemp(prefix="har-firefox-")
        port = free_port()
        prefs = {"marionette.port": port, "devtools.netmonitor.persistlog": True,
                 "browser.shell.checkDefaultBrowser": False, "app.update.enabled": False,
                 "datareporting.policy.dataSubmissionEnabled": False,
                 "browser.startup.homepage_override.mstone": "ignore",
                 "toolkit.telemetry.server": "", "network.captive-portal-service.enabled": False,
                 "network.connectivity-service.enabled": False, "app.normandy.enabled": False,
                 "security.sandbox.content.level": 0}
        with open(f"{self.profile}/user.js", "w", encoding="utf-8") as file:
            for name, value in prefs.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        self.process = subprocess.Popen(
            [shutil.which("firefox-esr") or shutil.which("firefox"), "--headless", "--no-remote",
             "--profile", self.profile, "--marionette", "--remote-allow-system-access"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.profile, "MOZ_HEADLESS": "1"})
        for _ in range(400):
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            except OSError:
                time.sleep(0.1)
        self.buffer, self.number = b"", 0
        self._read()
        self.ask("WebDriver:NewSession", {"capabilities": {
            "alwaysMatch": {"pageLoadStrategy": "none"}}})
        self.chrome("""
          const { require } = ChromeUtils.importESModule(
            "resource://devtools/shared/loader/Loader.sys.mjs");
          const { gDevTools } = require("devtools/client/framework/devtools");
          const window = Services.wm.getMostRecentWindow("navigator:browser");
          const toolbox = await gDevTools.showToolboxForTab(
            window.gBrowser.selectedTab, { toolId: "netmonitor" });
          window.harToolbox = toolbox;
          return true;""")

    def _read(self):
        while b":" not in self.buffer:
            self.buffer += self.socket.recv(65536)
        length, _, rest = self.buffer.partition(b":")
        while len(rest) < int(length):
            rest += self.socket.recv(1 << 20)
        self.buffer = rest[int(length):]
        return json.loads(rest[:int(length)])

    def ask(self, command, parameters):
        self.number += 1
        data = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(str(len(data)).encode() + b":" + data)
        _, _, fault, result = self._read()
        if fault:
            raise RuntimeError(f"{command}: {fault['error']}: {fault['message']}")
        return result

    def chrome(self, script):
        self.ask("Marionette:SetContext", {"value": "chrome"})
        try:
            answer = self.ask("WebDriver:ExecuteAsyncScript", {"args": [], "script": f"""
              const done = arguments[arguments.length - 1];
              (async () => {{ {script} }})().then(
                (value) => done({{value}}), (fault) => done({{fault: String(fault)}}));"""})
        finally:
            self.ask("Marionette:SetContext", {"value": "content"})
        if "fault" in answer["value"]:
            raise RuntimeError(answer["value"]["fault"])
        return answer["value"]["value"]

    def open(self, url):
        self.ask("WebDriver:Navigate", {"url": url})

    def evaluate(self, script):
        return self.ask("WebDriver:ExecuteScript",
                        {"args": [], "script": f"return ({script})()"})["value"]

    def reload(self):
        # As Ctrl+R does; a form post is sent again without a question in headless mode.
        self.chrome("""
          const window = Services.wm.getMostRecentWindow("navigator:browser");
          Services.prefs.setBoolPref("dom.confirm_repost.testing.always_accept", true);
          window.gBrowser.selectedBrowser.reload();
          return true;""")

    def wait(self, seconds):
        time.sleep(seconds)

    def save(self, path):
        text = self.chrome("""
          const window = Services.wm.getMostRecentWindow("navigator:browser");
          return JSON.stringify({ log: await window.harToolbox.getHARFromNetMonitor() }, null, 2);
          """)
        with open(path + ".har", "w", encoding="utf-8") as file:
            file.write(text)

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
