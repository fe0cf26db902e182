# SPDX-License-Identifier: GPL-2.0-or-later
"""Pods under the security context that was learned for them, guest side.

Usage: patch_pods.py OUT. Writes TAP to stdout. The web server and redis run with what a runtime gives by default while
aa-learn listens, redis under a seccomp profile that logs as well. Then others of their kind run with all that NAME.pod.yaml
says at once: the profile, no capability but those that are named, no_new_privs, the user, the root filesystem, and the
seccomp profile: the one that was learned, or the runtime's. aa-compile and aa-register bring the profiles to the node.
"""

import json
import pathlib
import signal
import subprocess
import sys
import time

import audit
import cri
import node
import tap as tap_module
import workloads

KUBELET = pathlib.Path("/var/lib/kubelet/seccomp")

# Each makes what the default set of capabilities allows; no application here needs it.
ATTACKS = {"MKNOD": "mknod /tmp/disk b 8 0 && echo done", "SYS_CHROOT": "chroot / /bin/true && echo done"}


def value_of(text):
    if text[:1] in "\"[":
        return json.loads(text)
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)


def settings_of(patch):
    """The container of a patch: what its lines say, comments left out."""
    found, keys, adding = {}, {}, []
    for line in patch.splitlines():
        body = line.split("  #")[0].rstrip() if not line.lstrip().startswith("#") else ""
        word = body.strip()
        if word.startswith("- ") and ":" not in word:
            adding.append(value_of(word[2:]))
        elif word:
            key, _, value = word.removeprefix("- ").partition(":")
            depth = len(body) - len(body.lstrip())
            keys = {d: k for d, k in keys.items() if d < depth} | {depth: key}
            path = ".".join(k for d, k in sorted(keys.items()) if d >= 8)
            found[path or key] = value_of(value.strip()) if value.strip() else None
    return found | {"capabilities.add": adding}


class Patched:
    """Mixed into an application: its pods have what the patch says."""

    settings: dict = {}

    def spec(self, label, **options):
        container = super().spec(label, **options)
        found = self.settings
        container.drop, container.add = found["capabilities.drop"], found["capabilities.add"]
        container.no_new_privs = found.get("allowPrivilegeEscalation") is False
        container.readonly = found.get("readOnlyRootFilesystem") is True
        container.seccomp_default = found["seccompProfile.type"] == "RuntimeDefault"
        if not container.seccomp_default:
            container.seccomp = str(KUBELET / found["seccompProfile.localhostProfile"])
        container.user = found.get("runAsUser", 0)
        return container


class PatchedWeb(Patched, workloads.Web):
    pass


class PatchedCache(Patched, workloads.Cache):
    pass


class LoggedCache(workloads.Cache):
    """Its system calls are heard, too."""

    options = ("--syscalls",)

    def spec(self, label, **options):
        container = super().spec(label, **options)
        container.seccomp = str(KUBELET / f"aakit/log/{self.label}.json") if label else None
        return container


class Learning:
    """One aa-learn of a pod; the pod is trained meanwhile."""

    def __init__(self, tap, out, work):
        self.tap, self.work = tap, work
        self.dir = out / work.pod
        self.dir.mkdir(parents=True)

    def stderr(self):
        return (self.dir / "stderr").read_text(errors="replace")

    def start(self):
        with open(self.dir / "json", "wb") as stdout, open(self.dir / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(["aa-learn", "--json", "--pod", self.work.pod, "-o", str(self.dir),
                                             *getattr(self.work, "options", ())],
                                            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        node.wait_for("the profile", lambda: node.loaded_mode(self.work.label), 60)
        node.wait_for("aa-learn waits for the pod", lambda: "localhostProfile" in self.stderr(), 60)

    def train(self):
        self.work.prepare("2026_11_21_10_00_00.123456789")
        self.work.create("x2x9k", self.work.label)
        node.wait_for("the pod is found", lambda: "learning from it" in self.stderr(), 60)
        self.work.train()

    def end(self):
        """The patch, and what it says."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        patch = self.dir / f"{self.work.label}.pod.yaml"
        text = patch.read_text() if patch.exists() else ""
        self.tap.check(f"{self.work.pod}: learned, with a patch of the pod", code == 0 and text, f"exit code {code}",
                       *self.stderr().splitlines()[-8:])
        self.work.delete()
        return text, settings_of(text)


def enforce(tap, work, directory):
    """The profiles, from a bundle."""
    seccomp = directory / f"{work.label}.seccomp.json"
    learned = [directory / work.label, *([seccomp] if seccomp.exists() else [])]
    compiled = node.run("aa-compile", *map(str, learned), "-o", str(directory / "bundle"))
    registered = node.run("aa-register", str(directory / "bundle"))
    tap.check(f"{work.pod}: its {len(learned)} profiles are compiled and registered", compiled[0] == 0 and registered[0] == 0
              and node.loaded_mode(work.label) == "enforce", compiled, registered)


def wears(pid, label):
    try:
        return node.label_of(pid) == f"{label} (enforce)"
    except OSError:  # it has ended meanwhile
        return False


def check_status(tap, work):
    """What the kernel says of the container's first program."""
    first = min(int(entry.name) for entry in pathlib.Path("/proc").glob("[0-9]*") if wears(entry.name, work.label))
    text = pathlib.Path(f"/proc/{first}/status").read_text()
    status = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    found = {key: status.get(key, "").strip() for key in ("CapBnd", "NoNewPrivs", "Seccomp")}
    tap.check(f"{work.pod}: no_new_privs and a filter of system calls are on", found["NoNewPrivs"] == "1" and found["Seccomp"] == "2",
              found)
    return int(found["CapBnd"] or "0", 16)


def check_held_out(tap, reader, work):
    since = reader.mark()
    work.prepare("2026_11_22_11_00_00.987654321")
    work.create("q8w7r", work.label)
    work.held_out()
    time.sleep(2)
    denied = [record for record in reader.of_label(work.label, since) if "DENIED" in record]
    tap.check(f"{work.pod}: under all of it at once another load works, and nothing is denied", not denied, denied[:10])


def attack(client, work, name):
    """What each attack comes to in a container without AppArmor, which its capabilities alone guard."""
    container = work.spec(None)
    container.name, container.readonly, container.user = name, False, 0
    container.command = ["/bin/sh", "-c", "while :; do sleep 100; done"]
    pod = cri.Pod(client, f"{name}-0", f"uid-{name}")
    handle = pod.start(container)
    answers = {what: client.execute(handle, ["sh", "-c", line])[1:] for what, line in ATTACKS.items()}
    client.stop(handle, 0)
    pod.remove()
    return answers


def check_attacks(tap, client, plain, patched):
    before = attack(client, plain, "control")
    tap.check("with the default capabilities the attacks succeed", all("done" in out for out, _ in before.values()), before)
    after = attack(client, patched, "attacked")
    tap.check("with those of the patch they are refused", not any("done" in out for out, _ in after.values()), after)


def check_web(tap, text, found):
    tap.check("web: what it used is added after all are dropped, and no more",
              found["capabilities.drop"] == ["ALL"] and set(found["capabilities.add"]) >= {"CHOWN", "SETGID", "SETUID"}
              and not set(found["capabilities.add"]) - {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID", "NET_BIND_SERVICE", "FSETID"}, text)
    tap.check("web: what it executed gains nothing, so that privileges need not escalate",
              found.get("allowPrivilegeEscalation") is False)
    tap.check("web: it runs as root and writes its root filesystem: neither is claimed otherwise",
              "runAsNonRoot" not in found and "readOnlyRootFilesystem" not in found and "/var/lib/nginx/" in text)


def check_cache(tap, text, found):
    tap.check("cache: Pod Security restricted takes it", "restricted takes container cache" in text)
    tap.check("cache: its seccomp profile is the one that was learned", found["seccompProfile.type"] == "Localhost"
              and found["seccompProfile.localhostProfile"] == "aakit/k8s-cache.json", text)
    tap.check("cache: no capability, its own user, and a root filesystem that is only read",
              found["capabilities.add"] == [] and found.get("runAsNonRoot") is True and found.get("runAsUser") == 100
              and found.get("readOnlyRootFilesystem") is True and found.get("allowPrivilegeEscalation") is False, text)


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    reader = audit.Reader(out / "records.log")
    reader.start()
    _, client = node.start_containerd()
    try:
        pairs = [(Learning(tap, out, plain), patched) for plain, patched in
                 ((workloads.Web(client), PatchedWeb(client)), (LoggedCache(client), PatchedCache(client)))]
        for learning, _ in pairs:
            learning.start()
        for learning, _ in pairs:
            learning.train()
        for (learning, patched), check in zip(pairs, (check_web, check_cache)):
            text, patched.settings = learning.end()
            check(tap, text, patched.settings)
            enforce(tap, patched, learning.dir)
            check_held_out(tap, reader, patched)
            bounding = check_status(tap, patched)
            held = bin(bounding).count("1")
            tap.check(f"{patched.pod}: it holds {held} capabilities, those that were added", held == len(patched.settings["capabilities.add"]))
            patched.delete()
        check_attacks(tap, client, pairs[0][0].work, pairs[0][1])
    except Exception:  # what was found is told
        tap.crash("patch")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
