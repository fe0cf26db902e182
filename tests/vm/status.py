# SPDX-License-Identifier: GPL-2.0-or-later
"""Who wears a profile and who wants it, on a node with containerd; and the files that tell others of it, read at every moment.

Usage: status.py. Writes TAP to stdout.
"""

import contextlib
import datetime
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

import grpc

import cri
import node
import tap as tap_module

IMAGE = "docker.io/local/web:1"
TEXTS = pathlib.Path("/etc/aakit/profiles")
METRICS = pathlib.Path("/var/lib/prometheus/node-exporter/aakit.prom")
LABELS = pathlib.Path("/etc/kubernetes/node-feature-discovery/features.d/aakit")
DROP_INS = pathlib.Path("/etc/systemd/system/aa-register.service.d")
TTL = 20
SAMPLE = re.compile(r'(aakit_[a-z_]+)(\{(?:state|profile)="(?:[^"\\\n]|\\["\\n])*"\})? (\d+)')
LABEL = re.compile(r"feature\.node\.kubernetes\.io/apparmor-[a-z]+\.[\w.-]+=[\w.-]+")


def put(name, path, flags="", directory=TEXTS):
    text = (f"abi <abi/3.0>,\nprofile {name} {flags} {{\n  file,\n  network,\n  capability,\n  signal,\n  {path} r,\n}}\n")
    new = directory / f".{name}"
    new.write_text(text)
    new.rename(directory / name)
    return directory / name


def status(*arguments):
    """Exit code, the document, and its profiles by name."""
    code, document, errors = node.run_json("aa-register", "status", "--json", *arguments)
    if document is None:
        raise RuntimeError(f"status {arguments}: {code} {errors}")
    return code, document, {profile["name"]: profile for profile in document["profiles"]}


def sleeper(name, label):
    return cri.Container(name, IMAGE, label, command=["/bin/sleep", "3600"])


def check_worn(tap, client):
    """Two pods under profiles of ours, one under the runtime's own."""
    before = time.time()
    code, out, err = node.run("aa-register", str(TEXTS))
    tap.check("two profiles are registered", code == 0, out, err)
    put("theirs", "/x", directory=pathlib.Path("/tmp"))
    node.run("apparmor_parser", "-rK", "/tmp/theirs")
    pods = {name: cri.Pod(client, f"{name}-0", f"uid-{name}", namespace="shop") for name in ("web", "db", "plain")}
    ids = {name: pods[name].start(sleeper(name, f"k8s-{name}")) for name in ("web", "db")}
    pods["plain"].start(sleeper("plain", cri.DEFAULT_LABEL))
    client.execute(ids["web"], ["/bin/sh", "-c", "sleep 3600 > /dev/null 2>&1 &"])
    code, document, profiles = status()
    web = profiles["k8s-web"]
    pids = [task["pid"] for task in web["worn-by"]]
    tap.check("all is as registered", code == 0 and [p["state"] for p in document["profiles"]] == ["loaded", "loaded"], document)
    tap.check("who wears it, by pod and container, those that were executed into it too",
              len(pids) == 2 and all(node.label_of(pid).startswith("k8s-web ") for pid in pids)
              and {(t["namespace"], t["pod"], t["container"], t["id"]) for t in web["worn-by"]} == {("shop", "web-0", "web", ids["web"])}, web)
    since = datetime.datetime.fromisoformat(web["since"].replace("Z", "+00:00")).timestamp()
    tap.check("since when", before - 2 <= since <= time.time(), web["since"], before)
    tap.check("its hash and mode", web["hash"] == node.loaded_hash("k8s-web") and web["mode"] == "enforce", web["hash"])
    tap.check("profiles of others are counted", document["counts"]["foreign"] >= 2 and document["hidden"] == 0
              and document["blind-spot"] is None, document["counts"])
    _, _, everything = status("--all")
    tap.check("and listed where they are asked for", everything["theirs"]["state"] == "foreign"
              and [t["pod"] for t in everything[cri.DEFAULT_LABEL]["worn-by"]] == ["plain-0"], everything.get(cri.DEFAULT_LABEL))
    time.sleep(2)
    node.run("aa-register", str(TEXTS))
    tap.check("the same again is no change of since", status()[2]["k8s-web"]["since"] == web["since"])
    return ids


def check_refused(tap, client):
    """containerd does not create a container whose profile is missing: there is no bundle of it, only a line of its log."""
    pod = cri.Pod(client, "late-0", "uid-late", namespace="shop")
    try:
        pod.start(sleeper("late", "k8s-late"))
        tap.check("a container does not start without its profile", False)
    except grpc.RpcError as error:
        tap.check("a container does not start without its profile", "not found k8s-late" in error.details(), error.details())
    code, document, profiles = status()
    tap.check("it is known who wants what is missing", code == 3 and profiles["k8s-late"]["state"] == "wanted"
              and [(w["namespace"], w["pod"], w["container"], w["created"]) for w in profiles["k8s-late"]["wanted-by"]]
              == [("shop", "late-0", "late", False)], profiles.get("k8s-late"), document["counts"])
    node.run("apparmor_parser", "-rK", str(put("k8s-late", "/x", directory=pathlib.Path("/tmp"))))
    tap.check("once it is loaded nobody does", status()[0] == 0)
    pod.start(sleeper("late", "k8s-late"))
    node.run("apparmor_parser", "-R", "/tmp/k8s-late")
    code, _, profiles = status()
    tap.check("a container that was created is known by its bundle", code == 3
              and [w["created"] for w in profiles["k8s-late"]["wanted-by"]] == [True], profiles.get("k8s-late"))
    pod.remove()


def check_differences(tap, client, ids):
    """A profile that drifts, one that is unloaded under its pod, and one that was never there."""
    node.run("apparmor_parser", "-rK", str(put("k8s-web", "/x", "flags=(complain)", pathlib.Path("/tmp"))))
    code, _, profiles = status("k8s-web")
    tap.check("drift", code == 3 and profiles["k8s-web"]["state"] == "drifted" and profiles["k8s-web"]["tasks"] == 2, profiles)
    node.run("apparmor_parser", "-R", str(TEXTS / "k8s-db"))
    code, _, profiles = status()
    wanted = profiles["k8s-db"]["wanted-by"]
    tap.check("a missing profile, and the pod that lacks it", code == 3 and profiles["k8s-db"]["state"] == "missing"
              and [(w["pod"], w["id"], w["created"]) for w in wanted] == [("db-0", ids["db"], True)], profiles["k8s-db"])
    node.run("aa-register", str(TEXTS))
    code, _, profiles = status()
    tap.check("loaded again, it does not come back to the pod, which is told", code == 3
              and profiles["k8s-db"]["state"] == "loaded" and [w["pod"] for w in profiles["k8s-db"]["wanted-by"]] == ["db-0"],
              profiles["k8s-db"])
    client.stop(ids["db"], 0)
    tap.check("until it is stopped", node.wait_for("no difference", lambda: status()[0] == 0, 30))


class Reader(threading.Thread):
    """Reads both files again and again; each reading must be of a whole file, valid, and not expired."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stop = False
        self.readings = 0
        self.texts = set()
        self.problems = []

    def check_metrics(self, text):
        lines = [line for line in text.splitlines() if not line.startswith("# ")]
        bad = [line for line in lines if not SAMPLE.fullmatch(line)]
        if bad or not text.endswith("\n") or not lines[-1].startswith("aakit_watch_last_success"):
            self.problems.append(("metrics", bad, text[-200:]))

    def check_labels(self, text):
        first, *lines = text.splitlines()
        expiry = datetime.datetime.fromisoformat(first.partition("=")[2].replace("Z", "+00:00")).timestamp()
        bad = [line for line in lines if not LABEL.fullmatch(line)]
        if bad or not first.startswith("# +expiry-time=") or expiry < time.time() or "profiles.ready=" not in lines[-1]:
            self.problems.append(("labels", bad, first, time.time()))

    def run(self):
        while not self.stop:
            for path, check in ((METRICS, self.check_metrics), (LABELS, self.check_labels)):
                text = path.read_text()
                check(text)
                self.texts.add(text)
                self.readings += 1
            time.sleep(0.005)


def metrics():
    return {line.rpartition(" ")[0]: int(line.rpartition(" ")[2])
            for line in METRICS.read_text().splitlines() if not line.startswith("#")}


@contextlib.contextmanager
def service():
    """aa-register.service with the drop-in that ships, as the manual says."""
    for path in (METRICS, LABELS):
        path.parent.mkdir(parents=True)
    DROP_INS.mkdir()
    shipped = [path for prefix in ("/usr", "/usr/local") for path in pathlib.Path(prefix, "share/aakit/systemd").glob("export.conf")]
    shutil.copy(shipped[0], DROP_INS)
    pathlib.Path("/etc/default/aa-register").write_text(f"AAKIT_OPTIONS=--nfd-ttl={TTL}\n")
    node.run("systemctl", "daemon-reload")
    try:
        yield node.run("systemctl", "restart", "aa-register")
    finally:
        node.run("systemctl", "stop", "aa-register")


def check_exports(tap):
    """While the service repairs drift again and again, and then has nothing to do for longer than the labels hold."""
    with service() as (code, _, errors):
        tap.check("the service starts with the drop-in that ships", code == 0, errors)
        node.wait_for("both files", lambda: METRICS.exists() and LABELS.exists())
        reader = Reader()
        reader.start()
        for number in range(10):
            node.run("apparmor_parser", "-R", str(TEXTS / "k8s-db"))
            node.wait_for("repair", lambda: node.loaded_mode("k8s-db") == "enforce", pause=0.02)
            put("k8s-cache", f"/{number}")
            time.sleep(0.5)
        node.wait_for("the last generation", lambda: metrics().get('aakit_profile_as_registered{profile="k8s-cache"}') == 1)
        found = metrics()
        time.sleep(TTL + 2)
        reader.stop = True
        reader.join(10)
    tap.note(f"{reader.readings} readings of {len(reader.texts)} texts")
    tap.check("both files are whole, valid and in force at every moment", not reader.problems and not reader.is_alive()
              and len(reader.texts) > 10, reader.problems[:5])
    tap.check("drift is counted", 1 <= found["aakit_watch_drifts_repaired_total"] <= 12, found)
    tap.check("generations are", 2 <= found["aakit_watch_generations_total"] <= 12)
    tap.check("the counts are those of the node", found['aakit_profile_tasks{profile="k8s-web"}'] == 2
              and found['aakit_profiles{state="loaded"}'] == 3 and found["aakit_policy_revision"] > 20)
    tap.check("its sandbox hides no task", found["aakit_hidden_processes"] == 0, found["aakit_hidden_processes"])
    labels = LABELS.read_text().splitlines()
    tap.check("the labels are", "feature.node.kubernetes.io/apparmor-profile.k8s-web=enforce" in labels
              and "feature.node.kubernetes.io/apparmor-profiles.ready=true" in labels, labels)
    _, result, _ = node.run("systemctl", "show", "--property=Result", "--value", "aa-register")
    tap.check("it ends, and leaves them", result.strip() == "success"
              and [path.name for file in (METRICS, LABELS) for path in file.parent.iterdir()] == ["aakit.prom", "aakit"], result)


def check_wait(tap):
    """For a profile that comes, one that does not, and one that cannot be."""
    with subprocess.Popen(["aa-register", "wait", "k8s-late", "k8s-web", "--timeout", "60"], stdout=subprocess.DEVNULL) as waiter:
        time.sleep(1)
        still = waiter.poll() is None
        node.run("apparmor_parser", "-rK", str(put("k8s-late", "/x", directory=pathlib.Path("/tmp"))))
        tap.check("wait ends when the last profile is there", still and waiter.wait(60) == 0)
    start = time.monotonic()
    code, _, errors = node.run("aa-register", "wait", "k8s-never", "a\x1b[2J\nb", "--timeout", "0")
    tap.check("without time it looks once", code == 3 and time.monotonic() - start < 20 and "\x1b" not in errors, errors)


def version(client):
    try:
        return client.version()
    except grpc.RpcError:
        return None


def main():
    tap = tap_module.Tap()
    try:
        TEXTS.mkdir(parents=True, exist_ok=True)
        for name in ("k8s-web", "k8s-db"):
            put(name, "/etc/hostname")
        node.run("systemctl", "start", "containerd")  # with its log in the journal
        client = cri.Client()
        node.wait_for("containerd", lambda: version(client), 120)
        ids = check_worn(tap, client)
        check_differences(tap, client, ids)
        check_refused(tap, client)
        check_exports(tap)
        check_wait(tap)
    except Exception:
        tap.crash("the test itself")
    return tap.finish()


sys.exit(main())
