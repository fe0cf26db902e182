# SPDX-License-Identifier: GPL-2.0-or-later
"""What guards pods of three kinds, as aa-learn inspect tells it and as /proc does; guest side.

Usage: inspect_pods.py OUT. Writes TAP to stdout, and the node as files to OUT/node.
"""

import os
import pathlib
import subprocess
import sys

import cri
import node
import tap as tap_module

IMAGE = "docker.io/local/web:1"
BUNDLES = pathlib.Path("/run/containerd/io.containerd.runtime.v2.task/k8s.io")
SLEEP = ["/bin/sleep", "3600"]
DEFAULT_SET = "00000000a80425fb"
DEFAULT_NAMES = ("chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod audit_write"
                 " setfcap").split()
SETS = {"effective": "CapEff", "permitted": "CapPrm", "inheritable": "CapInh", "bounding": "CapBnd", "ambient": "CapAmb"}
# The nodes' pods have its network: there is no CNI plugin.
OF_THIS_NODE = "host-namespaces"
RECORDED = ("status", "comm", "cgroup", "uid_map", "mountinfo", "attr/apparmor/current")


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def start_pods(client):
    """The three pods; their containers' ids by name."""
    default = cri.Pod(client, "default-0", "uid-default", namespace="shop")
    hardened = cri.Pod(client, "hardened-0", "uid-hardened", namespace="shop")
    privileged = cri.Pod(client, "privileged-0", "uid-privileged", namespace="kube-system", privileged=True)
    return {
        "default": default.start(cri.Container("default", IMAGE, cri.DEFAULT_LABEL, command=SLEEP)),
        "hardened": hardened.start(cri.Container("hardened", IMAGE, cri.DEFAULT_LABEL, command=SLEEP, user=65534, drop=["ALL"],
                                                 no_new_privs=True, seccomp_default=True, readonly=True)),
        "privileged": privileged.start(cri.Container(
            "privileged", IMAGE, None, command=SLEEP, privileged=True,
            mounts=[cri.Mount("/etc", "/host-etc"), cri.Mount("/var/log", "/host-log", readonly=True)])),
    }


def inspect(*arguments):
    """Exit code, the document, and its containers by name."""
    code, document, errors = node.run_json("aa-learn", "inspect", "--json", *arguments)
    if document is None:
        raise RuntimeError(f"inspect {arguments}: {code} {errors}")
    return code, document, {item.get("container"): item for item in document["containers"]}


def check_against_proc(tap, name, item):
    """Every task, field by field, as the kernel's own files have it."""
    wrong = []
    for group in item["tasks"]:
        for pid in group["pids"]:
            status = status_of(pid)
            label = pathlib.Path(f"/proc/{pid}/attr/apparmor/current").read_text().strip()
            told = f"{group['label']} ({group['mode']})" if group["mode"] else group["label"]
            wanted = {**{key: status[line] for key, line in SETS.items()}, "no_new_privs": status["NoNewPrivs"] == "1",
                      "seccomp": ("off", "strict", "filter")[int(status["Seccomp"])],
                      "seccomp_filters": int(status["Seccomp_filters"]), "uid": int(status["Uid"].split()[1]),
                      "gid": int(status["Gid"].split()[1])}
            got = {key: group[key]["hex"] if key in SETS else group[key] for key in wanted}
            if got != wanted or told != label:
                wrong.append(f"{pid}: {got} {told!r}, /proc: {wanted} {label!r}")
    tap.check(f"{name}: what /proc says of each task", not wrong and item["tasks"], wrong, [str(g["pids"]) for g in item["tasks"]])


def failing(item, level):
    return sorted(f["control"] for f in item["findings"] if f["verdict"] == "fails" and f["level"] == level)


def check_default(tap, item):
    task = item["tasks"][0]
    tap.check("default: containerd's 14 capabilities, by name", task["effective"] == {"hex": DEFAULT_SET, "names": DEFAULT_NAMES}
              and item["beyond_default"]["names"] == [] and item["without_default"]["names"] == [], task["effective"])
    tap.check("default: no_new_privs 0, seccomp off, the runtime's default profile, which nobody need have stated",
              not task["no_new_privs"] and task["seccomp"] == "off" and task["label"] == cri.DEFAULT_LABEL
              and task["mode"] == "enforce" and item["apparmor_origin"] == "default", task)
    tap.check("default: baseline but for this node's network, not restricted",
              failing(item, "baseline") == [OF_THIS_NODE]
              and failing(item, "restricted") == ["capabilities", "privilege-escalation", "run-as-non-root", "seccomp"],
              item["findings"])


def check_hardened(tap, item):
    task = item["tasks"][0]
    tap.check("hardened: no capability in any set", all(task[key]["names"] == [] for key in SETS)
              and item["without_default"]["names"] == DEFAULT_NAMES, task)
    tap.check("hardened: no_new_privs 1, seccomp by a filter, the same label", task["no_new_privs"] and task["seccomp"] == "filter"
              and task["seccomp_filters"] >= 1 and task["label"] == cri.DEFAULT_LABEL and task["uid"] == 65534
              and item["bundle"]["seccomp_default_action"] == "SCMP_ACT_ERRNO" and item["bundle"]["readonly_rootfs"], task,
              item["bundle"])
    tap.check("hardened: restricted but for this node's network",
              failing(item, "baseline") == [OF_THIS_NODE] and failing(item, "restricted") == [], item["findings"])


def check_privileged(tap, item):
    task = item["tasks"][0]
    tap.check("privileged: all capabilities of process 1, unconfined, seccomp off",
              task["effective"]["hex"] == status_of(1)["CapBnd"] and task["label"] == "unconfined" and task["seccomp"] == "off"
              and item["privileged"] == "yes" and item["apparmor_origin"] == "none", task)
    tap.check("privileged: the node's namespaces", {"network", "pid", "ipc"} <= set(item["host_namespaces"])
              and "mount" not in item["host_namespaces"], item["host_namespaces"])
    tap.check("privileged: what is the node's, and what of that can be written to",
              item["host_paths"] == [{"source": "/etc", "path": "/host-etc", "writable": True},
                                     {"source": "/var/log", "path": "/host-log", "writable": False}], item["host_paths"])
    tap.check("privileged: fails baseline by each of that",
              failing(item, "baseline") == ["apparmor", "capabilities", "host-namespaces", "host-path", "privileged", "proc-mount"],
              item["findings"])


def check_deeds(tap, client, ids):
    """The same deed in two of them."""
    deed = ["/bin/busybox", "chown", "1:1", "/tmp/owned"]
    client.execute(ids["default"], ["/bin/busybox", "touch", "/tmp/owned"])
    allowed = client.execute(ids["default"], deed)
    refused = client.execute(ids["hardened"], ["/bin/busybox", "chown", "1:1", "/dev/shm"])
    tap.check("chown works in the default pod", allowed[0] == 0, str(allowed))
    tap.check("and is refused in the hardened one", refused[0] != 0 and "not permitted" in refused[2], str(refused))


def check_others(tap, client, ids):
    """A task that is not as its container's first; exit codes; the table; one process."""
    client.execute(ids["default"], ["/bin/sh", "-c", "busybox setpriv --nnp sleep 3600 > /dev/null 2>&1 &"])
    node.wait_for("another task", lambda: len(inspect("--pod", "default")[2]["default"]["tasks"]) == 2, 30)
    code, document, items = inspect("--pod", "default")
    tap.check("a task that set no_new_privs for itself is told apart, and mends nothing",
              [group["no_new_privs"] for group in items["default"]["tasks"]] == [False, True]
              and "privilege-escalation" in failing(items["default"], "restricted") and code == 0, items["default"]["tasks"])
    check_against_proc(tap, "both tasks", items["default"])
    code, out, err = node.run("aa-learn", "inspect", "--all")
    tap.check("the table", code == 0 and "default-0" in out and DEFAULT_SET in out and "what differs from task" in out, out, err)
    codes = [node.run("aa-learn", "inspect", *words)[0] for words in
             (("--pod", "hardened", "--level", "baseline"), ("--pod", "nobody"), ("--pid", "1"), ("--pid", "4194304"))]
    tap.check("exit codes: a level that is not kept, no such pod, a process of no pod, none at all", codes == [3, 1, 0, 1], codes)
    pid = document["containers"][0]["tasks"][1]["pids"][0]
    _, _, one = inspect("--pid", str(pid))
    tap.check("one process, with its container", [g["pids"] for g in one["default"]["tasks"]] == [[pid]], one)


def check_lost(tap):
    """The profile is unloaded under the pods."""
    subprocess.run(["sh", "-c", f"echo -n {cri.DEFAULT_LABEL} > /sys/kernel/security/apparmor/.remove"], check=True)
    code, _, items = inspect("--all")
    tap.check("a profile that was unloaded is a finding", code == 3 and items["default"]["apparmor_lost"]
              and items["default"]["tasks"][0]["label"] == "unconfined" and "apparmor" in failing(items["default"], "baseline"),
              items["default"]["tasks"])


def record(out, items):
    """The files that inspect reads, as they are."""
    root = out / "node"
    for pid in [1] + [pid for item in items.values() for group in item["tasks"] for pid in group["pids"]]:
        target = root / f"proc/{pid}"
        for name in RECORDED:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(pathlib.Path(f"/proc/{pid}/{name}").read_bytes())
        (target / "ns").mkdir()
        for kind in ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"):
            (target / "ns" / kind).symlink_to(os.readlink(f"/proc/{pid}/ns/{kind}"))
    for bundle in BUNDLES.iterdir():
        target = root / str(bundle)[1:]
        target.mkdir(parents=True)
        for name in ("config.json", "init.pid"):
            (target / name).write_bytes((bundle / name).read_bytes())


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    containerd, client = node.start_containerd(out / "containerd.log")
    try:
        ids = start_pods(client)
        code, document, items = inspect("--all")
        tap.check("three pods, and nothing that could not be seen", code == 0 and set(items) == set(ids)
                  and document["problems"] == [] and all(item["unknown_namespaces"] == [] for item in items.values()), document["problems"])
        for name, item in items.items():
            check_against_proc(tap, name, item)
        check_default(tap, items["default"])
        check_hardened(tap, items["hardened"])
        check_privileged(tap, items["privileged"])
        record(out, items)
        check_deeds(tap, client, ids)
        check_others(tap, client, ids)
        check_lost(tap)
    except Exception:
        tap.crash("the test itself")
    containerd.terminate()
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
