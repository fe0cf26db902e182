# SPDX-License-Identifier: GPL-2.0-or-later
"""Host side of cloud-init: an example of deploy/ as user data of a node, with another repository and its key, and nothing else changed.

Usage: cloud_seed.py cloud-init|cluster-api|stranger DEPLOY URI KEYFILE. Writes to stdout.
"""

import json
import pathlib
import sys

import yaml

URI = "https://packages.example.org/aakit"
KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
JOIN_FILE = "/run/kubeadm/kubeadm-join-config.yaml"


def replace_once(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"{old!r} is there {text.count(old)} times")
    return text.replace(old, new)


def owned(text, uri, key):
    """The example as its user would change it: the marked lines of the repository."""
    text = replace_once(text, URI, uri)
    indent = next(line for line in text.splitlines() if KEY in line).partition(KEY)[0]
    return replace_once(text, f"{indent}{KEY}\n", "".join(f"{indent}{line}\n" if line else "\n" for line in key.splitlines()))


def by_cluster_api(template):
    """What the kubeadm bootstrap provider makes of it: a jinja template of user data, whose commands are one script with the join."""
    spec = template["spec"]["template"]["spec"]
    join = yaml.safe_dump({"apiVersion": "kubeadm.k8s.io/v1beta3", "kind": "JoinConfiguration"} | spec["joinConfiguration"])
    files = [*spec["files"], {"path": JOIN_FILE, "owner": "root:root", "permissions": "0640", "content": join}]
    commands = [*spec["preKubeadmCommands"], f"kubeadm join --config {JOIN_FILE}", *spec.get("postKubeadmCommands", [])]
    return "## template: jinja\n#cloud-config\n" + json.dumps({"write_files": files, "runcmd": commands}, indent=1) + "\n"


def main():
    kind, deploy, uri, keyfile = sys.argv[1:]
    key = pathlib.Path(keyfile).read_text(encoding="ascii")
    name = "cluster-api/worker.yaml" if kind == "cluster-api" else "cloud-init/user-data.yaml"
    text = owned(pathlib.Path(deploy, name).read_text(encoding="ascii"), uri, key)
    sys.stdout.write(by_cluster_api(yaml.safe_load(text)) if kind == "cluster-api" else text)


if __name__ == "__main__":
    main()
