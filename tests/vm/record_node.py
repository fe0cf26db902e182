# SPDX-License-Identifier: GPL-2.0-or-later
"""Guest side of record-node: runs the web pod under aa-learn with auditd, then copies out the node as files.

Usage: record_node.py OUT [PROFILE]. With PROFILE that learning profile is loaded, and aa-learn is not needed. What
goes to OUT/node has the paths it has on the node, so that aakit's --root reads it.
"""

import os
import pathlib
import signal
import stat
import subprocess
import sys
import time

import node
import workloads

BUNDLES = pathlib.Path("/run/containerd/io.containerd.runtime.v2.task/k8s.io")
APPARMOR = pathlib.Path("/sys/kernel/security/apparmor")
PLAIN = ["/sys/module/apparmor/parameters/enabled", "/sys/kernel/security/lsm", "/proc/sys/kernel/random/boot_id",
         "/proc/sys/kernel/osrelease", "/etc/hostname", "/etc/os-release"]
KINDS = {stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFREG: "f", stat.S_IFCHR: "c", stat.S_IFBLK: "b",
         stat.S_IFIFO: "p", stat.S_IFSOCK: "s"}


def copy(root, path):
    """Files of proc, sys and run have no size: read and write, never copy by size."""
    target = root / str(path).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pathlib.Path(path).read_bytes())


def copy_apparmor(root, label):
    for directory, _, files in os.walk(APPARMOR / "features"):
        for name in files:
            copy(root, pathlib.Path(directory, name))
    copy(root, APPARMOR / "profiles")
    for directory in (APPARMOR / "policy/profiles").glob(f"{label}.*"):
        for name in ("name", "mode", "attach", "sha1", "sha256"):
            if (directory / name).exists():
                copy(root, directory / name)


def copy_bundles(root, ids):
    for container_id in ids:
        for name in ("config.json", "init.pid"):
            copy(root, BUNDLES / container_id / name)


def list_files(rootfs):
    """Every path of the container's root filesystem with its type; symbolic links with their target."""
    lines = []
    for directory, subdirectories, files in os.walk(rootfs):
        for name in subdirectories + files:
            path = pathlib.Path(directory, name)
            inside = "/" + str(path.relative_to(rootfs))
            if inside.startswith(("/proc/", "/sys/", "/dev/")):
                continue
            kind = KINDS[stat.S_IFMT(path.lstat().st_mode)]
            lines.append(f"{kind} {inside} -> {os.readlink(path)}" if kind == "l" else f"{kind} {inside}")
    return sorted(lines, key=lambda line: line.split(" ", 1)[1])


def start_auditd():
    pathlib.Path("/var/log/audit").mkdir(parents=True, exist_ok=True)
    subprocess.run(["auditd"], check=True, timeout=60)
    node.wait_for("audit.log", pathlib.Path("/var/log/audit/audit.log").exists, 30)


def start_learner(out, label, profile):
    """Returns aa-learn's process, None with a profile."""
    if profile:
        subprocess.run(["apparmor_parser", "-rK", profile], check=True, timeout=60)
        return None
    with open(out / "learn.log", "wb") as log:
        learner = subprocess.Popen(["aa-learn", "--pod", "web", "-o", str(out / "learned")], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    node.wait_for("the learning profile", lambda: node.loaded_mode(label) == "complain", 60)
    return learner


def main():
    out = pathlib.Path(sys.argv[1])
    root = out / "node"
    start_auditd()
    containerd, client = node.start_containerd(out / "containerd.log")
    web = workloads.Web(client)
    learner = start_learner(out, web.label, sys.argv[2] if len(sys.argv) > 2 else None)
    web.prepare("2026_11_21_10_00_00.123456789")
    web.create("x2x9k", web.label)
    web.train()
    copy_bundles(root, [web.handle.id, web.container])
    (root / "container-files.txt").write_text("\n".join(list_files(BUNDLES / web.container / "rootfs")) + "\n")
    copy_apparmor(root, web.label)
    for path in PLAIN:
        copy(root, path)
    web.delete()
    if learner:
        learner.send_signal(signal.SIGINT)
        learner.wait(60)
    time.sleep(1)
    subprocess.run(["pkill", "-TERM", "-x", "auditd"], check=False, timeout=10)
    time.sleep(2)
    copy(root, "/var/log/audit/audit.log")
    containerd.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
