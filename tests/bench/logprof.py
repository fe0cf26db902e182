#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A bench's other side: a log through the reader of aa-logprof (the Python library apparmor.logparser), which is the part
of it that only reads. Prints how many profiles it found."""

import sys

from apparmor.logparser import ReadLog


class EveryProfile:
    """Says that there is a profile of every name, so that the reader takes all records."""

    @staticmethod
    def filename_from_profile_name(name):
        return name

    @staticmethod
    def profile_exists(_name):
        return True


reader = ReadLog(sys.argv[1], EveryProfile(), "/nonexistent")
found = reader.read_log("")
print(f"{sum(len(profiles) for profiles in found.values())} profiles")
