# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the command line tests: TAP on stdout, a scratch directory, and runs whose output is kept.
# shellcheck shell=bash
set -u
: "${AAKIT_SRCDIR:?}" "${AAKIT_BUILDDIR:?}"
export PATH="$AAKIT_BUILDDIR:$PATH" LC_ALL=C
umask 022 # what others can write to is no policy
scratch=$(mktemp -d) || exit 1
# A test with more to end traps EXIT itself, and calls this last.
drop_scratch() {
  chmod -R u+w "$scratch" 2>/dev/null
  rm -rf "${scratch:?}"
}
trap drop_scratch EXIT
cd "$scratch" || exit 1
: > "$scratch/out"
: > "$scratch/err"
count=0

# ok DESCRIPTION COMMAND...: one test, passed when the command succeeds; shows the last run's output when not.
ok() {
  local description=$1
  shift
  count=$((count + 1))
  if "$@"; then
    printf 'ok %d - %s\n' "$count" "$description"
  else
    printf 'not ok %d - %s\n' "$count" "$description"
    head -n 40 "$scratch/out" | cut -c 1-300 | sed 's/^/# out: /'
    head -n 40 "$scratch/err" | cut -c 1-300 | sed 's/^/# err: /'
  fi
}

# skip DESCRIPTION REASON: one test that is not made.
skip() {
  count=$((count + 1))
  printf 'ok %d - %s # SKIP %s\n' "$count" "$1" "$2"
}

# gives CODE COMMAND...: runs it, keeps its output in $scratch/out and err; succeeds when it exits with CODE.
gives() {
  local wanted=$1 code=0
  shift
  "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
  [ "$code" -eq "$wanted" ] || {
    echo "# exit code $code instead of $wanted: $*"
    return 1
  }
}

# documents_with TEST: the documents with commands that TEST runs. taken TEST DOCUMENT: these, as a console block.
documents_with() { python3 "$AAKIT_SRCDIR/tests/cli/commands.py" documents "$AAKIT_SRCDIR" "$1"; }
taken() { python3 "$AAKIT_SRCDIR/tests/cli/commands.py" take "$AAKIT_SRCDIR" "$1" "$2"; }

out_has() { grep -qF -- "$1" "$scratch/out"; }
err_has() { grep -qF -- "$1" "$scratch/err"; }

# fits DESCRIPTION: what the last run printed is one document that fits the schema that ships, and damage to it does not.
fits() {
  local code=0
  python3 "$AAKIT_SRCDIR/tests/cli/documents.py" "$AAKIT_SRCDIR/profiles/schema" "$scratch/out" > "$scratch/misfits" || code=$?
  if [ "$code" -eq 77 ]; then
    skip "$1" 'a Python module is missing'
  else
    [ "$code" -eq 0 ] || head -n 20 "$scratch/misfits"
    ok "$1" test "$code" -eq 0
  fi
  rm -f "$scratch/misfits"
}

# What the programs wrote as a state fits the schema that ships.
check_states() {
  local code=0
  find "$scratch" -name '*.learned.yaml' -type f 2> /dev/null | grep -q . || return
  python3 "$AAKIT_SRCDIR/tests/cli/states.py" "$AAKIT_BUILDDIR/aa-learn" "$AAKIT_SRCDIR/profiles/schema/learned-1.json" \
    "$scratch" || code=$?
  if [ "$code" -eq 77 ]; then
    skip 'the states fit their schema' 'a Python module is missing'
  else
    ok 'the states fit their schema' test "$code" -eq 0
  fi
}

finish() {
  check_states
  printf '1..%d\n' "$count"
}

skip_all() {
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}

# Whether the programs are one file each, which load nothing else.
are_static() { grep -q -- --enable-static-programs "$AAKIT_BUILDDIR/config.status"; }

# Makes the directory form of a flat feature set.
unfold_features() {
  awk -v top="$2" '
    function put(depth,   i, path) {
      path = top
      for (i = 1; i <= depth; i++) path = path "/" name[i]
      return path
    }
    {
      line = $0
      while (match(line, /[{}]/)) {
        head = substr(line, 1, RSTART - 1); brace = substr(line, RSTART, 1); line = substr(line, RSTART + 1)
        if (brace == "{") {
          sub(/^ +/, "", head); sub(/ +$/, "", head); name[++depth] = head
          if (line !~ /[{]/) { printf "%s\n", line > "/dev/null"; leaf = line; system("mkdir -p \"" put(depth - 1) "\"");
            file = put(depth); printf "%s\n", leaf > file; close(file); line = "" }
        } else depth--
      }
    }' "$1"
}

# A node whose kernel has AppArmor (Debian 12) and no profile: make_node DIR
make_node() {
  local security=$1/sys/kernel/security/apparmor
  mkdir -p "$1/sys/module/apparmor/parameters" "$security/policy/profiles" "$1/proc/1"
  echo Y >"$1/sys/module/apparmor/parameters/enabled"
  echo init >"$1/proc/1/comm"
  echo 3 >"$security/revision"
  : >"$security/profiles"
  : >"$security/.replace"
  unfold_features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1" "$security/features"
}

# put_profile FILE NAME FLAGS PATH
put_profile() {
  printf 'abi <abi/3.0>,\nprofile %s %s {\n  %s r,\n}\n' "$2" "$3" "$4" >"$1"
}

have_parser() {
  local dir
  for dir in /sbin /usr/sbin /usr/bin /usr/local/sbin; do
    [ -x "$dir/apparmor_parser" ] && [ -e /etc/apparmor.d/abi/3.0 ] && return 0
  done
  return 1
}
