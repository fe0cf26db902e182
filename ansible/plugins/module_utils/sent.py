# SPDX-License-Identifier: GPL-2.0-or-later
"""A bundle or texts on their way from the controller: packed there, unpacked on the node, and kept."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import base64
import ctypes
import fcntl
import io
import os
import shutil
import stat
import tarfile
import tempfile
import zlib

MANIFEST = "manifest.yaml"
SIGNATURE = "manifest.yaml.sig"
# What aa-compile remembers for its next run.
BUILD_MEMORY = ".inputs"
LARGEST = 64 * 1024 * 1024
AT_FDCWD = -100
RENAME_EXCHANGE = 2


def wanted_parts(top, features):
    """Relative paths of the files of a bundle that a node with that feature set needs; all where that is not known."""
    whole = not features or os.path.exists(os.path.join(top, SIGNATURE))
    for folder, folders, files in os.walk(top):
        inside = os.path.relpath(folder, top)
        if inside == "." and not whole:
            sets = [name for name in folders if os.path.exists(os.path.join(top, name, ".features"))]
            folders[:] = [name for name in folders if name not in sets or name == features]
        folders.sort()
        for name in sorted(files):
            if name != BUILD_MEMORY or inside != ".":
                yield os.path.normpath(os.path.join(inside, name))


def text_parts(top):
    """Relative paths of what lies directly in a directory of texts."""
    return [name for name in sorted(os.listdir(top)) if os.path.isfile(os.path.join(top, name))]


def read(path, left):
    with open(path, "rb") as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ValueError("%s is no file" % path)
        content = source.read(left + 1)
    if len(content) > left:
        raise ValueError("%s: more than %d MiB are not sent" % (path, LARGEST >> 20))
    return content


def pack(path, features=None):
    """The file, or what is wanted of the directory, as text; the same files give the same."""
    if os.path.isdir(path):
        top = path
        names = list(wanted_parts(top, features)) if os.path.exists(os.path.join(top, MANIFEST)) else text_parts(top)
    else:
        top, names = os.path.dirname(path) or ".", [os.path.basename(path)]
    packed, left = io.BytesIO(), LARGEST
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            content = read(os.path.join(top, name), left)
            left -= len(content)
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return base64.b64encode(zlib.compress(packed.getvalue(), 6)).decode("ascii")


def unsqueeze(content):
    # The tar is larger than the files that it holds, by a block or two for each.
    room = 2 * LARGEST
    opened = zlib.decompressobj()
    whole = opened.decompress(content, room)
    if opened.unconsumed_tail:
        raise ValueError("too much was sent")
    return whole


def same_tree(one, other):
    """Whether both directories hold the same files with the same content."""

    def listing(top):
        found = {}
        for folder, dummy, files in os.walk(top):
            for name in files:
                with open(os.path.join(folder, name), "rb") as content:
                    found[os.path.relpath(os.path.join(folder, name), top)] = content.read()
        return found

    try:
        return not os.path.islink(other) and listing(one) == listing(other)
    except (IOError, OSError):
        return False


def exchange(one, other):
    """Two directories change places at once, where the kernel and the file system can do that."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        names = [os.fsencode(name) for name in (one, other)]
        if libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
            return
    aside = os.path.join(one, ".old")
    os.rename(other, aside)
    os.rename(one, other)
    os.rename(os.path.join(other, ".old"), one)


def lock(path):
    """A descriptor that holds the directory's lock; None where another run does."""
    held = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (IOError, OSError):
        os.close(held)
        return None
    return held


def sweep(parent, prefix):
    """Removes what runs that were killed left there: nobody holds its lock."""
    for name in os.listdir(parent):
        path = os.path.join(parent, name)
        if not name.startswith(prefix) or os.path.islink(path) or not os.path.isdir(path):
            continue
        held = lock(path)
        if held is not None:
            shutil.rmtree(path)
            os.close(held)


class Tree(object):
    """What was sent, unpacked: where the module keeps its own files, or beside the place where it will be kept."""

    def __init__(self, params, scratch, check_mode):
        self.params = params
        self.parent, self.prefix = scratch, ".aakit-"
        dest = os.path.abspath(params["dest"]) if params["dest"] else None
        if dest and os.path.lexists(dest) and (os.path.islink(dest) or not os.path.isdir(dest)):
            raise ValueError("%s is no directory: it stays as it is" % dest)
        if dest and not check_mode:
            self.parent, self.prefix = os.path.dirname(dest), ".%s.aakit-" % os.path.basename(dest)
            if not os.path.isdir(self.parent):
                os.makedirs(self.parent, 0o755)
            sweep(self.parent, self.prefix)
        self.top = self.path = self.held = None

    def __enter__(self):
        self.top = tempfile.mkdtemp(prefix=self.prefix, dir=self.parent)
        self.held = lock(self.top)
        os.chmod(self.top, 0o755)
        try:
            self.unpack()
        except Exception:
            self.drop()
            raise
        return self

    def __exit__(self, kind, value, trace):
        self.drop()

    def drop(self):
        if self.top:
            shutil.rmtree(self.top)
        if self.held is not None:
            os.close(self.held)
        self.top = self.held = None

    def unpack(self):
        content = unsqueeze(base64.b64decode(self.params["archive"]))
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                self.put(member.name, archive.extractfile(member).read() if member.isfile() else None)
        self.path = self.top

    def put(self, name, content):
        """Only files, below the directory: whoever packed them may be wrong."""
        if content is None or name.startswith("/") or ".." in name.split("/"):
            raise ValueError("%r is no file of a bundle" % name)
        path = os.path.join(self.top, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path), 0o755)
        mask = os.umask(0o022)
        try:
            with open(path, "xb") as target:
                target.write(content)
                target.flush()
                os.fsync(target.fileno())
        finally:
            os.umask(mask)

    def keep(self, dest, check_mode):
        """Brings the directory to its place: "same", "new" or "replaced"."""
        dest = os.path.abspath(dest)
        if same_tree(self.top, dest):
            return "same"
        new = not os.path.lexists(dest)
        if check_mode:
            return "new" if new else "replaced"
        if new:
            os.rename(self.top, dest)
            self.top = None
        else:
            exchange(self.top, dest)
        return "new" if new else "replaced"
