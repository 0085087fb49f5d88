"""Reads exports with other people's libraries, and prints what they saw as one line of JSON.

har FILE        haralyzer: pages, entries, statuses, what it makes of the times
markdown FILE   markdown-it-py: headings, tables, code, and every piece of text that is none
"""

import json
import sys


def read_har(path):
    from haralyzer import HarParser

    with open(path, encoding="utf-8") as file:
        parser = HarParser(json.load(file))
    entries = [entry for page in parser.pages for entry in page.entries]
    return {
        "version": parser.version,
        "creator": parser.creator["name"],
        "pages": [page.title for page in parser.pages],
        "entries": [
            {
                "method": entry.request.method,
                "url": entry.request.url,
                "status": entry.response.status,
                "started": entry.startTime.isoformat(),
                "mime": entry.response.mimeType,
                "headers": len(entry.request.headers) + len(entry.response.headers),
                "time": entry.time,
            }
            for entry in entries
        ],
        "posts": [
            entry.request.text
            for entry in entries
            if entry.request.method == "POST" and entry.response.status != 0
        ],
        "loads": [page.get_load_time() for page in parser.pages if page.entries],
    }


def read_markdown(path):
    from markdown_it import MarkdownIt

    with open(path, encoding="utf-8") as file:
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(file.read())
    report = {"headings": [], "code": [], "text": [], "html": [], "links": 0, "tables": 0}
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            report["headings"].append(tokens[number + 1].content)
        elif token.type in ("fence", "code_block"):
            report["code"].append(token.content)
        elif token.type == "html_block":
            report["html"].append(token.content)
        elif token.type == "table_open":
            report["tables"] += 1
        for child in token.children or []:
            if child.type == "code_inline":
                report["code"].append(child.content)
            elif child.type == "html_inline":
                report["html"].append(child.content)
            elif child.type in ("link_open", "image"):
                report["links"] += 1
            elif child.type == "text":
                report["text"].append(child.content)
    return report


if __name__ == "__main__":
    kinds = {"har": read_har, "markdown": read_markdown}
    print(json.dumps(kinds[sys.argv[1]](sys.argv[2])))
