# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether aa-compile query answers as the kernel does, guest side.

Usage: oracle.py OUT. Writes TAP to stdout. Random and adversarial profiles are compiled by the node's parser, or are in
/job/compiled (precompile.py), are loaded, and asked about through the kernel's own query file (.access) and through the reader, with random and adversarial names.
"""

import pathlib
import shutil
import subprocess
import sys

import kernel_query
import questions
import random_policy
import tap as tap_module

KERNEL = pathlib.Path("/sys/kernel/security/apparmor")
COMPILED = pathlib.Path("/job/compiled")
PROFILES = 36
QUESTIONS = 1500  # a profile
SHOWN = 10  # differences, at most


def with_tables(out):
    """A copy of the kernel's features for which parsers from 4.0 on write permissions in tables; None where it knows none."""
    copy = out / "features"
    shutil.copytree(KERNEL / "features", copy)
    version = copy / "policy" / "permstable32_version"
    if not version.exists():
        return None
    version.write_text("0x000002\n")
    return copy


def compile_policy(text, features):
    parser = ["apparmor_parser", "--config-file=/dev/null", "-q", "-K", "-Q", "-S"]
    return subprocess.run([*parser, *(["-M", str(features)] if features else [])], input=text, stdout=subprocess.PIPE,
                          check=True, timeout=120).stdout


def ask_reader(blob, label, asked):
    """One answer a question: the words of its line."""
    lines = b"".join(question.line() + b"\n" for question in asked)
    run = subprocess.run(["aa-compile", "query", "-q", str(blob), label], input=lines, stdout=subprocess.PIPE,
                         check=False, timeout=300)
    answers = [line.split() for line in run.stdout.decode().splitlines()]
    if run.returncode not in (0, 3) or len(answers) != len(asked):
        raise RuntimeError(f"aa-compile query ended with {run.returncode} after {len(answers)} of {len(asked)} answers")
    return answers


def compare(tally, differences, blob, label, asked):
    with kernel_query.Access() as access:
        for question, words in zip(asked, ask_reader(blob, label, asked)):
            kernel = question.ask_kernel(access, label)
            reader = question.from_reader(words)
            tally[question.kind] = tally.get(question.kind, 0) + 1
            tally["allowed"] = tally.get("allowed", 0) + (kernel.allowed == question.requested)
            if kernel != reader:
                differences.setdefault(question.kind, []).append(
                    f"{label}: {question.line().decode()}: kernel {kernel}, reader {reader}")


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    tally, differences, stored_in_tables, ready_made = {}, {}, 0, 0
    try:
        tables = with_tables(out)
        for number in range(PROFILES):
            policy, rand = random_policy.numbered(number)
            (out / f"{policy.label}.aa").write_bytes(policy.text)
            ready, blob = COMPILED / f"{policy.label}.bin", out / f"{policy.label}.bin"
            compiled = ready.read_bytes() if ready.exists() else compile_policy(policy.text, tables if number % 2 else None)
            blob.write_bytes(compiled)
            (KERNEL / ".replace").write_bytes(compiled)
            stored_in_tables += b"perms\0" in compiled
            ready_made += ready.exists()
            asked = questions.make(rand, policy, QUESTIONS)
            compare(tally, differences, blob, policy.label, asked)
    except Exception:  # what was compared until then still counts
        tap.crash("asking")
    allowed = tally.pop("allowed", 0)
    total = sum(tally.values())
    tap.check(f"{total} questions about {PROFILES} profiles", total >= 20000, f"{allowed} of them allowed as a whole",
              f"{stored_in_tables} profiles with tables of permissions, {ready_made} compiled by the host's parser")
    for kind, count in sorted(tally.items()):
        wrong = differences.get(kind, [])
        tap.check(f"{kind}: {count} questions answered alike", not wrong, f"{len(wrong)} differ", wrong[:SHOWN])
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
