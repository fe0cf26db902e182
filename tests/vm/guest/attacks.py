# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the attack list in three pods and judges it: unconfined (the control), confined, confined with all powers."""

import dataclasses
import errno
import pathlib
import subprocess
import time

import audit
import node

REFUSED = (errno.EACCES, errno.EPERM)
LEAST_REFUSED = 20
LEAST_RECORDED = 24
# Kernels before 6.7 cannot refuse it, later ones only if the profile's abi says so: judged on its own.
USER_NAMESPACE = "unshare-user"
# In a pod of its own process name space the "victim" is the workload itself, which it may reach.
OWN_PROCESS = {"setns", "victim-environ", "victim-memory", "victim-root", "victim-kill", "victim-trace"}
SCRUB_PROFILE = "profile aakit-test-scrub {\n  file,\n  signal,\n}\n"


@dataclasses.dataclass
class Outcome:
    number: int  # errno, 0 when the attack succeeded
    record: str | None  # the kernel's DENIED record of it

    @property
    def refused(self):
        return self.number in REFUSED

    def __str__(self):
        word = "succeeded" if self.number == 0 else errno.errorcode.get(self.number, str(self.number))
        return word + ("+record" if self.record else "")


class Scrubber:
    """Makes the kernel log every denied capability: it logs one once a CPU until another profile uses one."""

    def __enter__(self):
        path = pathlib.Path("/tmp/scrub.profile")
        path.write_text(SCRUB_PROFILE)
        subprocess.run(["apparmor_parser", "-rK", str(path)], check=True, capture_output=True, timeout=60)
        self.process = subprocess.Popen(["aa-exec", "-p", "aakit-test-scrub", "--", "/job/attack", "scrub"])
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def run_list(workload, reader, container, victim, label=None):
    """Runs all attacks in a container; returns {name: Outcome}."""
    since = reader.mark()
    command = ["/attack", "run", str(victim), workload.config_dir, workload.program]
    with Scrubber():
        code, out, err = workload.client.execute(container, command, 240)
    time.sleep(1)
    if code:
        raise RuntimeError(f"the attack program ended with {code}: {err}")
    records = {}
    for line in reader.of_label(label, since) if label else []:
        records.setdefault(audit.fields(line).get("comm"), line)
    outcomes = {}
    for line in out.splitlines():
        name, number = line.split()
        outcomes[name] = Outcome(int(number), records.get(name))
    return outcomes


def table(control, plain, powerful):
    lines = [f"{'attack':16} {'unconfined':12} {'confined':20} confined, all powers"]
    lines += [f"{name:16} {control[name]!s:12} {plain[name]!s:20} {powerful[name]!s}" for name in control]
    return lines


def judge_plain(tap, name, control, plain):
    working = [n for n in control if control[n].number == 0 and n != USER_NAMESPACE]
    refused = [n for n in working if plain[n].refused]
    through = [n for n in working if plain[n].number == 0 and n not in OWN_PROCESS]
    early = [n for n in refused if not plain[n].record]
    other = [f"{n} ({plain[n]})" for n in working if plain[n].number not in (0, *REFUSED)]
    tap.check(f"{name}: confined, {len(refused)} of {len(working)} working attacks are refused (>= {LEAST_REFUSED})",
              len(refused) >= LEAST_REFUSED,
              "refused by the kernel before AppArmor was asked: " + ", ".join(early),
              "impossible in this pod for another reason: " + ", ".join(other))
    tap.check(f"{name}: confined, no attack succeeds", not through, [f"{n} succeeded" for n in through])


def judge_powerful(tap, name, control, powerful):
    working = [n for n in control if control[n].number == 0 and n != USER_NAMESPACE]
    recorded = [n for n in working if powerful[n].refused and powerful[n].record]
    failed = [f"{n}: {powerful[n]}" for n in working if not (powerful[n].refused and powerful[n].record)]
    tap.check(f"{name}: with all powers, AppArmor itself refuses {len(recorded)} of {len(working)} attacks "
              f"(>= {LEAST_RECORDED})", len(recorded) >= LEAST_RECORDED)
    tap.check(f"{name}: with all powers, every working attack is refused by AppArmor and recorded", not failed, failed)


def judge(tap, name, control, plain, powerful, report):
    lines = table(control, plain, powerful)
    pathlib.Path(report).write_text("\n".join(lines) + "\n")
    idle = [f"{n} ({control[n]})" for n in control if control[n].number]
    tap.check(f"{name}: control, {len(control) - len(idle)} of {len(control)} attacks succeed in an unconfined pod "
              f"(>= {LEAST_RECORDED})", len(control) - len(idle) >= LEAST_RECORDED,
              "not counted, they fail there too: " + ", ".join(idle))
    judge_plain(tap, name, control, plain)
    judge_powerful(tap, name, control, powerful)
    if node.mediates_user_namespaces():
        outcome = powerful[USER_NAMESPACE]
        tap.check(f"{name}: with all powers, a new user namespace is refused", outcome.refused, str(outcome),
                  todo="needs a profile whose abi mediates user namespaces")
    tap.note(lines)
