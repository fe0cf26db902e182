# SPDX-License-Identifier: GPL-2.0-or-later
"""Random profiles, and what they are about: names that some of their rules were made from."""

import dataclasses
import random

LETTERS = b"aab/.c"
FAMILIES = ("unix", "inet", "inet6", "netlink", "packet")
TYPES = ("stream", "dgram", "raw", "seqpacket")
SIGNALS = ("hup", "int", "kill", "term", "chld", "usr1", "rtmin+0", "rtmin+5", "exists")
PEERS = ("unconfined", "zz-oracle-1", "foo", "foo//bar", "k8s-web", "/usr/sbin/x")
FSTYPES = ("tmpfs", "proc", "ext4")
OPTIONS = ("ro", "nosuid", "nodev", "noexec", "sync", "noatime")


@dataclasses.dataclass
class Policy:
    label: str
    text: bytes
    paths: list  # of patterns: lists of parts
    links: list  # of pairs of patterns
    mounts: list  # of (source, target)
    ptrace: bool = False  # the automaton has rules for it


def byte(rand):
    return rand.choice(LETTERS) if rand.random() < 0.9 else rand.randrange(1, 256)


def pattern(rand):
    """A list of parts: numbers are bytes, strings are written as they are."""
    parts = [ord("/")]
    for _ in range(rand.randrange(1, 14)):
        part = rand.choice(["?", "*", "**", "[ab]", "[^a]", "{a,bc,}", "{b/,**}"]) if rand.random() < 0.25 else byte(rand)
        if part == parts[-1] == ord("/") or (isinstance(part, str) and isinstance(parts[-1], str)):
            continue
        parts.append(part)
    return parts


def written(parts):
    """As a quoted name in a rule; every byte that could mean something is in octal."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif chr(part).isalnum() and part < 128 or part == ord("/"):
            text += chr(part)
        else:
            text += f"\\{part:03o}"
    return f'"{text}"'


def perms(rand, deny):
    letters = [letter for letter in "rmk" if rand.random() < 0.5]
    letters += rand.choice([[], ["w"], ["a"]])
    exec_mode = "x" if deny else rand.choice(["ix", "ix", "px", "Px", "ux", "cx", "pix"])
    return letters, exec_mode


def file_rule(rand, policy, execs):
    parts = pattern(rand)
    deny = rand.random() < 0.2
    letters, exec_mode = perms(rand, deny)
    # Two transitions for one path do not compile: only names without patterns have one, and each once.
    plain = all(isinstance(part, int) for part in parts)
    if plain and tuple(parts) not in execs and rand.random() < 0.5:
        execs.add(tuple(parts))
        letters.append(exec_mode)
    elif deny and rand.random() < 0.3:
        letters.append("x")
    if not letters:
        letters = ["r"]
    policy.paths.append(parts)
    words = ["audit"] * (rand.random() < 0.2) + ["deny"] * deny + ["owner"] * (rand.random() < 0.25)
    return " ".join([*words, written(parts), "".join(letters)])


def link_rule(rand, policy):
    pair = pattern(rand), pattern(rand)
    policy.links.append(pair)
    policy.paths.append(pair[0])
    return f"link {written(pair[0])} -> {written(pair[1])}"


def mount_rule(rand, policy):
    source, target = f"/{rand.choice('abc')}/", f"/mnt/{rand.choice('abc')}/"
    policy.mounts.append((source, target))
    kind = rand.randrange(5)
    if kind == 0:
        return f"umount {target}"
    if kind == 1:
        return f"mount options=(rw, bind) {source} -> {target}"
    options = ", ".join(["rw", *rand.sample(OPTIONS[1:], rand.randrange(3))])
    if kind == 2:
        return f"mount fstype={rand.choice(FSTYPES)} options in ({options}) -> {target}**"
    return f"mount fstype={rand.choice(FSTYPES)} options=({options}) {rand.choice(['tmpfs', source])} -> {target}"


def other_rule(rand, policy):
    audit = rand.choice(["", "", "", "audit ", "deny ", "audit deny "])
    kind = rand.randrange(4)
    if kind == 0:
        return audit + f"network {rand.choice(FAMILIES)} {rand.choice(TYPES)}".replace("unix raw", "unix dgram")
    peer = rand.choice([*PEERS, "foo*", "/usr/**"])
    if kind == 1:
        signals = ", ".join(rand.sample(SIGNALS, rand.randrange(1, 4)))
        return audit + f"signal ({rand.choice(['send', 'receive', 'send, receive'])}) set=({signals}) peer={peer}"
    if kind == 2:
        policy.ptrace = policy.ptrace or audit != "audit deny "  # of which nothing is left in the automaton
        return audit + f"ptrace ({rand.choice(['read', 'trace', 'readby', 'tracedby', 'read, trace'])}) peer={peer}"
    return mount_rule(rand, policy)


def make(rand, label):
    policy = Policy(label, b"", [], [], [])
    execs = set()
    rules = [file_rule(rand, policy, execs) for _ in range(rand.randrange(1, 25))]
    rules += [link_rule(rand, policy) for _ in range(rand.randrange(3))]
    rules += [other_rule(rand, policy) for _ in range(rand.randrange(16))]
    flags = rand.choice(["", "", "", "flags=(complain) ", "flags=(audit) ", "flags=(attach_disconnected) "])
    lines = ["abi <abi/3.0>,", f"profile {label} {flags}{{", *(f"  {rule}," for rule in rules), "}"]
    policy.text = ("\n".join(lines) + "\n").encode()
    return policy


def numbered(number):
    """The same policy for the same number, on host and guest, and a generator of what to ask about it."""
    rand = random.Random(f"aakit/{number}")
    return make(rand, f"zz-oracle-{number}"), rand
