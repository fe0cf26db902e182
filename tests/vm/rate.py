# SPDX-License-Identifier: GPL-2.0-or-later
"""The rate at which aa-learn keeps up, guest side: offered rates go up to what the kernel can produce.

Usage: rate.py OUT. Prints lines "NAME VALUE UNIT". Nothing is judged by time; what the account and the workload's own count
disagree about is printed as `unaccounted`, and makes the exit code 1.
"""

import os
import pathlib
import subprocess
import sys
import time

import audit
from recording import LABEL, Recording, under

FILE = "/var/lib/rate/file"
TASKS = 4
SECONDS = 5
SHARES = (10, 25, 50, 75, 100)
KEPT_UP = 1  # seconds after the flood until nothing waits any more
TICK = os.sysconf("SC_CLK_TCK")


def put(name, value, unit):
    print(name, f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value, unit, flush=True)


def flood(rate, seconds=SECONDS):
    """Floods under the label; returns how many opens there were, and the rate they came to."""
    done = subprocess.run(under(LABEL, "/job/flood", FILE, str(TASKS), str(rate), str(seconds)), check=True, timeout=seconds + 120,
                          capture_output=True, text=True)
    count, micros = map(int, done.stdout.split())
    return count, count * 1e6 / micros


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_kib(pid):
    return int(pathlib.Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0])


def queued(pid):
    """How many bytes of records wait in the audit sockets of a process."""
    inodes = set()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        target = os.readlink(link)
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    lines = [line.split() for line in pathlib.Path("/proc/net/netlink").read_text().splitlines()[1:]]
    return sum(int(words[4]) for words in lines if words[9] in inodes)


def measure(out, name, rate, base):
    """One step; returns the rate it reached, whether the reader kept up, and how many records nobody accounts for."""
    with Recording(out, name) as recording:
        pid = recording.process.pid
        before = cpu_seconds(pid)
        made, reached = flood(rate)
        begin = time.monotonic()
        waiting = queued(pid)
        while queued(pid) > 0 and time.monotonic() - begin < 120:
            time.sleep(0.05)
        drained = time.monotonic() - begin
        used, peak = cpu_seconds(pid) - before, peak_kib(pid)
        after, _ = flood(1, 1)  # a gap shows in the record after it
    heard, lost = recording.count(FILE), recording.lost
    put(f"{name}.offered", reached, "records/s")
    put(f"{name}.made", made, "records")
    put(f"{name}.lost", lost, "records")
    put(f"{name}.waiting", waiting, "bytes")
    put(f"{name}.drained", drained, "s")
    put(f"{name}.cpu", used * 1e6 / max(heard, 1), "us/record")
    put(f"{name}.peak", peak, "KiB")
    return reached, lost == 0 and drained < KEPT_UP, made + after + 2 * base - recording.events - lost


def main():
    out = pathlib.Path(sys.argv[1]) / "rate"
    pathlib.Path(FILE).parent.mkdir(parents=True)
    pathlib.Path(FILE).write_text("x")
    with Recording(out, "quiet") as quiet:
        made, _ = flood(1, 1)
    base = quiet.events - made
    audit.set_backlog_limit(65536)
    _, most = flood(0)
    audit.set_backlog_limit(64)
    put("kernel.most", most, "records/s")
    kept, reached, unaccounted = 0, 0, 0
    for share in SHARES:
        reached, kept_up, missing = measure(out, f"step{share}", 0 if share == 100 else most * share / 100, base)
        kept = max(kept, reached) if kept_up else kept
        unaccounted += abs(missing)
    put("kept.rate", kept, "records/s")
    put("kept.share", 100 * kept / max(most, reached), "percent")
    put("unaccounted", unaccounted, "records")
    return 1 if unaccounted else 0


if __name__ == "__main__":
    sys.exit(main())
