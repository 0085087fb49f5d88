#!/usr/bin/env python3
"""Applications that do everything wrong: what a test of other people's software may meet.

misbehaving.py KIND --port N. Prints "ready URL" when it listens, and ends with SIGTERM.
"""

import argparse
import itertools
import secrets
import socket
import threading
import time
from urllib.parse import urlsplit

WAIT = threading.Event()  # never set: whoever waits for it hangs until the program ends
COUNT = itertools.count()


def head(status, *lines, body="", kind="text/html; charset=utf-8", length=None):
    """A response as bytes; closes the connection afterwards."""
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", *lines, f"Content-Type: {kind}", "Connection: close"]
    lines.append(f"Content-Length: {len(data) if length is None else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


def page(text, status="200 OK", lines=()):
    return head(status, *lines, body=f"<!DOCTYPE html><title>A page</title><p>{text}</p>\n")


# One function for each kind: takes connection, path and options, and answers as it likes.


def never_answers(connection, path, options):
    WAIT.wait()


def redirects_in_circles(connection, path, options):
    connection.sendall(head("302 Found", f"Location: /{'b' if path == '/a' else 'a'}"))


def error_at_start(connection, path, options):
    connection.sendall(page("Something went wrong.", "500 Internal Server Error"))


def signs_in_without_the_tenant(connection, path, options):
    name = "Nobody" if path == "/logout" else "Ada Lovelace (ada@demo.example)"
    connection.sendall(page(f"Signed in as {name}"))


class Shared:
    """The one session of the server: whoever signs in, signs everybody in."""

    lock = threading.Lock()
    is_signed_in = False


def one_session_for_everyone(connection, path, options):
    """Signs in at any answer; /logout says that it does, and does not."""
    if path == "/callback":
        with Shared.lock:
            Shared.is_signed_in = True
        return connection.sendall(head("303 See Other", "Location: /"))
    if path == "/logout":
        return connection.sendall(page("You are signed out."))
    if Shared.is_signed_in:
        return connection.sendall(page("Signed in as Ada Lovelace (ada@demo.example)"))
    return connection.sendall(head("302 Found", f"Location: {request(options)}"))


def request(options):
    """An authorization request, with nothing that would protect it but what is demanded."""
    here = f"http%3A%2F%2Flocalhost%3A{options.port}%2Fcallback"
    return (
        f"{options.tenant}authorize?client_id={options.client_id}&response_type=code%20id_token"
        f"&response_mode=form_post&scope=openid%20profile%20email&redirect_uri={here}"
        f"&state={secrets.token_urlsafe(32)}&nonce={secrets.token_urlsafe(32)}")


def changes_its_page_each_time(connection, path, options):
    """Signs in at any answer; no two of its pages and addresses are alike."""
    if path.startswith("/callback"):
        cookie = "Set-Cookie: signed_in=yes; Path=/"
        return connection.sendall(head("303 See Other", cookie, "Location: /"))
    if not options.has_cookie:
        return connection.sendall(head("302 Found", f"Location: {request(options)}"))
    if "?" not in path:
        location = f"/?{secrets.token_hex(4)}={secrets.token_hex(8)}"
        return connection.sendall(head("302 Found", f"Location: {location}"))
    words = " ".join(secrets.token_hex(3) for _ in range(40))
    return connection.sendall(page(f"{words} <a href='/login?{secrets.token_hex(8)}'>go on</a>"))


def closes_the_connection(connection, path, options):
    if next(COUNT) % 2:
        connection.sendall(head("200 OK", length=1000)[:40])


def drips(connection, path, options):
    for byte in page("Slowly but surely, one byte a second. " * 100):
        connection.sendall(bytes([byte]))
        time.sleep(1)


def huge_page(connection, path, options):
    size = 20 * 1024 * 1024
    connection.sendall(head("200 OK", length=size))
    for _ in range(size // 65536):
        connection.sendall(b"<p>word</p>" * 5957 + b"0123456789"[:9])


def redirects_elsewhere(connection, path, options):
    connection.sendall(head("302 Found", "Location: http://example.com/"))


def not_http(connection, path, options):
    connection.sendall(b"220 mail.example ESMTP ready\r\n\x00\xff\x1b[2J no such command\r\n")


KINDS = {
    "never-answers": never_answers,
    "redirects-in-circles": redirects_in_circles,
    "500-at-start": error_at_start,
    "signs-in-without-the-tenant": signs_in_without_the_tenant,
    "one-session-for-everyone": one_session_for_everyone,
    "changes-its-page-each-time": changes_its_page_each_time,
    "closes-the-connection": closes_the_connection,
    "drips": drips,
    "huge-page": huge_page,
    "redirects-elsewhere": redirects_elsewhere,
    "not-http": not_http,
}


def read_request(connection):
    """The target of a request and whether it had a cookie, after all of it was read; else None."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    top, _, body = data.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").split("\r\n")
    length = 0
    for line in lines[1:]:
        if line.lower().startswith("content-length:"):
            length = int(line.split(":")[1])
    while len(body) < min(length, 1_000_000):
        more = connection.recv(65536)
        if not more:
            break
        body += more
    has_cookie = any("signed_in=yes" in line for line in lines if line.lower()[:7] == "cookie:")
    return (lines[0].split(" ") + ["/"])[1], has_cookie


def serve(connection, kind, options):
    with connection:
        connection.settimeout(30)
        try:
            asked = read_request(connection)
            if asked:
                target, has_cookie = asked
                path = target if kind == "changes-its-page-each-time" else urlsplit(target).path
                known = argparse.Namespace(**vars(options), has_cookie=has_cookie)
                KINDS[kind](connection, path, known)
        except (OSError, ValueError):
            pass  # whoever asked has gone, or asked for nothing that can be read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--tenant", default="http://127.0.0.1:9000/", help="where logins begin")
    parser.add_argument("--client-id", default="app")
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", options.port)) as listener:
        options.port = listener.getsockname()[1]
        print(f"ready http://localhost:{options.port}/", flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=serve, args=(connection, options.kind, options), daemon=True).start()


if __name__ == "__main__":
    main()
