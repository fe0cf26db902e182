# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the Test Anything Protocol: one line a check, diagnostics below it, the plan at the end."""

import traceback


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, passed, *diagnostics, todo=None):
        """Reports one check; diagnostics (lines or lists of lines) are printed whether it passed or not.

        A failure of a check with a reason in todo is known and does not fail the run.
        """
        self.count += 1
        self.failed += not passed and not todo
        directive = f" # TODO {todo}" if todo else ""
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}{directive}", flush=True)
        self.note(*diagnostics)
        return bool(passed)

    def note(self, *diagnostics):
        for item in diagnostics:
            for line in item if isinstance(item, (list, tuple)) else str(item).splitlines():
                print(f"#   {line}", flush=True)

    def crash(self, name):
        """Reports the exception being handled as a failed check."""
        self.check(name, False, traceback.format_exc())

    def finish(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
