# SPDX-License-Identifier: GPL-2.0-or-later
# What a terminal of 80 and of 120 columns shows, with its colours, is what tests/screens/golden has. "make update-golden" captures anew;
# read the difference before you keep it. script/screens draws the pictures of the documents from the same captures.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'
command -v tmux > /dev/null || skip_all 'tmux is not installed'
golden=$AAKIT_SRCDIR/tests/screens/golden
socket=$scratch/tmux.sock
ROWS=300

terminal() { tmux -f /dev/null -S "$socket" "$@"; }

# The server is this test's own.
# shellcheck disable=SC2317  # called by a trap
end_terminal() {
  terminal kill-server 2> /dev/null
  drop_scratch
}
trap end_terminal EXIT

# Commands that wait until their terminal has that many columns: tmux takes its time.
as_wide() { echo "until [ \"\$(stty size)\" = '$ROWS $1' ]; do sleep 0.05; done; clear"; }

# run_in COLUMNS COMMAND: runs it on a terminal of that width, in a fresh copy of what was set up.
run_in() {
  rm -rf "$scratch/here"
  cp -a "$scratch/set-up" "$scratch/here"
  terminal resize-window -t screens -x "$1" -y "$ROWS"
  terminal respawn-pane -k -t screens -c "$scratch/here" "$(as_wide "$1"); $2; sleep 60"
}

# The command $1, and what is on the terminal, without blanks at ends.
shown() { { echo "\$ $1" && terminal capture-pane -p -e -t screens; } | sed 's/[[:space:]]*$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

# capture NAME COLUMNS COMMAND: what COMMAND leaves on a terminal of that width, in a fresh copy of what was set up; it took 0.0 ms.
capture() {
  run_in "$2" "( $3 ); printf 'exit %s\n' \$?; tmux -S '$socket' wait-for -S shown"
  timeout "$LIMIT" tmux -S "$socket" wait-for shown || return
  shown "$3" | sed -E 's/in [0-9]+\.[0-9] ms$/in 0.0 ms/' > "$scratch/captured/$1.$2.txt"
}

# capture_live NAME COLUMNS TEXT COMMAND: what is on a terminal of that width while COMMAND runs, once TEXT is there; times are
# 00:00, but those of draw-live, which are always the same.
capture_live() {
  local end=$((SECONDS + LIMIT)) times='s/[0-9]{2}(:[0-9]{2}){1,2}/00:00/'
  [[ $4 != ./draw-live* ]] || times=
  run_in "$2" "$4"
  until terminal capture-pane -p -t screens | grep -qF -- "$3"; do
    [ "$SECONDS" -lt "$end" ] || return
    sleep 0.1
  done
  shown "$4" | sed -E "$times" > "$scratch/captured/$1.$2.txt"
  terminal respawn-pane -k -t screens 'sleep 60'
}

# judge NAME COLUMNS: what was captured is what is golden.
judge() {
  result $? "$1 at $2 columns is shown"
  [ "${AAKIT_UPDATE_GOLDEN:-}" != 1 ] || cp "$scratch/captured/$1.$2.txt" "$golden/"
  diff -u "$golden/$1.$2.txt" "$scratch/captured/$1.$2.txt" > "$scratch/diff"
  result $? "$1 at $2 columns: as it was" || head -n 30 "$scratch/diff" | cat -v | diag
}

mkdir -p "$scratch/set-up" "$scratch/captured"
cd "$scratch/set-up" || exit 1
# shellcheck source=tests/screens/setup
. "$AAKIT_SRCDIR/tests/screens/setup"
cd "$scratch" || exit 1
unset NO_COLOR TMUX
LC_ALL=C.UTF-8 terminal new-session -d -s screens -x 80 -y "$ROWS" 'sleep 60' \; set -g status off \; set -g window-size manual
while read -r name command; do
  [[ -n $name && $name != '#'* ]] || continue
  for columns in 80 120; do
    capture "$name" "$columns" "$command"
    judge "$name" "$columns"
  done
done < "$AAKIT_SRCDIR/tests/screens/commands"
while IFS='|' read -r name text command; do
  [[ -n $name && $name != '#'* ]] || continue
  for columns in 80 120; do
    capture_live "$name" "$columns" "$text" "$command"
    judge "$name" "$columns"
  done
done < "$AAKIT_SRCDIR/tests/screens/live"
stale=$(cd "$golden" && for file in *.txt; do [ -e "$scratch/captured/$file" ] || echo "$file"; done)
[ -z "$stale" ]
result $? 'every golden screen has a command' || echo "$stale" | diag
python3 "$AAKIT_SRCDIR/script/screens" --check > "$scratch/pictures" 2>&1
result $? 'the pictures of the documents are those of the golden screens' || diag < "$scratch/pictures"
finish
