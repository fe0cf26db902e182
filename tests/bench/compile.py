#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times aa-compile beside apparmor_parser on the same profiles. Called by script/bench.

usage: compile.py BINDIR WORKDIR RUNS PROFILES

Three sets of PROFILES profiles: as aa-learn writes them, made of those of tests/cases with other names and 10 to 60 more
rules each; the same with abstractions/base, as people write them; and such of 200 rules more. Each run times, in turn and on all processors: a build
from nothing, beside the parser that fills its cache; a build with nothing to do, beside the parser that reads its cache;
and a build after one profile changed, beside the parser that compiles only that one. Both stay away from any kernel. Two
lines tell what a build with nothing to do can not be faster than: starting each program for its --version, and BINDIR/digests,
which reads the texts, takes their digests and looks whether the bundle's files are there, on all processors, and does nothing else.
BINDIR/single/aa-compile, where it is there, is one that was built without libraries.
Medians; the memory is the program's own, in a build from nothing: of aa-compile without the parsers that it runs, 5 to 10 MiB
each, of apparmor_parser without the processes that it forks.
"""

import os
import pathlib
import random
import re
import shutil
import statistics
import sys
import tempfile
import time

from read import peak_of

TOP = pathlib.Path(__file__).resolve().parents[2]
FEATURES = TOP / "profiles" / "features" / "debian-13-6.12"
LEARNED = ["web/expected/files/k8s-web", "classes/expected/files/k8s-c", "odd/expected/files/k8s-odd",
           "children/expected/files/k8s-nnp"]
# Name; with abstractions/base; how many more rules at least and at most.
SETS = [("as learned", False, 10, 60), ("with abstractions/base", True, 10, 60), ("with abstractions/base and 200 rules", True, 200, 200)]
BASE = "include <tunables/global>\n"


def find_parser():
    for folder in ("/sbin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"):
        path = os.environ.get("AAKIT_APPARMOR_PARSER") or f"{folder}/apparmor_parser"
        if os.access(path, os.X_OK):
            return path
    sys.exit("bench: apparmor_parser is not installed")


def write_profiles(folder, number, abstractions, least, most):
    """Profiles as learned with more rules, LEAST to MOST of them; from a seed, so that every run has the same."""
    folder.mkdir()
    for i in range(number):
        chance = random.Random(i)
        source = TOP / "tests" / "cases" / LEARNED[i % len(LEARNED)]
        text = source.read_text().replace(source.name, f"k8s-{i:03}")
        more = "".join(f"  /srv/app-{i}/{chance.choice('abc')}{chance.randrange(1000)}/"
                       f"{chance.choice(['*', '**', 'x.so*', 'data.json'])} r,\n" for _ in range(chance.randint(least, most)))
        end = text.rindex("}\n")
        text = text[:end] + more + text[end:]
        if abstractions:
            text = re.sub(r"^@{[pt]id}=.*\n", "", text, flags=re.M)
            head = text.index("profile k8s-")
            body = text.index("{\n", head) + 2
            text = text[:head] + BASE + text[head:body] + "  include <abstractions/base>\n" + text[body:]
        (folder / f"k8s-{i:03}").write_text(text)


def start(command, said):
    """The process id of COMMAND, which says what it has to say into the file SAID, and when it was started."""
    with open(os.devnull, "r+b") as null:
        actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), 0), (os.POSIX_SPAWN_DUP2, null.fileno(), 1),
                   (os.POSIX_SPAWN_DUP2, said.fileno(), 2)]
        begin = time.perf_counter()
        return os.posix_spawn(command[0], command, os.environ, file_actions=actions), begin


def run(command, watch=False):
    """Seconds of wall clock, or with WATCH the KiB of memory that it came to."""
    peak = 0
    with tempfile.TemporaryFile() as said:
        process, begin = start(command, said)
        while watch and (now := peak_of(process)):
            peak = max(peak, now)
            time.sleep(0.002)
        _, status = os.waitpid(process, 0)
        wall = time.perf_counter() - begin
        said.seek(0)
        if status != 0:
            sys.exit(f"bench: {' '.join(command)}: {said.read()[-2000:].decode(errors='replace')}")
    return peak if watch else wall


class Bench:
    def __init__(self, bindir, work, profiles):
        self.work, self.profiles = work, profiles
        self.bundle, self.cache, self.one = work / "bundle", work / "cache", profiles / "k8s-000"
        self.ours = [f"{bindir}/aa-compile", str(profiles), "-q", "-o", str(self.bundle), "--features", str(FEATURES)]
        fixed = [find_parser(), "--config-file=/dev/null", "-Q", "-q", "-M", str(FEATURES)]
        self.theirs = [*fixed, f"-j{len(os.sched_getaffinity(0))}", "-r", "-W", "-L", str(self.cache), str(profiles)]
        self.starts = [[f"{bindir}/aa-compile", "--version"], [find_parser(), "--version"]]
        self.single = [f"{bindir}/single/aa-compile", *self.ours[1:]]
        self.digests = [f"{bindir}/digests", str(profiles), str(self.bundle)]
        self.alone = [*fixed, "-K", "-j1", "-o", str(work / "one"), str(self.one)]
        self.times = {}

    def note(self, name, command):
        self.times.setdefault(name, []).append(run(command))

    def forget(self):
        shutil.rmtree(self.bundle, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)

    def run(self, number):
        self.forget()
        self.note("cold", self.ours)
        self.note("cold parser", self.theirs)
        for _ in range(5):
            self.note("nothing", self.ours)
            if os.access(self.single[0], os.X_OK):
                self.note("single", self.single)
            self.note("nothing parser", self.theirs)
            self.note("start", self.starts[0])
            self.note("start parser", self.starts[1])
            if os.access(self.digests[0], os.X_OK):
                self.note("digests", self.digests)
        with open(self.one, "a", encoding="ascii") as out:
            out.write(f"# run {number}\n")
        self.note("one", self.ours)
        self.note("one parser", self.alone)

    def row(self, title, name, beside=None):
        if name not in self.times:
            return
        ours, theirs = (statistics.median(self.times[key]) for key in (name, f"{beside or name} parser"))
        ratio = f"{theirs / ours:6.1f} times as fast" if theirs > 2 * ours else f"{ours / theirs:6.2f} times as long"
        print(f"{title:36} {ours * 1000:10.1f} {theirs * 1000:10.1f}  {ratio}")

    def floor(self):
        ours, theirs = (statistics.median(self.times[key]) for key in ("start", "start parser"))
        print(f"{'starting the program':36} {ours * 1000:10.1f} {theirs * 1000:10.1f}")
        self.row("reading and digesting the texts", "digests", "nothing")

    def memory(self):
        self.forget()
        ours, theirs = run(self.ours, True), run(self.theirs, True)
        print(f"memory: {ours / 1024:.1f} MiB, the parser {theirs / 1024:.1f} MiB")


def main():
    bindir, work, runs, number = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    for i, (title, *made) in enumerate(SETS):
        folder = work / f"set{i}"
        folder.mkdir()
        write_profiles(folder / "profiles", number, *made)
        size = sum(p.stat().st_size for p in (folder / "profiles").iterdir())
        bench = Bench(bindir, folder, folder / "profiles")
        for turn in range(runs):
            bench.run(turn)
        print(f"\n{number} profiles {title}, {size / 1e6:.1f} MB; medians of {runs} runs on {len(os.sched_getaffinity(0))} processors")
        print(f"{'':36} {'ms':>10} {'parser ms':>10}  aa-compile is, or takes")
        bench.row("from nothing", "cold")
        bench.row("nothing changed", "nothing")
        bench.row("the same, as a single file", "single", "nothing")
        bench.row("one changed (parser: only that one)", "one")
        bench.floor()
        bench.memory()


if __name__ == "__main__":
    main()
