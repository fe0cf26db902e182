# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether aa-compile query answers as the kernel does, guest side.

Usage: oracle.py OUT. Writes TAP to stdout. Random and adversarial profiles are compiled by the node's parser, loaded, and
asked about through the kernel's own query file (.access) and through the reader, with random and adversarial names.
"""

import pathlib
import random
import subprocess
import sys

import kernel_query
import questions
import random_policy
import tap as tap_module

PROFILES = 36
QUESTIONS = 1500  # a profile
SHOWN = 10  # differences, at most


def compile_and_load(text, path):
    """Gives the compiled profiles that the kernel holds afterwards."""
    common = ["apparmor_parser", "--config-file=/dev/null", "-q", "-K"]
    subprocess.run([*common, "-Q", "-o", str(path)], input=text, check=True, timeout=120)
    subprocess.run([*common, "-r"], input=text, check=True, timeout=120)


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
            allowed = tally.setdefault("allowed", 0)
            tally["allowed"] = allowed + (kernel.allowed == question.requested)
            if kernel != reader:
                differences.setdefault(question.kind, []).append(
                    f"{label}: {question.line().decode()}: kernel {kernel}, reader {reader}")


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    rand = random.Random(20261122)
    tally, differences = {}, {}
    try:
        for number in range(PROFILES):
            policy = random_policy.make(rand, f"zz-oracle-{number}")
            (out / f"{policy.label}.aa").write_bytes(policy.text)
            blob = out / f"{policy.label}.bin"
            compile_and_load(policy.text, blob)
            asked = questions.make(rand, policy, QUESTIONS)
            compare(tally, differences, blob, policy.label, asked)
    except Exception:  # what was compared until then still counts
        tap.crash("asking")
    allowed = tally.pop("allowed", 0)
    total = sum(tally.values())
    tap.check(f"{total} questions about {PROFILES} profiles", total >= 20000, f"{allowed} of them allowed as a whole")
    for kind, count in sorted(tally.items()):
        wrong = differences.get(kind, [])
        tap.check(f"{kind}: {count} questions answered alike", not wrong, f"{len(wrong)} differ" if wrong else [], wrong[:SHOWN])
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
