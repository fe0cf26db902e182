# SPDX-License-Identifier: GPL-2.0-or-later
"""An enforced profile by hand, refined from what it denies, guest side.

Usage: refine.py OUT. Writes TAP to stdout. The web server runs under a profile that serves its first pages only; what it
is asked for beside them is denied, heard by aa-learn on the node, and joins the text.
"""

import pathlib
import re
import subprocess
import sys
import time

import audit
import node
import tap as tap_module
import workloads
from recording import Recording

LABEL = "k8s-web"
# Comments that look like rules, odd blanks, rules in no order, includes, a variable, a deny rule that stays.
BY_HAND = """# The profile of the web team, by hand; } is no brace here, nor is this an end: profile x {
abi <abi/3.0>,
include <tunables/global>

@{HTML} = /var/www/html     # what it serves

profile   k8s-web   flags=(attach_disconnected,mediate_deleted) {
  include <abstractions/base>
  include if exists <local/k8s-web>
  # the master gives its rights up
  capability setuid,  capability setgid,
  capability chown,

  network inet stream,   # it listens
  network unix stream,
    /usr/** mr,
  /etc/nginx/{,**}     r,
  /etc/{passwd,group,nsswitch.conf} r,   # /etc/shadow is none of its business:
  audit deny /etc/shadow rwklx,
  /run/nginx.pid rw,
  owner /var/log/nginx/*.log w,
  /var/lib/nginx/{,**} rw,
  @{HTML}/{index,about}.html r,
  signal (receive) peer={unconfined,runc,crun},
  # the end }
}
"""
ROUNDS = 4  # what is denied first hides what would follow it
SERVED = ("/index.html", "/about.html")
DENIED = ("/docs/install.html", "/css/print.css", "/img/photo.png", "/faq.html")
# By the shell itself: what it would run is none of the profile's either.
READ = "for file in /other-volume/secret /etc/shadow; do read -r line < $file && echo $line; done"
SHELL = ["sh", "-c", "ls / > /dev/null && id > /dev/null && echo done"]


def load(path):
    subprocess.run(["apparmor_parser", "-rK", str(path)], check=True, timeout=60)


def visit(web):
    """All that the web server is asked for; what came of it."""
    answers = {path: web.request("GET", path) for path in SERVED + DENIED}
    answers["upload"] = web.request("POST", "/upload", b"x" * 150_000)
    answers["shell"] = web.client.execute(web.container, SHELL)[1].strip()
    web.reload()
    return answers


class Denials:
    """What the kernel denies to the label from now on."""

    def __init__(self, reader):
        self.reader = reader
        self.since = reader.mark()

    def list(self):
        time.sleep(2)
        return self.reader.of_label(LABEL, self.since)


def without_block(text):
    """The text without what was learned, and how many blocks there were."""
    return re.subn(r"^[^\n]*# learned: begin.*?# learned: end[^\n]*\n", "", text, flags=re.DOTALL | re.MULTILINE)


def refine(out, web, base):
    """One recording of what the base denies; the recording and the text that came of it."""
    with Recording(out, "refined", "--base", str(base), label=LABEL) as recording:
        time.sleep(2)
        visit(web)
    return recording, recording.dir / LABEL


def check_rounds(tap, out, reader, web, base):
    """Refines until nothing is denied; returns what was served then."""
    by_hand = base.read_text()
    for number in range(1, ROUNDS + 1):
        recording, base = refine(out, web, base)
        tap.check(f"round {number}: the denials are heard, and none is lost", recording.code == 0 and recording.lost == 0,
                  recording.notes())
        rest, blocks = without_block(base.read_text())
        tap.check(f"round {number}: what was learned is one block, and every other byte is as it was", rest == by_hand and blocks == 1,
                  base.read_text())
        load(base)
        denials = Denials(reader)
        answers = visit(web)
        if not denials.list():
            break
    return answers, denials.list(), number


def check_refined(tap, answers, denials, rounds):
    tap.check(f"after round {rounds} the refined profile denies nothing", denials == [], denials[:10])
    wrong = {what: got for what, got in answers.items() if got not in (200, 201, 204, "done")}
    tap.check("and the pod does all that it did not do before", not wrong, answers)


def check_refused(tap, reader, web):
    denials = Denials(reader)
    _, out, err = web.client.execute(web.container, ["sh", "-c", READ])
    names = " ".join(denials.list())
    tap.check("what it never did is refused as before", "of another service" not in out and 'name="/other-volume/secret"' in names,
              out, err, names)
    tap.check("and what the deny rule is for", 'name="/etc/shadow"' in names and "root:" not in out, names)


def main():
    out = pathlib.Path(sys.argv[1])
    tap = tap_module.Tap()
    reader = audit.Reader(out / "records.log")
    reader.start()
    base = out / "by-hand"
    base.write_text(BY_HAND)
    load(base)
    _, client = node.start_containerd()
    web = workloads.Web(client)
    try:
        web.prepare("2026_11_22_10_00_00.123456789")
        web.create("x2x9k", LABEL)
        denials = Denials(reader)
        before = visit(web)
        tap.check("the profile by hand lets the pod serve its first pages", all(before[path] == 200 for path in SERVED), before)
        tap.check("and denies it the rest", all(before[path] != 200 for path in DENIED) and before["shell"] != "done"
                  and denials.list() != [], before)
        check_refined(tap, *check_rounds(tap, out, reader, web, base))
        tap.check("the profile is enforced", node.loaded_mode(LABEL) == "enforce")
        check_refused(tap, reader, web)
        web.delete()
    except Exception:  # what was found is told
        tap.crash("refine")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
