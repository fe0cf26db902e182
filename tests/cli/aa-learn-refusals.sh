# SPDX-License-Identifier: GPL-2.0-or-later
# aa-learn refuses what it cannot do: exit code, a message that says what and why, and nothing left behind.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

log=(--profile k8s-web --input "$LOG")

# --- the command line
refuses 2 'whom to learn from.*--pod' 'no options at all' aa-learn
refuses 2 "no verb 'recrd'.*'record'" 'a misspelt verb gets a suggestion' aa-learn recrd --pod web
refuses 2 '--profle.*--profile' 'a misspelt option gets a suggestion' aa-learn --profle x
refuses 2 'Unknown option --frobnicate' 'an unknown option' aa-learn --frobnicate
refuses 2 "'extra'" 'a word too many' aa-learn extra "${log[@]}"
for time in nonsense 0 -5 5y '' '1 0s' 1e3 99999999999999999999s; do
  refuses 2 '--for .*90s, 10m or 2h' "--for '$time'" aa-learn "${log[@]}" "--for=$time"
done
refuses 2 '--until-stable .*90s, 10m or 2h' "--until-stable '10y'" aa-learn "${log[@]}" --until-stable=10y
refuses 2 '--until-stable 10m: only for what is recorded live' 'a log has no time without news' aa-learn "${log[@]}" --until-stable 10m
refuses 2 '--until-stable 1: only' 'nor has a recorded node' aa-learn --pod web --root "$NODE" --until-stable 1
refuses 2 '--pod .*RFC 1123' 'a pod name with a blank' aa-learn --pod 'We b' --root "$NODE"
refuses 2 '--pod .*RFC 1123' 'a pod name that is a path' aa-learn --pod ../etc --root "$NODE"
refuses 2 '--container ' 'a container name with a slash' aa-learn --pod web -c a/b --root "$NODE"
refuses 2 'cannot be the name of a profile' 'a label that leads out of the directory' aa-learn --profile ../x --input "$LOG"
refuses 2 'exclude each other' '--input and --source together' aa-learn "${log[@]}" --source netlink
refuses 2 'netlink: given twice' 'a source twice' aa-learn --profile k8s-web --source netlink --source netlink
refuses 2 'auto stands alone' 'auto and another source' aa-learn --profile k8s-web --source netlink --source auto
refuses 2 'not with --root' 'several sources below a root' aa-learn --profile k8s-web --root "$NODE" --source kmsg --source audit-log
refuses 2 '--source foo' 'an unknown source' aa-learn --profile k8s-web --root "$NODE" --source foo
refuses 2 '--source netlink.*--root' 'the live source below a root' aa-learn --profile k8s-web --root "$NODE" --source netlink
mkdir empty broken
echo 'no library' > broken/libsystemd.so.0
if are_static; then
  refuses 1 'built without journald' 'a journal, by a program of one file' aa-learn --profile k8s-web --source journald=empty
else
  refuses 1 'nothere: No such file' 'a journal that is not there' aa-learn --profile k8s-web --source journald=nothere
  refuses 1 'no journal file in empty' 'a directory without a journal' aa-learn --profile k8s-web --source journald=empty
  LD_LIBRARY_PATH=$PWD/broken refuses 1 'libsystemd cannot be used: .*broken/libsystemd.so.0' 'a journal without libsystemd' \
    aa-learn --profile k8s-web --source journald=empty
fi
refuses 2 '--color=mauve' '--color with another word' aa-learn "${log[@]}" --color=mauve
refuses 2 'one state file' 'profile without a state' aa-learn profile
refuses 2 'one state file' 'profile with two states' aa-learn profile a b

# --- logs
refuses 1 'nothere.log: No such file' 'a log that is not there' aa-learn --profile k8s-web --input nothere.log
refuses 5 'is a directory' 'a log that is a directory' aa-learn --profile k8s-web --input "$scratch"
refuses 1 'nothing was learned.* 0 records' 'an empty log' aa-learn --profile k8s-web --input /dev/null
refuses 1 'nothing was learned: no event of k8s-none.*k8s-web' 'a label without events: those that had some are named' \
  aa-learn --profile k8s-none --input "$LOG"
install -m 000 /dev/null secret.log
mkdir -m 777 open
refuses_nobody 4 'secret.log: Permission denied' 'an unreadable log' aa-learn --profile k8s-web --input secret.log -o open

# --- where the files go
: > file
refuses 1 'file: ' 'an output directory that is a file' aa-learn "${log[@]}" -o file
refuses 1 '/proc/nope: ' 'an output directory that cannot be made' aa-learn "${log[@]}" -o /proc/nope
mkdir -m 555 closed
refuses_nobody 4 'closed: Permission denied' 'an output directory that is not writable' aa-learn "${log[@]}" -o closed
refuses_nobody 4 'Permission denied' 'an output directory in a place that is not writable' aa-learn "${log[@]}" -o closed/new
mkdir full
refuses_on_full_disk 2 1 'full: ' 'no room for anything' aa-learn "${log[@]}" -o full
refuses_on_full_disk 4 1 'full/k8s-web' 'no room for the state' aa-learn "${log[@]}" -o full
run aa-learn "${log[@]}" -o full -q
listing full > before
refuses_on_full_disk 5 1 'full/k8s-web' 'no room for a larger state: the one that was there stays' \
  aa-learn --profile k8s-web --source "audit-log=$LOG" --root "$AAKIT_SRCDIR/tests/cases/odd/node" -o full
if run_on_tiny_disk 4 aa-learn "${log[@]}" -o tiny; then
  judge_tiny 'a disk of 4 KiB that is full: nothing is left'
else
  skip 'a disk that is full' 'no file system can be mounted here'
fi
timeout "$LIMIT" "$AAKIT_BUILDDIR/aa-learn" "${log[@]}" -o out > /dev/full 2> "$scratch/err"
rc=$? && : > "$scratch/out"
exits 1 'a result that cannot be printed: exit 1'
says 'standard output: No space' 'a result that cannot be printed: says so'

# --- live, without a privilege and perhaps without AppArmor
refuses_nobody 4 'CAP_AUDIT_READ|no AppArmor|AppArmor is disabled|audit socket|network namespace' 'live learning without any privilege' \
  aa-learn --pod web -o open
finish
