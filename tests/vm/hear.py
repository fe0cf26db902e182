# SPDX-License-Identifier: GPL-2.0-or-later
"""What aa-learn hears, guest side: storms are counted exactly, nothing is believed that the kernel did not write, and
capabilities are learned that were used before.

Usage: hear.py OUT. Writes TAP to stdout. Needs no containers: the workloads run under the learning profile by aa-exec.
"""

import pathlib
import subprocess
import sys

import capabilities
import forgeries
import losses
import tap as tap_module


def main():
    out = pathlib.Path(sys.argv[1]) / "hear"
    tap = tap_module.Tap()
    other = "abi <abi/3.0>,\nprofile k8s-other flags=(complain) { audit /** px -> k8s-other, }\n"
    subprocess.run(["apparmor_parser", "-K", "-r"], input=other.encode(), check=True, timeout=60)
    for part in (losses.check, forgeries.check, capabilities.check):
        try:
            part(tap, out)
        except Exception:  # the rest still runs
            tap.crash(part.__module__)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
