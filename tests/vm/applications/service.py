# SPDX-License-Identifier: GPL-2.0-or-later
"""A small web service as many are written: pages, templates, a database, uploads, reports, a token that is renewed."""

import json
import logging
import logging.handlers
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import threading
import zoneinfo
from datetime import datetime

import flask

CONFIG = pathlib.Path("/srv/app/config/settings.json")
TOKEN = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
DATA = pathlib.Path("/data")

app = flask.Flask(__name__, static_folder="/srv/site", template_folder="/srv/app/templates")
handler = logging.handlers.RotatingFileHandler("/var/log/app/service.log", maxBytes=2_000, backupCount=3)
handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(message)s"))
app.logger.addHandler(handler)
app.logger.setLevel(logging.INFO)
lock = threading.Lock()


def database():
    connection = sqlite3.connect(DATA / "service.db", timeout=20)
    connection.execute("create table if not exists entry (name text primary key, body text, made text)")
    return connection


@app.get("/healthz")
def health():
    return "ok\n"


@app.get("/entry/<name>")
def read(name):
    with database() as connection:
        row = connection.execute("select body from entry where name = ?", (name,)).fetchone()
    return flask.render_template("entry.html", body=row[0]) if row else ("none\n", 404)


@app.post("/entry/<name>")
def write(name):
    with database() as connection:
        connection.execute("replace into entry values (?, ?, ?)",
                           (name, flask.request.get_data(as_text=True), datetime.now().isoformat()))
    app.logger.info("wrote %s", name)
    return "written\n"


@app.post("/upload/<name>")
def upload(name):
    """A file takes its name only once all of it is there."""
    with tempfile.NamedTemporaryFile(dir=DATA / "uploads", prefix="part-", delete=False) as part:
        part.write(flask.request.get_data())
    os.rename(part.name, DATA / "uploads" / name)
    return "taken\n"


@app.get("/report/<kind>")
def report(kind):
    """Written aside, compressed by another program, sent, and gone."""
    with tempfile.TemporaryDirectory(prefix="report-") as work, database() as connection:
        path = pathlib.Path(work, f"{kind}.csv")
        path.write_text("".join(f"{name},{made}\n" for name, made in connection.execute("select name, made from entry")))
        done = subprocess.run(["gzip", "-c", str(path)], capture_output=True, check=True, timeout=60)
    return flask.Response(done.stdout, mimetype="application/gzip")


@app.get("/time/<area>/<place>")
def local_time(area, place):
    return datetime.now(zoneinfo.ZoneInfo(f"{area}/{place}")).isoformat() + "\n"


@app.get("/identity")
def identity():
    settings = json.loads(CONFIG.read_text())
    return f"{settings['title']} {len(TOKEN.read_text())}\n"


(DATA / "uploads").mkdir(exist_ok=True)
