# SPDX-License-Identifier: GPL-2.0-or-later
"""aa-register beside apparmor_parser on this node, guest side. Prints lines "NAME VALUE UNIT"; times are medians.

/job/texts-100 are profiles as aa-learn writes them, /job/bundle-100 and /job/bundle-1000 what aa-compile made of such. On a node's
first load the parser compiles; from then on it reads its own cache. Both load the same 100 profiles in turn. /job/aa-register-static,
where it is there, is measured as well.

Programs lie at the same addresses each time: where they do not, an emulated processor translates their code anew at every start,
which takes longer than what they do.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

APPARMOR = pathlib.Path("/sys/kernel/security/apparmor")
SAME_ADDRESSES = pathlib.Path("/proc/sys/kernel/randomize_va_space")
TEXTS, BUNDLE, LARGE = "/job/texts-100", "/job/bundle-100", "/job/bundle-1000"
STATIC = pathlib.Path("/job/aa-register-static")
PARSER = ["/sbin/apparmor_parser", "-r", "-W", "-q", "-L", "/root/cache", TEXTS]
ERRORS = "/root/errors"
STREAMS = [(0, os.devnull, os.O_RDONLY), (1, os.devnull, os.O_WRONLY), (2, ERRORS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)]
TICK = os.sysconf("SC_CLK_TCK")
RUNS = 5
DRIFTS = 25
SETTLE = 0.5  # seconds
IDLE = 20  # seconds


def put(name, value, unit):
    print(name, f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value, unit, flush=True)


def timed(*command):
    """Milliseconds of wall clock from before the program is started until it has ended: of itself, not of what this script does."""
    begin = time.perf_counter()
    actions = [(os.POSIX_SPAWN_OPEN, number, path, flags, 0o600) for number, path, flags in STREAMS]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    took = (time.perf_counter() - begin) * 1000
    if code != 0:
        sys.exit(f"{' '.join(command)}: {pathlib.Path(ERRORS).read_bytes()[-2000:].decode(errors='replace')}")
    return took


def status(pid, key):
    try:
        return int(pathlib.Path(f"/proc/{pid}/status").read_text().partition(key)[2].split()[0])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def peak(*command):
    """The most memory that a command took, in KiB."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, status(process.pid, "VmHWM:"))
            time.sleep(0.002)
    return most


def names():
    lines = (APPARMOR / "profiles").read_text().splitlines()
    return {line.rpartition(" (")[0] for line in lines}


def unload():
    """Takes all of the bench's profiles out, and waits until the kernel has cleared away what is left of them."""
    for name in names():
        if name.startswith("k8s-") and "//" not in name:
            (APPARMOR / ".remove").write_text(name)
    time.sleep(SETTLE)


def programs():
    """Of each aa-register what its figures are called, and itself."""
    return [("", "aa-register")] + ([("static-", str(STATIC))] if STATIC.exists() else [])


def write(policies):
    """Milliseconds that the kernel takes for @policies alone, in one write: no program loads them faster."""
    with open(APPARMOR / ".replace", "wb", buffering=0) as file:
        begin = time.perf_counter()
        if file.write(policies) != len(policies):
            sys.exit("the kernel took less than all of it")
        return (time.perf_counter() - begin) * 1000


def side_by_side(title, before=lambda: None, ready=lambda _: None, policies=None, runs=RUNS):
    """Each program beside the parser, in turn; @before each run, and @ready before one of ours. @policies are written as well.
    Gives what ours took."""
    ours, others, kernel = {name: [] for name, _ in programs()}, [], []
    for _ in range(runs):
        for name, program in programs():
            before()
            ready(program)
            ours[name].append(timed(program, "-q", BUNDLE))
            before()
            others.append(timed(*PARSER))
        if policies:
            before()
            kernel.append(write(policies))
            before()
            timed(*PARSER)
    parser = statistics.median(others)
    put(f"{title}-parser", parser, "ms")
    medians = {name: statistics.median(took) for name, took in ours.items()}
    for name, mine in medians.items():
        put(f"{name}{title}", mine, "ms")
        put(f"{name}{title}-ratio", parser / mine, "times")
    if policies:
        put(f"{title}-kernel", statistics.median(kernel), "ms")
        put(f"{title}-kernel-ratio", parser / statistics.median(kernel), "times")
    return medians


def seal(program):
    """Two runs after the parser's: one that looks at all, and seals it, and one for the page cache."""
    for _ in range(2):
        timed(program, "-q", BUNDLE)


def compiled():
    """The policies of the bundle for this kernel."""
    features = subprocess.run(["aa-register", "features", "-q"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return b"".join(path.read_bytes() for path in sorted(pathlib.Path(BUNDLE, features).glob("k8s-*")))


def linear():
    """1,000 profiles: what each costs beside each of 100."""
    small, large, nothing_small, nothing_large = [], [], [], []
    for _ in range(3):
        for bundle, loading, nothing in ((BUNDLE, small, nothing_small), (LARGE, large, nothing_large)):
            unload()
            loading.append(timed("aa-register", "-q", bundle))
            nothing.append(timed("aa-register", "-q", bundle))
    put("load-1000", statistics.median(large), "ms")
    put("load-1000-to-100", statistics.median(large) / statistics.median(small), "times")
    put("nothing-1000", statistics.median(nothing_large), "ms")
    put("nothing-1000-to-100", statistics.median(nothing_large) / statistics.median(nothing_small), "times")
    put("memory-1000", peak("aa-register", "-q", LARGE) / 1024, "MiB")
    unload()
    put("memory-1000-load", peak("aa-register", "-q", LARGE) / 1024, "MiB")
    unload()


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def switches(pid):
    return status(pid, "\nvoluntary_ctxt_switches:") + status(pid, "nonvoluntary_ctxt_switches:")


def drift(name):
    """Unloads a profile; the milliseconds until it is back, as somebody sees who looks all the time."""
    (APPARMOR / ".remove").write_text(name)
    begin = time.perf_counter()
    while name not in names():
        if time.perf_counter() - begin > 60:
            sys.exit(f"{name} did not come back")
        time.sleep(0.001)
    return (time.perf_counter() - begin) * 1000


def daemon():
    with subprocess.Popen(["aa-register", "watch", "-q", BUNDLE], stdout=subprocess.DEVNULL) as watch:
        while not {"k8s-000", "k8s-099"} <= names():
            time.sleep(0.1)
        time.sleep(3)
        before, woken = cpu_ms(watch.pid), switches(watch.pid)
        time.sleep(IDLE)
        put("idle-cpu", (cpu_ms(watch.pid) - before) / IDLE * 60, "ms/min")
        put("idle-wakeups", (switches(watch.pid) - woken) / IDLE * 60, "1/min")
        put("idle-memory", status(watch.pid, "VmRSS:") / 1024, "MiB")
        took = []
        for i in range(DRIFTS):
            took.append(drift(f"k8s-{i:03}"))
            time.sleep(0.7)
        took.sort()
        put("drift-least", took[0], "ms")
        put("drift-median", statistics.median(took), "ms")
        put("drift-most", took[-1], "ms")
        put("watch-memory", status(watch.pid, "VmHWM:") / 1024, "MiB")
        watch.terminate()


def main():
    SAME_ADDRESSES.write_text("0")
    compiling = timed(*PARSER)
    put("first-load-parser", compiling, "ms")
    loading = side_by_side("load", before=unload, policies=compiled())
    for name, took in loading.items():
        put(f"{name}first-load-ratio", compiling / took, "times")
    timed("aa-register", "-q", BUNDLE)
    side_by_side("nothing")
    side_by_side("again", ready=seal, runs=2 * RUNS + 1)
    for name, program in programs():
        put(f"{name}start-up", statistics.median(timed(program, "--version") for _ in range(RUNS)), "ms")
    put("start-up-parser", statistics.median(timed(PARSER[0], "--version") for _ in range(RUNS)), "ms")
    put("start-up-true", statistics.median(timed("/bin/true") for _ in range(RUNS)), "ms")
    put("memory", peak("aa-register", "-q", BUNDLE) / 1024, "MiB")
    put("memory-parser", peak(*PARSER) / 1024, "MiB")
    strace = pathlib.Path("/out/nothing.strace")
    subprocess.run(["strace", "-f", "-r", "-o", strace, "aa-register", "-q", BUNDLE], check=False, stdout=subprocess.DEVNULL)
    linear()
    daemon()


if __name__ == "__main__":
    main()
