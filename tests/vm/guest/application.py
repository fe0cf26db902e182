# SPDX-License-Identifier: GPL-2.0-or-later
"""An application of the evaluation: its pods one after the other, its volumes, what is asked of it while it is learned,
and what is asked of it later."""

import dataclasses
import os
import pathlib
import random
import time
import uuid

import cri
import node
import volumes
import workloads

BUNDLES = pathlib.Path("/run/containerd/io.containerd.runtime.v2.task/k8s.io")
OTHER = pathlib.Path("/var/lib/other-volume")
STAMPS = {"training": "2026_03_01_09_{:02}_00.{:09}", "held-out": "2026_07_19_17_{:02}_31.{:09}"}


class Application(workloads.Workload):
    """A subclass has: pod, config_dir, program, config_files, and operations."""

    user = None
    environment: dict = {}
    secret = None  # (container path, {name: text})
    empty_dirs: dict = {}
    claims: dict = {}
    command: list = []

    def __init__(self, client, seed="training"):
        super().__init__(client)
        self.seed = seed
        self.label = f"k8s-{self.pod}"
        self.random = random.Random(f"{self.pod} {seed}")
        self.generation = 0
        self.operations_done = 0
        self.decks = {}
        self.disk = None
        self.uid = None
        self.bundles = {}  # container id -> config.json, of every pod

    # --- names that differ between the training and what comes later

    @property
    def other(self):
        return self.seed != "training"

    def pick(self, training, held_out):
        """One of the names of this workload; those that are held out come with the known ones, as on another day."""
        return self.random.choice(list(training) + (list(held_out) if self.other else []))

    def draw(self, names):
        """One of the names, which is a tuple; none a second time before all others were drawn."""
        deck = self.decks.get(names) or self.random.sample(names, len(names))
        self.decks[names] = deck[1:]
        return deck[0]

    def word(self, stem):
        return f"{stem}-{self.random.randrange(10 ** 6)}{'x' if self.other else ''}"

    def stamp(self):
        self.generation += 1
        return STAMPS[self.seed].format(self.generation, self.random.randrange(10 ** 9))

    def suffix(self):
        return "".join(self.random.choices("bcdfghjklmnpqrstvwxz2456789", k=5))

    # --- the pod

    def files(self):
        """The ConfigMap's files as they are now."""
        return self.config_files

    def lay_volumes(self):
        disk = volumes.Volumes(self.uid, self.user or 0)
        disk.config_map("config", self.config_dir, self.stamp(), self.files())
        if self.secret:
            disk.secret("secret", self.secret[0], self.stamp(), self.secret[1])
        disk.token(self.suffix(), self.stamp(), self.word("token"))
        for name, path in self.empty_dirs.items():
            disk.empty(name, path)
        for name, path in self.claims.items():
            disk.claim(name, path, self.pod)
        self.disk = disk

    def mounts(self, powerful=False):
        if not powerful:
            return self.disk.mounts
        own = [dataclasses.replace(mount, readonly=False) for mount in self.disk.mounts]
        return [*own, cri.Mount("/job/attack", "/attack", True), cri.Mount(str(OTHER), "/other-volume"),
                cri.Mount("/sys/kernel/mm", "/host-sys")]

    def intruder(self, name, label):
        """A container of the same image and volumes that is allowed everything but by its profile."""
        return cri.Container(name, f"docker.io/local/app-{self.pod}:1", label, command=["/attack", "hold"],
                             mounts=self.mounts(True), powerful=True, user=0)

    def spec(self, label, **options):
        return cri.Container(self.pod, f"docker.io/local/app-{self.pod}:1", label, command=self.command,
                             mounts=self.mounts(), user=self.user, environment=self.environment, **options)

    def create(self):
        """Runs the pod and waits until the application answers."""
        name = f"{self.pod}-{self.suffix()}{self.suffix()}-{self.suffix()}"
        self.uid = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.lay_volumes()
        self.handle = cri.Pod(self.client, name, self.uid)
        self.container = self.handle.start(self.spec(self.label))
        self.bundles[self.container] = (BUNDLES / self.container / "config.json").read_bytes()
        self.wait_ready()

    def wait_ready(self):
        node.wait_for(f"{self.pod} answers", self.answers, 600, 0.5)

    def delete(self):
        self.client.stop(self.container, 30)
        self.discard()

    def discard(self):
        if self.handle:
            self.handle.remove()
        if self.disk:
            self.disk.remove()
        self.handle = self.container = self.disk = None

    def restart(self):
        """Replaces the container in its pod, on the volumes that are there, as a kubelet does after an exit."""
        self.client.stop(self.container, 30)
        self.client.remove(self.container)
        self.container = self.handle.start(self.spec(self.label))
        self.wait_ready()

    # --- what is asked of it

    def operations(self):
        """Functions, each one request or a few; some more than once, being asked more often."""
        raise NotImplementedError

    def upkeep(self):
        """What its operators do now and then: a reload, a log rotation."""

    def load(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.random.choice(self.operations())()
            self.operations_done += 1
            time.sleep(self.random.uniform(0.02, 0.2))

    def update(self):
        """The ConfigMap, the Secret and the token change under the application."""
        volumes.publish(self.disk.at(self.config_dir), self.stamp(), self.files())
        if self.secret:
            volumes.publish(self.disk.at(self.secret[0]), self.stamp(), self.secret[1])
        self.rotate_token()

    def rotate_token(self):
        volumes.publish(self.disk.at(volumes.TOKEN_DIR), self.stamp(),
                        {"token": self.word("token"), "ca.crt": "a certificate\n", "namespace": "default"})

    def rotate_log(self, container_dir, name):
        path = self.disk.at(container_dir) / name
        os.rename(path, path.with_name(f"{name}.{self.generation}"))

    def train(self, seconds):
        """One pod from its start to its end."""
        self.create()
        self.load(seconds / 2)
        self.upkeep()
        self.shell()
        self.load(seconds / 2)
        self.delete()

    def held_out(self, seconds):
        """Another pod, other names, and all that may happen to it."""
        self.create()
        self.load(seconds / 3)
        self.shell()
        self.update()
        self.upkeep()
        self.load(seconds / 3)
        self.restart()
        self.rotate_token()
        self.load(seconds / 3)
        self.upkeep()
        self.shell()
        self.delete()
