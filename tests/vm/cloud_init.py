# SPDX-License-Identifier: GPL-2.0-or-later
"""A new node, guest side: what cloud-init made of it, whether any pod ran without its profile, and the same after a reboot.

Usage: cloud_init.py cloud-init|cluster-api|stranger OUT. Writes TAP to stdout; runs once a boot.
"""

import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import time

import boot
import boot_prepare
import cloud_pod
import cri
import node
import tap

JOINED = pathlib.Path("/etc/joined")
REBOOTED = pathlib.Path("/etc/rebooted")
LABEL = "k8s-web (enforce)"
JOINS = {
    "cloud-init": "join 192.0.2.1:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:0000",
    "cluster-api": "join --config /run/kubeadm/kubeadm-join-config.yaml",
}


def attempts(name):
    """What a stand-in for a kubelet was answered so far."""
    path = pathlib.Path(f"/run/{name}.json")
    return json.loads(path.read_text()) if path.exists() else []


def ran(name):
    """Its attempts, once the last of them is a container that runs."""
    return boot.soon(lambda: any("label" in one for one in attempts(name)), 120) and attempts(name)


def refused(one):
    return "k8s-web" in one.get("error", "")


def errors_of_cloud_init():
    """What went wrong by cloud-init's own account of this boot, at its end; None where it does not end."""
    result = pathlib.Path("/run/cloud-init/result.json")
    return json.loads(result.read_text())["v1"]["errors"] if boot.soon(result.exists, 600) else None


def said_of_it():
    path = pathlib.Path("/var/log/cloud-init-output.log")
    return path.read_text(errors="replace").splitlines()[-25:] if path.exists() else []


def served():
    """The status of a page of the joined pod, None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
    try:
        connection.request("GET", "/index.html")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


# --- both boots ----------------------------------------------------------------------------------


def pods(t, first):
    joined, eager = ran("joined"), ran("eager")
    t.check("the kubelet's pod runs under its profile", joined and joined[-1].get("label") == LABEL, joined)
    t.check("at the first try", joined and len(joined) == 1, joined)
    t.check("the pod of somebody who waits for nothing as well", eager and eager[-1].get("label") == LABEL, eager and eager[-1])
    if first:
        t.note(f"it was refused {len(eager or []) - 1} times before")
        t.check("until then it was refused for its profile, each time", eager and all(map(refused, eager[:-1])), eager and eager[:2])
    else:
        t.check("it also at the first try", eager and len(eager) == 1, eager)
    t.check("the web server in the pod serves", boot.soon(lambda: served() == 200), served())
    container = joined[-1].get("container", "") if joined else ""
    answer = cri.Client().execute(container, ["/bin/busybox", "cat", "/etc/shadow"])
    t.check("and what the profile does not allow is refused", answer[0] != 0 and "Permission denied" in answer[2], answer)


def active():
    return node.run("systemctl", "is-enabled", boot.UNIT)[1].strip(), node.run("systemctl", "is-active", boot.UNIT)[1].strip()


# --- the first boot ------------------------------------------------------------------------------


def first_boot(t, kind):
    errors = errors_of_cloud_init()
    t.check("cloud-init has ended, without an error", errors == [], errors, said_of_it() if errors else ())
    code, out, err = node.run("cloud-init", "schema", "--system", timeout=300)
    t.check("and has nothing to say about the user data", code == 0, out, err)
    t.check("the package is installed", node.run("dpkg-query", "-W", "-f", "${db:Status-Status}", "aakit")[1] == "installed")
    t.check("its service is enabled, and runs", active() == ("enabled", "active"), active())
    text = JOINED.read_text() if JOINED.exists() else ""
    t.check("the node joined once, as the example says", text.count("arguments: ") == 1 and f"arguments: {JOINS[kind]}\n" in text, text)
    t.check("when it did, the kernel held the profile", f"{LABEL}\n" in text, text)
    pods(t, True)


def drop_in(t):
    """The kubelet of the example starts only once its profiles are there."""
    paths = boot.show("kubelet.service", "DropInPaths")
    t.check("the kubelet has the drop-in", "20-aakit.conf" in paths, paths)
    t.check("which saw the profile before the kubelet began", "status=0" in boot.show("kubelet.service", "ExecStartPre"),
            boot.show("kubelet.service", "ExecStartPre"))
    # What a site would do that wants one more, which is not there.
    more = pathlib.Path("/etc/systemd/system/kubelet.service.d/30-more.conf")
    more.write_text("[Service]\nEnvironment='AAKIT_WANTED=k8s-web k8s-missing'\nRestart=no\n")
    node.run("systemctl", "daemon-reload")
    code, _, err = node.run("systemctl", "restart", "kubelet", timeout=200)
    t.check("a kubelet whose profile is missing does not start", code != 0 and boot.show("kubelet.service", "ActiveState") == "failed", err)
    said = boot.said("kubelet.service")
    t.check("and its journal names the profile", "k8s-missing" in said, said[-1500:])


# --- after a reboot ------------------------------------------------------------------------------


def second_boot(t):
    errors = errors_of_cloud_init()
    t.check("rebooted: cloud-init has ended, without an error", errors == [], errors)
    ready, runtime = boot.moment(boot.UNIT, boot.STARTED), boot.moment("containerd.service", boot.STARTING)
    t.check("the service was ready before containerd began to start", ready is not None and runtime is not None and ready <= runtime,
            f"ready after {ready} s, containerd after {runtime} s")
    t.check("the node did not join again", JOINED.read_text().count("arguments: ") == 1)
    pods(t, False)
    code, out, err = node.run("aa-register", "doctor")
    t.check("doctor finds nothing wrong", code == 0, out, err)


# --- a node that can not install it --------------------------------------------------------------


def stranger(t):
    """The repository is signed by a key that is not the one of the user data."""
    errors = errors_of_cloud_init()
    t.check("a repository of a stranger: cloud-init ends with an error", bool(errors), errors)
    t.check("the package is not installed", not pathlib.Path("/usr/sbin/aa-register").exists())
    t.check("the node did not join", not JOINED.exists() and not attempts("joined"))
    eager = boot.soon(lambda: len(attempts("eager")) > 2, 120) and attempts("eager")
    t.check("who asks for the pod all the same is refused, for its profile", eager and all(map(refused, eager)), eager)


def asked():
    """What comes of asking for the pod once."""
    client = cri.Client()
    node.wait_for("containerd", lambda: answers(client), 120)
    try:
        return cloud_pod.start(client, "eager")
    except Exception as error:  # grpc.RpcError
        return {"error": str(error)}


def answers(client):
    try:
        return client.version()
    except Exception:  # grpc.RpcError while the socket is not there
        return None


def late_parser(t):
    """containerd looks for the compiler once: the package that brings it may come later than containerd."""
    node.run("systemctl", "stop", "eager.service")
    parser = pathlib.Path(shutil.which("apparmor_parser"))
    away = parser.rename(parser.with_name("away"))
    text = pathlib.Path("/root/k8s-web")
    text.write_text(boot_prepare.WEB)
    code, _, err = node.run(str(away), "-r", str(text))
    t.check("the profile is loaded by hand", code == 0 and node.loaded_mode("k8s-web") == "enforce", err)
    node.run("systemctl", "restart", "containerd")
    got = asked()
    t.check("a containerd that found no apparmor_parser refuses the pod", "error" in got, got)
    away.rename(parser)
    got = asked()
    t.check("also when it has come", "error" in got, got)
    node.run("systemctl", "restart", "containerd")
    got = asked()
    t.check("and not after a restart", got.get("label") == LABEL, got)


def again():
    """Boots once more; the node's next run of this program goes on."""
    REBOOTED.touch()
    subprocess.run(["systemctl", "reboot"], check=True)
    time.sleep(600)


def main():
    kind, out = sys.argv[1:]
    t = tap.Tap()
    t.note(f"a node by {kind}")
    second = REBOOTED.exists()
    checks = {
        "cloud-init": [second_boot if second else lambda tap: first_boot(tap, kind)],
        "cluster-api": [lambda tap: first_boot(tap, kind), drop_in],
        "stranger": [stranger, late_parser],
    }[kind]
    for check in checks:
        try:
            check(t)
        except Exception:  # pylint: disable=broad-except
            t.crash("the check itself")
    boot.end_containers()
    number = 2 if second else 1
    pathlib.Path(out, f"journal-{number}.log").write_text(node.run("journalctl", "--quiet", "-b", "-o", "short-monotonic")[1])
    for name in ("cloud-init.log", "cloud-init-output.log"):
        if (pathlib.Path("/var/log") / name).exists():
            node.run("cp", f"/var/log/{name}", out)
    failed = t.finish()
    if kind == "cloud-init" and not second and not failed:
        again()
    return failed


if __name__ == "__main__":
    sys.exit(main())
