# SPDX-License-Identifier: GPL-2.0-or-later
"""A node from power-on, guest side: what the service had done when containerd started, and who may do it.

Usage: boot.py good|bad OUT. Writes TAP to stdout.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import boot_pod
import cri
import node
import tap

UNIT = "aa-register.service"
PROFILES = pathlib.Path("/etc/aakit/profiles")
POD = pathlib.Path("/run/static-pod.json")
MAC_ADMIN = 1 << 33
NOBODY = 65534
# systemd's ids of its messages "Starting ..." and "Started ..." (sd-messages.h)
STARTING, STARTED = "7d4958e842da4a758f6c1cdc7b36dcc5", "39f53479d3a045ac8e11786248231fbf"


def show(unit, name):
    return node.run("systemctl", "show", f"--property={name}", "--value", unit)[1].strip()


def moment(unit, message_id):
    """When systemd first said that of a unit in this boot: seconds since the kernel's start, None where it did not."""
    lines = node.run("journalctl", "--quiet", "-b", "-o", "json", f"UNIT={unit}", f"MESSAGE_ID={message_id}")[1].splitlines()
    return int(json.loads(lines[0])["__MONOTONIC_TIMESTAMP"]) / 1e6 if lines else None


def said(unit):
    return node.run("journalctl", "--quiet", "-b", "-o", "cat", f"--unit={unit}")[1]


def program():
    return show(UNIT, "ExecStart").partition("path=")[2].split()[0]


def soon(condition, seconds=60):
    try:
        return node.wait_for("it", condition, seconds)
    except TimeoutError:
        return None


def pod_result():
    """What came of the static pod, once it is known."""
    return soon(lambda: POD.exists(), 240) and json.loads(POD.read_text())


# --- a good node ---------------------------------------------------------------------------------


def order(t):
    ready, runtime = moment(UNIT, STARTED), moment("containerd.service", STARTING)
    t.check("systemd has booted", node.run("systemctl", "is-active", "multi-user.target", "containerd.service")[0] == 0)
    t.check("the service was ready before containerd began to start", ready is not None and runtime is not None and ready <= runtime,
            f"ready after {ready} s, containerd after {runtime} s")
    t.check("with the profiles of both of its paths", show(UNIT, "StatusText") == "3 profiles are loaded as wanted",
            show(UNIT, "StatusText"), said(UNIT))
    t.check("which the kernel holds", all(node.loaded_mode(name) == "enforce" for name in ("k8s-web", "k8s-db", "k8s-cache")))
    result = pod_result()
    t.check("a static pod started under its profile at the first try", result and result.get("label") == "k8s-web (enforce)", result)


def hardening(t):
    lines = node.run("systemd-analyze", "security", "--no-pager", UNIT)[1].splitlines()
    score = re.search(r"exposure level for \S+: ([0-9.]+)", lines[-1] if lines else "")
    t.check("systemd-analyze security gives 2.0 or better", score and float(score[1]) <= 2.0, lines[-1:])
    status = pathlib.Path(f"/proc/{show(UNIT, 'MainPID')}/status").read_text()
    effective = int(status.partition("CapEff:")[2].split()[0], 16)
    t.check("CAP_MAC_ADMIN is all that it has", effective == MAC_ADMIN and "NoNewPrivs:\t1" in status, f"{effective:x}")
    t.check("its compiler, which has nothing, did its work", (pathlib.Path("/etc/apparmor.d") / "k8s-cache").exists())
    traced = node.run("strace", "-f", "-y", "-e", "trace=capset,openat", program(), "diff", str(PROFILES))[2].splitlines()
    dropped = [i for i, line in enumerate(traced) if line.startswith("capset(")]
    opened = [i for i, line in enumerate(traced) if str(PROFILES) in line]
    t.check("aa-register gives up privileges before it reads", dropped and opened and max(dropped) < min(opened), dropped, opened)


def parser_came_later(t):
    """A file that was changed since containerd was started may be another one, unless containerd has loaded its default profile."""
    os.chmod("/usr/sbin/apparmor_parser", 0o755)
    with open("/sys/kernel/security/apparmor/profiles", encoding="ascii") as profiles:
        seen = "cri-containerd.apparmor.d" in profiles.read()
    code, out, err = node.run(program(), "doctor")
    wanted = r"^ok +containerd " if seen else r"^warning +containerd .*\n +\$ systemctl restart containerd$"
    t.check("a parser that is newer than containerd is told of until a default profile is loaded", code == 0 and re.search(wanted, out, re.M), out, err)


def doctor(t):
    code, out, err = node.run(program(), "doctor")
    t.check("doctor finds nothing wrong", code == 0, out, err)
    t.check("it sees the service, and that containerd waits for it", "aa-register.service is enabled, and runs" in out
            and "containerd.service starts after" in out)
    for name in ("aa-learn", "aa-compile"):
        code, out, err = node.run(name, "doctor")
        t.check(f"nor does that of {name}", code == 0, out, err)
    node.run("auditctl", "-r", "100")
    code, out, err = node.run("aa-learn", "doctor")
    t.check("a limit of records is told, with what takes it away", code == 0 and re.search(r"^warning +rate-limit .*100 a second.*\n +\$ auditctl -r 0$", out, re.M),
            out, err)
    node.run("auditctl", "-r", "0")
    parser_came_later(t)
    code, out, err = node.run("aa-learn", "doctor", "--bundle", "/tmp/report.tar.gz")
    code, out, err = node.run("tar", "-xzOf", "/tmp/report.tar.gz")
    masked = re.findall(r"^registered profile-[1-9]\d* enforce\b", out, re.M)
    t.check("a report for a bug tracker names no profile of ours", code == 0 and len(masked) == len(re.findall("^registered ", out, re.M)) > 0
            and "k8s-" not in out, out[-2000:], err)
    code, out, _ = node.run(*as_user(group=NOBODY), program(), "doctor")
    t.check("without privileges it names them", code == 3 and "CAP_MAC_ADMIN is missing" in out, out)
    node.run("systemctl", "stop", UNIT)
    code, out, _ = node.run(program(), "doctor")
    t.check("a service that does not run has failed", code == 3 and "systemctl restart aa-register" in out, out)


def stop(t):
    node.run("systemctl", "restart", UNIT)
    node.run("systemctl", "stop", UNIT)
    loaded = [node.loaded_mode(name) for name in ("k8s-web", "k8s-db", "k8s-cache")]
    t.check("stopping it leaves everything loaded", loaded == ["enforce"] * 3, loaded)


# --- who may do it -------------------------------------------------------------------------------


def as_user(*capabilities, group=0, uid=NOBODY):
    """The beginning of a command line that runs what follows with these capabilities alone."""
    words = ",".join(f"+{name}" for name in capabilities)
    command = ["setpriv", f"--reuid={uid}", f"--regid={NOBODY}", f"--groups={group}", f"--inh-caps=-all{',' if words else ''}{words}"]
    return command + ([f"--ambient-caps=-all,{words}"] if words else [])


def give_directories(uid):
    for name in ("/var/lib/aakit", "/run/aakit"):
        node.run("rm", "-rf", name)
        os.mkdir(name)
        os.chown(name, uid, uid)


def other_user(t):
    """Another user than root, with CAP_MAC_ADMIN alone."""
    text = pathlib.Path("/srv/k8s-user")
    text.write_text("abi <abi/3.0>,\nprofile k8s-user {\n  /user r,\n}\n")
    give_directories(NOBODY)
    command = (program(),)
    mine = as_user("mac_admin")
    code, out, err = node.run(*mine, *command, "apply", str(text))
    t.check("uid 65534 with CAP_MAC_ADMIN and the group root: apply", code == 0 and node.loaded_mode("k8s-user") == "enforce", out, err)
    t.check("it is told that its text is not kept", "no texts are kept in /etc/apparmor.d" in err, err)
    code, out, err = node.run(*mine, *command, "diff", str(text))
    t.check("diff", code == 0, out, err)
    code, out, err = node.run(*mine, *command, "status")
    t.check("status", code == 0 and "k8s-user" in out, out, err)
    code, out, err = node.run(*mine, *command, "rm", "k8s-user")
    t.check("rm", code == 0 and node.loaded_mode("k8s-user") is None, out, err)
    with open("/out/user-watch.log", "w", encoding="utf-8") as log, subprocess.Popen(
            [*mine, *command, "watch", str(text)], stdout=log, stderr=log) as watch:
        came = soon(lambda: node.loaded_mode("k8s-user"))
        node.run(*as_user("mac_admin"), "sh", "-c", "printf k8s-user > /sys/kernel/security/apparmor/.remove")
        back = soon(lambda: node.loaded_mode("k8s-user"))
        watch.send_signal(signal.SIGTERM)
        t.check("watch, which puts back what is unloaded", came and back and watch.wait(60) == 0,
                pathlib.Path("/out/user-watch.log").read_text())


def refused(t):
    text = "/srv/k8s-user"
    for verb in (("apply", text), ("rm", "k8s-user"), ("watch", text)):
        code, _, err = node.run(*as_user(), program(), *verb)
        t.check(f"{verb[0]} without it: exit 4, and the name of the capability", code == 4 and "CAP_MAC_ADMIN is missing" in err, err)
        code, _, err = node.run(*as_user("mac_admin", group=NOBODY), program(), *verb)
        t.check(f"{verb[0]} without the group: exit 4, and its name", code == 4 and "group root" in err, err)
    code, out, err = node.run(*as_user(group=NOBODY), program(), "diff", text)
    t.check("diff takes no privilege", code == 0, out, err)
    give_directories(0)
    few = ("setpriv", "--bounding-set=-all,+mac_admin", "--inh-caps=-all")
    node.run(*few, "sh", "-c", "printf k8s-user > /sys/kernel/security/apparmor/.remove")
    code, out, err = node.run(*few, program(), "apply", text)
    t.check("root with CAP_MAC_ADMIN alone: apply", code == 0 and node.loaded_mode("k8s-user") == "enforce", out, err)
    code, _, err = node.run("setpriv", "--bounding-set=-all", "--inh-caps=-all", program(), "apply", text)
    t.check("root without it: exit 4, and the name of the capability", code == 4 and "CAP_MAC_ADMIN is missing" in err, err)
    code, _, err = node.run("unshare", "-r", program(), "apply", text)
    t.check("root of a user namespace: exit 4, and the reason", code == 4 and "user namespace" in err, err)


def user_unit(t):
    """The drop-in of the manual page."""
    drop_in = pathlib.Path(f"/etc/systemd/system/{UNIT}.d")
    drop_in.mkdir()
    (drop_in / "user.conf").write_text("[Service]\nDynamicUser=yes\nSupplementaryGroups=root\nAmbientCapabilities=CAP_MAC_ADMIN\n")
    for name in ("/var/lib/aakit", "/run/aakit"):
        node.run("rm", "-rf", name)
    node.run("systemctl", "daemon-reload")
    pathlib.Path("/sys/kernel/security/apparmor/.remove").write_text("k8s-db")
    code, _, err = node.run("systemctl", "start", UNIT)
    status = pathlib.Path(f"/proc/{show(UNIT, 'MainPID')}/status").read_text() if code == 0 else ""
    t.check("a service of another user has everything loaded", code == 0 and node.loaded_mode("k8s-db") == "enforce"
            and show(UNIT, "StatusText") == "3 profiles are loaded as wanted", err, show(UNIT, "StatusText"), said(UNIT)[-2000:])
    t.check("and is no root", status and status.partition("Uid:")[2].split()[0] != "0", status.partition("Uid:")[2][:20])
    t.check("status, by root", node.run(program(), "status")[0] == 0, node.run(program(), "status"))
    lines = node.run("systemd-analyze", "security", "--no-pager", UNIT)[1].splitlines()
    t.note(*lines[-1:])
    node.run("systemctl", "stop", UNIT)


# --- a bad node ----------------------------------------------------------------------------------


def bad(t):
    runtime = moment("containerd.service", STARTING)
    t.check("the node boots", node.run("systemctl", "is-active", "multi-user.target", "containerd.service")[0] == 0, f"containerd after {runtime} s")
    for unit, what in ((UNIT, "k8s-web"), ("aa-register-missing.service", "/etc/aakit/nothing")):
        ready, text = moment(unit, STARTED), show(unit, "StatusText")
        t.check(f"{unit}: ready within seconds, before containerd", ready is not None and ready <= runtime, f"after {ready} s")
        t.check(f"{unit}: systemctl status says what is wrong", what in text, text)
        t.check(f"{unit}: the journal as well", what in said(unit), said(unit)[-1000:])
    weak = said("aa-register-weak.service")
    t.check("without its capability the service names it, and holds nothing up", "CAP_MAC_ADMIN is missing" in weak, weak[-1000:])
    t.check("nor does it try again and again", show("aa-register-weak.service", "NRestarts") == "0", show("aa-register-weak.service", "NRestarts"))
    t.check("nothing was loaded", node.loaded_mode("k8s-web") is None)
    result = pod_result()
    t.check("the static pod was refused for its profile", result and "k8s-web" in result.get("error", ""), result)
    begun = time.monotonic()
    node.run("cp", "-rT", "/root/good", str(PROFILES))
    mended = soon(lambda: node.loaded_mode("k8s-web") == "enforce", 90)
    t.check("once the bundle is good it is taken in", mended, f"after {time.monotonic() - begun:.1f} s")
    client = cri.Client()
    client.call("StopPodSandbox", cri.field(1, sandbox(client)))
    client.call("RemovePodSandbox", cri.field(1, sandbox(client)))
    label = boot_pod.start(client)
    t.check("and the pod starts", label == "k8s-web (enforce)", label)


def sandbox(client):
    """The id of the only sandbox."""
    return dict(cri.decode(dict(client.call("ListPodSandbox"))[1]))[1].decode()


def end_containers():
    """A first process that ignores SIGTERM would hold the shutdown up for 90 seconds."""
    for init in pathlib.Path("/run/containerd").glob("io.containerd.runtime.v2.task/k8s.io/*/init.pid"):
        os.kill(int(init.read_text()), signal.SIGKILL)


def main():
    t = tap.Tap()
    kind, out = sys.argv[1:]
    checks = (order, hardening, doctor, stop, other_user, refused, user_unit) if kind == "good" else (bad,)
    t.note(f"a {kind} node")
    for check in checks:
        try:
            check(t)
        except Exception:  # pylint: disable=broad-except
            t.crash(f"{check.__name__} itself")
    end_containers()
    pathlib.Path(out, "journal.log").write_text(node.run("journalctl", "--quiet", "-o", "short-monotonic")[1])
    return t.finish()


if __name__ == "__main__":
    sys.exit(main())
