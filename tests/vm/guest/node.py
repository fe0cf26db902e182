# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests ask of the node itself: containerd, the kernel's policy, programs run with a time limit."""

import json
import os
import pathlib
import subprocess
import time

POLICY = pathlib.Path("/sys/kernel/security/apparmor/policy")
PROFILES = pathlib.Path("/sys/kernel/security/apparmor/profiles")


def wait_for(what, condition, seconds=60, pause=0.2):
    """Waits until condition() is true and returns its value; TimeoutError names what did not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise TimeoutError(f"{what}: not within {seconds} s")


def start_containerd(log="/out/containerd.log"):
    """Starts containerd; returns its process and a CRI client of it."""
    import cri  # here only: it takes seconds, and many tests need no containers

    with open(log, "wb") as out:
        process = subprocess.Popen(["containerd"], stdout=out, stderr=out, start_new_session=True)
    client = cri.Client()

    def answers():
        try:
            return client.version()
        except Exception:  # grpc.RpcError while the socket is not there yet
            return None

    wait_for("containerd", answers, 120)
    return process, client


def run(*command, timeout=120):
    """Runs a program to its end; returns exit code, stdout, stderr."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, errors="replace")
    except FileNotFoundError as error:
        return 127, "", str(error)
    except subprocess.TimeoutExpired as error:
        return 124, "", f"{' '.join(command)}: not ended after {timeout} s\n{error.stderr or ''}"
    return done.returncode, done.stdout, done.stderr


def run_json(*command, timeout=120):
    """Runs a program whose stdout is one JSON document; returns exit code, the document or None, stderr."""
    code, out, err = run(*command, timeout=timeout)
    return code, parse_json(out), err


def parse_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def loaded_mode(label):
    """The mode of a profile as the kernel's list has it, None if it is not loaded."""
    for line in PROFILES.read_text().splitlines():
        name, _, mode = line.rpartition(" ")
        if name == label:
            return mode.strip("()")
    return None


def loaded_hash(label):
    """The kernel's own hash of a profile as "sha1:..." or "sha256:...", None if it is not loaded."""
    for directory in POLICY.glob("profiles/*"):
        if (directory / "name").read_text().strip() != label:
            continue
        for kind in ("sha256", "sha1"):
            if (directory / kind).exists():
                return f"{kind}:{(directory / kind).read_text().strip()}"
    return None


def revision():
    """The kernel's policy revision; a second read of the same descriptor would block."""
    fd = os.open("/sys/kernel/security/apparmor/revision", os.O_RDONLY | os.O_NONBLOCK)
    try:
        return int(os.read(fd, 64))
    finally:
        os.close(fd)


def label_of(pid):
    return pathlib.Path(f"/proc/{pid}/attr/apparmor/current").read_text().strip("\0\n")


def mediates_user_namespaces():
    """Kernels since 6.7 can; a profile asks for it by its abi."""
    mask = pathlib.Path("/sys/kernel/security/apparmor/features/namespaces/mask")
    return mask.exists() and "userns_create" in mask.read_text()
