#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times how aa-learn merges states. Called by script/bench.

usage: merge.py BINDIR WORKDIR RUNS

Two large states of which half is the same, and many small ones of runs of their own. Beside it stands what PyYAML takes
to only read the same files, on libyaml as aa-learn does. Medians, as read.py does them.
"""

import importlib.util
import os
import shutil
import statistics
import sys

from read import Contender

READ = "import sys, yaml\nfor name in sys.argv[1:]: yaml.load(open(name, 'rb'), yaml.CSafeLoader)"
SETS = [("two states of 100000 accesses", 2, 100000, 50000), ("2000 states of 300 accesses", 2000, 300, 1)]
ACCOUNT = ("{records: 1, events: %d, denied: 0, unlearned: 0, over_limit: 0, malformed: 0, backlog: 0, overrun: 0, unsized: 0, "
           "unproven: 0, blind: 0}")


def write_state(path, run, first, count):
    """A state of one run, with COUNT paths from number FIRST on."""
    with open(path, "w", encoding="ascii") as out:
        out.write(f'schema: "aakit/learned/1"\nlabel: "k8s-bench"\nruns:\n- id: "{run:016x}"\n  node: "n{run}"\n  boot: "b"\n'
                  f'  source: "netlink"\n  start: {1790000000000 + run}\n  account: {ACCOUNT % (3 * count)}\n  pods: []\nfile:\n')
        for i in range(first, first + count):
            out.write(f'- {{path: "/srv/data/tenant-{i % 1000:03}/objects/{i % 256:02x}/object-{i:08}.bin", mask: "rwc", '
                      "seen: [[0, 3, 1790000000000, 1790000001234]]}\n")
        out.write("capability: []\nnetwork: []\nsignal: []\nptrace: []\n")


def contenders(bindir, files, out, cpus):
    command = [f"{bindir}/aa-learn", "merge", os.path.dirname(files[0]), "-o", out + "/"]
    found = [Contender("aa-learn merge, 1 core", command, learns=True)]
    if len(cpus) > 1:
        found.append(Contender("aa-learn merge, 2 cores", command, cpus=2, learns=True))
    if importlib.util.find_spec("yaml"):
        found.append(Contender("PyYAML, reading alone", ["/usr/bin/python3", "-c", READ, *files]))
    else:
        print("PyYAML: left out, python3-yaml is not there")
    return found


def print_table(name, rows, size, accesses):
    print(f"\n{name}, {size / 1e6:.0f} MB; medians of {len(rows[0].walls)} runs")
    print(f"{'':28}  {'wall s':>8} {'CPU s':>8} {'ns/access':>10} {'RSS MiB':>8}")
    for row in rows:
        wall, cpu = statistics.median(row.walls), statistics.median(row.cpu_times)
        print(f"{row.name:28}  {wall:8.3f} {cpu:8.3f} {wall / accesses * 1e9:10.0f} {row.rss / 1024:8.1f}")


def main():
    bindir, workdir, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    cpus = sorted(os.sched_getaffinity(0))
    states, out = f"{workdir}/states", f"{workdir}/out"
    for name, number, count, step in SETS:
        os.mkdir(states)
        files = [f"{states}/{i:05}.learned.yaml" for i in range(number)]
        for i, file in enumerate(files):
            write_state(file, i, i * step, count)
        rows = contenders(bindir, files, out, cpus)
        for turn in range(runs + 1):
            for row in rows:
                row.run(cpus, out, watch=turn == 0)
                if turn == 0:
                    row.walls.clear()
                    row.cpu_times.clear()
        print_table(name, rows, sum(os.path.getsize(f) for f in files), number * count)
        if len({row.digest for row in rows if row.learns}) != 1:
            sys.exit("bench: the states differ with the number of cores")
        shutil.rmtree(states)


if __name__ == "__main__":
    main()
