"""A person who signs in with whatever browser: looks at the page, types, presses."""

import json
import time

LOOK = """() => {
  const all = [...document.querySelectorAll('button, input[type=submit]')];
  const password = document.querySelector('input[type=password]');
  const choice = all.find((b) => b.name === 'action' && b.value === DECISION);
  return {ready: document.readyState, url: location.href, title: document.title,
    text: document.body ? document.body.innerText.slice(0, 300) : '',
    posts: !password && [...document.forms].some((f) => /submit\\(\\)/.test(
      document.documentElement.outerHTML) && f.method === 'post'),
    kind: password ? 'login' : choice ? 'consent' : 'end'};
}"""
SIGN_IN = """() => {
  const password = document.querySelector('input[type=password]');
  const form = password.form;
  const name = form.querySelector('input[type=text], input[type=email], input:not([type])');
  name.value = USER; password.value = PASSWORD;
  const button = [...form.querySelectorAll('button, input[type=submit]')][0];
  setTimeout(() => button ? button.click() : form.submit(), 50);
  return true;
}"""
PRESS = """() => {
  const button = [...document.querySelectorAll('button, input[type=submit]')]
    .find((b) => b.name === 'action' && b.value === DECISION);
  setTimeout(() => button.click(), 50);
  return true;
}"""


def walk(browser, url, user="ada@demo.example", password="hybrid", decision="accept", pause=0):
    """Opens URL and goes on until a page asks for nothing more; returns that page."""
    browser.open(url)
    return finish(browser, user, password, decision, pause)


def finish(browser, user, password, decision, pause=0):
    def script(text):
        return (text.replace("DECISION", json.dumps(decision)).replace("USER", json.dumps(user))
                .replace("PASSWORD", json.dumps(password)))
    last, still, steps, end = None, 0, [], time.monotonic() + 60 + pause
    while time.monotonic() < end:
        browser.wait(0.25)
        try:
            page = browser.evaluate(script(LOOK))
        except Exception:
            page = None
        if not page:
            still = 0
            continue
        key = (page["url"], page["title"], page["text"])
        still = still + 1 if key == last else 0
        last = key
        if page["ready"] != "complete" or page["posts"] or still < 3:
            continue
        if page["kind"] == "end":
            return {**page, "steps": steps}
        steps.append(page["kind"])
        if page["kind"] == "login" and steps.count("login") > 2:
            return {**page, "steps": steps}
        if page["kind"] == "login" and pause:
            browser.wait(pause)
            pause = 0
        browser.evaluate(script(SIGN_IN if page["kind"] == "login" else PRESS))
        still = -4
    return {"url": None, "title": "too slow", "text": "", "steps": steps}
