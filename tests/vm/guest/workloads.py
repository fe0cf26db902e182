# SPDX-License-Identifier: GPL-2.0-or-later
"""The two applications of the journey: how their pods look, their training load and their held-out load."""

import http.client
import os
import pathlib
import shutil
import socket
import subprocess

import cri
import node

SHELL = ["sh", "-c", "ls / >/dev/null; id; cat /proc/self/status >/dev/null; echo done"]
VOLUMES = pathlib.Path("/var/lib/volumes")


def config_map(directory, stamp, files):
    """Lays a volume out as a kubelet does: FILE -> ..data/FILE, ..data -> ..STAMP."""
    shutil.rmtree(directory, ignore_errors=True)
    version = directory / f"..{stamp}"
    version.mkdir(parents=True)
    (directory / "..data").symlink_to(version.name)
    for name, text in files.items():
        (version / name).write_text(text)
        (directory / name).symlink_to(f"..data/{name}")


class Workload:
    """What both applications share. A subclass has: pod, image, label, config_dir, program, port."""

    command: list = []
    user = None

    def __init__(self, client):
        self.client = client
        self.volumes = VOLUMES / self.pod
        self.handle = None
        self.container = None

    def prepare(self, stamp):
        config_map(self.volumes / "config", stamp, self.config_files)
        other = self.volumes / "other"
        other.mkdir(parents=True, exist_ok=True)
        (other / "secret").write_text("of another service\n")

    def mounts(self, powerful=False):
        mounts = [cri.Mount(str(self.volumes / "config"), self.config_dir, not powerful),
                  cri.Mount(str(self.volumes / "other"), "/other-volume"),
                  cri.Mount("/job/attack", "/attack", True)]
        if powerful:
            mounts.append(cri.Mount("/sys/kernel/mm", "/host-sys"))
        return mounts

    def spec(self, label, **options):
        return cri.Container(self.pod, f"docker.io/local/{self.image}:1", label, command=self.command,
                             mounts=self.mounts(), **options)

    def helper(self, name, mode, label, powerful=False):
        """A container of the same image that runs /attack as its first program, which needs no rule."""
        return cri.Container(name, f"docker.io/local/{self.image}:1", label, command=["/attack", mode],
                             mounts=self.mounts(powerful), powerful=powerful, user=0 if powerful else None)

    def create(self, suffix, label, **options):
        """Runs the pod as a kubelet would and waits until the application answers."""
        name = f"{self.pod}-7d4b9c5f6-{suffix}"
        self.handle = cri.Pod(self.client, name, f"uid-{name}")
        self.container = self.handle.start(self.spec(label, **options))
        self.wait_ready()
        return name

    def delete(self):
        self.client.stop(self.container)
        self.handle.remove()
        self.handle = self.container = None

    def wait_ready(self):
        node.wait_for(f"{self.pod} answers", self.answers, 90)

    def shell(self):
        code, out, err = self.client.execute(self.container, SHELL)
        if code or not out.rstrip().endswith("done"):
            raise RuntimeError(f"the exec'd shell ended with {code}: {out}{err}")

    def signal(self, name):
        code, _, err = node.run("ctr", "-n", "k8s.io", "task", "kill", "-s", name, self.container)
        if code:
            raise RuntimeError(f"ctr task kill -s {name}: {err}")

    def container_log(self):
        return pathlib.Path(self.handle.log_dir, self.pod, "0.log").read_text()


class Web(Workload):
    pod = "web"
    image = "web"
    label = "k8s-web"
    port = 8080
    config_dir = "/etc/nginx/conf.d"
    program = "/usr/sbin/nginx"
    log_word = "start worker process"
    config_files = {"tokens.conf": "server_tokens off;\n", "timeouts.conf": "keepalive_timeout 5;\n"}

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def answers(self):
        try:
            return self.request("GET", "/index.html") == 200
        except OSError:
            return False

    def expect(self, status, method, path, body=None):
        got = self.request(method, path, body)
        if got != status:
            raise RuntimeError(f"{method} {path}: {got} instead of {status}")

    def pages(self, directory, names):
        for name in names.split():
            self.expect(200, "GET", f"{directory}/{name}")

    def reload(self):
        self.signal("SIGHUP")
        node.wait_for("new workers", lambda: "reconfiguring" in self.container_log(), 30)
        self.wait_ready()

    def train(self):
        self.pages("", "index.html about.html contact.html faq.html news.html style.css main.css logo.png icon.png")
        self.pages("/docs", "index.html install.html usage.html api.html")
        self.pages("/css", "style.css print.css wide.css")
        self.pages("/img", "logo.png icon.png photo.png")
        self.expect(200, "GET", "/large.bin")
        self.expect(200, "GET", "/docs/")
        for size in (20_000, 150_000, 600_000):
            self.expect(200, "POST", "/upload", b"x" * size)
        self.expect(404, "GET", "/missing.html")
        self.expect(404, "GET", "/docs/missing")
        self.reload()
        self.pages("", "index.html about.html")
        self.expect(200, "POST", "/upload", b"x" * 50_000)
        self.shell()

    def held_out(self):
        self.pages("", "team.html terms.html privacy.html press.html careers.html")
        self.pages("/docs", "upgrade.html glossary.html limits.html support.html")
        self.pages("/css", "dark.css")
        self.pages("/img", "map.png chart.png banner.png")
        for size in (10_000, 77_777, 400_000, 999_999, 1_500_000, 3_000_000, 15_000, 64_000):
            self.expect(200, "POST", "/upload", b"y" * size)
        self.expect(404, "GET", "/other.html")
        self.expect(404, "GET", "/img/none.png")
        self.shell()
        self.reload()
        self.pages("/docs", "index.html")
        self.pages("", "index.html privacy.html")
        self.shell()


class Cache(Workload):
    pod = "cache"
    image = "redis"
    label = "k8s-cache"
    port = 6379
    config_dir = "/etc/redis"
    program = "/usr/bin/redis-server"
    command = ["/usr/bin/redis-server", "/etc/redis/redis.conf", "--save", "60 1", "--appendonly", "yes"]
    user = 100
    log_word = "Ready to accept connections"
    config_files = {"redis.conf": "dir /data\nport 6379\ninclude /etc/redis/memory.conf\n",
                    "memory.conf": "maxmemory 64mb\n"}

    def prepare(self, stamp):
        super().prepare(stamp)
        data = self.volumes / "data"
        data.mkdir(parents=True, exist_ok=True)
        os.chown(data, 100, 100)

    def mounts(self, powerful=False):
        return super().mounts(powerful) + [cri.Mount(str(self.volumes / "data"), "/data")]

    def spec(self, label, **options):
        """The label in the old form: as kubelets up to 1.29 send it."""
        return super().spec(label, user=self.user, old_form=True, **options)

    def command_line(self, *words):
        """Sends one command; returns the first line of the answer."""
        request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.settimeout(30)
            connection.sendall(request.encode())
            return connection.makefile("rb").readline().decode().strip()

    def answers(self):
        try:
            return self.command_line("PING") == "+PONG"
        except OSError:
            return False

    def send(self, *words):
        answer = self.command_line(*words)
        if not answer or answer.startswith("-"):
            raise RuntimeError(f"{' '.join(words)}: {answer}")

    def background(self, command, word):
        """Starts a save or a rewrite and waits until the log has one more line about its end."""
        before = self.container_log().count(word)
        self.send(command)
        node.wait_for(command, lambda: self.container_log().count(word) > before, 60)

    def save(self):
        self.background("BGSAVE", "Background saving terminated with success")

    def rewrite(self):
        self.background("BGREWRITEAOF", "Background AOF rewrite finished successfully")

    def restart(self):
        """Replaces the container in its pod, on the data that is there, as a kubelet does after an exit."""
        self.client.stop(self.container)
        self.client.remove(self.container)
        self.container = self.handle.start(self.spec(self.label))
        self.wait_ready()

    def train(self):
        for number in range(20):
            self.send("SET", f"key{number}", "x" * 100 * number)
            self.send("GET", f"key{number}")
        self.send("LPUSH", "list", "a", "b")
        for _ in range(2):
            self.save()
            self.send("SET", "again", "1")
            self.rewrite()
        self.shell()
        self.save()
        self.restart()
        self.send("GET", "key3")
        self.save()
        self.rewrite()
        self.shell()

    def held_out(self):
        for number in range(30):
            self.send("SET", f"other{number}", "y" * 333 * number)
        self.send("RPUSH", "queue", "c", "d")
        self.send("HSET", "hash", "field", "value")
        self.shell()
        for _ in range(4):
            self.save()
            self.send("INCR", "counter")
        self.rewrite()
        self.shell()
        self.rewrite()
        self.restart()
        self.shell()
        self.send("GET", "other7")
        self.save()
        self.rewrite()
        self.rewrite()


def victim():
    """A process of the node that no container may touch."""
    return subprocess.Popen(["sleep", "3600"], start_new_session=True)
