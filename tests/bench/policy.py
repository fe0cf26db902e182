# SPDX-License-Identifier: GPL-2.0-or-later
"""What a profile allows, asked of its compiled policy by aa-compile: events, a tree of files, its size, its cost."""

import json
import re
import statistics
import struct
import subprocess
import time

FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|(\S+))')
FILE_OPERATIONS = {"open", "file_perm", "file_mmap", "file_mprotect", "file_lock", "file_receive", "file_inherit", "mknod",
                   "mkdir", "rmdir", "unlink", "truncate", "chmod", "chown", "rename_src", "rename_dest", "symlink",
                   "getattr"}
OPTION_NAMES = {"rprivate": "make-rprivate"}  # the kernel's and the question's, where they differ
LONGEST = 60  # seconds of one compilation
SYSTEM = "/etc/apparmor.d"


def word(value):
    """One word of a question: a name that the kernel wrote in hex is taken for what it says."""
    return "".join(char if 33 <= ord(char) < 127 and char != "\\" else f"\\x{ord(char):02x}" for char in value)


def name_of(record):
    found = re.search(r' name=(?:"([^"]*)"|([0-9A-F]+))', record)
    if not found:
        return ""
    return found[1] if found[1] is not None else bytes.fromhex(found[2]).decode("latin-1")


def mount_question(operation, target, keys):
    if operation == "umount":
        return f"umount {target}"
    if operation == "pivotroot":
        return f"pivot_root {target} {word(keys['srcname'])}"
    options = [OPTION_NAMES.get(name, name) for name in keys.get("flags", "").split(", ")]
    parts = {"source": word(keys.get("srcname", "")), "fstype": keys.get("fstype", ""),
             "options": ",".join(options)}
    return " ".join(["mount", target, *(f"{name}={value}" for name, value in parts.items() if value)])


def question(record):
    """The question that asks whether a record's access is allowed; None where no rule is needed for it."""
    keys = {key: quoted or bare for key, quoted, bare in FIELD.findall(record)}
    operation, mask = keys.get("operation"), keys.get("requested_mask", "")
    who = "owner" if keys.get("fsuid") == keys.get("ouid") else "other"
    if operation == "exec":
        return None if keys.get("info") == "no new privs" else f"exec {word(name_of(record))} {who}"
    if operation == "link":
        return f"link {word(name_of(record))} {word(keys['target'])} {who}"
    if operation in FILE_OPERATIONS and "family" not in keys:
        return f"file {word(name_of(record))} {mask} {who}"
    if operation == "capable":
        return f"capability {keys['capname']}"
    if operation == "signal":
        return f"signal {mask} {keys['signal']} {word(keys['peer'])}"
    if operation == "ptrace":
        return f"ptrace {mask} {word(keys['peer'])}"
    if operation in ("mount", "umount", "pivotroot"):
        return mount_question(operation, word(name_of(record)), keys)
    if "family" in keys:
        return f"network {keys['family']} {keys['sock_type']} {mask.replace(' ', ',')}"
    raise SystemExit(f"bench: no question for this record: {record}")


def questions(path, label, comm=None):
    """{question: how many records asked it} of one label, and one program's name, in a log."""
    found = {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if f'profile="{label}"' in line and (comm is None or f'comm="{comm}"' in line):
                asked = question(line)
                if asked:
                    found[asked] = found.get(asked, 0) + 1
    return found


def compile_text(path, features, runs=3):
    """The compiled text, and the median of the seconds that it takes; None where that is more than LONGEST."""
    command = ["apparmor_parser", "--config-file=/dev/null", "-Q", "-K", "-q", "-M", features, "-b", SYSTEM, "-S", path]
    walls = []
    while len(walls) < runs and sum(walls) < 10:
        begun = time.monotonic()
        try:
            blob = subprocess.run(command, capture_output=True, check=True, timeout=LONGEST).stdout
        except subprocess.TimeoutExpired:
            return None, None
        walls.append(time.monotonic() - begun)
    return blob, statistics.median(walls)


class Policy:
    """A compiled file that holds the profile LABEL."""

    def __init__(self, program, features, path, label):
        self.program, self.features, self.path, self.label = program, features, path, label

    def query(self, *words, **options):
        done = subprocess.run([self.program, "query", self.path, self.label, "--features", self.features, *words],
                              capture_output=True, text=True, check=False, **options)
        if done.returncode not in (0, 3) and not done.stdout:
            raise SystemExit(f"bench: aa-compile query {self.path}: {done.returncode} {done.stderr}")
        return done.stdout

    def denied(self, asked):
        """Those of the questions whose answer is no, with what of them is denied."""
        lines = list(asked)
        answers = self.query(input="\n".join(lines) + "\n").splitlines()
        if len(answers) != len(lines):
            raise SystemExit(f"bench: {len(answers)} answers to {len(lines)} questions")
        bad = [f"{line}: {answer}" for line, answer in zip(lines, answers) if answer.startswith("invalid")]
        if bad:
            raise SystemExit(f"bench: aa-compile does not understand {bad[0]}")
        return {line: answer for line, answer in zip(lines, answers) if answer.startswith("denied")}

    def tree(self, rootfs):
        """{path: what of rwx is allowed} of the files below ROOTFS, were they the task's own; and how many there are."""
        document = json.loads(self.query("--tree", str(rootfs), "--owner", "--json"))
        return {entry["path"]: entry["mask"] for entry in next(v for v in document.values() if isinstance(v, list))}, \
            document["files"]


def dfa_size(blob):
    """Bytes of all state machines in a compiled policy: each is a blob that the name "aadfa" is given to."""
    size, at = 0, blob.find(b"aadfa\0")
    while at >= 0:
        size += struct.unpack_from("<I", blob, at + 7)[0]
        at = blob.find(b"aadfa\0", at + 7)
    return size


def rule_count(text):
    """The rules of a profile's text, each ending with a comma; an include counts as one."""
    lines = [line.split(" #")[0].strip() for line in text.splitlines()]
    body = lines[next(n for n, line in enumerate(lines) if line.startswith("profile ")):]
    return sum(1 for line in body if line.endswith(",") and not line.startswith("#") or line.startswith("include "))
