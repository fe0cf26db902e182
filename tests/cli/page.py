# SPDX-License-Identifier: GPL-2.0-or-later
"""What is in a report: page.py FILE prints its text, a line an element that holds some; page.py FILE ID only that of
the element with this id; page.py FILE --check looks for what a page must not have, and exits with 1 where it is there."""

import base64
import hashlib
import html.parser
import json
import re
import sys

LINES = {"p", "li", "tr", "dt", "dd", "h1", "h2", "h3", "h4", "summary", "caption", "title"}
VOIDS = {"br", "input", "meta"}


class Page(html.parser.HTMLParser):
    def __init__(self, wanted):
        super().__init__(convert_charrefs=True)
        self.wanted = wanted
        self.depth = 0 if wanted else 1
        self.stack = []
        self.lines = [""]
        self.raw = {"style": [], "script": [], "data": []}
        self.policy = ""
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "src", "srcset", "action", "formaction"):
                self.wrong.append(f"the attribute {name}")
            if name == "href" and not value.startswith("#"):
                self.wrong.append(f"a link to {value}")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag in VOIDS:
            return
        kind = "data" if given.get("type") == "application/json" else tag
        self.stack.append(kind)
        if self.depth > 0:
            self.depth += 1
        elif given.get("id") == self.wanted:
            self.depth = 1
        if kind in self.raw:
            self.raw[kind].append("")
        if tag in LINES:
            self.lines.append("")

    def handle_endtag(self, tag):
        kind = self.stack.pop()
        if kind != tag and kind != "data":
            self.wrong.append(f"{kind} ends as {tag}")
        if self.depth > (0 if self.wanted else 1):
            self.depth -= 1
        if tag in LINES:
            self.lines.append("")
        elif tag in ("td", "th") and self.depth > 0:
            self.lines[-1] += " | "

    def handle_data(self, data):
        kind = self.stack[-1] if self.stack else ""
        if kind in self.raw:
            self.raw[kind][-1] += data
        elif self.depth > 0:
            self.lines[-1] += data

    def handle_comment(self, data):
        self.wrong.append("a comment")


def hashed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def check(page):
    for kind in page.raw:
        if len(page.raw[kind]) != 1:
            page.wrong.append(f"{len(page.raw[kind])} times {kind}")
    rules = dict(part.strip().split(" ", 1) for part in page.policy.split(";") if part.strip())
    if rules.get("default-src") != "'none'" or rules.get("base-uri") != "'none'":
        page.wrong.append("a policy that lets something through")
    for kind in ("style", "script"):
        if rules.get(f"{kind}-src") != hashed("".join(page.raw[kind])):
            page.wrong.append(f"a policy that is not for this {kind}")
    if json.loads("".join(page.raw["data"]))["schema"] != "aakit/report/1":
        page.wrong.append("data of another schema")
    if page.stack:
        page.wrong.append("elements without an end")


def main():
    wanted = sys.argv[2] if len(sys.argv) > 2 else None
    page = Page(wanted if wanted != "--check" else None)
    with open(sys.argv[1], encoding="utf-8") as file:
        page.feed(file.read())
    page.close()
    if wanted == "--check":
        check(page)
        for line in page.wrong:
            print(line)
        return 1 if page.wrong else 0
    for line in page.lines:
        line = re.sub(r"\s+", " ", line).strip().removesuffix("|").strip()
        if line:
            print(line)
    return 0


sys.exit(main())
