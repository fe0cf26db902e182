# SPDX-License-Identifier: GPL-2.0-or-later
"""Learns through a real journald: live, killed again and again, with other sources at once, and from its files."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import tap
from recording import LABEL, Recording, under

FILES = pathlib.Path("/tmp/journal-files")
OPENS = """
import sys, time
for i in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):
    open(f'/tmp/journal-files/{i}').close()
    if i % 20 == 0:
        time.sleep(0.05)
"""


def opens(first, count):
    """A task under the label that opens so many files, each once."""
    return subprocess.Popen(under(LABEL, "python3", "-B", "-c", OPENS, str(first), str(count)))


def once(run, first, count):
    """How many of the files the state saw just once."""
    return sum(run.count(FILES / str(i)) == 1 for i in range(first, first + count))


def settle(first, count):
    """Waits for journald, which is slower than the kernel on a busy machine."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = subprocess.run(["journalctl", "--quiet", "-o", "cat", "_TRANSPORT=audit"], capture_output=True, text=True)
        if f'"{FILES / str(first + count - 1)}"' in found.stdout:
            break
        time.sleep(1)


def live(t, out, name, first, *options):
    with Recording(out, name, *options) as run:
        opens(first, 500).wait()
        settle(first, 500)
    t.check(f"{name}: each of 500 opens is counted once", once(run, first, 500) == 500, *run.notes())
    t.check(f"{name}: and none is lost", run.lost == 0 and run.code == 0, *run.notes())


def stalled(t, out):
    """journald is stopped when the recording ends."""
    pid = int(subprocess.check_output(["systemctl", "show", "--property=MainPID", "--value", "systemd-journald"]))
    with Recording(out, "stalled", "--source", "journald") as run:
        os.kill(pid, signal.SIGSTOP)
        opens(3700, 100).wait()
        threading.Timer(5, os.kill, (pid, signal.SIGCONT)).start()
    t.check("stalled: what journald has not written yet at the end is waited for",
            once(run, 3700, 100) == 100 and run.code == 0, *run.notes())


def hears():
    return subprocess.run(["systemctl", "--quiet", "is-active", "systemd-journald-audit.socket"]).returncode == 0


def listen(t, out):
    """A minimal Debian 13 leaves off the socket through which journald hears the audit stream: aa-learn must know."""
    if hears():
        return
    with Recording(out, "deaf", "--source", "journald") as run:
        opens(3500, 100).wait()
    blind = run.code == 3 and run.json["sources"][0]["blind"]
    t.check("deaf: without the audit stream nobody knows what is lost, and that is said", blind, *run.notes())
    units = ["systemd-journald.socket", "systemd-journald-dev-log.socket", "systemd-journald.service"]
    subprocess.run(["systemctl", "stop", *units])
    subprocess.run(["systemctl", "start", "systemd-journald-audit.socket", *units])
    t.check("journald hears the audit stream", hears())


class Resumed(Recording):
    """One that finds a directory."""

    def __enter__(self):
        with open(self.dir / "json", "wb") as stdout, open(self.dir / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        return self


def killed(t, out):
    """aa-learn ends by SIGKILL five times while records come; its last run has them all."""
    where = out / "killed"
    command = ["aa-learn", "--profile", LABEL, "--source", "journald", "-o", str(where), "-q"]
    process = subprocess.Popen(command)
    time.sleep(4)
    task = opens(2000, 1500)
    for pause in (1.3, 3.1, 5.7, 2.2, 4.4):
        time.sleep(pause)
        process.kill()
        process.wait()
        time.sleep(1)
        process = subprocess.Popen(command)
    task.wait()
    settle(2000, 1500)
    process.kill()
    process.wait()
    with Resumed(out, "killed", "--source", "journald") as run:
        time.sleep(5)
    t.check("killed: each of 1500 opens is counted once", once(run, 2000, 1500) == 1500, *run.notes())
    whole = run.state.count("  source: ") == 1 and run.lost == 0 and run.code == 0
    t.check("killed: in one run, and none is lost", whole, *run.notes())


def files(t, out):
    """What journald wrote is read from its beginning."""
    subprocess.run(["journalctl", "--sync"], check=True)
    journal = next(d for base in ("/var/log/journal", "/run/log/journal") for d in pathlib.Path(base).glob("*"))
    where = out / "files"
    subprocess.run(["aa-learn", "--profile", LABEL, "--source", f"journald={journal}", "-o", str(where), "-q"])
    text = (where / f"{LABEL}.learned.yaml").read_text()
    seen = sum(f'path: "{FILES / str(i)}"' in text for i in [*range(500), *range(2000, 3500)])
    t.check("files: all of it is in journald's files", seen == 2000, f"{seen} of 2000")


def main():
    out = pathlib.Path(sys.argv[1])
    t = tap.Tap()
    FILES.mkdir()
    for i in range(4000):
        (FILES / str(i)).touch()
    listen(t, out)
    live(t, out, "journald", 0, "--source", "journald")
    live(t, out, "several", 1000, "--source", "netlink", "--source", "journald", "--source", "kmsg")
    stalled(t, out)
    killed(t, out)
    files(t, out)
    return t.finish()


sys.exit(main())
