# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for a kubelet: asks the runtime for one pod as soon as it answers, once, and notes what came of it.

Usage: boot_pod.py RESULT
"""

import json
import pathlib
import sys
import time

import cri
import node


def start(client):
    """Returns the label of the container's first process."""
    pod = cri.Pod(client, "static", "5f6d1c5e-8a3b-4c59-9d0e-2f1a6b7c8d90", namespace="kube-system")
    container = pod.start(cri.Container("web", "docker.io/local/web:1", apparmor="k8s-web", command=["/bin/busybox", "sleep", "3600"]))
    init = pathlib.Path(f"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{container}/init.pid").read_text()
    return pathlib.Path(f"/proc/{init.strip()}/attr/current").read_text().strip()


def main():
    client = cri.Client()

    def answers():
        try:
            return client.version()
        except Exception:  # grpc.RpcError while the socket is not there yet
            return None

    node.wait_for("containerd", answers, 240)
    asked = time.clock_gettime(time.CLOCK_MONOTONIC)
    try:
        result = {"label": start(client)}
    except Exception as error:  # whatever it is, it is the result
        result = {"error": str(error)}
    temporary = pathlib.Path(sys.argv[1] + ".new")
    temporary.write_text(json.dumps(result | {"asked": asked}))
    temporary.rename(sys.argv[1])


if __name__ == "__main__":
    main()
