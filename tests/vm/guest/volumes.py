# SPDX-License-Identifier: GPL-2.0-or-later
"""The volumes of a pod, where and how a kubelet lays them: ConfigMaps, Secrets, tokens, empty directories, claims."""

import os
import pathlib
import shutil
import subprocess

import cri

PODS = pathlib.Path("/var/lib/kubelet/pods")
CLAIMS = pathlib.Path("/var/lib/claims")
TOKEN_DIR = "/var/run/secrets/kubernetes.io/serviceaccount"


def publish(directory, stamp, files):
    """Files of one generation: FILE -> ..data/FILE, ..data -> ..STAMP; what was there is replaced as a kubelet does it."""
    version = directory / f"..{stamp}"
    version.mkdir(parents=True)
    for name, text in files.items():
        (version / name).write_text(text)
        (version / name).chmod(0o644)
        if not (directory / name).is_symlink():
            (directory / name).symlink_to(f"..data/{name}")
    old = (directory / "..data").resolve() if (directory / "..data").exists() else None
    (directory / "..data_tmp").symlink_to(version.name)
    os.rename(directory / "..data_tmp", directory / "..data")
    if old:
        shutil.rmtree(old)


class Volumes:
    """What one pod has mounted. USER owns what the application may write to."""

    def __init__(self, uid, user):
        self.base = PODS / uid / "volumes"
        self.user = user
        self.mounts = []
        self.bound = []

    def add(self, kind, name, container, readonly=False):
        path = self.base / f"kubernetes.io~{kind}" / name
        path.mkdir(parents=True, exist_ok=True)
        self.mounts.append(cri.Mount(str(path), container, readonly))
        return path

    def config_map(self, name, container, stamp, files):
        publish(self.add("configmap", name, container, True), stamp, files)

    def secret(self, name, container, stamp, files):
        publish(self.add("secret", name, container, True), stamp, files)

    def token(self, suffix, stamp, text):
        files = {"token": text, "ca.crt": "a certificate\n", "namespace": "default"}
        publish(self.add("projected", f"kube-api-access-{suffix}", TOKEN_DIR, True), stamp, files)

    def empty(self, name, container):
        os.chown(self.add("empty-dir", name, container), self.user, self.user)

    def claim(self, name, container, key):
        """A persistent volume: the same bytes in whatever pod."""
        store = CLAIMS / key / name
        if not store.exists():
            store.mkdir(parents=True)
            os.chown(store, self.user, self.user)
        path = self.add("csi", f"pvc-{name}/mount", container)
        subprocess.run(["mount", "--bind", str(store), str(path)], check=True)
        self.bound.append(path)

    def at(self, container):
        """Where on the node a mounted directory is."""
        return next(pathlib.Path(mount.host) for mount in self.mounts if mount.container == container)

    def remove(self):
        for path in self.bound:
            subprocess.run(["umount", str(path)], check=True)
        self.bound.clear()
        shutil.rmtree(self.base.parent, ignore_errors=True)
