# SPDX-License-Identifier: GPL-2.0-or-later
"""Storms whose size is known: what is heard and what is reported lost are together what was made."""

import os
import pathlib
import signal
import subprocess
import threading
import time

import audit
import forgeries
import node
from recording import LABEL, Recording, under

STORM = "/var/lib/hear/storm-file"
DEFAULT_LIMIT = 64
STORM_UNDER_ROTATION = 200


def storm(count):
    return under(LABEL, "/job/storm", STORM, str(count))


def check_account(tap, what, recording, made, at_least=1):
    """Events and losses sum up to what was made, and the exit code agrees."""
    accounted = recording.events + recording.lost
    tap.check(f"{what}: what is reported lost is what was lost",
              accounted == made and recording.lost >= at_least and (recording.lost > 0) == (recording.code == 3),
              f"made {made}, heard {recording.events}, reported lost {recording.lost}", recording.notes())


def quiet_events(tap, out):
    """How many events a storm of none makes beside its one open."""
    with Recording(out, "quiet") as quiet:
        subprocess.run(storm(0), check=True, timeout=60)
    tap.check("a quiet run loses nothing", quiet.code == 0 and quiet.lost == 0 and quiet.count(STORM) == 1, quiet.notes())
    return quiet.events - quiet.count(STORM)


def check_raised(tap, out):
    with Recording(out, "raised") as raised:
        subprocess.run(storm(50000), check=True, timeout=300)
    tap.check("a storm of 50,000 opens with raised limits: every one is counted, none lost",
              raised.code == 0 and raised.lost == 0 and raised.count(STORM) == 50001,
              f"counted {raised.count(STORM)} of 50001", raised.notes())
    with Recording(out, "stopped") as stopped:
        stopped.process.send_signal(signal.SIGSTOP)
        subprocess.run(storm(20000), check=True, timeout=300)
        stopped.process.send_signal(signal.SIGCONT)
    tap.check("a reader that was stopped meanwhile still has all of 20,000",
              stopped.code == 0 and stopped.lost == 0 and stopped.count(STORM) == 20001,
              f"counted {stopped.count(STORM)} of 20001", stopped.notes())


def check_default(tap, out, base):
    with Recording(out, "defaults", "--keep-limits") as defaults:
        subprocess.run(storm(50000), check=True, timeout=300)
    check_account(tap, "a storm of 50,000 with the kernel's default limits", defaults, 50001 + base)
    with Recording(out, "defaults-stopped", "--keep-limits") as stopped:
        stopped.process.send_signal(signal.SIGSTOP)
        subprocess.run(storm(5000), check=True, timeout=300)
        stopped.process.send_signal(signal.SIGCONT)
    check_account(tap, "a stopped reader with the kernel's default limits", stopped, 5001 + base)


def check_limit(tap, out):
    """The backlog limit afterwards: of one recording, of two at once, and of one that was killed."""
    tap.check("the backlog limit is what it was", audit.backlog_limit() == DEFAULT_LIMIT, str(audit.backlog_limit()))
    with Recording(out, "limit-outer") as outer:
        with Recording(out, "limit-inner"):
            pass
        between = audit.backlog_limit()
        outer.process.kill()
        outer.process.wait()
        killed = audit.backlog_limit()
        with Recording(out, "limit-after"):
            pass
    tap.check("it stays raised until the last of two recordings ends; one that is killed leaves it to the next",
              between > DEFAULT_LIMIT and killed > DEFAULT_LIMIT and audit.backlog_limit() == DEFAULT_LIMIT,
              f"{between}, {killed}, {audit.backlog_limit()}")


def check_kmsg(tap, out, base):
    """Without auditd the kernel prints its records, ten in five seconds by default."""
    ratelimit = pathlib.Path("/proc/sys/kernel/printk_ratelimit")
    before = ratelimit.read_text()
    audit.set_backlog_limit(65536)
    # What the kernel has suppressed up to now is told with the next record after five seconds.
    time.sleep(6)
    subprocess.run(storm(0), check=True, timeout=60)
    time.sleep(6)
    with Recording(out, "kmsg-limited", "--source", "kmsg") as limited:
        subprocess.run(storm(2000), check=True, timeout=120)
        time.sleep(6)  # the next record makes the kernel say how many it suppressed
        subprocess.run(storm(0), check=True, timeout=60)
    check_account(tap, "the kernel's log with its rate limit", limited, 2001 + 1 + 2 * base)
    ratelimit.write_text("0")
    with Recording(out, "kmsg", "--source", "kmsg") as kmsg:
        subprocess.run(storm(500), check=True, timeout=120)
        forgeries.forge(tap)
    ratelimit.write_text(before)
    audit.set_backlog_limit(DEFAULT_LIMIT)
    tap.check("without the limit all of 500 are heard, and nothing that user space wrote there",
              kmsg.code == 0 and kmsg.count(STORM) == 501 and "/forged" not in kmsg.state,
              f"counted {kmsg.count(STORM)} of 501", kmsg.notes())


def start_auditd():
    pathlib.Path("/var/log/audit").mkdir(exist_ok=True)
    subprocess.run(["auditd"], check=True, timeout=30)
    return int(node.wait_for("auditd", lambda: pathlib.Path("/run/auditd.pid").exists()
                             and pathlib.Path("/run/auditd.pid").read_text().strip(), 30))


def stop_auditd(pid):
    os.kill(pid, signal.SIGTERM)
    node.wait_for("auditd's end", lambda: not pathlib.Path(f"/proc/{pid}").exists(), 30)
    pathlib.Path("/run/auditd.pid").unlink(missing_ok=True)


def auditd_text():
    return "".join(path.read_text(errors="replace") for path in pathlib.Path("/var/log/audit").glob("audit.log*"))


def auditd_lines():
    """The storms' records in auditd's files; it may be far behind its kernel."""
    return [line for line in auditd_text().split("\n") if line.startswith("type=AVC ") and STORM in line]


def settled(read, wanted):
    """What READ comes to: WANTED, or what it has been for ten seconds; waits for two minutes at most."""
    value, since, begun = read(), time.monotonic(), time.monotonic()
    while value < wanted and time.monotonic() - since < 10 and time.monotonic() - begun < 120:
        time.sleep(1)
        last, value = value, read()
        since = since if value == last else time.monotonic()
    return value


def storm_on(over, made):
    """Storms, one after the other, until the event OVER is set; appends to MADE what each made."""
    while not over.is_set():
        subprocess.run(storm(STORM_UNDER_ROTATION), check=True, timeout=120)
        made.append(STORM_UNDER_ROTATION + 1)
        time.sleep(0.1)  # auditd's files have room for so many


def check_rotation(tap, out, pid):
    before, made, over = set(auditd_lines()), [], threading.Event()
    with Recording(out, "auditd", "--source", "audit-log") as log:
        load = [threading.Thread(target=storm_on, args=(over, made)) for _ in range(2)]
        for thread in load:
            thread.start()
        for _ in range(4):  # auditd keeps five files
            time.sleep(0.5)
            os.kill(pid, signal.SIGUSR1)
        over.set()
        for thread in load:
            thread.join()
        written = settled(lambda: len(set(auditd_lines()) - before), sum(made))
        forgeries.forge(tap)
    tap.check("auditd's log is followed across rotations under load: each record is counted once, or missing and lost",
              exact_or_told(log, sum(made)) and (log.code == 3 or written == sum(made)),
              f"counted {log.count(STORM)} of {sum(made)}, reported lost {log.lost}, auditd wrote {written}", log.notes())
    text = auditd_text()
    tap.check("what user space sent is in that log, and no event", "/forged" in text and "/forged" not in log.state,
              [line for line in text.split("\n") if "/forged" in line][:6])


def exact_or_told(run, made):
    """All were counted; or those that are missing, and the verdict says so."""
    counted = run.count(STORM)
    return (run.code == 0 and run.lost == 0 and counted == made) or (run.code == 3 and 0 < made - counted <= run.lost)


def check_slow(tap, out, pid):
    """auditd is stopped when the recording ends."""
    with Recording(out, "slow", "--source", "audit-log") as slow:
        os.kill(pid, signal.SIGSTOP)
        subprocess.run(storm(20), check=True, timeout=60)
        threading.Timer(4, os.kill, (pid, signal.SIGCONT)).start()
    tap.check("what auditd has not written yet at the end is waited for",
              slow.code == 0 and slow.lost == 0 and slow.count(STORM) == 21, f"counted {slow.count(STORM)} of 21", slow.notes())
    with Recording(out, "stuck", "--source", "audit-log") as stuck:
        subprocess.run(storm(5), check=True, timeout=60)
        time.sleep(2)
        os.kill(pid, signal.SIGSTOP)
        subprocess.run(storm(20), check=True, timeout=60)
    os.kill(pid, signal.SIGCONT)
    tap.check("what it does not write in time is told of", stuck.code == 3 and stuck.lost > 0
              and "auditd has not written them" in stuck.stderr, stuck.notes())


def check_dropped(tap, out, pid):
    """Records that auditd is too slow for: the kernel drops them at its next one, uncounted, and auditd never knows."""
    for storms in ([100], [1000, 10]):
        with Recording(out, f"dropped-{len(storms)}", "--source", "audit-log") as dropped:
            os.kill(pid, signal.SIGSTOP)
            for count in storms:
                subprocess.run(storm(count), check=True, timeout=60)
                time.sleep(5)
            os.kill(pid, signal.SIGCONT)
        made = sum(storms) + len(storms)
        tap.check(f"{made} records that auditd was too slow for: each is counted, or missing and lost", exact_or_told(dropped, made),
                  f"counted {dropped.count(STORM)} of {made}, reported lost {dropped.lost}", dropped.notes())


def check_restart(tap, out, pid):
    """What came while there was no auditd is not in its log."""
    with Recording(out, "restarted", "--source", "audit-log") as restarted:
        subprocess.run(storm(5), check=True, timeout=60)
        time.sleep(2)
        stop_auditd(pid)
        subprocess.run(storm(20), check=True, timeout=60)
        pid = start_auditd()
        subprocess.run(storm(5), check=True, timeout=60)
    tap.check("auditd is restarted: what came in between is missing and lost",
              restarted.count(STORM) >= 6 and exact_or_told(restarted, 33),
              f"counted {restarted.count(STORM)} of 33, reported lost {restarted.lost}", restarted.notes())
    with Recording(out, "gone", "--source", "audit-log") as gone:
        subprocess.run(storm(5), check=True, timeout=60)
        time.sleep(2)
        stop_auditd(pid)
        subprocess.run(storm(20), check=True, timeout=60)
    tap.check("auditd is gone at the end: that is told of", gone.code == 3 and gone.lost > 0 and "no audit daemon" in gone.stderr,
              gone.notes())
    return start_auditd()


def check_auditd(tap, out):
    """auditd's log, rotated by auditd itself while it is followed."""
    pid = start_auditd()
    try:
        check_slow(tap, out, pid)
        check_dropped(tap, out, pid)
        pid = check_restart(tap, out, pid)
        check_rotation(tap, out, pid)
        with Recording(out, "beside") as beside:
            subprocess.run(storm(300), check=True, timeout=120)
        tap.check("the multicast group has them all beside auditd",
                  beside.code == 0 and beside.lost == 0 and beside.count(STORM) == 301,
                  f"counted {beside.count(STORM)} of 301", beside.notes())
    finally:
        os.kill(pid, signal.SIGTERM)


def check(tap, out):
    pathlib.Path(STORM).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(STORM).write_text("x")
    audit.set_backlog_limit(DEFAULT_LIMIT)
    base = quiet_events(tap, out)
    check_raised(tap, out)
    check_limit(tap, out)
    check_default(tap, out, base)
    check_kmsg(tap, out, base)
    check_auditd(tap, out)
