# SPDX-License-Identifier: GPL-2.0-or-later
"""The Debian package on a node: whatever happens to it, a pod that runs keeps its profile.

Usage: package.py. Writes TAP to stdout.
"""

import os
import pathlib
import signal
import subprocess
import sys

import cri
import node
import tap as tap_module
import watcher as watcher_module

IMAGE = "docker.io/local/web:1"
TEXTS = pathlib.Path("/etc/aakit/profiles")
COPIES = pathlib.Path("/etc/apparmor.d")
UNIT = "aa-register.service"
LABEL = "k8s-web"
# What changes on any node, whether a package comes or goes.
RESTLESS = ("/var/log", "/var/cache", "/var/lib/dpkg", "/var/lib/containerd", "/var/lib/systemd", "/var/lib/apt", "/var/tmp")


def files():
    """Every file and directory that a package could leave."""
    prune = [word for path in RESTLESS for word in ("-path", path, "-prune", "-o")]
    out = subprocess.run(["find", "/etc", "/usr", "/var", "/opt", "/srv", *prune, "-print"], check=True, capture_output=True, text=True,
                         timeout=120)
    runtime = [str(path) for path in pathlib.Path("/run").glob("aa*")]
    return set(out.stdout.splitlines()) | set(runtime)


def put(name, path):
    new = TEXTS / f".{name}"
    new.write_text(f"abi <abi/3.0>,\nprofile {name} {{\n  file,\n  network,\n  capability,\n  signal,\n  deny {path} r,\n}}\n")
    new.rename(TEXTS / name)


def dpkg(tap, what, *arguments):
    code, out, err = node.run("dpkg", *arguments)
    return tap.check(what, code == 0, out, err)


def active():
    return node.run("systemctl", "is-active", UNIT)[1].strip(), node.run("systemctl", "is-enabled", UNIT)[1].strip()


def main_pid():
    return node.run("systemctl", "show", "-P", "MainPID", UNIT)[1].strip()


def sleeper(client, name):
    """A pod under the profile; what its first task says of its label."""
    pod = cri.Pod(client, name, f"uid-{name}")
    container = pod.start(cri.Container(name, IMAGE, LABEL, command=["/bin/sleep", "3600"]))
    return client.execute(container, ["/bin/cat", "/proc/1/attr/apparmor/current"])


def pid_of(label):
    """Of the first task under the label."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if node.label_of(entry.name).startswith(f"{label} "):
                return int(entry.name)
        except OSError:
            pass
    return None


def check_installed(tap):
    dpkg(tap, "it is installed", "-i", "/job/first.deb")
    tap.check("its service runs, now and after a boot", active() == ("active", "enabled"), active())
    code, out, err = node.run("aa-register", "status")
    tap.check("a node without profiles is in order", code == 0, out, err)
    put(LABEL, "/x")
    node.wait_for("the profile", lambda: node.loaded_mode(LABEL) == "enforce")
    tap.check("a text in /etc/aakit/profiles is in the kernel, and where apparmor.service looks", (COPIES / LABEL).exists())


def check_upgrade(tap):
    before = main_pid()
    dpkg(tap, "it is upgraded", "-i", "/job/next.deb")
    node.wait_for("the new service", lambda: active()[0] == "active" and main_pid() != before)
    put("k8s-later", "/x")
    node.wait_for("what the new service loads", lambda: node.loaded_mode("k8s-later") == "enforce")
    tap.check("the service is the new one, and at work", active() == ("active", "enabled") and main_pid() != before
              and node.loaded_mode(LABEL) == "enforce", active())


def check_removed(tap, client):
    dpkg(tap, "it is removed", "-r", "aakit")
    tap.check("its service has ended", active()[0] == "inactive", active())
    said = sleeper(client, "later")
    tap.check("a pod still starts under the profile", said[1].startswith(f"{LABEL} (enforce)"), said)
    code, out, err = node.run("systemctl", "restart", "apparmor")
    tap.check("apparmor.service has it from the copies", code == 0 and node.loaded_mode(LABEL) == "enforce", out, err)


def check_purged(tap, before):
    (COPIES / "k8s-later").write_text("# somebody's own by now\n")
    dpkg(tap, "it is purged", "-P", "aakit")
    left = sorted(files() - before)
    mine = sorted(map(str, [TEXTS.parent, TEXTS, TEXTS / LABEL, TEXTS / "k8s-later", COPIES / "k8s-later"]))
    tap.check("nothing is left but what people wrote", left == mine, left)
    gone = sorted(before - files())
    tap.check("and nothing is gone that was there", not gone, gone)


def end_pods():
    """The node waits long for tasks that nobody ends."""
    for pid in filter(None, (pid_of(LABEL) for _ in range(2))):
        os.kill(pid, signal.SIGKILL)
        node.wait_for("its end", lambda pid=pid: not pathlib.Path(f"/proc/{pid}/exe").exists(), 30)


def main():
    tap = tap_module.Tap()
    try:
        client = node.start_containerd()[1]
        before = files()
        check_installed(tap)
        said = sleeper(client, "web")
        tap.check("a pod starts under it", said[1].startswith(f"{LABEL} (enforce)"), said)
        watcher = watcher_module.Watcher(pid_of(LABEL), LABEL)
        watcher.start()
        check_upgrade(tap)
        check_removed(tap, client)
        check_purged(tap, before)
        looks, gaps = watcher.finish()
        tap.check("the first pod was confined all the time, by the same loaded profile", looks > 100 and not gaps, looks, gaps[:5])
        put_back = node.run("dpkg", "-i", "/job/first.deb")
        tap.check("it can be installed again", put_back[0] == 0 and active() == ("active", "enabled"), put_back)
    except Exception:  # what was found is told
        tap.crash("the node does what is asked")
    end_pods()
    return tap.finish()


sys.exit(main())
