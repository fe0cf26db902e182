# SPDX-License-Identifier: GPL-2.0-or-later
"""What a node has on its disk when it is switched on, as an installer leaves it. Runs in the initramfs, before systemd.

Usage: boot_prepare.py good|bad FEATURES...
"""

import pathlib
import re
import subprocess
import sys

PROFILES = pathlib.Path("/etc/aakit/profiles")
UNITS = pathlib.Path("/etc/systemd/system")
# What a container needs to start and to be stopped.
WEB = """abi <abi/3.0>,
profile k8s-web flags=(attach_disconnected,mediate_deleted) {
  file,
  network,
  signal,
  deny /etc/shadow r,
}
"""
KUBELET = """[Unit]
Description=What a kubelet does with a static pod
After=containerd.service

[Service]
Type=exec
RemainAfterExit=yes
ExecStart=/usr/bin/python3 -B /job/boot_pod.py /run/static-pod.json

[Install]
WantedBy=multi-user.target
"""


def run(*command):
    subprocess.run(list(map(str, command)), check=True)


def text(name, path):
    return f"abi <abi/3.0>,\nprofile {name} {{\n  {path} r,\n}}\n"


def build(output, features):
    """A bundle of two profiles, made as on another machine: nothing here has AppArmor."""
    texts = pathlib.Path("/root/texts")
    texts.mkdir(exist_ok=True)
    (texts / "k8s-web").write_text(WEB)
    (texts / "k8s-db").write_text(text("k8s-db", "/db"))
    run("aa-compile", "-q", texts, "-o", output, *(f"--features={name}" for name in features))


def own_unit():
    return next(path for path in (pathlib.Path("/usr/local/lib/systemd/system"), pathlib.Path("/usr/lib/systemd/system"))
                if (path / "aa-register.service").exists()) / "aa-register.service"


def another_instance(name, paths, *settings):
    """A copy of the unit under another name, which watches other paths."""
    unit = own_unit().read_text()
    unit = re.sub(r"^Environment=.*", f'Environment="AAKIT_PATHS={paths}"', unit, flags=re.M)
    unit = re.sub(r"^EnvironmentFile=.*\n", "", unit, flags=re.M)
    for setting in settings:
        key = setting.partition("=")[0]
        unit = re.sub(rf"^{key}=.*", setting, unit, flags=re.M)
    (UNITS / name).write_text(unit)
    run("systemctl", "enable", "-q", name)


def good(features):
    build(PROFILES, features)
    more = pathlib.Path("/etc/aakit/more")
    more.mkdir()
    (more / "k8s-cache").write_text(text("k8s-cache", "/cache"))
    pathlib.Path("/etc/default/aa-register").write_text(f"AAKIT_PATHS={PROFILES} {more}\n")


def bad(features):
    """One bundle is damaged, one is not there; and one service lacks the capability."""
    build("/root/good", features)
    build(PROFILES, features)
    for blob in PROFILES.glob("*/k8s-web"):
        data = bytearray(blob.read_bytes())
        data[len(data) // 2] ^= 1
        blob.write_bytes(data)
    another_instance("aa-register-missing.service", "/etc/aakit/nothing")
    another_instance("aa-register-weak.service", PROFILES, "CapabilityBoundingSet=")


def main():
    kind, *features = sys.argv[1:]
    (UNITS / "kubelet.service").write_text(KUBELET)
    run("systemctl", "enable", "-q", "aa-register.service", "kubelet.service")
    (good if kind == "good" else bad)(features)


if __name__ == "__main__":
    main()
