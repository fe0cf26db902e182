# SPDX-License-Identifier: GPL-2.0-or-later
"""What a plan of aa-register means to people: a difference of texts, and what stands in the way."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

CHANGING = ("add", "replace", "prune")


def steps(plan):
    return plan["profiles"] + plan["seccomp"]


def changes(plan):
    """Whether the plan would change the kernel's policy, or a seccomp profile."""
    return any(step["action"] in CHANGING for step in steps(plan))


def named(plan, action):
    return [step["name"] for step in steps(plan) if step["action"] == action]


def without_texts(plan):
    """The steps without lines of texts, for a result that stays small."""
    lists = {}
    for kind in ("profiles", "seccomp"):
        lists[kind] = [dict((k, v) for k, v in step.items() if k not in ("old-text", "new-text")) for step in plan[kind]]
    return lists


def shown(lines):
    # The program has escaped what is no printable text. Tabs and backslashes are meant for readers.
    return [line.replace("\\x09", "\t").replace("\\x5c", "\\") for line in lines]


def side(step, mode, lines):
    """One side of a step's difference: a line for the kernel, and its text."""
    if mode is None and lines is None:
        return ""
    first = "# not in the kernel" if mode is None else "# in the kernel: " + mode
    if step.get("dir"):
        first = "# a seccomp profile below " + step["dir"]
    return "\n".join([first] + shown(lines or [])) + "\n"


def difference(step):
    old, new = step.get("old-text"), step.get("new-text")
    goes = step["action"] == "prune"
    if step.get("dir"):
        before = side(step, None, old)
        after = "" if goes else side(step, None, new)
    else:
        loaded, wanted = step.get("old-mode"), None if goes else step.get("mode")
        before, after = side(step, loaded, old), "" if goes else side(step, wanted, new)
        if before == after:
            before = before.replace("\n", ", but not what this text says\n", 1)
    return {
        "before_header": step["name"] + " (now)",
        "after_header": step["name"] + (" (unloaded)" if goes else " (wanted)"),
        "before": before,
        "after": after,
    }


def differences(plan):
    """A list for Ansible's --diff: each profile that the plan changes, with the rules before and after."""
    return [difference(step) for step in steps(plan) if step["action"] in CHANGING or step.get("text", "keep") != "keep"]


def refusals(plan):
    return ["%s: %s" % (step["name"], step.get("reason", "refused")) for step in steps(plan) if step["action"] == "refuse"]
