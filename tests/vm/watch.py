# SPDX-License-Identifier: GPL-2.0-or-later
"""The service of aa-register on a node that systemd runs: drift of every kind, generations, and what goes wrong."""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import node
import tap

APPARMOR = pathlib.Path("/sys/kernel/security/apparmor")
PROFILES = pathlib.Path("/etc/aakit/profiles")
UNIT = "aa-register.service"
SAID = pathlib.Path("/run/watch.json")  # what it prints: to ask the journal takes seconds
NAMES = ("k8s-web", "k8s-db", "k8s-cache")
LIMIT = 20.0  # far more than a drift lasts, which is told, however slow the machine; less than until the next look at all


def text(name, path, flags=""):
    return f"abi <abi/3.0>,\nprofile {name} {flags} {{\n  {path} r,\n}}\n"


def put(name, path, directory=PROFILES):
    """Writes a profile as careful people do."""
    new = directory / f".{name}"
    new.write_text(text(name, path))
    new.rename(directory / name)


def loaded():
    """Name -> mode of what the kernel holds."""
    lines = (APPARMOR / "profiles").read_text().splitlines()
    return {line.rpartition(" (")[0]: line.rpartition(" (")[2].rstrip(")") for line in lines}


def soon(condition, seconds=60.0, pause=0.002):
    """Waits for it; returns the seconds that it took, or None."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            if condition():
                return time.monotonic() - start
        except (FileNotFoundError, NotADirectoryError):
            pass  # the kernel's directory goes while it is read
        time.sleep(pause)
    return None


def remove(name):
    """Unloads a profile behind the service's back."""
    try:
        (APPARMOR / ".remove").write_text(name)
    except FileNotFoundError:
        pass  # it is out already


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def show(*names):
    return [run("systemctl", "show", f"--property={name}", "--value", UNIT).stdout.strip() for name in names]


def program():
    """The file that the service runs, wherever the tree was installed."""
    return show("ExecStart")[0].partition("path=")[2].split()[0]


def main_pid():
    """The service's process, which may have to be started again first."""
    while (pid := int(show("MainPID")[0])) == 0:
        time.sleep(0.1)
    return pid


def documents():
    """What the service said so far."""
    return [json.loads(line) for line in SAID.read_text().splitlines(keepends=True) if line.endswith("\n")]


def events(kind):
    return [event for event in documents() if event["event"] == kind]


def all_enforced():
    return all(loaded().get(name) == "enforce" for name in NAMES)


# --- checks --------------------------------------------------------------------------------------


def start(t):
    PROFILES.mkdir(parents=True)
    for name in NAMES:
        put(name, f"/{name}")
    drop_in = pathlib.Path(f"/etc/systemd/system/{UNIT}.d")
    drop_in.mkdir()
    (drop_in / "json.conf").write_text(
        f"[Service]\nExecStart=\nExecStart={program()} watch --json $AAKIT_PATHS\nStandardOutput=append:{SAID}\nStandardError=journal\n")
    run("systemctl", "daemon-reload")
    begun = run("systemctl", "start", UNIT)
    t.check("the service is ready when its profiles are loaded", begun.returncode == 0 and all_enforced(), begun.stderr, loaded())
    t.check("it says so to systemd", show("StatusText") == ["3 profiles are loaded as wanted"], show("StatusText"))
    status = pathlib.Path(f"/proc/{main_pid()}/status").read_text()
    bounding = int(status.partition("CapBnd:")[2].split()[0], 16)
    t.check("CAP_MAC_ADMIN (33) is all that it may ever have", bounding == 1 << 33, f"{bounding:x}")


def drift(t):
    """Everybody who changes policy; each time the kernel is right again at once, not by a later look."""
    web = node.loaded_hash("k8s-web")
    complain = pathlib.Path("/root/complain")
    complain.write_text(text("k8s-web", "/k8s-web", "flags=(complain)"))
    other = pathlib.Path("/root/other")
    other.write_text(text("k8s-web", "/**"))
    ways = {
        "a write to .remove": lambda: remove("k8s-web"),
        "apparmor_parser -R": lambda: run("apparmor_parser", "-R", str(other)),
        "a complaining profile loaded by hand": lambda: run("apparmor_parser", "-r", "-K", str(complain)),
        "another profile loaded by hand": lambda: run("apparmor_parser", "-r", "-K", str(other)),
        "aa-remove-unknown": lambda: run("aa-remove-unknown"),
        "systemctl reload apparmor": lambda: run("systemctl", "reload", "apparmor"),
        "systemctl stop apparmor": lambda: run("systemctl", "stop", "apparmor"),
    }
    for name, change in ways.items():
        change()
        took = soon(lambda: all_enforced() and node.loaded_hash("k8s-web") == web)
        t.check(f"drift: {name}", took is not None and took < LIMIT, f"right again after {took and took * 1000:.0f} ms")
    for name in NAMES:
        remove(name)
    took = soon(all_enforced)
    t.check("drift: all at once", took is not None and took < LIMIT, f"{took and took * 1000:.0f} ms")
    told = soon(lambda: len(events("drift")) >= 5)  # it is told once it is proved
    kept = [event["microseconds"] for event in events("drift")]
    t.check("each drift was told", told is not None, f"microseconds from the kernel's word to the proof: {kept}")


def quiet(t):
    before = node.revision()
    time.sleep(1)
    run("systemctl", "reload", UNIT)
    soon(lambda: len(events("generation")) >= 2)
    t.check("where nothing is to be done the policy's revision stays", node.revision() == before, before, node.revision())


def generations(t):
    """A ConfigMap's swaps, by the calls that a kubelet makes."""
    volume = pathlib.Path("/etc/aakit/map")
    volume.mkdir()

    def generation(number):
        data = volume / f"..2026_{number}"
        data.mkdir()
        for name in NAMES:
            (data / name).write_text(text(name, f"/generation-{number}"))
        old = volume / "..data"
        gone = os.readlink(old) if old.is_symlink() else None
        os.symlink(data.name, volume / "..data_tmp")
        os.rename(volume / "..data_tmp", old)
        for name in NAMES:
            if not (volume / name).is_symlink():
                os.symlink(f"..data/{name}", volume / name)
        if gone:
            for entry in (volume / gone).iterdir():
                entry.unlink()
            (volume / gone).rmdir()

    def in_force(number):
        """The texts and what is registered come first, then the kernel."""
        registered = pathlib.Path("/var/lib/aakit/registered.yaml").read_text()
        return all(f"/generation-{number} " in pathlib.Path(f"/etc/apparmor.d/{name}").read_text()
                   and (node.loaded_hash(name) or ":none").partition(":")[2] in registered for name in NAMES)

    generation(0)
    pathlib.Path("/etc/default/aa-register").write_text(f"AAKIT_PATHS={volume}\n")
    run("systemctl", "restart", UNIT)
    t.check("a ConfigMap is taken in", soon(lambda: in_force(0)) is not None)
    told = len(events("generation"))
    for number in range(1, 6):
        generation(number)
        took = soon(lambda number=number: in_force(number))
        t.check(f"swap {number}", took is not None, f"{took and took * 1000:.0f} ms")
    soon(lambda: len(events("generation")) - told >= 5)
    t.check("each swap was one generation", len(events("generation")) - told == 5, len(events("generation")) - told)
    t.check("and none failed", not events("failed"), [event["message"] for event in events("failed")])
    return generation, in_force


def failures(t, generation, in_force):
    """A bad generation, a full disk, a compiler that is gone: the last good one stays, and is guarded."""
    volume = pathlib.Path("/etc/aakit/map")
    generation(10)
    soon(lambda: in_force(10))
    good = node.loaded_hash("k8s-web")
    (volume / "..data" / "k8s-web").write_text("profile k8s-web {\n  nonsense\n}\n")
    told = soon(lambda: any("k8s-web:" in event["message"] for event in events("failed")))
    t.check("a bad generation is told", told is not None, [event["message"] for event in events("failed")][-1:])
    t.check("to systemd as well", "k8s-web:" in show("StatusText")[0], show("StatusText"))
    remove("k8s-web")
    took = soon(lambda: node.loaded_hash("k8s-web") == good)
    t.check("and the good one comes back where it is unloaded", took is not None and took < LIMIT, took)
    generation(11)
    t.check("the next good one is taken in", soon(lambda: in_force(11)) is not None)

    store = pathlib.Path("/var/lib/aakit")
    registered = (store / "registered.yaml").read_bytes()
    small = run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(store))
    (store / "registered.yaml").write_bytes(registered)
    run("systemctl", "restart", UNIT)  # its namespace has the mount from its start
    soon(lambda: in_force(11))
    with open(store / "filler", "wb") as filler:
        try:
            filler.write(b"x" * 65536)
        except OSError:
            pass
    new = volume / "..data" / "k8s-new"
    new.write_text(text("k8s-new", "/new"))
    os.symlink("..data/k8s-new", volume / "k8s-new")
    told = soon(lambda: any("No space left" in event["message"] for event in events("failed")))
    t.check("a full disk is told", small.returncode == 0 and told is not None, [event["message"] for event in events("failed")][-1:])
    t.check("what could not be noted was not loaded", "k8s-new" not in loaded())
    remove("k8s-db")
    took = soon(all_enforced)
    t.check("drift is put right on a full disk too", took is not None and took < LIMIT, took)
    (store / "filler").unlink()
    t.check("and the generation is taken in once there is room", soon(lambda: loaded().get("k8s-new") == "enforce", 90) is not None)
    run("umount", str(store))
    run("systemctl", "restart", UNIT)


def mounted(t, in_force):
    """A mount over the path: no inode of it changes, so inotify tells nothing; when it goes, the kernel tells."""
    volume = pathlib.Path("/etc/aakit/map")
    good = node.loaded_hash("k8s-web")
    run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(volume))
    put("k8s-web", "/mounted", volume)
    remove("k8s-web")
    took = soon(lambda: node.loaded_hash("k8s-web") == good)
    t.check("under a mount that it does not know of it keeps what it has", took is not None and took < LIMIT, took)
    run("systemctl", "reload", UNIT)
    t.check("told to look, it takes in what is mounted there", soon(lambda: "/mounted " in pathlib.Path(
        "/etc/apparmor.d/k8s-web").read_text() and node.loaded_hash("k8s-web") not in (None, good)) is not None)
    gone = run("umount", str(volume))
    t.check("what was there before comes back with the unmounting", gone.returncode == 0 and soon(
        lambda: in_force(11)) is not None, gone.stderr, node.loaded_hash("k8s-web"), good)


def read_only(t, generation, in_force):
    """/etc and /var become read-only, as they do after an error of the disk, and writable again."""
    texts, store = pathlib.Path("/etc/apparmor.d"), pathlib.Path("/var/lib/aakit")
    for directory in (texts, store):
        run("cp", "-a", str(directory), "/run/copy")
        run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(directory))
        run("cp", "-a", "/run/copy/.", str(directory))
        run("rm", "-r", "/run/copy")
    run("systemctl", "restart", UNIT)  # its namespace has the mounts from its start
    soon(lambda: in_force(11))
    good = node.loaded_hash("k8s-db")
    run("mount", "-o", "remount,ro", str(texts))
    remove("k8s-db")
    took = soon(lambda: node.loaded_hash("k8s-db") == good)
    t.check("drift is put right where /etc is read-only", took is not None and took < LIMIT, took)
    pathlib.Path("/etc/aakit/map/k8s-new").unlink()  # which no later generation has
    generation(12)
    took = soon(lambda: node.loaded_hash("k8s-db") not in (None, good))
    t.check("a generation is loaded without its texts", took is not None and not in_force(12), took)
    said = soon(lambda: "no texts are kept" in run("journalctl", "--quiet", "--boot", f"--unit={UNIT}").stdout, pause=0.5)
    t.check("which is told", said is not None)
    run("mount", "-o", "remount,rw", str(texts))
    remove("k8s-db")
    t.check("once it is writable the texts follow", soon(lambda: in_force(12)) is not None)
    good = node.loaded_hash("k8s-db")
    run("mount", "-o", "remount,ro", str(store))
    generation(13)
    told = soon(lambda: any("Read-only file system" in event["message"] for event in events("failed")))
    t.check("where nothing can be registered that is told", told is not None, [e["message"] for e in events("failed")][-1:])
    remove("k8s-db")
    took = soon(lambda: node.loaded_hash("k8s-db") == good)
    t.check("and what was loaded before is guarded", took is not None and took < LIMIT, took)
    run("mount", "-o", "remount,rw", str(store))
    t.check("once it is writable the generation is taken in", soon(lambda: in_force(13), 90) is not None)
    for directory in (texts, store):
        run("umount", "--lazy", str(directory))
    run("systemctl", "restart", UNIT)
    soon(lambda: in_force(13))


def clock(t, generation, in_force):
    """The clock is set back by a day, then forward by two: nothing that waits waits longer, or less."""
    with subprocess.Popen([program(), "wait", "k8s-web", "k8s-never", "--timeout", "20"], stderr=subprocess.DEVNULL) as waiter:
        begun = time.monotonic()
        for number, offset in ((14, -86400), (15, 2 * 86400)):
            time.clock_settime(time.CLOCK_REALTIME, time.time() + offset)
            remove("k8s-web")
            took = soon(all_enforced)
            t.check(f"drift, with the clock set by {offset} seconds", took is not None and took < LIMIT, took)
            generation(number)
            t.check("a generation", soon(lambda number=number: in_force(number)) is not None)
        code = waiter.wait(120)
        t.check("wait waits as long as it was told to", code == 3 and time.monotonic() - begun >= 20, code, time.monotonic() - begun)
    time.clock_settime(time.CLOCK_REALTIME, time.time() - 86400)


def watchdog(t):
    """systemd's watchdog, of eight seconds here: a slow compiler does not set it off, a process that hangs does."""
    slow = pathlib.Path("/usr/local/sbin/slow-parser")
    slow.write_text('#!/bin/sh\n[ "$1" = --version ] || sleep 20\nexec /sbin/apparmor_parser "$@"\n')
    slow.chmod(0o755)
    one = pathlib.Path("/etc/aakit/one")
    one.mkdir()
    put("k8s-cache", "/slow", one)
    drop_in = pathlib.Path(f"/etc/systemd/system/{UNIT}.d/watchdog.conf")
    drop_in.write_text(f"[Service]\nWatchdogSec=8\nEnvironment=AAKIT_APPARMOR_PARSER={slow}\n")
    arguments = pathlib.Path("/etc/default/aa-register")
    before = arguments.read_text()
    arguments.write_text(f"AAKIT_PATHS={one}\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", UNIT)  # until it is ready
    text_there = "/slow " in pathlib.Path("/etc/apparmor.d/k8s-cache").read_text()
    t.check("a compiler that takes 20 seconds does not set the watchdog off", text_there and show("NRestarts") == ["0"],
            text_there, show("NRestarts", "Result"))
    pid = main_pid()
    os.kill(pid, signal.SIGSTOP)
    remove("k8s-cache")
    time.sleep(0.5)
    still = loaded().get("k8s-cache")
    os.kill(pid, signal.SIGCONT)
    took = soon(lambda: loaded().get("k8s-cache") == "enforce")
    t.check("a watch that was stopped puts it right when it goes on", still is None and took is not None and took < LIMIT, still, took)
    slow.write_text('#!/bin/sh\nexec /sbin/apparmor_parser "$@"\n')
    os.kill(main_pid(), signal.SIGSTOP)
    remove("k8s-cache")
    took = soon(lambda: loaded().get("k8s-cache") == "enforce", 120)
    t.check("one that stays stopped is killed, and the next puts it right", took is not None and show("NRestarts") == ["1"], took,
            show("NRestarts", "Result"))
    drop_in.unlink()
    arguments.write_text(before)
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", UNIT)
    soon(all_enforced)


def crowded(t):
    """The instances of inotify belong to all of root's processes, those in containers too: none is left."""
    limit = pathlib.Path("/proc/sys/fs/inotify/max_user_instances")
    before = limit.read_text()
    limit.write_text("0")
    for name in NAMES:
        remove(name)
    run("systemctl", "restart", UNIT)
    t.check("without room for inotify all is loaded", soon(all_enforced) is not None, loaded())
    told = soon(lambda: any("cannot watch files" in event["message"] for event in events("failed")))
    t.check("that is told", told is not None)
    remove("k8s-db")
    took = soon(all_enforced)
    t.check("and drift put right", took is not None and took < LIMIT, took)
    limit.write_text(before)
    run("systemctl", "restart", UNIT)


def survival(t):
    """Killed at random, thousands of events: everything as wanted at the end, no more memory or descriptors than before."""
    dice = random.Random(7)
    for _ in range(5):
        os.kill(main_pid(), signal.SIGKILL)
        remove(dice.choice(NAMES))
        time.sleep(dice.random())
    t.check("killed five times: started again, all as wanted", soon(all_enforced) is not None, loaded())

    def size():
        pid = main_pid()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        memory, threads = (int(status.partition(key)[2].split()[0]) for key in ("VmRSS:", "Threads:"))
        return memory, len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())), threads

    def settled():
        """The least of it while nothing happens: a reading has a thread and some descriptors more."""
        soon(all_enforced)
        sizes = []
        for _ in range(15):
            time.sleep(0.1)
            sizes.append(size())
        return tuple(map(min, zip(*sizes)))

    def churn(count):
        for i in range(count):
            what = dice.randrange(3)
            if what == 0:
                remove(dice.choice(NAMES))
            elif what == 1:
                put("k8s-web", f"/{i}", pathlib.Path("/etc/aakit/map/..data"))
            else:
                os.kill(main_pid(), signal.SIGHUP)
            time.sleep(dice.random() / 20)

    churn(150)
    before = settled()
    churn(600)
    after = settled()
    t.check("750 random events: no more memory", after[0] <= before[0] * 1.1 + 512, f"{before[0]} KiB, then {after[0]} KiB")
    t.check("nor descriptors, nor threads", after[1:] <= before[1:] and after[2] <= before[2], f"{before[1:]}, then {after[1:]}")
    t.check("and all as wanted", soon(all_enforced) is not None, loaded())
    return after


def end(t):
    run("systemctl", "stop", UNIT)
    t.check("stopping it unloads nothing", all_enforced(), loaded())
    t.check("and it ends well", show("Result") == ["success"], show("Result"))


def unmounted(t):
    """securityfs that comes after the service: as a container of its own sees it."""
    pathlib.Path("/etc/default/aa-register").write_text("AAKIT_PATHS=/etc/aakit/profiles\n")
    for name in NAMES:
        put(name, "/late")
    run("umount", "/sys/kernel/security")
    with open("/out/late.log", "w", encoding="utf-8") as log:
        late = subprocess.Popen([program(), "watch", "--json", str(PROFILES)], stdout=log, stderr=log)
    told = soon(lambda: "securityfs" in pathlib.Path("/out/late.log").read_text())
    run("mount", "-t", "securityfs", "securityfs", "/sys/kernel/security")
    t.check("securityfs that is not mounted yet is waited for", told is not None and soon(
        lambda: '"generation"' in pathlib.Path("/out/late.log").read_text()) is not None)
    late.terminate()
    t.check("and SIGTERM ends it with 0", late.wait(30) == 0)


def main():
    t = tap.Tap()
    try:
        start(t)
        drift(t)
        quiet(t)
        map_of = generations(t)
        failures(t, *map_of)
        mounted(t, map_of[1])
        read_only(t, *map_of)
        clock(t, *map_of)
        watchdog(t)
        crowded(t)
        size = survival(t)
        t.note(f"at the end: {size[0]} KiB, {size[1]} descriptors, {size[2]} threads")
        end(t)
        unmounted(t)
    except Exception:  # pylint: disable=broad-except
        t.crash("the test itself")
    pathlib.Path(sys.argv[1], "service.log").write_text(run("journalctl", "--quiet", f"--unit={UNIT}").stdout)
    return t.finish()


if __name__ == "__main__":
    sys.exit(main())
