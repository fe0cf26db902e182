# SPDX-License-Identifier: GPL-2.0-or-later
"""What aa-learn hears, guest side: storms are counted exactly, nothing is believed that the kernel did not write.

Usage: hear.py OUT. Writes TAP to stdout. Needs no containers: the workloads run under the learning profile by aa-exec.
"""

import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import audit
import capabilities
import node
import tap as tap_module
from recording import LABEL, Recording, under

STORM = "/var/lib/hear/storm-file"
FORGED = (f'apparmor="ALLOWED" operation="open" profile="{LABEL}" name="/forged" pid=1 comm="x" '
          'requested_mask="r" denied_mask="r" fsuid=0 ouid=0')


def backlog_limit():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, audit.NETLINK_AUDIT)
    sock.settimeout(5)
    sock.sendto(audit.HEADER.pack(audit.HEADER.size, audit.AUDIT_GET, 1, 1, 0), (0, 0))
    data = sock.recv(4096)
    sock.close()
    return audit.STATUS.unpack_from(data, audit.HEADER.size)[5]


def storm(count):
    return under(LABEL, "/job/storm", STORM, str(count))


def check_storms(tap, out):
    limit = backlog_limit()
    with Recording(out, "quiet") as quiet:
        subprocess.run(storm(0), check=True, timeout=60)
    base = quiet.events - quiet.count(STORM)
    tap.check("a quiet run loses nothing", quiet.code == 0 and quiet.lost == 0 and quiet.count(STORM) == 1, quiet.notes())

    with Recording(out, "raised") as raised:
        subprocess.run(storm(50000), check=True, timeout=300)
    tap.check("a storm of 50,000 opens with raised limits: every one is counted, none lost",
              raised.code == 0 and raised.lost == 0 and raised.count(STORM) == 50001,
              f"counted {raised.count(STORM)} of 50001", raised.notes())
    tap.check("the backlog limit is what it was", backlog_limit() == limit, f"{limit} before, {backlog_limit()} after")

    with Recording(out, "stopped") as stopped:
        stopped.process.send_signal(signal.SIGSTOP)
        subprocess.run(storm(20000), check=True, timeout=300)
        stopped.process.send_signal(signal.SIGCONT)
    tap.check("a reader that was stopped meanwhile still has all of 20,000",
              stopped.code == 0 and stopped.lost == 0 and stopped.count(STORM) == 20001,
              f"counted {stopped.count(STORM)} of 20001", stopped.notes())

    audit.set_backlog_limit(64)
    with Recording(out, "defaults", "--keep-limits") as defaults:
        subprocess.run(storm(50000), check=True, timeout=300)
    audit.set_backlog_limit(limit)
    made = 50001 + base
    accounted = defaults.events + defaults.lost
    tap.check("a storm with the kernel's default limits: what is reported lost is what was lost",
              accounted == made and (defaults.lost > 0) == (defaults.code == 3),
              f"made {made}, heard {defaults.events}, reported lost {defaults.lost}", defaults.notes())


def send_user_record(kind, text):
    """Sends an audit message as any container with CAP_AUDIT_WRITE can; returns the kernel's answer, an errno."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, audit.NETLINK_AUDIT)
    sock.settimeout(5)
    body = text.encode() + b"\0"
    sock.sendto(audit.HEADER.pack(audit.HEADER.size + len(body), kind, 5, 1, 0) + body, (0, 0))
    answer = sock.recv(4096)
    sock.close()
    return -int.from_bytes(answer[audit.HEADER.size:audit.HEADER.size + 4], "little", signed=True)


def forge(tap):
    """Everything that user space can do to be taken for the kernel."""
    for kind in (1005, 1107, 1112, 2100, 1400, 1501, 1503):
        code = send_user_record(kind, f"audit(1.000:1): {FORGED}")
        tap.note(f"message of type {kind}: {os.strerror(code) if code else 'taken by the kernel'}")
    with open("/dev/kmsg", "w", encoding="utf-8") as kmsg:
        for prefix in ("", "<5>", "<0>audit: ", "audit: "):
            kmsg.write(f"{prefix}type=1400 audit(1.000:1): {FORGED}\n")
            kmsg.flush()


HOSTILE = [
    'x" profile="unconfined" name="/etc/shadow',
    f"a\ntype=AVC msg=audit(1.000:1): {FORGED}",
    'type=AVC,msg=audit(1.000:1):,apparmor="DENIED"',
    "2F6574632F736861646F77",
    "\udcff\udcfe{a,b}[c]*?^\\x41",
]


def escape(name):
    """As lib/escape.c does it."""
    out = ""
    for char in name:
        code = ord(char)
        if 0xdc80 <= code <= 0xdcff:
            out += f"\\x{code - 0xdc00:02x}"
        elif code < 0x20 or code == 0x7f or char == "\\":
            out += f"\\x{code:02x}"
        else:
            out += char
    return out


def yaml_quote(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def open_hostile(directory):
    """Opens files with hostile names from a process whose own name is hostile; run under the profile."""
    ctypes.CDLL(None).prctl(15, b'a" profile="x', 0, 0, 0)
    for name in HOSTILE:
        with open(os.path.join(directory, name), encoding="utf-8"):
            pass


def check_trust(tap, out):
    directory = pathlib.Path("/var/lib/hear")
    for name in HOSTILE:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text("", encoding="utf-8")
    with Recording(out, "trust") as trust:
        forge(tap)
        subprocess.run(under(LABEL, sys.executable, "-B", "/job/hear.py", "--hostile", str(directory)), check=True, timeout=60)
        subprocess.run(under("k8s-other", "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
    tap.check("what user space sends or prints is no event", "/forged" not in trust.state.replace(yaml_quote(escape(
        HOSTILE[1])), ""), trust.notes())
    tap.check("and none of it is even malformed", trust.json["sources"][0]["malformed"] == 0 and trust.code == 0, trust.notes())
    for name in HOSTILE:
        path = yaml_quote(escape(f"{directory}/{name}"))
        tap.check(f"a file named {ascii(name)[:60]} is seen as just that", trust.count(path) == 1)
    tap.check("nothing of it became another path", trust.count("/etc/shadow") == 0)
    tap.check("another profile's events are not this one's", "/etc/hostname" not in trust.state)


def check_kmsg(tap, out):
    """Without auditd the kernel prints its records, ten in five seconds by default."""
    ratelimit = pathlib.Path("/proc/sys/kernel/printk_ratelimit")
    before = ratelimit.read_text()
    with Recording(out, "kmsg-limited", "--source", "kmsg") as limited:
        subprocess.run(storm(2000), check=True, timeout=120)
        time.sleep(6)  # the next record makes the kernel say how many it suppressed
        subprocess.run(storm(0), check=True, timeout=60)
    tap.check("the kernel's log with its rate limit: records are missing, and that is said",
              limited.code == 3 and limited.count(STORM) < 2002 and limited.lost > 0,
              f"counted {limited.count(STORM)} of 2003, reported lost {limited.lost}", limited.notes())
    ratelimit.write_text("0")
    audit.set_backlog_limit(65536)
    with Recording(out, "kmsg", "--source", "kmsg") as kmsg:
        subprocess.run(storm(500), check=True, timeout=120)
        forge(tap)
    ratelimit.write_text(before)
    audit.set_backlog_limit(64)
    tap.check("without the limit all of 500 are heard, and nothing that user space wrote there",
              kmsg.code == 0 and kmsg.count(STORM) == 501 and "/forged" not in kmsg.state,
              f"counted {kmsg.count(STORM)} of 501", kmsg.notes())


def check_auditd(tap, out):
    """auditd's log, rotated by auditd itself while it is followed."""
    pathlib.Path("/var/log/audit").mkdir(exist_ok=True)
    subprocess.run(["auditd"], check=True, timeout=30)
    pid = int(node.wait_for("auditd", lambda: pathlib.Path("/run/auditd.pid").exists()
                            and pathlib.Path("/run/auditd.pid").read_text().strip(), 30))
    lost = audit.lost_count()
    try:
        with Recording(out, "auditd", "--source", "audit-log") as log:
            for _ in range(4):
                subprocess.run(storm(300), check=True, timeout=120)
                os.kill(pid, signal.SIGUSR1)
                time.sleep(1)
        tap.check("auditd's log is followed across four rotations: every record once",
                  log.code == 0 and log.count(STORM) == 4 * 301,
                  f"counted {log.count(STORM)} of {4 * 301}, lost in the kernel {audit.lost_count() - lost}", log.notes())
        with Recording(out, "beside") as beside:
            subprocess.run(storm(300), check=True, timeout=120)
        tap.check("the multicast group has them all beside auditd",
                  beside.code == 0 and beside.lost == 0 and beside.count(STORM) == 301,
                  f"counted {beside.count(STORM)} of 301", beside.notes())
    finally:
        os.kill(pid, signal.SIGTERM)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--hostile":
        open_hostile(sys.argv[2])
        return 0
    out = pathlib.Path(sys.argv[1]) / "hear"
    tap = tap_module.Tap()
    pathlib.Path(STORM).parent.mkdir(parents=True)
    pathlib.Path(STORM).write_text("x")
    other = "abi <abi/3.0>,\nprofile k8s-other flags=(complain) { audit /** px -> k8s-other, }\n"
    subprocess.run(["apparmor_parser", "-K", "-r"], input=other.encode(), check=True, timeout=60)
    for part in (check_storms, check_trust, check_kmsg, check_auditd, capabilities.check):
        try:
            part(tap, out)
        except Exception:  # the rest still runs
            tap.crash(part.__name__)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
