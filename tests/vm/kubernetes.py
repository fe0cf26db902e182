# SPDX-License-Identifier: GPL-2.0-or-later
"""The DaemonSets of deploy/kubernetes on a node: their pods, as the manifests say, of the image that script/image makes.

Usage: kubernetes.py MANIFESTS BUNDLE, two JSON documents: the DaemonSets by name, and the ConfigMap that aa-compile configmap wrote.
Writes TAP to stdout.
"""

import base64
import json
import os
import pathlib
import signal
import sys

import cri
import daemonset
import node
import tap as tap_module
import watcher

IMAGE = "docker.io/local/web:1"
COPIES = pathlib.Path("/etc/apparmor.d")
LEARNED = pathlib.Path("/var/lib/aakit/learned")
NET_ADMIN, AUDIT_CONTROL, MAC_ADMIN, AUDIT_READ = (1 << number for number in (12, 30, 33, 37))
LABEL, NEW = "k8s-web", "k8s-new"
ALL = "  file,\n  network,\n  capability,\n  signal,\n  ptrace,\n"


def text(name, path, flags="", rules=ALL):
    return f"abi <abi/3.0>,\nprofile {name} {flags} {{\n{rules}  deny {path} r,\n}}\n".encode()


def generation(number):
    return {LABEL: text(LABEL, f"/generation-{number}"), "k8s-db": text("k8s-db", f"/generation-{number}")}


BAD = {LABEL: b"abi <abi/3.0>,\nprofile k8s-web {\n  nonsense\n}\n"}


def in_force(number):
    copy = COPIES / LABEL
    return copy.exists() and f"/generation-{number} " in copy.read_text()


def in_order(pod, number):
    """Waits until a generation is in the kernel, as the probe and the copy of the text tell."""
    node.wait_for(f"generation {number}", lambda: in_force(number) and pod.probe()[0] == 0, 120)
    return node.loaded_mode(LABEL) == node.loaded_mode("k8s-db") == "enforce"


def sleeper(client, name, label):
    """A pod under a profile; its container's id, and what its first task says of its label."""
    pod = cri.Pod(client, name, f"uid-{name}")
    container = pod.start(cri.Container(name, IMAGE, label, command=["/bin/sleep", "3600"]))
    return container, client.execute(container, ["/bin/cat", "/proc/1/attr/apparmor/current"])


def pid_of(container):
    return int(pathlib.Path(f"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{container}/init.pid").read_text())


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def check_privileges(tap, pod, capabilities, may_write):
    """What the manifest asks for is what the process has."""
    pid = pod.pid()
    status = status_of(pid)
    sets = {name: int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")}
    tap.check("it has no other capability", sets["CapPrm"] == sets["CapEff"] == sets["CapBnd"] == capabilities
              and sets["CapInh"] | sets["CapAmb"] | capabilities == capabilities, sets)
    tap.check("it is root, gets no new privileges, and is filtered", status["Uid"].split() == ["0"] * 4
              and status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", status["Uid"], status["NoNewPrivs"], status["Seccomp"])
    mounts = [line.split() for line in pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines()]
    options = {mount[4]: mount[5].split(",") for mount in mounts}
    on_node = {path for path, words in options.items() if "rw" in words and not path.startswith(("/dev", "/proc"))}
    tap.check("it can write to nothing but what it needs", "ro" in options["/"] and on_node == may_write, sorted(on_node))
    tap.check("it has no token", not any("serviceaccount" in path for path in options), sorted(options))


# --- aa-register ---------------------------------------------------------------------------------


def check_first(tap, client, manifest):
    pod = daemonset.Pod(client, manifest, "1", {})
    node.wait_for("a word", lambda: "/profiles" in pod.log(), 60)
    code, said = pod.probe()
    tap.check("without its ConfigMap the pod runs, and is not ready", code == 3 and "/run/aa-register/ready" in said, code, said, pod.log())
    pod.update("profiles", generation(1))
    tap.check("the profiles of the ConfigMap appear in the kernel", in_order(pod, 1), pod.log())
    check_privileges(tap, pod, MAC_ADMIN, {"/run/aa-register", "/sys/kernel/security", "/etc/apparmor.d", "/var/lib/aakit", "/run/aakit"})
    tap.check("their texts lie where the node looks", (COPIES / "k8s-db").exists())
    return pod


def check_swaps(tap, pod):
    before = node.loaded_hash(LABEL)
    pod.update("profiles", generation(2))
    tap.check("a swap of the ConfigMap is taken in", in_order(pod, 2) and node.loaded_hash(LABEL) != before)
    good = node.loaded_hash(LABEL)
    pod.update("profiles", BAD)
    tap.check("with a bad generation the pod is not ready", pod.becomes_ready(False), pod.probe())
    tap.check("it tells where it is wrong", "k8s-web:" in pod.log(), pod.log().splitlines()[-1:])
    tap.check("the last good one stays", node.loaded_hash(LABEL) == good)
    (pathlib.Path("/sys/kernel/security/apparmor/.remove")).write_text("k8s-db")
    node.wait_for("what was unloaded", lambda: node.loaded_mode("k8s-db") == "enforce")
    tap.check("and is guarded: what somebody unloads comes back", True)
    pod.update("profiles", generation(3))
    tap.check("the next good one is taken in", in_order(pod, 3))
    pod.update("profiles", {})
    tap.check("an empty ConfigMap unloads nothing", pod.becomes_ready(False) and node.loaded_mode(LABEL) == "enforce")
    pod.update("profiles", generation(4))
    tap.check("and is mended as well", in_order(pod, 4))


def check_killed(tap, pod):
    os.kill(pod.pid(), signal.SIGKILL)
    node.wait_for("its end", lambda: pod.client.state(pod.container) == 2)
    tap.check("the container is killed: the profiles stay", node.loaded_mode(LABEL) == "enforce")
    (pathlib.Path("/sys/kernel/security/apparmor/.remove")).write_text("k8s-db")
    pod.update("profiles", generation(5))
    pod.start()
    tap.check("started again it makes up for what came meanwhile", in_order(pod, 5))


def check_rollout(tap, client, manifest, pod, bundle):
    """One pod of the DaemonSet goes, the next comes with another ConfigMap."""
    pod.remove()
    tap.check("the pod is gone: the profiles stay", node.loaded_mode(LABEL) == "enforce" and in_force(5))
    name = next(volume["configMap"]["name"] for volume in manifest["spec"]["template"]["spec"]["volumes"] if "configMap" in volume)
    second = daemonset.Pod(client, manifest, "2", {name: BAD})
    node.wait_for("its word", lambda: "k8s-web:" in second.log(), 120)
    code = second.probe()[0]
    tap.check("a rollout of a bad generation: its pod is not ready, so that it stops there", code == 3, code)
    tap.check("and what was there is still in force", in_force(5) and node.loaded_mode(LABEL) == "enforce")
    second.remove()
    third = daemonset.Pod(client, manifest, "3", {name: generation(6)})
    tap.check("a rollout of a good one is taken in", in_order(third, 6))
    third.remove()
    fourth = daemonset.Pod(client, manifest, "4", {name: bundle})
    tap.check("a bundle in the ConfigMap, compiled elsewhere", fourth.becomes_ready() and in_force("bundle"), fourth.log())
    damaged = {**bundle, f"text.{LABEL}": b"altered"}
    fourth.update("profiles", damaged)
    tap.check("one that is damaged is refused", fourth.becomes_ready(False) and f"text.{LABEL}: is not what" in fourth.log()
              or f"text/{LABEL}: is not what" in fourth.log(), fourth.log().splitlines()[-1:])
    fourth.update("profiles", bundle)
    tap.check("until it is mended", fourth.becomes_ready())
    return fourth


# --- aa-learn ------------------------------------------------------------------------------------


def hears_audit():
    """Whether somebody is in the group of the audit multicast (protocol 9), which is in the node's network namespace."""
    sockets = [line.split() for line in pathlib.Path("/proc/net/netlink").read_text().splitlines()[1:]]
    return any(socket[1] == "9" and int(socket[3], 16) for socket in sockets)


def check_learn(tap, client, manifest, register):
    """A profile that complains comes by the one DaemonSet, the other learns from it."""
    complain = text(NEW, "/x", "flags=(complain)", "")
    register.update("profiles", {**generation(7), NEW: complain})
    node.wait_for("the learning profile", lambda: node.loaded_mode(NEW) == "complain", 120)
    learner = daemonset.Pod(client, manifest, "5", {})
    node.wait_for("it listens", hears_audit, 60)
    container, _ = sleeper(client, "new", NEW)
    code, out, err = client.execute(container, ["/bin/cat", "/etc/nsswitch.conf"])
    tap.check("a pod runs under a profile that complains", code == 0, out, err)
    check_privileges(tap, learner, AUDIT_READ, {"/learned"})
    state = LEARNED / f"{NEW}.learned.yaml"
    node.wait_for("its state", lambda: state.exists() and "/etc/nsswitch.conf" in state.read_text(), 60)
    learner.client.stop(learner.container, learner.spec["terminationGracePeriodSeconds"])
    profile = LEARNED / NEW
    tap.check("what it did is learned", profile.exists() and "/etc/nsswitch.conf r," in profile.read_text(), learner.log())
    tap.check("without a word of the other label", not (LEARNED / f"{LABEL}.learned.yaml").exists(), list(LEARNED.iterdir()))
    os.kill(pid_of(container), signal.SIGKILL)
    learner.remove()


def check_learn_pod(tap, client, manifest):
    """With what the chart's options give: the pod is waited for, its learning profile loaded, and losses are counted."""
    learner = daemonset.Pod(client, manifest, "6", {})
    node.wait_for("the learning profile", lambda: node.loaded_mode("k8s-more") == "complain", 90)
    container, said = sleeper(client, "more", "k8s-more")
    tap.check("told of a pod it loads the learning profile", said[1].startswith("k8s-more (complain)"), said)
    status = status_of(learner.pid())
    tap.check("with these capabilities and no other", int(status["CapBnd"], 16) == AUDIT_READ | MAC_ADMIN | AUDIT_CONTROL | NET_ADMIN
              and int(status["CapEff"], 16) & ~int(status["CapBnd"], 16) == 0, status["CapBnd"], status["CapEff"])
    client.execute(container, ["/bin/cat", "/etc/group"])
    state = LEARNED / "k8s-more.learned.yaml"
    node.wait_for("its state", lambda: state.exists() and "/etc/group" in state.read_text(), 60)
    learner.client.stop(learner.container, learner.spec["terminationGracePeriodSeconds"])
    tap.check("it knows the pod, its image, and that nothing was lost", IMAGE in state.read_text() and "not known" not in learner.log(),
              learner.log())
    os.kill(pid_of(container), signal.SIGKILL)
    learner.remove()


def main():
    manifests = json.loads(pathlib.Path(sys.argv[1]).read_text())
    bundle = {key: base64.b64decode(value) for key, value in json.loads(pathlib.Path(sys.argv[2]).read_text())["binaryData"].items()}
    tap = tap_module.Tap()
    try:
        client = node.start_containerd()[1]
        code, out, err = node.run("ctr", "-n", "k8s.io", "images", "import", "/job/aakit.tar")
        tap.check("containerd takes the image", code == 0, out, err)
        pod = check_first(tap, client, manifests["aa-register"])
        container, said = sleeper(client, "web", LABEL)
        tap.check("a pod starts under its profile", said[1].startswith(f"{LABEL} (enforce)"), said)
        watch = watcher.Watcher(pid_of(container), LABEL)
        watch.start()
        check_swaps(tap, pod)
        check_killed(tap, pod)
        pod = check_rollout(tap, client, manifests["aa-register"], pod, bundle)
        check_learn(tap, client, manifests["aa-learn"], pod)
        if "more" in manifests:
            check_learn_pod(tap, client, manifests["more"])
        pod.remove()
        code, out, err = node.run("aa-remove-unknown")
        tap.check("all are gone: the node keeps the profiles as its own", code == 0 and node.loaded_mode(LABEL) == "enforce", out, err)
        looks, gaps = watch.finish()
        tap.check("the pod was confined all the time, at every look", looks > 100 and not gaps, looks, gaps[:5])
        os.kill(pid_of(container), signal.SIGKILL)
    except Exception:  # what was found is told
        tap.crash("the node does what is asked")
    return tap.finish()


sys.exit(main())
