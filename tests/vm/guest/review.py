# SPDX-License-Identifier: GPL-2.0-or-later
"""A pod that was compromised while it was learned: what it did is for review, can be allowed by its kind, and is refused
until then."""

import pathlib
import re
import subprocess

import cri
import node
from recording import Recording

IMAGE = "docker.io/local/web:1"
LABEL = "k8s-intruder"
SOCKET = "/run/containerd/containerd.sock"
# What it does, by the ID that allows it: the words for /intrude, what it prints where AppArmor does not stand in the way
# (a socket cannot be opened), and a piece of each rule that comes of it.
DEEDS = {
    "runtime-socket": (["open", SOCKET], "ENXIO", [f"{SOCKET} r"]),
    "password-hashes": (["open", "/etc/shadow"], "done", ["/etc/shadow r"]),
    "ptrace": (["trace"], "done", ["ptrace (trace", "tracedby"]),
    "mount": (["mount", "/mnt"], "done", ["mount fstype=tmpfs", "umount /mnt/"]),
}
# mount(2) asks for the capability, which is of another kind.
ALSO = {"mount": ["sys-admin"]}
REFUSED = ("EACCES", "EPERM")


class Intruder:
    def __init__(self, client):
        self.client = client
        self.pod = cri.Pod(client, "intruder", "uid-intruder")
        mounts = [cri.Mount("/job/intrude", "/intrude", True), cri.Mount(SOCKET, SOCKET)]
        self.id = self.pod.start(cri.Container("intruder", IMAGE, LABEL, command=["/bin/sleep", "3600"], mounts=mounts,
                                               powerful=True))

    def do(self, words):
        """What each of the deeds printed."""
        code, out, err = self.client.execute(self.id, ["/intrude", *words])
        if code:
            raise RuntimeError(f"/intrude ended with {code}: {err}")
        return out.split()

    def do_all(self):
        return dict(zip(DEEDS, self.do([word for words, _, _ in DEEDS.values() for word in words])))


def load(path):
    subprocess.run(["apparmor_parser", "-rKq", str(path)], check=True, timeout=60)


def profile_with(state, path, kinds):
    """Loads the profile that aa-learn makes of a state where these kinds are allowed."""
    options = [word for kind in kinds for word in ("--allow", kind)]
    code, text, err = node.run("aa-learn", "profile", *options, str(state))
    if code:
        raise RuntimeError(f"aa-learn profile ended with {code}: {err}")
    path.write_text(text)
    load(path)
    return text


def active(text):
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def for_review(text):
    return [line.strip() for line in text.partition("# review:")[2].splitlines() if line.lstrip().startswith("#")]


def check_written(tap, text, shown):
    for name, (_, _, pieces) in DEEDS.items():
        lines = [[line for line in for_review(text) if piece in line and f"[{name}]" in line] for piece in pieces]
        tap.check(f"{name}: is for review, with its evidence and the ID that allows it",
                  all(lines) and all("event" in line for found in lines for line in found), lines)
        tap.check(f"{name}: is in no active rule", not [line for line in active(text) if any(p in line for p in pieces)])
        told = [[line for line in shown.splitlines() if piece in line and f"[{name}]" in line] for piece in pieces]
        tap.check(f"{name}: aa-learn show tells of it", all(told), told)


def check_enforced(tap, intruder, reader, state, path, allowed):
    """Under the enforced profile what was allowed works, and the rest is refused and logged."""
    kinds = [kind for name in allowed for kind in (name, *ALSO.get(name, []))]
    text = profile_with(state, path, kinds)
    since = reader.mark()
    results = intruder.do_all()
    wanted = {name: results[name] == DEEDS[name][1] if name in allowed else results[name] in REFUSED for name in DEEDS}
    refused = reader.of_label(LABEL, since)
    tap.check(f"enforced, allowed: {', '.join(allowed) or 'nothing'}", all(wanted.values())
              and (len(refused) >= len(DEEDS) - len(allowed)), results, refused)
    return text


def check(tap, out, client, reader):
    node.run("aa-learn", "-q", "--for", "1", "-o", "/tmp/nothing", "--profile", LABEL)
    intruder = Intruder(client)
    recording = Recording(out, "review", label=LABEL)
    recording.command = ["aa-learn", "--pod", "intruder", "--json", "-o", str(recording.dir)]
    recording.ready = "learning from it"
    with recording:
        results = intruder.do_all()
    tap.check("the pod is told to have the runtime's socket", f"has the container runtime's socket ({SOCKET})" in recording.stderr,
              recording.stderr.splitlines())
    tap.check("while it is learned nothing stops it", results == {name: deed[1] for name, deed in DEEDS.items()}, results)
    state, path = recording.dir / f"{LABEL}.learned.yaml", recording.dir / LABEL
    _, shown, _ = node.run("aa-learn", "show", str(state))
    check_written(tap, path.read_text(), shown)
    other = pathlib.Path(out, "review", "allowed")
    for allowed in ([], *([name] for name in DEEDS), list(DEEDS)):
        text = check_enforced(tap, intruder, reader, state, other, allowed)
    tap.check("allowed rules are active, and say that they were allowed",
              all(any(piece in line and f"--allow {name}" in line for line in active(text))
                  for name, (_, _, pieces) in DEEDS.items() for piece in pieces), active(text))
    other.write_text(re.sub(r"}\s*$", "  network unix stream,\n}\n", profile_with(state, other, [])))
    load(other)
    connected = intruder.do(["connect", SOCKET])
    tap.check("a profile with unix sockets keeps the pod from the runtime's socket", connected[0] in REFUSED, connected,
              todo="Debian's kernels do not ask AppArmor about connecting to a path; aa-learn warns")
    intruder.client.stop(intruder.id, 0)
    intruder.pod.remove()
