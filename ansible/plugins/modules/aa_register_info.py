#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells what the kernel of a node holds, by aa-register."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: aa_register_info
short_description: Tell which AppArmor profiles a node has, and who wears them
version_added: 0.1.0
description:
  - Asks C(aa-register) on the node, and changes nothing.
  - Works on nodes without AppArmor and without C(aa-register) as well, and tells so.
author:
  - The aakit developers
options:
  gather:
    description:
      - What to ask for, beside whether AppArmor is on.
      - C(features) is the kernel's feature set, C(status) the profiles and who wears them, C(doctor) what is wrong with the node.
    type: list
    elements: str
    choices: [features, status, doctor]
    default: [features, status]
  names:
    description: With C(status), profiles to tell of in any case.
    type: list
    elements: str
    default: []
  all:
    description: With C(status), tell of the profiles that others loaded as well.
    type: bool
    default: false
  program:
    description: Where C(aa-register) is, if it cannot be found.
    type: path
  root:
    description: Put every path of the node below this directory; C(aa-register --root).
    type: path
attributes:
  check_mode:
    description: The module never changes anything.
    support: full
seealso:
  - module: aakit.aakit.aa_register
"""

EXAMPLES = r"""
- name: Ask the node
  aakit.aakit.aa_register_info:
  register: node

- name: Profiles are there, and nobody lacks one
  ansible.builtin.assert:
    that: node.counts.drifted + node.counts.missing + node.lacking == 0
"""

RETURN = r"""
apparmor:
  description: Whether the kernel uses AppArmor.
  returned: always
  type: bool
parser:
  description: Whether C(/sbin/apparmor_parser) is there; containerd takes AppArmor for absent without it.
  returned: always
  type: bool
installed:
  description: Whether C(aa-register) is there. Without it, or without AppArmor, nothing of what follows is returned.
  returned: always
  type: bool
version:
  description: That of C(aa-register).
  returned: where it is there
  type: str
revision:
  description: The kernel's count of changes to its policy.
  returned: where AppArmor is on
  type: int
features:
  description: The kernel's feature set, its I(features.id) and its I(features.text).
  returned: if gathered
  type: dict
profiles:
  description: The profiles, as C(aa-register status --json) tells them.
  returned: if gathered
  type: list
  elements: dict
counts:
  description: How many profiles there are, by state.
  returned: if gathered
  type: dict
lacking:
  description: How many containers lack the profile that they name.
  returned: if gathered
  type: int
checks:
  description: What C(aa-register doctor --json) looked at.
  returned: if gathered
  type: list
  elements: dict
problems:
  description: How many of these failed.
  returned: if gathered
  type: int
"""

import os

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.aakit.aakit.plugins.module_utils.programs import SYSTEM_DIRS, Program, ProgramError, apparmor_is_on, below

OK = 0
FINDING = 3


def revision(root):
    """The revision of the kernel's policy; None where it cannot be read. (A second read would wait for the next one.)"""
    try:
        opened = os.open(below(root, "/sys/kernel/security/apparmor/revision"), os.O_RDONLY | os.O_NONBLOCK)
    except (IOError, OSError):
        return None
    try:
        return int(os.read(opened, 32).decode("ascii"))
    except (IOError, OSError, ValueError):
        return None
    finally:
        os.close(opened)


def gather(program, params):
    found = {"version": program.version()}
    if "features" in params["gather"]:
        features = program.run("features", [])[1]
        found["features"] = {"id": features["id"], "text": features["text"]}
    if "status" in params["gather"]:
        words = (["--all"] if params["all"] else []) + ["--"] + params["names"]
        status = program.run("status", words, good=(OK, FINDING))[1]
        found.update(profiles=status["profiles"], counts=status["counts"], lacking=status["lacking"])
    if "doctor" in params["gather"]:
        doctor = program.run("doctor", [], good=(OK, FINDING))[1]
        found.update(checks=doctor["checks"], problems=doctor["failed"])
    return found


def main():
    module = AnsibleModule(
        argument_spec=dict(
            gather=dict(type="list", elements="str", choices=["features", "status", "doctor"], default=["features", "status"]),
            names=dict(type="list", elements="str", default=[]),
            all=dict(type="bool", default=False),
            program=dict(type="path"),
            root=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    params = module.params
    path = params["program"] or module.get_bin_path("aa-register", opt_dirs=SYSTEM_DIRS)
    result = {
        "changed": False,
        "apparmor": apparmor_is_on(params["root"]),
        "parser": os.path.exists(below(params["root"], "/sbin/apparmor_parser")),
        "installed": path is not None,
    }
    number = revision(params["root"]) if result["apparmor"] else None
    if number is not None:
        result["revision"] = number
    if path and result["apparmor"]:
        try:
            result.update(gather(Program(module, "aa-register", path, params["root"]), params))
        except ProgramError as error:
            module.fail_json(msg=str(error), code=error.code, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
