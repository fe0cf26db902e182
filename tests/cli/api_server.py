#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for a cluster's API server, for kubectl and helm: it keeps what it is given, and knows nothing of what that means.

api_server.py CONFIG KEPT [OBJECT.json...]     serves the objects on a port of its own until it is ended; CONFIG is written when it
                                               does, and names it; what it is given lies in KEPT, KIND.NAMESPACE.NAME.json each
"""
import http.server
import json
import pathlib
import re
import sys
import urllib.parse

import yaml

GROUPS = {
    "api/v1": {"namespaces": "Namespace", "configmaps": "ConfigMap", "secrets": "Secret", "nodes": "Node"},
    "apis/apps/v1": {"daemonsets": "DaemonSet"},
    "apis/security-profiles-operator.x-k8s.io/v1alpha1": {"apparmorprofiles": "AppArmorProfile"},
}
EVERYWHERE = {"namespaces", "nodes"}  # which are in no namespace
VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"]
BINARY = "application/vnd.kubernetes.protobuf"  # what helm sends of its own notes
PATH = re.compile(r"/(api/v1|apis/[^/]+/[^/]+)(?:/namespaces/([^/]+)(?=/))?/([a-z]+)(?:/([^/]+))?$")


def version_of(group):
    """apiVersion of what is below that path."""
    return group.partition("/")[2]


def resources(group):
    """The list of kinds of a group."""
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version_of(group), "resources": [
        {"name": plural, "singularName": kind.lower(), "namespaced": plural not in EVERYWHERE, "kind": kind, "verbs": VERBS}
        for plural, kind in GROUPS[group].items()]}


def groups():
    """The list of groups."""
    versions = [{"groupVersion": version_of(group), "version": group.rpartition("/")[2]} for group in GROUPS if group != "api/v1"]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
        {"name": one["groupVersion"].partition("/")[0], "versions": [one], "preferredVersion": one} for one in versions]}


def schema(group):
    """An OpenAPI document that says of each kind that the server itself looks at its fields."""
    name, _, version = version_of(group).rpartition("/")
    return {"openapi": "3.0.0", "info": {"title": group, "version": "0"}, "paths": {
        f"/{group}/{plural}/{{name}}": {"patch": {
            "x-kubernetes-group-version-kind": {"group": name, "version": version, "kind": kind},
            "parameters": [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "OK"}}}} for plural, kind in GROUPS[group].items()}}


FIXED = {
    "/version": {"major": "1", "minor": "35", "gitVersion": "v1.35.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": groups(),
    "/openapi/v3": {"paths": {group: {"serverRelativeURL": f"/openapi/v3/{group}"} for group in GROUPS}},
    **{f"/{group}": resources(group) for group in GROUPS},
    **{f"/openapi/v3/{group}": schema(group) for group in GROUPS},
}


def field(data, wanted):
    """The bytes of the field of that number in a message of protocol buffers; those before it are of bytes too."""
    while data[0] >> 3 != wanted:
        length, data = length_of(data[1:])
        data = data[length:]
    length, data = length_of(data[1:])
    return data[:length]


def length_of(data):
    """(the number that data begins with, seven bits a byte, and what follows)."""
    value = 0
    for at, byte in enumerate(data):
        value |= (byte & 127) << 7 * at
        if byte < 128:
            return value, data[at + 1:]
    raise ValueError("no number")


def noted(data):
    """An object sent in binary, of which only the name counts: Unknown.raw, ObjectMeta, name, each a field of the one before."""
    return {"kind": "Secret", "metadata": {"name": field(field(field(data.removeprefix(b"k8s\0"), 2), 1), 1).decode()}}


def merged(old, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    new = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            new.pop(key, None)
        else:
            new[key] = merged(new.get(key), value)
    return new


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    objects, kept, sent = {}, pathlib.Path(), None

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        print(format % args, flush=True)

    def answer(self, value, code=200):
        """Sends a JSON document, or what came in binary."""
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", BINARY if isinstance(value, bytes) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def missing(self):
        """Not there."""
        self.answer({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404,
                     "message": f"{self.path} not found"}, 404)

    def meant(self):
        """(group, namespace, plural, name) that the path means, or None."""
        found = PATH.match(urllib.parse.urlsplit(self.path).path)
        if not found or found[3] not in GROUPS.get(found[1], ()):
            return None
        return found[1], found[2] or "", found[3], found[4]

    def keep(self, key, value, code):
        """Stores an object, and answers with it; its namespace has to be there."""
        group, namespace, plural, _ = key
        if namespace and ("api/v1", "", "namespaces", namespace) not in self.objects:
            self.missing()
            return
        key = (group, namespace, plural, value["metadata"]["name"])
        self.objects[key] = value
        (self.kept / f"{value['kind']}.{namespace}.{key[3]}.json").write_text(json.dumps(value), encoding="utf-8")
        self.answer(value if self.sent is None else self.sent, code)

    def do_GET(self):  # pylint: disable=invalid-name
        """Discovery, one object, or a list."""
        path, meant = urllib.parse.urlsplit(self.path).path, self.meant()
        if path in FIXED:
            self.answer(FIXED[path])
        elif meant and meant[3] is None:
            group, namespace, plural, _ = meant
            items = [value for key, value in sorted(self.objects.items())
                     if key[0] == group and key[2] == plural and namespace in ("", key[1])]
            self.answer({"kind": f"{GROUPS[group][plural]}List", "apiVersion": version_of(group), "metadata": {}, "items": items})
        elif meant in self.objects:
            self.answer(self.objects[meant])
        else:
            self.missing()

    def body(self):
        """What was sent."""
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent = data if self.headers["Content-Type"] == BINARY else None
        return yaml.safe_load(data) if self.sent is None else noted(data)

    def do_POST(self):  # pylint: disable=invalid-name
        """A new object."""
        value, meant = self.body(), self.meant()
        if meant:
            self.keep(meant, value, 201)
        else:
            self.missing()

    do_PUT = do_POST

    def do_PATCH(self):  # pylint: disable=invalid-name
        """A part of an object, or all of it that its owner wants."""
        value, meant = self.body(), self.meant()
        if meant and "apply-patch" in self.headers["Content-Type"]:
            self.keep(meant, value, 200 if meant in self.objects else 201)
        elif meant in self.objects:
            self.keep(meant, merged(self.objects[meant], value), 200)
        else:
            self.missing()


def main(config, kept, *files):
    Handler.kept = pathlib.Path(kept)
    for name in files:
        value = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
        group = next(group for group in GROUPS if version_of(group) == value["apiVersion"])
        plural = next(plural for plural, kind in GROUPS[group].items() if kind == value["kind"])
        Handler.objects[group, value["metadata"].get("namespace", ""), plural, value["metadata"]["name"]] = value
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    named = {"apiVersion": "v1", "kind": "Config", "current-context": "here",
             "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
             "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}], "users": [{"name": "me", "user": {}}]}
    pathlib.Path(f"{config}.new").write_text(json.dumps(named), encoding="utf-8")
    pathlib.Path(f"{config}.new").rename(config)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
