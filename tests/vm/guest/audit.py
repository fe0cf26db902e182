# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the kernel's AppArmor records from the audit multicast group, without loss, beside whoever else reads."""

import errno
import re
import socket
import struct
import threading

NETLINK_AUDIT = 9
GROUP_READLOG = 1
AUDIT_GET, AUDIT_SET, AUDIT_AVC = 1000, 1001, 1400
STATUS_BACKLOG_LIMIT = 0x10
SO_RCVBUFFORCE = 33
HEADER = struct.Struct("=IHHII")
STATUS = struct.Struct("=10I")
FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|(\S+))')


def fields(line):
    """The keys of a record; names in hex are left as they are (no test here uses odd names)."""
    return {key: quoted or bare for key, quoted, bare in FIELD.findall(line)}


def set_backlog_limit(limit):
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
    body = STATUS.pack(STATUS_BACKLOG_LIMIT, 0, 0, 0, 0, limit, 0, 0, 0, 0)
    sock.sendto(HEADER.pack(HEADER.size + len(body), AUDIT_SET, 5, 1, 0) + body, (0, 0))
    sock.close()


def status():
    """What AUDIT_GET answers: mask, enabled, failure, pid, rate_limit, backlog_limit, lost, backlog, ..."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
    sock.settimeout(5)
    sock.sendto(HEADER.pack(HEADER.size, AUDIT_GET, 1, 1, 0), (0, 0))
    for _ in range(4):
        data = sock.recv(4096)
        if HEADER.unpack_from(data)[1] == AUDIT_GET:
            sock.close()
            return STATUS.unpack_from(data, HEADER.size)
    raise OSError("the kernel did not answer AUDIT_GET")


def backlog_limit():
    return status()[5]


def lost_count():
    """How many records the kernel has dropped since boot because its queue was full."""
    return status()[6]


class Reader(threading.Thread):
    """Keeps every AppArmor record of the run, in order, in memory and in a file."""

    types = (AUDIT_AVC,)

    def __init__(self, path):
        super().__init__(daemon=True)
        self.records = []
        self.overruns = 0
        self.file = open(path, "w", encoding="utf-8", errors="replace")
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.socket.bind((0, 1 << (GROUP_READLOG - 1)))
        set_backlog_limit(65536)

    def run(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    return
                self.overruns += 1
                continue
            kind = HEADER.unpack_from(data)[1]
            if kind in self.types:
                line = data[HEADER.size:].rstrip(b"\0").decode(errors="replace")
                self.file.write(f"type={kind} msg={line}\n")
                self.file.flush()
                self.records.append(line)

    def mark(self):
        return len(self.records)

    def of_label(self, label, since=0, verdict="DENIED"):
        """The records of a label and its children that have a verdict."""
        wanted = f'apparmor="{verdict}"'
        found = [line for line in self.records[since:] if wanted in line]
        return [line for line in found if fields(line).get("profile", "").split("//")[0] == label]
