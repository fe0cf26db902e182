# SPDX-License-Identifier: GPL-2.0-or-later
"""System calls learned under a seccomp profile that logs, and refused under the one that was learned, guest side.

Usage: seccomp.py OUT. Writes TAP to stdout. The web server and redis are learned from the audit stream; then the profile, put
where a kubelet looks, has to let them do what they did not do before, and to refuse calls that no pod needs.
"""

import json
import pathlib
import shutil
import sys
import time

import audit
import cri
import node
import tap as tap_module
import workloads
from recording import Recording

KUBELET = pathlib.Path("/var/lib/kubelet/seccomp")
SECCOMP = 1326
EPERM, ENOSYS = "1", "38"
REQUESTS = 100
FORWARDED = ("clone3", "io_uring_setup", "userfaultfd")  # answered as by a kernel without them
OTHER_ABI = ("x32", "ia32")
STAMP = "2026_11_22_10_00_00.123456789"


class Calls(audit.Reader):
    """The records of seccomp beside those of AppArmor."""

    types = (audit.AUDIT_AVC, SECCOMP)

    def calls(self, label, since=0):
        time.sleep(2)
        return [line for line in self.records[since:] if f" subj={label} " in line and " syscall=" in line]


def log_profile(label, *states):
    code, _, err = node.run("aa-learn", "seccomp", "--log-profile", label, *states)
    if code:
        raise RuntimeError(f"aa-learn seccomp --log-profile: {err}")
    return str(KUBELET / f"aakit/log/{label}.json")


def under(workload, seccomp, **options):
    """The workload's pods have this seccomp profile from now on."""
    plain = type(workload).spec

    def spec(label, **more):
        return plain(workload, label, **(options | more | {"seccomp": seccomp}))

    workload.spec = spec
    return workload


def install(recording, label, **changes):
    """The learned profile, with changes, where a kubelet finds it; its path."""
    profile = json.loads((recording.dir / f"{label}.seccomp.json").read_text()) | changes
    path = KUBELET / "aakit" / (label + ("".join(changes) or "") + ".json")
    path.write_text(json.dumps(profile))
    return str(path)


def storm(web, reader, label):
    """Requests of one page: seconds, and the records that they made."""
    since, start = reader.mark(), time.monotonic()
    for _ in range(REQUESTS):
        web.expect(200, "GET", "/index.html")
    seconds = time.monotonic() - start
    return seconds, len(reader.calls(label, since))


def told(seconds, records):
    return f"{REQUESTS} requests: {seconds:.1f} s, {records} records, {records / seconds:.0f} a second"


def learn(tap, out, reader, workload, load):
    """The recording of a pod under the profile that logs."""
    label = workload.label
    with Recording(out, workload.pod, "--syscalls", label=label) as recording:
        time.sleep(2)
        under(workload, str(KUBELET / f"aakit/log/{label}.json"))
        workload.create("x2x9k", label)
        load()
        if workload.pod == "web":
            tap.note("every call is logged: " + told(*storm(workload, reader, label)))
        workload.delete()
    profile = recording.dir / f"{label}.seccomp.json"
    tap.check(f"{workload.pod}: its calls are heard, none is lost, and a profile is written",
              recording.code == 0 and recording.lost == 0 and profile.exists(), recording.notes())
    return recording


def check_rest(tap, out, reader, web, recording):
    """Under the second profile only calls that are new are logged."""
    state = str(recording.dir / f"{web.label}.learned.yaml")
    shutil.copy(log_profile(web.label, state), out / "rest.json")
    since = reader.mark()
    web.create("rest1", web.label)
    seconds, records = storm(web, reader, web.label)
    tap.note("known calls are not logged: " + told(seconds, records))
    tap.check("a profile that knows the calls ends the storm", records < REQUESTS / 10, reader.calls(web.label, since)[-5:])
    since = reader.mark()
    web.client.execute(web.container, ["/calls"])
    heard = " ".join(reader.calls(web.label, since))
    tap.check("a call that is new is logged all the same", " syscall=250 " in heard and " syscall=321 " in heard, heard[-2000:])
    tap.check("of another architecture as well", " arch=40000003 " in heard, heard[-2000:])
    web.delete()


def check_violations(tap, reader, workload, recording, load):
    """What the profile would refuse is logged instead."""
    under(workload, install(recording, workload.label, defaultAction="SCMP_ACT_LOG", defaultErrnoRet=None))
    since = reader.mark()
    workload.create("audit", workload.label)
    load()
    violations = reader.calls(workload.label, since)
    tap.check(f"{workload.pod}: what it did not do before violates the learned profile in nothing", violations == [], violations[:10])
    workload.delete()


def check_learned(tap, workload, recording, load, **options):
    path = install(recording, workload.label)
    try:
        under(workload, path, **options)
        workload.create("held1", workload.label)
        load()
        passed, why = True, ""
    except Exception as error:  # a container that does not start, or a load that fails
        passed, why = False, str(error)
    tap.check(f"{workload.pod}: works under it {options or ''}".rstrip(), passed, why)
    if workload.container:
        workload.delete()
    return path


def outcomes(web, seccomp):
    """What came of the calls in a pod with all capabilities, of which AppArmor lets all pass."""
    pod = cri.Pod(web.client, "calls", f"uid-calls-{time.monotonic()}", host_pids=True)
    container = pod.start(cri.Container("calls", f"docker.io/local/{web.image}:1", web.label, command=["/calls", "wait"],
                                        mounts=[cri.Mount("/job/calls", "/calls", True)], powerful=True, seccomp=seccomp))
    code, out, err = web.client.execute(container, ["/calls"])
    web.client.stop(container, 1)
    pod.remove()
    if code:
        raise RuntimeError(f"calls ended with {code}: {out}{err}")
    return dict(line.split() for line in out.splitlines())


def check_refused(tap, web, path):
    control, filtered = outcomes(web, None), outcomes(web, path)
    working = [name for name in control if control[name] not in (EPERM, ENOSYS) or name in OTHER_ABI]
    through = [name for name in working if name not in OTHER_ABI
               and filtered[name] != (ENOSYS if name in FORWARDED else EPERM)]
    table = [f"{name:18} {control[name]:6} {filtered[name]}" for name in control]
    tap.check("calls that no pod needs are refused", len(working) >= 18 and through == [], table)
    tap.check("calls of other architectures end the process", all(filtered[name] == "killed" for name in OTHER_ABI), table[-2:])


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    reader = Calls(out / "records.log")
    reader.start()
    _, client = node.start_containerd()
    try:
        web, cache = workloads.Web(client), workloads.Cache(client)
        for workload in (web, cache):
            workload.prepare(STAMP)
            mounts = workload.mounts
            workload.mounts = lambda powerful=False, mounts=mounts: mounts(powerful) + [cri.Mount("/job/calls", "/calls", True)]
        learned = learn(tap, out, reader, web, web.train)
        check_rest(tap, out, reader, web, learned)
        check_violations(tap, reader, web, learned, web.held_out)
        path = check_learned(tap, web, learned, web.held_out)
        check_learned(tap, web, learned, lambda: web.pages("", "team.html"), no_new_privs=True)
        check_refused(tap, web, path)
        learned = learn(tap, out, reader, cache, cache.shell)
        check_learned(tap, cache, learned, lambda: (cache.send("SET", "a", "b"), cache.save()))
    except Exception:  # what was found is told
        tap.crash("seccomp")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
