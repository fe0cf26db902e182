#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a log as auditd keeps it: AppArmor records and as many lines of other kinds, mixed as a busy node mixes them.

usage: generate.py RECORDS [PATHS]

RECORDS AppArmor records (and that many other lines) go to standard output, about 300 bytes a line. They touch at most
PATHS distinct files (default 10000), a few of them often and most seldom, as applications do; every fiftieth is no
file access. The same arguments give the same bytes.
"""

import random
import sys

LABELS = ["k8s-web"] * 6 + ["k8s-cache"] * 2 + ["cri-containerd.apparmor.d", "k8s-web//null-/usr/bin/id"]
COMMS = {"k8s-web": "nginx", "k8s-cache": "redis-server", "cri-containerd.apparmor.d": "sh"}
FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/var/lib/data/blobs/2026", "/usr/share/nginx/html/assets/images", "/etc/nginx",
           "/proc/{pid}/task", "/tmp/client_body_temp", "/srv/releases/current/node_modules/component/dist"]
OPERATIONS = [("open", "r"), ("open", "r"), ("open", "wc"), ("file_mmap", "rm"), ("file_perm", "r"), ("getattr", "r"),
              ("unlink", "d"), ("rename_src", "wrd"), ("mknod", "c"), ("file_lock", "wk")]
SPECIAL = [
    'operation="capable" profile="{label}" pid={pid} comm="{comm}" capability=1  capname="dac_override"',
    'operation="create" profile="{label}" pid={pid} comm="{comm}" family="inet" sock_type="stream" protocol=6 '
    'requested="create" denied="create"',
    'operation="signal" profile="{label}" pid={pid} comm="{comm}" requested_mask="send" denied_mask="send" '
    'signal=term peer="{label}"',
]
OTHERS = [
    'type=SYSCALL msg=audit({stamp}): arch=c000003e syscall=257 success=yes exit=4 a0=ffffff9c a1=7ffe6ab1{pid:08x} a2=80000 '
    'a3=0 items=1 ppid=1 pid={pid} auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) '
    'ses=4294967295 comm="{comm}" exe="/usr/sbin/{comm}" subj={label} key=(null)\x1dARCH=x86_64 SYSCALL=openat '
    'AUID="unset" UID="root" GID="root" EUID="root" SUID="root" FSUID="root" EGID="root" SGID="root" FSGID="root"',
    'type=PATH msg=audit({stamp}): item=0 name="{path}" inode={pid} dev=fe:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 '
    'nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\x1dOUID="root" OGID="root"',
    'type=CWD msg=audit({stamp}): cwd="/"',
    'type=PROCTITLE msg=audit({stamp}): proctitle=6E67696E783A20776F726B65722070726F636573730000000000000000000000000000',
    'type=USER_AVC msg=audit({stamp}): pid=612 uid=101 auid=4294967295 ses=4294967295 subj=unconfined msg=\'apparmor="ALLOWED" '
    'operation="dbus_signal"  bus="system" path="/org/freedesktop/DBus" interface="org.freedesktop.DBus" '
    'member="NameOwnerChanged" mask="receive" pid={pid} label="{label}" peer_label="unconfined"  '
    'exe="/usr/bin/dbus-daemon" sauid=101 hostname=? addr=? terminal=?\'\x1dUID="messagebus" AUID="unset" SAUID="messagebus"',
    'type=SERVICE_START msg=audit({stamp}): pid=1 uid=0 auid=4294967295 ses=4294967295 subj=unconfined '
    'msg=\'unit=apt-daily comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success\'\x1dUID="root"',
]


def paths(count, rng):
    """COUNT names; /proc/PID is cut down to few, as the name is the application's own pid."""
    names = []
    for i in range(count):
        folder = rng.choice(FOLDERS).format(pid=1000 + i % 40)
        names.append(f"{folder}/{rng.choice(['lib', 'img', 'page', 'chunk', 'part'])}-{i:06d}.{rng.choice(['so.1', 'png', 'js', 'db'])}")
    return names


def record(rng, names, number):
    """The body of one AppArmor record, after its stamp."""
    pid = 1000 + (number // 50) % 30000
    if number % 50 == 0:
        label = rng.choice(LABELS)
        comm = COMMS.get(label, "id")
        return 'apparmor="ALLOWED" ' + rng.choice(SPECIAL).format(label=label, pid=pid, comm=comm)
    if rng.random() < 0.8:
        chosen = min(int(rng.paretovariate(0.6)) - 1, len(names) - 1)
    else:
        chosen = rng.randrange(len(names))
    label, (operation, mask) = LABELS[chosen % len(LABELS)], OPERATIONS[(chosen + rng.randrange(2)) % len(OPERATIONS)]
    name, comm = names[chosen], COMMS.get(label, "id")
    verdict = "DENIED" if label.startswith("cri") else "ALLOWED"
    return (f'apparmor="{verdict}" operation="{operation}" profile="{label}" name="{name}" pid={pid} '
            f'comm="{comm}" requested_mask="{mask}" denied_mask="{mask}" fsuid=0 ouid=0\x1dFSUID="root" OUID="root"')


def main():
    count = int(sys.argv[1])
    rng = random.Random(1)
    names = paths(int(sys.argv[2]) if len(sys.argv) > 2 else 10000, rng)
    time, serial = 1795295848000, 1000
    for number in range(count):
        time += rng.randrange(3)
        serial += 1
        stamp = f"{time // 1000}.{time % 1000:03d}:{serial}"
        sys.stdout.write(f"type=AVC msg=audit({stamp}): {record(rng, names, number)}\n")
        other = rng.choice(OTHERS)
        serial += rng.randrange(2)
        stamp = f"{time // 1000}.{time % 1000:03d}:{serial}"
        sys.stdout.write(other.format(stamp=stamp, pid=1000 + number % 30000, comm="nginx", label="unconfined",
                                      path=names[number % len(names)]) + "\n")


if __name__ == "__main__":
    main()
