# SPDX-License-Identifier: GPL-2.0-or-later
"""Packs a root filesystem as a one-layer OCI image archive: pack.py ROOTFS NAME CONFIG_JSON OUT.tar"""

import gzip
import hashlib
import io
import json
import sys
import tarfile

MEDIA = "application/vnd.oci.image."
PLATFORM = {"architecture": "amd64", "os": "linux"}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def describe(kind, data, **more):
    return {"mediaType": MEDIA + kind, "digest": digest(data), "size": len(data), **more}


def without_time(info):
    info.mtime = 0
    return info


def layer_of(rootfs):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(rootfs, arcname=".", filter=without_time)
    return raw.getvalue()


def write_archive(path, index, blobs):
    with tarfile.open(path, "w") as tar:
        def put(name, data):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))

        put("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        put("index.json", index)
        for blob in blobs:
            put("blobs/sha256/" + digest(blob).partition(":")[2], blob)


def main():
    rootfs, name, config_json, out = sys.argv[1:]
    raw = layer_of(rootfs)
    layer = gzip.compress(raw, 1, mtime=0)
    config = json.dumps({
        **PLATFORM,
        "config": json.loads(config_json),
        "rootfs": {"type": "layers", "diff_ids": [digest(raw)]},
    }).encode()
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": MEDIA + "manifest.v1+json",
        "config": describe("config.v1+json", config),
        "layers": [describe("layer.v1.tar+gzip", layer)],
    }).encode()
    names = {
        "io.containerd.image.name": name,
        "org.opencontainers.image.ref.name": name.rpartition(":")[2],
    }
    index = json.dumps({
        "schemaVersion": 2,
        "manifests": [describe("manifest.v1+json", manifest, annotations=names, platform=PLATFORM)],
    }).encode()
    write_archive(out, index, (config, layer, manifest))


if __name__ == "__main__":
    main()
