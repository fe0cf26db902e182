# SPDX-License-Identifier: GPL-2.0-or-later
"""Capabilities of processes that run already when aa-learn begins: the kernel has reported them, and would not again."""

import contextlib
import pathlib
import subprocess
import time

import audit
import node
from recording import Recording, under

LABEL = "k8s-late"
OTHER = "k8s-late-too"
NUDGE = "aakit-nudge"
USED = ("chown", "setgid", "setuid", "sys_admin")
REMARK = "may be missing"
CPUS = pathlib.Path("/sys/devices/system/cpu")
SLICE = pathlib.Path("/sys/fs/cgroup/late")


@contextlib.contextmanager
def workloads(label):
    """One workload on each processor, long enough that all it uses has been reported before."""
    count = len(list(CPUS.glob("cpu[0-9]*")))
    running = [subprocess.Popen(under(label, "/job/capable", str(cpu), f"/tmp/{label}-{cpu}")) for cpu in range(count)]
    time.sleep(3)
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def learned(recording):
    return [name for name in USED if recording.seen(f'capability: "{name}"') > 0]


def late(recording):
    """What the summary, its JSON and the state say; None where they differ."""
    said = {REMARK in recording.stderr, recording.json["sources"][0]["late"], "late: 1" in recording.state}
    return said.pop() if len(said) == 1 else None


def check_reported_anew(tap, out):
    with workloads(LABEL):
        with Recording(out, "late-without", "--no-nudge", label=LABEL) as without:
            subprocess.run(under(LABEL, "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
            time.sleep(2)
        with Recording(out, "late", label=LABEL) as nudged:
            time.sleep(3)
            loaded = node.loaded_mode(NUDGE)
    tap.check("without the nudge the capabilities of a running process are missing, and that is said",
              learned(without) == [] and late(without) is True and without.code == 0, learned(without), without.notes())
    tap.check("with it all that it uses is learned, again and again", learned(nudged) == list(USED) and late(nudged) is False
              and nudged.code == 0 and all(nudged.seen(f'capability: "{name}"') > 4 for name in USED),
              [f"{name} {nudged.seen(name)}" for name in USED], nudged.notes())
    tap.check("its profile is enforced meanwhile, and gone afterwards",
              loaded == "enforce" and node.loaded_mode(NUDGE) is None, f"{loaded}, {node.loaded_mode(NUDGE)}")


def check_own_records(tap, out, records):
    """Its own records are only there where somebody used a capability, and are nobody's events."""
    with Recording(out, "late-idle", label=LABEL) as idle:
        time.sleep(1)
        mark = records.mark()
        time.sleep(5)
        own = [line for line in records.records[mark:] if NUDGE in line]
    tap.check("on an idle node it makes no record", own == [], own[:5])
    tap.check("where nothing was learned, its label is not among those that had events",
              idle.code == 1 and "no event of" in idle.stderr and NUDGE not in idle.stderr, idle.notes())
    own = [line for line in records.records if f'profile="{NUDGE}"' in line]
    tap.check("they are audited grants, no denials", own and all('apparmor="AUDIT"' in line for line in own),
              f"{len(own)} in all", own[:3])


def check_sharing(tap, out):
    """Two recordings at once, then one that is killed."""
    with Recording(out, "late-first", label=LABEL):
        with Recording(out, "late-second", label=OTHER) as second:
            subprocess.run(under(OTHER, "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
        between = node.loaded_mode(NUDGE)
    tap.check("of two recordings at once, the first that ends leaves the profile to the other",
              between == "enforce" and node.loaded_mode(NUDGE) is None and second.code == 0, str(between), second.notes())
    with Recording(out, "late-killed", label=LABEL) as killed:
        killed.process.kill()
        killed.process.wait()
        left = node.loaded_mode(NUDGE)
        wearers = [path for path in pathlib.Path("/proc").glob("[0-9]*/task/*/attr/apparmor/current") if NUDGE in label_of(path)]
        with Recording(out, "late-after", label=LABEL) as after:
            subprocess.run(under(LABEL, "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
    tap.check("of one that is killed only the profile stays, and the next one takes it over",
              left == "enforce" and wearers == [] and late(after) is False and node.loaded_mode(NUDGE) is None,
              str(left), [str(path) for path in wearers], after.notes())


def label_of(path):
    try:
        return path.read_text()
    except OSError:
        return ""


def check_processors(tap, out):
    """A processor that goes and comes back, and one that aa-learn may not use."""
    with workloads(LABEL):
        with Recording(out, "late-hotplug", label=LABEL) as hotplug:
            (CPUS / "cpu1/online").write_text("0")
            time.sleep(1)
            (CPUS / "cpu1/online").write_text("1")
            time.sleep(2)
        tap.check("a processor that is taken away and brought back is no hindrance",
                  learned(hotplug) == list(USED) and late(hotplug) is False and hotplug.code == 0, hotplug.notes())
        SLICE.mkdir()
        (SLICE / "cpuset.cpus").write_text("0")
        inside = ["sh", "-c", f'echo $$ > {SLICE}/cgroup.procs; exec "$@"', "sh"]
        with Recording(out, "late-cpuset", label=LABEL, wrap=inside) as bounded:
            time.sleep(2)
    SLICE.rmdir()
    tap.check("a processor outside of its cpuset is named", late(bounded) is True and "processors 1:" in bounded.stderr
              and bounded.code == 0, bounded.notes())


def check_privileges(tap, out):
    for name in ("mac_admin", "wake_alarm"):
        wrap = ["setpriv", "--bounding-set", f"-{name}", "--inh-caps", f"-{name}", "--"]
        with Recording(out, f"late-{name}", label=LABEL, wrap=wrap) as poor:
            subprocess.run(under(LABEL, "cat", "/etc/hostname"), check=True, timeout=60, stdout=subprocess.DEVNULL)
        tap.check(f"without CAP_{name.upper()} it learns all the same, and says what may be missing",
                  late(poor) is True and f"CAP_{name.upper()}" in poor.stderr and poor.code == 0, poor.notes())


def check(tap, out):
    out.mkdir(parents=True, exist_ok=True)
    records = audit.Reader(out / "late.records.log")
    records.start()
    for label in (LABEL, OTHER):
        text = f"abi <abi/3.0>,\nprofile {label} flags=(complain) {{ audit /** px -> {label}, }}\n"
        subprocess.run(["apparmor_parser", "-K", "-r"], input=text.encode(), check=True, timeout=60)
    check_reported_anew(tap, out)
    check_own_records(tap, out, records)
    check_sharing(tap, out)
    check_processors(tap, out)
    check_privileges(tap, out)
