# SPDX-License-Identifier: GPL-2.0-or-later
"""Child profiles, guest side: a shell-heavy job is learned with --exec=child, enforced, run again and attacked.

Usage: children.py OUT. Writes TAP to stdout. Needs no containers: the job runs under its label by aa-exec.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import time

import audit
import tap as tap_module
from recording import Recording, under

HOME = pathlib.Path("/srv/job")
HELPER = """import os, signal, socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
os.kill(os.getppid(), 0)
with open("/srv/job/work/helped." + str(os.getpid()), "w") as file:
    file.write(open("/srv/job/data").read())
"""
ODD = 'o d,d[*]{x}"%5B\n@#\\'
LONG = "l" * (200 - len("/srv/job/bin/"))
PROGRAMS = ("date", "grep", "sort", "head", "sleep", "readlink", "mkdir", "rm")


def prepare():
    (HOME / "bin").mkdir(parents=True)
    (HOME / "secret").write_text("hunter2\n")
    (HOME / "data").write_text("xb\nxa\n")
    (HOME / "helper.py").write_text(HELPER)
    for name in (ODD, LONG):
        shutil.copy("/usr/bin/true", HOME / "bin" / name)
    shutil.copy("/job/nightly.sh", "/srv/nightly.sh")


def job(label, word="", wrap=()):
    return subprocess.run([*wrap, *under(label, "/bin/sh", "/srv/nightly.sh", word)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)


class Learned:
    """A label that two recordings into one directory learned the job under."""

    def __init__(self, out, label, wrap=()):
        self.runs = []
        for _ in range(2):
            with Recording(out, label, "--exec=child", label=label) as recording:
                self.runs.append(job(label, wrap=wrap))
                time.sleep(1)
            shutil.copy(recording.dir / "stderr", recording.dir / f"stderr.{len(self.runs)}")
        self.notes = [(recording.dir / f"stderr.{i}").read_text(errors="replace") for i in (1, 2)]
        self.state = recording.state
        self.path = recording.dir / label
        self.text = self.path.read_text(errors="replace")
        self.recording = recording

    def enforce(self):
        return subprocess.run(["apparmor_parser", "-K", "-r", str(self.path)], capture_output=True, timeout=120, check=False)


def denials(reader, label, mark):
    time.sleep(2)
    return reader.of_label(label, mark)


def check_learned(tap, learned):
    tap.check("the job ran twice while it was learned", all(run.returncode == 0 for run in learned.runs),
              [run.stdout.decode(errors="replace") for run in learned.runs])
    tap.check("the first recording finds programs, and says that they lack labels",
              "had no label of their own yet" in learned.notes[0], learned.notes[0])
    tap.check("the second has one for each of them",
              re.search(r": 1[0-9] of its programs have labels of their own", learned.notes[1]) is not None
              and "had no label" not in learned.notes[1], learned.notes[1])
    entered = [program for program in PROGRAMS if 'exec:' in learned.state and f'path: "/usr/bin/{program}"' in learned.state]
    tap.check("the state knows what entered them", entered == list(PROGRAMS), entered)
    tap.check("an odd and a long name have children as well",
              "/srv/job/bin/o%20d%2Cd%5B%2A%5D%7Bx%7D%22%255B%0A@%23%5C" in learned.state and f"/srv/job/bin/{LONG}" in learned.state)


def check_newer_abi(tap, learned, label):
    if not pathlib.Path("/etc/apparmor.d/abi/4.0").exists():
        return
    text = subprocess.run(["aa-learn", "profile", "--exec=child", "--abi", "4.0", f"{learned.path}.learned.yaml"],
                          stdout=subprocess.PIPE, timeout=120, check=False)
    compiled = subprocess.run(["apparmor_parser", "-QK", "-N"], input=text.stdout, capture_output=True, timeout=120, check=False)
    tap.check("for abi 4.0 it compiles as well", text.returncode == 0 and compiled.returncode == 0
              and f"{label}///usr/bin/grep".encode() in compiled.stdout, compiled.stderr.decode(errors="replace"))


def check_enforced(tap, reader, learned, label):
    loaded = learned.enforce()
    tap.check("the profile loads", loaded.returncode == 0, loaded.stderr.decode(errors="replace"))
    mark = reader.mark()
    runs = [job(label) for _ in range(3)]
    found = denials(reader, label, mark)
    tap.check("enforced, the job runs as before", all(run.returncode == 0 and b"done with hunter2" in run.stdout for run in runs),
              [run.stdout.decode(errors="replace") for run in runs])
    tap.check("and nothing is denied, in the label nor in its children", found == [], found[:10])


def check_refusals(tap, reader, label):
    mark = reader.mark()
    own = job(label, "attack")
    tap.check("grep reads what grep read, and no script", b"Permission denied" in own.stdout and own.returncode != 0,
              own.stdout.decode(errors="replace"))
    found = denials(reader, label, mark)
    wanted = f'profile="{label}///usr/bin/grep" name="/srv/job/helper.py"'
    tap.check("its child refused it", any(wanted in record for record in found), found[:10])
    # The shell may read the secret: a redirection hands grep a descriptor that it has no rule for.
    mark = reader.mark()
    given = subprocess.run(under(label, "/bin/sh", "-c", "read -r x < /srv/job/secret; echo got $x; grep -c t /srv/job/secret"),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    found = denials(reader, label, mark)
    tap.check("what the label itself may read, a child may not",
              b"got hunter2" in given.stdout and b"Permission denied" in given.stdout
              and any(f'profile="{label}///usr/bin/grep" name="/srv/job/secret"' in record for record in found),
              given.stdout.decode(errors="replace"), found[:10])


def check_killed(tap, label):
    process = subprocess.Popen(under(label, "/bin/sh", "-c", "sleep 60 & wait"))
    time.sleep(2)
    child = subprocess.run(["pgrep", "-x", "sleep"], stdout=subprocess.PIPE, timeout=60, check=False).stdout.split()
    killed = subprocess.run(["kill", "-9", *child], timeout=60, check=False).returncode if child else None
    process.wait(30)
    tap.check("a task in a child can be killed from outside", killed == 0, child)


def check_no_new_privs(tap, reader, out):
    label = "k8s-nnp"
    wrap = ("setpriv", "--no-new-privs")
    learned = Learned(out, label, wrap)
    tap.check("with no_new_privs the job is learned too", all(run.returncode == 0 for run in learned.runs),
              [run.stdout.decode(errors="replace") for run in learned.runs])
    tap.check("its programs keep the profile, and that is said", " cx " not in learned.text
              and "no_new_privs" in learned.notes[1], learned.notes[1])
    learned.enforce()
    mark = reader.mark()
    run = job(label, wrap=wrap)
    found = denials(reader, label, mark)
    tap.check("enforced, nothing is denied", run.returncode == 0 and found == [], run.stdout.decode(errors="replace"), found[:10])


def main():
    out = pathlib.Path(sys.argv[1]) / "children"
    out.mkdir()
    tap = tap_module.Tap()
    reader = audit.Reader(out / "records.log")
    reader.start()
    prepare()
    label = "k8s-job"
    try:
        learned = Learned(out, label)
        check_learned(tap, learned)
        check_newer_abi(tap, learned, label)
        check_enforced(tap, reader, learned, label)
        check_refusals(tap, reader, label)
        check_killed(tap, label)
        check_no_new_privs(tap, reader, out)
    except Exception:  # what was found is told
        tap.crash("children")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
