# SPDX-License-Identifier: GPL-2.0-or-later
"""Recordings from the kernel's audit socket that end by themselves: on a terminal that changes its size, and without one."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

import node

LABEL = "k8s-stable"
QUIET = 4  # seconds without anything new that end it
NEWS = 14  # seconds during which there is something new, more often than that
REDRAW = re.compile(rb"\r\x1b\[\d+A\x1b\[J")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a pseudo terminal: every piece of what it prints with its time."""

    def __init__(self, columns, rows, command):
        self.pieces = []
        self.fd, other = pty.openpty()
        self.resize(columns, rows)
        # setsid -c makes it the session's terminal; this process must not fork, since gRPC waits for its threads then.
        self.process = subprocess.Popen(["setsid", "-c", *command], stdin=other, stdout=other, stderr=other,
                                        env={**os.environ, "TERM": "xterm"})
        os.close(other)
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def resize(self, columns, rows):
        """The kernel sends the SIGWINCH."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        while True:
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # the other side is closed
                return
            if not data:
                return
            self.pieces.append((time.monotonic(), data))

    def text(self, begin=0.0, end=float("inf")):
        return b"".join(data for when, data in self.pieces if begin <= when < end)

    def wait(self, seconds):
        """The exit code, None where it did not end; the time of its end."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        ended = time.monotonic()
        self.thread.join(5)
        return code, ended


def make_news(seconds):
    """New files for a while, twenty a second, and then the same one again and again until it is ended."""
    script = (f"n=0; end=$(($(date +%s) + {seconds})); while [ $(date +%s) -lt $end ]; do n=$((n + 1)); : > /tmp/stable-$n;"
              " sleep 0.05; done; while :; do : > /tmp/stable-1; sleep 0.2; done")
    return subprocess.Popen(["aa-exec", "-p", LABEL, "--", "sh", "-c", script], start_new_session=True)


def most_within(seconds, times):
    """Several seconds even out how late they were read here."""
    return max((sum(1 for other in times if start <= other < start + seconds) for start in times), default=0)


def widest(text):
    """The longest line of the block as it was drawn."""
    lines = ESCAPE.sub("", text.decode(errors="replace")).replace("\r", "").split("\n")
    return max((len(line) for line in lines), default=0)


def end_of(task):
    os.killpg(task.pid, signal.SIGKILL)
    task.wait()


def check_terminal(tap, out):
    command = ["aa-learn", "--profile", LABEL, "--source", "netlink", "--until-stable", str(QUIET), "-o", str(out / "stable")]
    terminal = Terminal(80, 24, command)
    node.wait_for("the block", lambda: b"Ctrl-C finishes" in terminal.text(), 30)
    begun, task = time.monotonic(), make_news(NEWS)
    time.sleep(NEWS / 3)
    terminal.resize(30, 8)
    time.sleep(NEWS / 3)
    narrow = (begun + NEWS / 3 + 1, time.monotonic())
    terminal.resize(200, 50)
    code, ended = terminal.wait(60)
    end_of(task)
    took = ended - begun
    times = [when for when, data in terminal.pieces for _ in REDRAW.findall(data)]
    tap.check("a recording from netlink ends by itself, and not while there is something new", code == 0
              and NEWS + QUIET - 1 <= took < NEWS + QUIET + 20, f"exit code {code} after {took:.1f} s",
              terminal.text(ended - 2).decode(errors="replace").splitlines()[-8:])
    most = most_within(5, times)
    tap.check("its block is drawn often, and at most ten times a second", len(times) > NEWS and most <= 5 * 10 + 1,
              f"{len(times)} times, {most} within five seconds")
    drawn = REDRAW.split(terminal.text(*narrow))[1:-1]
    tap.check("on 30 columns no line is longer, nor are there more than 7", drawn
              and all(widest(text) < 30 and text.count(b"\n") <= 7 for text in drawn),
              f"drawn {len(drawn)} times, widest {max(map(widest, drawn), default=0)}", drawn[:1])
    wide = [text for text in REDRAW.split(terminal.text(narrow[1] + 1, ended)) if b"Ctrl-C" in text]
    tap.check("it uses the terminal that was made wider again", any(widest(text) > 60 for text in wide), wide[:1])
    state = (out / "stable" / f"{LABEL}.learned.yaml").read_text()
    seen = len(set(re.findall(r'path: "/tmp/stable-(\d+)"', state)))
    tap.check("everything that was new is in the state", seen > NEWS, f"{seen} files")


def check_plain(tap, out):
    command = ["aa-learn", "--profile", LABEL, "--source", "netlink", "--until-stable", str(QUIET), "-o", str(out / "plain")]
    with open(out / "plain.stderr", "wb") as stderr:
        learn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
    node.wait_for("it listens", lambda: LABEL in (out / "plain.stderr").read_text(), 30)
    begun, task = time.monotonic(), make_news(NEWS)
    code = learn.wait(NEWS + 60)
    took = time.monotonic() - begun
    end_of(task)
    text = (out / "plain.stderr").read_text()
    lines = re.findall(r"\d\d:\d\d:\d\d: \d+ events.*", text)
    tap.check("without a terminal it ends by itself, too", code == 0 and took >= NEWS + QUIET - 1, f"exit code {code} after {took:.1f} s")
    tap.check("without a terminal it prints plain lines, and few", 1 <= len(lines) <= 3 and "\x1b" not in text and "\r" not in text,
              text.splitlines())


def check(tap, out, _client, _reader):
    node.run("aa-learn", "-q", "--for", "1", "-o", "/tmp/nothing", "--profile", LABEL)
    check_terminal(tap, out)
    check_plain(tap, out)
