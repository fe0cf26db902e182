# SPDX-License-Identifier: GPL-2.0-or-later
"""Bundles of another machine on the node's own ground, guest side.

Usage: bundle.py OUT FEATURES... Writes TAP to stdout. /job/texts are texts and states, /job/bundle what another machine made of
them with this node's version of the compiler for the feature sets FEATURES, which ship.
"""

import pathlib
import subprocess
import sys

import tap as tap_module

TEXTS, BUNDLE = pathlib.Path("/job/texts"), pathlib.Path("/job/bundle")
KERNEL = "/sys/kernel/security/apparmor/features"
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


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    identity = check_kernel(tap, sys.argv[2:])
    check_blobs(tap, identity)
    check_build(tap, out, identity)
    check_error(tap, out)
    check_load(tap)
    sys.exit(tap.finish())


if __name__ == "__main__":
    main()
