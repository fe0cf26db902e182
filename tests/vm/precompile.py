# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles the oracle's random policies on the host, by a parser that the node does not have.

Usage: precompile.py PARSER SUITE OUT. Every second one has permissions in tables, as the oracle's own, where the suite's
kernel knows any.
"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "guest"))
import oracle  # noqa: E402
import random_policy  # noqa: E402

FEATURES = {"bookworm": "debian-12-6.1", "trixie": "debian-13-6.12"}


def main():
    parser, suite, out = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir()
    words = (HERE.parents[1] / "profiles" / "features" / FEATURES[suite]).read_text()
    forms = [words, re.sub(r"permstable32_version \{0x00000\d", "permstable32_version {0x000002", words)]
    for number in range(oracle.PROFILES):
        policy, _ = random_policy.numbered(number)
        features = out / "features"
        features.write_text(forms[number % 2])
        subprocess.run([parser, "--config-file=/dev/null", "-q", "-K", "-Q", "-M", str(features), "-o",
                        str(out / f"{policy.label}.bin")], input=policy.text, check=True, timeout=120)


if __name__ == "__main__":
    main()
