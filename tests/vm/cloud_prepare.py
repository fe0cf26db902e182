# SPDX-License-Identifier: GPL-2.0-or-later
"""What the image of a node has on its disk before its first boot: a kubelet and a kubeadm, or what stands in for them. Runs in the
initramfs, before systemd, at every boot.
"""

import pathlib
import subprocess

UNITS = pathlib.Path("/etc/systemd/system")
# As the packages of Kubernetes have it: its package enables it, and it has nothing to do before the node has joined.
KUBELET = """[Unit]
Description=Stands in for a kubelet
ConditionPathExists=/etc/joined

[Service]
ExecStart=/usr/bin/python3 -B /job/cloud_pod.py joined
RemainAfterExit=yes
Restart=on-failure
RestartSec=1

[Install]
WantedBy=multi-user.target
"""
# Nothing tells this one to wait for anything.
EAGER = """[Unit]
Description=Asks for a pod from the moment that the runtime answers

[Service]
ExecStart=/usr/bin/python3 -B /job/cloud_pod.py eager

[Install]
WantedBy=multi-user.target
"""
KUBEADM = """#!/bin/sh
# Stands in for kubeadm: notes with what it was called and what the kernel held, and starts the kubelet.
{ echo "arguments: $*"; cat /sys/kernel/security/apparmor/profiles; } >> /etc/joined
systemctl daemon-reload
systemctl start kubelet
"""
# The image has no locales; of the keys of a node one will do.
CLOUD = "locale: C.UTF-8\nssh_genkeytypes: [ed25519]\n"


def main():
    if (UNITS / "kubelet.service").exists():
        return
    (UNITS / "kubelet.service").write_text(KUBELET)
    (UNITS / "eager.service").write_text(EAGER)
    subprocess.run(["systemctl", "enable", "-q", "kubelet.service", "eager.service"], check=True)
    kubeadm = pathlib.Path("/usr/bin/kubeadm")
    kubeadm.write_text(KUBEADM)
    kubeadm.chmod(0o755)
    pathlib.Path("/etc/cloud/cloud.cfg.d/96-node.cfg").write_text(CLOUD)
    # The repository lies on the disk that cloud-init's seed is on. A busy machine may be long about finding its label; without it
    # a node waits for somebody at its console.
    pathlib.Path("/srv/seed").mkdir()
    with open("/etc/fstab", "a", encoding="ascii") as fstab:
        fstab.write("LABEL=cidata /srv/seed iso9660 ro,x-systemd.device-timeout=10min 0 0\n")


if __name__ == "__main__":
    main()
