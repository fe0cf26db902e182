# SPDX-License-Identifier: GPL-2.0-or-later
"""A browser, as a web server meets it: pages with what they are made of, over one connection."""

import http.client
import re
import urllib.parse

PART = re.compile(rb'(?:href|src)="([^"]+)"')


class Visit:
    """One visitor: a page is fetched together with the styles, scripts and images that it names, each once in a visit."""

    def __init__(self, port, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = headers or {}
        self.cached = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ask(self, path):
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def fetch(self, path):
        """What is there. A server may close a connection that is idle; browsers then open another one."""
        try:
            status, body = self.ask(path)
        except ConnectionError:
            self.connection.close()
            status, body = self.ask(path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status}")
        return body

    def page(self, path):
        parts = {urllib.parse.urljoin(path, part.decode()) for part in PART.findall(self.fetch(path))}
        for part in sorted(parts - self.cached):
            self.fetch(part)
        self.cached |= parts
