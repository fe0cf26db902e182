#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What aa-logprof makes of a log, with every question answered by its own default: the profile goes to stdout.

usage: logprof_rules.py LOG LABEL

The Python library of aa-logprof does all of the work. It sees the records as it would without aa-learn: an exec that was
audited is an exec that was allowed, and all abstractions of the system are there to be proposed.
"""

import os
import re
import shutil
import sys
import tempfile

import apparmor.aa as aa
import apparmor.logparser
import apparmor.severity
import apparmor.ui as ui

SYSTEM = "/etc/apparmor.d"
PARTS = ("abi", "abstractions", "tunables", "local")


def answer_default(question, *_):
    """The first proposal is taken; a program is run in its caller's profile."""
    for command in ("CMD_ix", "CMD_ALLOW"):
        if command in question.functions:
            return command, question.selected or 0
    return question.default or question.functions[0], question.selected or 0


def prepare(folder, label):
    """A directory of profiles with an empty one to be filled."""
    for part in PARTS:
        if os.path.isdir(f"{SYSTEM}/{part}"):
            shutil.copytree(f"{SYSTEM}/{part}", f"{folder}/{part}", symlinks=True)
    with open(f"{folder}/{label}", "w", encoding="utf-8") as file:
        file.write(f"abi <abi/3.0>,\ninclude <tunables/global>\n\nprofile {label} "
                   "flags=(attach_disconnected, mediate_deleted) {\n}\n")


def translate(source, target, label):
    """The records of one label as a system logs them under a plain complain profile."""
    with open(source, encoding="utf-8", errors="replace") as lines, open(target, "w", encoding="utf-8") as out:
        for line in lines:
            if f'profile="{label}"' not in line:
                continue
            line = line.replace("type=1400 ", "type=AVC ", 1).replace('apparmor="AUDIT"', 'apparmor="ALLOWED"', 1)
            if "denied_mask=" not in line:
                line = re.sub(r'requested_mask=("[^"]*")', r"requested_mask=\1 denied_mask=\1", line)
            if 'operation="exec"' in line:
                name = re.search(r'name="([^"]*)"', line)
                line = re.sub(r' info="[^"]*"( error=-?\d+)?', "", line)
                line = re.sub(r'target="[^"]*"', f'target="{label}//null-{name[1] if name else "x"}"', line)
            out.write(line)


def main():
    log, label = sys.argv[1:]
    ui.PromptQuestion.promptUser = answer_default
    ui.UI_YesNo = lambda _text, default: default
    ui.UI_Info = ui.UI_Important = lambda text: print(text, file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="aakit-logprof.") as folder:
        prepare(folder, label)
        translate(log, f"{folder}/.log", label)
        aa.init_aa(profiledir=folder)
        aa.loadincludes()
        aa.read_profiles()
        aa.sev_db = apparmor.severity.Severity(aa.CONFDIR + "/severity.db", "unknown")
        found = apparmor.logparser.ReadLog(f"{folder}/.log", aa.active_profiles, folder).read_log("")
        aa.ask_exec(found)
        aa.ask_addhat(found)
        aa.ask_the_questions(aa.collapse_log(found))
        sys.stdout.write(aa.serialize_profile(aa.aa[label], label, {}))


if __name__ == "__main__":
    main()
