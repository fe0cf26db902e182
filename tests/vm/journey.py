# SPDX-License-Identifier: GPL-2.0-or-later
"""The journey, guest side: learns, compiles and registers a profile for two real workloads, then proves it.

Usage: journey.py OUT [PROFILE-DIR]. Writes TAP to stdout. With PROFILE-DIR the profiles found there are loaded by
apparmor_parser in place of steps 1 to 4 and 7: the way to judge a profile, or this test, without the three programs.
"""

import json
import pathlib
import signal
import subprocess
import sys
import time

import attacks
import audit
import cri
import node
import reference
import tap as tap_module
import workloads


class Journey:
    """One application's way through the steps; what a later step needs of an earlier one is kept here."""

    def __init__(self, tap, reader, workload, out, profiles):
        self.tap, self.reader, self.work = tap, reader, workload
        self.name, self.label = workload.pod, workload.label
        self.out = out / self.name
        self.given = profiles / self.label if profiles else None
        self.learner = None

    def check(self, text, passed, *diagnostics):
        return self.tap.check(f"{self.name}: {text}", passed, *diagnostics)

    def stderr(self):
        return (self.out.parent / f"{self.name}.learn.stderr").read_text(errors="replace")

    def wait_learner(self, what, *words, seconds=60):
        """Waits for words on aa-learn's stderr, but no longer than it lives."""
        def said():
            text = self.stderr()
            return all(word in text for word in words) or self.learner.poll() is not None

        try:
            node.wait_for(what, said, seconds)
        except TimeoutError:
            pass
        text = self.stderr()
        missing = [word for word in words if word not in text]
        notes = [f"not said: {word}" for word in missing] + (text.splitlines()[-20:] if missing else [])
        return self.check(f"aa-learn says: {what}", not missing, notes)

    def start_learner(self):
        self.out.mkdir(parents=True, exist_ok=True)
        with open(self.out.parent / f"{self.name}.learn.json", "wb") as stdout, \
                open(self.out.parent / f"{self.name}.learn.stderr", "wb") as stderr:
            self.learner = subprocess.Popen(["aa-learn", "--json", "--pod", self.name, "-o", str(self.out)],
                                            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        self.wait_learner("how the pod asks for the profile", "container.apparmor.security.beta.kubernetes.io/",
                          f"localhost/{self.label}", "appArmorProfile", f"localhostProfile: {self.label}")
        try:
            node.wait_for("profile", lambda: node.loaded_mode(self.label) or self.learner.poll() is not None, 60)
        finally:
            mode = node.loaded_mode(self.label)
            self.check("the learning profile is loaded before the pod exists", mode == "complain", f"mode: {mode}")

    def train(self):
        self.work.prepare("2026_11_21_10_00_00.123456789")
        pod = self.work.create("x2x9k", self.label)
        self.wait_learner("the pod is found", f"default/{pod}")
        self.work.train()
        self.check("the training load works", True)

    def stop_learner(self):
        self.learner.send_signal(signal.SIGINT)
        try:
            code = self.learner.wait(30)
        except subprocess.TimeoutExpired:
            self.learner.kill()
            code = self.learner.wait()
        self.check("aa-learn ends with 0 within 30 s of SIGINT", code == 0, f"exit code {code}", self.stderr()[-3000:])
        missing = [name for name in (f"{self.label}.learned.yaml", self.label) if not (self.out / name).is_file()]
        self.check("the state and the profile are written", not missing, missing)
        document = node.parse_json((self.out.parent / f"{self.name}.learn.json").read_text()) or {}
        mine = [entry for entry in document.get("profiles", []) if entry.get("label") == self.label]
        good = (document.get("schema") == "aakit/record/1" and document.get("lost") == 0 and len(mine) == 1
                and mine[0].get("events", 0) > 0 and mine[0].get("rules", 0) > 0
                and "netlink" in [source.get("name") for source in document.get("sources", [])])
        self.check("stdout is one aakit/record/1 document without loss", good, json.dumps(document)[:2000])

    def compile(self):
        bundle = self.out / "bundle"
        code, out, err = node.run("aa-compile", str(self.out / self.label), "-o", str(bundle))
        self.check("aa-compile makes a bundle", code == 0 and bundle.is_dir(), f"exit code {code}", out, err)

    def apply(self):
        return node.run_json("aa-register", "--json", str(self.out / "bundle"))

    def register(self):
        code, document, err = self.apply()
        document = document or {}
        entries = {entry.get("name"): entry for entry in document.get("profiles", [])}
        mine = entries.get(self.label, {})
        expected = {"name": self.label, "action": "replace", "mode": "enforce", "proved": True}
        good = (code == 0 and document.get("schema") == "aakit/apply/1" and document.get("changed") is True
                and {key: mine.get(key) for key in expected} == expected)
        self.check("aa-register replaces the profile and proves it", good, f"exit code {code}", document, err)
        kernel, mode = node.loaded_hash(self.label), node.loaded_mode(self.label)
        self.check("the kernel holds that very profile, enforced", mode == "enforce" and kernel == mine.get("hash"),
                   f"kernel: {mode} {kernel}, aa-register: {mine.get('hash')}")

    def load_given(self):
        code, _, err = node.run("apparmor_parser", "-rK", str(self.given))
        self.check("the given profile is loaded", code == 0, err)

    def recreate(self):
        self.work.prepare("2026_11_22_08_30_01.987654321")
        self.work.create("q7w4z", self.label)
        pid = int(node.run("sh", "-c", f"cat /run/containerd/*/k8s.io/{self.work.container}/init.pid")[1])
        current = node.label_of(pid)
        self.check("the new pod runs enforced", current == f"{self.label} (enforce)", current)

    def hold_out(self):
        since = self.since
        try:
            self.work.held_out()
            self.check("the held-out load works", True)
        except Exception as error:  # the denials below say why
            self.check("the held-out load works", False, repr(error))
        log = self.work.container_log()
        self.check("the container's log works", self.work.log_word in log, *log.splitlines()[-3:])
        self.stubborn()
        time.sleep(1)
        denied = self.reader.of_label(self.label, since)
        self.check(f"{len(denied)} denials in the held-out run (0 wanted)", not denied, summary(denied))
        self.check("no record was lost meanwhile", self.reader.overruns == 0 and audit.lost_count() == self.lost)

    def stubborn(self):
        """A container that ignores SIGTERM must fall to SIGKILL, enforced profile or not."""
        container = self.work.handle.start(self.work.helper("stubborn", "stubborn", self.label))
        begin = time.monotonic()
        try:
            self.work.client.stop(container, 2)
            note = f"stopped after {time.monotonic() - begin:.1f} s"
        except Exception as error:
            note = repr(error)
        gone = self.work.client.state(container) == 2
        self.check("a container that ignores SIGTERM is stopped in time", gone, note)
        if gone:
            self.work.client.remove(container)

    def confined(self):
        """Another pod and other requests: nothing may be denied."""
        self.since, self.lost = self.reader.mark(), audit.lost_count()
        try:
            self.recreate()
        except Exception:
            self.tap.note("the pod does not come up; denied were:")
            self.tap.note(summary(self.reader.of_label(self.label, self.since)))
            raise
        self.hold_out()

    def attack(self):
        victim = workloads.victim()
        pod = cri.Pod(self.work.client, f"{self.name}-attacked", f"uid-{self.name}-attacked", host_pids=True)
        try:
            plain = attacks.run_list(self.work, self.reader, self.work.container, 1, self.label)
            control = pod.start(self.work.helper("control", "hold", None, True))
            free = attacks.run_list(self.work, self.reader, control, victim.pid)
            strong = pod.start(self.work.helper("strong", "hold", self.label, True))
            powerful = attacks.run_list(self.work, self.reader, strong, victim.pid, self.label)
        finally:
            victim.kill()
            pod.remove()
        attacks.judge(self.tap, self.name, free, plain, powerful, self.out.parent / f"{self.name}.attacks.txt")

    def register_again(self):
        before = node.revision()
        code, document, err = self.apply()
        document = document or {}
        actions = [entry.get("action") for entry in document.get("profiles", [])]
        good = code == 0 and document.get("changed") is False and actions and set(actions) == {"keep"}
        self.check("a second aa-register keeps everything", good, f"exit code {code}", document, err)
        self.check("the kernel's policy did not move", node.revision() == before)

    def delete_pod(self):
        self.work.delete()
        self.check("the pod is deleted", True)

    def steps(self):
        """(function, whether the steps after it need it)."""
        judged = [(self.confined, True), (self.attack, False)]
        if self.given:
            return [(self.load_given, True), *judged, (self.delete_pod, False)]
        learned = [(self.start_learner, True), (self.train, True), (self.stop_learner, True), (self.delete_pod, True),
                   (self.compile, True), (self.register, True)]
        return [*learned, *judged, (self.register_again, False), (self.delete_pod, False)]

    def run(self):
        steps = self.steps()
        for index, (step, needed) in enumerate(steps):
            self.tap.note(f"{self.name}: {step.__name__}, {float(open('/proc/uptime').read().split()[0]):.0f} s up")
            try:
                step()
            except Exception:
                self.tap.crash(f"{self.name}: {step.__name__} ends")
                if needed:
                    for later, _ in steps[index + 1:]:
                        self.check(f"{later.__name__} (not reached)", False)
                    break
        self.clean_up()

    def clean_up(self):
        """After a failed step: the next application must find a quiet node."""
        if self.learner and self.learner.poll() is None:
            self.learner.kill()
            self.learner.wait()
        if self.work.handle:
            self.work.handle.remove()


def summary(records, most=40):
    """The distinct denials with their counts, most frequent first."""
    counts = {}
    for line in records:
        keys = audit.fields(line)
        wanted = ("operation", "info", "name", "comm", "requested_mask", "denied_mask", "family", "sock_type",
                  "capname", "signal", "peer", "target", "fsuid", "ouid", "profile")
        text = " ".join(f"{key}={keys[key]}" for key in wanted if key in keys)
        counts[text] = counts.get(text, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return [f"{count} x {text}" for text, count in ranked[:most]]


def main():
    out = pathlib.Path(sys.argv[1])
    profiles = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    tap = tap_module.Tap()
    reader = audit.Reader(out / "records.log")
    reader.start()
    containerd, client = node.start_containerd(out / "containerd.log")
    for kind in (workloads.Web, workloads.Cache):
        Journey(tap, reader, kind(client), out, profiles).run()
    if not profiles:
        reference.check(tap, out, client, "docker.io/local/web:1")
    containerd.terminate()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
