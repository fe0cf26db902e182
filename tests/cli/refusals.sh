# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the command line tests that judge refusals: bounded runs, also without any privilege and on a full disk, and
# whether they left everything as it was. AAKIT_SRCDIR is only read: make distcheck makes it read-only.
# shellcheck shell=bash disable=SC2034  # used by those who source this
# shellcheck source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
set -o pipefail
unset AAKIT_APPARMOR_PARSER AAKIT_APPARMOR_BASE AAKIT_SENSITIVE
export NO_COLOR=1 LC_ALL=C.UTF-8

# A copy where nobody can read it too: the checkout may lie in a home directory.
NODE=$scratch/recorded
cp -r "$AAKIT_SRCDIR/tests/nodes/web" "$NODE"
chmod -R u+w,a+rX "$NODE"
LOG=$NODE/var/log/audit/audit.log
NOBODY=65534
LIMIT=30 # seconds that one run may take

chmod 755 "$scratch"
mkdir "$scratch/work"
cd "$scratch/work" || exit 1

# result CODE NAME: one test, passed where CODE, the exit code of what was tried, is 0; returns it.
result() {
  ok "$2" test "$1" -eq 0
  return "$1"
}

diag() {
  sed 's/^/# /'
}

# run PROGRAM ARGS...: from the build tree, bounded, with the file $stdin as its input. Sets rc; leaves stdout and stderr in
# $scratch/out and $scratch/err.
stdin=/dev/null
run() {
  local program=$1
  shift
  rc=0
  timeout -k 5 "$LIMIT" "$AAKIT_BUILDDIR/$program" "$@" > "$scratch/out" 2> "$scratch/err" < "$stdin" || rc=$?
}

# The same as somebody without any privilege; the programs have to be where he can reach them.
run_as_nobody() {
  local program=$1 drop=()
  shift
  mkdir -p "$scratch/bin"
  [ -x "$scratch/bin/$program" ] || install -m 755 "$AAKIT_BUILDDIR/$program" "$scratch/bin/$program"
  [ "$(id -u)" -ne 0 ] || drop=(setpriv "--reuid=$NOBODY" "--regid=$NOBODY" --clear-groups --inh-caps=-all)
  rc=0
  timeout -k 5 "$LIMIT" "${drop[@]}" "$scratch/bin/$program" "$@" > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
}

# The same with files limited to $1 blocks of 1024 bytes: writing beyond fails as on a full disk.
run_on_full_disk() {
  local blocks=$1 program=$2
  shift 2
  rc=0
  (
    trap '' XFSZ
    ulimit -f "$blocks"
    exec timeout -k 5 "$LIMIT" "$AAKIT_BUILDDIR/$program" "$@"
  ) > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
}

# The same in a directory tiny/ of its own that is a file system of $1 KiB; what it leaves there is listed on stderr as
# "left: ...". Fails where no file system can be mounted.
run_on_tiny_disk() {
  local size=$1 program=$2
  shift 2
  mkdir -p tiny
  unshare -rm mount -t tmpfs -o "size=${size}k" tmpfs tiny 2> /dev/null || return
  rc=0
  # shellcheck disable=SC2016  # for the inner shell
  unshare -rm bash -c 'mount -t tmpfs -o "size=$0k" tmpfs tiny && "$@"; code=$?
    find tiny -mindepth 1 -printf "left: %p\n" >&2
    exit $code' "$size" timeout -k 5 "$LIMIT" "$AAKIT_BUILDDIR/$program" "$@" > "$scratch/out" 2> "$scratch/err" < /dev/null || rc=$?
}

# Every file below the directories, with its content: two of these are equal where nothing was written.
listing() {
  local dir
  for dir in "$@"; do
    find "$dir" -mindepth 1 -printf '%P %y %m %l\n' 2> /dev/null
    find "$dir" -type f -exec sha256sum {} + 2> /dev/null
  done | sort
}

# exits CODE NAME: judges the last run by its exit code.
exits() {
  local code=0
  [ "$rc" -eq "$1" ] || code=1
  result $code "$2" || echo "# exit code $rc instead of $1"
}

# says REGEX NAME: stderr of the last run has a line that matches; prints: stdout has.
says() {
  local code=0
  grep -qE -- "$1" "$scratch/err" || code=1
  result $code "$2" || echo "# no message like /$1/"
}

prints() {
  local code=0
  grep -qE -- "$1" "$scratch/out" || code=1
  result $code "$2" || echo "# no result like /$1/"
}

# judge CODE REGEX NAME BEFORE: the last run ended with CODE, named the reason on stderr, printed no result, and left
# the directories in $watch as BEFORE lists them.
judge() {
  local after wrong='' code=0
  after=$(listing "${watch[@]}")
  [ "$rc" -eq "$1" ] || wrong="exit code $rc instead of $1"
  grep -qE -- "$2" "$scratch/err" || wrong="$wrong; no message like /$2/"
  ! grep -qF '(null)' "$scratch/err" || wrong="$wrong; the message says (null)"
  ! [ -s "$scratch/out" ] || wrong="$wrong; something was printed on stdout"
  [ "$4" = "$after" ] || wrong="$wrong; files were left behind or changed"
  [ -z "$wrong" ] || code=1
  result $code "$3" && return
  echo "# ${wrong#; }"
  [ "$4" = "$after" ] || diff <(echo "$4") <(echo "$after") | diag
}

# refuses CODE REGEX NAME PROGRAM ARGS...: see judge.
watch=("$scratch/work")
refuses() {
  local code=$1 regex=$2 name=$3 before
  shift 3
  before=$(listing "${watch[@]}")
  run "$@"
  judge "$code" "$regex" "$name" "$before"
}

refuses_nobody() {
  local code=$1 regex=$2 name=$3 before
  shift 3
  before=$(listing "${watch[@]}")
  run_as_nobody "$@"
  judge "$code" "$regex" "$name" "$before"
}

refuses_on_full_disk() {
  local blocks=$1 code=$2 regex=$3 name=$4 before
  shift 4
  before=$(listing "${watch[@]}")
  run_on_full_disk "$blocks" "$@"
  judge "$code" "$regex" "$name" "$before"
}

# The last run on a tiny disk ended with 1, said that there is no space, and left nothing.
judge_tiny() {
  local code=0
  [ "$rc" -eq 1 ] && grep -q 'No space left on device' "$scratch/err" && ! grep -q '^left: ' "$scratch/err" || code=1
  result $code "$1"
}

# is_json SCHEMA NAME: stdout of the last run is one JSON document of that schema.
is_json() {
  local code=0
  python3 - "$1" "$scratch/out" << 'PYTHON' || code=1
import json, sys
document = json.load(open(sys.argv[2], encoding="utf-8"))
sys.exit(document.get("schema") != sys.argv[1])
PYTHON
  result $code "$2"
}

# A copy of the recorded node that may be changed.
copy_node() {
  rm -rf "$1"
  cp -r "$NODE" "$1"
  chmod -R u+w "$1"
}
