# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the pod of a DaemonSet's manifest, as a kubelet does: volumes, mounts, security context, probes.

What of a manifest is not known here is an error, so that no word of it is passed over.
"""

import os
import pathlib
import shutil
import subprocess

import cri
import node
import volumes

SUFFIXES = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}
# What a scheduler, an API server or a service looks at, and no kubelet that runs one pod.
ELSEWHERE = {"nodeSelector", "tolerations", "priorityClassName", "terminationGracePeriodSeconds", "enableServiceLinks", "hostNetwork",
             "automountServiceAccountToken", "imagePullPolicy", "readinessProbe", "name"}


def quantity(text):
    return int(text[:-2]) * SUFFIXES[text[-2:]]


def take(mapping, known):
    """The values of the known keys; any other key is an error."""
    unknown = set(mapping) - set(known) - ELSEWHERE
    if unknown:
        raise ValueError(f"not known here: {', '.join(sorted(unknown))}")
    return [mapping.get(key) for key in known]


def security_of(pod_security, security):
    """The fields of cri.Container for both security contexts, of which the container's counts."""
    (pod_seccomp,) = take(pod_security, ["seccompProfile"])
    apparmor, user, group, escalation, privileged, readonly, capabilities, seccomp = take(security, [
        "appArmorProfile", "runAsUser", "runAsGroup", "allowPrivilegeEscalation", "privileged", "readOnlyRootFilesystem", "capabilities",
        "seccompProfile"])
    if (seccomp or pod_seccomp) != {"type": "RuntimeDefault"} or apparmor != {"type": "Unconfined"} or user != group:
        raise ValueError(f"not known here: {security}, {pod_security}")
    add, drop = take(capabilities, ["add", "drop"])
    return {"user": user, "no_new_privs": not escalation, "privileged": privileged, "readonly": readonly, "add": add, "drop": drop,
            "seccomp_default": True, "apparmor": None}


class Pod:
    """The pod of the DaemonSet SET (a document) with these ConfigMaps: name -> {key: bytes}."""

    def __init__(self, client, document, uid, config_maps):
        self.client, self.document, self.uid, self.attempt = client, document, uid, 0
        self.spec = document["spec"]["template"]["spec"]
        self.name = f"{document['metadata']['name']}-{uid}"
        self.base = volumes.PODS / uid
        self.base.mkdir(parents=True)
        self.base.chmod(0o750)
        self.generation = 0
        self.places = {volume["name"]: self.lay(volume, config_maps) for volume in self.spec["volumes"]}
        take(self.spec, ["volumes", "containers", "securityContext", "hostPID"])
        (self.described,) = self.spec["containers"]
        self.sandbox = cri.Pod(client, self.name, uid, namespace="aakit", host_pids=self.spec.get("hostPID", False))
        self.container = None
        self.start()

    # --- volumes

    def lay(self, volume, config_maps):
        """Where on the node a volume is."""
        _, host, empty, config_map = take(volume, ["name", "hostPath", "emptyDir", "configMap"])
        if host:
            path, kind = pathlib.Path(host["path"]), host["type"]
            if kind == "DirectoryOrCreate" and not path.exists():
                path.mkdir(parents=True, mode=0o755)
            if not path.is_dir():
                raise ValueError(f"{path} is no directory")
            return path
        kind = "configmap" if config_map else "empty-dir"
        path = self.base / "volumes" / f"kubernetes.io~{kind}" / volume["name"]
        path.mkdir(parents=True)
        path.chmod(0o777)
        if empty:
            medium, size = take(empty, ["medium", "sizeLimit"])
            if medium == "Memory":
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={quantity(size)},mode=0777", "tmpfs", str(path)], check=True)
        else:
            name, optional = take(config_map, ["name", "optional"])
            if name not in config_maps and not optional:
                raise ValueError(f"no ConfigMap {name}")
            self.publish(path, config_maps.get(name, {}))
        return path

    def publish(self, path, files):
        """A new generation of a ConfigMap, by the calls of a kubelet; names that are no more lose their link."""
        self.generation += 1
        version = path / f"..2026_11_23_{self.generation}"
        version.mkdir(mode=0o755)
        for name, content in files.items():
            (version / name).write_bytes(content)
            (version / name).chmod(0o644)
        old = os.readlink(path / "..data") if (path / "..data").is_symlink() else None
        (path / "..data_tmp").symlink_to(version.name)
        os.rename(path / "..data_tmp", path / "..data")
        for name in files:
            if not (path / name).is_symlink():
                (path / name).symlink_to(f"..data/{name}")
        for link in path.iterdir():
            if link.is_symlink() and not link.exists():
                link.unlink()
        if old:
            shutil.rmtree(path / old)

    def update(self, volume, files):
        self.publish(self.places[volume], files)

    # --- the container

    def start(self):
        """Starts the container, or once more where it has ended."""
        image, command, args, resources, security, mounts = take(self.described, [
            "image", "command", "args", "resources", "securityContext", "volumeMounts"])
        container = cri.Container(
            self.described["name"], image, command=command or [], args=args or [], memory=quantity(resources["limits"]["memory"]),
            attempt=self.attempt, node_pids=self.spec.get("hostPID", False), mounts=[self.mount(mount) for mount in mounts],
            **security_of(self.spec["securityContext"], security))
        self.container = self.sandbox.start(container)
        self.attempt += 1

    def mount(self, mount):
        name, path, readonly, _ = take(mount, ["name", "mountPath", "readOnly", "recursiveReadOnly"])
        return cri.Mount(str(self.places[name]), path, bool(readonly))

    def pid(self):
        return int(pathlib.Path(f"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{self.container}/init.pid").read_text())

    def probe(self):
        """The exit code of the readiness probe, and what it says."""
        probe = self.described["readinessProbe"]
        code, out, err = self.client.execute(self.container, probe["exec"]["command"])
        return code, out + err

    def becomes_ready(self, ready=True, seconds=90):
        try:
            node.wait_for("the probe", lambda: (self.probe()[0] == 0) == ready, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {self.probe()}\n{self.log()}") from error
        return True

    def log(self):
        """What the container wrote, each time it was started."""
        found = sorted(pathlib.Path(self.sandbox.log_dir).rglob("*.log"))
        return "".join(path.read_text(errors="replace") for path in found)

    def remove(self):
        """As a kubelet ends a pod: SIGTERM first."""
        self.client.stop(self.container, self.spec["terminationGracePeriodSeconds"])
        self.sandbox.remove()
        for path in self.places.values():
            if os.path.ismount(path) and self.base in path.parents:
                subprocess.run(["umount", str(path)], check=True)
        shutil.rmtree(self.base)
