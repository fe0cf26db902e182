# SPDX-License-Identifier: GPL-2.0-or-later
# aa-register watch under random events: what it holds in the end, and that nothing of it grows. AAKIT_REPLAY_EVENTS: how
# many (script/bench watch takes 4320, one a minute for 72 hours); AAKIT_REPLAY_SEED: which.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
events=${AAKIT_REPLAY_EVENTS:-120}

# grown NAME SHARE MORE: TRUE where it grew by more than SHARE percent and MORE.
grown() { awk -v name="$1" -v share="$2" -v more="$3" '$1 == name && $3 > $2 * (1 + share / 100) + more { grown = 1 } END { exit !grown }' out; }
not_grown() { ! grown "$@"; }

make_node node
mkdir place
ok "after $events random events all is as wanted" gives 0 env -C place \
  python3 -B "$AAKIT_SRCDIR/tests/cli/replay.py" ../node "$events" "${AAKIT_REPLAY_SEED:-1}"
sed 's/^/# /' out
ok 'it has no more descriptors than before' not_grown descriptors 0 0
ok 'nor threads' not_grown threads 0 0
# A sanitizer keeps what was freed.
grep -q -- -fsanitize "$AAKIT_BUILDDIR/config.status" || ok 'nor memory' not_grown memory-KiB 10 2048
finish
