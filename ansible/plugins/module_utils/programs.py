# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs aakit's programs for the modules, and reads the documents that they print."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import re

SYSTEM_DIRS = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"]


class ProgramError(Exception):
    """A run that did not end as it should: what the program said, and its exit code."""

    def __init__(self, message, code):
        super(ProgramError, self).__init__(message)
        self.code = code


class Program(object):
    """One of aakit's programs on this host, for one module."""

    def __init__(self, module, name, path=None, root=None):
        self.module = module
        self.name = name
        self.root = root
        self.path = path or module.get_bin_path(name, opt_dirs=SYSTEM_DIRS)

    def run(self, verb, arguments, good=(0,)):
        """The exit code, one of good, and the document of "NAME VERB --json ARGUMENTS"."""
        command = [self.path, verb, "--json"]
        if self.root:
            command.append("--root=" + self.root)
        code, out, err = self.module.run_command(command + arguments)
        if code not in good:
            raise ProgramError(self.complaint(err, code), code)
        try:
            return code, json.loads(out)
        except ValueError as error:
            raise ProgramError("%s %s printed no document: %s" % (self.name, verb, error), code)

    def complaint(self, err, code):
        """What of its messages tells why it failed."""
        lines = [line for line in err.splitlines() if not line.startswith(self.name + ": note: ")]
        prefix = self.name + ": error: "
        lines = [line[len(prefix) :] if line.startswith(prefix) else line for line in lines]
        return "\n".join(lines) or "%s ended with %d and said nothing" % (self.name, code)

    def version(self):
        code, out, err = self.module.run_command([self.path, "--version"], check_rc=True)
        return out.split()[-1] if out.split() else ""


def unescaped(name):
    """The name that a program printed as name: bytes that are no printable text were written as \\xNN."""
    return re.sub(br"\\x([0-9A-Fa-f]{2})", lambda found: bytes(bytearray.fromhex(found.group(1).decode())), name.encode("utf-8"))


def below(root, path):
    return os.path.join(root or "/", path.lstrip("/"))


def apparmor_is_on(root=None):
    """Whether the kernel has AppArmor and uses it."""
    try:
        with open(below(root, "/sys/module/apparmor/parameters/enabled")) as parameter:
            return parameter.read().strip() == "Y"
    except (IOError, OSError):
        # Without the module there is no such file; who may not read it is told so by the program.
        return os.path.exists(below(root, "/sys/module/apparmor"))
