# SPDX-License-Identifier: GPL-2.0-or-later
"""Packs what lies on the controller into the task of aa_register: one task, one round trip."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.text.converters import to_native
from ansible.plugins.action import ActionBase
from ansible_collections.aakit.aakit.plugins.module_utils import sent


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def _packed(self, src, features):
        try:
            return sent.pack(self._find_needle("files", src), features)
        except (AnsibleError, IOError, OSError, ValueError) as error:
            raise AnsibleActionFail("src: %s" % to_native(error))

    def run(self, tmp=None, task_vars=None):
        result = super(ActionModule, self).run(tmp, task_vars)
        arguments = dict(self._task.args)
        if arguments.get("archive"):
            raise AnsibleActionFail("archive: this is not for playbooks; say src")
        if arguments.get("dest") and not arguments.get("src"):
            raise AnsibleActionFail("dest: it is where src is kept, and there is no src")
        if arguments.get("src"):
            arguments["archive"] = self._packed(arguments["src"], arguments.get("features"))
        result.update(
            self._execute_module(module_name="aakit.aakit.aa_register", module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        )
        result.get("invocation", {}).get("module_args", {}).pop("archive", None)
        return result
