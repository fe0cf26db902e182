#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times how aa-learn reads logs, side by side with what else reads them. Called by script/bench.

usage: read.py BINDIR WORKDIR RUNS RECORDS...

For each number of RECORDS it writes a log (generate.py) into WORKDIR, then runs every program RUNS times, in turn, so
that a change of the machine's mood meets all of them. It prints medians, and ratios to `grep -c` over the same file.
The files are read once before, so that all of them come from memory. BINDIR holds aa-learn and the other programs.
"""

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SLOW_MAX = 100000  # records that the slow programs are given at most


class Contender:
    """A program to time: NAME is what the table says, and `slow` that it is only given small logs."""

    def __init__(self, name, command, cpus=1, slow=False, learns=False):
        self.name, self.command, self.cpus, self.slow, self.learns = name, command, cpus, slow, learns
        self.walls, self.cpu_times, self.rss = [], [], 0
        self.digest = None
        # grep stops at the first match where nobody reads its count; what it says fits into the pipe.
        self.stdout = subprocess.PIPE if command[0] == "grep" else subprocess.DEVNULL

    def run(self, cpus, state_dir, watch):
        """Runs it once on CPUS, and notes what it took, or with WATCH how much memory it comes to."""
        shutil.rmtree(state_dir, ignore_errors=True)
        begun = time.monotonic()
        with subprocess.Popen(["taskset", "-c", ",".join(map(str, cpus[:self.cpus])), *self.command],
                              stdout=self.stdout, stderr=subprocess.DEVNULL) as process:
            while watch and (peak := peak_of(process.pid)):
                self.rss = max(self.rss, peak)
                time.sleep(0.002)
            _, status, usage = os.wait4(process.pid, 0)
            self.walls.append(time.monotonic() - begun)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            sys.exit(f"bench: {self.name} ended with {process.returncode}: {' '.join(self.command)}")
        self.cpu_times.append(usage.ru_utime + usage.ru_stime)
        if self.learns:
            self.digest = digest_of(state_dir)


def peak_of(pid):
    """The largest memory that a process had, in KiB; 0 once it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("VmHWM")), 0)
    except ProcessLookupError:
        return 0


def digest_of(folder):
    """Of all files below FOLDER."""
    digest = hashlib.sha256()
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            digest.update(name.encode() + b"\0" + file.read())
    return digest.hexdigest()


def contenders(bindir, log, state_dir, cpus):
    """All that can be run here, the floor first."""
    learn = [f"{bindir}/aa-learn", "record", "--profile", "k8s-*", "--state-only", "--input", log, "-o", state_dir]
    found = [Contender("grep -c apparmor=", ["grep", "-c", "apparmor=", log]),
             Contender("aa-learn record, 1 core", learn, learns=True)]
    if len(cpus) > 1:
        found.append(Contender("aa-learn record, 2 cores", learn, cpus=2, learns=True))
    found.append(Contender("aa-learn events, 1 core", [f"{bindir}/aa-learn", "events", "--input", log]))
    others = [("parse_record(), all lines", [f"{bindir}/libapparmor", log], False),
              ("parse_record(), chosen lines", [f"{bindir}/libapparmor", log, "chosen"], False),
              ("auparse, five fields", [f"{bindir}/auparse", log], True),
              ("aa-logprof's reader", ["/usr/bin/python3", f"{HERE}/logprof.py", log], True)]
    for name, command, slow in others:
        if os.access(command[0], os.X_OK):
            found.append(Contender(name, command, slow=slow))
        else:
            print(f"{name}: left out, {command[0]} is not there")
    return found


def write_log(path, records):
    with open(path, "wb") as file:
        subprocess.run([sys.executable, f"{HERE}/generate.py", str(records)], stdout=file, check=True)


def print_table(rows, records, size):
    """Medians; the first row is what the others are compared with."""
    floor = statistics.median(rows[0].walls)
    print(f"\n{records} AppArmor records among {2 * records} lines, {size / 1e6:.0f} MB; medians of {len(rows[0].walls)} runs")
    print(f"{'':28}  {'wall s':>8} {'CPU s':>8} {'ns/record':>10} {'RSS MiB':>8}  {'x grep':>7}")
    for row in rows:
        wall, cpu = statistics.median(row.walls), statistics.median(row.cpu_times)
        print(f"{row.name:28}  {wall:8.3f} {cpu:8.3f} {wall / records * 1e9:10.0f} {row.rss / 1024:8.1f}  {wall / floor:7.2f}")


def check(rows):
    """What is timed must also be right: whatever the number of cores, the same state."""
    digests = {row.digest for row in rows if row.learns}
    if len(digests) != 1:
        sys.exit("bench: the states differ with the number of cores")
    print("the states are the same, byte for byte: " + digests.pop()[:16])


def main():
    bindir, workdir, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    cpus = sorted(os.sched_getaffinity(0))
    for records in map(int, sys.argv[4:]):
        log, state_dir = f"{workdir}/log", f"{workdir}/state"
        write_log(log, records)
        rows = [c for c in contenders(bindir, log, state_dir, cpus) if not c.slow or records <= SLOW_MAX]
        for number in range(runs + 1):
            for row in rows:
                row.run(cpus, state_dir, watch=number == 0)
                if number == 0:
                    row.walls.clear()
                    row.cpu_times.clear()
        print_table(rows, records, os.path.getsize(log))
        check(rows)
        os.unlink(log)


if __name__ == "__main__":
    main()
