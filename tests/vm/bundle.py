# SPDX-License-Identifier: GPL-2.0-or-later
"""Bundles of another machine on the node's own ground, guest side.

Usage: bundle.py OUT FEATURES... Writes TAP to stdout. /job/texts are texts and states, /job/bundle what another machine made of
them with this node's version of the compiler for the feature sets FEATURES, which ship.
"""

import os
import pathlib
import subprocess
import sys

import tap as tap_module

TEXTS, BUNDLE = pathlib.Path("/job/texts"), pathlib.Path("/job/bundle")
KERNEL = "/sys/kernel/security/apparmor/features"
REVISION = pathlib.Path("/sys/kernel/security/apparmor/policy/revision")
# RFC 8032, section 7.1, TEST 1
KEY = "-----BEGIN {0} KEY-----\n{1}\n-----END {0} KEY-----\n"
PRIVATE = KEY.format("PRIVATE", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g")
PUBLIC = KEY.format("PUBLIC", "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
BROKEN = "profile broken {\n  /a r,\n  capability nonsense,\n}\n"


def run(*command, **options):
    return subprocess.run(list(map(str, command)), capture_output=True, timeout=300, check=False, **options)


def compile_here(text):
    """What the node's parser makes of a text for the kernel that runs, by itself."""
    return run("/sbin/apparmor_parser", "-Q", "-K", "-S", text).stdout


def files(top, identity):
    """The texts, and what is for the feature set IDENTITY."""
    return {str(p.relative_to(top)): p.read_bytes() for p in sorted(top.rglob("*"))
            if p.is_file() and p.parent.name in ("text", identity)}


def check_kernel(tap, names):
    """The id of the one of the sets that is this kernel's."""
    name = run("uname", "-r").stdout.decode().strip()
    same = [features for features in names if run("aa-compile", "features", features, KERNEL).returncode == 0]
    features = same[0] if same else names[0]
    tap.check(f"the set {features} is that of this kernel, {name}", len(same) == 1, ", ".join(names))
    return run("aa-compile", "features", "--json", features).stdout.decode().split('"id" : "')[1][:12]


def check_blobs(tap, identity):
    """Each compiled profile of the bundle against the node's parser on the bundle's text."""
    blobs = sorted(path for path in (BUNDLE / identity).iterdir() if not path.name.startswith("."))
    tap.check("the bundle has every profile for it", len(blobs) == len(list(TEXTS.iterdir())), [str(b) for b in blobs])
    for blob in blobs:
        made = compile_here(BUNDLE / "text" / blob.name)
        tap.check(f"{blob.name}: the bytes are those that the node's parser makes ({len(made)})", made == blob.read_bytes())


def check_build(tap, out, identity):
    here = out / "bundle"
    built = run("aa-compile", TEXTS, "-o", here)
    tap.check("aa-compile builds the same texts here", built.returncode == 0, built.stderr.decode()[-2000:])
    tap.check("all files are those of the other machine", files(here, identity) == files(BUNDLE, identity),
              sorted(set(files(here, identity)) ^ set(files(BUNDLE, identity))))
    again = run("strace", "-f", "-e", "trace=execve", "-o", out / "again.strace", "aa-compile", TEXTS, "-o", here)
    tap.check("a second build has nothing to change", b"nothing to change" in again.stdout, again.stderr.decode())
    starts = (out / "again.strace").read_text().count("execve(")
    tap.check("and starts no compiler", starts == 1, f"{starts} programs started")


def check_error(tap, out):
    text = out / "broken"
    text.write_text(BROKEN)
    built = run("aa-compile", text, "-o", out / "none")
    tap.check("an error has file, line and column with this parser too",
              built.returncode == 5 and f"{text}:3:14: Invalid capability nonsense." in built.stderr.decode(),
              built.stderr.decode())


def check_load(tap):
    loaded = run("aa-register", BUNDLE)
    tap.check("the kernel takes the other machine's bundle, and aa-register proves it", loaded.returncode == 0,
              loaded.stdout.decode(), loaded.stderr.decode())


def revision():
    fd = os.open(REVISION, os.O_RDONLY)
    try:
        return int(os.read(fd, 32))
    finally:
        os.close(fd)


def taken(tap, what, *words):
    done = run("aa-register", *words)
    tap.check(f"{what}: taken", done.returncode == 0, done.stdout.decode(), done.stderr.decode())


def refused(tap, what, why, *words):
    """Refused with 5, for the reason that is looked for, and the kernel saw nothing of it."""
    before = revision()
    done = run("aa-register", *words)
    tap.check(f"{what}: refused, unseen by the kernel",
              done.returncode == 5 and why in done.stderr.decode() and revision() == before,
              done.returncode, done.stderr.decode())


def check_compiled(tap, work, identity):
    """What apparmor_parser -o wrote, without a bundle."""
    text, blob = work / "text", work / "blob"
    text.write_text("abi <abi/3.0>,\nprofile k8s-blob {\n  /blob r,\n}\n")
    run("/sbin/apparmor_parser", "-Q", "-K", "-o", blob, text)
    taken(tap, "compiled policy of the node's parser", blob)
    whole = blob.read_bytes()
    blob.write_bytes(whole[: len(whole) // 2])
    refused(tap, "half of it", "blob", blob)
    blob.write_bytes(whole)
    (work / ".features").write_bytes((BUNDLE / identity / ".features").read_bytes())
    taken(tap, "beside this kernel's feature set", blob)
    (work / ".features").write_text((work / ".features").read_text().replace("set_load {yes", "set_load {no"))
    refused(tap, "beside another one", "for another kernel", blob)


def check_signed(tap, work):
    text, bundle, private, public = work / "text", work / "signed", work / "private", work / "public"
    text.write_text("abi <abi/3.0>,\nprofile k8s-signed {\n  /signed r,\n}\n")
    public.write_text(PUBLIC)
    private.write_text(PRIVATE)
    private.chmod(0o600)
    run("aa-compile", text, "-o", bundle, "--sign", private)
    manifest = bundle / "manifest.yaml"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b"\n")
    refused(tap, "a signed bundle with a byte more", "it was altered", "--verify-key", public, bundle)
    manifest.write_bytes(whole)
    refused(tap, "a text where a signature is asked for", "no signature", "--verify-key", public, text)
    taken(tap, "the bundle as it was signed", "--verify-key", public, bundle)


def check_paths(tap, work):
    """Directories that others can write to: in sight, below one that only root enters, and on a read-only mount."""
    volume, mounted = work / "pods/volume", work / "mounted"
    volume.mkdir(parents=True)
    mounted.mkdir()
    (volume / "k8s-path").write_text("abi <abi/3.0>,\nprofile k8s-path {\n  /path r,\n}\n")
    volume.chmod(0o777)
    refused(tap, "a directory that others can write to", "others can write to it (mode 0777", volume)
    volume.parent.chmod(0o750)
    taken(tap, "the same below one that they cannot enter", volume)
    volume.parent.chmod(0o755)
    run("mount", "--bind", volume, mounted)
    refused(tap, "the same mounted elsewhere", "others can write to it", mounted)
    run("mount", "-o", "remount,bind,ro", mounted)
    taken(tap, "mounted read-only", mounted)
    run("umount", mounted)
    os.chown(volume / "k8s-path", 65534, 65534)
    volume.chmod(0o755)
    refused(tap, "somebody else's text", "owned by user 65534", volume)


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    identity = check_kernel(tap, sys.argv[2:])
    check_blobs(tap, identity)
    check_build(tap, out, identity)
    check_error(tap, out)
    check_load(tap)
    work = pathlib.Path("/srv/aakit-input")  # every user can get there
    work.mkdir(mode=0o755)
    check_compiled(tap, work, identity)
    check_signed(tap, work)
    check_paths(tap, work)
    sys.exit(tap.finish())


if __name__ == "__main__":
    main()
