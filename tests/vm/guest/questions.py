# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions that can be put to the kernel and to aa-compile query, and what the two answers say alike."""

import dataclasses
import socket

import random_policy

FILE = 2
MOUNT = 7
PTRACE = 9
SIGNAL = 10
NETWORK = 14
LABEL = 16
# Bits of the kernel's masks (security/apparmor/include/perms.h), by the words that the reader has for them.
FILE_BITS = {"r": 4, "w": 2, "a": 8, "x": 1, "m": 0x10000, "k": 0x8000, "l": 0x40000, "c": 0x10, "d": 0x20}
NETWORK_BITS = {"create": 0x10, "bind": 0x200000, "connect": 0x40, "listen": 0x400000, "accept": 0x100000, "send": 2,
                "receive": 4, "getattr": 0x200, "setattr": 0x100, "getopt": 0x2000000, "setopt": 0x1000000, "shutdown": 0x20}
SIGNAL_BITS = {"send": 2, "receive": 4}
PTRACE_BITS = {"read": 4, "trace": 2, "readby": 16, "tracedby": 8}
MOUNT_BITS = {"mount": 2}
UMOUNT_BITS = {"umount": 4}
SIGNAL_NUMBERS = {"hup": 1, "int": 2, "kill": 9, "term": 15, "chld": 17, "usr1": 10, "rtmin+0": 128, "rtmin+5": 133,
                  "exists": 35, "segv": 11}
FAMILY_NUMBERS = {"unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17}
MOUNT_FLAGS = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "sync": 16, "noatime": 1024, "bind": 4096, "rbind": 4096 | 16384}
LINK = FILE_BITS["l"]


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Sets of words: what of the request is allowed, what is refused silently, what is allowed and recorded."""

    allowed: frozenset
    quiet: frozenset
    audited: frozenset


def escaped(name):
    return b"".join(bytes([c]) if chr(c).isalnum() and c < 128 or c in b"/._-+" else b"\\x%02x" % c for c in name)


class Question:
    """One class, name and mask. bits: what may be requested; words: the question's words but for the mask's."""

    def __init__(self, kind, bits, requested, number, name, words, owner=True):
        self.kind, self.bits, self.requested = kind, bits, frozenset(requested)
        self.number, self.name, self.words, self.owner = number, name, words, owner

    def line(self):
        return b" ".join(self.words)

    def ask_kernel(self, access, label):
        masks = access.ask(label, self.number, self.name, self.owner)

        def words_of(mask):
            return frozenset(word for word in self.requested if self.bits[word] & mask)

        allowed = words_of(masks["allow"] & ~masks["deny"])
        return Verdict(allowed, words_of(masks["quiet"]) - allowed, words_of(masks["audit"]) & allowed)

    def from_reader(self, words):
        fields = dict(word.partition("=")[::2] for word in words[1:])

        def words_of(text):
            return frozenset(text.split(",") if self.number != FILE and text else text)

        return Verdict(self.requested - words_of(fields.get("mask", "")), words_of(fields.get("quiet", "")),
                       words_of(fields.get("audited", "")))


class LinkQuestion(Question):
    """The kernel is asked twice: about the link, and about the pair. Its file knows nothing of the test that a link gives no
    more than its target, so rules that ask for it are not made."""

    def __init__(self, link, target, owner):
        words = [b"link", escaped(link), escaped(target), b"owner" if owner else b"other"]
        super().__init__("link", FILE_BITS, "l", FILE, link, words, owner)
        self.pair = link + b"\0" + target

    def ask_kernel(self, access, label):
        first = access.ask(label, FILE, self.name, self.owner)
        second = access.ask(label, FILE, self.pair, self.owner)
        return self.verdict(first["allow"] & second["allow"] & LINK)

    def from_reader(self, words):
        fields = dict(word.partition("=")[::2] for word in words[1:])
        return self.verdict("l" not in fields.get("mask", ""))

    @staticmethod
    def verdict(allowed):
        return Verdict(frozenset("l" if allowed else ""), frozenset(), frozenset())


def path_for(rand, parts):
    """A name that the pattern may match: something for its open parts; now and then changed, cut, or very long (the kernel's
    file takes one page)."""
    name = bytearray()
    for part in parts:
        if isinstance(part, int):
            name.append(part)
        elif part in ("?", "[ab]", "[^a]"):
            name.append(random_policy.byte(rand))
        elif part == "{a,bc,}":
            name += rand.choice([b"a", b"bc", b"", b"b"])
        else:
            name += bytes(random_policy.byte(rand) for _ in range(rand.randrange(5)))
            name += b"b/" * (part == "{b/,**}" and rand.random() < 0.5)
    if name and rand.random() < 0.2:
        name[rand.randrange(len(name))] = rand.randrange(1, 256)
    if rand.random() < 0.1:
        name += b"/"
    if rand.random() < 0.1:
        del name[rand.randrange(len(name) + 1):]
    if rand.random() < 0.02:
        name += bytes(random_policy.byte(rand) for _ in range(1800))
    return bytes(name) or b"/"


def file_question(rand, policy):
    path = path_for(rand, rand.choice(policy.paths))
    # c and d have no letter in rules; x without a transition is refused by the reader, as by an exec.
    mask = "".join(letter for letter in "rwamklcd" if rand.random() < 0.2) or rand.choice("rwamk")
    owner = rand.random() < 0.5
    words = [b"file", escaped(path), mask.encode(), b"owner" if owner else b"other"]
    return Question("file", FILE_BITS, mask, FILE, path, words, owner)


def exec_question(rand, policy):
    path = path_for(rand, rand.choice(policy.paths))
    owner = rand.random() < 0.5
    return Question("exec", FILE_BITS, "x", FILE, path, [b"exec", escaped(path), b"owner" if owner else b"other"], owner)


def link_question(rand, policy):
    if not policy.links:
        return None
    link, target = rand.choice(policy.links)
    return LinkQuestion(path_for(rand, link), path_for(rand, target), rand.random() < 0.5)


def network_question(rand, _):
    family, kind = rand.choice(list(FAMILY_NUMBERS)), rand.choice(random_policy.TYPES)
    number = getattr(socket, "SOCK_" + kind.upper())
    asked = rand.sample(list(NETWORK_BITS), rand.randrange(1, 13))
    name = FAMILY_NUMBERS[family].to_bytes(2, "big") + int(number).to_bytes(2, "big")
    words = [b"network", family.encode(), kind.encode(), ",".join(asked).encode()]
    return Question("network", NETWORK_BITS, asked, NETWORK, name, words)


def signal_question(rand, _):
    signal, peer = rand.choice(list(SIGNAL_NUMBERS)), rand.choice([*random_policy.PEERS, "foox", ""])
    asked = rand.sample(list(SIGNAL_BITS), rand.randrange(1, 3))
    name = bytes([SIGNAL_NUMBERS[signal]]) + peer.encode()
    if not peer:
        return None
    words = [b"signal", ",".join(asked).encode(), signal.encode(), peer.encode()]
    return Question("signal", SIGNAL_BITS, asked, SIGNAL, name, words)


def ptrace_question(rand, policy):
    # Without a rule the kernel's file says "not mediated" of the labels that ptrace rules are kept with.
    if not policy.ptrace:
        return None
    peer = rand.choice([*random_policy.PEERS, "foox"])
    asked = rand.sample(list(PTRACE_BITS), rand.randrange(1, 5))
    words = [b"ptrace", ",".join(asked).encode(), peer.encode()]
    return Question("ptrace", PTRACE_BITS, asked, LABEL, bytes([PTRACE]) + peer.encode(), words)


def mount_question(rand, policy):
    if not policy.mounts:
        return None
    source, target = rand.choice(policy.mounts)
    target += rand.choice(["", "", "x/", "x/y/"])
    if rand.random() < 0.3:
        return Question("umount", UMOUNT_BITS, ["umount"], MOUNT, target.encode(), [b"umount", target.encode()])
    bind = rand.random() < 0.3
    source = rand.choice([source, "tmpfs"])
    options = [rand.choice(["bind", "rbind"])] if bind else rand.sample(random_policy.OPTIONS, rand.randrange(4))
    fstype = "" if bind else rand.choice(random_policy.FSTYPES)
    flags = 0
    for option in options:
        flags |= MOUNT_FLAGS[option]
    name = b"\0".join([target.encode(), source.encode(), fstype.encode(), b""])
    name += bytes(bit + 1 for bit in range(32) if flags >> bit & 1)
    words = [b"mount", target.encode(), b"source=" + source.encode()]
    words += [b"fstype=" + fstype.encode()] * (not bind) + [b"options=" + ",".join(options).encode()] * bool(options)
    return Question("mount", MOUNT_BITS, ["mount"], MOUNT, name, words)


def make(rand, policy, n):
    kinds = [file_question] * 8 + [exec_question, link_question, network_question, signal_question, ptrace_question,
                                   mount_question]
    asked = []
    while len(asked) < n:
        question = rand.choice(kinds)(rand, policy)
        if question is not None:
            asked.append(question)
    return asked
