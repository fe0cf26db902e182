#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles AppArmor profiles into a bundle, by aa-compile."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: aa_compile
short_description: Compile AppArmor profiles into a bundle for kernels that are named
version_added: 0.1.0
description:
  - Compiles profile texts, learned states and seccomp profiles into a bundle, by C(aa-compile). It is meant for the controller.
  - What is in the bundle already is not compiled again. The bundle is written as a whole, or stays as it was.
author:
  - The aakit developers
options:
  profiles:
    description: Profile texts, learned states, seccomp profiles, or directories of them.
    type: list
    elements: path
    required: true
  bundle:
    description: The bundle to write, a directory.
    type: path
    required: true
  features:
    description: Feature sets to compile for, each as the text that M(aakit.aakit.aa_register_info) returns. Without any, that of this host.
    type: list
    elements: str
    default: []
  mode:
    description:
      - With C(enforce) and C(complain) every profile gets that mode, whatever its text says.
      - Only texts and directories of texts can be given then.
    type: str
    choices: [as_written, enforce, complain]
    default: as_written
  sign_keys:
    description: Private ed25519 keys on this host to sign the bundle with.
    type: list
    elements: path
    default: []
  serial:
    description: The number of the bundle, which grows; see C(aa-compile --serial).
    type: int
  base:
    description: Where C(abi), C(abstractions) and C(tunables) are, if not in C(/etc/apparmor.d).
    type: path
  program:
    description: Where C(aa-compile) is, if it cannot be found.
    type: path
attributes:
  check_mode:
    description: The profiles are compiled, and the bundle stays as it is.
    support: full
seealso:
  - module: aakit.aakit.aa_register
"""

EXAMPLES = r"""
- name: Compile for the kernels of two nodes
  aakit.aakit.aa_compile:
    profiles: [profiles]
    bundle: bundle
    features:
      - "{{ hostvars['node-1'].node.features.text }}"
      - "{{ hostvars['node-2'].node.features.text }}"
  delegate_to: localhost
"""

RETURN = r"""
bundle:
  description: The bundle.
  returned: always
  type: str
profiles:
  description: The profiles of the bundle, for each feature set, as C(aa-compile --json) tells them.
  returned: success
  type: list
  elements: dict
seccomp:
  description: The same of seccomp profiles.
  returned: success
  type: list
  elements: dict
"""

import os
import shutil
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_native
from ansible_collections.aakit.aakit.plugins.module_utils import profile_mode
from ansible_collections.aakit.aakit.plugins.module_utils.programs import Program, ProgramError


def put(path, content):
    with open(path, "wb") as target:
        target.write(content.encode("utf-8") if not isinstance(content, bytes) else content)
    return path


def with_mode(profiles, mode, scratch):
    """Copies of the texts, whose profiles have that mode."""
    copies = os.path.join(scratch, "texts")
    os.mkdir(copies, 0o755)
    for path in profiles:
        names = [os.path.join(path, name) for name in sorted(os.listdir(path))] if os.path.isdir(path) else [path]
        for name in names:
            if os.path.basename(name).startswith(".") or not os.path.isfile(name):
                continue
            copy = os.path.join(copies, os.path.basename(name))
            if os.path.exists(copy):
                raise ValueError("two texts are called %s" % os.path.basename(name))
            with open(name, "rb") as text:
                content = text.read()
            seccomp = name.endswith(".json")
            put(copy, content if seccomp else profile_mode.change(content, mode))
    return [copies]


def build(module, program, scratch):
    params = module.params
    words = []
    for number, text in enumerate(params["features"]):
        words.append("--features=" + put(os.path.join(scratch, "features-%d" % number), text))
    words += ["--sign=" + key for key in params["sign_keys"]]
    if params["serial"] is not None:
        words.append("--serial=%d" % params["serial"])
    if params["base"]:
        words.append("--base=" + params["base"])
    profiles, bundle = params["profiles"], os.path.abspath(params["bundle"])
    if params["mode"] != "as_written":
        profiles = with_mode(profiles, params["mode"], scratch)
    if module.check_mode:
        copy = os.path.join(scratch, "bundle")
        if os.path.isdir(bundle):
            shutil.copytree(bundle, copy)
        bundle = copy
    return program.run("build", words + ["--output=" + bundle, "--"] + profiles)[1]


def check_modes(module, built):
    """The compiler has the last word on what mode the profiles have."""
    wanted = module.params["mode"]
    other = sorted(set(one["name"] for one in built["profiles"] if one["mode"] != wanted))
    if wanted != "as_written" and other:
        module.fail_json(msg="these profiles could not be given the mode %s: %s" % (wanted, ", ".join(other)))


def main():
    module = AnsibleModule(
        argument_spec=dict(
            profiles=dict(type="list", elements="path", required=True),
            bundle=dict(type="path", required=True),
            features=dict(type="list", elements="str", default=[]),
            mode=dict(type="str", choices=["as_written", "enforce", "complain"], default="as_written"),
            sign_keys=dict(type="list", elements="path", default=[], no_log=False),
            serial=dict(type="int"),
            base=dict(type="path"),
            program=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    program = Program(module, "aa-compile", module.params["program"])
    scratch = tempfile.mkdtemp(prefix="aakit-", dir=module.tmpdir)
    try:
        built = build(module, program, scratch)
    except ProgramError as error:
        module.fail_json(msg=str(error), code=error.code)
    except (IOError, OSError, ValueError) as error:
        module.fail_json(msg=to_native(error))
    finally:
        shutil.rmtree(scratch)
    check_modes(module, built)
    for warning in built["warnings"]:
        module.warn(to_native(warning if not isinstance(warning, dict) else warning.get("message", warning)))
    module.exit_json(changed=built["changed"], bundle=os.path.abspath(module.params["bundle"]), profiles=built["profiles"], seccomp=built["seccomp"])


if __name__ == "__main__":
    main()
