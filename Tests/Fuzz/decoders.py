"""Decodes JSON, forms and URLs with Python's own library, one JSON object a line.

Reads {kind, hex}, writes {ok, value}: for json the value in a canonical text, for form the fields,
for url the parts. What Python reads more loosely than the standards is made strict here, and each
such place is named; tests compare the rest.
"""

import ipaddress
import json
import re
import sys
from urllib.parse import unquote_to_bytes, urlsplit


class Refused(Exception):
    pass


def refuse(_):
    # Known difference: Python reads NaN, Infinity and -Infinity.
    raise Refused


class Members(list):
    """An object, told from an array."""


def pairs(members):
    # Known difference: Python keeps the last of repeated names.
    if len({name for name, _ in members}) != len(members):
        raise Refused
    return Members(members)


def canonical(value, out):
    if value is None:
        out.append("n")
    elif value is True:
        out.append("t")
    elif value is False:
        out.append("f")
    elif isinstance(value, tuple):
        out.append("#" + value[0])
    elif isinstance(value, str):
        # Known difference: Python keeps half a surrogate pair; this raises for one.
        out.append("s" + value.encode("utf-8").hex())
    elif isinstance(value, Members):
        out.append("{")
        for name, item in value:
            out.append("s" + name.encode("utf-8").hex())
            canonical(item, out)
        out.append("}")
    else:
        out.append("[")
        for item in value:
            canonical(item, out)
        out.append("]")


def read_json(data):
    # Known difference: json.loads of bytes guesses UTF-16 and UTF-32 and drops a byte order mark.
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        raise Refused
    value = json.loads(
        text,
        object_pairs_hook=pairs,
        parse_constant=refuse,
        parse_int=lambda digits: (digits,),
        parse_float=lambda digits: (digits,),
    )
    out = []
    canonical(value, out)
    return " ".join(out)


def component(data):
    # Known difference: Python leaves a % without two digits as it is.
    if re.search(rb"%(?![0-9A-Fa-f]{2})", data):
        raise Refused
    # Known difference: Python replaces what is not UTF-8.
    return unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8")


def read_form(data):
    # parse_qsl drops fields without a value unless asked, and its separators changed over time:
    # what remains of it is this loop over unquote.
    fields = []
    for piece in data.split(b"&"):
        if piece:
            name, _, value = piece.partition(b"=")
            fields.append([component(name).encode().hex(), component(value).encode().hex()])
    return fields


def read_url(data):
    text = data.decode("ascii")
    # Known difference: Python strips white space and controls.
    if re.search(r"[^\x21-\x7e]", text):
        raise Refused
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not text[len(parts.scheme):].startswith("://"):
        raise Refused
    # Known difference: user names are refused here.
    if "@" in parts.netloc:
        raise Refused
    host = parts.hostname or ""
    port = parts.port
    # Known differences: Python does not look into the host's letters, and takes +1, 1_0 or nothing
    # for a port.
    if parts.netloc.startswith("["):
        if "%" in host:
            raise Refused
        ipaddress.IPv6Address(host)
        tail = parts.netloc[parts.netloc.index("]") + 1:]
        if not re.fullmatch(r"(:[0-9]{1,5})?", tail):
            raise Refused
    else:
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(:[0-9]{1,5})?", parts.netloc):
            raise Refused
        if ".." in host:
            raise Refused
    rest = text.split("#", 1)
    query = rest[0].split("?", 1)
    return {
        "scheme": parts.scheme,
        "host": host.lower(),
        "port": port if port is not None else -1,
        "path": parts.path,
        "query": parts.query if len(query) > 1 else None,
        "fragment": parts.fragment if len(rest) > 1 else None,
    }


READERS = {"json": read_json, "form": read_form, "url": read_url}


def main():
    sys.setrecursionlimit(10000)
    for line in sys.stdin:
        item = json.loads(line)
        try:
            value = READERS[item["kind"]](bytes.fromhex(item["hex"]))
            print(json.dumps({"ok": True, "value": value}))
        except (ValueError, Refused, RecursionError):
            print(json.dumps({"ok": False}))


main()
