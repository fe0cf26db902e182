# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks again and again whether a task wears its profile, and the kernel holds it enforced."""

import threading
import time

import node


class Watcher(threading.Thread):
    """Looks every 10 ms; what was otherwise is a gap: (when, label, mode)."""

    def __init__(self, pid, label):
        super().__init__(daemon=True)
        self.pid, self.label, self.looks, self.gaps, self.ended = pid, label, 0, [], threading.Event()

    def run(self):
        while not self.ended.wait(0.01):
            self.looks += 1
            try:
                label = node.label_of(self.pid)
                mode = node.loaded_mode(self.label)
            except OSError as error:
                label, mode = str(error), None
            if label != f"{self.label} (enforce)" or mode != "enforce":
                self.gaps.append((time.monotonic(), label, mode))

    def finish(self):
        self.ended.set()
        self.join()
        return self.looks, self.gaps
