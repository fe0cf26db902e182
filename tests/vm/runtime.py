# SPDX-License-Identifier: GPL-2.0-or-later
"""What every profile begins with (profiles/runtime.yaml), line by line, guest side; then what a profile leaves for review,
and recordings that end by themselves.

Usage: runtime.py OUT. Writes TAP to stdout. For each line of the data, what it is for works under a profile that has all
of them and nothing else for signals and ptrace, and is refused under one that lacks just that line.
"""

import json
import pathlib
import re
import subprocess
import sys

import audit
import cri
import node
import review
import stable
import tap as tap_module

IMAGE = "docker.io/local/web:1"
LABEL = "k8s-runtime"
EARLIER = "a-runtime"  # sorts before crun: the kernel orders the labels of a stack by their names
WAIT = ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"]
# What crun does for a container with no_new_privs where crun itself has a label: it stacks the container's on its own.
LIKE_CRUN = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
with open("/proc/self/attr/apparmor/exec", "w") as attr:
    attr.write("stack " + sys.argv[1])
os.execv("/bin/sh", ["sh", "-c", sys.argv[2]])
"""
# None of the two waits for a task that cannot be stopped.
KILL = "sleep 15 > /dev/null 2>&1 & kill $! && wait $!; [ $? = 143 ]"
LOOK = "sleep 15 > /dev/null 2>&1 & cd /proc/$! && sleep 0.3 && readlink exe"


def rules():
    """The rules of the data by their ids; its texts are JSON, too."""
    text = pathlib.Path("/job/runtime.yaml").read_text()
    found = re.findall(r'^  - id: (".*")\n    rule: (".*")$', text, re.MULTILINE)
    return {json.loads(name): json.loads(rule) for name, rule in found}


def load_text(text):
    subprocess.run(["apparmor_parser", "-rKq"], input=text, check=True, timeout=60, text=True)


def load(lines):
    """Profiles that allow what is neither a signal nor ptrace, and what the lines say."""
    body = "".join(f"  {line}\n" for line in ("file,", "capability,", "network,", *lines))
    load_text("abi <abi/3.0>,\n" + "".join(f"profile {label} flags=(attach_disconnected, mediate_deleted) {{\n{body}}}\n"
                                           for label in (LABEL, EARLIER)))


class Container:
    """A container that ends when it is told to; started when it is first used, gone after the with statement."""

    def __init__(self, client):
        self.client, self.pod, self.id = client, None, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pod:
            load(["signal,", "ptrace,"])
            self.client.stop(self.id, 0)
            self.pod.remove()

    def start(self):
        if not self.pod:
            self.pod = cri.Pod(self.client, "runtime", "uid-runtime")
            self.id = self.pod.start(cri.Container("runtime", IMAGE, LABEL, command=WAIT))

    def stops(self):
        """As the runtime stops it: the signal, and then the end."""
        self.start()
        code, _, err = node.run("ctr", "-n", "k8s.io", "task", "kill", "-s", "SIGTERM", self.id)
        if code == 0:
            node.wait_for("the container's end", lambda: self.client.state(self.id) == 2, 30)
        return code == 0, err

    def runs(self, script):
        self.start()
        code, out, err = self.client.execute(self.id, ["/bin/sh", "-c", script])
        return code == 0, out + err


# --- what the lines are for: each tells whether it worked, and what was said --------------------------------------------------

def stop_by_labelled_runc(container):
    """As on Ubuntu, where runc has a profile of its own name that allows everything."""
    container.start()
    load_text("abi <abi/3.0>,\nprofile runc /usr/sbin/runc flags=(unconfined) {\n}\n")
    try:
        return container.stops()
    finally:
        subprocess.run(["apparmor_parser", "-R"], input="profile runc {\n}\n", check=True, text=True)


def stop_by_crun(_):
    """A task under crun's label stops one under the profile's."""
    with subprocess.Popen(["aa-exec", "-p", LABEL, "--", "sleep", "15"]) as task:
        node.wait_for("the label", lambda: node.label_of(task.pid).startswith(LABEL))
        code, _, err = node.run("aa-exec", "-p", "crun", "--", "kill", "-TERM", str(task.pid))
        load(["signal,"])
        task.kill()
    return code == 0, err


def under_a_stack(script):
    """For either order of the two names; mixed answers are none."""
    done = [node.run("aa-exec", "-p", "crun", "--", "python3", "-c", LIKE_CRUN, label, script, timeout=30)
            for label in (LABEL, EARLIER)]
    worked = [code == 0 for code, _, _ in done]
    if worked[0] != worked[1]:
        raise RuntimeError(f"not alike for both orders: {done}")
    return worked[0], str(done)


PROBES = {
    "stop": Container.stops,
    "stop-runc": stop_by_labelled_runc,
    "stop-crun": stop_by_crun,
    "own-signals": lambda container: container.runs(KILL),
    "own-state": lambda container: container.runs(LOOK),
    "stacked-signals": lambda _: under_a_stack(KILL),
    "stacked-state": lambda _: under_a_stack(LOOK),
}


# --- the lines ----------------------------------------------------------------------------------------------------------------

def denials(reader, since):
    """Those of signals and ptrace under the two labels, as the kernel wrote them."""
    lines = [line for label in (LABEL, EARLIER) for line in reader.of_label(label, since)]
    return [line for line in lines if 'operation="signal"' in line or 'operation="ptrace"' in line]


def check_line(tap, container, reader, table, name):
    """First without the line, since what works may be the container's end."""
    load([rule for other, rule in table.items() if other != name])
    since = reader.mark()
    worked, said = PROBES[name](container)
    refused = denials(reader, since)
    tap.check(f"{name}: is refused without its line", not worked and refused, said, refused[:3])
    load(table.values())
    since = reader.mark()
    worked, said = PROBES[name](container)
    refused = denials(reader, since)
    tap.check(f"{name}: works under all lines, and nothing is denied", worked and not refused, said, refused[:3])


def check_lines(tap, client, reader):
    table = rules()
    tap.check(f"the data has {len(table)} lines, and each has a test", table and table.keys() == PROBES.keys(), list(table))
    load_text("abi <abi/3.0>,\nprofile crun flags=(unconfined) {\n}\n")
    load([])
    for name in table:
        try:
            with Container(client) as container:
                check_line(tap, container, reader, table, name)
        except Exception:  # the rest still runs
            tap.crash(name)


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    reader = audit.Reader(out / "records.log")
    reader.start()
    containerd, client = node.start_containerd(out / "containerd.log")
    check_lines(tap, client, reader)
    for part in (review.check, stable.check):
        try:
            part(tap, out, client, reader)
        except Exception:
            tap.crash(part.__module__)
    containerd.terminate()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
