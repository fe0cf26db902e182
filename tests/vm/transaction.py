# SPDX-License-Identifier: GPL-2.0-or-later
"""Plans and transactions of aa-register on a real kernel, guest side.

Usage: transaction.py OUT. Writes TAP to stdout. /job/many is a bundle of a thousand profiles for this kernel.
"""

import fcntl
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import node
import tap as tap_module

APPARMOR = pathlib.Path("/sys/kernel/security/apparmor")
TEXTS = pathlib.Path("/etc/apparmor.d")
STORE = pathlib.Path("/var/lib/aakit/registered.yaml")
LOCK = pathlib.Path("/run/aakit/register.lock")
WORK = pathlib.Path("/tmp/transaction")
KILLS = 50


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False)


def register(*arguments):
    return run("aa-register", *arguments)


def said(result):
    return [f"exit {result.returncode}", result.stdout[-1500:], result.stderr[-1500:]]


def text(name, generation, flags="", hat=None):
    """A profile under which a task can run and be ended; generations differ in one rule."""
    child = f"  ^{hat} {{\n    /{hat} r,\n  }}\n" if hat else ""
    return (f"abi <abi/3.0>,\nprofile {name} {flags} {{\n  file,\n  signal,\n  deny /generation/{generation} r,\n"
            f"{child}}}\n")


def put(directory, *profiles):
    """Writes (name, generation, ...) as texts."""
    path = WORK / directory
    path.mkdir(parents=True, exist_ok=True)
    for profile in profiles:
        (path / profile[0]).write_text(text(*profile))
    return path


def bundle(directory, *profiles):
    texts = put(f"{directory}.texts", *profiles)
    built = run("aa-compile", "-q", texts, "-o", WORK / directory)
    assert built.returncode == 0, built.stderr
    return WORK / directory


def held():
    """What the kernel holds: full name -> (mode, hash)."""
    def walk(directory, parent):
        found = {}
        for entry in directory.iterdir() if directory.exists() else ():
            name = parent + (entry / "name").read_text().strip()
            sums = [entry / algorithm for algorithm in ("sha256", "sha1") if (entry / algorithm).exists()]
            found[name] = ((entry / "mode").read_text().strip(), sums[0].read_text().strip())
            found.update(walk(entry / "profiles", name + "//"))
        return found
    return walk(APPARMOR / "policy/profiles", "")


def ours():
    return {name: state for name, state in held().items() if name.startswith("k8s-")}


def books():
    """What is registered, and the texts."""
    return (STORE.read_text() if STORE.exists() else "",
            {path.name: path.read_bytes() for path in TEXTS.glob("*k8s-*")})


def everything():
    return held(), node.revision(), books()


def confined(label):
    """A task that wears LABEL."""
    def wear():
        with open("/proc/self/attr/exec", "w", encoding="ascii") as attr:
            attr.write(f"exec {label}")
    task = subprocess.Popen(["/bin/sleep", "1000"], preexec_fn=wear)  # pylint: disable=subprocess-popen-preexec-fn
    while label_of(task) != f"{label} (enforce)":
        time.sleep(0.01)
    return task


def label_of(task):
    return pathlib.Path(f"/proc/{task.pid}/attr/current").read_text().strip()


def end(task):
    task.kill()
    task.wait()


# --- checks --------------------------------------------------------------------------------------


def equal(t):
    first = bundle("first", ("k8s-web", 1), ("k8s-db", 1))
    added = register(first)
    t.check("a bundle is loaded and proved", added.returncode == 0 and set(ours()) == {"k8s-web", "k8s-db"}, said(added))
    before = everything()
    again = register(first)
    t.check("equal content does not move the policy's revision", again.returncode == 0 and everything() == before,
            before[1], node.revision(), said(again))
    t.check("diff agrees, and changes nothing", register("diff", first).returncode == 0 and everything() == before)
    run("apparmor_parser", "-r", "-K", TEXTS / "k8s-web")
    before = everything()
    t.check("nor is what the node's own parser loaded of the text in /etc/apparmor.d",
            register(first).returncode == 0 and everything() == before)


def refused(t):
    """A blob that the kernel does not take, among good ones."""
    spoilt = bundle("spoilt", ("k8s-web", 2), ("k8s-db", 2), ("k8s-new", 2))
    manifest = spoilt / "manifest.yaml"
    blob = next(path for path in spoilt.glob("*/k8s-db") if path.parent.name != "text")
    good = blob.read_bytes()
    bad = good.replace(bytes.fromhex("1b5e783d"), bytes.fromhex("1b5e783e"), 1)  # the magic number of its automaton
    blob.write_bytes(bad)
    sums = [hashlib.sha256(data).hexdigest() for data in (good, bad)]
    manifest.write_text(manifest.read_text().replace(*sums))
    before = everything()
    result = register(spoilt)
    t.check("a blob that the kernel refuses refuses the set", bad != good and result.returncode == 5, said(result))
    t.check("the kernel, its revision, the texts and the books are as before", everything() == before, node.revision())
    namespace = WORK / "namespace"
    namespace.write_text("abi <abi/3.0>,\nprofile :other:k8s-x {\n  /a r,\n}\n")
    result = register(namespace)
    t.check("policy of a namespace is refused, and changes nothing", result.returncode == 5 and everything() == before,
            said(result))


def worn(t):
    """Tasks keep their labels, whatever is added, replaced and pruned."""
    tasks = {name: confined(name) for name in ("k8s-web", "k8s-db")}
    second = bundle("second", ("k8s-web", 3), ("k8s-new", 3))
    result = register("--prune", second)
    t.check("what a task wears is not pruned, which is a finding",
            result.returncode == 3 and set(ours()) == {"k8s-web", "k8s-db", "k8s-new"}, said(result))
    t.check("and the task is named", f"{tasks['k8s-db'].pid} (sleep)" in result.stdout)
    t.check("both are as confined as before", all(label_of(task) == f"{name} (enforce)" for name, task in tasks.items()))
    before = everything()
    result = register("rm", "k8s-new", "k8s-db")
    t.check("nor is it removed, and nothing else is", result.returncode == 1 and everything() == before, said(result))
    t.check("the refusal lists the task", f"{tasks['k8s-db'].pid} (sleep)" in result.stderr)
    end(tasks["k8s-db"])
    result = register("--prune", second)
    t.check("it goes with its last task", result.returncode == 0 and "k8s-db" not in ours() and "k8s-db" not in books()[1],
            said(result))
    result = register("--prune", "--force", bundle("third", ("k8s-new", 3)))
    t.check("--force unloads it, and says what that does",
            result.returncode == 0 and "unconfined for good" in result.stdout and label_of(tasks["k8s-web"]) == "unconfined",
            said(result), label_of(tasks["k8s-web"]))
    end(tasks["k8s-web"])


def owned(t):
    (WORK / "foreign").write_text(text("k8s-theirs", 1))
    run("apparmor_parser", "-r", "-K", WORK / "foreign")
    mine = put("mine", ("k8s-theirs", 2))
    before = everything()
    result = register(mine)
    t.check("a profile that somebody else loaded is left alone", result.returncode == 1 and everything() == before,
            said(result))
    t.check("the way to take it over is told, and works",
            "--adopt k8s-theirs" in result.stderr and register("--adopt", "k8s-theirs", mine).returncode == 0
            and everything()[0] != before[0])
    lax = put("lax", ("k8s-theirs", 2, "flags=(complain)"))
    before = everything()
    result = register(lax)
    t.check("enforced to complain must be asked for", result.returncode == 1 and everything() == before, said(result))
    result = register("--allow-complain", lax)
    t.check("and is done then", result.returncode == 0 and ours()["k8s-theirs"][0] == "complain", said(result))


def family(t):
    """Hats: the kernel lets a profile inherit those that it does not bring itself."""
    register(put("one", ("k8s-family", 1, "", "one")))
    result = register(put("two", ("k8s-family", 2, "", "two")))
    t.check("the kernel keeps the hats of what is replaced",
            {"k8s-family//one", "k8s-family//two"} < set(ours()), said(result), sorted(ours()))
    result = register("--prune", WORK / "two")
    t.check("--prune takes them out, and all else that is not named",
            result.returncode == 0 and set(ours()) == {"k8s-family", "k8s-family//two"}, said(result), sorted(ours()))
    removed = run("aa-remove-unknown")
    t.check("aa-remove-unknown finds nothing to remove", set(ours()) == {"k8s-family", "k8s-family//two"}, said(removed))


def meanwhile(t):
    """Somebody else who loads the same profile again and again: the proof fails, and the way back is gone."""
    register("--prune", bundle("mine-1", ("k8s-web", 1)))
    theirs = subprocess.run(["apparmor_parser", "-Q", "-K", "-S", str(put("theirs", ("k8s-web", 9)) / "k8s-web")],
                            capture_output=True, check=True).stdout
    next_one = bundle("mine-2", ("k8s-web", 2), ("k8s-late", 2))
    stop = threading.Event()

    def interfere():
        while not stop.is_set():
            (APPARMOR / ".replace").write_bytes(theirs)

    other = threading.Thread(target=interfere)
    other.start()
    failed = None
    for _ in range(20):
        result = register(next_one)
        if result.returncode != 0:
            failed = result
            break
        register("rm", "k8s-late")
    stop.set()
    other.join()
    t.check("a profile that another one replaced meanwhile is not what was asked for",
            failed is not None and "is not what it holds now" in failed.stderr, said(failed or result))
    t.check("and what was added with it is out again", failed is not None and "k8s-late" not in ours(), sorted(ours()))
    result = register(next_one)
    t.check("the next run puts all right", result.returncode == 0 and set(ours()) == {"k8s-web", "k8s-late"}, said(result))


def together(t):
    both = [bundle("a", ("k8s-web", 10), ("k8s-db", 10), ("k8s-cache", 10)),
            bundle("b", ("k8s-web", 11), ("k8s-db", 11), ("k8s-cache", 11))]
    states = []
    for each in both:
        register("--prune", each)
        states.append((ours(), books()))
    for _ in range(5):
        runs = [subprocess.Popen(["aa-register", "-q", "--prune", str(each)]) for each in both]
        codes = [each.wait(120) for each in runs]
        if codes != [0, 0] or (ours(), books()) not in states:
            break
    t.check("two at once: one waits, and it is as if one came after the other",
            codes == [0, 0] and (ours(), books()) in states, codes)
    with open(LOCK, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = everything()
        result = register(both[0])
    t.check("who waits too long is told for whom", result.returncode == 1 and everything() == before
            and f"pid {os.getpid()}, holds {LOCK}" in result.stderr, said(result))
    return both, states


def killed(t, both, states):
    """SIGKILL at random moments: whole before, whole after, and the next run brings it to its end."""
    dice = random.Random(11)
    start = time.monotonic()
    register("--prune", both[0])
    register("--prune", both[1])
    usual = (time.monotonic() - start) / 2
    torn, stuck, died = [], [], 0
    for number in range(KILLS):
        wanted = number % 2
        victim = subprocess.Popen(["aa-register", "-q", "--prune", str(both[wanted])])
        time.sleep(dice.random() * usual)
        victim.send_signal(signal.SIGKILL)
        died += victim.wait() == -signal.SIGKILL
        if ours() not in (states[0][0], states[1][0]):
            torn.append(sorted(ours()))
        if register("-q", "--prune", both[wanted]).returncode != 0 or (ours(), books()) != states[wanted]:
            stuck.append(number)
    t.check(f"killed {died} times of {KILLS}: the kernel held the one set or the other, whole", not torn and died > KILLS / 4, torn)
    t.check("each time the next run converged", not stuck, stuck)
    left = [path.name for path in [*TEXTS.glob(".*"), *STORE.parent.glob(".*")] if path.is_file()]
    t.check("nothing is left behind", not left, left)


def many(t):
    start = time.monotonic()
    result = register("-q", "--prune", "/job/many")
    first = time.monotonic() - start
    t.check("a thousand profiles", result.returncode == 0 and len(ours()) == 1000, said(result))
    before = everything()
    start = time.monotonic()
    result = register("-q", "--prune", "/job/many")
    again = time.monotonic() - start
    t.check("again: nothing to do", result.returncode == 0 and everything() == before, said(result))
    small = bundle("small", ("k8s-web", 1))
    start = time.monotonic()
    result = register("--json", "--prune", small)
    pruned = time.monotonic() - start
    gone = [step for step in json.loads(result.stdout)["profiles"] if step["action"] == "prune"]
    t.check("all of them go again, and their texts", len(gone) == 1000 and set(ours()) == {"k8s-web"}
            and set(books()[1]) == {"k8s-web"}, result.stderr)
    t.note(f"seconds: {first:.1f} to load, {again:.1f} with nothing to do, {pruned:.1f} to unload")
    empty = WORK / "empty"
    empty.mkdir()
    manifest = (small / "manifest.yaml").read_text()
    (empty / "manifest.yaml").write_text(manifest[:manifest.index("profiles:")] + "profiles: []\n")
    before = everything()
    result = register("--prune", empty)
    t.check("an input without profiles prunes nothing", result.returncode == 5 and everything() == before, said(result))


def main():
    t = tap_module.Tap()
    WORK.mkdir(parents=True)
    for check in (equal, refused, worn, owned, family, meanwhile):
        try:
            check(t)
        except Exception:  # pylint: disable=broad-except
            t.crash(check.__name__)
    try:
        killed(t, *together(t))
        many(t)
    except Exception:  # pylint: disable=broad-except
        t.crash("together")
    return t.finish()


if __name__ == "__main__":
    sys.exit(main())
