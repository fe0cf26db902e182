# SPDX-License-Identifier: GPL-2.0-or-later
"""A smaller evaluation as a test, guest side: applications are learned for some seconds, and then live through another day.

Usage: another_day.py OUT APPLICATION... Writes TAP to stdout: of each application that aa-learn ends well, that the
held-out load works under the profile, that nothing is denied meanwhile, and that no attack gets through.
"""

import pathlib
import sys

import audit
import evaluate
import node
import tap as tap_module

TRAINING, HELD_OUT = (10, 20), 15  # seconds of load of each pod
NEVER_REFUSED = {"unshare-user"}  # no profile of abi 3.0 can
LEAST_WORKING = 25


def learn(tap, out, client, names):
    """Two pods of each application, one after the other, under aa-learn."""
    applications = [kind(client) for kind in evaluate.KINDS if kind.pod in names]
    learners = [evaluate.start_learner(out, app) for app in applications]
    for seconds in TRAINING:
        for app, result in zip(applications, evaluate.together(lambda app: app.train(seconds), applications)):
            tap.check(f"{app.pod}: works while it is learned", not isinstance(result, Exception),
                      "" if result is None else repr(result))
    for app, learner in zip(applications, learners):
        evaluate.stop_learner(learner)
        text = (out / f"{app.pod}.learn.log").read_text(errors="replace")
        tap.check(f"{app.pod}: aa-learn ends with 0", learner.returncode == 0,
                  text[-1500:] if learner.returncode else "")


def judge_load(tap, results, attacks_control, attacks):
    for name, load in results.items():
        tap.check(f"{name}: {load['operations']} other operations work on another day", load["works"], load["error"] or "")
        tap.check(f"{name}: {len(load['denied'])} denials meanwhile (0 wanted)", not load["denied"], load["denied"][:20])
        control = attacks_control[name]
        working = [attack for attack, (number, _) in control.items() if number == 0 and attack not in NEVER_REFUSED]
        through = [attack for attack in working if attacks[name][attack][0] not in (1, 13)]
        tap.check(f"{name}: {len(working) - len(through)} of {len(working)} attacks are refused",
                  not through and len(working) >= LEAST_WORKING, [f"{attack} went through" for attack in through])


def main():
    out, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    tap = tap_module.Tap()
    reader = evaluate.prepare(out)
    containerd, client = node.start_containerd(out / "containerd.log")
    try:
        learn(tap, out, client, names)
        code, _, err = node.run("aa-compile", *(str(out / "live" / f"k8s-{name}") for name in names), "-o", str(out / "bundle"))
        tap.check("aa-compile makes a bundle of the profiles", code == 0, err)
        control = evaluate.run_attacks(client, reader, names, lambda _: None)
        evaluate.load_policy(str(out / "bundle"))
        load = evaluate.run_load(client, reader, names, HELD_OUT)
        judge_load(tap, load, control, evaluate.run_attacks(client, reader, names, lambda app: app.label))
    except Exception:
        tap.crash("the day ends")
    tap.check("no record was lost", reader.overruns == 0 and audit.lost_count() == 0)
    containerd.terminate()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
