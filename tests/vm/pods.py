# SPDX-License-Identifier: GPL-2.0-or-later
"""Pods as they are on a node, guest side: started before aa-learn, coming and going, sharing labels, forging records.

Usage: pods.py OUT. Writes TAP to stdout.
"""

import pathlib
import re
import subprocess
import sys
import time

import cri
import forgeries
import node
import tap as tap_module
import workloads
from recording import Recording

IMAGE = "docker.io/local/web:1"
# Makes one file a second, named after the container and counted.
COUNT = 'n=0; while :; do : > /tmp/{0}-$n; n=$((n + 1)); sleep 1; done'


def load_learning_profiles(*labels):
    """As aa-learn loads them; they stay when it ends without having learned anything."""
    options = [word for label in labels for word in ("--profile", label)]
    node.run("aa-learn", "-q", "--for", "1", "-o", "/tmp/nothing", *options)
    missing = [label for label in labels if node.loaded_mode(label) != "complain"]
    if missing:
        raise RuntimeError(f"not loaded: {missing}")


def counter(name, label):
    return cri.Container(name, IMAGE, label, command=["/bin/sh", "-c", COUNT.format(name)])


class PodRecording(Recording):
    """aa-learn --pod; its states are those of the labels that the pod's containers wear."""

    def __init__(self, out, pod, *labels):
        super().__init__(out, f"pod-{pod}", label=labels[0])
        self.labels = labels
        self.command = ["aa-learn", "--pod", pod, "--json", "-o", str(self.dir)]
        self.ready = pod

    def text(self, label):
        path = self.dir / f"{label}.learned.yaml"
        return path.read_text() if path.exists() else ""

    def counted(self, label, name):
        """The numbers of a counting container's files in the state of a label."""
        return sorted({int(number) for number in re.findall(rf'"/tmp/{name}-(\d+)"', self.text(label))})


def check_late(tap, out, client):
    """A web server and a cache that have run for half a minute when aa-learn comes."""
    pods = [workloads.Web(client), workloads.Cache(client)]
    load_learning_profiles(*(pod.label for pod in pods))
    for pod in pods:
        pod.prepare("2026_11_21_10_00_00.123456789")
        pod.create("x2x9k", pod.label)
    time.sleep(30)
    with PodRecording(out, "web", "k8s-web") as web, PodRecording(out, "cache", "k8s-cache") as cache:
        node.wait_for("both pods are found", lambda: "learning from it" in web.stderr and "learning from it" in cache.stderr, 30)
        for pod in pods:
            pod.train()
    for pod in pods:
        pod.delete()
    # What new workers need after a reload; redis runs as a user of its own from the start.
    needed = {"k8s-web": ["setgid", "setuid"], "k8s-cache": []}
    for recording in (web, cache):
        have = re.findall(r'- \{capability: "(\w+)"', recording.state)
        missing = [name for name in needed[recording.label] if name not in have]
        tap.check(f"{recording.label}, started half a minute before aa-learn: its capabilities are learned",
                  not missing and recording.code == 0 and not recording.json["sources"][0]["late"],
                  f"learned: {', '.join(have)}; missing: {', '.join(missing)}", recording.notes())


def check_forger(tap, out, client):
    """A container with the runtime's default capabilities, CAP_AUDIT_WRITE among them, and one with all of them."""
    label = "k8s-forger"
    record = forgeries.forged(label)
    names = [name.replace(forgeries.LABEL, label) for name in forgeries.HOSTILE if "\udcff" not in name]
    load_learning_profiles(label)
    mounts = [cri.Mount("/job/forge", "/forge", True), cri.Mount("/dev/kmsg", "/dev/kmsg")]
    pod = cri.Pod(client, "forger", "uid-forger", host_pids=True)
    ids = [pod.start(cri.Container(name, IMAGE, label, command=["/bin/sleep", "3600"], mounts=mounts, powerful=name == "strong"))
           for name in ("plain", "strong")]
    with PodRecording(out, "forger", label) as forger:
        for container in ids:
            for kind in ("send", "kmsg"):
                code, answers, errors = client.execute(container, ["/forge", kind, record])
                forgeries.say(tap, f"container {ids.index(container)}", answers)
                if code:
                    raise RuntimeError(f"forge {kind}: {code} {errors}")
            client.execute(container, ["/bin/mkdir", "-p", *(f"/tmp/{name}".rpartition("/")[0] for name in names)])
            client.execute(container, ["/forge", "open", *(f"/tmp/{name}" for name in names)])
    pod.remove()
    tap.check("what a container sends or prints is no event, and is not even malformed",
              forger.code == 0 and "/forged" not in forger.state and forger.json["sources"][0]["malformed"] == 0, forger.notes())
    seen = [name for name in names if forger.count(forgeries.in_state(f"/tmp/{name}")) >= 2]
    tap.check("its files that are named like records are seen as just that", seen == names, [n for n in names if n not in seen])
    tap.check("nothing of it became another path", forger.count("/etc/shadow") == 0)


def restart_containerd(out, containerd):
    containerd.terminate()
    containerd.wait(30)
    time.sleep(3)
    return node.start_containerd(out / "containerd-2.log")


def check_coming_and_going(tap, out, client, containerd):
    """Two containers of one pod under labels of their own, restarts, a stranger under one of the labels, a new pod of the
    same name, and a runtime that is restarted meanwhile. Returns the running containerd and its client."""
    labels = ["k8s-shop-a", "k8s-shop-b", "k8s-shop-c"]
    load_learning_profiles(*labels)
    with PodRecording(out, "shop", *labels) as shop:
        pod = cri.Pod(client, "shop-0", "uid-1")
        first = pod.start(counter("a", labels[0]))
        pod.start(counter("b", labels[1]))
        time.sleep(4)
        client.stop(first, 0)
        client.remove(first)
        pod.start(counter("again", labels[0]))
        stranger = cri.Pod(client, "other", "uid-2")
        stranger.start(counter("other", labels[0]))
        time.sleep(3)
        containerd, client = restart_containerd(out, containerd)
        time.sleep(2)
        for gone in (pod, stranger):
            gone.client = client
            gone.remove()
        reused = cri.Pod(client, "shop-0", "uid-3")
        reused.start(counter("c", labels[2]))
        time.sleep(3)
        reused.remove()
    seen = {label: {name: len(shop.counted(label, name)) for name in ("a", "b", "c", "again", "other")} for label in labels}
    tap.note([f"{label}: {numbers}" for label, numbers in seen.items()])
    tap.check("two containers of one pod are told apart by their labels",
              seen[labels[0]]["a"] > 2 and seen[labels[1]]["b"] > 8 and seen[labels[0]]["b"] == seen[labels[1]]["a"] == 0, shop.notes())
    tap.check("none of their files is missing, also while the runtime was away",
              all(shop.counted(label, name) == list(range(seen[label][name])) for label, name in
                  ((labels[0], "a"), (labels[0], "again"), (labels[1], "b"), (labels[2], "c"))))
    tap.check("a container that was replaced goes on under its label", seen[labels[0]]["again"] > 2)
    tap.check("a stranger's events under the same label are learned with the rest, and that is said",
              seen[labels[0]]["other"] > 0 and "pod default/other, container other wears k8s-shop-a too" in shop.stderr,
              shop.stderr.splitlines())
    tap.check("a new pod of the same name under another label is found", seen[labels[2]]["c"] > 1
              and "container c (docker.io/local/web:1) wears k8s-shop-c: learning from it" in shop.stderr)
    tap.check("each state names the containers that wore its label", "container: \"b\"" in shop.text(labels[1])
              and "container: \"c\"" in shop.text(labels[2]) and "container: \"c\"" not in shop.text(labels[0]),
              [line for label in labels for line in shop.text(label).splitlines() if "pod:" in line])
    return containerd, client


def main():
    out = pathlib.Path(sys.argv[1]) / "pods"
    out.mkdir(parents=True)
    tap = tap_module.Tap()
    containerd, client = node.start_containerd(out / "containerd.log")
    for part in (check_late, check_forger):
        try:
            part(tap, out, client)
        except Exception:  # the rest still runs
            tap.crash(part.__name__)
    try:
        containerd, client = check_coming_and_going(tap, out, client, containerd)
    except Exception:
        tap.crash("check_coming_and_going")
    containerd.terminate()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
