# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command of aa-register again and again, each time with another system call going wrong.

Usage: faults.py LIBRARY HOW STEP NODE WORK COMMAND...

NODE is a recorded node, an absolute path. HOW is one of fault.c's. The first call is made to go wrong, then the STEPth behind it
(1: every call), until the command runs to its end without. After each run the recorded kernel, what is registered, the texts and the seccomp profiles are what they were before,
or the command succeeded, and they are what it makes of them; or the message says what differs. Then the command, run again, makes
them that, and leaves nothing behind. Prints what is not so, and at the end how many calls there were.
"""

import itertools
import os
import pathlib
import shutil
import subprocess
import sys

KERNEL = "sys/kernel/security/apparmor"
SECCOMP = "var/lib/kubelet/seccomp/aakit"
CHANGING = (f"{KERNEL}/policy", f"{KERNEL}/profiles", f"{KERNEL}/revision", f"{KERNEL}/.replace", f"{KERNEL}/.remove", "etc", "var",
            "run")
MAX_SHOWN = 5


def profiles(directory, parent=""):
    """Full name -> (mode, hash) of what the recorded kernel holds."""
    found = {}
    for entry in sorted(directory.iterdir()) if directory.exists() else ():
        name = parent + (entry / "name").read_text().strip()
        found[name] = ((entry / "mode").read_text().strip(), (entry / "sha256").read_text().strip())
        found.update(profiles(entry / "profiles", name + "//"))
    return found


def state(node):
    store = node / "var/lib/aakit/registered.yaml"
    texts = {path.name: path.read_bytes() for path in (node / "etc/apparmor.d").iterdir() if not path.name.startswith(".")}
    seccomp = {path.name: path.read_bytes() for path in (node / SECCOMP).iterdir() if not path.name.startswith(".")}
    return profiles(node / KERNEL / "policy/profiles"), store.read_bytes(), texts, seccomp


def leftovers(node):
    return [str(path) for top in ("etc/apparmor.d", "var/lib/aakit", SECCOMP) for path in (node / top).glob(".*")]


class Walk:
    def __init__(self, library, how, step, node, work, command):
        self.library, self.how, self.step, self.command = library, how, step, command
        self.node, self.saved, self.log = node, work / "saved", work / "fault.log"
        self.shown = 0
        shutil.rmtree(work, ignore_errors=True)
        self.saved.mkdir(parents=True)
        self.copy(node, self.saved)
        self.before = state(node)
        self.run()
        self.after = state(node)

    @staticmethod
    def copy(source, target):
        for part in CHANGING:
            if (source / part).is_dir():
                shutil.rmtree(target / part, ignore_errors=True)
                shutil.copytree(source / part, target / part)
            elif (source / part).exists():
                (target / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / part, target / part)

    def run(self, at=None):
        environment = os.environ | {"LD_PRELOAD": self.library}
        if at is not None:
            environment |= {"AAKIT_FAULT_HOW": self.how, "AAKIT_FAULT_AT": str(at),
                            "AAKIT_FAULT_BELOW": str(self.node), "AAKIT_FAULT_EXCEPT": "/apparmor/features",
                            "AAKIT_FAULT_LOG": str(self.log)}
        return subprocess.run(self.command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    def complain(self, at, what, result):
        self.shown += 1
        if self.shown <= MAX_SHOWN:
            call = self.log.read_text().splitlines()[:1]
            print(f"{self.how} {at} ({call}): {what}: exit {result.returncode}: {result.stderr.strip()[-600:]}")

    def judge(self, at, result):
        now = state(self.node)
        if self.how == "kill":
            if now[0] not in (self.before[0], *self.between(), self.after[0]):
                self.complain(at, "the kernel is half changed", result)
        elif result.returncode == 3:  # what tasks may wear, which cannot be seen, stays
            if now[0] not in self.between():
                self.complain(at, "a finding, but not all is loaded", result)
        elif result.returncode == 0:
            if now != self.after:
                self.complain(at, "success, but not what it makes", result)
        elif self.how in ("eintr", "short"):
            self.complain(at, "this is no failure", result)
        elif now != self.before and " NOT " not in result.stderr:
            differ = [word for word, old, new in zip(("kernel", "store", "texts", "seccomp"), self.before, now) if old != new]
            self.complain(at, f"something was changed: {differ}", result)

    def between(self):
        """Removals come one after another: all is loaded, and not all is gone."""
        loaded = self.before[0] | self.after[0]
        gone = sorted(set(self.before[0]) - set(self.after[0]))
        for count in range(len(gone)):
            for these in itertools.combinations(gone, count):
                yield {name: kept for name, kept in loaded.items() if name not in these}

    def converge(self, at, faulty):
        if state(self.node) != self.after:
            result = self.run()
            if result.returncode != 0 or state(self.node) != self.after:
                self.complain(at, "the next run does not converge", result)
        elif self.how == "kill":
            return  # what it left is swept by the next run
        if leftovers(self.node):
            self.complain(at, f"left behind: {leftovers(self.node)}", faulty)

    def walk(self):
        at, count = 1 - self.step, 0
        while True:
            at += self.step
            self.copy(self.saved, self.node)
            self.log.unlink(missing_ok=True)
            result = self.run(at)
            if not self.log.exists():
                break
            count += 1
            self.judge(at, result)
            self.converge(at, result)
        if result.returncode != 0 or state(self.node) != self.after:
            print(f"{self.how}: without a fault: exit {result.returncode}: {result.stderr}")
            self.shown += 1
        print(f"# {self.how}: {count} of about {at - 1} calls, {self.shown} of them not as they should be")
        return self.shown == 0 and count > 0


def main():
    library, how, step, node, work = sys.argv[1:6]
    walk = Walk(library, how, int(step), pathlib.Path(node), pathlib.Path(work), sys.argv[6:])
    good = walk.walk()
    walk.copy(walk.saved, walk.node)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
