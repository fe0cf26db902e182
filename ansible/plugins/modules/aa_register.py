#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers AppArmor profiles in the kernel of a node, by aa-register."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: aa_register
short_description: Register AppArmor profiles in the kernel of a node
version_added: 0.1.0
description:
  - Compares the profiles that shall be loaded with those that the kernel holds, loads what differs, all or nothing, and proves each one.
  - Seccomp profiles of a bundle are placed together with them, where the kubelet looks for them.
  - The work is done by C(aa-register) on the node; see its manual page for what is compared, refused and proved.
author:
  - The aakit developers
options:
  state:
    description:
      - With C(present) the profiles of I(src) and I(paths) are loaded.
      - With C(pruned) also those that were registered before and are not among them are unloaded, but for what tasks wear.
      - With C(absent) the profiles called I(names) are unloaded, all or none; it is an error where tasks wear one.
    type: str
    choices: [present, pruned, absent]
    default: present
  src:
    description:
      - A bundle of C(aa-compile), a profile text, compiled policy, or a directory of texts, on the controller.
      - Texts are compiled on the node. Of an unsigned bundle only the part for I(features) is sent, where that is given.
    type: path
  features:
    description: The id of the node's feature set, as M(aakit.aakit.aa_register_info) returns it.
    type: str
  dest:
    description:
      - Where on the node I(src) is kept after it was loaded, a directory. What was there is replaced as a whole.
      - The service C(aa-register) watches C(/etc/aakit/profiles).
      - Without it nothing of I(src) is kept but the copies of the texts in C(/etc/apparmor.d).
    type: path
  paths:
    description: Bundles, texts, compiled policy, or directories of them, on the node.
    type: list
    elements: path
    default: []
  names:
    description: The profiles that shall be unloaded, with I(state=absent).
    type: list
    elements: str
    default: []
  adopt:
    description: Profiles to take over, from whoever loaded them or wrote their text.
    type: list
    elements: str
    default: []
  force:
    description:
      - Take over every profile that is named.
      - With I(state=pruned) and I(state=absent) also unload what tasks wear; they become unconfined, and stay so.
    type: bool
    default: false
  allow_complain:
    description: An enforced profile may become a complaining one.
    type: bool
    default: false
  allow_empty:
    description: With I(state=pruned) the input may be a bundle without profiles.
    type: bool
    default: false
  fail_on_worn:
    description: With I(state=pruned) fail where a profile stays since tasks wear it, after all else was done.
    type: bool
    default: false
  verify_keys:
    description: Public keys on the node. Nothing is taken but bundles that the owner of one of them signed.
    type: list
    elements: path
    default: []
  allow_older:
    description: With I(verify_keys) take a bundle of a lower serial than what is registered.
    type: bool
    default: false
  seccomp_dir:
    description: Where the kubelet looks for seccomp profiles, if not in C(/var/lib/kubelet/seccomp).
    type: path
  without_apparmor:
    description: What becomes of a node whose kernel does not use AppArmor.
    type: str
    choices: [fail, skip]
    default: fail
  program:
    description: Where C(aa-register) is, if it cannot be found.
    type: path
  root:
    description: Put every path of the node below this directory; C(aa-register --root).
    type: path
  archive:
    description: What the controller packs of I(src). It is not for playbooks.
    type: str
attributes:
  check_mode:
    description: Nothing is written, and the result tells what would be done.
    support: full
  diff_mode:
    description: The texts of the profiles that change, as they are and as they shall be, and their modes.
    support: full
seealso:
  - module: aakit.aakit.aa_register_info
  - module: aakit.aakit.aa_compile
"""

EXAMPLES = r"""
- name: Load a bundle, and keep it for the service
  aakit.aakit.aa_register:
    src: bundle
    dest: /etc/aakit/profiles

- name: Load a text that is on the node
  aakit.aakit.aa_register:
    paths: [/srv/profiles/k8s-web]

- name: Load a signed bundle, and unload what is not in it any more
  aakit.aakit.aa_register:
    state: pruned
    src: bundle
    verify_keys: [/etc/aakit/pipeline.pub]

- name: Unload a profile that nobody needs
  aakit.aakit.aa_register:
    state: absent
    names: [k8s-old]
"""

RETURN = r"""
profiles:
  description: Each profile, with what was done, or would be done, as C(aa-register --json) tells it.
  returned: with present and pruned
  type: list
  elements: dict
  sample: [{name: k8s-web, action: replace, text: replace, mode: enforce, old-mode: enforce, hash: "sha1:5310...", proved: true}]
seccomp:
  description: The same of seccomp profiles.
  returned: with present and pruned
  type: list
  elements: dict
worn:
  description: Profiles that should go, and that tasks wear; their tasks are in I(profiles), or with absent in I(wearers).
  returned: with pruned, and where absent is refused for that
  type: list
  elements: str
removed:
  description: Profiles that were unloaded, or would be.
  returned: with absent
  type: list
  elements: str
wearers:
  description: The tasks that wear what should be unloaded.
  returned: where absent is refused for that
  type: list
  elements: dict
kept:
  description: What was done to I(dest); C(same) where it was as it should be.
  returned: with dest
  type: str
  sample: replaced
apparmor:
  description: Whether the kernel uses AppArmor.
  returned: always
  type: bool
"""

import os
import platform

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_native
from ansible_collections.aakit.aakit.plugins.module_utils import plans, sent
from ansible_collections.aakit.aakit.plugins.module_utils.programs import Program, ProgramError, apparmor_is_on, unescaped

OK = 0
FAILED = 1
FINDING = 3


def options(params):
    """The command line's options for what the module was asked for."""
    flags = [("force", "--force"), ("allow_complain", "--allow-complain"), ("allow_empty", "--allow-empty"), ("allow_older", "--allow-older")]
    words = [flag for name, flag in flags if params[name]]
    words += ["--adopt=" + name for name in params["adopt"]]
    words += ["--verify-key=" + path for path in params["verify_keys"]]
    if params["state"] == "pruned":
        words.append("--prune")
    if params["seccomp_dir"]:
        words.append("--seccomp-dir=" + params["seccomp_dir"])
    return words


def plan_of(program, words, paths, texts):
    return program.run("diff", words + (["--texts"] if texts else []) + ["--"] + paths, good=(OK, FINDING))[1]


def explain(program, words, paths, error):
    """What a refused run would have done: it says for each profile why."""
    if error.code != FAILED:
        return {}
    try:
        return plans.without_texts(plan_of(program, words, paths, False))
    except ProgramError:
        return {}  # the first error is what is told


def present(module, program, tree):
    params = module.params
    paths = params["paths"] + ([tree.path] if tree else [])
    words, result = options(params), {"changed": False}
    try:
        if module.check_mode or module._diff:
            plan = plan_of(program, words, paths, module._diff)
            result["diff"] = plans.differences(plan) if module._diff else []
        if not module.check_mode:
            plan = program.run("apply", words + ["--"] + paths, good=(OK, FINDING))[1]
    except ProgramError as error:
        module.fail_json(msg=str(error), code=error.code, **explain(program, words, paths, error))
    result.update(plans.without_texts(plan))
    result["changed"] = plans.changes(plan) if module.check_mode else plan["changed"]
    refused = plans.refusals(plan)
    if refused:
        module.fail_json(msg="\n".join(refused), **dict(result, changed=False))
    if params["state"] == "pruned":
        result["worn"] = plans.named(plan, "worn")
    if tree and params["dest"]:
        result["kept"] = tree.keep(params["dest"], module.check_mode)
    if result.get("worn"):
        # Ansible tells the same words once for all nodes.
        told = "{0}: not unloaded, since tasks wear it: {1}".format(platform.node(), ", ".join(result["worn"]))
        if params["fail_on_worn"]:
            module.fail_json(msg=told, **result)
        module.warn(told)
    module.exit_json(apparmor=True, **result)


def difference_of(found):
    before = "# in the kernel: %s\n" % found["mode"] if found.get("mode") else "# registered\n"
    return {"before_header": found["name"] + " (now)", "after_header": found["name"] + " (unloaded)", "before": before, "after": ""}


def obstacles(known, force):
    """Which of the profiles that shall go tasks wear, and which are not aakit's own."""
    if force:
        return [], []
    return [found for found in known if found["tasks"] > 0], [found for found in known if found["state"] == "foreign"]


def absent(module, program):
    force, result, worn = module.params["force"], {}, []
    try:
        found = program.run("status", ["--"] + module.params["names"], good=(OK, FINDING))[1]["profiles"]
        known = [one for one in found if one["state"] not in ("absent", "wanted")]
        worn, foreign = obstacles(known, force)
        result["removed"] = [one["name"] for one in known]
        if module._diff:
            result["diff"] = [difference_of(one) for one in known]
        if module.check_mode and worn + foreign:
            raise ProgramError("tasks wear it, or it is not aakit's own: " + ", ".join(one["name"] for one in worn + foreign), FAILED)
        if known and not module.check_mode:
            program.run("rm", (["--force"] if force else []) + ["--"] + [unescaped(name) for name in result["removed"]])
    except ProgramError as error:
        wearers = [task for one in worn for task in one["worn-by"]]
        module.fail_json(msg=str(error), code=error.code, worn=[one["name"] for one in worn], wearers=wearers)
    module.exit_json(changed=any(one["state"] != "missing" for one in known), apparmor=True, **result)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            state=dict(type="str", choices=["present", "pruned", "absent"], default="present"),
            src=dict(type="path"),
            features=dict(type="str"),
            dest=dict(type="path"),
            paths=dict(type="list", elements="path", default=[]),
            names=dict(type="list", elements="str", default=[]),
            adopt=dict(type="list", elements="str", default=[]),
            force=dict(type="bool", default=False),
            allow_complain=dict(type="bool", default=False),
            allow_empty=dict(type="bool", default=False),
            fail_on_worn=dict(type="bool", default=False),
            verify_keys=dict(type="list", elements="path", default=[], no_log=False),
            allow_older=dict(type="bool", default=False),
            seccomp_dir=dict(type="path"),
            without_apparmor=dict(type="str", choices=["fail", "skip"], default="fail"),
            program=dict(type="path"),
            root=dict(type="path"),
            archive=dict(type="str", no_log=True),
        ),
        required_if=[("state", "absent", ["names"])],
        required_by={"dest": "archive"},
        supports_check_mode=True,
    )
    params = module.params
    if not apparmor_is_on(params["root"]):
        told = "the kernel of this node does not use AppArmor: boot it with apparmor=1 security=apparmor"
        if params["without_apparmor"] == "skip":
            module.exit_json(changed=False, skipped=True, apparmor=False, msg=told)
        module.fail_json(msg=told, apparmor=False)
    program = Program(module, "aa-register", params["program"], params["root"])
    if params["state"] == "absent":
        if not params["names"]:
            module.fail_json(msg="names: name the profiles that shall be unloaded")
        absent(module, program)
    if not params["archive"] and not params["paths"]:
        module.fail_json(msg="name what shall be loaded: src or paths")
    if not params["archive"]:
        present(module, program, None)
    try:
        with sent.Tree(module.params, module.tmpdir, module.check_mode) as tree:
            present(module, program, tree)
    except (IOError, OSError, ValueError) as error:
        module.fail_json(msg=to_native(error))


if __name__ == "__main__":
    main()
