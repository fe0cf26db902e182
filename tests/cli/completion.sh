# SPDX-License-Identifier: GPL-2.0-or-later
# The completions in shells of their own: one table of command lines and of what bash, zsh and fish are to offer for each.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
mkdir -p sub profiles
: > some.log
: > profiles/k8s-web

# offers WANTED WORD...: exactly these words, blank-separated, are to be offered for the last word, in any order, by every shell.
offers() {
  local wanted
  wanted=$(tr ' ' '\n' <<< "$1" | sed '/^$/d' | LC_ALL=C sort -u | paste -sd ' ')
  shift
  printf '%s\n' "$wanted" >> "$scratch/wanted"
  # = needs no blanks around it: bash makes words of it by itself.
  local line="$*"
  printf '%s\n' "${line// = /=}" | sed 's/ =$/=/' >> "$scratch/lines"
}

# judge SHELL: one test a line.
judge() {
  local line wanted got
  if ! command -v "$1" > /dev/null; then
    skip "what $1 offers" "$1 is not installed"
    return
  fi
  timeout 300 python3 -B "$AAKIT_SRCDIR/tests/cli/complete.py" "$1" "$AAKIT_SRCDIR/completion" < "$scratch/lines" > "$scratch/got" 2> "$scratch/err"
  result $? "$1 answers" || diag < "$scratch/err"
  while IFS= read -r line && IFS= read -r wanted <&3 && IFS= read -r got <&4; do
    ok "$1: ${line//"$scratch"/SCRATCH}|" test "$wanted" = "$got"
    [ "$wanted" = "$got" ] || printf '# wanted: %s\n# got:    %s\n' "$wanted" "$got"
  done < "$scratch/lines" 3< "$scratch/wanted" 4< "$scratch/got"
}

# all_options PROGRAM VERB: every option of --help is offered, and no other.
all_options() {
  local wanted
  wanted=$("$1" "$2" --help | grep -oE '^  (-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | tr '\n' ' ')
  offers "$wanted" "$1" "$2" --
}

# verbs PROGRAM: those that --help lists.
verbs() {
  "$1" --help | sed -nE '1,/^Verbs:/d; s/^  ([a-z]+) .*/\1/p'
}

for program in aa-learn aa-compile aa-register; do
  for verb in $(verbs "$program"); do all_options "$program" "$verb"; done
done

offers 'record events profile show report patch merge diff check inspect seccomp doctor' aa-learn ''
offers 'profile' aa-learn pro
offers '--pod --profile' aa-learn --p
offers '--for' aa-learn record --fo
offers 'auto always never' aa-learn --color ''
offers 'always' aa-compile --color = al
offers 'auto always never' aa-register --color =
offers 'auto netlink audit-log journald kmsg' aa-learn --source ''
offers '3.0 4.0 4.0-ip' aa-learn --abi ''
offers 'type address' aa-learn --network ''
offers 'inherit child' aa-learn --exec ''
offers 'baseline restricted' aa-learn inspect --level ''
offers '' aa-learn inspect --pid ''
offers 'some.log sub profiles' aa-learn show ''
offers '' aa-learn show --why ''
offers '--until-stable' aa-learn record --un
offers '' aa-learn record --until-stable ''
offers 'sub profiles' aa-learn --root ''
offers 'some.log sub profiles' aa-learn --profile x --input ''
offers 'profiles sub' aa-learn --pod web -o ''
offers '' aa-learn --pod web --for ''
offers 'some.log sub profiles' aa-learn profile --base ''
offers 'sub profiles' aa-compile --base ''
offers 'sub profiles' aa-learn check --base ''
offers 'some.log sub profiles' aa-learn merge ''
offers 'some.log sub profiles' aa-learn patch ''
offers 'some.log sub profiles' aa-learn report ''
offers 'some.log' aa-learn report x -o so
offers 'some.log' aa-learn report x --against so
offers 'some.log' aa-learn report x --profile so
offers 'sub profiles' aa-learn report x --rootfs ''
offers 'some.log' aa-compile report -o so
offers 'some.log' aa-learn patch x -o so
offers '1.29 1.30' aa-learn patch --kubernetes ''
offers 'some.log sub profiles' aa-learn diff some.log ''
offers 'some.log sub profiles' aa-learn check profiles/k8s-web ''
offers 'some.log sub profiles' aa-learn check x --input ''
offers 'some.log' aa-learn merge sub -o so
offers 'some.log' aa-learn merge --from so
offers 'some.log sub profiles' aa-learn seccomp ''
offers 'some.log sub profiles' aa-learn seccomp x -o ''
offers 'k8s-web' aa-learn --root "$NODE" seccomp --log-profile k8s
offers 'k8s-web' aa-learn --root "$NODE" --profile k8s
offers 'k8s-web' aa-learn --root = "$NODE" --profile ''
offers "$(grep -ohE 'sandbox-name": *"[^"]*' "$NODE"/run/containerd/*/k8s.io/*/config.json | sed 's/.*"//' | sort -u)" \
  aa-learn --root "$NODE" --pod ''
offers 'web' aa-learn --root "$NODE" --pod web -c w
offers 'default' aa-learn --root "$NODE" --pod web -n ''
offers 'profiles' aa-compile pro
offers 'build' aa-compile bu
offers 'note warning error' aa-compile check --fail-on ''
offers 'some.log' aa-compile features --output some
offers 'list' aa-compile features lis
offers 'some.log' aa-compile score some
offers '' aa-compile score --threshold ''
offers 'sub' aa-compile build -o su
offers 'k8s-web' aa-register --root "$NODE" rm ''
offers 'k8s-web' aa-register --root "$NODE" --adopt ''
offers 'k8s-web' aa-register status --root "$NODE" ''
offers 'rm' aa-register rm
offers '' aa-learn --root "$scratch/nothere" --profile ''

for shell in bash zsh fish; do judge $shell; done

# Of every value and argument all shells think alike.
for program in aa-learn aa-compile aa-register; do
  for verb in $(verbs "$program"); do
    printf '%s\n' "$program $verb " "$program --root $NODE $verb "
    "$program" "$verb" --help | sed -nE "s/^  (-[a-z], )?(--[a-z-]+)=.*/$program $verb \2 /p"
  done
done | sort -u > "$scratch/lines"
for shell in bash zsh fish; do
  command -v "$shell" > /dev/null || continue
  python3 -B "$AAKIT_SRCDIR/tests/cli/complete.py" "$shell" "$AAKIT_SRCDIR/completion" < "$scratch/lines" > "$scratch/all.$shell"
  result $? "$shell answers for $(wc -l < "$scratch/lines") arguments and values"
  diff "$scratch/all.bash" "$scratch/all.$shell" > "$scratch/out"
  result $? "as bash does: $shell" || paste -d ' ' "$scratch/lines" "$scratch/all.$shell" | diag
done
ok 'and there is much to think of' test "$(grep -c . "$scratch/all.bash")" -gt 50

# The same with a terminal and the Tab key.
timeout "$LIMIT" python3 - "$AAKIT_SRCDIR/completion" > "$scratch/out" 2> "$scratch/err" << 'PYTHON'
import os, pty, select, sys, time

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="> ", HISTFILE="/dev/null")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = b""

def expect(text):
    global seen
    end = time.monotonic() + 10
    while text not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)
    if text not in seen:
        sys.exit(f"{text!r} did not come: {seen!r}")
    seen = b""

os.write(terminal, f". {sys.argv[1]}/aa-learn; . {sys.argv[1]}/aa-register; echo rea''dy\n".encode())
expect(b"ready")
os.write(terminal, b"aa-learn record --state\t")
expect(b"--state-only ")
os.write(terminal, b"\x15aa-register --color=al\t")
expect(b"--color=always ")
os.write(terminal, b"\x15exit\n")
os.waitpid(pid, 0)
PYTHON
result $? 'the Tab key in an interactive bash'
finish
