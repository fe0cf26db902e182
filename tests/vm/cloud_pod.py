# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for a kubelet with one pod: asks the runtime for it again and again until it runs, and notes every answer.

Usage: cloud_pod.py eager|joined. Writes /run/NAME.json after each attempt: a list of {"error": ...} or {"label": ...}.
"""

import json
import pathlib
import sys
import time

import cri
import node

LIMIT = 500
# The second is the web server itself, with its own command.
COMMANDS = {"eager": ["/bin/busybox", "sleep", "3600"], "joined": []}


def start(client, name):
    """Returns the label of the container's first process, and the container's id."""
    pod = cri.Pod(client, name, f"uid-{name}-{time.monotonic_ns()}", namespace="kube-system")
    try:
        container = pod.start(cri.Container(name, "docker.io/local/web:1", apparmor="k8s-web", command=COMMANDS[name]))
    except Exception:
        pod.remove()
        raise
    init = pathlib.Path(f"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{container}/init.pid").read_text()
    return {"label": node.label_of(init.strip()), "container": container}


def main():
    name = sys.argv[1]
    result = pathlib.Path(f"/run/{name}.json")
    client = cri.Client()

    def answers():
        try:
            return client.version()
        except Exception:  # grpc.RpcError while the socket is not there yet
            return None

    node.wait_for("containerd", answers, 240)
    attempts = []
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            attempts.append(start(client, name))
        except Exception as error:  # whatever it is, it is the result
            attempts.append({"error": str(error)})
        temporary = result.with_suffix(".new")
        temporary.write_text(json.dumps(attempts))
        temporary.rename(result)
        if "label" in attempts[-1]:
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
