# SPDX-License-Identifier: GPL-2.0-or-later
# Reading a log on a terminal: progress that never wraps, Ctrl-C through the terminal, and a terminal that is as it was.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# on_terminal COLUMNS TERM ARGS...: aa-learn with the log on a pipe that stays open, on a terminal of that width and kind,
# until it drew something (or read it all), then Ctrl-C. Leaves every byte of the terminal in $scratch/out.
on_terminal() {
  rc=0
  timeout -k 5 "$LIMIT" python3 - "$LOG" "$@" > "$scratch/out" 2> "$scratch/err" << 'PYTHON' || rc=$?
import fcntl, os, pty, select, struct, sys, termios, time

log, columns, term, *args = sys.argv[1:]
inside, outside = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.close(outside)
    os.dup2(inside, 0)
    os.environ["TERM"] = term
    time.sleep(0.2)
    os.execvp("aa-learn", ["aa-learn", *args])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
before = termios.tcgetattr(terminal)
os.close(inside)
with open(log, "rb") as lines:
    os.write(outside, lines.read()[:60000].rpartition(b"\n")[0] + b"\n")
seen, end, asked = b"", time.monotonic() + 15, False
while time.monotonic() < end:
    if select.select([terminal], [], [], 0.2)[0]:
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            break
    elif not asked and (b"vents" in seen or b"Ctrl" in seen or time.monotonic() > end - 13):
        os.write(terminal, b"\x03")
        asked = True
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(seen)
if termios.tcgetattr(terminal) != before:
    sys.exit("the terminal is not as it was")
sys.exit(status)
PYTHON
}

# narrower COLUMNS: no line that was drawn is as wide as that; drawn lines are those with "events  (" or its beginning.
narrower() {
  tr '\r' '\n' < "$scratch/out" | sed 's/\x1b\[[0-9]*[AJ]//g' | grep -E '^[0-9][0-9]:[0-9]' > "$scratch/drawn" && ! grep -qE ".{$1}" "$scratch/drawn"
}

on_terminal 80 xterm --profile k8s-web --input - -o wide
exits 0 'Ctrl-C ends the reading of a pipe, in order' && [ -s wide/k8s-web.learned.yaml ]
result $? 'with a state'
narrower 80
result $? 'on a terminal of 80 columns a line is drawn, which fits'
on_terminal 12 xterm --profile k8s-web --input - -o narrow
narrower 12
result $? 'on a terminal of 12 columns too'
on_terminal 80 dumb --profile k8s-web --input - -o dumb
! grep -q $'\e' "$scratch/out"
result $? 'a dumb terminal gets no sequence'
on_terminal 80 xterm --profile k8s-web --input - -o quiet -q
! grep -q $'\e' "$scratch/out"
result $? 'nor does -q draw anything'
finish
