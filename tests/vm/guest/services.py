# SPDX-License-Identifier: GPL-2.0-or-later
"""The evaluation's web services, nginx, Python's and Node.js's, and its job."""

import http.client
import json
import os

import application
import browser
import node

# The site of the evaluation (applications/build), of which a fifth is asked for on another day only. A page names its parts.
PAGES = ("index.html", "about.html", "contact.html", "privacy.html", "docs/index.html", "blog/index.html",
         *(f"{kind}/page-{n}.html" for kind in ("docs", "blog") for n in range(1, 17)))
RESERVED_PAGES = ("team.html", "terms.html", *(f"{kind}/page-{n}.html" for kind in ("docs", "blog") for n in range(17, 21)))
PAGES_OF_A_VISIT = 4
PLACES = ("Europe/Berlin", "Europe/Paris", "Asia/Tokyo")
RESERVED_PLACES = ("America/Lima", "Europe/Oslo", "Africa/Cairo")


class Service(application.Application):
    """Something that answers HTTP on PORT, HEALTH being a page that is always there."""

    health = "/healthz"
    site = "/site/"

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def answers(self):
        try:
            return self.request("GET", self.health) == 200
        except (OSError, http.client.HTTPException):
            return False

    def expect(self, statuses, method, path, body=None, headers=None):
        got = self.request(method, path, body, headers)
        if got not in statuses:
            raise RuntimeError(f"{method} {path}: {got}, not one of {statuses}")

    def next_page(self, turn=0):
        """On another day every second is one of those that were reserved for it."""
        return self.draw(RESERVED_PAGES if self.other and turn % 2 else PAGES)

    def visit(self):
        """Somebody reads some pages of the site."""
        with browser.Visit(self.port) as visit:
            for turn in range(PAGES_OF_A_VISIT):
                visit.page(self.site + self.next_page(turn))

    def body(self, most):
        return b"x" * self.random.randrange(1, most)


class Nginx(Service):
    pod = "nginx"
    program = "/usr/sbin/nginx"
    config_dir = "/etc/nginx/conf.d"
    port = 8080
    health = "/index.html"
    site = "/"
    empty_dirs = {"log": "/var/log/nginx"}
    claims = {"media": "/data"}
    secret = ("/etc/nginx/auth", {"htpasswd": "member:{PLAIN}word\n"})
    config_files = {"tokens.conf": "server_tokens off;\n", "timeouts.conf": "keepalive_timeout 5;\n"}

    def cached(self):
        """A page and its parts that nginx keeps for a while."""
        with browser.Visit(self.port) as visit:
            visit.page("/cached/" + self.next_page(self.random.randrange(2)))

    def private(self):
        with browser.Visit(self.port, {"Authorization": "Basic bWVtYmVyOndvcmQ="}) as visit:
            visit.page(f"/private/page-{self.pick(range(1, 17), range(17, 21))}.html")

    def media(self):
        """Somebody else puts files into the volume; the server sends them."""
        name = self.word("clip") + ".mp4"
        path = self.disk.at("/data") / name
        path.write_bytes(self.body(50_000))
        path.chmod(0o644)
        self.expect([200], "GET", f"/media/{name}")

    def upload(self):
        self.expect([200], "POST", "/upload", self.body(400_000))

    def large(self):
        self.expect([200], "GET", "/large.bin")

    def missing(self):
        self.expect([404], "GET", "/" + self.word("missing") + ".html")

    def operations(self):
        return [self.visit] * 6 + [self.cached, self.private, self.media, self.upload, self.large, self.missing]

    def upkeep(self):
        self.rotate_log("/var/log/nginx", "access.log")
        self.signal("SIGUSR1")
        node.wait_for("a new log", (self.disk.at("/var/log/nginx") / "access.log").exists, 30)
        self.signal("SIGHUP")
        self.wait_ready()


class WebService(Service):
    config_dir = "/srv/app/config"
    user = 100
    empty_dirs = {"log": "/var/log/app", "tmp": "/tmp"}
    claims = {"data": "/data"}

    def files(self):
        return {"settings.json": json.dumps({"title": self.word("title")})}

    def entry(self):
        name = self.word("entry")
        self.expect([200], "POST", f"/entry/{name}", self.body(3000))
        self.expect([200], "GET", f"/entry/{name}")

    def missing(self):
        self.expect([404], "GET", f"/entry/{self.word('missing')}")

    def identity(self):
        self.expect([200], "GET", "/identity")


class Python(WebService):
    pod = "python"
    program = "/usr/bin/gunicorn"
    port = 8081
    command = ["/usr/bin/gunicorn", "--workers", "2", "--threads", "2", "--bind", "127.0.0.1:8081", "--timeout", "300",
               "--max-requests", "300", "--chdir", "/srv/app", "service:app"]

    def upload(self):
        self.expect([200], "POST", f"/upload/{self.word('file')}.bin", self.body(100_000))

    def report(self):
        self.expect([200], "GET", "/report/" + self.pick(["day", "week"], ["month", "year"]))

    def time(self):
        """The clocks of a firm's offices, which has others on another day."""
        with browser.Visit(self.port) as visit:
            for place in RESERVED_PLACES if self.other else PLACES:
                visit.fetch("/time/" + place)

    def operations(self):
        return [self.visit] * 4 + [self.entry] * 3 + [self.missing, self.identity, self.upload, self.report, self.time]

    def upkeep(self):
        self.signal("SIGHUP")
        self.wait_ready()


class Node(WebService):
    pod = "node"
    program = "/usr/bin/node"
    port = 8082

    def upload(self):
        self.expect([200], "POST", "/upload", self.body(200_000))

    def usage(self):
        self.expect([200], "GET", "/usage")

    def operations(self):
        return [self.visit] * 4 + [self.entry] * 3 + [self.missing, self.identity, self.upload, self.usage]

    def upkeep(self):
        self.rotate_log("/var/log/app", "service.log")
        self.signal("SIGUSR2")


class Cron(application.Application):
    pod = "cron"
    program = "/opt/job/nightly"
    config_dir = "/opt/job/config"
    user = 100
    empty_dirs = {"log": "/var/log/job", "tmp": "/tmp"}
    claims = {"data": "/data"}

    def files(self):
        return {"job.env": f"TOP={self.random.randrange(3, 9)}\nTITLE={self.word('week')}\n"}

    def answers(self):
        return (self.disk.at("/data") / "reports").is_dir()

    def deliver(self):
        """A file comes in, as a whole; no more of them than the job can take."""
        inbox = self.disk.at("/data") / "inbox"
        if len(list(inbox.glob("*.csv"))) > 2:
            return
        path = inbox / (self.word(self.pick(["sales", "stock"], ["returns", "claims"])) + ".part")
        path.write_text("".join(f"{n},{self.random.randrange(9)}\n" for n in range(self.random.randrange(5, 300))))
        os.chown(path, self.user, self.user)
        os.rename(path, path.with_suffix(".csv"))

    def operations(self):
        return [self.deliver]
