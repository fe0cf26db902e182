# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the container runtime (CRI v1) that sends what a kubelet sends.

The messages are encoded by hand: Debian has python3-grpcio, but no stubs of the CRI. Field numbers are those of
k8s.io/cri-api/pkg/apis/runtime/v1/api.proto.
"""

import dataclasses

import grpc

SOCKET = "/run/containerd/containerd.sock"
NODE, CONTAINER = 2, 1
RUNTIME_DEFAULT, UNCONFINED, LOCALHOST = 0, 1, 2
DEFAULT_LABEL = "cri-containerd.apparmor.d"  # what containerd confines a pod with that asks for nothing
# What a kubelet hides and protects in a container that is not privileged.
MASKED = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
          "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """One field: integers as varints, text and messages with their length, lists repeated, dicts as maps."""
    if value is None:
        return b""
    if isinstance(value, int):
        return varint(number << 3) + varint(int(value))
    if isinstance(value, dict):
        return b"".join(field(number, field(1, k) + field(2, v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return b"".join(field(number, item) for item in value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def read_varint(data, at):
    shift = number = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def decode(data):
    """The fields of one message as (number, integer or bytes); the last of a repeated field wins in dict()."""
    at, out = 0, []
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            size, at = read_varint(data, at)
            value = data[at:at + size]
            at += size
        else:
            raise ValueError(f"wire type {key & 7} at byte {at}")
        out.append((key >> 3, value))
    return out


@dataclasses.dataclass
class Mount:
    host: str
    container: str
    readonly: bool = False

    def encode(self):
        return field(1, self.container) + field(2, self.host) + field(3, self.readonly)


@dataclasses.dataclass
class Container:
    name: str
    image: str
    apparmor: str | None = None  # a label; None leaves the container unconfined
    old_form: bool = False  # the string of kubelets up to 1.29 only, without the message
    command: list = dataclasses.field(default_factory=list)
    mounts: list = dataclasses.field(default_factory=list)
    user: int | None = None
    powerful: bool = False  # all capabilities, nothing masked, the node's pids, new privileges allowed
    no_new_privs: bool = False
    environment: dict = dataclasses.field(default_factory=dict)
    privileged: bool = False  # in a sandbox that is, with the node's pids and ipc
    seccomp_default: bool = False  # the runtime's profile
    add: list = dataclasses.field(default_factory=list)  # capabilities
    drop: list = dataclasses.field(default_factory=list)
    readonly: bool = False  # the root filesystem
    seccomp: str | None = None  # the path of a profile on the node; None leaves the container unfiltered
    args: list = dataclasses.field(default_factory=list)  # of the command, or else of the image's entry point
    node_pids: bool = False  # in a sandbox that has them
    attempt: int = 0  # how often it was started before in its pod
    memory: int | None = None  # its limit, in bytes

    def security(self):
        node = NODE if self.powerful or self.privileged or self.node_pids else CONTAINER
        namespaces = field(1, NODE) + field(2, node) + (field(3, NODE) if self.privileged else b"")
        out = field(3, namespaces) + field(11, self.no_new_privs)
        if self.user is not None:
            out += field(5, field(1, self.user)) + field(12, field(1, self.user))
        if self.powerful:
            out += field(1, field(1, ["ALL"]))
        elif self.add or self.drop:
            out += field(1, field(1, self.add) + field(2, self.drop))
        if self.privileged:
            out += field(2, True)
        elif not self.powerful:
            out += field(13, MASKED) + field(14, READONLY)
        if self.readonly:
            out += field(7, True)
        # Seccomp: none, as kubelets send it unless told otherwise; of a profile the whole path.
        seccomp = field(1, RUNTIME_DEFAULT if self.seccomp_default else UNCONFINED)
        out += field(15, field(1, LOCALHOST) + field(2, self.seccomp) if self.seccomp else seccomp)
        if self.apparmor is None:
            return out + field(9, "unconfined") + field(16, field(1, UNCONFINED))
        if self.apparmor == DEFAULT_LABEL:
            return out + field(9, "runtime/default") + field(16, field(1, RUNTIME_DEFAULT))
        out += field(9, "localhost/" + self.apparmor)
        if not self.old_form:
            out += field(16, field(1, LOCALHOST) + field(2, self.apparmor))
        return out

    def encode(self):
        resources = b"" if self.memory is None else field(1, field(4, self.memory))
        metadata = field(1, self.name) + (field(2, self.attempt) if self.attempt else b"")
        return (field(1, metadata) + field(2, field(1, self.image)) + field(3, self.command) + field(4, self.args)
                + field(6, [field(1, key) + field(2, value) for key, value in self.environment.items()])
                + field(7, [mount.encode() for mount in self.mounts])
                + field(9, {"io.kubernetes.container.name": self.name})
                + field(10, {"io.kubernetes.container.restartCount": str(self.attempt)})
                + field(11, f"{self.name}/{self.attempt}.log") + field(15, resources + field(2, self.security())))


class Pod:
    """A sandbox in the node's network, as hostNetwork pods have it: no CNI plugin is needed."""

    def __init__(self, client, name, uid, namespace="default", host_pids=False, privileged=False):
        self.client = client
        self.name = name
        self.log_dir = f"/var/log/pods/{namespace}_{name}_{uid}"
        labels = {"io.kubernetes.pod.name": name, "io.kubernetes.pod.namespace": namespace,
                  "io.kubernetes.pod.uid": uid}
        # A container gets the node's pids only if its sandbox has them.
        namespaces = field(1, NODE) + field(2, NODE if host_pids or privileged else CONTAINER)
        if privileged:
            namespaces += field(3, NODE)
        security = field(1, namespaces) + (field(6, True) if privileged else b"")
        self.config = (field(1, field(1, name) + field(2, uid) + field(3, namespace)) + field(3, self.log_dir)
                       + field(6, labels) + field(7, {"kubernetes.io/config.seen": "2026-11-21T10:00:00Z"})
                       + field(8, field(1, "/kubepods/besteffort/pod" + uid) + field(2, security)))
        self.id = client.text("RunPodSandbox", field(1, self.config))

    def start(self, container):
        """Creates and starts a container; returns its id."""
        body = field(1, self.id) + field(2, container.encode()) + field(3, self.config)
        container_id = self.client.text("CreateContainer", body)
        self.client.call("StartContainer", field(1, container_id))
        return container_id

    def remove(self):
        self.client.call("StopPodSandbox", field(1, self.id))
        self.client.call("RemovePodSandbox", field(1, self.id))


class Client:
    def __init__(self, socket=SOCKET):
        # Without an authority gRPC sends the socket's path as host, which containerd refuses.
        options = [("grpc.default_authority", "localhost")]
        self.channel = grpc.insecure_channel("unix://" + socket, options=options)

    def call(self, method, body=b"", timeout=120):
        rpc = self.channel.unary_unary("/runtime.v1.RuntimeService/" + method)
        return decode(rpc(body, timeout=timeout))

    def text(self, method, body):
        return dict(self.call(method, body))[1].decode()

    def version(self):
        return dict(self.call("Version", timeout=5))

    def execute(self, container_id, command, timeout=60):
        """Runs a command in a container; returns its exit code, stdout and stderr."""
        body = field(1, container_id) + field(2, command) + field(3, timeout)
        answer = dict(self.call("ExecSync", body, timeout + 30))
        return answer.get(3, 0), answer.get(1, b"").decode(), answer.get(2, b"").decode()

    def stop(self, container_id, grace=10):
        """Where the shim went while containerd was asking it, the container is stopped, and asked again as the kubelet does."""
        body = field(1, container_id) + field(2, grace)
        try:
            self.call("StopContainer", body, grace + 90)
        except grpc.RpcError as error:
            if "ttrpc: closed" not in (error.details() or ""):
                raise
            self.call("StopContainer", body, grace + 90)

    def remove(self, container_id):
        self.call("RemoveContainer", field(1, container_id))

    def state(self, container_id):
        """The state of a container: 0 created, 1 running, 2 exited."""
        status = decode(dict(self.call("ContainerStatus", field(1, container_id)))[1])
        return dict(status).get(3, 0)
