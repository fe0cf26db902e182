# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing is an event that the kernel did not write: messages, log lines, names of files and of processes."""

import collections
import os
import pathlib
import subprocess

from recording import LABEL, Recording, under

DIRECTORY = pathlib.Path("/var/lib/hear")


def forged(label):
    """A record that the kernel never wrote, and that names a path which nothing else does."""
    return (f'apparmor="ALLOWED" operation="open" profile="{label}" name="/forged" pid=1 comm="x" '
            'requested_mask="r" denied_mask="r" fsuid=0 ouid=0')


HOSTILE = [
    'x" profile="unconfined" name="/etc/shadow',
    "a\ntype=AVC msg=audit(1.000:1): " + forged(LABEL).replace("/forged", "|etc|shadow"),
    'type=AVC,msg=audit(1.000:1):,apparmor="DENIED"',
    "2F6574632F736861646F77",
    "\udcff\udcfe{a,b}[c]*?^\\x41",
]


def escape(name):
    """As lib/escape.c does it."""
    out = ""
    for char in name:
        code = ord(char)
        if 0xdc80 <= code <= 0xdcff:
            out += f"\\x{code - 0xdc00:02x}"
        elif code < 0x20 or code == 0x7f or char == "\\":
            out += f"\\x{code:02x}"
        else:
            out += char
    return out


def in_state(path):
    """A path as a state has it between its quotes."""
    return escape(path).replace("\\", "\\\\").replace('"', '\\"')


def say(tap, who, answers):
    """Notes how the kernel took the attempts: "WHAT ERRNO" a line."""
    taken = collections.defaultdict(list)
    for line in answers.splitlines():
        what, _, number = line.rpartition(" ")
        taken[os.strerror(int(number)) if number != "0" else "taken"].append(what)
    tap.note([f"{who}: {answer}: {', '.join(whats)}" for answer, whats in taken.items()])


def forge(tap, who="the node's root"):
    """Everything that user space can do to be taken for the kernel."""
    for kind in ("send", "kmsg"):
        done = subprocess.run(["/job/forge", kind, forged(LABEL)], check=True, timeout=60, capture_output=True, text=True)
        say(tap, who, done.stdout)


def check(tap, out):
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    paths = [f"{DIRECTORY}/{name}" for name in HOSTILE]
    for path in paths:
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_text("", encoding="utf-8")
    with Recording(out, "trust") as trust:
        forge(tap)
        subprocess.run(under(LABEL, "/job/forge", "open", *paths), check=True, timeout=60, stdout=subprocess.DEVNULL)
        subprocess.run(under("k8s-other", "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
    tap.check("what user space sends or prints is no event", "/forged" not in trust.state, trust.notes())
    tap.check("and none of it is even malformed", trust.json["sources"][0]["malformed"] == 0 and trust.code == 0, trust.notes())
    for path in paths:
        tap.check(f"a file named {ascii(path)[:60]} is seen as just that", trust.count(in_state(path)) == 1)
    tap.check("nothing of it became another path", trust.count("/etc/shadow") == 0)
    tap.check("another profile's events are not this one's", "/etc/hostname" not in trust.state)
