# SPDX-License-Identifier: GPL-2.0-or-later
"""The evaluation, guest side: real applications are recorded, or run and attacked under profiles.

    evaluate.py record OUT PLAN     the plan: {"applications": [...], "training": [seconds, ...], "held_out": seconds}
    evaluate.py enforce OUT PLAN    the plan: {"applications": [...], "held_out": seconds}; the bundle is /job/bundle

Recorded is what the kernel says while the applications wear aa-learn's learning profiles: OUT/training-N.log, one for
each time all of them were started, used and stopped, and OUT/held-out.log; OUT/node has the containers' bundles,
OUT/features what the kernel mediates.
OUT/attacks-NAME.log is what each attack does where nothing is refused, OUT/control.json whether it then succeeds.
Enforcing writes OUT/results.json: for each application whether the held-out load worked, what was denied, and what
became of each attack.
"""

import concurrent.futures
import json
import pathlib
import signal
import subprocess
import sys
import time
import traceback

import application
import attacks
import audit
import cri
import node
import reference
import services
import stores
import workloads

KINDS = [services.Nginx, stores.Redis, stores.Memcached, stores.Postgres, services.Python, services.Node, services.Cron]

ATTACKED = "aakit-attacked"


def note(*words):
    """A line about how far it is, which is a comment in TAP."""
    print(f"# {float(open('/proc/uptime').read().split()[0]):.0f} s up:", *words, flush=True)


def together(function, items):
    """function(item) of all applications at once; the results, or the exceptions, in their order."""
    def safely(item):
        try:
            result = function(item)
            note(f"{item.pod}: done after {item.operations_done} operations")
            return result
        except Exception as error:
            traceback.print_exc()
            return error

    with concurrent.futures.ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(safely, items))


def prepare(out):
    """What the attacks look for, and a reader of all records."""
    application.OTHER.mkdir(parents=True)
    (application.OTHER / "secret").write_text("of another service\n")
    reader = audit.Reader(out / "records.log")
    reader.start()
    return reader


# --- recording


def start_learner(out, app, *options):
    """aa-learn, once it has loaded the application's learning profile."""
    with open(out / f"{app.pod}.learn.log", "wb") as log:
        learner = subprocess.Popen(["aa-learn", "--pod", app.pod, "-o", str(out / "live"), *options],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    node.wait_for(f"the learning profile of {app.pod}", lambda: node.loaded_mode(app.label) == "complain", 120)
    return learner


def stop_learner(learner):
    learner.send_signal(signal.SIGINT)
    learner.wait(300)


def write_log(path, records):
    path.write_text("".join(f"type=1400 msg={record}\n" for record in records))


def record_part(reader, path, function, applications, failed):
    """Runs one part of the recording. Who fails is noted, and left out from then on: the others are worth having."""
    since, begun = reader.mark(), time.monotonic()
    chosen = [app for app in applications if app.pod not in failed]
    for app, result in zip(chosen, together(function, chosen)):
        if isinstance(result, Exception):
            failed[app.pod] = f"{path.name}: {result!r}"
            print(app.container_log()[-3000:] if app.handle else "no pod")
    time.sleep(2)
    write_log(path, reader.records[since:])
    note(f"{path.name}: {reader.mark() - since} records in {time.monotonic() - begun:.0f} s,",
         ", ".join(f"{app.pod} {app.operations_done}" for app in chosen))


def write_bundles(out, applications):
    for app in applications:
        for container, config in app.bundles.items():
            folder = out / "node" / str(application.BUNDLES / container).lstrip("/")
            folder.mkdir(parents=True)
            (folder / "config.json").write_bytes(config)


def write_default_policy(out, client):
    """The policy that containerd loads by itself."""
    (out / "containerd-default.bin").write_bytes(reference.default_policy(client, "docker.io/local/app-memcached:1"))


def record_attacks(out, client, reader, names):
    """Every attack where nothing is refused: what each does, as records named by its comm, and whether it succeeds."""
    path = out / "attacked.profile"
    path.write_text(f"profile {ATTACKED} flags=(complain, attach_disconnected, mediate_deleted) {{\n"
                    f"  audit /** px -> {ATTACKED},\n}}\n")
    subprocess.run(["apparmor_parser", "-rK", str(path)], check=True, timeout=120)
    control = {}
    for app in (kind(client, "held-out") for kind in KINDS if kind.pod in names):
        since = reader.mark()
        control[app.pod] = {name: number for name, (number, _) in attack(client, reader, app, ATTACKED).items()}
        write_log(out / f"attacks-{app.pod}.log", [line for line in reader.records[since:] if ATTACKED in line])
        note(f"attacks on {app.pod}: {sum(number == 0 for number in control[app.pod].values())} succeed")
    (out / "control.json").write_text(json.dumps(control, indent=1))


def record(out, plan, client, reader):
    trained = [kind(client) for kind in KINDS if kind.pod in plan["applications"]]
    held_out = [kind(client, "held-out") for kind in KINDS if kind.pod in plan["applications"]]
    for app in trained:
        stop_learner(start_learner(out, app, "--state-only", "--no-nudge"))  # the learning profile stays
    note("learning profiles are loaded")
    lost, failed = audit.lost_count(), {}
    for number, seconds in enumerate(plan["training"], 1):
        record_part(reader, out / f"training-{number}.log", lambda app: app.train(seconds), trained, failed)
    record_part(reader, out / "held-out.log", lambda app: app.held_out(plan["held_out"]), held_out, failed)
    subprocess.run(["aa-compile", "features", "-o", str(out / "features")], check=True, timeout=60)
    write_bundles(out, trained)
    write_default_policy(out, client)
    record_attacks(out, client, reader, plan["applications"])
    if reader.overruns or audit.lost_count() != lost:
        raise SystemExit(f"records were lost: {reader.overruns} overruns, {audit.lost_count() - lost} dropped")
    if failed:
        raise SystemExit("\n".join(f"{name} failed in {why}" for name, why in failed.items()))


# --- enforcing


def load_policy(bundle):
    code, out, err = node.run("aa-register", bundle, timeout=300)
    if code:
        raise SystemExit(f"aa-register {bundle}: {code} {out} {err}")


def hold_out(app, seconds):
    """(whether it worked, the error)"""
    try:
        app.held_out(seconds)
        return True, None
    except Exception as error:
        text = app.container_log()[-500:] if app.handle else ""
        try:
            app.discard()
        except Exception as second:
            text += f"; {second!r}"
        return False, f"{error!r}: {text}"


def run_load(client, reader, names, seconds):
    """{application: what came of the held-out load}"""
    chosen = [kind(client, "held-out") for kind in KINDS if kind.pod in names]
    since, results = reader.mark(), {}
    for app, (works, error) in zip(chosen, together(lambda app: hold_out(app, seconds), chosen)):
        results[app.pod] = {"works": works, "error": error, "operations": app.operations_done}
    time.sleep(2)
    for app in chosen:
        results[app.pod]["denied"] = reader.of_label(app.label, since)
    return results


def attack(client, reader, app, label):
    """{attack: [errno, whether there is a record of its denial]}; label None is the unconfined control."""
    victim = workloads.victim()
    app.uid = f"uid-{app.pod}-attacked"
    app.lay_volumes()
    app.handle = cri.Pod(client, f"{app.pod}-attacked", app.uid, host_pids=True)
    try:
        container = app.handle.start(app.intruder("intruder", label))
        found = attacks.run_list(app, reader, container, victim.pid, label)
        return {name: [outcome.number, bool(outcome.record)] for name, outcome in found.items()}
    finally:
        victim.kill()
        app.discard()


def run_attacks(client, reader, names, label_of):
    results = {}
    for kind in KINDS:
        if kind.pod in names:
            app = kind(client, "held-out")
            results[app.pod] = attack(client, reader, app, label_of(app))
            note(f"attacked {app.pod}")
    return results


def enforce(out, plan, client, reader):
    names = plan["applications"]
    load_policy("/job/bundle")
    load = run_load(client, reader, names, plan["held_out"])
    note("held-out load")
    results = {"load": load, "attacks": run_attacks(client, reader, names, lambda app: app.label)}
    (out / "results.json").write_text(json.dumps(results, indent=1))
    if reader.overruns:
        raise SystemExit(f"{reader.overruns} overruns")


def main():
    job, out, plan = sys.argv[1], pathlib.Path(sys.argv[2]), json.loads(pathlib.Path(sys.argv[3]).read_text())
    reader = prepare(out)
    containerd, client = node.start_containerd(out / "containerd.log")
    note("containerd answers")
    {"record": record, "enforce": enforce}[job](out, plan, client, reader)
    containerd.terminate()


if __name__ == "__main__":
    main()
