# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of aa-learn on a label, and what it left: for workloads that know what they did."""

import json
import signal
import subprocess
import time

import node

LABEL = "k8s-hear"


def under(label, *command):
    return ["aa-exec", "-p", label, "--", *command]


class Recording:
    """One run of aa-learn: a with statement around what it is to hear."""

    def __init__(self, out, name, *options, label=LABEL, wrap=()):
        """wrap: words before aa-learn that run it, as setpriv's."""
        self.dir = out / name
        self.label = label
        self.ready = label  # what aa-learn says when it listens
        self.command = [*wrap, "aa-learn", "--profile", label, "--json", "-o", str(self.dir), *options]

    def __enter__(self):
        self.dir.mkdir(parents=True, exist_ok=True)
        with open(self.dir / "json", "wb") as stdout, open(self.dir / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        node.wait_for("aa-learn is ready", lambda: self.ready in self.stderr, 30)
        return self

    def __exit__(self, *_):
        time.sleep(1)
        self.process.send_signal(signal.SIGINT)
        self.code = self.process.wait(60)
        text = (self.dir / "json").read_text()
        self.json = json.loads(text) if text else None
        state = self.dir / f"{self.label}.learned.yaml"
        self.state = state.read_text() if state.exists() else ""

    @property
    def stderr(self):
        return (self.dir / "stderr").read_text(errors="replace")

    @property
    def events(self):
        return self.json["profiles"][0]["events"]

    @property
    def lost(self):
        return self.json["lost"]

    def count(self, path):
        """How often the state saw a path."""
        return self.seen(f'path: "{path}"')

    def seen(self, key):
        """How often the state saw the access whose line holds key."""
        for line in self.state.splitlines():
            if key in line:
                seen = json.loads(line[line.index("seen: ") + 6:line.rindex("}")])
                return sum(sighting[1] for sighting in seen)
        return 0

    def notes(self):
        source = self.json["sources"][0] if self.json else {}
        return [f"exit code {self.code}", str(source), *self.stderr.splitlines()[-5:]]
